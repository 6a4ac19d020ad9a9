# SPDX-License-Identifier: GPL-2.0-only
# How long does an operation take while others take bandwidth?
# A block a panel (size): position of the path, bytes per second that others took, p50 and p99 in
# nanoseconds; NA where there were too few timings for the quantile.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using 2 nooutput name 'taken'
stats 'data.tsv' using 3 nooutput name 'p50'
gap = 0.02
step = (plot_right - plot_left + gap) / panels
legend_top = plot_top - 0.035

set xrange [0:taken_max/1e9*1.05]
set xlabel 'GB/s that others read'
set tmargin at screen legend_top
set key off

set multiplot
do for [s=1:panels] {
	set lmargin at screen plot_left + step * (s - 1)
	set rmargin at screen plot_left + step * s - gap
	words = s == 1 ? 'time_label' : 'no_label'
	call ARG1.'/log_axis.gp' p50_min most words
	set ylabel (s == 1 ? 'time of one operation: p50, dotted p99' : '') offset -1
	set label 5 size[s] at graph 0.5,1.04 center font 'DejaVu Sans,13'
	plot for [i=1:curves] 'data.tsv' index s-1 using ($1 == i ? $2/1e9 : NaN):3 with linespoints \
			lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.9 lw 1.8 dt kind_dash(kind[i]), \
		for [i=1:curves] '' index s-1 using ($1 == i ? $2/1e9 : NaN):4 with linespoints \
			lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.5 lw 1 dt 3
	unset label 5
}
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
