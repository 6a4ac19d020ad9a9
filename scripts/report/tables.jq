# SPDX-License-Identifier: GPL-2.0-only
# The figures, environment by environment. Only ok cases have any.
include "lib";
include "analysis";
include "markdown";
include "rows";
include "counters";
include "numa";
include "preparing";
include "access";

def per_byte: if .value == null then "\(blank) (\(.reason // "not measured" | md))"
	else "\(.value | significant(3))" end;

# "84 % of the memory's 15.1 GB/s".
def bound_share: [.bounds // [] | .[] | "\(.share | percent) of the \(.what)'s \(.value | rate)"]
	| if . == [] then blank else join(", ") end;

def throughput_table: listing("Throughput of copies";
	"Median over launches, 95 % interval. Decimal units; each copied byte counts once. Variation:"
	+ " standard deviation over mean, of launches / of samples in a launch. Bound: the fastest sample of a copy by all"
	+ " CPUs of buffers beyond the caches, of this size or less; of an engine's PCI link one direction.";
	["path", "size", "throughput", "interval", "of the bound", "time of one copy", "variation", "verified",
	 "setting"];
	copies;
	[title, (.params.size | size_text), (.throughput.value | rate), (.throughput | interval(rate)), bound_share,
	 (.time.value | duration), variation, (.verified_bytes | bytes), all_settings]);

def other_table: listing("Snapshots, moves and views";
	"Not copies: a snapshot pays later for each page written, a move takes the source away, a view"
	+ " shares the bytes.";
	["path", "class", "size", "pages written", "time", "interval", "variation", "verified",
	 "setting"];
	select(.class == "snapshot" or .class == "move" or .class == "view");
	[title, .class, (.params.size | size_text),
	 written,
	 (.time.value | duration), (.time | interval(duration)), variation, (.verified_bytes | bytes),
	 all_settings]);

def null_table: listing("The harness itself";
	"What timing nothing costs. It is contained in each figure above but those of CPU copies, which loop by themselves.";
	["path", "time", "interval"];
	plain | select(.class == "none"); [title, (.time.value | duration), (.time | interval(duration))]);

def latency_cell($name): quantile($name) | if . == null then blank else duration end;
def latency_table: listing("Latency";
	"\(blank): fewer than ten timings lie beyond that percentile. A batch above 1: each timing is the"
	+ " mean of that many.";
	["path", "class", "size", "pages written", "p50", "p90", "p99", "p99.9", "max", "timings",
	 "batch", "setting"];
	select(.class != "none");
	[title, .class, (.params.size | size_text), written,
	 (("p50", "p90", "p99", "p99_9", "max") as $q | latency_cell($q)),
	 "\(.latency.count)", "\(.latency.ops_per_timing)", all_settings]);

def cpu_table: listing("CPU time";
	"Nanoseconds of CPU time per byte: of the caller, and of the whole machine with interrupts and"
	+ " kernel threads; and the share of all CPUs that is left for other work.";
	["path", "class", "size", "pages written", "caller", "machine", "CPUs left", "setting"];
	select(.class != "none");
	[title, .class, (.params.size | size_text), written,
	 (.cpu.caller | per_byte), (.cpu.machine | per_byte),
	 (.cpu.left | if .value == null then per_byte else .value | percent end), all_settings]);

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
	[title, .class, (.params.size | size_text),
	 (.neighbour | (.cache, .bandwidth) | slowed, interval("\(significant(3)) %"),
	  ((.drift, .path) | if . == null then blank else "\(significant(2)) %" end)),
	 (.neighbour | if .cpu == null then blank
		else "\(.cpu)" + (if .shares_cpu then ", shared with the path" else "" end)
			+ (if .smt_sibling then ", SMT sibling" else "" end) end), all_settings]);

def stages_table: listing("Stages of driver-side operations";
	"Time of one operation in the kernel. Entries: scatter-gather entries before → after mapping.";
	["path", "size", "pin", "map", "submit", "wait", "unmap", "unpin", "other", "total",
	 "descriptors", "source entries", "destination entries", "setting"];
	select(.class != "call" and .stages != null);
	[title, (.params.size | size_text),
	 (.stages | (.pin, .map, .submit, .wait, .unmap, .unpin, .other, .total) | duration),
	 (.stages | "\(.descriptors | significant(3))",
	  "\(.sg_src_pinned | significant(3)) → \(.sg_src_mapped | significant(3))",
	  "\(.sg_dst_pinned | significant(3)) → \(.sg_dst_mapped | significant(3))"), all_settings]);

