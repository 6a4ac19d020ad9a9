# SPDX-License-Identifier: GPL-2.0-only
# Where does a driver-side operation spend its time?
# A block a panel (engine): position, percent of each stage, total as text, name as text.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

array stage[7] = ['pin', 'map', 'submit', 'wait', 'unmap', 'unpin', 'other']
array colour[7] = [0xd55e00, 0xe69f00, 0x999933, 0x0072b2, 0x56b4e9, 0x009e73, 0x999999]

gap = 0.02
step = (plot_right - plot_left + gap) / panels
set style data histograms
set style histogram rowstacked
set boxwidth 0.75
set yrange [0:100]
set bmargin at screen 0.21
set tmargin at screen plot_top - 0.13
set grid noxtics
set xtics rotate by -55 scale 0 font 'DejaVu Sans,10'

set multiplot
do for [e=1:panels] {
	set lmargin at screen plot_left + step * (e - 1)
	set rmargin at screen plot_left + step * e - gap
	set format y (e == 1 ? '%g' : '')
	set ylabel (e == 1 ? 'share of the operation, %' : '')
	set label 5 engine[e] at graph 0.5,1.24 center font 'DejaVu Sans,13'
	if (e == panels) { set key on invert } else { set key off }
	plot for [s=1:7] 'data.tsv' index e-1 using s+1:xtic(10) lc rgb colour[s] \
			fs pattern kind_fill(kind[e]) border title stage[s], \
		'' index e-1 using 1:(100):9 with labels rotate by 90 left offset 0,0.5 \
			font 'DejaVu Sans,9'
	unset label
	unset object
}
unset multiplot
