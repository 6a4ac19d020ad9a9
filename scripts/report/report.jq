# SPDX-License-Identifier: GPL-2.0-only
# report.md, line by line. $pictures: names of the pictures there are, without .svg; $undrawn: those
# that couldn't be drawn, with reasons; $answer[0]: what
# dmabench answer --json says of it.
include "lib";
include "markdown";
include "answer";
include "limits";
include "noise";
include "selfchecks";
include "tables";
include "machine";

def questions: {
	"throughput": "Throughput by size", "latency": "Latency percentiles by size",
	"cpu": "CPU time that a copy takes", "stages": "Where a driver-side operation spends its time",
	"access": "The CPU's own rate in each kind of memory",
	"preparing": "Pinning, mapping and syncing by themselves",
	"cow": "Not copying: cost by share of pages written", "cache": "Hot and cold caches",
	"numa": "Throughput by node",
	"pipeline": "Throughput by depth and by chunk",
	"loaded": "Latency while others take bandwidth",
	"neighbour": "What each path costs a process on another CPU"};

def notices:
	(if .run.complete then empty else
		"> **INCOMPLETE RUN: \(.run.launches_done) of \(.run.launches_planned) launches.**"
		+ " It was interrupted or is still going; don't quote these figures.", "" end),
	(.not_measured // [] | .[] | select(.failed)
		| "> **NOT MEASURED: \(.part | md)**, because \(.reason | md)", ""),
	(.environments[] | select((.state.changed // []) != [])
		| "> **`\(.id | code)`: SETTINGS CHANGED DURING THE RUN: "
		+ "\(.state.changed | map(.what | gsub("_"; " ") | md) | unique | join(", "))**", ""),
	self_check_notice,
	(. as $file | .environments[] as $env
	| band($env.platform; [$file | ok_cases($env.id)[] | .engine | nonull | .kind] | unique)
	| select(. != "") | "> **`\($env.id | code)`: \(.)**", "");

def pictures:
	. as $file | .environments[] as $env
	| [questions | keys_unsorted[] as $q | "\($q)-\($env.id | file_name)" as $name
		| select($pictures | index([$name]))
		| "", "![\(questions[$q]), \($env.id | md) (\($env.platform))](plots/\($name).svg)"]
	+ [questions | keys_unsorted[] as $q | "\($q)-\($env.id | file_name)" as $name
		| $undrawn[] | select(.name == $name)
		| "", "Not drawn: \(questions[$q]), \($env.id | md), because \(.reason | md)"]
	| if . == [] then "", "No picture of \($env.id | md): no data." else .[] end;

"# dmabench: which way to move bytes here", "",
notices,
"## The answer",
answer($answer[0]; $pictures),
"", "## What the data can't say", "", limits,
"", "## Noisy cases", "", noise,
"", "## Is this harness right?", "", self_checks,
"", "## Pictures", pictures,
"", "## Figures", tables($answer[0]),
"", "## Failed cases", "", without("failed"),
"", "## Skipped cases", "", without("skipped"),
"", "## The machine", machines,
"", "## How to do it again", "", again
