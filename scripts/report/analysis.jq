# SPDX-License-Identifier: GPL-2.0-only
# What the figures decide: the fastest copy, crossovers, and when not copying wins.
include "lib";

def low: .time.ci95[0]? // .time.value;
def high: .time.ci95[1]? // .time.value;
# Without intervals (one launch) nothing can be told apart.
def overlap($other): .time.ci95 == null or $other.time.ci95 == null
	or (low <= ($other | high) and high >= ($other | low));

# Where log(a/b) changes its sign between two sizes, on a line through both logs.
def crossing($x0; $r0; $x1; $r1):
	(($x0 | log) + (0 - $r0) / ($r1 - $r0) * (($x1 | log) - ($x0 | log))) | exp;

# Input: [[case of a, case of b], …] by size. Which is the faster one beyond doubt, and where does
# that change? Output: {sizes, undecided, faster (label, of all those where it can be told; null: it
# changes or can't be told at all), crossings: [{after, before, at, faster}]}.
def duel:
	. as $pairs
	| [$pairs[] | . as [$a, $b] | {size: $a.params.size, r: (($a.time.value / $b.time.value) | log),
		label: (if $b.time.value < $a.time.value then $b else $a end | series_label),
		told: ($a | overlap($b) | not)}] as $all
	| [$all | to_entries[] | select(.value.told)] as $told
	| {sizes: [$all[].size], undecided: [$all[] | select(.told | not) | .size],
	   faster: ([$told[].value.label] | unique | if length == 1 then .[0] else null end),
	   first: ($told[0].value.label // null),
	   crossings: [range(1; $told | length) | $told[. - 1] as $x | $told[.] as $y
		| select($x.value.label != $y.value.label)
		# Between sizes where it can't be told the times may pass each other more than once.
		| first(range($x.key; $y.key) | select($all[.].r * $all[. + 1].r <= 0)) as $i
		| {after: $x.value.size, before: $y.value.size, faster: $y.value.label,
		   at: crossing($all[$i].size; $all[$i].r; $all[$i + 1].size; $all[$i + 1].r)}]};

# The sizes that both series have, as pairs.
def paired($other):
	[.[] as $a | $other[] | select(.params.size == $a.params.size) | [$a, .]];

# Input: cases of one snapshot path at one size, by share. At which share of pages written
# does it cost as much as $line does? Straight between the shares that were measured.
def break_even($line):
	. as $points | $line.time.value as $t
	| if length == 0 then null
	  elif $points[0].time.value >= $t then {always: false, least: ($points[0] | share_written)}
	  else
		first(range(1; length) as $i | select($points[$i].time.value >= $t)
			| $points[$i - 1] as $p | $points[$i] as $q
			| {after: ($p | share_written), before: ($q | share_written),
			   share: (($p | share_written) + ($t - $p.time.value)
				/ ($q.time.value - $p.time.value) * (($q | share_written) - ($p | share_written))),
			   unsure: (($p | overlap($line)) or ($q | overlap($line)))})
		// {always: true, most: ($points[-1] | share_written)}
	  end;

# Snapshots of an environment: [{path, size, points, line, even}], line being memcpy's case.
def snapshots($env):
	([slice($env; copies)[][] | select(.path == "memcpy")]) as $lines
	| [slice($env; select(.class == "snapshot" and .params.share != null))[]
		| group_by(.params.size)[]
		| sort_by(share_written) as $points
		| first(($lines[] | select(.params.size == $points[0].params.size)), null) as $line
		| {path: $points[0].path, size: $points[0].params.size, points: $points, line: $line,
		   even: (if $line == null then null else $points | break_even($line) end)}];