def access_table($env): with_ordinary | if all(.[]; .case.class != "access") then empty else
	"", "#### The CPU's own rate in each kind of memory", "",
	"Reading is a sum of all bytes, writing a known pattern, out is memcpy to ordinary memory; `call-pread` is read() of a kernel buffer."
	+ " Compared is with the same in ordinary memory (4K pages, hot cache). The mapping: what the platform says of it.", "",
	table(["path", "size", "rate", "time", "interval", "time, ordinary memory 1", "mapping", "setting"];
		map(.ordinary as $o | .case | [title, (.params.size | size_text), (.params.size * 1e9 / .time.value | rate),
		 (.time.value | duration), (.time | interval(duration)),
		 (if $o == null then blank else .time.value / $o.time.value | "\(significant(2))" end),
		 (if .path == "memory-read" or .path == "memory-write" then "ordinary" elif .path == "call-pread" then blank
		  else mapping($env) // "not known" end), all_settings])) end;

def per_page($ns): if $ns == 0 then blank else $ns / (.params.size / 4096) | duration end;
def preparing_table: listing("Pinning, mapping and syncing by themselves";
	"Time per 4 KiB, of calls that copy nothing. Fresh pages are got while they are pinned. A sync hands bytes to the engine and"
	+ " back; where CPU and engine see the same bytes at all times it does nothing.";
	["call", "size", "pin", "map", "unmap and unpin", "sync to the engine", "and back", "is syncing needed?", "setting"];
	preparing | select(.stages != null);
	(.path == "call-sync") as $sync | [title, (.params.size | size_text),
	 per_page(.stages.pin), per_page(if $sync then 0 else .stages.map end), per_page(.stages.unpin),
	 per_page(if $sync then .stages.map else 0 end), per_page(.stages.unmap),
	 (if $sync then .variant.name // blank else blank end), all_settings]);

# ---- the CPU's part ----

def used_by_cpu: .params.use | if . == "read" then "read" else "written, read" end;
# The time of the same case but for one parameter, as of the operation alone, and its setting likewise.
def time_without($name; $all): . as $c
	| first((first($all[] | select(.path == $c.path and .engine == $c.engine and .params == ($c.params | del(.[$name])))
		| .time.value)), null) | if . == null then blank else duration end;
def settings_without($name): . + {params: (.params | del(.[$name]))} | all_settings;
def use_table: . as $all | listing("The whole way of the bytes";
	"The CPU writes all of the source, the path operates, the CPU reads all of the destination: a copy alone leaves the latter"
	+ " for later. The parts were timed in operations of their own. Alone: the same case without the CPU's part.";
	["path", "class", "size", "by the CPU", "time", "interval", "writing", "operation", "reading", "operation alone", "setting"];
	select(.use != null);
	[title, .class, (.params.size | size_text), used_by_cpu, (.time.value | duration), (.time | interval(duration)),
	 (.use | if .write == null then blank else .write | duration end), (.use | .operation, .read | duration),
	 time_without("use"; $all), settings_without("use")]);

def fresh_table: . as $all | listing("Fresh pages";
	"Each operation goes into pages that were never touched before, as in memory just allocated: page faults, and zeroing, are"
	+ " in its time. Prefaulted: the same case with pages that are there.";
	["path", "size", "time", "interval", "prefaulted", "pages", "faults", "setting"];
	select(.fresh != null);
	[title, (.params.size | size_text), (.time.value | duration), (.time | interval(duration)),
	 time_without("touch"; $all), (.fresh | .pages, .faults | "\(significant(3))"), settings_without("touch")]);

def load_table: listing("While others take bandwidth";
	"Processes on the other CPUs read memory for so much of their time; what they got, and the latency of an operation beside them.";
	["path", "class", "size", "load", "others got", "on CPUs", "p50", "p99", "time", "interval", "setting"];
	select(.load != null);
	[title, .class, (.params.size | size_text), "\(.params.load) %", (.load.value | rate), "\(.load.cpus)",
	 (("p50", "p99") as $q | latency_cell($q)), (.time.value | duration), (.time | interval(duration)),
	 settings_without("load")]);

# Input: the case. What dmabench answer says of it beside its like in one direction.
def direction_told($answers): . as $c | first($answers[] | .directions[]? | select(.id == $c.id)), null;
def direction_table($answers): . as $all | listing("Both directions at once";
	"Half of the threads copy from A to B, the other half at the same time from B to A, between memory of their own on each side;"
	+ " the size and the rate are of both together. Beside it: the same case in one direction.";
	["path", "size", "rate", "interval", "time", "one direction's time", "times one direction's rate", "interval", "setting"];
	select(.params.direction == "both");
	first(direction_told($answers)) as $told
	| [title, (.params.size | size_text), (.throughput.value | rate), (.throughput | interval(rate)), (.time.value | duration),
	 time_without("direction"; $all),
	 (if $told == null then blank, blank else ($told.value | "\(significant(3))"), ($told | interval("\(significant(3))")) end),
	 settings_without("direction")]),
	([.[] | select(.params.direction == "both") | first(direction_told($answers)) as $told | select($told != null)
		| "- \(title), \(.params.size | size_text), \(settings_without("direction")): \($told.words | md)."]
	 | if . == [] then empty else "", .[] end);

# ---- work queues ----

def submissions_table: listing("Work queues";
	"Per operation: descriptors handed over, pages that the device didn't find, and times that the queue had no room.";
	["path", "size", "queue", "descriptors", "page faults", "no room", "setting"];
	select(.submissions != null);
	[title, (.params.size | size_text), (.engine.name | md),
	 (.submissions | (.descriptors, .faults, .retries) | "\(significant(3))"), all_settings]);

# One device in three ways: the fastest case of each, by size.
def fastest_of(f): [.[] | select(f)] | min_by(.time.value)
	| if . == null then blank else "\(.throughput.value | rate) (\(title))" end;
def is_user_queue: .engine.driver? // "" | startswith("idxd-");
def queue_table:
	[.[] | copies | select(.params.cache? // "hot" == "hot")] as $copies
	| [$copies[] | select(is_user_queue) | .params.size] | unique
	| if . == [] then empty else
	"", "#### DSA: the CPU, a kernel queue, a user queue", "",
	"The fastest case of each, hot caches. A queue's figure is also that of how the destination is left: in memory or in the cache.", "",
	table(["size", "CPU", "kernel queue", "user queue"];
		map(. as $size | [$copies[] | select(.params.size == $size)]
		| [($size | size_text), fastest_of(.engine == null), fastest_of(.engine.driver? == "idxd"),
		   fastest_of(is_user_queue)])) end;

# ---- by node ----

# Times of an emulated machine are no reason to call anything best.
def numa_cell($matrix; $cpu; $marks): if . == null then blank else
	.throughput.value as $value | ($matrix | local($cpu)) as $local
	| "\($value / 1e9 | significant(3))"
	+ (if $local == null then "" else " (×\($value / $local | significant(2)))" end)
	+ (if $marks | not then "" elif $value == $matrix.best then " **best**"
	   elif $value == $matrix.worst then " *worst*" else "" end) end;
def numa_table($marks): . as $matrix
	| "", "\(.label | md), \(.size | size_text)"
	+ (.engine | if . == null then ""
	   elif .node >= 0 then ", engine on node \(.node)" else ", the engine's node is not known" end)
	+ "\(.setting | if . == "" then "" else ", " + md end):", "",
	table(["CPU node"] + .columns;
		[.rows[] as $cpu | ["\($cpu)"] + [$matrix.columns[] as $column
			| $matrix | at($cpu; $column) | numa_cell($matrix; $cpu; $marks)]]);
def numa_tables($env):
	[numa_matrices($env.id)] | if . == [] then empty else
	"", "#### Throughput by node", "",
	"GB/s, columns source→destination. In brackets the ratio to the row's local copy: both buffers"
	+ " on the engine's node where it is known, else on the CPU's."
	+ (if $env | emulated_platform then "" else " Best and worst are of their table; others may"
	   + " be as good within the intervals." end),
	(.[] | numa_table($env | emulated_platform | not)) end;

# ---- page sizes and cold caches ----

# What share of source and destination was in pages of the kind that was asked for, at least.
def obtained($kind):
	[.launches[].placement | nonull | .src_pages, .dst_pages | nonull
	 | ([.[] | select(.kind == $kind).bytes] | add // 0) / (map(.bytes) | add)] | min;
def huge_kind: {"thp": "thp", "2M": "hugetlb", "1G": "hugetlb"}[.params.pages // ""];
def pages_table: listing("Huge pages that were not all had";
	"The share of a buffer that lay in pages of the kind asked for, in the worst launch.";
	["path", "size", "asked for", "had", "setting"];
	select(huge_kind != null) | obtained(huge_kind) as $share
	| select($share != null and $share < 1) | . + {share: $share};
	[title, (.params.size | size_text), .params.pages, (.share | percent), all_settings]);

def cold_verdict:
	if .cold == null then "not known: \(.reason | md)"
	elif is_cold then "cold" else "**not cold**" end;
def cold_table: listing("Cold caches";
	"Time to read one cache line of the buffers after the eviction, and once more, one load at a"
	+ " time. Cold is at least \(cold_factor) times the second, and \(cold_least) ns.";
	["path", "size", "first touch", "second touch", "cold?", "setting"];
	select(.first_touch != null);
	[title, (.params.size | size_text),
	 (.first_touch | (.cold, .hot | if . == null then blank else duration end), cold_verdict),
	 all_settings]);

def crossing_side: (.path | md) + (if .engine == null then "" else " · \(.engine | engine_label | md)" end);
def crossover_table($env):
	[(.crossovers // [])[] | select(.env == $env)] | if . == [] then empty else
	"", "#### Crossovers", "",
	"Found by bisection: up to the first size the one is seen to be faster, from the second size on the other;"
	+ " between them it can't be told.", "",
	table(["paths", "up to", "faster", "from", "faster", "sizes judged"];
		map(["\(.first | crossing_side) and \(.second | crossing_side)"]
		 + (if .found then [(.below | bytes), (.faster_below | md), (.above | bytes), (.faster_above | md)]
		  else [blank, "no crossing found", blank, blank] end) + ["\(.points | length)"])) end;

# ---- setting up, and a byte ----

def cost_half: if .half.value == null or (.fixed.seen | not) then blank
	elif .half.value < .from then "below \(.from | size_text)" else .half.value | bytes end;
def beside: if .beside == [] then blank
	else .beside | map("\(.size | size_text)" + (.ratio | if . == null then "" else " ×\(significant(2))" end)) | join(", ") end;
def cost_fixed: if .seen then .value | duration else "none seen" end;
def fixed_interval: if .ci95 == null or .undercut then blank
	elif .seen then interval(duration) elif .ci95[1] > 0 then "at most \(.ci95[1] | duration)" else blank end;
def cost_cells:
	if .reason != null then [(.reason | md), blank, blank, blank, blank, blank, blank]
	else [(.fixed | cost_fixed, fixed_interval),
		(if .per_byte.seen == false then "none seen", blank
		 elif .rate == null then (.per_byte.value * 1024 | duration) + " a KiB",
			(.per_byte | if .ci95 == null then blank else "\(.ci95[0] * 1024 | duration) to \(.ci95[1] * 1024 | duration)" end)
		 else (.rate.value | rate), (.rate | interval(rate)) end),
		(if .rate == null then blank else cost_half end), "\(.from | size_text) to \(.to | size_text)", beside] end;
def too_few_sizes: (.reason // "") | test("^[0-9]+ sizes?:");
def cost_table($env; $answers):
	[$answers[] | select(.env == $env) | .costs // [] | .[]] as $all
	| [$all[] | select(too_few_sizes | not)] as $told
	| ([$all[] | select(too_few_sizes) | title] | unique) as $few
	| if $told == [] then empty else
	"", "#### Setting up, and a byte", "",
	"A line through the times by size, t = a + b · n: setting up costs the one, then bytes come at the other's rate (95 %"
	+ " intervals). It holds for the sizes named, at least three neighbouring ones, each within 10 % of it or of its own"
	+ " interval; the others take so many times what it says, as where a cache ends.", "",
	table(["path", "setting up", "interval", "then", "interval", "half of that rate at", "holds for", "not on the line", "pages written", "setting"];
		$told | map([title] + cost_cells + [written, all_settings])),
	(if $few == [] then empty else "", "Of fewer than three sizes in some setting, where nothing would show whether they lie on a line: \($few | join(", "))." end) end;

def outside_table($env):
	[(.outside // [])[] | select(.env == $env)] | if . == [] then empty else
	"", "#### From outside", "",
	"hyperfine's time of the same work, start-up subtracted, beside the harness's own.", "",
	table(["path", "size", "hyperfine", "harness", "ratio", "runs"];
		map([(.path | md), (.size | size_text), (.hyperfine_ns_per_op | duration),
		 (.harness_ns_per_op | if . == null then blank else duration end),
		 (.ratio | if . == null then blank else "\(significant(3))" end), "\(.runs)"])) end;

# $answers: what dmabench answer says.
def tables($answers):
	. as $file | .environments[] as $env
	| ($file | ok_cases($env.id)) as $ok
	| "", "### \($env.id | md)",
	  (band($env.platform; [$ok[] | .engine | nonull | .kind] | unique)
		| if . == "" then empty else "", "> **\(.)**" end),
	  (if $ok == [] then "", "No case of this environment has figures." else
		($ok | throughput_table), ($file | numa_tables($env)),
		($ok | other_table, latency_table, descriptor_table, meanwhile_table, cpu_table, neighbour_table,
		 event_table, use_table, fresh_table, load_table, direction_table($answers), stages_table, access_table($env), preparing_table, submissions_table, queue_table, pages_table, cold_table, null_table) end),
	  ($file | cost_table($env.id; $answers), crossover_table($env.id), outside_table($env.id));

# ---- what has no figures ----

def without($status):
	[.cases[] | select(.status == $status)]
	| group_by([.env, .path, .engine.driver?, .reason])
	| map([(.[0].env | md), (.[0] | title), "\(length)",
	       (map(.params.size) | unique | map(bytes) | join(", ")), (.[0].reason | md)])
	| if . == [] then "None." else table(["where", "path", "cases", "sizes", "reason"]; .) end;
