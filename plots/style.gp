# SPDX-License-Identifier: GPL-2.0-only
# The look that all pictures share. A template loads this first, then settings.gp
# (what to draw, from the result), then header.gp.

# noenhanced: names from the result are text, not markup.
page_height = 600
sized = "set terminal svg size 960,%d dynamic noenhanced background rgb 'white' ". \
	"font 'DejaVu Sans,12' linewidth 1.2; set output 'picture.svg'"
eval sprintf(sized, page_height)
set encoding utf8
set datafile separator '\t'
set datafile missing 'NA'
set datafile commentschars ''

set border 3 lc rgb '#444444'
set tics nomirror scale 0.6 textcolor rgb '#222222'
set grid back lc rgb '#dddddd' lt 1 lw 0.6
set mxtics 1
set style fill solid 0.9 noborder

# One colour and one marker a path, the same in every picture. The colours are chosen
# to stay apart for the colour-blind; the markers tell them apart without colour. There are
# but 15: those of work queues are also those of the ways that don't copy, which have no
# throughput to be drawn beside theirs.
path_colour(p) = \
	p eq 'memcpy'      ? 0x000000 : \
	p eq 'movsb'       ? 0x56b4e9 : \
	p eq 'movsq'       ? 0x4477aa : \
	p eq 'vector'      ? 0x999933 : \
	p eq 'nt'          ? 0x0072b2 : \
	p eq 'fastest'     ? 0xee3377 : \
	p eq 'memcpy-mt'   ? 0x009e73 : \
	p eq 'pinned'      ? 0xd55e00 : \
	p eq 'registered'  ? 0xe69f00 : \
	p eq 'coherent'    ? 0xcc79a7 : \
	p eq 'engine'      ? 0x882255 : \
	p eq 'dsa'         ? 0x332288 : \
	p eq 'dsa-async'   ? 0x44aa99 : \
	p eq 'dsa-batch'   ? 0xddcc77 : \
	p eq 'gpu-staged'  ? 0x999999 : \
	p eq 'gpu-staged-pinned' ? 0x6699cc : \
	p eq 'cow-private' ? 0x117733 : \
	p eq 'cow-fork'    ? 0xaa4499 : \
	p eq 'mremap'      ? 0x777777 : \
	p eq 'uffd-move'   ? 0x332288 : \
	p eq 'shared'      ? 0x44aa99 : \
	p eq 'splice'      ? 0xddcc77 : \
	p eq 'migrate'     ? 0x6699cc : \
	p eq 'process-vm'  ? 0x661100 : \
	p eq 'memory-read' ? 0x56b4e9 : \
	p eq 'memory-write' ? 0x0072b2 : \
	p eq 'coherent-read' ? 0xd55e00 : \
	p eq 'coherent-write' ? 0xe69f00 : \
	p eq 'coherent-out' ? 0xcc79a7 : 0xbbbbbb
path_marker(p) = \
	p eq 'memcpy'      ? 7 : \
	p eq 'movsb'       ? 9 : \
	p eq 'movsq'       ? 10 : \
	p eq 'vector'      ? 14 : \
	p eq 'nt'          ? 5 : \
	p eq 'fastest'     ? 2 : \
	p eq 'memcpy-mt'   ? 13 : \
	p eq 'pinned'      ? 11 : \
	p eq 'registered'  ? 15 : \
	p eq 'coherent'    ? 4 : \
	p eq 'engine'      ? 3 : \
	p eq 'dsa'         ? 6 : \
	p eq 'dsa-async'   ? 8 : \
	p eq 'dsa-batch'   ? 12 : \
	p eq 'cow-private' ? 6 : \
	p eq 'cow-fork'    ? 8 : \
	p eq 'mremap'      ? 12 : \
	p eq 'uffd-move'   ? 4 : \
	p eq 'shared'      ? 14 : \
	p eq 'splice'      ? 2 : \
	p eq 'migrate'     ? 8 : \
	p eq 'process-vm'  ? 10 : \
	p eq 'memory-read' ? 9 : \
	p eq 'memory-write' ? 5 : \
	p eq 'coherent-read' ? 11 : \
	p eq 'coherent-write' ? 15 : \
	p eq 'coherent-out' ? 4 : 1

# Only hardware gets a solid line.
kind_dash(k) = k eq 'hardware' ? 1 : k eq 'emulated' ? 2 : 3
# … and a plainly filled bar.
kind_fill(k) = k eq 'hardware' ? 3 : k eq 'emulated' ? 4 : 5

# FAIL, MISSING, UNSTABLE, INCONCLUSIVE, IMPROVED, OK: apart by shape as well as by colour.
verdict_colour(k) = k <= 2 ? 0xc0392b : k == 3 ? 0xb8860b : k == 4 ? 0x777777 : k == 5 ? 0x009e73 : \
	0x0072b2
verdict_marker(k) = k == 1 ? 13 : k == 2 ? 2 : k == 3 ? 8 : k == 4 ? 4 : k == 5 ? 11 : 7

# One colour and one marker a result where several are in one picture, apart for the colour-blind.
result_colour(r) = r == 1 ? 0x777777 : r == 2 ? 0x0072b2 : r == 3 ? 0xd55e00 : r == 4 ? 0x009e73 : \
	r == 5 ? 0xcc79a7 : r == 6 ? 0xe69f00 : r == 7 ? 0x56b4e9 : 0x882255
# Full ones; one less is the same, empty.
result_marker(r) = r == 1 ? 7 : r == 2 ? 5 : r == 3 ? 9 : r == 4 ? 11 : r == 5 ? 13 : r == 6 ? 15 : r == 7 ? 7 : 5

# How an axis names its values; no_label for panels that share their neighbour's axis.
rate_label(v) = \
	v >= 0.999e9 ? sprintf('%g GB/s', v / 1e9) : v >= 0.999e6 ? sprintf('%g MB/s', v / 1e6) : \
	v >= 0.999e3 ? sprintf('%g kB/s', v / 1e3) : sprintf('%g B/s', v)
time_label(v) = \
	v >= 0.999e9 ? sprintf('%g s', v / 1e9) : v >= 0.999e6 ? sprintf('%g ms', v / 1e6) : \
	v >= 0.999e3 ? sprintf('%g µs', v / 1e3) : sprintf('%g ns', v)
count_label(v) = \
	v >= 0.999e9 ? sprintf('%g G', v / 1e9) : v >= 0.999e6 ? sprintf('%g M', v / 1e6) : \
	v >= 0.999e3 ? sprintf('%g k', v / 1e3) : sprintf('%g', v)
plain_label(v) = sprintf('%g', v)
no_label(v) = ''

plot_left = 0.105
plot_right = 0.735
plot_bottom = 0.10
plot_top = 0.815
# The legend stands right of the plot and never on it.
legend_left = plot_right + 0.015
set key at screen legend_left,plot_top left top Left reverse samplen 3 spacing 1.35 noautotitle
set lmargin at screen plot_left
set rmargin at screen plot_right
set bmargin at screen plot_bottom
set tmargin at screen plot_top
