# SPDX-License-Identifier: GPL-2.0-only
# Prints what is wrong with a comparison, or why it isn't the one of these two results; nothing
# if it can be drawn. Runs with -n on the comparison; $base and $new are the results,
# as --slurpfile gives them.

def verdicts: ["FAIL", "MISSING", "UNSTABLE", "INCONCLUSIVE", "IMPROVED", "OK", "DESCRIBED", "NEW", "SKIPPED"];
def number_or_null: type == "number" or . == null;
def case_problem:
	if (.id | type) != "string" or (.env | type) != "string" then "a case without id or env"
	elif (.verdict as $v | verdicts | index([$v]) | not) then "\(.id): unknown verdict \(.verdict)"
	elif (.ci95 | type) as $t | $t != "null" and ($t != "array" or (.ci95 | length) != 2)
	then "\(.id): ci95 is not an interval"
	elif all(.change, .base, .new, .at_least, .at_most, .floor, .detects, .p; number_or_null) | not
	then "\(.id): a figure is not a number"
	else empty end;
def side_problem($side; $name; $result):
	if .[$side].start != $result.run.start or .[$side].tool != $result.tool
	then "it compares another \($name): one of \(.[$side].start), not of \($result.run.start)"
	else empty end;

[inputs] | if length != 1 then "\(length) JSON documents, expected one" else .[0]
| if type != "object" or .schema != "dmabench-compare/1"
  then "schema is \(.schema? | tojson), expected \"dmabench-compare/1\""
  elif [.rule, .cases, .base, .new | type] != ["object", "array", "object", "object"]
	or (.comparable | type) != "boolean" or (.status | type) != "number"
	or ([.rule.threshold, .rule.icount_threshold | type] != ["number", "number"])
  then "rule, cases, base, new, comparable or status is missing"
  else side_problem("base"; "BASE"; $base[0]), side_problem("new"; "NEW"; $new[0]),
	(.cases[] | case_problem) end end
