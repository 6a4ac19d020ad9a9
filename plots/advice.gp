# SPDX-License-Identifier: GPL-2.0-only
# Which sizes does a program copy, and where is another way faster?
# One block: from, to, share of calls, share of bytes, in percent. Where another way is faster is
# in settings.gp: bars of the lowest panel, and the crossovers through both others.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

set logscale x
set xrange [x_from:x_to]
set style fill solid 0.9 noborder
unset mxtics
legend_top = plot_top

# From top to bottom: calls, bytes, and a row for each state of the caches and manner.
rows_bottom = 0.10
rows_top = rows_bottom + 0.045 * rows
share_bottom(i) = rows_top + 0.035 + (1 - i) * (plot_top - rows_top) / 2.0
share_top(i) = i ? share_bottom(0) - 0.035 : plot_top

# Between the last size that memcpy is right for, as far as was measured, and the first of another.
crossovers_on = ''
do for [j=1:crossovers] {
	crossovers_on = crossovers_on.sprintf("set object %d rectangle from %g,graph 0 to %g,graph 1 ". \
		"behind fc rgb %d fs transparent solid 0.25 noborder; ", 20 + j, cross_from[j], cross_to[j], \
		path_colour(cross_path[j]))
	crossovers_on = crossovers_on.sprintf("set arrow %d from %g,graph 0 to %g,graph 1 nohead back ". \
		"lc rgb %d lw 1.6 dt %d; ", 20 + j, sqrt(cross_from[j] * cross_to[j]), \
		sqrt(cross_from[j] * cross_to[j]), path_colour(cross_path[j]), cross_dash[j])
}

set multiplot
do for [i=0:1] {
	eval crossovers_on
	set tmargin at screen share_top(i)
	set bmargin at screen share_bottom(i)
	set yrange [0:*]
	set ylabel (i ? 'bytes, %' : 'calls, %') offset 0.5
	eval bare_ticks
	set key off
	plot 'data.tsv' using (sqrt($1*$2)):(column(3+i)):1:2:(0):(column(3+i)) with boxxyerror \
		fc rgb '#444444'
	unset label
	unset object
	unset arrow
}

set tmargin at screen rows_top
set bmargin at screen rows_bottom
set yrange [rows:0]
unset ylabel
unset grid
eval x_ticks
set xlabel 'bytes of a copy'
set ytics () font 'DejaVu Sans,10'
do for [j=1:rows] { set ytics add (row[j] j - 0.5) }
do for [j=1:bars] {
	set object 20+j rectangle from bar_from[j],bar_row[j]-0.85 to bar_to[j],bar_row[j]-0.15 \
		fc rgb path_colour(bar_path[j]) fs solid 0.9 noborder
}
plot NaN notitle
unset object

load ARG1.'/legend_boxes.gp'
unset multiplot
