# SPDX-License-Identifier: GPL-2.0-only
# An axis for changes from a tenth of the threshold to a hundred times it: asinh(change /
# threshold), which is straight up to about the threshold and logarithmic beyond. Changes are
# shares: 0.05 is 5 % slower.
include "lib";
include "gnuplot";

def placed($threshold): if . == null then null else . / $threshold | asinh end;

def percent_label: . * 100
	| (if . > 0 then "+" elif . < 0 then "−" else "" end)
	+ (fabs | if . >= 10 then significant(3) elif . >= 1 then . * 10 | round / 10
		else . * 100 | round / 100 end | tostring) + " %";

# Labels of an axis are formats to gnuplot.
def tick_label: percent_label | gsub("%"; "%%");

# Zero, the threshold, then round values where there is room between the labels.
def ticks($threshold; $low; $high):
	(($high - $low) / 10) as $room
	| [0, $threshold, -$threshold,
	   ([5, 1, 2][] as $digit | range(-3; 6) as $power
		| pow(10; $power) * $digit / 100 | ., -.)]
	| reduce .[] as $v ([]; ($v | placed($threshold)) as $x
		| if $v <= -1 or $x < $low or $x > $high
			or any(.[]; placed($threshold) - $x | fabs < $room)
		then . else . + [$v] end);

# What an unstable case could have shown; else no news.
def seen: if .verdict == "UNSTABLE" then .detects else null end;

# Input: comparisons. The axis holds each estimate, its interval, its floor and what could have
# been seen, and both thresholds.
def change_axis($threshold):
	[.[] | .change, .ci95[]?, .floor, (.floor | nonull | -.), seen]
	| map(select(. != null)) + [1.7 * $threshold, -1.7 * $threshold]
	| map(placed($threshold)) | [min, max] | ((.[1] - .[0]) * 0.04) as $pad
	| {low: (.[0] - $pad), high: (.[1] + $pad)}
	| .ticks = ticks($threshold; .low; .high)
	| {low, high, limit: (1 | asinh), limit_text: ($threshold | percent_label),
	   limit_tick: ($threshold | tick_label),
	   x_ticks: "set xtics (\(.ticks | map("\"\(tick_label)\" \(placed($threshold))") | join(", ")))"};
