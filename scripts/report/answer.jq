# SPDX-License-Identifier: GPL-2.0-only
# The answer in plain words. Advice comes only from machines whose times mean something
# and from paths that no emulated or software engine took.
include "lib";
include "analysis";
include "markdown";

def name: series_label | md;
def name_taken: name + (taken_text | if . == "" then "" else " (\(md))" end);
def speed: "\(.throughput.value | rate)"
	+ (.throughput.ci95
	   | if . == null then "" else " (\(.[0] | rate) to \(.[1] | rate))" end);
def named_speed: "\(name), \(speed)";

def verdict:
	if .measured == 1 then "nothing else was measured"
	elif .best.time.ci95 == null then "can't be said: one launch gives no interval"
	elif .tied == [] then "yes; next is \(.next | named_speed)"
	else "no: intervals overlap with \(.tied | map(named_speed) | join("; "))" end;
def winner_rows:
	winners | map([(.size | bytes), (.best | name_taken), (.best | speed), verdict]);

# ---- crossovers ----

def doubt($where): if .unsure
	then ". Not certain: the intervals overlap at one of these\($where), or there are none"
	else "" end;

def crossover_line:
	"  - **\(.faster | md)** is the faster one from about **\(.at | bytes)** on"
	+ " (between \(.after | bytes) and \(.before | bytes), interpolated)"
	+ doubt(" sizes") + ".";

# Input: [[memcpy's case, the other's], …] that never change places.
def same_all_along($base):
	(if .[0][1].time.value < .[0][0].time.value then "faster" else "not faster" end) as $word
	| any(.[]; . as [$a, $b] | $a | overlap($b)) as $close
	| "- \(.[0][1] | name) is \($word) than \($base) at each size that was measured"
	+ " (\(.[0][0].params.size | bytes) to \(.[-1][0].params.size | bytes))"
	+ (if $close then ", though at some the intervals overlap" else "" end) + ".";

def against($other): . as $series | ($other[0] | name) as $base
	| ($other | paired($series)) as $pairs
	| ($pairs | crossovers) as $crossings
	| if $pairs == [] then "- \($series[0] | name): no size in common with \($base)."
	  elif $crossings == [] then $pairs | same_all_along($base)
	  else
		($pairs[0] | if .[1].time.value < .[0].time.value then "faster" else "slower" end) as $word
		| "- \($series[0] | name) starts out \($word) than \($base) at"
			+ " \($pairs[0][0].params.size | bytes):",
		  ($crossings[] | crossover_line)
	  end;

def all_against_memcpy:
	([.[] | select(.[0].path == "memcpy")][0]) as $memcpy
	| [.[] | select(.[0].path != "memcpy")] as $others
	| if $memcpy == null then "- memcpy was not measured."
	  elif $others == [] then "- Nothing to compare memcpy with."
	  else $others[] | against($memcpy) end;

# What an engine is up against is the strongest copy, not the one that most programs use.
def engines_against_fastest:
	([.[] | select(.[0].path == "fastest")][0]) as $fastest
	| [.[] | select(.[0].engine != null)] as $engines
	| if $fastest == null or $engines == [] then empty else
		"", "**Engines against the fastest CPU copy.**", "",
		($engines[] | against($fastest)) end;

# ---- not copying ----

def even_words: .even |
	if .always == true then "cheaper than memcpy even with \(.most) % of the pages written."
	elif .always == false then "dearer than memcpy even with \(.least) % of the pages written."
	else "cheaper than memcpy while less than about **\(.share | significant(2)) %** of the"
		+ " pages are written afterwards (between \(.after) % and \(.before) %, interpolated)"
		+ doubt("") + "." end;
def even_line: "- \(.path | md), \(.size | bytes): "
	+ (if .line == null then "no memcpy of this size to compare with." else even_words end);

# Input: the cases of one move at one size.
def move_line:
	"- \(.[0].path | md), \(.[0].params.size | bytes) (a move: the source is gone): "
	+ ([map(.time.value) | (min, max) | duration]
	   | if .[0] == .[1] then .[0] else join(" to ") end)
	+ ([.[].params.share | nonull]
	   | if . == [] then "." else " with \([min, max] | unique | join(" to ")) % of the pages written." end);

def not_copying($env):
	snapshots($env.id) as $snapshots
	| [slice($env.id; select(.class == "move"))[][]] as $moves
	| if $snapshots == [] and $moves == [] then empty else
		"", "**When not copying wins.** Another class of answer: a snapshot pays later for each"
		+ " page that is written, a move leaves nothing behind. Compare with memcpy only if that"
		+ " will do.", "",
		($snapshots[] | even_line),
		($moves | group_by([.path, .params.size])[] | move_line)
	  end;

# ---- environment by environment ----

def real_answer($env):
	. as $file | slice($env.id; copies) as $all
	| [$all[] | select(.[0] | is_hardware)] as $series
	| [$all[] | .[0] | select(is_hardware | not) | name] as $left_out
	| if $series == [] then "No copy path of this machine has figures." else
		"**Which path for which size** (\($series[0][0].params | setting_text); 95 % intervals"
		+ " in brackets)", "",
		table(["size", "fastest copy", "throughput", "clear winner?"]; $series | winner_rows),
		"", "**Crossovers with memcpy.**", "", ($series | all_against_memcpy),
		($series | engines_against_fastest)
	  end,
	  (if $left_out == [] then empty else
		"", "Left out here, as no hardware moved the bytes: \($left_out | join(", "))." end),
	  ($file | not_copying($env));

def emulated_answer($env):
	[ok_cases($env.id)[] | select(.class != "none")] as $cases
	| "No advice from here: `\($env.id | code)` is an emulated machine (\($env.platform)), and its"
	+ (if $env.platform == "vm-icount" then " times are instruction counts."
	   else " times mean nothing." end)
	+ " What it shows is which paths work. Verified:", "",
	(if $cases == [] then "- nothing" else
		$cases | group_by(series_key)[]
		| "- \(.[0] | name): \(length | counted("case")), sizes "
			+ (map(.params.size) | unique | map(bytes) | join(", ")) end);

def answer:
	. as $file | .environments[] as $env
	| "", "### \($env.id | md): \($env.platform | platform_words)", "",
	($file | if $env | emulated_platform then emulated_answer($env) else real_answer($env) end);
