# SPDX-License-Identifier: GPL-2.0-only
# What compare.sh draws, in the form of pictures.jq: all results by size, one colour a result, a panel a
# path; and of two that may be compared the change of each case. The input is null; $results[0] is
# [{label, result}], $verdict[0] what dmabench compare decided of the first two, or null.
include "lib";
include "analysis";
include "gnuplot";
include "pages";
include "change_axis";

def verdict_words: ["FAIL", "MISSING", "UNSTABLE", "INCONCLUSIVE", "IMPROVED", "OK"];
def version: "\(.tool.version | line) (\(.tool.commit | line)) of \(.run.start[0:10])";
def machine($env): first(.environments[] | select(.id == $env.id));
def has_env($env): any(.environments[]; .id == $env.id);
def short_machine: "\(.identity.cpu_model // "unnamed CPU" | line), \(.identity.cpus) CPUs · \(.platform)";

# What the band of pictures says that hold results of several machines.
def apart($verdict): $verdict == null or ($verdict.comparable | not);
def band_of($results; $verdict; $env; $cases):
	([$cases[].engine | nonull | .kind] | unique) as $kinds
	| [$results[].result | select(has_env($env)) | machine($env).platform] | unique
	| map(band(.; $kinds)) | unique
	| (if ($results | length) == 2 and apart($verdict) and $verdict != null then
		["NOT COMPARABLE: " + ([$verdict.differences[] | select(.allowed | not)]
			| "\(.[0].name | line)" + if length > 1 then " and \(length - 1) more differ" else " differs" end)]
	   else [] end) + . | map(select(. != "")) | join(" · ");

# What tells names apart is mostly at an end.
def shortened($most): if length <= $most then . else .[:($most / 2 | floor)] + "…" + .[-(($most - 1) / 2 | floor):] end;
def head($results; $verdict; $env; $title; $note; $cases):
	([$results[].result | select(has_env($env)) | machine($env) | short_machine] | unique) as $machines
	| {title: "\($title) — \($env.id | line)",
	   about: ((if $machines | length == 1 then $machines[0] else "\($machines | length) machines" end)
		+ if $results | length == 2 then ([$results[] | " · \(.label | line | shortened(24)) \(.result | version)"] | add) else "" end),
	   note: $note, band: band_of($results; $verdict; $env; $cases)};

# Names in two rows at most, of a picture that is 1 wide; each with its marker and what is left free around it.
def legend_left: 0.30;
def legend_width: 0.035 + 0.0068 * length;
# By number, where they would be the same then.
def all_shortened($most): map(line | shortened($most)) as $names
	| if $names | unique | length == ($names | length) then $names
	  else [to_entries[] | "\(.key + 1): " + (.value | line | shortened($most - 3))] end;
def legend: first((40, 30, 24, 18) as $most
	| reduce (all_shortened($most)[]) as $name ({x: legend_left, row: 0, entries: []};
		(if .x > legend_left and .x + ($name | legend_width) > 1 then .x = legend_left | .row += 1 else . end)
		| .entries += [{name: $name, x, row}] | .x += ($name | legend_width))
	| select(.row < 2 or $most == 18));
# One colour and marker a result, the same in all pictures of a comparison.
def result_settings($results):
	($results | map(.label) | legend) as {$entries, $row}
	| ($entries | map(.name) | strings("result")), "results = \($results | length)", "result_rows = \($row + 1)",
	  "array result_x[\($entries | length)] = [\($entries | map(.x | tostring) | join(", "))]",
	  "array result_row[\($entries | length)] = [\($entries | map(.row | tostring) | join(", "))]";

# ---- panels: a path each, a curve for each result ----

