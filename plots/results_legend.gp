# SPDX-License-Identifier: GPL-2.0-only
# The results of a comparison by colour and marker, right of the middle, four in a row: labels 7 to 14.
do for [r=1:results] {
	set label 6+r result[r] at screen 0.40 + 0.15 * ((r - 1) % 4),from_top(117 + 16 * ((r - 1) / 4)) left \
		offset 1.2,-0.2 point pt result_marker(r) ps 0.9 lc rgb result_colour(r) font 'DejaVu Sans,11'
}
