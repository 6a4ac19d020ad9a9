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

# fastest is one of the other copies of one thread: it is no rival to that one.
def copier: .variant.name // (if .path == "memcpy" then "libc" else .path end);
def same_copy($other): ([.path, $other.path] | (index(["fastest"]) != null)
		and (index(["memcpy-mt"]) == null))
	and .engine == null and $other.engine == null and copier == ($other | copier);

# Input: series of real copies. Output: for each size the fastest and its equals.
def winners:
	add // [] | group_by(.params.size)
	| map(sort_by(.time.value) | .[0] as $best
		| [.[1:][] | select(same_copy($best) | not)] as $rivals
		| {size: $best.params.size, best: $best, measured: ($rivals | length + 1),
		   tied: [$rivals[] | select(overlap($best))],
		   next: $rivals[0]});

# Input: [[case of a, case of b], …] by size. Output: {after, before, at, faster, unsure}.
def crossovers:
	. as $pairs
	| [range(1; length)
		| $pairs[. - 1] as [$a0, $b0] | $pairs[.] as [$a1, $b1]
		| (($a0.time.value / $b0.time.value) | log) as $r0
		| (($a1.time.value / $b1.time.value) | log) as $r1
		| select(($r0 < 0 and $r1 > 0) or ($r0 > 0 and $r1 < 0))
		| {after: $a0.params.size, before: $a1.params.size,
		   at: crossing($a0.params.size; $r0; $a1.params.size; $r1),
		   faster: (if $r1 < 0 then $a1 else $b1 end | series_label),
		   unsure: (($a0 | overlap($b0)) or ($a1 | overlap($b1)))}];

# The sizes that both series have, as pairs.
def paired($other):
	[.[] as $a | $other[] | select(.params.size == $a.params.size) | [$a, .]];

# Input: cases of one snapshot path at one size, by share. At which share of pages written
# does it cost as much as $line does? Straight between the shares that were measured.
def break_even($line):
	. as $points | $line.time.value as $t
	| if length == 0 then null
	  elif $points[0].time.value >= $t then {always: false, least: $points[0].params.share}
	  else
		first(range(1; length) as $i | select($points[$i].time.value >= $t)
			| $points[$i - 1] as $p | $points[$i] as $q
			| {after: $p.params.share, before: $q.params.share,
			   share: ($p.params.share + ($t - $p.time.value)
				/ ($q.time.value - $p.time.value) * ($q.params.share - $p.params.share)),
			   unsure: (($p | overlap($line)) or ($q | overlap($line)))})
		// {always: true, most: $points[-1].params.share}
	  end;

# Snapshots of an environment: [{path, size, points, line, even}], line being memcpy's case.
def snapshots($env):
	([slice($env; copies)[][] | select(.path == "memcpy")]) as $lines
	| [slice($env; select(.class == "snapshot" and .params.share != null))[]
		| group_by(.params.size)[]
		| sort_by(.params.share) as $points
		| first(($lines[] | select(.params.size == $points[0].params.size)), null) as $line
		| {path: $points[0].path, size: $points[0].params.size, points: $points, line: $line,
		   even: (if $line == null then null else $points | break_even($line) end)}];
