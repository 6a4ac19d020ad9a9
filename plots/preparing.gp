# SPDX-License-Identifier: GPL-2.0-only
# What do pinning, mapping and syncing cost by themselves?
# A panel an engine, in it a block a curve: size, ns per 4 KiB. Colours are parts, markers pages.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

part_colour(i) = int(word('0 13983232 29362 40563 13400487 15113984', (i - 1) % 6 + 1) + 0)
page_marker(i) = int(word('7 5 9 13', (i - 1) % 4 + 1) + 0)

stats 'data.tsv' using 1 nooutput name 'size'
stats 'data.tsv' using 2 nooutput name 'time'
gap = 0.02
step = (plot_right - plot_left + gap) / panels
legend_top = plot_top - 0.035

set logscale x
set xrange [size_min/1.4:size_max*1.4]
set xlabel 'bytes per call'
set ylabel 'time per 4 KiB' offset 0.5
set tmargin at screen legend_top
set key off

set multiplot
first = 1
do for [p=1:panels] {
	set lmargin at screen plot_left + step * (p - 1)
	set rmargin at screen plot_left + step * p - gap
	words = p == 1 ? 'time_label' : 'no_label'
	call ARG1.'/log_axis.gp' time_min time_max words
	if (p > 1) { unset ylabel }
	eval x_ticks
	set label 5 panel[p] at graph 0.5,1.04 center font 'DejaVu Sans,13'
	plot for [i=first:last[p]] 'data.tsv' index i-1 using 1:2 with linespoints \
		lc rgb part_colour(part[i]) pt page_marker(pages[i]) ps 0.8 lw 1.6 dt kind_dash(kind[p])
	first = last[p] + 1
	unset for [i=1:5] label i
	unset object
}
load ARG1.'/legend_room.gp'
plot for [i=1:parts] NaN with lines lc rgb part_colour(i) lw 3 title part_name[i], \
	for [i=1:kinds_of_page] NaN with points lc rgb '#444444' pt page_marker(i) ps 0.9 \
		title page_name[i].' pages'
unset multiplot
