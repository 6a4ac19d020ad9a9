# SPDX-License-Identifier: GPL-2.0-only
# The machine that measured, and how to do it again.
include "lib";
include "markdown";
include "state";

def text: if . == null then "can't be seen" elif type == "array" then map(tostring) | join(", ")
	elif type == "object" then to_entries | map("\(.key): \(.value)") | join("; ")
	else tostring end | md;
def pairs: to_entries | map([(.key | gsub("_"; " ") | md), (.value | text)]);

def node_line: "node \(.id): CPUs \(.cpus | map(tostring) | join(", ")), "
	+ (if .bytes then .bytes | bytes else "memory not to be seen" end) + ","
	+ " distances " + (.distances | map(tostring) | join(" "));
def identity_rows:
	(.nodes | map(node_line) | join("; ")) as $nodes
	| (.memory_bytes | if . then bytes else . end) as $memory
	| if .memory_boot_bytes then .memory_boot_bytes |= bytes else . end
	| del(.nodes) | .memory = $memory | del(.memory_bytes) | .["NUMA nodes"] = $nodes
	| .hypervisor = (.hypervisor // "none seen") | pairs;

def link($generation; $width): if $generation == null or $width == null then "not told"
	else "\($generation) x\($width)" end;
# Of a GPU what else is known of it.
def engine_device: if .model == null then .device else "\(.device): \(.model), PCIe "
	+ (.pcie | link(.max_generation; .max_width) + " (when listed: " + link(.generation; .width) + ")")
	+ ", driver \(.driver_version // "unknown"), CUDA \(.cuda)" end | md;

def engine_rows: map([(.name | md), (engine_label | md), engine_device, .kind, "\(.node)", .iommu,
	(if .max_len == null then "" else "\(.max_len) B" end), (if .align == null then "" else "\(.align) B" end),
	(if .usable then "yes" else "no: \(.reason // "unknown" | md)" end)]);

# When a warning that isn't about a condition was seen.
def when: {"before": " (before the run)", "during": " (during the run)",
	"after": " (after the run)"}[.when // ""] // "";

def environment:
	"", "### \(.id | md): \(.platform | platform_words) (\(.platform))", "",
	"Identity: must be the same for two results to be compared.", "",
	table(["what", "value"]; .identity | identity_rows), "",
	"Conditions: may differ, and may be what is tested.", "",
	table(["what", "value"]; .conditions | pairs), "",
	state_section, "",
	"Clock: \(.clock.source | md), steps of \(.clock.resolution_ns | duration),"
		+ " \(.clock.cost_ns | duration) to read.",
	"",
	(.engines_unlisted[]? | "DMA engines not listed: \({"gpu": "a GPU's", "dmaengine": "the kernel's DMA channels"}[.what] // .what | md), as \(.reason | md).", ""),
	(if .engines == [] then "DMA engines: none\(if (.engines_unlisted // []) == [] then "" else " that was listed" end)."
	 else table(["engine", "provider", "device", "kind", "node", "IOMMU", "longest", "align",
		"usable"];
		.engines | engine_rows) end), "",
	(if .warnings == [] then "Warnings: none."
	 else table(["warning", "why it matters", "what to do"];
		.warnings | map([(.what | md) + when, (.why | md), (.do | md)])) end);

def machines: .environments[] | environment;

def again:
	"- dmabench \(.tool.version | md), commit \(.tool.commit | md)",
	"- built by \(.tool.compiler | md) with `\(.tool.flags | code)`",
	"- started \(.run.start | md), took \(.run.duration_s | significant(3)) s, "
		+ "\(.run.launches_done) of \(.run.launches_planned) launches",
	"- seed \(.run.seed)",
	(.run.config | to_entries[] | "- \(.key | gsub("_"; " ") | md): \(.value | text)"),
	"", "The same seed gives the same order and patterns; raw figures are in `result.json`.";
