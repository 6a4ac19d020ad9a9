# SPDX-License-Identifier: GPL-2.0-only
# What does each path cost a process on another CPU?
# A block a panel (size): position of the path, slowdown of the cache's neighbour in
# percent, low, high, and the same of the bandwidth's.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

gap = 0.012
step = (plot_right - plot_left + gap) / panels
half = 0.46
set xrange [0.4:curves+0.6]
unset xtics
set grid noxtics
set boxwidth 0.7 absolute
set xzeroaxis lt 1 lw 1 lc rgb '#444444'

set multiplot
do for [s=1:panels] {
	set lmargin at screen plot_left + step * (s - 1)
	set rmargin at screen plot_left + step * s - gap
	do for [k=0:1] {
		set bmargin at screen k == 0 ? half + 0.015 : plot_bottom - 0.05
		set tmargin at screen k == 0 ? plot_top - 0.035 : half - 0.03
		set yrange [low[k+1]:high[k+1]]
		set format y (s == 1 ? '%g' : '')
		set ylabel (s > 1 ? '' : k == 0 ? 'cache: slower by, %' : 'bandwidth: slower by, %') \
			offset -1
		if (k == 0) { set label 5 size[s] at graph 0.5,1.06 center font 'DejaVu Sans,13' } \
		else { unset label 5 }
		set key off
		plot for [i=1:curves] 'data.tsv' index s-1 using 1:($1 == i ? column(2+3*k) : NaN) \
				with boxes lc rgb path_colour(path[i]) \
				fs pattern kind_fill(kind[i]) border, \
			'' index s-1 using 1:(column(3+3*k)):(0):(column(4+3*k) - column(3+3*k)) \
				with vectors nohead lw 1.6 lc rgb '#444444'
	}
}
unset xzeroaxis
legend_top = plot_top - 0.035
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
