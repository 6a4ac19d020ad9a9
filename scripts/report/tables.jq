# SPDX-License-Identifier: GPL-2.0-only
# The figures, environment by environment. Only ok cases have any.
include "lib";
include "analysis";
include "markdown";

def blank: "–";
def title: series_label | md;
def setting: all_text | md;
def written: .params.share | if . == null then blank else "\(.) %" end;

# Every case with these columns, under a heading; nothing if there is no case.
def listing($title; $note; $head; cases; row):
	[.[] | cases] | if . == [] then empty else
	"", "#### \($title)", "", (if $note == "" then empty else $note, "" end),
	table($head; map(row)) end;

def interval(f): if .ci95 == null then blank else "\(.ci95[0] | f) to \(.ci95[1] | f)" end;
def percent: "\(. * 100 | significant(2)) %";
def per_byte: if .value == null then "\(blank) (\(.reason // "not measured" | md))"
	else "\(.value | significant(3))" end;

def throughput_table: listing("Throughput of copies";
	"Median over launches, 95 % interval. Decimal units; each copied byte counts once.";
	["path", "size", "throughput", "interval", "time of one copy", "verified", "setting"];
	copies;
	[title, (.params.size | bytes), (.throughput.value | rate), (.throughput | interval(rate)),
	 (.time.value | duration), (.verified_bytes | bytes), setting]);

def other_table: listing("Snapshots and moves";
	"Not copies: a snapshot pays later for each page written, a move takes the source away.";
	["path", "class", "size", "pages written", "time", "interval", "verified", "setting"];
	select(.class == "snapshot" or .class == "move");
	[title, .class, (.params.size | bytes),
	 written,
	 (.time.value | duration), (.time | interval(duration)), (.verified_bytes | bytes), setting]);

def null_table: listing("The harness itself";
	"What timing nothing costs; it is contained in every figure above.";
	["path", "time", "interval"];
	select(.class == "none"); [title, (.time.value | duration), (.time | interval(duration))]);

def latency_cell($name): quantile($name) | if . == null then blank else duration end;
def latency_table: listing("Latency";
	"\(blank): too few timings for that quantile. A batch above 1: each timing is the mean of that"
	+ " many.";
	["path", "class", "size", "pages written", "p50", "p90", "p99", "p99.9", "max", "timings",
	 "batch", "setting"];
	select(.class != "none");
	[title, .class, (.params.size | bytes), written,
	 (("p50", "p90", "p99", "p99_9", "max") as $q | latency_cell($q)),
	 "\(.latency.count)", "\(.latency.ops_per_timing)", setting]);

def cpu_table: listing("CPU time";
	"Nanoseconds of CPU time per byte: of the caller, and of the whole machine with interrupts and"
	+ " kernel threads; and the share of all CPUs that is left for other work.";
	["path", "class", "size", "pages written", "caller", "machine", "CPUs left", "setting"];
	select(.class != "none");
	[title, .class, (.params.size | bytes), written,
	 (.cpu.caller | per_byte), (.cpu.machine | per_byte),
	 (.cpu.left | if .value == null then per_byte else .value | percent end), setting]);

def slowed: if .value == null then "\(blank) (\(.reason | md))"
	else "\(.value | significant(3)) %" end;
def neighbour_table: listing("Cost to a neighbour";
	"How much slower a process on another CPU works while the path runs (95 % interval), and the path beside"
	+ " it. Cache: pointer chase through half of its share of the last-level cache. Bandwidth: reads of a"
	+ " buffer four times that cache. Drift: the neighbour alone after against before; a slowdown no"
	+ " larger is not one.";
	["path", "class", "size", "cache", "interval", "drift", "path", "bandwidth", "interval", "drift",
	 "path", "CPU", "setting"];
	select(.neighbour != null);
	[title, .class, (.params.size | bytes),
	 (.neighbour | (.cache, .bandwidth) | slowed, interval("\(significant(3)) %"),
	  ((.drift, .path) | if . == null then blank else "\(significant(2)) %" end)),
	 (.neighbour | if .cpu == null then blank
		else "\(.cpu)" + (if .shares_cpu then ", shared with the path" else "" end)
			+ (if .smt_sibling then ", SMT sibling" else "" end) end), setting]);

def stages_table: listing("Stages of driver-side operations";
	"Time of one operation in the kernel. Entries: scatter-gather entries before → after mapping.";
	["path", "size", "pin", "map", "submit", "wait", "unmap", "unpin", "other", "total",
	 "descriptors", "source entries", "destination entries", "setting"];
	select(.stages != null);
	[title, (.params.size | bytes),
	 (.stages | (.pin, .map, .submit, .wait, .unmap, .unpin, .other, .total) | duration),
	 (.stages | "\(.descriptors | significant(3))",
	  "\(.sg_src_pinned | significant(3)) → \(.sg_src_mapped | significant(3))",
	  "\(.sg_dst_pinned | significant(3)) → \(.sg_dst_mapped | significant(3))"), setting]);

def outside_table($env):
	[(.outside // [])[] | select(.env == $env)] | if . == [] then empty else
	"", "#### From outside", "",
	"hyperfine's time of the same work, start-up subtracted, beside the harness's own.", "",
	table(["path", "size", "hyperfine", "harness", "ratio", "runs"];
		map([(.path | md), (.size | bytes), (.hyperfine_ns_per_op | duration),
		 (.harness_ns_per_op | if . == null then blank else duration end),
		 (.ratio | if . == null then blank else "\(significant(3))" end), "\(.runs)"])) end;

def tables:
	. as $file | .environments[] as $env
	| ($file | ok_cases($env.id)) as $ok
	| "", "### \($env.id | md)",
	  (band($env.platform; [$ok[] | .engine | nonull | .kind] | unique)
		| if . == "" then empty else "", "> **\(.)**" end),
	  (if $ok == [] then "", "No case of this environment has figures." else
		($ok | throughput_table, other_table, latency_table, cpu_table, neighbour_table, stages_table,
		 null_table) end),
	  ($file | outside_table($env.id));

# ---- what has no figures ----

def without($status):
	[.cases[] | select(.status == $status)]
	| group_by([.env, .path, .engine.driver?, .reason])
	| map([(.[0].env | md), (.[0] | title), "\(length)",
	       (map(.params.size) | unique | map(bytes) | join(", ")), (.[0].reason | md)])
	| if . == [] then "None." else table(["where", "path", "cases", "sizes", "reason"]; .) end;
