# SPDX-License-Identifier: GPL-2.0-only
# call 'log_axis.gp' LOW HIGH LABEL: a logarithmic y axis around the data; LABEL is the
# function that names a value. Left alone, gnuplot goes out to whole decades and labels
# nothing between them.
# Text to a number only by evaluation: of "1e+09" arithmetic takes the 1 for all of it.
eval 'axis_low = ('.ARG1.') / 1.4'
eval 'axis_high = ('.ARG2.') * 1.4'
axis_label = ARG3
set logscale y
set yrange [axis_low:axis_high]
# A list in parentheses replaces the automatic labels, add puts more beside it.
set ytics ('' axis_low)
do for [decade=int(floor(log10(axis_low))):int(ceil(log10(axis_high)))] {
	do for [digit in (axis_high / axis_low < 300 ? '1 2 5' : '1')] {
		axis_value = digit * 10.0**decade
		eval 'axis_text = '.axis_label.'(axis_value)'
		if (axis_value >= axis_low && axis_value <= axis_high) {
			set ytics add (axis_text axis_value)
		}
	}
}
