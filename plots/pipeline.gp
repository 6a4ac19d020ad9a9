# SPDX-License-Identifier: GPL-2.0-only
# What do descriptors in flight, and the size of the pieces, do for the rate?
# A panel an axis, a block a curve, panel by panel: value of the axis, B/s, low, high.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using 3 nooutput name 'low'
stats 'data.tsv' using 4 nooutput name 'high'
gap = 0.02
step = (plot_right - plot_left + gap) / panels
legend_top = plot_top - 0.035

set logscale x 2
set ylabel 'throughput (1 GB/s = 10⁹ bytes a second)' offset 0.5
set tmargin at screen legend_top
set key off

set multiplot
do for [p=1:panels] {
	set lmargin at screen plot_left + step * (p - 1)
	set rmargin at screen plot_left + step * p - gap
	words = p == 1 ? 'rate_label' : 'no_label'
	call ARG1.'/log_axis.gp' low_min high_max words
	if (p > 1) { unset ylabel }
	set xrange [from[p]/1.4:to[p]*1.4]
	eval ticks[p]
	set xlabel axis[p]
	set label 5 panel[p] at graph 0.5,1.04 center font 'DejaVu Sans,13'
	plot for [i=1:curves] 'data.tsv' index (p-1)*curves+i-1 with yerrorlines \
		lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.8 lw 1.6 \
		dt kind_dash(kind[i])
	unset for [i=1:5] label i
	unset object
}
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
