# SPDX-License-Identifier: GPL-2.0-only
# Copies by node: one matrix a path, engine, size and setting that was measured in more than
# one combination of nodes. Table and heat map show the same.
include "lib";

def node_axes: ["cpu_node", "src_node", "dst_node"];
def without_nodes: .params | with_entries(select(.key as $k | node_axes | index($k) | not));
def direction: "\(.params.src_node)→\(.params.dst_node)";

# What is local: both buffers on the engine's node where it is known, else on the CPU's.
def home_node: if (.engine.node? // -1) >= 0 then .engine.node else .params.cpu_node end;
def is_local: home_node as $home | .params.src_node == $home and .params.dst_node == $home;

# Input: the cases of one matrix. Rows are CPU nodes, columns directions.
def numa_matrix:
	sort_by(.params.cpu_node, .params.src_node, .params.dst_node)
	| {label: (.[0] | series_label), size: .[0].params.size, path: .[0].path,
	   setting: (.[0] | del(.params.cpu_node) | all_text),
	   engine: .[0].engine, cases: .,
	   rows: (map(.params.cpu_node) | unique),
	   columns: (map([.params.src_node, .params.dst_node]) | unique
		| map("\(.[0])→\(.[1])")),
	   best: (map(.throughput.value) | max), worst: (map(.throughput.value) | min)};

# Input: the file. The matrices of an environment in the order of their paths.
def numa_matrices($env):
	[plain_cases($env)[] | select(.class == "copy" and .params.src_node != null)] as $cases
	| (reduce ($cases[] | [series_key, without_nodes]) as $k ([];
		if index([$k]) then . else . + [$k] end))[] as $key
	| [$cases[] | select([series_key, without_nodes] == $key)]
	| select(length > 1) | numa_matrix;

def at($cpu; $column): first(.cases[] | select(.params.cpu_node == $cpu and direction == $column))
	// null;
# The row's local figure; null where the row has none.
def local($cpu): first(.cases[] | select(.params.cpu_node == $cpu and is_local)) // null
	| .throughput.value;
