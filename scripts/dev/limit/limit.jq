# SPDX-License-Identifier: GPL-2.0-only
# What the simulator's time model allows. $rate, $latency: what it was set to.
#
# The limit of an operation is the engine's time for it in as few descriptors as it takes, each
# $latency and its bytes / $rate. The model's time is that for the descriptors that it was given.

def longest: 4194304;
def model($descriptors): $descriptors * $latency + .params.size / $rate * 1e9;
def own: model(.stages.descriptors);
def limit: model(.params.size / longest | ceil);
def share: limit / .time.value;

# Without asked depth and chunk; buffers of large pages, or none of the caller's.
def by_default: .params | .depth == 0 and .chunk == 0 and .pages != "4K";
# Goals: shares of the limit, and how much longer than the engine's own time a single descriptor
# may be waited for, in nanoseconds.
def goal: if .path != "pinned" then (if .params.size >= 65536 then 0.95 else null end)
	elif .params.size >= 1048576 then 0.9 else null end;
def wake_up: 5000;
def too_slow: by_default and goal != null and share < goal;
def woken_late: .params.depth == 1 and .params.chunk == 0 and .stages.wait > own + wake_up;
