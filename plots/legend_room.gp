# SPDX-License-Identifier: GPL-2.0-only
# Room for a multiplot's legend, as a plot of its own: within a small panel gnuplot drops the
# entries that don't fit its height.
unset border
unset tics
unset grid
unset xlabel
unset ylabel
unset label
unset object
unset logscale
set xrange [0:1]
set yrange [0:1]
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen legend_top
set key on at screen legend_left,legend_top
