# SPDX-License-Identifier: GPL-2.0-only
# From a result of scripts/dev/limit/guest, in Markdown: what share of the engine's own rate the paths
# reach. $rate, $latency: what the simulator was set to; $free: its result without limits.
include "limit";

def percent: "\(. * 1000 | round / 10) %";
def us: "\(. / 100 | round / 10)";
def bytes: if . >= 1048576 then "\(. / 1048576)M" elif . >= 1024 then "\(. / 1024)K" else "\(.)" end;
def row: "| \(join(" | ")) |";
def table($head): "", ($head | row), ($head | map("---") | row), (.[] | row);
def paths: ["registered", "coherent", "engine", "pinned"];

# The allocator of coherent memory ends below 4 MiB and its guards.
def unexpected: .status != "ok" and (.path != "coherent" or .params.size < longest);

def free_line: [.cases[] | "\(.throughput.value / 1e6 | round) MB/s (\(.params.size | bytes))"]
	| join(", ");

def size_table: [.[] | select(by_default)] | group_by(.params.size)
	| map(. as $of | [$of[0].params.size | bytes]
		+ [paths[] as $path | [$of[] | select(.path == $path) | share | percent] | .[0] // "–"])
	| table(["size"] + paths);

def latency_table: [.[] | select(.params.depth == 1 and .params.chunk == 0)]
	| map([.path, (.params.size | bytes), (own | us), (.time.value | us), (.stages.wait - own | us),
		(.stages | .pin + .unpin, .map + .unmap, .submit, .other | us),
		(.time.value - .stages.total | us)])
	| table(["path", "size", "engine", "operation", "waited longer", "pin, unpin", "map, unmap",
		"submit", "other", "system call, harness"]);

def depth_table: [.[] | select(.params.depth > 0 and .params.chunk > 0)] | group_by(.params.depth)
	| map(. as $of | ["\($of[0].params.depth)"]
		+ [("registered", "pinned") as $path | $of[] | select(.path == $path) | share | percent])
	| table(["depth", "registered", "pinned"]);

def chunk_table: [.[] | select(.params | .depth == 0 and .chunk > 0 and .pages != "4K")] | group_by(.params.chunk)
	| map(. as $of | [$of[0].params.chunk | bytes]
		+ [(1048576, 16777216) as $size | ("registered", "pinned") as $path
		   | $of[] | select(.path == $path and .params.size == $size) | share | percent])
	| table(["chunk", "registered 1M", "pinned 1M", "registered 16M", "pinned 16M"]);

def pages_table: [.[] | select(.params.pages == "4K")]
	| map([.path, (.params.size | bytes), "\(.stages.descriptors | round)", (share | percent),
		(own / .time.value | percent)])
	| table(["path", "size", "descriptors", "of the limit", "of the model"]);

def missed: map(select(too_slow) | "\(.path) at \(.params.size | bytes): \(share | percent)")
	+ map(select(woken_late) | "\(.path) at \(.params.size | bytes): waited \(.stages.wait - own | us) µs longer")
	| if . == [] then "Every goal is met." else "Goals missed: \(join("; "))." end;

[.cases[] | select(unexpected) | "\(.id): \(.reason)"] as $bad
| if $bad != [] then error($bad | join("; ")) else . end
| .environments[0].platform as $platform
| [.cases[] | select(.status == "ok")]
| "\($platform); the engine: \($rate / 1e6) MB/s, \($latency / 1e3) µs a descriptor. Without a limit it moves "
	+ ($free[0] | free_line) + ".",
"", "Share of the limit by size, depth and chunk by default:", size_table,
"", "One descriptor at a time, in microseconds:", latency_table,
"", "Share of the limit by depth, 4M in descriptors of 64K:", depth_table,
"", "Share of the limit by chunk, depth by default:", chunk_table,
"", "In 4 KiB pages, wherever they lie: of the limit, and of the model's time for the descriptors that it takes:",
pages_table,
"", missed
