# SPDX-License-Identifier: GPL-2.0-only
# What trend.sh draws, in the form of pictures.jq. The input is what dmabench trend --format json
# writes: a panel a case, those that changed most first.
include "lib";
include "gnuplot";
include "pages";

def least_span: 0.1; # of the level: noise of 1 % shall look like what it is

def most_changed: [.changes[].change | fabs] | max // 0;
def unit_of($env): (.values | max) as $most
	| if $env.platform == "vm-icount" then {name: "instructions", divisor: 1}
	  else first(({name: "ms", divisor: 1e6}, {name: "µs", divisor: 1e3})
		| select($most / .divisor >= 10)) // {name: "ns", divisor: 1} end;
def axis($divisor): (.values | min) as $low | (.values | max) as $high
	| ([($high - $low) * 1.3, ($low + $high) / 2 * least_span] | max) as $span
	| [($low + $high - $span) / 2, ($low + $high + $span) / 2] | map([., 0] | max / $divisor);

def change_text: . * 100 | (if . >= 0 then "+" else "−" end) + "\(fabs | significant(2)) %";
# Levels as [first run, last run, value]; the value is what the report calls before and after.
def level_rows($divisor):
	(.changes | map(.run)) as $starts | (.runs | [.[0]] + $starts) as $from
	| (.changes | if . == [] then [] else [.[0].before] + map(.after) end) as $values
	| . as $case
	| [range($values | length) as $i
	   | [$from[$i] - 0.5, (($from[$i + 1] // ($case.runs[-1] + 1)) - 0.5), $values[$i] / $divisor]];
def or_none($columns): if . == [] then [[range($columns) | null]] else . end;

def date_ticks($runs):
	[0, (($runs | length) - 1) / 2, ($runs | length) - 1] | map(floor) | unique
	| "set xtics (\(map("\"\($runs[.].start[0:10])\" \(.)") | join(", ")))";

. as $trend | .environments[] as $env
| [.cases[] | select(.env == $env.id and (.values | length) > 1
	and (.reason == null or (.reason | contains("mean nothing") | not)))]
| select(length > 0) | sort_by(-most_changed) | varying as $axes
| length as $all | ([.[] | select(.changes != [])] | length) as $changed
| pages("trend"; $env; 12;
	. as $page | .rows | . as $rows
	| ([$rows[].engine | nonull | .kind] | unique) as $kinds
	| {template: "trend",
	   settings: ([({title: "Time of each case over \($trend.runs | length) runs\($page | page_text) — \($env.id | line)",
		about: ("\($env.identity | "\(.cpu_model // "unnamed CPU" | line), \(.cpus) CPUs") · \($env.platform)"
			+ " · commits \($trend.runs[0].commit | line) to \($trend.runs[-1].commit | line)"
			+ " · \($changed) of \($all) cases changed"),
		note: ("E-divisive, \($trend.alpha * 100) % for a false change in all cases together"
			+ " · \($trend.location) of each launch, median over launches"),
		band: band($env.platform; $kinds),
		page_height: (130 + 165 * (($rows | length) / 3 | ceil)), panels: ($rows | length),
		last: (($trend.runs | length) - 1), x_ticks: date_ticks($trend.runs)} | settings),
		($rows | map("\(short($axes)) [\(unit_of($env).name)]") | strings("panel")),
		($rows | map(.path | file_name) | strings("path")),
		([$rows[] | unit_of($env) as $unit | axis($unit.divisor)]
			| "array bottom[\(length)] = [\(map(.[0] | tostring) | join(", "))]",
			  "array top[\(length)] = [\(map(.[1] | tostring) | join(", "))]")] | join("\n") + "\n"),
	   data: ([$rows[] | unit_of($env).divisor as $divisor
		| ([.runs, (.values | map(. / $divisor))] | transpose),
		  (level_rows($divisor) | or_none(3)),
		  (.changes | map([.run, .after / $divisor, "\($trend.runs[.run].commit | line | .[:8]) \(.change | change_text)", .change]) | or_none(3))] | blocks)})
