# SPDX-License-Identifier: GPL-2.0-only
# How fast the CPU is in each kind of memory: cases that read it, write it or copy out of it.
include "lib";

# The same of ordinary memory.
def ordinary: {"coherent-read": "memory-read", "coherent-write": "memory-write", "coherent-out": "memcpy",
	"call-pread": "memcpy"}[.path];
def accesses: plain | select(.class == "access" or .path == "call-pread");

# What the platform says of the engine's coherent memory.
def mapping($env): .engine.name as $name
	| first($env.engines[]? | select(.name == $name).coherent_memory) // null;

# Input: an environment's ok cases. Those accesses, with the case of ordinary memory that is theirs.
def with_ordinary: . as $all
	| [.[] | accesses | . as $case | ordinary as $path
	   | {case: $case, ordinary: (if $path == null then null else
		first($all[] | plain | select(.path == $path and .params.size == $case.params.size
			and .params.pages == "4K" and (.params.cache // "hot") == "hot" and (.params.offset // 0) == 0
			and .params.src_node == .params.dst_node)) // null end)}];
