# SPDX-License-Identifier: GPL-2.0-only
# What plot-compare.sh draws, in the form of pictures.jq: both results by size (overlay), and the
# change of each case. The input is null; $base, $new and $cmp are the files, as --slurpfile gives them.
include "lib";
include "gnuplot";
include "pages";
include "change_axis";

def version($result): "\($result.tool.version | line) (\($result.tool.commit | line)) of \($result.run.start[0:10])";
def outcome: if $cmp[0].comparable then "\($cmp[0].outcome | line), status \($cmp[0].status)" else "not comparable, status 4" end;

def compared_header($env; $title; $note; $cases):
	([$cases[].engine | nonull | .kind] | unique) as $kinds
	| {title: "\($title) — \($env.id | line)",
	   about: ("\($env.identity | "\(.cpu_model // "unnamed CPU" | line), \(.cpus) CPUs")"
		+ " · \($env.platform) · BASE \(version($base[0])) · NEW \(version($new[0]))"),
	   note: $note,
	   band: ([(if $cmp[0].comparable then empty
		    else "NOT COMPARABLE: " + ([$cmp[0].differences[] | select(.allowed | not)]
			| "\(.[0].name | line)" + if length > 1 then " and \(length - 1) more differ"
			  else " differs" end) end),
		   (band($env.platform; $kinds) | select(. != ""))] | join(" · "))};

def verdict_words: ["FAIL", "MISSING", "UNSTABLE", "INCONCLUSIVE", "IMPROVED", "OK"];
def threshold($env): $cmp[0].rule
	| if $env.platform == "vm-icount" then .icount_threshold else .threshold end;

# ---- both results, a panel a path ----

# Panels with the same axes: copies by rate, or everything by time.
def overlay_row(figure): [.params.size, (figure | .value), (figure | .ci95[0]? // .value),
	(figure | .ci95[1]? // .value)];
def panels($env; cases):
	[$base[0], $new[0] | slice($env.id; cases) | map(group_by(.params.share)[] | sort_by(.params.size))]
	| . as [$old, $now]
	| (reduce ($now + $old)[] as $s ([];
		if any(.[]; .[0] | [series_key, .params.share] == ($s[0] | [series_key, .params.share]))
		then . else . + [$s] end))
	| map(.[0] | [series_key, .params.share] as $key
		| {case: ., both: ([$old, $now] | map(map(select(.[0] | [series_key, .params.share] == $key))[0] // []))});
def panel_title: (.case | series_label)
	+ if .case.params.share == null then "" else ", \(.case.params.share) % written" end;

def time_changes($env): [$cmp[0].cases[] | select(.env == $env.id and .figure == "time")];
# The strip below a panel: what the comparison said of these cases.
def strip($changes; $threshold):
	[.[1][] as $case | $changes[] | select(.id == $case.id and .change != null)
	 | [$case.params.size, (.verdict as $v | verdict_words | index([$v]) + 1)]
		+ ([.change, .ci95[0]?, .ci95[1]?] | map(placed($threshold)))]
	| if . == [] then [[null, null, null, null, null]] else . end;

def overlay($env; $name; $title; $words; figure; cases):
	threshold($env) as $threshold | time_changes($env) as $changes
	| ($changes | change_axis($threshold)) as $axis
	| panels($env; cases) | select(length > 0)
	| pages("compare-\($name)"; $env; 9;
		. as $page | .rows
		| [.[].both[][]] as $cases | ([length / 3 | ceil, 1] | max) as $down
		| {template: "overlay",
		   settings: ([(compared_header($env; $title + ($page | page_text);
				(if $env.platform == "vm-icount" then "" else
					"bars: 95 % confidence interval over launches · " end)
				+ "\($cases[0].params | setting_text)"
				+ " · below: change of time and threshold"; $cases)
			| . + {page_height: (155 + 245 * $down), panels: ($page.rows | length), down: $down,
				axis_words: $words,
				label_of: (if $env.platform == "vm-icount" then "count_label"
					elif $name == "rate" then "rate_label" else "time_label" end)}
			+ ($axis | {change_low: .low, change_high: .high, limit, limit_tick})
			| settings),
			(map(panel_title) | strings("panel")),
			(map(.case.path | file_name) | strings("path")),
			(map(.case.engine.kind // if $env | emulated_platform then "emulated" else "hardware" end)
				| strings("kind")),
			"array compared[\(length)] = \(map(.both | strip($changes; $threshold)[0][0]
				| if . == null then 0 else 1 end))",
			($cases | map(.params.size) | size_ticks(4))] | join("\n") + "\n"),
		   data: (map(.both | (.[] | if . == [] then [[null, null, null, null]]
				else map(overlay_row(figure)) end), strip($changes; $threshold)) | blocks)});

def overlays($env):
	if $env.platform == "vm-icount" then
		overlay($env; "time"; "Instructions per operation by size, BASE and NEW";
			"instructions per operation"; .time; select(.class != "none"))
	else
		overlay($env; "rate"; "Throughput by size, BASE and NEW"; "throughput, 1 GB/s = 10⁹ bytes a second";
			.throughput; copies),
		overlay($env; "time"; "Time by size where nothing is copied, BASE and NEW";
			"time of one operation"; .time; select(.class == "snapshot" or .class == "move"))
	end;

# ---- the change of each case ----

def figure_words: {"time": "", "latency_p99": " · p99 latency", "cpu_caller": " · CPU of the caller",
	"cpu_machine": " · CPU of the machine"}[.] // " · \(line)";
def amount($unit; $platform):
	if $unit == "ns/B" then "\(significant(3)) ns/B"
	elif $platform == "vm-icount" then
		if . >= 1e7 then "\(. / 1e6 | significant(5)) M" elif . >= 100 then "\(round)" else "\(significant(3))" end
	else duration end;

def change_rows($env):
	([$base[0].cases[], $new[0].cases[]] | map({key: .id, value: .}) | from_entries) as $by_id
	| [$cmp[0].cases[] | select(.env == $env.id and .verdict != "NEW" and .verdict != "SKIPPED")]
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

def changes($env):
	([$cmp[0].cases[] | select(.env == $env.id) | .verdict] | {new: map(select(. == "NEW")) | length,
		skipped: map(select(. == "SKIPPED")) | length}) as $not
	| threshold($env) as $threshold
	| change_rows($env) | select(length > 0)
	| change_axis($threshold) as $axis
	| pages("compare-change"; $env; 45;
		. as $page | .rows | . as $rows
		| {template: "change",
		   settings: ([(compared_header($env; "Change of each case, worst first\($page | page_text): \(outcome)";
				(if $env.platform == "vm-icount" then "instructions per operation, no statistics"
				 else "\($cmp[0].rule.test | line), \($cmp[0].rule.location) of each launch" end)
				+ (if $not.new > 0 then " · not drawn: \($not.new) new" else "" end)
				+ (if $not.skipped > 0 then " · not drawn: \($not.skipped) skipped" else "" end);
				[$rows[].case | nonull])
			| . + {rows: ($rows | length), page_height: (200 + 20 * ($rows | length))} + $axis
			| settings)] | join("\n") + "\n"),
		   data: ([[range($rows | length) as $i | $rows[$i] | change_row($i + 1; $env; $threshold; $axis)]] | blocks)});

$new[0].environments[] as $env
| (if any($base[0].environments[]; .id == $env.id) then overlays($env) else empty end),
  (if $cmp[0].comparable then changes($env) else empty end)
