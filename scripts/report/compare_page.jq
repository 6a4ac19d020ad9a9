# SPDX-License-Identifier: GPL-2.0-only
# compare.md, line by line. $results[0]: [{label, result}], the first is the base; of the others
# $verdicts[0] and $decisions (Markdown) are what dmabench compare says, $aparts[0] what it describes; $answers[0]
# what dmabench answer says of each; $pictures and $undrawn as in report.jq.
include "lib";
include "markdown";

def title: if length == 2 then "dmabench: two results side by side" else "dmabench: \(length) results side by side" end;

def engines: [(.engines[]? | "\(.driver // "?" | line) (\(.kind // "?"))"), (.engines_unlisted[]? | "\(.what // "?" | line) (not listed)")]
	| unique | if . == [] then "none" else join(", ") end;
def result_rows:
	[.[] | .label as $name | .result | .run as $run | .tool as $tool | .cases as $cases | .environments[]
	 | .id as $id | [($name | md), (.id | md), (.identity | "\(.cpu_model // "unnamed CPU" | line), \(.cpus) CPUs" | md),
	    (.platform | platform_words), (.conditions.kernel // "?" | md), (engines | md), ($run.start[0:10] | md),
	    "\([$cases[] | select(.env == $id)] | launches_of)", ($tool | "\(.version | line) (\(.commit | line))" | md)]];

# ---- what differs ----

# With the unit that its name has.
def in_units($name): if type != "number" then . elif $name | endswith("_ns") then duration elif $name | endswith("_bytes") then bytes else . end;
def shown: if type == "string" then . elif . == null then "–" else tojson end | line | if length > 60 then .[:59] + "…" else . end | md;
def differing($labels):
	[to_entries[] | .key as $i | .value.differences[] | select(.allowed | not) | . + {other: ($i + 1)}]
	| group_by([.env, .name]) | map([(.[0] | (if .env == null then "" else "\(.env | line): " end) + (.name | line | rtrimstr("_ns") | rtrimstr("_bytes") | gsub("_"; " ")) | md),
		(.[0] | .name as $name | .base | in_units($name) | shown)] + (. as $same | [range(1; $labels | length) as $i | first(($same[] | select(.other == $i) | .name as $name | .new | in_units($name) | shown), "the same")]))
	| if . == [] then empty else
	"", "## What differs", "",
	"These results are of other machines, or of other conditions: what follows describes, and decides nothing between them.", "",
	table(["" ] + ($labels | map(md)); .) end;

# ---- how many times as fast ----

def times: if . == null then "–" else 1 / (1 + .) end;
def ratio: if .change == null then "–"
	else (1 / (1 + .change)) as $r
	| "\($r | significant(3))" + (if .ci95 == null then "" else " (\(1 / (1 + .ci95[1]) | significant(3)) to \(1 / (1 + .ci95[0]) | significant(3)))" end)
	| if .[0:1] == "–" then . else . end end;
def clear: .ci95 != null and (.ci95[0] > 0 or .ci95[1] < 0);
def ratio_cell: if . == null then "–" elif clear then "**\(ratio)**" else ratio end;
def speed_tables($results):
	([$results[0].result.cases[]] | map({key: .id, value: .}) | from_entries) as $by_id
	| . as $aparts
	| [.[].cases[] | select(.verdict == "DESCRIBED" and .figure == "time") | .id] as $all
	| (reduce $results[0].result.cases[].id as $id ([]; if $all | index([$id]) then . + [$id] else . end)) as $ids
	| if $ids == [] then "", "## How many times as fast", "", "\($results[0].label | md) has no case in common with another that has times that mean something." else
	"", "## How many times as fast", "",
	"Time of \($results[0].label | md) divided by the other's: above 1 the other is faster. The ratio is the median of the ratios of each"
	+ " launch of the one to each launch of the other (Hodges and Lehmann's estimate), and not the ratio of two medians; a launch counts by the"
	+ " median of its samples. 95 % intervals in brackets; bold: the interval doesn't hold 1.", "",
	table(["path", "size", "setting", ($results[0].label | md)] + ($results[1:] | map(.label | md));
		[$ids[] as $id | $by_id[$id] as $case | [($case | series_label | md), ($case.params.size | size_text),
			([($case | all_text), ($case.params.share | nonull | "\(.) % written")] | map(select(. != "")) | join(", ") | md),
			($case.time.value | duration)]
			+ [$aparts[] | first((.cases[] | select(.id == $id and .figure == "time" and .verdict == "DESCRIBED")), null) | ratio_cell]])
	end;

def said: to_entries[] | .key as $i | .value[] | select(.advice) | "- **\($results[0][$i].label | md)**, \(.env | md): \(.sentences | map(md) | join(" "))";
def answers: [$answers[0] | said] | if . == [] then empty else "", "## What each says", "", .[] end;

def verdicts($labels):
	[range($verdicts[0] | length) as $i | select($verdicts[0][$i].comparable)
	 | "", "## \($labels[0] | md) and \($labels[$i + 1] | md)", "", ($decisions[$i] | sub("^## "; "### "))]
	| .[];

def kinds: {"change": "Change of each case", "rate": "Throughput by size", "latency": "Latency by size", "cpu": "CPU time by size",
	"time": "Time by size", "cow": "Not copying, by share of pages written", "crossover": "From which size on a path beats memcpy"};
def picture_lines:
	(reduce $results[0][].result.environments[].id as $id ([]; ($id | file_name) as $e
		| if index([$e]) then . else . + [$e] end)) as $envs
	| [kinds | to_entries[] | .key as $kind | .value as $words | $envs[] | "compare-\($kind)-\(.)" as $stem
	 | ($stem, (range(2; 100) | "\($stem)-\(.)")) | select(. as $name | $pictures | index([$name]))
	 | "", "![\($words)](plots/\(.).svg)"]
	+ [$undrawn[] | "", "Not drawn: \(.name | md), because \(.reason | md)"]
	| if . == [] then empty else "", "## Pictures", .[] end;

($results[0] | map(.label)) as $labels
| "# \($results[0] | title)", "",
  table(["result", "environment", "machine", "what it is", "kernel", "DMA engines", "date", "launches", "dmabench"]; $results[0] | result_rows),
  ([$verdicts[0][] | if .comparable then .differences = [] else . end] | differing($labels)),
  verdicts($labels), answers, picture_lines, ($aparts[0] | speed_tables($results[0]))
