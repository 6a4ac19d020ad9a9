# SPDX-License-Identifier: GPL-2.0-only
# Is this harness right? What its checks of itself found.
include "lib";
include "markdown";

def check_value: if . == null then "–" else "\(significant(3))" end;
def check_expected: "\(.expected | check_value)" + (if .tolerance > 0 then
	" ± \(.tolerance | significant(3))" else "" end) + " \(.unit | md)";
def check_interval: if .interval == null then "–"
	else "\(.interval[0] | check_value) to \(.interval[1] | check_value)" end;
def loud: if . == "ok" then "ok" else "**\(ascii_upcase)**" end;

# At the very top: figures of a harness that is wrong are not to be used.
def self_check_notice:
	[(.self_checks // [])[] | select(.verdict == "wrong") | .name | md] | select(. != [])
	| "> **THIS HARNESS IS WRONG HERE: self-check \(join(", ")) failed. Don't use the figures.**", "";

def check_sentence($verdict; $text):
	map(select(.verdict == $verdict)) | length | select(. > 0) | "- \(counted("check")) \($text)";

def self_checks:
	(.self_checks // []) as $checks
	| if $checks == [] then "Not checked in this run: `dmabench selfcheck` does it." else
	"Checks with answers that are known beforehand, made on this machine by the same code that"
		+ " measured the cases.", "",
	($checks | check_sentence("ok"; "ok: the whole interval lies within the tolerance."),
	 check_sentence("undecided"; "**undecided**: too noisy to tell here, so they show nothing."),
	 check_sentence("wrong"; "**WRONG**: don't use the figures below before this is explained.")),
	"",
	table(["check", "what must be so", "expected", "measured", "interval", "verdict", "detail"];
		$checks | map([(.name | md), (.what | md), check_expected, (.measured | check_value),
		 check_interval, (.verdict | loud), (.detail | md)])) end;
