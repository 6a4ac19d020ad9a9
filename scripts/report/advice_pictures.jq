# SPDX-License-Identifier: GPL-2.0-only
# What advise.sh draws, in the form of pictures.jq. The input is what dmabench advise --json writes.
include "lib";
include "gnuplot";

# Decimal, as advise says it.
def amount: if . >= 1e12 then scaled(1e12; "TB") elif . >= 1e9 then scaled(1e9; "GB") elif . >= 1e6 then scaled(1e6; "MB")
	elif . >= 1e3 then scaled(1e3; "kB") else scaled(1; "B") end;

# Edges of a bin on a logarithmic axis.
def left: [.from, 0.5] | max;
def right: if .to == null then .from * 2 else .to + 1 end;

def rows: [("hot", "cold") as $cache | ("synchronous", "overlapped") as $manner
	| select(.[$cache] != null and .[$cache][$manner] != null)
	| {cache: $cache, manner: $manner,
	   text: (if $manner == "overlapped" then "meanwhile, " else "" end + $cache),
	   better: [.[$cache].better[] | select(.manner == $manner)]}];
# At the ends of what was measured nothing crosses.
def crossings: [.[] | .cache as $cache | .better[]
	| (select(.after != null) | {path, low: .after, high: .from, dash: (if $cache == "hot" then 1 else 2 end)}),
	  (select(.before != null) | {path, low: .to, high: .before, dash: (if $cache == "hot" then 1 else 2 end)})];
def numbers($name): "array \($name)[\(length)] = [\(map(tostring) | join(", "))]";
def if_any(f): if length > 0 then f else empty end;

. as $advice | rows as $rows | ($rows | crossings) as $crossings
| [$rows | to_entries[] | .key as $key | .value.better[] | . + {row: ($key + 1)}] as $bars
| ($bars | map(.path) | unique) as $names
| ([.sizes[] | left] + [.hot, .cold | nonull | .measured_from] | min) as $from
| ([.sizes[] | right] + [.hot, .cold | nonull | .measured_to] | max) as $to
| ([range(0; 41) | pow(2; .) | select(. >= $from and . <= $to)]) as $powers
| ($powers | if length > 9 then [.[range(0; length; (length / 9 | ceil))]] else . end) as $ticks
| {name: "advice", template: "advice",
   settings: ([({title: "Copies of \(.profile.program | line) by size, and where another way is faster",
	about: ("\(.result.cpu_model // "unnamed CPU" | line) · \(.result.platform) · \(.result.start[0:10])"
		+ " · \([.hot, .cold | nonull | .launches] | min | counted("launch")) · \(.profile.calls) copies, \(.profile.bytes | amount)"),
	note: (.result.setting + " · crossovers lie between measured sizes; broken: cold caches"),
	band: (if .same_machine then "" else "FIGURES OF ANOTHER MACHINE" end),
	x_from: $from, x_to: $to, rows: ($rows | length), bars: ($bars | length),
	crossovers: ($crossings | length), names: ($names | length)} | settings),
	($ticks | {x_ticks: "set xtics (\(map("\"\(bytes)\" \(.)") | join(", ")))",
		bare_ticks: "set xtics (\(map("\"\" \(.)") | join(", ")))"} | settings),
	($rows | map(.text) | strings("row")),
	($names | if_any((map(file_name) | strings("path")), strings("label"))),
	($bars | if_any((map(.path | file_name) | strings("bar_path")), (map(.row) | numbers("bar_row")),
		(map(.from) | numbers("bar_from")),
		# A single size is drawn as wide as a bin of it.
		(map(if .from == .to then .to * 1.19 else .to end) | numbers("bar_to")))),
	($crossings | if_any((map(.path | file_name) | strings("cross_path")), (map(.dash) | numbers("cross_dash")),
		(map(.low) | numbers("cross_from")), (map(.high) | numbers("cross_to"))))] | join("\n") + "\n"),
   data: ([[.sizes[] | [left, right, 100 * .calls / $advice.profile.calls,
	100 * .bytes / ([$advice.profile.bytes, 1] | max)]]] | blocks)}
