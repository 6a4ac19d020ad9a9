# SPDX-License-Identifier: GPL-2.0-only
# Several results into one. The input is an array of them.

{schema: .[0].schema,
 tool: .[0].tool,
 run: {
	start: (map(.run.start) | min),
	duration_s: (map(.run.duration_s) | add),
	seed: .[0].run.seed,
	complete: all(.[]; .run.complete and .run.launches_done >= .run.launches_planned),
	launches_planned: (map(.run.launches_planned) | add),
	launches_done: (map(.run.launches_done) | add),
	config: (if length == 1 then .[0].run.config else
		map({key: (.environments | map(.id) | join("+")),
		     value: (.run.config + {seed: .run.seed})}) | from_entries end)},
 environments: map(.environments[]),
 cases: map(.cases[])}
+ (map(.self_checks // []) | add | if . == [] then {} else {self_checks: .} end)
+ (map(.crossovers // []) | add | if . == [] then {} else {crossovers: .} end)
+ (map(.outside // []) | add | if . == [] then {} else {outside: .} end)
