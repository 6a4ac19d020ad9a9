#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# crossover: from which size on is one path faster?

load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	fast=(--launches 8 --samples 2 --sample-ms 0 --seed 1)
}

# refused ARGUMENTS...: exit 2, one line that names it, nothing on stdout, nothing written.
refused() {
	local named=$1
	shift
	expect 2 "$dmabench" crossover "$@" -o new
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -eq 1 ]
	grep -qF -e "$named" stderr
	[ ! -e new ]
}

@test "bad arguments: exit 2, one line that names them, nothing run, nothing written" {
	refused "FIRST,SECOND" --path memcpy --size 4K,1M
	refused "FIRST,SECOND" --path memcpy,mremap --size 4K
	refused "FIRST,SECOND" --path memcpy,mremap,nt --size 4K,1M
	refused "FIRST,SECOND" --path memcpy,mremap --size 4K,64K,1M
	refused "FIRST,SECOND" --path memcpy,mremap --size 1M,4K
	refused "FIRST,SECOND" --path memcpy,nt --size 4K,1M --offset 0,1
	refused "8 pairs" --path memcpy,mremap --size 4K,1M --launches 7
	refused 4kx --path memcpy,mremap --size 4kx,1M
	refused nosuch --path memcpy,nosuch --size 4K,1M
}

# A page is copied in far less than moving one takes, 16 MiB in far more.
@test "the crossing of copying and moving is enclosed, with every size that was judged" {
	expect 0 "$dmabench" crossover --path memcpy,mremap --size 4K,16M "${fast[@]}" -o c.json
	grep -Eq '^up to [0-9KM]+ bytes memcpy is faster, from [0-9KM]+ bytes on mremap$' stdout
	jq -e '.found and .faster_below == "memcpy" and .faster_above == "mremap" and .below < .above
		and .below >= 4096 and .above <= 16777216' c.json
	jq -e '.schema == "dmabench-crossover/1" and .first.path == "memcpy" and .second.path == "mremap"' c.json
	jq -e '. as $c | [.points[] | select(.faster == "memcpy").size] | max == $c.below' c.json
	jq -e '. as $c | [.points[] | select(.faster == "mremap").size] | min == $c.above' c.json
	jq -e 'all(.points[]; .pairs == 8 and .size % 4096 == 0) and (.points | length) >= 6' c.json
}

@test "without a crossing in the range there is none, and the status says so" {
	expect 3 "$dmabench" crossover --path mremap,memcpy --size 4M,16M "${fast[@]}" -o c.json
	grep -qx 'no crossing is seen: mremap is faster at both ends' stdout
	jq -e '.found == false and (has("below") or has("above") | not) and (.points | length) == 2' c.json
}

@test "a path that can't run: why, and nothing that looks like an answer" {
	[ ! -e /dev/dmabench ] || skip "the driver is loaded here"
	expect 3 "$dmabench" crossover --path memcpy,pinned --size 4K,1M "${fast[@]}" -o c.json
	grep -q 'pinned at 4096 bytes: no /dev/dmabench' stderr
	[ ! -e c.json ]
}

@test "output that can't be written is an error" {
	expect 2 "$dmabench" crossover --path memcpy,mremap --size 4K,16M "${fast[@]}" -o /dev/full
	grep -q /dev/full stderr
}
