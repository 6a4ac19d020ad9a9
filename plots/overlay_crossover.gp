# SPDX-License-Identifier: GPL-2.0-only
# From which size on does a path beat memcpy, in each of several results? A block a result: where, the
# sizes that it lies between, row, 1 if the path is the faster one from there on.
load ARG1.'/style.gp'
load 'settings.gp'
page_height = 190 + 60 * |row|
eval sprintf(sized, page_height)
load ARG1.'/header.gp'
from_top(pixels) = 1 - pixels / (page_height + 0.0)

set key off
set lmargin at screen 0.20
set rmargin at screen 0.97
set tmargin at screen from_top(150)
set bmargin at screen from_top(150 + 60 * |row| - 20)
set logscale x
set xrange [low/1.6:high*1.6]
set yrange [|row|-0.5:-0.5]
set ytics () font 'DejaVu Sans,11'
do for [i=1:|row|] { set ytics add (row[i] i - 1) }
eval x_ticks
set xlabel 'bytes per operation' offset 0,0.3
load ARG1.'/results_legend.gp'
plot for [r=1:results] 'data.tsv' index r-1 using 2:4:($3-$2):(0) with vectors nohead lw 2.4 lc rgb result_colour(r), \
	for [r=1:results] '' index r-1 using ($5 == 1 ? $1 : NaN):4 with points pt result_marker(r) ps 1.1 lc rgb result_colour(r), \
	for [r=1:results] '' index r-1 using ($5 == 0 ? $1 : NaN):4 with points pt result_marker(r)-1 ps 1.1 lw 1.6 lc rgb result_colour(r)
