# SPDX-License-Identifier: GPL-2.0-only
# The results of a comparison by colour and marker, labels 7 to 14. How far right each stands, and in which
# of at most two rows, goes by how long the names are.
do for [r=1:results] {
	set label 6+r result[r] at screen result_x[r],from_top(117 - 16 * (result_rows - 1 - result_row[r])) left \
		offset 1.2,-0.2 point pt result_marker(r) ps 0.9 lc rgb result_colour(r) font 'DejaVu Sans,11'
}
