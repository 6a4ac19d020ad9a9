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

# ---- the winners, as dmabench answer has them ----

def verdict:
	if .measured == 1 then "nothing else was measured"
	elif .best.time.ci95 == null then "can't be said: one launch gives no interval"
	elif .tied == [] then "yes; next is \(.next | named_speed)"
	else "no: intervals overlap with \(.tied | map(named_speed) | join("; "))" end;
# Input: the winners by id. $cases: {id: case}.
def winner_rows($cases):
	map(. + {best: $cases[.id], tied: ([.tied[] | $cases[.]] | sort_by(.time.value)), next: (if .next == null then null else $cases[.next] end)}
		| [(.size | size_text), (.best | name_taken), (.best | speed), verdict]);

# ---- crossovers ----

def doubt($where): if .unsure
	then ". Not certain: the intervals overlap at one of these\($where), or there are none"
	else "" end;

# Sizes in a row, "4K, 64K to 1M": $of are all that were measured.
def in_words($of):
	. as $these
	| reduce ($of | to_entries[] | select(.value as $v | $these | index([$v]))) as {key: $i, value: $v} ([];
		if length > 0 and .[-1].i == $i - 1 then .[-1] += {i: $i, last: $v}
		else . + [{i: $i, first: $v, last: $v}] end)
	| map(if .first == .last then .first | size_text else "\(.first | size_text) to \(.last | size_text)" end) | join(", ");

def crossing_line: .
	| "  - **\(.faster | md)** is the faster one from about **\(.at | bytes)** on"
	+ " (between \(.after | bytes) and \(.before | bytes), interpolated).";

def except_at: if .undecided == [] then ""
	else .sizes as $all | "; at \(.undecided | in_words($all)) there is no difference to be seen" end;

# Where a series can be told from another one, and from which size on. Empty where it can't be told.
def against($other): . as $series | ($other[0] | name) as $base
	| ($other | paired($series)) as $pairs
	| ($pairs | duel) as $duel
	| if $pairs == [] then "- \($series[0] | name): no size in common with \($base)."
	  elif $duel.crossings == [] then
		$duel | select(.first != null) | .sizes as $all
		| "- \($series[0] | name) is \(if .faster == ($series[0] | series_label) then "faster" else "slower" end)"
		+ " than \($base) at \(if .undecided == [] then "each size that was measured (\($all | in_words($all)))"
			else $all - .undecided | in_words($all) end)\(except_at)."
	  else
		"- \($series[0] | name) starts out \(if $duel.first == ($series[0] | series_label) then "faster" else "slower" end)"
		+ " than \($base)\($duel | except_at):",
		($duel.crossings[] | crossing_line)
	  end;

# Those that can't be told from it at any size, in one line.
def no_difference($other): . as $all | ($other[0] | name) as $base
	| [$all[] | . as $series | ($other | paired($series)) as $pairs
		| select($pairs != [] and ($pairs | duel.first) == null)
		| "\($series[0] | name) (\([$pairs[][0].params.size] | . as $s | in_words($s)))"]
	| if . == [] then empty else "- No difference to be seen from \($base): \(join(", "))." end;

def all_against_memcpy:
	([.[] | select(.[0].path == "memcpy")][0]) as $memcpy
	| [.[] | select(.[0].path != "memcpy")] as $others
	| if $memcpy == null then "- memcpy was not measured."
	  elif $others == [] then "- Nothing to compare memcpy with."
	  elif all($memcpy[]; .time.ci95 == null) then "- Can't be said: one launch gives no interval."
	  else ($others[] | against($memcpy)), ($others | no_difference($memcpy)) end;

# What an engine is up against is the strongest copy, not the one that most programs use.
def engines_against_fastest:
	([.[] | select(.[0].path == "fastest")][0]) as $fastest
	| [.[] | select(.[0].engine != null)] as $engines
	| if $fastest == null or $engines == [] then empty else
		"", "**Engines against the fastest CPU copy.**", "",
		($engines[] | against($fastest)), ($engines | no_difference($fastest)) end;

# ---- not copying ----

def even_words: .even |
	if .always == true then "cheaper than memcpy even with \(.most | significant(3)) % of the pages written."
	elif .always == false then "dearer than memcpy even with \(.least | significant(3)) % of the pages written."
	else "cheaper than memcpy while less than about **\(.share | significant(2)) %** of the"
		+ " pages are written afterwards (between \(.after | significant(3)) % and \(.before | significant(3)) %, interpolated)"
		+ doubt("") + "." end;
def even_line: "- \(.path | md), \(.size | size_text): "
	+ (if .line == null then "no memcpy of this size to compare with." else even_words end);

# Input: the cases of one move or view at one size.
def move_line:
	{"move": "a move: the source is gone", "view": "a view of the same bytes"}[.[0].class] as $what
	| "- \(.[0].path | md), \(.[0].params.size | size_text) (\($what)): "
	+ ([map(.time.value) | (min, max) | duration]
	   | if .[0] == .[1] then .[0] else join(" to ") end)
	+ ([.[].params.share | nonull]
	   | if . == [] then "." else " with \([min, max] | unique | join(" to ")) % of the pages written." end);

def not_copying($env):
	snapshots($env.id) as $snapshots
	| [slice($env.id; select(.class == "move" or .class == "view"))[][]] as $moves
	| if $snapshots == [] and $moves == [] then empty else
		"", "**When not copying wins.** Another class of answer: a snapshot pays later for each"
		+ " page that is written, a move leaves nothing behind, a view is the same bytes. Compare"
		+ " with memcpy only if that will do.", "",
		($snapshots[] | even_line),
		($moves | group_by([.path, .params.size])[] | move_line)
	  end;

# ---- environment by environment ----

def real_answer($env; $answer):
	. as $file | slice($env.id; copies) as $all
	| (.cases | map({key: .id, value: .}) | from_entries) as $cases
	| [$all[] | select(.[0] | is_hardware)] as $series
	| [$all[] | .[0] | select(is_hardware | not) | name] as $left_out
	| if $series == [] then "No copy path of this machine has figures." else
		"**Which path for which size** (\($series[0][0].params | setting_text); 95 % intervals"
		+ " in brackets)", "",
		table(["size", "fastest copy", "throughput", "clear winner?"]; $answer.winners | winner_rows($cases)),
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

# The sentences first, then the map, then what both rest on.
def head($env; $answer; $pictures):
	"**\($answer.sentences | map(md) | join(" "))**", "",
	(if $pictures | index(["map-\($env.id | file_name)"]) then
		"![The best path by size and by what one wants, \($env.id | md)](plots/map-\($env.id | file_name).svg)", ""
	 else empty end);

# $answers: what dmabench answer says.
def answer($answers; $pictures):
	. as $file | .environments[] as $env
	| first($answers[] | select(.env == $env.id)) as $answer
	| "", "### \($env.id | md): \($env.platform | platform_words)", "",
	($file | if $env | emulated_platform then emulated_answer($env)
		else head($env; $answer; $pictures), real_answer($env; $answer) end);
