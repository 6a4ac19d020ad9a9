# SPDX-License-Identifier: GPL-2.0-only
# One suite as rows of rows.tsv: $base and $new, results of dmabench pair, and what compare says
# of them at the lower and the higher threshold.

def mean: add / length;
def variance: mean as $m | map(. - $m | . * .) | add / (length - 1);
def logs($result; $id): [$result.cases[] | select(.id == $id).launches[]?.ns_per_op.p10 | log];
def short: if . == null then "-" elif type == "number" then . * 1e6 | round / 1e6 else . end;

# "memcpy 64K"
def name: capture("^(?<path>[^:]+):size=(?<size>[0-9]+)") | (.size | tonumber) as $n
	| "\(.path) \(if $n % 1048576 == 0 then "\($n / 1048576)M" elif $n % 1024 == 0 then "\($n / 1024)K" else $n end)";

$base[0] as $a | $new[0] as $b | $high[0] as $at_high
| if $low[0].comparable | not then error("the sides aren't comparable: \($low[0].differences | map(select(.allowed | not).name))")
  elif ($b.tool.version | endswith("-slowed-by-\($slowed)-percent")) | not then error("NEW is of \($b.tool.version)")
  else . end
| $low[0].cases | sort_by(.id)[] | .id as $id | ($at_high.cases[] | select(.id == $id)) as $other
| logs($a; $id) as $x | logs($b; $id) as $y
| [$slowed, $round, $design, ($id | name), .n_new, .change, .ci95[0], .ci95[1],
	# Of a launch; of a pair's ratio, as what one launch of independent ones would have.
	(if ($x | length) > 1 then ([$x, $y] | map(variance) | mean | sqrt) else null end),
	(if $design == "pairs" and ($x | length) > 1 then [$x, $y] | transpose | map(.[1] - .[0]) | variance / 2 | sqrt else null end),
	.detects, .floor, .verdict, .launches_needed, $other.verdict, $other.launches_needed]
| map(short) | @tsv
