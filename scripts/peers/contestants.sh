# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # peers.sh sets $root, $cpu, $pages and $work
#
# Who takes part, and how each is run once and read. Every run prints one figure: B/s,
# each copied byte counted once, the median of some stretches of about 40 ms. Everything
# is pinned to one CPU, and every tool copies the same two buffers over and over.

# How long a stretch is: equally long for all, since a longer one meets more of what disturbs it.
stretch_ms=40
stretches=5

# Operations that memcpy-mt may have in flight: peers' processes never wait for each other. How
# many are best depends on how long one takes. A window is some times as many, so not too large.
queues="16 64 256 1024 4096"
most_in_flight=$((1 << 30))

# copies_in_stretch RATE SIZE: at RATE bytes per second, at least 1.
copies_in_stretch() {
	local copies=$((${1%.*} * stretch_ms / 1000 / $2))
	echo "$((copies > 0 ? copies : 1))"
}

# The middle of the numbers on stdin.
median() {
	sort -g | awk '{ v[NR] = $1 }
		END { if (!NR) exit 1; m = int((NR + 1) / 2)
			printf "%.0f\n", NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2 }'
}

pinned() {
	taskset -c "$cpu" "$@"
}

# ---- ours ----

# One line for each: its side, its name, and the arguments of dmabench run.
our_contestants() {
	local queue
	if [[ $all_cpus == yes ]]; then
		echo 'one|memcpy-mt|--path memcpy-mt'
		for queue in $queues; do
			echo "ours|memcpy-mt, $queue in flight|--path memcpy-mt --queue $queue"
		done
		return
	fi
	cat <<-'END'
		ours|memcpy|--path memcpy
		ours|movsb|--path movsb
		ours|movsq|--path movsq
		ours|vector|--path vector
		ours|nt|--path nt
		ours|nt+4096|--path nt --prefetch 4096
		ours|fastest|--path fastest
	END
}

# run_ours ARGUMENTS SIZE
run_ours() {
	local arguments
	read -ra arguments <<<"$1"
	pinned "$dmabench" run "${arguments[@]}" --size "$2" --pages "$pages" \
		--launches 1 --samples "$stretches" --sample-ms "$stretch_ms" --budget-ms 1000 \
		--cpu-ms 0 --calibrate-ms 0 -o "$work/ours.json" --force >/dev/null 2>&1 || return 1
	jq -e '.cases[0].throughput.value | floor' "$work/ours.json"
}

# ---- perf bench mem memcpy ----

# Its functions, from what "-f help" prints on stderr.
parse_perf_functions() {
	sed -n 's/^[[:space:]]*\([^[:space:]]*\) \.\.\. .*/\1/p'
}

# --format simple prints one number, B/s, beside comments.
parse_perf() {
	grep -E '^[[:space:]]*[0-9]+(\.[0-9]+)?[[:space:]]*$' | tr -d '[:blank:]'
}

perf_once() { # FUNCTION SIZE LOOPS
	pinned perf bench --format simple mem memcpy -f "$1" -s "$2B" -l "$3" 2>/dev/null | parse_perf
}

# run_perf FUNCTION SIZE: a first run finds how many copies a stretch takes.
run_perf() {
	local rate loops i
	rate=$(perf_once "$1" "$2" "$(copies_in_stretch 10000000000 "$2")") || return 1
	loops=$(copies_in_stretch "$rate" "$2")
	for ((i = 0; i < stretches; i++)); do perf_once "$1" "$2" "$loops"; done | median
}

# ---- mbw ----

mbw_methods="0:MEMCPY 1:DUMB 2:MCBLOCK"

# parse_mbw METHOD: MiB/s of each of its runs.
parse_mbw() {
	awk -F '\t' -v want="Method: $1" '$1 ~ /^[0-9]+$/ && $2 == want {
		for (i = 3; i <= NF; i++)
			if ($i ~ /^Copy: [0-9.]+ MiB\/s$/) { split($i, word, " "); print word[2] } }'
}

