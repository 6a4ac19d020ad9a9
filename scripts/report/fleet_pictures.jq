# SPDX-License-Identifier: GPL-2.0-only
# What fleet.sh draws, in the form of pictures.jq. The input is what dmabench fleet --format json
# writes: a heat map a kind, machines by cases, the machines that are farthest off first.
include "lib";
include "gnuplot";

def per_page: 40;
def most_pages: 3; # a fleet of thousands needs no picture of each machine: the worst come first
def beyond: 0.25;  # what is farther off has the same colour

def clipped: if . > beyond then beyond elif . < -beyond then -beyond else . end;
def cut($most): line | if length > $most then .[:$most - 1] + "…" else . end;

# The cases that any machine has, by path and size: {at: in the lists of the file, path}.
def columns: [.cases | to_entries[] | select(.value.median != null)
	| {at: .key, path: .value.path, size: (.value.params.size // 0), id: .value.id}]
	| sort_by([.path, .size, .id]);

# Where each path begins and ends, for the axis.
def blocks_of: . as $columns | [range(length)] | group_by($columns[.].path)
	| map({path: $columns[.[0]].path, from: (min - 0.5), to: (max + 0.5)}) | sort_by(.from);

def ticks: map("\"\(.path | file_name)\" \((.from + .to) / 2)") | "set xtics (\(join(", ")))";

def kind_name($number): "fleet-\($number + 1)";

. as $fleet | .kinds | to_entries[] | .key as $number | .value as $kind
| select(($kind.machines | length) > 1) | ($kind | columns) as $columns
| select($columns | length > 0)
| ($columns | blocks_of) as $paths
| ($kind.machines | length) as $all
| [range(0; [$all, per_page * most_pages] | min; per_page)] as $pages
| $pages[] as $from | $kind.machines[$from:$from + per_page] as $rows
| ([$kind.cases[].engine | nonull | .kind] | unique) as $kinds
| ([$kind.environments[].platform] | if all(.[]; . == "vm-tcg") then .[0] else "" end) as $platform
| {name: (kind_name($number) + if $from == 0 then "" else "-\($from / per_page + 1)" end),
   template: "fleet",
   settings: ([({title: ("Machines of kind \($number + 1) against each other"
		+ if ($pages | length) > 1 then ", page \($from / per_page + 1) of \($pages | length)" else "" end),
	about: ($kind.what | cut(150)),
	note: ("\($all | counted("machine")), the farthest off first"
		+ (if $all > per_page * most_pages then ", \(per_page * most_pages) of them drawn" else "" end)
		+ " · crosses stand out" + (if $kind.judged then "" else " · not judged: too few" end)),
	band: band($platform; $kinds),
	page_height: (205 + 14 * ($rows | length)), rows: ($rows | length), columns: ($columns | length),
	limit: (100 * beyond), x_ticks: ($paths | ticks), paths: ($paths | length)} | settings),
	($rows | map((if .stands == "slower" then "▲ " elif .stands == "faster" then "▽ " else "" end)
		+ (.name | cut(28))) | strings("machine")),
	"array edge[\($paths | length)] = [\($paths | map(.to | tostring) | join(", "))]"] | join("\n") + "\n"),
   data: ([[$rows | to_entries[] | .key as $y | .value as $machine
		| $columns | to_entries[]
		| [.key, $y, ($machine.changes[.value.at] | if . == null then null else clipped * 100 end)]],
	([$rows | to_entries[] | .key as $y | [.value.cases[].id] as $ids
		| $columns | to_entries[] | select(.value.id as $id | $ids | index([$id])) | [.key, $y]]
		| if . == [] then [[null, null]] else . end)] | blocks)}
