# SPDX-License-Identifier: GPL-2.0-only
# Tables of what was counted beside the times: descriptors, and events of CPUs and kernel.
include "lib";
include "markdown";
include "rows";

def time_cell: if . == null then blank else duration end;

def descriptor_table: listing("Single descriptors";
	"From issue to completion, measured apart from the figures above. In flight: the average, beside"
	+ " the depth that was asked for.";
	["path", "size", "p50", "p90", "p99", "p99.9", "max", "descriptors", "per copy", "in flight",
	 "asked", "setting"];
	select(.descriptor_latency != null and .descriptor_latency.count > 0);
	[title, (.params.size | size_text),
	 (.descriptor_latency
	  | (.p50, .p90, .p99, .p99_9, .max | time_cell),
	    "\(.count)" + (if .unrecorded > 0 then " (\(.unrecorded) more not recorded)" else "" end),
	    (.per_op | figure), (.in_flight | figure),
	    (if .depth == 0 then "the driver's choice" else "\(.depth)" end)),
	 all_settings]);

def meanwhile_table: listing("Work done meanwhile";
	"The share of the time that the submitting thread spent on work of its own while copies were under way:"
	+ " units done, times what a unit takes alone.";
	["path", "size", "worked", "throughput", "setting"];
	select(.meanwhile != null);
	[title, (.params.size | size_text), (.meanwhile.value | percent),
	 (.throughput.value | rate), all_settings]);

def hardware_events: ["cycles", "instructions", "cache_references", "cache_misses"];
def software_events: ["page_faults", "context_switches", "cpu_migrations"];

# What stands beside a count that isn't of everything, all the time.
def event_note:
	(if .kernel == false then " (user)" else "" end)
	+ (if (.running // 1) < 1 then " (scaled, counted \(.running | percent) of the time)" else "" end);
def event_cell($scale): if .value? == null then blank
	else "\(.value * $scale | significant(3))\(event_note)" end;

# Input: cases. Why events of these names weren't counted, each reason once.
def event_reasons($names):
	[.[].events[$names[]] | select(.value == null) | .reason] | unique | map(md) | join("; ");

def event_table:
	map(select(.class != "none" and .events != null))
	| any(.[].events[hardware_events[]].value; . != null) as $pmu
	| any(.[].events | (.page_faults, .context_switches).value; . != null) as $software
	| if . == [] then empty
	  elif ($pmu or $software) | not then
		"", "#### Events", "", "Not counted: \(event_reasons(hardware_events + software_events))."
	  else listing("Events";
		"The caller's, with its threads and their children: counted apart from the figures above."
		+ (if $pmu then " References to and misses of the last-level cache per 64 bytes."
		   else " Cycles, instructions, cache misses: \(event_reasons(hardware_events))." end)
		+ (event_reasons(if $pmu then hardware_events else [] end + software_events)
		   | if . == "" then "" else " \(blank): \(.)." end);
		["path", "class", "size", "pages written"]
		+ (if $pmu then ["cycles/B", "instructions/B", "references/line", "misses/line"] else [] end)
		+ ["page faults/op", "context switches/op", "migrations/op", "setting"];
		.;
		[title, .class, (.params.size | size_text),
		 written,
		 (if $pmu then (.events | (.cycles, .instructions | event_cell(1)),
			(.cache_references, .cache_misses | event_cell(64))) else empty end),
		 (.events[software_events[]] | event_cell(1)),
		 all_settings]) end;
