# SPDX-License-Identifier: GPL-2.0-only
# Several results by size, a panel a path: where along the sizes do they part?
# Blocks of a panel: for each result so many curves (per; a second one is thin): size, value, low, high;
# then the comparison, for the strip below, on the scale of changes: size, verdict, change, low, high.
# NA where there is none.
load ARG1.'/style.gp'
load 'settings.gp'
eval sprintf(sized, page_height)
load ARG1.'/header.gp'

across = 3
gap_x = 0.075
panel_left = 0.075
width = (0.985 - panel_left - gap_x * (across - 1)) / across
from_top(pixels) = 1 - pixels / (page_height + 0.0)
blocks = results * per + 1
bottom = strips ? 120 : 190

set border 3
set xtics font 'DejaVu Sans,10'
set ytics font 'DejaVu Sans,10'
stats 'data.tsv' using 1 nooutput name 'size'
array low[panels]
array high[panels]
do for [p=1:panels] {
	stats 'data.tsv' index blocks*(p-1):blocks*p-2 using 3 nooutput name 'low'
	stats 'data.tsv' index blocks*(p-1):blocks*p-2 using 4 nooutput name 'high'
	low[p] = low_min
	high[p] = high_max
}
set logscale x
set xrange [size_min/1.6:size_max*1.6]
set key off

set multiplot
do for [p=1:panels] {
	x = (p - 1) % across
	y = (p - 1) / across
	set lmargin at screen panel_left + x * (width + gap_x)
	set rmargin at screen panel_left + x * (width + gap_x) + width
	set tmargin at screen from_top(150 + 245 * y)
	set bmargin at screen from_top(150 + 245 * y + bottom)
	panel_low = low[p]
	panel_high = high[p]
	call ARG1.'/log_axis.gp' panel_low panel_high label_of
	set xlabel ''
	if (strips) { eval bare_ticks } else {
		eval x_ticks
		set xlabel (p + across > panels ? 'bytes per operation' : '') offset 0,0.4 font 'DejaVu Sans,10'
	}
	set label 5 panel[p] at graph 0.5,1 offset 0,0.6 center font 'DejaVu Sans,11'
	if (p == 1) {
		set label 6 axis_words at screen 0.012,from_top(117) left font 'DejaVu Sans,11'
		load ARG1.'/results_legend.gp'
	} else { unset for [i=6:20] label i }
	plot for [c=1:results*per] 'data.tsv' index blocks*(p-1)+c-1 using 1:2:3:4 with yerrorlines \
		lc rgb result_colour((c-1)/per+1) pt result_marker((c-1)/per+1) ps ((c-1)%per ? 0.4 : 0.7) \
		lw ((c-1)%per ? 0.8 : 1.6) dt kind_dash(kind[p])
	unset label
	unset object

	if (!strips) { continue }
	set tmargin at screen from_top(150 + 245 * y + 128)
	set bmargin at screen from_top(150 + 245 * y + 190)
	unset logscale y
	set yrange [change_low-0.3:change_high+0.3]
	set ytics (limit_tick limit, '' 0, '' -limit)
	eval x_ticks
	set xlabel (p + across > panels ? 'bytes per operation' : '') offset 0,0.4 font 'DejaVu Sans,10'
	set arrow 1 from graph 0,first limit to graph 1,first limit nohead dt 2 lc rgb '#c0392b' back
	set xzeroaxis lt 1 lw 1 lc rgb '#777777'
	if (!compared[p]) { set label 5 'not compared' at graph 0.5,0.25 center font 'DejaVu Sans,10' \
		textcolor rgb '#555555' }
	plot 'data.tsv' index blocks*p-1 using 1:4:(0):($5-$4) with vectors nohead lw 2.2 lc rgb '#555555', \
		for [k=1:6] '' index blocks*p-1 using 1:($2 == k ? $3 : NaN) with points \
			pt verdict_marker(k) ps 0.8 lc rgb verdict_colour(k)
	unset arrow
	unset label
	unset xzeroaxis
}
unset multiplot
