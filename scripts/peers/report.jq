# SPDX-License-Identifier: GPL-2.0-only
# peers.json from the rates, one a line: round, size, side, tool, variant, B/s, and how many ns a
# word took between CPUs before and after, or "-".

def median: sort | length as $n | if $n % 2 == 1 then .[($n - 1) / 2]
	else (.[$n / 2 - 1] + .[$n / 2]) / 2 end;
def summary: {median: median, lo: min, hi: max};

# Of these rows the one that is fastest by all rounds but one: of many the fastest in a round
# is the luckiest too, so a round doesn't choose who is compared in it. The only round must.
def chosen_without($round):
	max_by([.rates[] | select(.round != $round).rate]
		| if . == [] then -1 else median end);
def chosen_for($round): if any(.[]; .rates[1]) then chosen_without($round) else max_by(.median) end;

# Rates of the same round, divided: what drifts from round to round cancels.
def ratios($ours; $peers):
	[($ours[].rates[].round)] | unique
	| [.[] as $round
		| ($ours | chosen_for($round)).rates[] | select(.round == $round).rate as $one
		| ($peers | chosen_for($round)).rates[]? | select(.round == $round).rate as $other
		| $one / $other]
	| if . == [] then null else summary + {rounds: length} end;

# ns that words took: beside figures, and while it waited for a place ($words).
def words: [.[].word_ns[]?] + $words;

# The least but for one in twenty: for a moment both CPUs may be threads of one core.
def usual_least: sort | .[((length + 19) / 20 | floor) - 1];

# Where the CPUs were: "near" each other while a word took less than twice the usual least of the run,
# "far" while it took more, "nearer" while it took no more than half; "moved" if they were the one
# before and the other after. null: not seen, or always the same.
def place($usual): if 2 * . <= $usual then "nearer" elif . < 2 * $usual then "near" else "far" end;
def places:
	words as $all | (if $all == [] then null else $all | usual_least end) as $usual
	| if [$all[] | place($usual)] | unique | length < 2 then map(.cpus_were = null)
	  else map(.cpus_were = (if .word_ns == null then null
		else .word_ns | map(place($usual)) | unique
			| if length == 1 then .[0] else "moved" end end)) end;

[inputs | select(length > 0) | split("\t")
	| {round: (.[0] | tonumber), size: (.[1] | tonumber), side: .[2], tool: .[3],
	   variant: .[4], rate: (.[5] | tonumber),
	   word_ns: (if (.[6] // "-") == "-" or .[7] == "-" then null else .[6:8] | map(tonumber) end)}]
| places
| group_by([.size, .cpus_were, .side, .tool, .variant])
| map({size: .[0].size, cpus_were: .[0].cpus_were, side: .[0].side, tool: .[0].tool, variant: .[0].variant,
       rates: map({round, rate, word_ns})} + (map(.rate) | summary)) as $rows
| {
	schema: "dmabench-peers/5", start: $start, cpus: $cpus, rounds_planned: $rounds, rounds: $finished, pages: $pages,
	unit: "B/s", environment: $env[0], missing: $missing,
	word_ns: ([$rows[].rates[]] | words | if . == [] then null else {least: min, usual_least: usual_least, most: max} end), rows: $rows,
	verdicts: [$rows | map(select(.cpus_were != "moved")) | group_by([.size, .cpus_were])[]
		| map(select(.side == "ours")) as $all_ours | ($all_ours | max_by(.median)) as $ours
		| map(select(.side == "peer")) as $peers | ($peers | max_by(.median)) as $peer
		| map(select(.side == "one")) as $all_one | ($all_one | max_by(.median)) as $one
		| map(select(.side == "shared")) as $all_shared | ($all_shared | max_by(.median)) as $shared
		| map(select(.variant == "fastest")) as $fastest
		| select($ours != null and $peer != null)
		| {size: .[0].size, cpus_were: .[0].cpus_were,
		   ours: $ours.variant, peer: "\($peer.tool) \($peer.variant)",
		   ours_rate: ($ours | {median, lo, hi}), peer_rate: ($peer | {median, lo, hi}),
		   ratio: ratios($all_ours; $peers), fastest_ratio: ratios($fastest; $peers),
		   one_at_a_time: (if $one and $shared then {
			ours: $one.variant, peer: "\($shared.tool) \($shared.variant)",
			ours_rate: ($one | {median, lo, hi}), peer_rate: ($shared | {median, lo, hi}),
			ratio: ratios($all_one; $all_shared)} else null end)}]
}
