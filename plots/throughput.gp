# SPDX-License-Identifier: GPL-2.0-only
# How many bytes a second does each path copy, by size?
# A block a curve: size, B/s, low, high.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

stats 'data.tsv' using 1 nooutput name 'size'
stats 'data.tsv' using 3 nooutput name 'low'
stats 'data.tsv' using 4 nooutput name 'high'
call ARG1.'/log_axis.gp' low_min high_max 'rate_label'
set logscale x
set xrange [size_min/1.4:size_max*1.4]
eval x_ticks
set xlabel 'bytes per operation'
set ylabel 'throughput (1 GB/s = 10⁹ bytes a second)' offset 0.5

plot for [i=1:curves] 'data.tsv' index i-1 with yerrorlines \
	lc rgb path_colour(path[i]) pt path_marker(path[i]) ps 0.8 lw 1.6 \
	dt kind_dash(kind[i]) title label[i]
