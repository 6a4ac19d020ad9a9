# SPDX-License-Identifier: GPL-2.0-only
# Which cases changed, by how much, and how sure is that?
# A row a case, from the top: row, verdict, then on the axis' scale change, its 95 % interval, its
# bounds for all cases at once, A/A floor, smallest change that could have been seen; and as
# text name, change, figures, why there is no change. NA where there is none.
load ARG1.'/style.gp'
load 'settings.gp'
eval sprintf(sized, page_height)
load ARG1.'/header.gp'

# In pixels from the top, whatever the height.
down(pixels) = 1 - pixels / (page_height + 0.0)
chart_left = 0.365
chart_right = 0.765
array verdict[6] = ['FAIL', 'MISSING', 'UNSTABLE', 'INCONCLUSIVE', 'IMPROVED', 'OK']

set lmargin at screen chart_left
set rmargin at screen chart_right
set tmargin at screen down(140)
set bmargin at screen down(140 + 20 * rows)
set border 1
set yrange [rows+0.5:0.5]
unset ytics
set grid noytics
set xrange [low:high]
eval x_ticks
set xtics font 'DejaVu Sans,10'
set xlabel 'change of NEW against BASE; right: slower (beyond the threshold the axis is logarithmic)' \
	offset 0,0.3 font 'DejaVu Sans,11'
set label 6 'threshold '.limit_text at limit,graph 1 offset 0,0.5 center font 'DejaVu Sans,10' \
	textcolor rgb '#c0392b'
set label 7 'BASE → NEW' at screen 0.845,down(130) left font 'DejaVu Sans,10' \
	textcolor rgb '#555555'

# One line over the chart: what the marks are.
set key off
legend_at(x) = 0.03 + x / 960.0
set object 2 rectangle from screen legend_at(-16),down(101) to screen legend_at(0),down(113) \
	fc rgb '#e4e4e4' fs solid 1 noborder
set label 10 'A/A floor' at screen legend_at(4),down(107) left font 'DejaVu Sans,10'
set arrow 4 from screen legend_at(68),down(107) to screen legend_at(84),down(107) nohead \
	lw 2.6 lc rgb '#555555'
set label 11 '95 % interval' at screen legend_at(88),down(107) left font 'DejaVu Sans,10'
set arrow 5 from screen legend_at(172),down(107) to screen legend_at(188),down(107) nohead \
	lw 1 lc rgb '#999999'
set label 12 'for all cases at once' at screen legend_at(192),down(107) left font 'DejaVu Sans,10'
array beside[6] = [330, 385, 468, 560, 671, 762]
do for [k=1:6] {
	set label 12+k verdict[k] at screen legend_at(beside[k]),down(107) left offset 1,-0.2 \
		point pt verdict_marker(k) ps 0.95 lc rgb verdict_colour(k) font 'DejaVu Sans,10'
}
set label 19 'could be seen' at screen legend_at(806),down(107) left offset 1,-0.2 \
	point pt 1 ps 0.8 lw 1.4 lc rgb '#b8860b' font 'DejaVu Sans,10'
set style fill solid 1 noborder
shown(k, v) = $2 == k ? v : NaN
plot 'data.tsv' using (-$8):1:(-$8):8:($1-0.36):($1+0.36) with boxxyerror lc rgb '#e4e4e4', \
	'' using (0):($1-0.5):(0):(1) with vectors nohead lw 1 lc rgb '#777777', \
	'+' using (limit):(0.5):(0):(rows) every ::::0 with vectors nohead lw 1.6 dt 2 lc rgb '#c0392b', \
	'+' using (-limit):(0.5):(0):(rows) every ::::0 with vectors nohead lw 1.2 dt 2 lc rgb '#009e73', \
	'data.tsv' using 6:1:($7-$6):(0) with vectors nohead lw 1 lc rgb '#999999', \
	'' using 4:1:($5-$4):(0) with vectors nohead lw 2.6 lc rgb '#555555', \
	for [k=1:6] '' using (shown(k, $3)):1 with points pt verdict_marker(k) ps 0.95 lc rgb verdict_colour(k), \
	'' using 9:1 with points pt 1 ps 0.8 lw 1.4 lc rgb '#b8860b', \
	'' using (low):1:10 with labels right offset -0.8,0 font 'DejaVu Sans,10', \
	'' using (high):1:11 with labels right offset 8,0 font 'DejaVu Sans,10', \
	'' using (high):1:12 with labels left offset 9,0 font 'DejaVu Sans,10', \
	for [k=1:6] '' using (shown(k, strlen(strcol(13)) ? 0 : NaN)):1 with points \
		pt verdict_marker(k) ps 0.95 lc rgb verdict_colour(k), \
	for [k=1:6] '' using (limit):1:(shown(k, 0) == 0 ? strcol(13) : '') with labels left \
		offset 0.5,0 font 'DejaVu Sans,10' textcolor rgb verdict_colour(k)
