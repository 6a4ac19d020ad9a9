# SPDX-License-Identifier: GPL-2.0-only
# When did the time of a case change?
# Three blocks a panel (case): run, time; the levels between changes: from, to, time; the
# changes: run, time after it, commit and change as text, change. NA where there is none. Where
# a level goes up its text stands left of the change, where no point is.
load ARG1.'/style.gp'
load 'settings.gp'
eval sprintf(sized, page_height)
load ARG1.'/header.gp'

across = 3
gap_x = 0.055
panel_left = 0.06
width = (0.965 - panel_left - gap_x * (across - 1)) / across
from_top(pixels) = 1 - pixels / (page_height + 0.0)

set xrange [-0.8:last+0.8]
eval x_ticks
set xtics font 'DejaVu Sans,9'
set ytics font 'DejaVu Sans,9'
set key off

set multiplot
do for [p=1:panels] {
	x = (p - 1) % across
	y = (p - 1) / across
	set lmargin at screen panel_left + x * (width + gap_x)
	set rmargin at screen panel_left + x * (width + gap_x) + width
	set tmargin at screen from_top(125 + 165 * y)
	set bmargin at screen from_top(125 + 165 * y + 105)
	set yrange [bottom[p]:top[p]]
	set label 5 panel[p] at graph 0,1 offset 0,0.6 left font 'DejaVu Sans,9'
	plot 'data.tsv' index 3*p-3 using 1:2 with points pt path_marker(path[p]) ps 0.5 \
			lc rgb path_colour(path[p]), \
		'' index 3*p-2 using 1:3:($2-$1):(0) with vectors nohead lw 2 lc rgb '#444444', \
		'' index 3*p-1 using ($1-0.5):(bottom[p]):(0):(top[p]-bottom[p]) with vectors nohead \
			lw 1.4 dt 2 lc rgb '#c0392b', \
		'' index 3*p-1 using ($1-0.5):(top[p]):($4 > 0 ? strcol(3) : '') with labels right \
			offset -0.3,-0.7 font 'DejaVu Sans,9' textcolor rgb '#c0392b', \
		'' index 3*p-1 using ($1-0.5):(top[p]):($4 > 0 ? '' : strcol(3)) with labels left \
			offset 0.3,-0.7 font 'DejaVu Sans,9' textcolor rgb '#c0392b'
	unset label
	unset object
}
unset multiplot
