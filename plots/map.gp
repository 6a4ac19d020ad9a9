# SPDX-License-Identifier: GPL-2.0-only
# Which path is the best one for a size, by what one wants of it?
# A row a field: column, row from the top, 1 if it is certain (0 if not, -1: nothing was measured),
# path, its name.
load ARG1.'/style.gp'
load 'settings.gp'
page_height = 170 + 66 * |want|
eval sprintf(sized, page_height)
load ARG1.'/header.gp'

from_top(pixels) = 1 - pixels / (page_height + 0.0)
set border 0
unset grid
set tics scale 0 nomirror
set key off
set lmargin at screen 0.26
set rmargin at screen 0.985
set tmargin at screen from_top(110)
set bmargin at screen from_top(110 + 66 * |want|)
set xrange [-0.5:|size|-0.5]
set yrange [|want|-0.5:-0.5]
set xtics () font 'DejaVu Sans,11'
unset ytics
do for [i=1:|size|] { set xtics add (size[i] i - 1) }
set xlabel 'bytes per operation' offset 0,0.3
do for [i=1:|want|] { set label 10+i want[i] at screen 0.25,from_top(110 + 66 * (i - 0.5)) right \
	font 'DejaVu Sans,11' }

# White words on dark fields.
name_font = sprintf('DejaVu Sans,%d', |size| > 12 ? 8 : |size| > 9 ? 9 : 10)
light(p) = path_colour(p) == 0x000000 || path_colour(p) == 0x117733 || path_colour(p) == 0x882255 \
	|| path_colour(p) == 0x4477aa || path_colour(p) == 0x0072b2 || path_colour(p) == 0xaa4499 \
	|| path_colour(p) == 0x777777
box = 0.47
set style textbox opaque margins 2,1.2 fillcolor rgb 'white' noborder

plot 'data.tsv' using 1:($3 < 0 ? NaN : $2):($1-box):($1+box):($2-box):($2+box):(path_colour(strcol(4))) \
		with boxxyerror fs solid 1 noborder fc rgb variable, \
	'' using 1:($3 == 0 ? $2 : NaN):($1-box):($1+box):($2-box):($2+box) \
		with boxxyerror fs pattern 4 noborder fc rgb '#ffffff', \
	'' using 1:($3 == 1 && light(strcol(4)) ? $2 : NaN):5 with labels font name_font \
		textcolor rgb 'white', \
	'' using 1:($3 == 1 && !light(strcol(4)) ? $2 : NaN):5 with labels font name_font \
		textcolor rgb 'black', \
	'' using 1:($3 == 0 ? $2 : NaN):5 with labels font name_font textcolor rgb 'black' \
		boxed, \
	'' using 1:($3 < 0 ? $2 : NaN):5 with labels font name_font textcolor rgb '#999999'
