# SPDX-License-Identifier: GPL-2.0-only
# What does it cost when neither side is in a cache?
# Blocks: the curves of the hot panel, then those of the cold one: size, B/s, low, high.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using 1 nooutput name 'size'
stats 'data.tsv' using 3 nooutput name 'low'
stats 'data.tsv' using 4 nooutput name 'high'
middle = (plot_left + plot_right) / 2
array left[2] = [plot_left, middle + 0.01]
array right[2] = [middle - 0.01, plot_right]
array state[2] = ['hot', 'cold']
legend_top = plot_top - 0.035

call ARG1.'/log_axis.gp' low_min high_max 'rate_label'
set logscale x
set xrange [size_min/1.6:size_max*1.6]
eval x_ticks
set xlabel 'bytes per operation'
set ylabel 'throughput (1 GB/s = 10⁹ bytes a second)' offset 0.5
set tmargin at screen legend_top
set key off

set multiplot
do for [c=1:2] {
	set lmargin at screen left[c]
	set rmargin at screen right[c]
	set label 5 state[c] at graph 0.5,1.04 center font 'DejaVu Sans,13'
	if (c == 2) { call ARG1.'/log_axis.gp' low_min high_max 'no_label'; unset ylabel }
	plot for [i=1:curves] 'data.tsv' index (c-1)*curves+i-1 with yerrorlines \
		lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.8 lw 1.6 \
		dt kind_dash(kind[i])
	unset for [i=1:4] label i
	unset object
}
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
