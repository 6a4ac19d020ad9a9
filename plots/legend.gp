# SPDX-License-Identifier: GPL-2.0-only
# The curves' legend of a multiplot.
plot for [i=1:curves] NaN with linespoints lc rgb path_colour(path[i]) \
	pt path_marker(path[i]) ps 0.8 lw 1.6 dt kind_dash(kind[i]) title label[i]
