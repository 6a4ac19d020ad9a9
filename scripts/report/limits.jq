# SPDX-License-Identifier: GPL-2.0-only
# What the data can't say: a list that is never empty.
include "lib";
include "markdown";
include "numa";

def engine_limits:
	[.cases[] | select(.status == "ok") | .engine | nonull | .kind] as $kinds
	| (if $kinds | index("hardware") then empty else
		"- No hardware DMA engine was measured, so nothing here says whether DMA would be faster."
	   end),
	  (if $kinds | index("emulated") then "- Emulated engines show that a path works and in which"
		+ " stages; their times mean nothing." else empty end),
	  (if $kinds | index("software") then
		"- The software engine is a CPU that copies: no DMA. It never checks mappings or coherency,"
		+ " and its speed is a setting."
	   else empty end);

def machine_limits:
	(.environments[] | select(.platform == "vm-kvm")
	 | "- `\(.id | code)` is a virtual machine: neighbours and the hypervisor are in its figures."),
	(.environments[] | select((emulated_platform | not) and (.identity.nodes | length) < 2)
	 | "- `\(.id | code)` has one NUMA node: nothing here says what another node costs."),
	(. as $file | .environments[]
	 | select((emulated_platform | not) and (.identity.nodes | length) > 1)
	 | select([.id as $env | $file | numa_matrices($env)] == [])
	 | "- `\(.id | code)` has \(.identity.nodes | length) NUMA nodes, but copies between nodes were not"
		+ " measured: `dmabench run --numa-matrix` does."),
	([.environments[] | select(emulated_platform | not) | .warnings[]] | length | select(. > 0)
	 | "- \(counted("warning")) about the machine at the end: figures may drift.");

def cold_limits:
	[.cases[] | select(.first_touch.cold? != null and (.first_touch | is_cold | not))]
	| group_by(.env)[]
	| "- **Cold is not cold here**: \(length | counted("case")) of `\(.[0].env | code)` had buffers"
		+ " still in a cache after the eviction; read their figures as hot.";

def run_limits:
	. as $all |
	(.environments[] | select(emulated_platform | not) | .id as $env
	 | ($all.cases | map(select(.env == $env)) | launches_of) as $n
	 | select($n > 0 and $n < 8)
	 | "- `\($env | code)`: \($n | counted("launch")) of each case, too few to call small"
		+ " differences; a gate needs 8."
		+ (if $n > 1 and $n < 6 then " Intervals of so few hold the true median in at most"
			+ " \((1 - pow(2; 1 - $n)) * 100 | significant(3)) % of all runs, not 95 %." else "" end)),
	(if [.run.config | .. | objects | .mode? | nonull] | index("quick") then
		"- A quick run: few sizes and short samples." else empty end);

def case_limits:
	(map(select(.status == "failed")) | length | select(. > 0)
	 | "- **Failed: \(counted("case"))**, without figures, listed below."),
	(map(select(.status == "skipped")) | length | select(. > 0)
	 | "- Skipped: \(counted("case")); the reasons are below.");

def limits:
	(if .run.complete then empty else "- The run is **incomplete**: \(.run.launches_done) of"
		+ " \(.run.launches_planned) launches." end),
	(.not_measured // [] | .[] | "- Not measured: \(.part | md), because \(.reason | md)"),
	engine_limits, machine_limits, cold_limits, run_limits, (.cases | case_limits),
	"- Sizes between the measured ones, other page sizes, offsets and loads than the listed ones.";