def panel_key: [series_key, .params.share];
# Input: for each result its series (arrays of cases by size). Output: [{case, all: [series or []]}].
def panels: . as $lists
	| (reduce $lists[][] as $s ([]; ($s[0] | panel_key) as $key
		| if any(.[]; .case | panel_key == $key) then . else . + [{case: $s[0]}] end))
	| map(.case as $case | ($case | panel_key) as $key | {case: $case,
		all: [$lists[] | map(select(.[0] | panel_key == $key))[0] // []]});
def panel_title: (.case | series_label)
	+ if .case.params.share == null then "" else ", \(.case.params.share) % written" end;

def row(figure): [.params.size] + (figure | if . == null then [null, null, null]
	else [.value, (.ci95[0]? // .value), (.ci95[1]? // .value)] end);
def empty_block: [[null, null, null, null]];
# What is zero has no place on a logarithmic axis.
def curve(figure): map(row(figure)) | map(select(.[1] != null and .[1] > 0 and .[2] > 0)) | if . == [] then empty_block else . end;

# The strip below a panel: what the comparison said of the second result's cases.
def time_changes($verdict; $env): if apart($verdict) then [] else
	[$verdict.cases[] | select(.env == $env.id and .figure == "time" and .change != null)] end;
def strip($changes; $threshold):
	[(.all[1] // [])[] as $case | $changes[] | select(.id == $case.id)
	 | [$case.params.size, (.verdict as $v | verdict_words | index([$v]) + 1)]
		+ ([.change, .ci95[0]?, .ci95[1]?] | map(placed($threshold)))]
	| if . == [] then [[null, null, null, null, null]] else . end;

def threshold($verdict; $env): if $verdict == null then 0.05 else $verdict.rule
	| if $env.platform == "vm-icount" then .icount_threshold else .threshold end end;

# $o: {name, title, words, label_of, note}. curves: of one series, the blocks of one result.
def overlay($results; $verdict; $env; $o; cases; curves; $per):
	threshold($verdict; $env) as $threshold | time_changes($verdict; $env) as $changes
	| ($results | length == 2 and (apart($verdict) | not) and $o.name != "latency" and $o.name != "cpu") as $strips
	| ($changes | change_axis($threshold)) as $axis
	| [$results[].result | slice($env.id; cases) | map(group_by(.params.share)[] | sort_by(.params.size))]
	| panels | map(select([.all[] | select(. != []) | curves | .[][1] | nonull] != [])) | select(length > 0)
	| pages("compare-\($o.name)"; $env; 9;
		. as $page | .rows
		| [.[].all[][]] as $cases | ([length / 3 | ceil, 1] | max) as $down
		| {template: "overlay",
		   settings: ([(head($results; $verdict; $env; $o.title + ($page | page_text);
				$o.note + "\($cases[0].params | setting_text)"
				+ (if $strips then " · below: change of time and threshold" else "" end); $cases)
			| . + {page_height: (165 + 245 * $down), panels: ($page.rows | length), down: $down,
				axis_words: $o.words, label_of: $o.label_of, strips: (if $strips then 1 else 0 end), per: $per,
				second_words: ($o.second // "")}
			+ ($axis | {change_low: .low, change_high: .high, limit, limit_tick})
			| settings),
			result_settings($results),
			(map(panel_title) | strings("panel")),
			(map(.case.engine.kind // if $env | emulated_platform then "emulated" else "hardware" end)
				| strings("kind")),
			"array compared[\(length)] = \(map(strip($changes; $threshold)[0][0] | if . == null then 0 else 1 end))",
			($cases | map(.params.size) | size_ticks(4))] | join("\n") + "\n"),
		   data: (map((.all[] | if . == [] then range($per) | empty_block else curves end),
			strip($changes; $threshold)) | blocks)});

def bars: if .platform == "vm-icount" then "" else "bars: 95 % confidence interval over launches · " end;
def overlays($results; $verdict; $env):
	if $env.platform == "vm-icount" then
		overlay($results; $verdict; $env; {name: "time", title: "Instructions per operation by size",
			words: "instructions per operation", label_of: "count_label", note: ""};
			select(.class != "none"); curve(.time); 1)
	else
		overlay($results; $verdict; $env; {name: "rate", title: "Throughput by size",
			words: "throughput, 1 GB/s = 10⁹ bytes a second", label_of: "rate_label", note: ($env | bars)};
			copies; curve(.throughput); 1),
		overlay($results; $verdict; $env; {name: "latency", title: "Latency by size",
			words: "one operation: p50, and p99 (thin)", label_of: "time_label",
			note: "no p99 of fewer than 1000 timings · "};
			copies; (curve({value: quantile("p50")} | select(.value != null)),
				curve({value: quantile("p99")} | select(.value != null))); 2),
		overlay($results; $verdict; $env; {name: "cpu", title: "CPU time of the whole machine by size",
			words: "CPU time of all CPUs a byte", label_of: "time_label", note: ""};
			copies; curve(.cpu.machine | if .value == null then null else . end); 1),
		overlay($results; $verdict; $env; {name: "time", title: "Time by size where nothing is copied",
			words: "time of one operation", label_of: "time_label", note: ($env | bars)};
			select(.class | . == "snapshot" or . == "move" or . == "view"); curve(.time); 1)
	end;

# ---- not copying, by share of pages written, at the largest size that all have ----

def cow($results; $verdict; $env):
	[$results[].result | slice($env.id; select(.class == "snapshot" and .params.share != null))] as $lists
	| ([$lists[] | [.[][].params.size] | unique] | select(length > 0)
		| . as $sizes | [.[0][] | select(. as $s | all($sizes[]; index([$s])))] | max) as $size
	| select($size != null)
	| [$results[].result | [slice($env.id; copies)[][] | select(.path == "memcpy" and .params.size == $size)][0]] as $copies
	| $lists | map(map(map(select(.params.size == $size)) | sort_by(.params.share)))
	| map(map(select(length > 1))) | [.[][][0].path] | reduce .[] as $p ([]; if index([$p]) then . else . + [$p] end)
	| select(length > 0)
	| . as $paths
	| [$paths[] as $path | $lists[] | (map(select(.[0].path == $path)) | add // [] | map(select(.params.size == $size))
		| sort_by(share_written) | map([share_written, .time.value, low, high])) | if . == [] then empty_block else . end] as $curves
	| [$lists[][][] | select(.params.size == $size)] as $cases
	| {name: "compare-cow-\($env.id | file_name)", template: "overlay_cow",
	   settings: ([(head($results; $verdict; $env; "Not copying: \($size | size_text) snapshots by share of pages written";
			"flat: memcpy of that size · bars: 95 % confidence interval over launches"; $cases)
			| . + {panels: ($paths | length)} | settings),
		result_settings($results), ($paths | strings("panel")),
		"array copy[\($results | length)] = [\($copies | map(.time.value // 0 | tostring) | join(", "))]"] | join("\n") + "\n"),
	   data: ($curves | blocks)};

# ---- from which size on a path beats memcpy, in each result ----

def crossings($result; $env): $result | slice($env.id; copies) as $all
	| ([$all[] | select(.[0].path == "memcpy")][0]) as $memcpy
	| if $memcpy == null then empty else
	  $all[] | select(.[0].path != "memcpy") | . as $series | ($memcpy | paired($series)) as $pairs | ($pairs | duel) as $duel
	  | $duel.crossings[] | {path: ($series[0] | series_label), at, after, before,
		faster: (.faster == ($series[0] | series_label))} end;
def crossover($results; $verdict; $env):
	[$results | to_entries[] | .key as $k | crossings(.value.result; $env) | . + {result: $k}]
	| select(length > 0) as $all
	| (reduce $all[].path as $p ([]; if index([$p]) then . else . + [$p] end)) as $paths
	| [$results[].result | slice($env.id; copies)[][]] as $cases
	| {name: "compare-crossover-\($env.id | file_name)", template: "overlay_crossover",
	   settings: ([(head($results; $verdict; $env; "From which size on a path beats memcpy";
			"full: faster from there on, empty: slower from there on · between the sizes that were measured; "
			+ "where it is beyond doubt"; $cases) | settings),
		result_settings($results), ($paths | strings("row")),
		([$all[] | .after, .before] | {low: min, high: max} | settings),
		([$cases[].params.size] | size_ticks(9))] | join("\n") + "\n"),
	   data: ([range($results | length) as $r | [$all[] | select(.result == $r) | .path as $p
		| [.at, .after, .before, ($paths | index([$p])) + ([0.16, 0.8 / ($results | length)] | min) * ($r - ($results | length - 1) / 2), (if .faster then 1 else 0 end)]]
		| if . == [] then [[null, null, null, null, null]] else . end] | blocks)};

# ---- the change of each case, of two that may be compared ----

def figure_words: {"time": "", "latency_p99": " · p99 latency", "cpu_caller": " · CPU of the caller",
	"cpu_machine": " · CPU of the machine"}[.] // " · \(line)";
def amount($unit; $platform):
	if $unit == "ns/B" then "\(significant(3)) ns/B"
	elif $platform == "vm-icount" then
		if . >= 1e7 then "\(. / 1e6 | significant(5)) M" elif . >= 100 then "\(round)" else "\(significant(3))" end
	else duration end;

def change_rows($results; $verdict; $env):
	([$results[].result.cases[]] | map({key: .id, value: .}) | from_entries) as $by_id
	| [$verdict.cases[] | select(.env == $env.id and .verdict != "NEW" and .verdict != "SKIPPED")]
	| ([.[] | $by_id[.id] | nonull] | varying) as $axes
	| map(. + {case: ($by_id[.id] // null)}
		| . + {label: ((if .case == null then .id | line else .case | short($axes) end)
			+ (.figure | figure_words))});

# What isn't known of an interval reaches as far as the axis; untested cases have none.
def change_row($y; $env; $threshold; $axis):
	[$y, (.verdict as $v | verdict_words | index([$v]) + 1)]
	+ ([.change, .ci95[0]?, .ci95[1]?,
	    (if .p == null then null, null else .at_least // -1, .at_most // 1e9 end),
	    .floor, seen]
		| map(placed($threshold) | if . == null then . else [[., $axis.low] | max, $axis.high] | min end))
	+ [.label, (.change | if . == null then "" else percent_label end),
	   (if .change == null or .base == null or .new == null then ""
	    else .unit as $unit | [.base, .new] | map(amount($unit; $env.platform)) | join(" → ") end),
	   (if .change == null then "\(.verdict): \(.reason // "" | line)" | .[:70] else "" end)];

def changes($results; $verdict; $env):
	([$verdict.cases[] | select(.env == $env.id) | .verdict] | {new: map(select(. == "NEW")) | length,
		skipped: map(select(. == "SKIPPED")) | length}) as $not
	| threshold($verdict; $env) as $threshold
	| change_rows($results; $verdict; $env) | select(length > 0)
	| change_axis($threshold) as $axis
	| pages("compare-change"; $env; 45;
		. as $page | .rows | . as $rows
		| {template: "change",
		   settings: ([(head($results; $verdict; $env;
				"Change of each case, worst first\($page | page_text): \($verdict.outcome | line), status \($verdict.status)";
				(if $env.platform == "vm-icount" then "instructions per operation, no statistics"
				 else "\($verdict.rule.test | line), \($verdict.rule.location) of each launch" end)
				+ (if $not.new > 0 then " · not drawn: \($not.new) new" else "" end)
				+ (if $not.skipped > 0 then " · not drawn: \($not.skipped) skipped" else "" end);
				[$rows[].case | nonull])
			| . + {rows: ($rows | length), page_height: (200 + 20 * ($rows | length))} + $axis
			| settings)] | join("\n") + "\n"),
		   data: ([[range($rows | length) as $i | $rows[$i] | change_row($i + 1; $env; $threshold; $axis)]] | blocks)});

$results[0] as $all | $verdict[0] as $verdict
| (reduce $all[].result.environments[] as $env ([]; if any(.[]; .id == $env.id) then . else . + [$env] end))[] as $env
| [$all[] | select(.result | has_env($env))] as $here
| (if $here | length > 1 then
	overlays($here; $verdict; $env),
	(if $env | emulated_platform then empty else cow($here; $verdict; $env), crossover($here; $verdict; $env) end)
   else empty end),
  (if apart($verdict) or ($all | length) != 2 then empty else changes($all; $verdict; $env) end)
