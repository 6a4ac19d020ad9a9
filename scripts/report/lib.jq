# SPDX-License-Identifier: GPL-2.0-only
# Words and choices that pictures and report share, so that both say the same.

def nonull: if . == null then empty else . end;

# Rounded to that many significant digits; without it 0.1 + 0.2 would show 17.
# Percent of the pages that were written, in whole pages, where the result says so; else what was asked for.
def share_written: if (.written.of // 0) > 0 then 100 * .written.pages / .written.of else .params.share end;
def share_text: "\(.params.share) %" + (if .written != null and .written.pages * 100 != .written.of * .params.share
	then " (\(.written.pages) of \(.written.of))" else "" end);

def significant($digits):
	if . == 0 then 0
	else (. | fabs | log10 | floor) as $magnitude
	| pow(10; $digits - 1 - $magnitude) as $scale
	| if $scale >= 1 then (. * $scale | round) / $scale
	  else pow(10; $magnitude - $digits + 1) as $step | (. / $step | round) * $step end
	end;
def scaled($divisor; $unit): "\(. / $divisor | significant(3)) \($unit)";

def duration:
	if . >= 1e9 then scaled(1e9; "s") elif . >= 1e6 then scaled(1e6; "ms")
	elif . >= 1e3 then scaled(1e3; "µs") else scaled(1; "ns") end;
def rate:
	if . >= 1e9 then scaled(1e9; "GB/s") elif . >= 1e6 then scaled(1e6; "MB/s")
	elif . >= 1e3 then scaled(1e3; "kB/s") else scaled(1; "B/s") end;
# Binary, as memory is: 65536 is 64K. Crossovers fall between sizes: 1.5M.
def binary_unit:
	if . >= 1073741824 then [1073741824, "G"] elif . >= 1048576 then [1048576, "M"]
	elif . >= 1024 then [1024, "K"] else [1, ""] end;
def bytes: binary_unit as [$of, $name] | "\(. / $of | significant(3))\($name)";

# A size that was asked for, all of it: 4097 isn't 4K.
def size_text: binary_unit as [$of] | if . == floor and (. / $of | significant(3)) * $of != . then tostring else bytes end;

def counted($what):
	"\(.) \($what)" + (if . == 1 then "" elif $what == "launch" then "es" else "s" end);

# One line of plain text, whatever was in the file.
def line: tostring | gsub("[[:cntrl:]]+"; " ");

# A name as part of a file name.
def file_name: line | ascii_downcase | gsub("[^a-z0-9]+"; "-");

# ---- engines ----

def provider: .driver | line | ltrimstr("dmabench_");
def engine_label: "\(provider) (\(.kind))";
def is_hardware: .engine == null or .engine.kind == "hardware";

# ---- series: cases that differ in nothing but size and share ----

def setting_axes: ["cache", "pages", "offset", "cpu_node", "src_node", "dst_node"];
def variant_axes: ["threads", "channels", "batch", "queue", "vector", "prefetch", "depth", "chunk", "wait",
	"dsa_queue", "dsa_submit", "dsa_wait", "dsa_fault", "cc"];

def setting: .params | with_entries(select(.key as $k | setting_axes | index($k)));
def variant: .params | with_entries(select(.key as $k | variant_axes | index($k)));
def series_key: [.path, (.engine | if . == null then "" else .driver + .kind end)];

def series_label:
	(.path | line)
	+ (if (.params.threads // 1) > 1 then " ×\(.params.threads)" else "" end)
	+ (if .engine == null then "" else " · \(.engine | engine_label)" end);

def setting_text:
	[(.cache | nonull | "\(.) cache"),
	 (.pages | nonull | "\(.) pages"),
	 (if (.offset // 0) != 0 then "offset \(.offset)" else empty end),
	 (if .cpu_node == null then empty
	  elif .src_node == null then "CPU on node \(.cpu_node)"
	  elif .cpu_node == .src_node and .cpu_node == .dst_node then "all on node \(.cpu_node)"
	  else "CPU, source, destination on nodes \(.cpu_node), \(.src_node), \(.dst_node)" end),
	 (.use | nonull | if . == "read" then "read by the CPU" else "written and read by the CPU" end),
	 (.touch | nonull | "\(.) pages"),
	 (.direction | nonull | "both directions at once"),
	 (.load | nonull | "others reading \(.) % of their time")]
	| join(", ");
def variant_text:
	[(if .threads == 0 then "a thread a CPU"
	  elif (.threads // 1) > 1 then "\(.threads) threads" else empty end),
	 (if .batch != null then "batches of \(if .batch == 0 then 16 else .batch end)" else empty end),
	 (if (.queue // 0) > 1 then "\(.queue) operations in flight" else empty end),
	 (if .channels == 0 then "all channels"
	  elif (.channels // 0) > 0 then "\(.channels) channels" else empty end),
	 (if (.vector // 0) > 0 then "\(.vector)-bit vectors" else empty end),
	 (if (.prefetch // 0) > 0 then "prefetching \(.prefetch) bytes ahead" else empty end),
	 (if (.depth // 0) > 0 then "depth \(.depth)" else empty end),
	 (if (.chunk // 0) > 0 then "chunks of \(.chunk | size_text)" else empty end),
	 (.wait | nonull),
	 (.dsa_queue | nonull | select(. != "any") | "on \(.)"),
	 (.dsa_submit | nonull | select(. != "any") | "by \(.)"),
	 (.dsa_wait | nonull | "waiting by \(.)"),
	 (.dsa_fault | nonull | select(. != "resume") | "\(.)ing on faults"),
	 (.cc | nonull | "to \(.)")]
	| join(", ");
# Which of its ways a path with several took: "vector512", or "vector512 in 7 of 10 launches".
def taken_text: .variant as $v
	| if $v == null then ""
	  else ([$v.launches[]] | add) as $all
	  | "\($v.name | line)" + (if $v.launches[$v.name] == $all then ""
		else " in \($v.launches[$v.name]) of \($all) launches" end) end;
def all_text:
	[(.params | setting_text), (.params | variant_text), taken_text] | map(select(. != "")) | join(", ");

# ---- which cases a picture shows ----

def ok_cases($env): [.cases[] | select(.env == $env and .status == "ok")];

# What the CPU does with the bytes, what the kernel does for pages that weren't there, who else works meanwhile, or bytes that
# go the other way are in the time of others: they have tables of their own.
def plain: select(.params.use == null and .params.touch == null and .params.load == null and .params.direction == null);
def plain_cases($env): ok_cases($env) | map(plain);

# A path without an axis (coherent memory has no page size) goes with every setting.
def agrees($setting): . as $case
	| all($setting | to_entries[]; .value as $want | $case.params[.key]
		| . == null or . == $want);

# The plainest of the settings that most cases were measured in. A case without some of
# the axes would agree with more, so settings that name all axes come first.
def plainness: [if .cache == "hot" then 0 else 1 end, if .pages == "4K" then 0 else 1 end,
	.offset // 0, if .cpu_node == .src_node and .cpu_node == .dst_node then 0 else 1 end,
	.cpu_node // 0];
def main_setting:
	. as $cases
	| [$cases[] | setting | select(length > 0)] | unique
	| map({setting: ., plain: plainness,
	       hits: (. as $s | [$cases[] | select(agrees($s))] | length)})
	| sort_by([-(.setting | length), -.hits, .plain]) | .[0].setting // {};

# One variant per path and engine: the one with most sizes, of equals the one named first.
def main_variants:
	. as $cases
	| reduce ($cases[] | series_key) as $key ([]; if index([$key]) then . else . + [$key] end)
	| map(. as $key
		| [$cases[] | select(series_key == $key)]
		| (reduce (.[] | variant) as $v ([]; if index([$v]) then . else . + [$v] end))
			as $variants
		| [$variants[] as $v | map(select(variant == $v))]
		| max_by(length, -(. as $group | $variants | index([$group[0] | variant])))
		| sort_by(.params.size, .params.share // 0));

# Input: the file. Output: an array of series, each an array of cases by size.
def slice($env; cases):
	plain_cases($env) | main_setting as $setting
	| [.[] | cases | select(agrees($setting))] | main_variants;
def copies: select(.class == "copy");

# ---- notes that figures must carry ----

def emulated_platform: .platform == "vm-tcg" or .platform == "vm-icount";

# What stands in the band of a picture and in the report's notice; empty for real machines.
def band($platform; $kinds):
	[(if $platform == "vm-tcg" then "EMULATED MACHINE (vm-tcg): times mean nothing"
	  elif $platform == "vm-icount"
	  then "EMULATED MACHINE (vm-icount): times are instruction counts"
	  else empty end),
	 (if $kinds | index("emulated") then "EMULATED ENGINE" else empty end),
	 (if $kinds | index("software") then "SOFTWARE ENGINE: a CPU copies, no DMA"
	  else empty end)]
	| join(" · ");

def platform_words: {"native": "a real machine", "vm-kvm": "a virtual machine on real CPUs",
	"vm-tcg": "an emulated machine", "vm-icount": "an emulated machine that counts instructions"}[.]
	// .;

# Percentiles with fewer than ten timings beyond them are null. Files that don't say what
# was timed counted operations, not timings.
def quantile($name): .latency
	| ({"p90": 100, "p99": 1000, "p99_9": 10000}[$name] // 1) as $needed
	| if (if .of == null then .count / .ops_per_timing else .count end) >= $needed
	  then .[$name] else null end;

# A first touch that is not markedly slower than the second, or faster than any memory
# answers, didn't come from memory. The second of few lines can be below the clock's reach.
def cold_factor: 4;
def cold_least: 20;
def is_cold: .cold >= cold_factor * .hot and .cold >= cold_least;

# How many launches stand behind each of these cases, at the least.
def launches_of: [.[] | select(.status == "ok") | .launches | length] | min // 0;
