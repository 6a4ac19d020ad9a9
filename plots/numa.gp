# SPDX-License-Identifier: GPL-2.0-only
# What does it cost when CPU, source and destination are on different nodes?
# A block a panel (path and size): column, row from the top, value, value as text; NA where
# the combination has no figure.
load ARG1.'/style.gp'
load 'settings.gp'
load ARG1.'/header.gp'

# Even in lightness and without red against green: dark blue is slow, pale yellow fast.
set palette defined (0 '#00224e', 1 '#2a3f6d', 2 '#575d6d', 3 '#7d7c78', 4 '#a59c74', \
	5 '#d2c060', 6 '#fee838')
stats 'data.tsv' using 3 nooutput name 'rate'
low = rate_min < rate_max ? rate_min : rate_min * 0.9
high = rate_min < rate_max ? rate_max : rate_max * 1.1
set cbrange [low:high]
middle_rate = (low + high) / 2

# Side by side while the columns leave room for their words, else below each other.
across = most_columns <= 4 && panels > 1 ? 2 : 1
down = (panels + across - 1) / across
right_edge = 0.86
gap_x = 0.10
gap_y = 0.105
width = (right_edge - plot_left - gap_x * (across - 1)) / across
height = (plot_top - 0.045 - 0.085 - gap_y * (down - 1)) / down
cell_font = sprintf('DejaVu Sans,%d', most_columns > 9 || most_rows * down > 8 ? 9 : 12)
tic_font = sprintf('DejaVu Sans,%d', most_columns > 9 || most_rows * down > 8 ? 9 : 11)

set border 0
unset grid
set tics scale 0 nomirror
set key off
unset colorbox
set style fill solid 1 border rgb 'white'

set multiplot
do for [p=1:panels] {
	x = (p - 1) % across
	y = (p - 1) / across
	set lmargin at screen plot_left + x * (width + gap_x)
	set rmargin at screen plot_left + x * (width + gap_x) + width
	set tmargin at screen plot_top - 0.045 - y * (height + gap_y)
	set bmargin at screen plot_top - 0.045 - y * (height + gap_y) - height
	eval sprintf('columns = |column%d|; rows = |row%d|', p, p)
	set xrange [-0.5:columns-0.5]
	set yrange [rows-0.5:-0.5]
	set xtics () font tic_font
	set ytics () font tic_font
	do for [i=1:columns] { eval sprintf('set xtics add (column%d[%d] %d)', p, i, i - 1) }
	do for [i=1:rows] { eval sprintf('set ytics add (row%d[%d] %d)', p, i, i - 1) }
	set label 5 panel[p] at graph 0,1 offset 0,0.8 left font 'DejaVu Sans,12'
	set xlabel (y == down - 1 || p + across > panels ? 'memory: source → destination node' : '') \
		offset 0,0.4
	set ylabel (x == 0 ? 'CPU' : '') offset 0.8
	if (p == panels) {
		set colorbox user origin right_edge+0.02,0.085 size 0.022,plot_top-0.13
		set cblabel 'throughput, '.unit offset 0.5
		set cbtics font 'DejaVu Sans,10'
	}
	plot 'data.tsv' index p-1 using 1:2:($1-0.5):($1+0.5):($2-0.5):($2+0.5):3 \
			with boxxyerror fc palette, \
		'' index p-1 using 1:2:($3 < middle_rate ? strcol(4) : '') with labels \
			font cell_font textcolor rgb 'white', \
		'' index p-1 using 1:2:($3 >= middle_rate ? strcol(4) : '') with labels \
			font cell_font textcolor rgb 'black', \
		'' index p-1 using 1:2:(valid(3) ? '' : strcol(4)) with labels \
			font cell_font textcolor rgb '#555555'
	unset label
	unset object
}
unset multiplot
