# SPDX-License-Identifier: GPL-2.0-only
# How long does one copy take: usually, and when it goes badly?
# A block a curve: size, p50, p99, p99.9, max in nanoseconds; NA where there were too
# few timings for the quantile. A panel a quantile, all with the same axes.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using 1 nooutput name 'size'
stats 'data.tsv' using 2 nooutput name 'p50'
stats 'data.tsv' using 5 nooutput name 'max'

array quantile[4] = ['p50', 'p99', 'p99.9', 'max']
middle = (plot_left + plot_right) / 2
half = (plot_bottom + plot_top) / 2
legend_top = plot_top - 0.035
array left[4] = [plot_left, middle + 0.01, plot_left, middle + 0.01]
array right[4] = [middle - 0.01, plot_right, middle - 0.01, plot_right]
array bottom[4] = [half + 0.01, half + 0.01, plot_bottom, plot_bottom]
array top[4] = [legend_top, legend_top, half - 0.04, half - 0.04]

set logscale x
set xrange [size_min/1.6:size_max*1.6]
set key off

set multiplot
do for [q=1:4] {
	set lmargin at screen left[q]
	set rmargin at screen right[q]
	set bmargin at screen bottom[q]
	set tmargin at screen top[q]
	words = q % 2 ? 'time_label' : 'no_label'
	call ARG1.'/log_axis.gp' p50_min max_max words
	set ylabel (q % 2 ? 'time of one copy' : '') offset -1
	set xlabel (q > 2 ? 'bytes per operation' : '')
	eval (q > 2 ? x_ticks : bare_ticks)
	set label 5 quantile[q] at graph 0.5,1.065 center font 'DejaVu Sans,13'
	if (!supported[q]) {
		set label 6 'too few timings to say' at graph 0.5,0.5 center \
			textcolor rgb '#555555'
	}
	plot for [i=1:curves] 'data.tsv' index i-1 using 1:(column(q+1)) with linespoints \
		lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.7 lw 1.4 \
		dt kind_dash(kind[i])
	unset label
	unset object
}
load ARG1.'/legend_room.gp'
load ARG1.'/legend.gp'
unset multiplot
