# SPDX-License-Identifier: GPL-2.0-only
# Not copying in several results: a panel a path, a curve a result by the share of pages written, and
# flat what memcpy of that size takes there. Blocks: of each panel one a result: percent, ns, low, high.
load ARG1.'/style.gp'
load 'settings.gp'
page_height = 540
eval sprintf(sized, page_height)
load ARG1.'/header.gp'
from_top(pixels) = 1 - pixels / (page_height + 0.0)

across = panels
width = (0.985 - 0.09 - 0.08 * (across - 1)) / across
set key off
set xrange [-2:102]
set xtics 0,20,100 font 'DejaVu Sans,10'
set ytics font 'DejaVu Sans,10'
stats 'data.tsv' using 3 nooutput name 'low'
stats 'data.tsv' using 4 nooutput name 'high'
least = low_min
most = high_max
do for [r=1:results] { if (copy[r] > 0) { least = copy[r] < least ? copy[r] : least; most = copy[r] > most ? copy[r] : most } }
call ARG1.'/log_axis.gp' least most 'time_label'

set multiplot
do for [p=1:panels] {
	set lmargin at screen 0.09 + (p - 1) * (width + 0.08)
	set rmargin at screen 0.09 + (p - 1) * (width + 0.08) + width
	set tmargin at screen from_top(160)
	set bmargin at screen from_top(470)
	set xlabel 'pages written after the snapshot, %' font 'DejaVu Sans,10'
	set label 5 panel[p] at graph 0.5,1 offset 0,0.6 center font 'DejaVu Sans,11'
	if (p == 1) {
		set label 6 'time of one operation' at screen 0.012,from_top(117) left font 'DejaVu Sans,11'
		load ARG1.'/results_legend.gp'
	} else { unset for [i=6:20] label i }
	do for [r=1:results] {
		if (copy[r] > 0) { set arrow 20+r from -2,copy[r] to 102,copy[r] nohead dt 3 lw 1.4 lc rgb result_colour(r) }
	}
	plot for [r=1:results] 'data.tsv' index results*(p-1)+r-1 using 1:2:3:4 with yerrorlines \
		lc rgb result_colour(r) pt result_marker(r) ps 0.8 lw 1.6
	unset label
	unset arrow
	unset object
}
unset multiplot
