# SPDX-License-Identifier: GPL-2.0-only
# Prints what is wrong with a result, one line each, and nothing if it can be used. Runs
# with -n, as a file may hold no document or several; $schema[0] is results/result.schema.json.
include "shape";

def duplicates: group_by(.) | map(select(length > 1)[0]);
def finite: type == "number" and (isnan | not) and fabs < 1e300;
def figure: (.value | finite) and .value > 0
	and (.ci95 == null or ((.ci95 | length) == 2 and all(.ci95[]; finite)
		and .ci95[0] <= .ci95[1]));

def ok_problem:
	if .time == null or (.time | figure | not) then "ok without a sane time"
	elif .class == "copy" and (.throughput == null or (.throughput | figure | not))
	then "ok without a sane throughput"
	elif .class != "none" and (.verified_bytes // 0) <= 0 then "ok without verified bytes"
	elif .latency == null or .cpu == null then "ok without latency or cpu"
	else empty end;
def other_problem:
	if (.reason // "") == "" then "\(.status) without a reason"
	elif any(.time, .throughput, .latency, .cpu, .stages; . != null)
	then "\(.status), yet it has figures"
	else empty end;

def case_problem($envs):
	if (.id | type) != "string" or (.path | type) != "string" then "a case without id or path"
	elif (.env as $env | $envs | index([$env]) | not)
	then "\(.id): environment \(.env) is not in it"
	elif (.params.size | finite | not) or .params.size < 1 then "\(.id): size is not a size"
	elif .status == "ok" then "\(.id): \(ok_problem)"
	elif .status == "skipped" or .status == "failed" then "\(.id): \(other_problem)"
	else "\(.id): unknown status \(.status)" end;

def self_check_problem:
	if (.name | type) != "string" or ([.verdict] | inside(["ok", "wrong", "undecided"]) | not)
	then "a self-check without name or verdict"
	elif .verdict == "ok" and (.measured | finite | not)
	then "self-check \(.name) is ok without a measurement" else empty end;

def problems:
	if type != "object" then "not an object"
	elif .schema != "dmabench-result/1"
	then "schema is \(.schema | tojson), expected \"dmabench-result/1\""
	elif [.environments, .cases, .run, .tool | type] != ["array", "array", "object", "object"]
	then "run, tool, environments or cases is missing"
	elif (.run.complete | type) != "boolean" then "run.complete is not true or false"
	elif (.environments | length) == 0 then "no environment"
	else
		(.environments | map(.id)) as $envs
		| ($envs | duplicates[] | "environment \(.) is there twice"),
		  ([.cases[].id] | duplicates[] | "case \(.) is there twice"),
		  (.cases[] | case_problem($envs)),
		  (.self_checks // [] | if type == "array" then .[] else "self_checks is no list" end
			| strings, (objects | self_check_problem))
	end;

[inputs] | if length != 1 then "\(length) JSON documents, expected one"
	else .[0] | first(problems, shape_problems($schema[0])) end
