# SPDX-License-Identifier: GPL-2.0-only
# The legend of a picture whose paths are bars: names and path[] of each, beside what was counted.
unset border
unset tics
unset grid
unset xlabel
unset ylabel
unset label
unset logscale
set xrange [0:1]
set yrange [0:1]
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen legend_top
set key on at screen legend_left,legend_top samplen 1
if (names > 0) {
	plot NaN with boxes fc rgb '#444444' title 'copies counted', \
		for [i=1:names] NaN with boxes fc rgb path_colour(path[i]) title label[i]
} else {
	plot NaN with boxes fc rgb '#444444' title 'copies counted'
}
