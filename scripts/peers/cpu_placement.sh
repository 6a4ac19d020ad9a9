# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # peers.sh sets $root, $work and $place; it reads place_tries
#
# Where the CPUs are: under a hypervisor the first and the last may have one last-level cache at
# one moment and two at the next, by the time that a word takes between them. With --place a figure
# counts only if they were there before and after it; else it's waited for, and measured again.

# Half-seconds that are looked for a place, and times that a figure is tried.
place_looks=240
place_tries=20

# ns that a word takes between the first CPU and the last, or "-".
word_ns() {
	pinned "$dmabench" env --word 2>/dev/null || echo -
}

# Places are what the report says: by the least of all that were seen, but for one in twenty.
place_of() { # NS
	local usual
	usual=$(sort -n "$work/words" | awk '{ v[NR] = $1 } END { print v[int((NR + 19) / 20)] }')
	if [[ $1 == - ]]; then
		echo unknown
	elif [[ $((2 * $1)) -le $usual ]]; then
		echo nearer
	elif [[ $1 -lt $((2 * usual)) ]]; then
		echo near
	else
		echo far
	fi
}

# look: the word now, which it remembers.
look() {
	local ns
	ns=$(word_ns)
	[[ $ns == - ]] || echo "$ns" >>"$work/words"
	echo "$ns"
}

# Until the CPUs are where they are asked to be; false after too many looks.
await_place() {
	local i ns
	for ((i = 0; i < place_looks; i++)); do
		ns=$(look)
		[[ $(place_of "$ns") != "$place" ]] || return 0
		sleep 0.5
	done
	return 1
}

# What is far only shows beside what is near.
see_both_places() {
	local i
	[[ $(word_ns) != - ]] || die "--place $place: a word between two CPUs can't be timed here" 3
	say "waiting for the CPUs to be near each other and far from each other"
	for ((i = 0; i < place_looks; i++)); do
		look >/dev/null
		[[ $(place_of "$(sort -n "$work/words" | tail -n 1)") != far ]] || return 0
		sleep 0.5
	done
	die "--place $place: the CPUs didn't change places in $((place_looks / 2)) s" 3
}
