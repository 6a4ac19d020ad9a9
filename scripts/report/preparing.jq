# SPDX-License-Identifier: GPL-2.0-only
# What a copy of user memory needs beside moving bytes: the calls of the driver that do one of it each.
include "lib";

def preparing: plain | select(.path == "call-registered" or .path == "call-pin-fresh" or .path == "call-sync");

# Stages of a call, by name, in the order of curves.
def preparing_parts: .stages as $s | {
	"call-pin-fresh": {"pin fresh pages": $s.pin},
	"call-registered": {"pin pages that are there": $s.pin, "map": $s.map, "unmap and unpin": $s.unpin},
	"call-sync": {"sync to the engine": $s.map, "sync back": $s.unmap}}[.path] // {} | to_entries[];

# Input: an environment's ok cases. A panel an engine; in it, a curve a part and kind of page: ns per 4 KiB by size.
def preparing_panels:
	[.[] | preparing | select(.stages != null) | . as $case | preparing_parts | select(.value > 0)
	 | {part: .key, ns: (.value / ($case.params.size / 4096)), case: $case, engine: ($case.engine | engine_label)}]
	| group_by(.engine)
	| map({engine: .[0].case.engine, label: .[0].engine, cases: map(.case),
		curves: (group_by([.part, .case.params.pages])
			| map({part: .[0].part, pages: .[0].case.params.pages,
				rows: (map([.case.params.size, .ns]) | sort)}))});
