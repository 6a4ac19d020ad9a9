# SPDX-License-Identifier: GPL-2.0-only
# Which machines stand out, and in which cases?
# Two blocks: case, machine, change in %, NA where there is none; and case, machine of what stands
# out by itself.
load ARG1.'/style.gp'
load 'settings.gp'
eval sprintf(sized, page_height)
load ARG1.'/header.gp'

# Slower is red, faster blue, alike white: apart for the colour-blind, and by lightness from the
# middle out.
set palette defined (-1 '#08306b', -0.6 '#2171b5', -0.2 '#c6dbef', 0 '#ffffff', 0.2 '#fdd0a2', \
	0.6 '#d94801', 1 '#7f2704')
set cbrange [-limit:limit]
from_top(pixels) = 1 - pixels / (page_height + 0.0)

set border 0
unset grid
set key off
set tics scale 0 nomirror
set lmargin at screen 0.23
set rmargin at screen 0.885
set tmargin at screen from_top(115)
set bmargin at screen from_top(115 + 14 * rows)
set xrange [-0.5:columns-0.5]
set yrange [rows-0.5:-0.5]
eval x_ticks
set xtics rotate by 40 right font 'DejaVu Sans,9'
set ytics () font 'DejaVu Sans,9'
do for [i=1:rows] { set ytics add (machine[i] i - 1) }
set object 20 rectangle from graph 0,0 to graph 1,1 fc rgb '#dddddd' fs solid 1 noborder behind
do for [i=1:paths] {
	set arrow from edge[i], graph 0 to edge[i], graph 1 nohead front lc rgb '#444444' lw 0.7
}
set colorbox user origin 0.905,from_top(115 + 14 * (rows > 14 ? rows : 14)) \
	size 0.018,14.0 * (rows > 14 ? rows : 14) / page_height
set cblabel 'time against the kind, %' offset 0.5
set cbtics font 'DejaVu Sans,10'
set style fill solid 1 noborder

plot 'data.tsv' index 0 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 with boxxyerror fc palette, \
	'' index 1 using 1:2 with points pt 2 ps 0.5 lw 2.6 lc rgb '#000000', \
	'' index 1 using 1:2 with points pt 2 ps 0.45 lw 1 lc rgb '#ffffff'
