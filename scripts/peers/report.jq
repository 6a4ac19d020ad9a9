# SPDX-License-Identifier: GPL-2.0-only
# peers.json from the rates, one a line: round, size, side, tool, variant, B/s.

def median: sort | length as $n | if $n % 2 == 1 then .[($n - 1) / 2]
	else (.[$n / 2 - 1] + .[$n / 2]) / 2 end;
def summary: {median: median, lo: min, hi: max};

# Rates of the same round, divided: what drifts from round to round cancels.
def ratio($other): . as $one
	| [$one.rates[] as $a | $other.rates[] | select(.round == $a.round) | $a.rate / .rate]
	| if . == [] then null else summary + {rounds: length} end;

[inputs | select(length > 0) | split("\t")
	| {round: (.[0] | tonumber), size: (.[1] | tonumber), side: .[2], tool: .[3],
	   variant: .[4], rate: (.[5] | tonumber)}]
| group_by([.size, .side, .tool, .variant])
| map({size: .[0].size, side: .[0].side, tool: .[0].tool, variant: .[0].variant,
       rates: map({round, rate})} + (map(.rate) | summary)) as $rows
| {
	schema: "dmabench-peers/1", start: $start, cpus: $cpus, rounds_planned: $rounds, rounds: $finished, pages: $pages,
	unit: "B/s", environment: $env[0], missing: $missing, rows: $rows,
	verdicts: [$rows | group_by(.size)[]
		| (map(select(.side == "ours")) | max_by(.median)) as $ours
		| (map(select(.side == "peer")) | max_by(.median)) as $peer
		| (map(select(.variant == "fastest")) | first) as $fastest
		| select($ours != null and $peer != null)
		| {size: .[0].size,
		   ours: $ours.variant, peer: "\($peer.tool) \($peer.variant)",
		   ours_rate: ($ours | {median, lo, hi}), peer_rate: ($peer | {median, lo, hi}),
		   ratio: ($ours | ratio($peer)), fastest_ratio: (if $fastest then $fastest | ratio($peer) else null end)}]
}
