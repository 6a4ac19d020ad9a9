# SPDX-License-Identifier: GPL-2.0-only
# The arguments of dmabench run that measure the same cases in the same way again, one a line.

def option: "--" + gsub("_"; "-");
# sample_ns: --sample-ms
def measuring: to_entries
	| map(if .key | endswith("_ns") then
			[(.key | rtrimstr("_ns") | if . == "cpu_phase" then "cpu" else . end | option) + "-ms", .value / 1e6]
		elif .key == "mode" or .key == "launches" or .key == "samples" then [(.key | option), .value]
		else error("setting \(.key): it isn't known how to ask for it") end);

if [.cases[].env] | unique | length != 1 then error("expected cases of one environment") else . end
| (.cases[0].env) as $env
| ["--env", $env] + (.run.config | measuring | add)
	+ ([.cases[] | ["--and", "--path", .path] + (.params | to_entries | map([(.key | option), .value]) | add)] | add | .[1:])
| .[]