# stretch_rates N: from rates in MiB/s to B/s over stretches of N runs each. The first run
# is left out, as warming up. A stretch's rate is all of its bytes over all of its time.
stretch_rates() {
	awk -v n="$1" 'NR > 1 && $1 > 0 { t += 1 / $1
		if (++k == n) { printf "%.0f\n", n / t * 1048576; t = k = 0 } }'
}

# MCBLOCK copies block by block, but mbw 1.2.2 reads the first block of the source each
# time: only with one block of the whole size is it a copy of that size.
mbw_rates() { # NUMBER:METHOD SIZE RUNS
	pinned mbw -n "$3" "-t${1%%:*}" -b "$2" "$(($2 >> 20))" 2>/dev/null | parse_mbw "${1#*:}"
}

# run_mbw NUMBER:METHOD SIZE. It times each copy alone, with a clock of whole microseconds:
# only the sum over a stretch is exact enough for small ones.
run_mbw() {
	local rate runs
	runs=$(copies_in_stretch 10000000000 "$2")
	rate=$(mbw_rates "$1" "$2" "$((runs + 1))" | stretch_rates "$runs") || return 1
	[[ -n $rate ]] || return 1
	runs=$(copies_in_stretch "$rate" "$2")
	mbw_rates "$1" "$2" "$((stretches * runs + 1))" | stretch_rates "$runs" | median
}

# ---- all of them ----

# can_copy RUNNER ARGUMENT SIZE
can_copy() {
	case $1 in
	run_mbw) [[ $(($3 % 1048576)) -eq 0 ]] ;;
	run_ours) [[ ! $2 =~ --queue\ ([0-9]+) || $((BASH_REMATCH[1] * $3)) -le $most_in_flight ]] ;;
	esac
}

# missing TOOL REASON: said aloud, and in the report.
missing() {
	say "$1: $2"
	jq -n --arg tool "$1" --arg reason "$2" '{$tool, $reason}' >>"$work/missing"
}

# One line a contestant: side|tool|variant|how to run it. With all CPUs, sides one and shared are
# another kind of work: one operation at a time.
contestants() {
	local side name arguments function method how=run
	[[ $all_cpus == no ]] || how=all
	while IFS='|' read -r side name arguments; do
		printf '%s|dmabench|%s|run_ours|%s\n' "$side" "$name" "$arguments"
	done < <(our_contestants)
	if have perf; then
		while read -r function; do
			printf 'peer|perf|%s|%s_perf|%s\n' "$function" "$how" "$function"
		done < <(perf bench mem memcpy -f help 2>&1 | parse_perf_functions)
	fi
	while read -r name; do
		printf 'peer|DPDK|%s|%s_dpdk|%s\n' "$name" "$how" "$name"
		if [[ -n $shared ]]; then
			printf 'shared|DPDK|%s, shared|all_dpdk_shared|%s\n' "$name" "$name"
		fi
	done < <(dpdk_contestants)
	if have mbw && [[ $all_cpus == no ]]; then
		for method in $mbw_methods; do
			printf 'peer|mbw|%s|run_mbw|%s\n' "${method#*:}" "$method"
		done
	fi
}

who_is_missing() {
	have perf || missing "perf bench mem memcpy" "not installed ($(called setup) --for peers)"
	pkg-config --exists libdpdk 2>/dev/null ||
		missing "DPDK's rte_memcpy" "not installed ($(called setup) --for peers)"
	if [[ $all_cpus == yes ]]; then
		missing "mbw" "measured on one CPU only: copies with the C library, as perf's default does"
	elif ! have mbw; then
		missing "mbw" "not installed ($(called setup) --for peers)"
	fi
	missing "stress-ng" "prints no rate of a copy: --memcpy counts bogus operations over \
overlapping moves of its own sizes, --stream one figure for four kernels, --memrate reads and \
writes, but copies nothing"
	missing "tinymembench" "not in Debian; nt128 with prefetching is of its kind"
}
