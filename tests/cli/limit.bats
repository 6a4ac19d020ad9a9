#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/dev/limit.sh: its arguments, and what it makes of a result whose shares are known.

# shellcheck disable=SC2154,SC1091 # set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

refused() {
	run --separate-stderr "$top/scripts/dev/limit.sh" --out new "$@"
	status_is 2
	[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	in_stderr "${!#}"
	[[ ! -e new ]]
}

# A result with these cases: PATH SIZE DEPTH TIME, in a line each. Waiting is all of the time.
result() {
	jq -nR '{environments: [{platform: "vm-icount"}], cases: [inputs | split(" ") |
		{id: .[0], path: .[0], status: "ok", time: {value: (.[3] | tonumber)},
		 params: {size: (.[1] | tonumber), depth: (.[2] | tonumber), chunk: 0, pages: "2M"},
		 throughput: {value: ((.[1] | tonumber) / (.[3] | tonumber) * 1e9)},
		 stages: {descriptors: 1, pin: 0, unpin: 0, map: 0, unmap: 0, submit: 0, other: 0,
			wait: (.[3] | tonumber), total: (.[3] | tonumber)}}]}'
}

tables() { # RATE LATENCY, of result.json
	run --separate-stderr jq -r -L "$top/scripts/dev/limit" --argjson rate "$1" --argjson latency "$2" \
		--slurpfile free result.json -f "$top/scripts/dev/limit/tables.jq" result.json
}

@test "bad arguments: status 2, one line that names them, nothing run, nothing written" {
	refused --bogus
	refused --guest kvm
	refused --rate 0
	refused --rate 1e8
	refused --rate 9999
	refused --latency -1
	refused --latency 01
	refused --latency 1000000000
	refused --rate
}

@test "shares are those of the model: bytes by rate, and a latency for each 4 MiB" {
	result >result.json <<-'CASES'
		engine 65536 0 101000
		engine 8388608 0 16779216
		pinned 1048576 0 1165640
	CASES
	# 65536 + 1000 of 101000; 8388608 + 3 (4 MiB and two more latencies) of 16779216.
	tables 1000000000 1000
	status_is 0
	[[ $output == *"| 64K | – | – | 65.9 % | – |"* ]]
	[[ $output == *"| 8M | – | – | 50 % | – |"* ]]
	[[ $output == *"| 1M | – | – | – | 90 % |"* ]]
	[[ $output == *"Goals missed: engine at 64K: 65.9 %; engine at 8M: 50 %."* ]]
}

@test "a descriptor that is waited for too long misses its goal" {
	result >result.json <<-'CASES'
		engine 4096 1 10097
	CASES
	tables 1000000000 1000
	[[ $output == *"Goals missed: engine at 4K: waited 5 µs longer."* ]]
	tables 1000000000 1001
	[[ $output == *"Every goal is met."* ]]
}

@test "a case without a figure is an error, but for coherent memory that can't be had" {
	result <<<"pinned 4096 0 10000" | jq '.cases[0] += {status: "failed", reason: "why"}' >result.json
	tables 1000000000 1000
	status_is 5
	in_stderr "pinned: why"
	result <<<"coherent 8388608 0 10000" | jq '.cases[0] += {status: "failed", reason: "why"}' >result.json
	tables 1000000000 1000
	status_is 0
}
