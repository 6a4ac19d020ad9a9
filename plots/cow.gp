# SPDX-License-Identifier: GPL-2.0-only
# When is it cheaper not to copy? A snapshot pays for each page that is written later.
# A block a curve: percent of the pages written, nanoseconds, low, high; a path that
# knows no share is a flat line.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using ($4/divisor) nooutput name 'time'
set xrange [-2:102]
set yrange [0:time_max*1.08]
set xtics 0,10,100
set xlabel 'pages written after the snapshot, %'
set ylabel sprintf('one operation, %s', unit)

# The words stand below the legend, where no curve goes.
row(n) = plot_bottom + 0.04 * n
do for [i=1:evens] {
	at = even_at[i] eq 'NaN' ? -1 : even_at[i] + 0
	if (at >= 0) { set arrow 10+i from at,0 to at,even_time/divisor nohead dt 3 lw 1.8 \
		lc rgb path_colour(even_path[i]) }
	set label 10+i even_text[i] at screen legend_left,row(evens - i) left font 'DejaVu Sans,11'
}
if (evens > 0) {
	set label 9 'costs as much as memcpy when this' at screen legend_left,row(evens + 1) left \
		font 'DejaVu Sans,11'
	set label 10 'share of the pages is written (dotted):' at screen legend_left,row(evens) left \
		font 'DejaVu Sans,11'
}

plot for [i=1:curves] 'data.tsv' index i-1 using 1:($2/divisor):($3/divisor):($4/divisor) \
	with yerrorlines lc rgb path_colour(path[i]) \
	pt (flat[i] ? 0 : path_marker(path[i])) ps (flat[i] ? 0 : 0.9) lw 1.6 \
	dt kind_dash(kind[i]) title label[i]
