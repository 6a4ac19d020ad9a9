# SPDX-License-Identifier: GPL-2.0-only
# What the machine did before, during and after the run, and what changed meanwhile.
include "lib";
include "markdown";

def percent: "\(. * 100 | significant(2)) %";
def range(show): if .min == .max then .max | show else "\(.min | show) to \(.max | show)" end;
def number: significant(3) | tostring;
def clock: . / 1e6 | "\(significant(3)) GHz";

# One row a figure: what it is called, and how a span's value reads.
def figures: {
	"seconds": "length of the look", "load_1min": "load, mean of a minute", "cpu_khz": "CPU clock",
	"cpu_word_ns": "a word from the first CPU to the last",
	"others_share": "CPU time of others", "steal_share": "CPU time stolen by the hypervisor",
	"busy_siblings": "busy SMT siblings", "throttle_events": "slowed down by heat",
	"swap_used_bytes": "memory swapped out", "swap_in_pages": "pages swapped in",
	"swap_out_pages": "pages swapped out", "quota_stops": "stopped by a CPU quota",
	"memory_stall_share": "time some task waited for memory"};
def reads($name):
	if . == null then "can't be seen"
	elif $name == "seconds" then "\(number) s"
	elif $name == "load_1min" then range(number)
	elif $name == "cpu_khz" then range(clock)
	elif $name == "cpu_word_ns" then range("\(significant(2)) ns")
	elif $name | endswith("_share") then percent
	elif $name == "swap_used_bytes" then bytes
	elif $name == "throttle_events" or $name == "quota_stops" then counted("time")
	else number end;
# During a run the siblings are dmabench's own; then it says so instead.
def cell($name):
	if . == null then "–"
	elif .[$name] == null and (.unseen[$name] // "" | startswith("dmabench")) then "–"
	else .[$name] | reads($name) end;
def state_rows: . as $state | figures | to_entries
	| map(.key as $name | [.value] + (["before", "during", "after"]
		| map($state[.] | cell($name))));

def known_setting: if . == null then "can't be seen" else md end;
def change_text: "\(.what | gsub("_"; " ") | md) changed from \(.from | known_setting) to"
	+ " \(.to | known_setting) after \(.after_s | significant(3)) s";

def state_section:
	if .state == null then "What the machine did beside the run was not recorded."
	else .state as $state
	| "What the machine did beside the run; the looks before and after it are short and dmabench sleeps"
		+ " in them. During it, CPU time of others includes interrupts and kernel threads.", "",
	  table(["figure", "before", "during", "after"]; $state | state_rows), "",
	  (if $state.changed == [] then "No setting was seen to change during the run."
	   else "**Changed during the run:**", "", ($state.changed[] | "- \(change_text)") end)
	end;
