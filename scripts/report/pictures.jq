# SPDX-License-Identifier: GPL-2.0-only
# What plot.sh draws: one object a picture, {name, template, settings, data}. settings is
# text for gnuplot, data is its table: blocks, one a curve or panel, two blank lines apart.
include "lib";
include "gnuplot";
include "analysis";
include "numa";
include "preparing";
include "access";
include "loaded";

def engine_note($env):
	[.[] | .engine | nonull | engine_label] | unique
	| if length > 0 then "engines: " + join(", ")
	  elif ($env.engines // []) + ($env.engines_unlisted // []) == [] then "no DMA engine"
	  else "CPUs alone" end;

# What each picture says about itself. $cases: those it shows.
def header($file; $env; $title; $note; $cases):
	($cases | map(.engine | nonull | .kind) | unique) as $kinds
	| ($cases | launches_of) as $launches
	| {title: "\($title) — \($env.id | line)",
	   about: ("\($env.identity | "\(.cpu_model // "unnamed CPU" | line), \(.cpus) CPUs")"
		+ " · \($env.platform)"
		+ " · \($cases | engine_note($env)) · \($file.run.start[0:10]) · \($launches | counted("launch"))"),
	   note: $note,
	   band: ([(if $file.run.complete then empty else "INCOMPLETE RUN" end),
		   (band($env.platform; $kinds) | select(. != ""))] | join(" · "))}
	| settings;

def series_settings($env): . as $series
	| ([$series[] | .[0].path | file_name] | strings("path")),
	  ([$series[] | .[0] | if .engine != null then .engine.kind
		elif ($env | emulated_platform) then "emulated" else "hardware" end] | strings("kind")),
	  ([$series[] | .[0] | series_label + if .engine == null and ($env | emulated_platform)
		then " (emulated CPU)" else "" end] | strings("label")),
	  "curves = \(length)";

def picture($question; $env; $settings; $data):
	{name: "\($question)-\($env.id | file_name)", template: $question,
	 settings: ($settings | join("\n") + "\n"), data: ($data | blocks)};

def time_unit: max as $max
	| first(({"unit": "ms", "divisor": 1e6}, {"unit": "µs", "divisor": 1e3})
		| select($max / .divisor >= 10))
	// {"unit": "ns", "divisor": 1};

def rate_row: [.params.size, .throughput.value,
	(.throughput | .ci95[0]? // .value), (.throughput | .ci95[1]? // .value)];
def main_note: .[0][0].params | setting_text;

def throughput($env):
	. as $file | slice($env.id; copies) | select(length > 0) as $series
	| ($series | add) as $cases
	| picture("throughput"; $env;
		[header($file; $env; "Throughput by size"; ($series | main_note)
			+ " · bars: 95 % confidence interval over launches"; $cases),
		 ($series | series_settings($env)), ($cases | map(.params.size) | size_ticks(9))];
		$series | map(map(rate_row)));

def access_row: (.params.size * 1e9) as $bytes
	| [.params.size, $bytes / .time.value, $bytes / (.time | .ci95[1]? // .value), $bytes / (.time | .ci95[0]? // .value)];
def access($env):
	. as $file | select(any($file | ok_cases($env.id)[]; .class == "access"))
	| slice($env.id; select(.path == "memcpy" or accesses)) | select(length > 0) as $series
	| ($series | add) as $cases
	| picture("access"; $env;
		[header($file; $env; "The CPU's own rate in each kind of memory"; ($series | main_note)
			+ " · bars: 95 % confidence interval over launches"; $cases),
		 ($series | series_settings($env)), ($cases | map(.params.size) | size_ticks(9))];
		$series | map(map(access_row))) | .template = "throughput";

def cache($env):
	. as $file | plain_cases($env.id) | map(copies) as $all
	| ($all | main_setting | del(.cache)) as $setting
	| [("hot", "cold") as $state
		| [$all[] | select(agrees($setting) and .params.cache == $state)] | main_variants]
	| . as [$hot, $cold]
	| [$hot[] | select(.[0] | series_key as $k | any($cold[][0]; series_key == $k))] as $hot
	| [$hot[][0] as $h | $cold[] | select((.[0] | series_key) == ($h | series_key))] as $cold
	| select($hot | length > 0)
	| ($hot + $cold | add) as $cases
	| picture("cache"; $env;
		[header($file; $env; "Hot and cold caches"; ($setting | setting_text)
			+ " · bars: 95 % confidence interval over launches"; $cases),
		 ($hot | series_settings($env)), ($cases | map(.params.size) | size_ticks(9))];
		$hot + $cold | map(map(rate_row)));

def latency($env):
	. as $file | slice($env.id; copies) | select(length > 0) as $series
	| ($series | add) as $cases
	| picture("latency"; $env;
		[header($file; $env; "Latency percentiles by size"; ($series | main_note)
			+ (if any($cases[]; .latency.ops_per_timing > 1)
			   then " · short operations are timed in batches: means of up to "
				+ "\([$cases[].latency.ops_per_timing] | max)" else "" end); $cases),
		 ($series | series_settings($env)), ($cases | map(.params.size) | size_ticks(9)),
		 "array supported[4] = \([("p50", "p99", "p99_9", "max") as $q
			| if any($cases[]; quantile($q) != null) then 1 else 0 end])"];
		$series | map(map([.params.size, quantile("p50"), quantile("p99"),
			quantile("p99_9"), quantile("max")])));

# Up to three sizes that at least half as many series have as the commonest.
def chosen_sizes:
	group_by(.) | map({size: .[0], hits: length}) | (map(.hits) | max) as $most
	| map(select(.hits * 2 >= $most).size)
	| if length > 3 then [.[0], .[length / 2 | floor], .[-1]] else . end;

def cpu($env):
	. as $file | slice($env.id; copies)
	| map(map(select(.cpu.caller.value != null or .cpu.machine.value != null)))
	| map(select(length > 0)) | select(length > 0) as $series
	| ($series | add) as $cases | ($cases | map(.params.size) | chosen_sizes) as $sizes
	| picture("cpu"; $env;
		[header($file; $env; "CPU time that a copy takes"; ($series | main_note); $cases),
		 ($series | series_settings($env)),
		 ($sizes | map(bytes) | strings("size")), "panels = \($sizes | length)"];
		$sizes | map(. as $size | [range($series | length) as $i
			| $series[$i][] | select(.params.size == $size)
			| [$i + 1, .cpu.caller.value, .cpu.machine.value, .cpu.left.value]]));

# From low to high with room, zero included.
def span: (map(select(. != null)) + [0]) | (min * 1.1) as $low | (max * 1.1) as $high
	| [$low, (if $high > $low then $high else $low + 1 end)];
def neighbour_bars: [.value, .ci95[0]? // .value, .ci95[1]? // .value];
def neighbour($env):
	. as $file | slice($env.id; select(.class != "none"))
	| map(map(select(.neighbour.cache.value? != null))) | map(select(length > 0))
	| select(length > 0) as $series
	| ($series | add) as $cases | ($cases | map(.params.size) | chosen_sizes) as $sizes
	| ($cases | map(select(.params.size as $s | $sizes | index($s)))) as $shown
	| [$shown[].neighbour.cache | neighbour_bars[]] as $cache
	| [$shown[].neighbour.bandwidth | neighbour_bars[]] as $bandwidth
	| picture("neighbour"; $env;
		[header($file; $env; "What each path costs a process on another CPU";
			($series | main_note) + " · bars: 95 % confidence interval"; $cases),
		 ($series | series_settings($env)),
		 ($sizes | map(bytes) | strings("size")), "panels = \($sizes | length)",
		 ([$cache, $bandwidth] | map(span) | "array low[2] = [\(map(.[0] | tostring) | join(", "))]",
			"array high[2] = [\(map(.[1] | tostring) | join(", "))]")];
		$sizes | map(. as $size | [range($series | length) as $i
			| $series[$i][] | select(.params.size == $size)
			| [$i + 1] + (.neighbour | (.cache | neighbour_bars) + (.bandwidth | neighbour_bars))]));

# One setting a path, of up to three sizes; a curve is of two points at least.
def loaded($env):
	. as $file | ok_cases($env.id) | loaded_series | map(select(length > 1)) | select(length > 0) as $all
	| ([$all[][0].params.size] | chosen_sizes) as $sizes
	| ([$all[] | .[0] | {path, engine}] | unique) as $paths
	| [$paths[] as $p | [$sizes[] as $size | first($all[] | select((.[0] | {path, engine}) == $p and .[0].params.size == $size))]]
		as $series
	| ($series | add | add) as $cases
	| picture("loaded"; $env;
		[header($file; $env; "Latency while others take bandwidth";
			"processes on the other CPUs read memory; leftmost: nobody does"; $cases),
		 ($series | map(.[0]) | series_settings($env)),
		 ($sizes | map(bytes) | strings("size")), "panels = \($sizes | length)",
		 "most = \([$cases[] | loaded_row[1:][] | nonull] | max)"];
		$sizes | map(. as $size | [range($series | length) as $i
			| $series[$i][] | select(.[0].params.size == $size) | .[] | [$i + 1] + loaded_row]));

# Of the cases that differ in nothing but $axis, the panel that most of them make.
def along($axis):
	[.[] | select((.params[$axis] // 0) > 0)]
	| group_by([.params.size, (variant | del(.[$axis]))])
	| map(select(map(.params[$axis]) | unique | length > 1)) | select(length > 0)
	| max_by([length, .[0].params.size])
	| {axis: $axis, cases: ., values: (map(.params[$axis]) | unique),
	   title: "\(.[0].params.size | size_text), \(.[0].params | del(.[$axis]) | variant_text)"};
# A GPU has slots in place of descriptors; the input is a panel.
def axis_words: ([.cases[].path | startswith("gpu-")] | unique) as $gpu
	| {"depth": {"[false]": "descriptors in flight at most", "[true]": "slots in the GPU's memory",
		"[false,true]": "descriptors in flight at most, or a GPU's slots"},
	   "chunk": {"[false]": "bytes of a chunk", "[true]": "bytes of a slot",
		"[false,true]": "bytes of a chunk, or of a GPU's slot"}}[.axis][$gpu | tojson];
def value_ticks: . as $panel
	| ((.values | length) / 5 | ceil) as $step
	| "set xtics (\([.values | to_entries[] | select(.key % $step == 0).value | "\"\(if $panel.axis == "chunk" then bytes else . end)\" \(.)"]
		| join(", ")))";
def curve_in($panel; $axis): . as $curve
	| [$panel.cases[] | select(series_key == $curve)] | sort_by(.params[$axis])
	| map([.params[$axis]] + rate_row[1:])
	| if . == [] then [[$panel.values[0], null, null, null]] else . end;

def pipeline($env):
	. as $file | plain_cases($env.id) | map(copies) | main_setting as $setting
	| map(select(agrees($setting) and .engine != null)) as $all
	| [("depth", "chunk") as $axis | $all | along($axis)] | select(length > 0) as $panels
	| ($panels | map(.cases) | add) as $cases
	| (reduce $cases[] as $c ([]; ($c | series_key) as $key
		| if any(.[][0]; series_key == $key) then . else . + [[$c]] end)) as $series
	| picture("pipeline"; $env;
		[header($file; $env; "Throughput by depth and by chunk"; ($setting | setting_text)
			+ " · bars: 95 % confidence interval over launches"; $cases),
		 ($series | series_settings($env)), "panels = \($panels | length)",
		 ($panels | (map(.title) | strings("panel")), (map(axis_words) | strings("axis")),
			(map(value_ticks) | strings("ticks")),
			"array from[\(length)] = [\(map(.values[0] | tostring) | join(", "))]",
			"array to[\(length)] = [\(map(.values[-1] | tostring) | join(", "))]")];
		[$panels[] as $panel | $series[][0] | series_key | curve_in($panel; $panel.axis)]);

def stage_names: ["pin", "map", "submit", "wait", "unmap", "unpin", "other"];
def stage_row($x): .stages as $stages
	| ([stage_names[] | $stages[.]] | add) as $sum
	| [$x] + [stage_names[] | $stages[.] * 100 / $sum]
		+ [($stages.total | duration), "\(.path) \(.params.size | size_text)"];

def stages($env):
	. as $file | slice($env.id; select(.class != "call" and .stages != null and .stages.total > 0))
	| select(length > 0) as $series | ($series | add) as $cases
	| ($series | group_by(.[0].engine | engine_label) | map(add)) as $engines
	| picture("stages"; $env;
		[header($file; $env; "Where a driver-side operation spends its time";
			"above each bar: time of one operation in the kernel"; $cases),
		 ($engines | map(.[0].engine | engine_label) | strings("engine")),
		 ($engines | map(.[0].engine.kind) | strings("kind")),
		 "panels = \($engines | length)"];
		$engines | map((map(.params.size) | chosen_sizes) as $sizes
			| [$sizes[] as $size | .[] | select(.params.size == $size)]
			| [range(length) as $i | .[$i] | stage_row($i)]));

def preparing($env):
	. as $file | ok_cases($env.id) | preparing_panels | select(length > 0) as $panels
	| ($panels | map(.cases) | add) as $cases | ($panels | map(.curves) | add) as $curves
	| ($curves | map(.part) | unique) as $parts | ($curves | map(.pages) | unique) as $pages
	| picture("preparing"; $env;
		[header($file; $env; "Pinning, mapping and syncing by themselves";
			"nothing is copied · means of all calls"; $cases),
		 ($panels | (map(.label) | strings("panel")), (map(.engine.kind) | strings("kind")),
			"array last[\(length)] = [\([foreach .[] as $p (0; . + ($p.curves | length)) | tostring] | join(", "))]"),
		 ($parts | strings("part_name")), ($pages | strings("page_name")),
		 ($curves | map(.part as $p | $parts | index([$p]) + 1 | tostring)
			| "array part[\(length)] = [\(join(", "))]"),
		 ($curves | map(.pages as $p | $pages | index([$p]) + 1 | tostring)
			| "array pages[\(length)] = [\(join(", "))]"),
		 "panels = \($panels | length); parts = \($parts | length); kinds_of_page = \($pages | length)",
		 ($cases | map(.params.size) | size_ticks(6))];
		$curves | map(.rows));

def flat_rows: [[0, .time.value], [100, .time.value]];

# NaN where the curves don't cross; the words say which is dearer then.
def even_settings:
	"evens = \(length)",
	(select(length > 0)
	 | (map("\(.path): " + (.even | if .share != null then "\(.share | significant(2)) %"
		elif .always then "cheaper even at \(.most | significant(3)) %"
		else "dearer even at \(.least | significant(3)) %" end))
		| strings("even_text")),
	   (map(.path) | strings("even_path")),
	   (map(.even.share // "NaN" | tostring) | strings("even_at")));

def cow($env):
	. as $file | snapshots($env.id) | select(length > 0)
	# The largest size, if possible one that memcpy has too.
	| ((map(select(.line != null).size) | max) // (map(.size) | max)) as $size
	| map(select(.size == $size)) as $shown | $shown[0].line as $memcpy
	| [$file | slice($env.id; select(.class == "move" or .class == "view"))[]
		| map(select(.params.size == $size)) | select(length > 0)] as $moves
	| ($shown | map(.points)) + $moves + (if $memcpy == null then [] else [[$memcpy]] end)
	| . as $series | add as $cases
	| picture("cow"; $env;
		[header($file; $env; "Not copying: \($size | size_text) snapshots by share of pages written";
			"\($series | main_note) · time covers the snapshot and the writes after it; bars: 95 % "
			+ "confidence interval"; $cases),
		 ($series | series_settings($env)),
		 ([$series[][0] | series_label + ({"snapshot": "", "copy": " (a copy)",
			"move": " (move: source gone)", "view": " (view: same bytes)"}[.class] // "")] | strings("label")),
		 ($shown | map(select(.even != null)) | even_settings),
		 "array flat[\($series | length)] = \($series
			| map(if .[0].params.share == null then 1 else 0 end))",
		 ($cases | map(.time.value) | time_unit | settings),
		 "even_time = \($memcpy.time.value // 0)"];
		$series | map(if .[0].params.share == null then .[0] | flat_rows | map(. + .[1:] + .[1:])
			else map([share_written, .time.value, low, high]) end));

# Up to four matrices: of each path its largest, in the order of the paths. Cells are numbered
# from the top left; the rest of the result is in the report's tables.
def numa_shown: . as $all
	| (reduce .[].label as $l ([]; if index([$l]) then . else . + [$l] end))
	| map(. as $name | [$all[] | select(.label == $name)] | max_by(.size)) | .[:4];
def numa_rows($divisor): . as $matrix
	| [range(.rows | length) as $y | range(.columns | length) as $x
	   | ($matrix | at($matrix.rows[$y]; $matrix.columns[$x])) as $case
	   | [$x, $y, ($case | if . == null then null else .throughput.value / $divisor end),
	      ($case | if . == null then "–" else .throughput.value / $divisor | significant(3)
		| tostring end)]];
def numa($env):
	. as $file | [numa_matrices($env.id)] | select(length > 0) as $all
	| ($all | numa_shown) as $shown | ($shown | map(.cases) | add) as $cases
	| ($shown | map(.best) | max | if . >= 1e9 then ["GB/s", 1e9] else ["MB/s", 1e6] end)
		as [$unit, $divisor]
	| picture("numa"; $env;
		[header($file; $env; "Throughput by node"; "\($shown[0].setting)"
			+ (($all | length) - ($shown | length)
			   | if . > 0 then " · \(.) more in the report's tables" else "" end); $cases),
		 ($shown | map(.label + ", \(.size | size_text)" + (.engine
			| if . != null and .node >= 0 then ", engine on node \(.node)" else "" end))
			| strings("panel")),
		 ($shown | map(.rows | length) | max | "most_rows = \(.)"),
		 ($shown | to_entries[] | "array row\(.key + 1)[\(.value.rows | length)] = "
			+ "[\(.value.rows | map("node \(.)" | quoted) | join(", "))]",
			"array column\(.key + 1)[\(.value.columns | length)] = "
			+ "[\(.value.columns | map(quoted) | join(", "))]"),
		 ($shown | map(.columns | length) | max | "most_columns = \(.)"),
		 "panels = \($shown | length)", "unit = \($unit | quoted)"];
		$shown | map(numa_rows($divisor)));

# Fields with the path's colour; one that another path may be as good in is hatched.
def map_rows($sizes): [.map | to_entries[] | .key as $y | .value.fields as $fields | $sizes | to_entries[]
	| .key as $x | .value as $size | first(($fields[] | select(.size == $size)), null)
	| if . == null then [$x, $y, -1, "", "–"] else [$x, $y, (if .certain then 1 else 0 end), .path, .name] end];
def map_picture($env; $answer):
	. as $file
	| ([$answer.map[].fields[].size] | unique) as $sizes
	| (.cases | map({key: .id, value: .}) | from_entries) as $by_id
	| [$answer.map[].fields[] | $by_id[.id]] as $cases
	| select($cases != [])
	| picture("map"; $env;
		[header($file; $env; "The best path by size and by what one wants";
			($answer.setting | setting_text) + " · hatched: another may be as good (95 % intervals overlap, or "
			+ "nothing else was measured) · –: not measured"; $cases),
		 ($sizes | map(bytes) | strings("size")),
		 ([{"least time": "least time", "least CPU": "least CPU time of all CPUs",
			"least harm to a neighbour": "least harm to a neighbour",
			"pages seldom written": "pages seldom written (about 1 %)"}[$answer.map[].want]] | strings("want"))];
		[$answer | map_rows($sizes)]);

. as $file | .environments[] as $env
| first($answer[0][] | select(.env == $env.id)) as $said
| $file | map_picture($env; $said), throughput($env), latency($env), cpu($env), stages($env), preparing($env), access($env), cow($env), cache($env),
	numa($env), neighbour($env), loaded($env), pipeline($env)
