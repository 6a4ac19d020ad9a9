# SPDX-License-Identifier: GPL-2.0-only
# What CPU time does each path take from the caller and from the whole machine, and what
# share of the CPUs is left for other work?
# A block a panel (size): position of the path, caller ns/B, machine ns/B, share left.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

gap = 0.012
step = (plot_right - plot_left + gap) / panels
half = 0.385
set xrange [0.4:curves+0.6]
unset xtics
set grid noxtics
set boxwidth 0.7 absolute

# Zero has no place on a logarithmic axis; it stands at the lower edge.
stats 'data.tsv' using ($2 > 0 ? $2 : NaN) nooutput name 'caller'
stats 'data.tsv' using ($3 > 0 ? $3 : NaN) nooutput name 'machine'
low = machine_min < caller_min ? machine_min : caller_min
high = machine_max > caller_max ? machine_max : caller_max
shown(v) = v >= low ? v : low / 1.3

set multiplot
do for [s=1:panels] {
	set lmargin at screen plot_left + step * (s - 1)
	set rmargin at screen plot_left + step * s - gap

	set bmargin at screen half + 0.015
	set tmargin at screen plot_top - 0.035
	words = s == 1 ? 'plain_label' : 'no_label'
	call ARG1.'/log_axis.gp' low high words
	set ylabel (s == 1 ? 'CPU time, ns per byte' : '') offset -1
	set label 5 size[s] at graph 0.5,1.06 center font 'DejaVu Sans,13'
	if (s == panels) { set key on at screen legend_left,plot_top-0.035 } else { set key off }
	plot for [i=1:curves] 'data.tsv' index s-1 using 1:($1 == i ? shown($3) : NaN) with points \
			pt path_marker(path[i]) ps 1.1 lc rgb path_colour(path[i]), \
		'' index s-1 using ($1-0.35):(shown($2)):(0.7):(0) with vectors nohead \
			lw 2 lc rgb '#444444', \
		keyentry with points pt 7 ps 1.1 lc rgb '#444444' title 'the whole machine', \
		keyentry with lines lw 2 lc rgb '#444444' title 'the caller alone'
	unset label
	unset object

	set bmargin at screen plot_bottom - 0.05
	set tmargin at screen half - 0.03
	unset logscale y
	set yrange [0:112]
	set ytics 0,25,100
	set format y (s == 1 ? '%g' : '')
	set ylabel (s == 1 ? 'CPUs left, %' : '') offset -1
	set key off
	plot for [i=1:curves] 'data.tsv' index s-1 using 1:($1 == i ? $4 * 100 : NaN) with boxes \
			lc rgb path_colour(path[i]) fs pattern kind_fill(kind[i]) border, \
		'' index s-1 using 1:($4*100):(sprintf('%.0f', $4*100)) with labels \
			offset 0,0.5 font 'DejaVu Sans,8'
}
legend_top = 0.66
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
