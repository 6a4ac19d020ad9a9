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

# Which path is faster is this machine's business, and whether that can be seen: what is said must
# follow from the sizes that were judged. The unit test has times that are made up.
follows() { # FIRST SECOND FROM TO
	local below above code=0
	"$dmabench" crossover --path "$1,$2" --size "$3,$4" "${fast[@]}" -o c.json --force >stdout 2>stderr || code=$?
	jq -e --arg first "$1" --arg second "$2" --argjson code "$code" '
		. as $c | ($c.points | sort_by(.size)) as $points | [$points[0].faster, $points[-1].faster] as $ends
		| .schema == "dmabench-crossover/1" and .first.path == $first and .second.path == $second
		and all(.points[]; .pairs == 8 and .size % 4096 == 0 and .ratio > 0
			and (.faster | IN($first, $second, null)))
		and .found == (all($ends[]; . != null) and $ends[0] != $ends[1])
		and $code == (if .found then 0 else 3 end)
		and if .found then .faster_below == $ends[0] and .faster_above == $ends[1] and .below < .above
			and any($points[]; .size == $c.below and .faster == $ends[0])
			and any($points[]; .size == $c.above and .faster == $ends[1])
			and all($points[] | select(.size > $c.below and .size < $c.above); .faster == null)
		else (has("below") or has("above") | not) and ($points | length) == 2 end' c.json
	if [ "$code" -eq 0 ]; then
		below=$(jq -r .faster_below c.json)
		above=$(jq -r .faster_above c.json)
		grep -Eq "^up to [0-9KM]+ bytes $below is faster, from [0-9KM]+ bytes on $above\$" stdout
	else
		grep -Eq '^no (answer|crossing is seen): ' stdout
	fi
}

@test "what is said follows from the sizes that were judged" {
	follows memcpy mremap 4K 8M
	follows mremap memcpy 4K 16K
	follows memcpy memcpy-mt 4K 4M
}

@test "a path that can't run: why, and nothing that looks like an answer" {
	[ ! -e /dev/dmabench ] || skip "the driver is loaded here"
	expect 3 "$dmabench" crossover --path memcpy,pinned --size 4K,1M "${fast[@]}" -o c.json
	grep -q 'pinned at 4096 bytes: no /dev/dmabench' stderr
	[ ! -e c.json ]
}

@test "output that can't be written is an error" {
	expect 2 "$dmabench" crossover --path memcpy,mremap --size 4K,8K "${fast[@]}" -o /dev/full
	grep -q /dev/full stderr
}

@test "a file that is there is kept unless it is to be overwritten, and nothing is measured for it" {
	echo precious >c.json
	expect 2 "$dmabench" crossover --path memcpy,mremap --size 4K,8K "${fast[@]}" -o c.json
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -eq 1 ]
	grep -qF '"c.json": expected a new file (or --force)' stderr
	[ "$(cat c.json)" = precious ]
}

@test "--dry-run says what would be searched, and measures nothing" {
	expect 0 "$dmabench" crossover --path memcpy,mremap --size 4K,8M "${fast[@]}" --dry-run -o c.json
	grep -q '^between 4K and 8M bytes, 8 pairs of launches a size$' stdout
	run ! grep -q ' times as long as ' stdout
	[ ! -e c.json ]
}
