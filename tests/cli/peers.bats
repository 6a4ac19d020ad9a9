#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/peers.sh: its arguments, what it makes of the lines that perf 6.1 and mbw 1.2.2
# print, and that DPDK's header copies. No test looks at how fast anything is.

# shellcheck disable=SC2154,SC1091 # set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	root=$top cpu=0 cpus=(0) all_cpus=no pages=4K work=$BATS_TEST_TMPDIR shared=
	source "$top/scripts/lib/common.sh"
	source "$top/scripts/peers/contestants.sh"
	source "$top/scripts/peers/dpdk.sh"
	source "$top/scripts/peers/all_cpus.sh"
	source "$top/scripts/peers/cpu_placement.sh"
	eval "$(sed -n '/^usable_cpus()/,/^}/p' "$top/scripts/peers.sh")"
}

refused() {
	run --separate-stderr "$top/scripts/peers.sh" --out new "$@"
	status_is 2
	[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	in_stderr "${!#}"
	[[ ! -e new ]]
}

@test "bad arguments: status 2, one line that names them, nothing run, nothing written" {
	refused --bogus
	refused --sizes 4k
	refused --sizes 0
	refused --sizes 1M,
	refused --rounds 0
	refused --rounds 101
	refused --cpu 99999
	refused --cpu x
	refused --sizes
	refused --all-cpus --cpu 0
	refused --all-cpus --place here
	refused --place near
}

@test "without any peer it says so and measures nothing" {
	mkdir bin
	local tool
	for tool in bash cat dirname sed taskset tr awk head grep; do
		ln -s "$(command -v "$tool")" "bin/$tool"
	done
	[[ ! -x /sbin/perf && ! -x /usr/sbin/mbw ]] || skip "peers are in sbin"
	run --separate-stderr env -i PATH="$PWD/bin" "$(command -v bash)" "$top/scripts/peers.sh" --out new
	status_is 3
	in_stderr "setup.sh --for peers"
	[[ ! -e new ]]
}

@test "perf: its functions are found, and its rate is read" {
	run parse_perf_functions <<-'TEXT'
		# Running 'mem/memcpy' benchmark:
		Available functions:
			default ... Default memcpy() provided by glibc
			x86-64-unrolled ... unrolled memcpy() in arch/x86/lib/memcpy_64.S
			x86-64-movsq ... movsq-based memcpy() in arch/x86/lib/memcpy_64.S
	TEXT
	[[ $output == $'default\nx86-64-unrolled\nx86-64-movsq' ]]
	run parse_perf <<-'TEXT'
		# Running 'mem/memcpy' benchmark:
		# function 'x86-64-movsq' (movsq-based memcpy() in arch/x86/lib/memcpy_64.S)
		30783105366.000301
	TEXT
	[[ $output == 30783105366.000301 ]]
	run parse_perf <<<"Unknown function: fast"
	[[ -z $output ]]
}

mbw_lines() {
	printf 'Long uses 8 bytes. Allocating 2*524288 elements = 8388608 bytes of memory.\n'
	printf '0\tMethod: MEMCPY\tElapsed: 0.00035\tMiB: 4.00000\tCopy: 11560.694 MiB/s\n'
	printf '1\tMethod: MEMCPY\tElapsed: 0.00032\tMiB: 4.00000\tCopy: 12698.413 MiB/s\n'
	printf '2\tMethod: MEMCPY\tElapsed: 0.00030\tMiB: 4.00000\tCopy: 13245.033 MiB/s\n'
	printf 'AVG\tMethod: MEMCPY\tElapsed: 0.00032\tMiB: 4.00000\tCopy: 12461.059 MiB/s\n'
	printf '0\tMethod: DUMB\tElapsed: 0.00149\tMiB: 4.00000\tCopy: 10745.467 MiB/s\n'
}

@test "mbw: the runs of one method, not its average nor another's" {
	run parse_mbw MEMCPY < <(mbw_lines)
	[[ $output == $'11560.694\n12698.413\n13245.033' ]]
	run parse_mbw MCBLOCK < <(mbw_lines)
	[[ -z $output ]]
}

@test "stretches: the first run is warming up, MiB/s become B/s, times add up" {
	# 2 copies at 1000 and 3000 MiB/s: the bytes of two over 4/3000 of a second each MiB.
	run stretch_rates 2 <<<$'5\n1000\n3000\n2000\n2000\n700'
	[[ $output == $'1572864000\n2097152000' ]]
}

@test "a stretch is 40 ms for all, and one copy at least" {
	[[ $(copies_in_stretch 50000000000 4096) == 488281 ]]
	[[ $(copies_in_stretch 30783105366.000301 1048576) == 1174 ]]
	[[ $(copies_in_stretch 5000000000 134217728) == 1 ]]
}

@test "median: the middle, or the mean of both; nothing of nothing" {
	run median <<<$'3\n1e3\n2'
	[[ $output == 3 ]]
	run median <<<$'4\n2'
	[[ $output == 3 ]]
	run median </dev/null
	[[ $status -ne 0 && -z $output ]]
}

@test "all CPUs: each copies as much and is named to the runner; the sum, or nothing if one fails" {
	cpus=(0 5)
	run_part() { [[ $1 != "fails on 5" || $cpu != 5 ]] && echo "$(($2 + cpu))"; }
	run on_each_cpu run_part any 2000
	[[ $status -eq 0 && $output == 4005 ]]
	run on_each_cpu run_part "fails on 5" 2000
	[[ $status -ne 0 && -z $output ]]
}

@test "all CPUs: nobody is measured alone: who is done goes on until all are" {
	cpus=(0 5)
	# The first is done at once and runs again; the other waits for that.
	: >ran.0
	run_part() {
		echo "$stretch_ms" >>"ran.$cpu"
		[[ $cpu == 0 ]] || until [[ $(wc -l <ran.0) -gt 2 ]]; do sleep 0.05; done
		echo 7
	}
	run on_each_cpu run_part any 2000
	[[ $status -eq 0 && $output == 14 ]]
	[[ $(head -n 1 ran.0) == 40 && $(sed -n 2p ran.0) == 20 && $(cat ran.5) == 40 ]]
}

@test "all CPUs: who goes on copying ends when the run was interrupted and its folder is gone" {
	mkdir gone
	# shellcheck disable=SC2016 # the inner shell expands them
	run timeout -k 1 20 env work="$PWD/gone" root="$top" bash -c '
		source "$root/scripts/peers/all_cpus.sh"
		cpus=(0 5) cpu=0
		run_part() { rm -rf "$work"; }
		measure_among_others run_part any 2000 2>/dev/null'
	[[ $status -ne 124 && $status -ne 137 ]]
}

@test "an interrupted run takes its folder away though somebody was writing there" {
	eval "$(sed -n '/^remove_work()/,/^}/p' "$top/scripts/peers.sh")"
	mkdir busy
	work=$PWD/busy
	rm() {
		command rm "$@"
		[[ -e again ]] || mkdir busy
		[[ -e again ]] || ! : >again
	}
	remove_work
	[[ ! -e busy && -e again ]]
}

@test "killed outright, its folders are taken away; a run that ends has nothing to take away" {
	local how
	for how in 'kill -KILL $$' dismiss_janitor; do
		mkdir one two
		# shellcheck disable=SC2016 # the inner shell expands
		run bash -c 'source "$1/scripts/lib/common.sh" && source "$1/scripts/lib/child.sh"
			take_away_after "$PWD/one" "$PWD/two"
			eval "$2"' sh "$top" "$how"
		if [[ $how == kill* ]]; then
			eventually bash -c '[[ ! -e one && ! -e two ]]'
		else
			sleep 0.5
			[[ -e one && -e two ]]
		fi
	done
}

@test "the word between two CPUs: a number of ns, or a dash where there is one CPU" {
	cpu=$(usable_cpus | head -n 1)
	[[ $(word_ns) == - ]]
	[[ $(nproc) -gt 1 ]] || skip "one CPU"
	cpu=$(usable_cpus | paste -sd,)
	[[ $(word_ns) =~ ^([1-9][0-9]*|-)$ ]]
}

# Words of ns one after the other, as if the CPUs changed places.
words_will_be() {
	printf '%s\n' "$@" >coming
	word_ns() {
		sed -n 1p coming
		sed -i 1d coming
	}
	sleep() { :; }
	: >words
}

@test "a place is waited for, and not for ever" {
	place=far
	words_will_be 170 170 30 29 31 - 150 30
	see_both_places
	[[ $(cat coming) == $'29\n31\n-\n150\n30' ]]
	await_place
	[[ $(cat coming) == 30 && $(sort -n words | sed -n 1p) == 29 ]]
	[[ $(place_of 57) == near && $(place_of 58) == far ]]
	place_looks=3
	words_will_be 30 31 30 31 160
	run ! await_place
	words_will_be 30 31 30 31 32 160
	: >words
	run --separate-stderr see_both_places
	status_is 3
	in_stderr "didn't change places"
}

@test "with --place a figure counts only if the CPUs were there before and after it" {
	eval "$(sed -n '/^measure_one()/,/^}/p' "$top/scripts/peers.sh")"
	run_it() { echo 1000 | tee -a tried; }
	place=far
	words_will_be 30 160 160 31 160 30 165 165 166 167
	look >/dev/null
	: >rates
	measure_one 1 4096 peer tool variant run_it any 2>err
	[[ $(cat rates) == $'1\t4096\tpeer\ttool\tvariant\t1000\t166\t167' && ! -s err ]]
	[[ $(wc -l <tried) == 3 ]]
}

@test "all CPUs: memcpy-mt is the only one of ours, each kind of work has its peers, none runs on one CPU" {
	mkdir bin
	printf '#!/bin/sh\nprintf "\\tdefault ... Default memcpy() provided by glibc\\n"\n' >bin/perf
	chmod +x bin/perf
	PATH=$PWD/bin:$PATH
	dpdk_contestants() { echo rte_memcpy; }
	all_cpus=yes
	run contestants
	[[ $output == 'one|dmabench|memcpy-mt|run_ours|--path memcpy-mt
ours|dmabench|memcpy-mt, 16 in flight|run_ours|--path memcpy-mt --queue 16
ours|dmabench|memcpy-mt, 64 in flight|run_ours|--path memcpy-mt --queue 64
ours|dmabench|memcpy-mt, 256 in flight|run_ours|--path memcpy-mt --queue 256
ours|dmabench|memcpy-mt, 1024 in flight|run_ours|--path memcpy-mt --queue 1024
ours|dmabench|memcpy-mt, 4096 in flight|run_ours|--path memcpy-mt --queue 4096
peer|perf|default|all_perf|default
peer|DPDK|rte_memcpy|all_dpdk|rte_memcpy' ]]
	shared=/somewhere
	run contestants
	[[ ${lines[-1]} == 'shared|DPDK|rte_memcpy, shared|all_dpdk_shared|rte_memcpy' ]]
}

@test "what a tool can't copy isn't tried: parts of MiB by mbw, more than 1 GiB in flight" {
	can_copy run_mbw 0:MEMCPY $((2 << 20))
	run ! can_copy run_mbw 0:MEMCPY 4096
	can_copy run_perf default 4096
	can_copy run_ours "--path fastest" $((8 << 30))
	can_copy run_ours "--path memcpy-mt --queue 16" $((64 << 20))
	run ! can_copy run_ours "--path memcpy-mt --queue 1024" $((2 << 20))
}

@test "DPDK: each of its copies compiles and prints one rate of what it checked" {
	pkg-config --exists libdpdk || skip "libdpdk-dev isn't installed"
	stretch_ms=1 stretches=3
	local name
	dpdk_contestants >names
	grep -qx rte_memcpy names
	while read -r name; do
		run run_dpdk "$name" 4097
		[[ $status -eq 0 && $output =~ ^[1-9][0-9]*$ ]]
	done <names
	run "$work/rte_memcpy" 0 1 1
	[[ $status -eq 2 && -z $output ]]
}

@test "DPDK: processes that share buffers copy each its part and nothing else" {
	pkg-config --exists libdpdk || skip "libdpdk-dev isn't installed"
	compile_dpdk rte_memcpy ""
	head -c $((6 * 4096)) /dev/zero >buffers
	run ./rte_memcpy 4096 1 1 buffers 1
	[[ $status -eq 0 && $output =~ ^[1-9][0-9]*$ ]]
	# Of six pages the second, what is copied, and the fifth, where it is copied to.
	[[ $(tr -d '\1' <buffers | wc -c) == $((4 * 4096)) ]]
	[[ $(tail -c +4097 buffers | head -c 4096 | tr -d '\1' | wc -c) == 0 ]]
	[[ $(tail -c +16385 buffers | head -c 4096 | tr -d '\1' | wc -c) == 0 ]]
	run ./rte_memcpy 4096 1 1 buffers 3
	[[ $status -eq 2 && -z $output ]]
	# All of them: the parts of all CPUs are whole lines, and a file is there for as many.
	make_shared
	[[ -n $shared ]] || skip "/dev/shm can't be written to"
	stretch_ms=1 stretches=1
	mapfile -t cpus < <(usable_cpus)
	run all_dpdk_shared rte_memcpy $((${#cpus[@]} * 4096 + 100))
	[[ $status -eq 0 && $output =~ ^[1-9][0-9]*$ ]]
	[[ $(stat -c %s "$shared/buffers") == $((2 * ${#cpus[@]} * 4096 + 100 / ${#cpus[@]} / 64 * 128 * ${#cpus[@]})) ]]
	[[ $(tr -d '\1' <"$shared/buffers" | wc -c) == 0 ]]
	rm -r "$shared"
}

@test "the report: best of each side by median, ratios within rounds, what is missing" {
	{
		printf '%s\t4096\tours\tdmabench\t%s\t%s\n' 1 fastest 60e9 2 fastest 30e9 1 nt 9e9 2 nt 9e9
		printf '%s\t4096\tpeer\tperf\t%s\t%s\n' 1 default 50e9 2 default 20e9 1 slow 1e9
	} >rates
	printf '{"tool":"mbw","reason":"not installed"}\n' >missing
	printf '{"identity":{"cpu_model":"Some CPU"}}\n' >env.json
	jq -Rn --slurpfile missing missing --slurpfile env env.json --arg start 2026-01-01T00:00:00Z \
		--argjson cpus '[0]' --argjson rounds 3 --argjson finished 2 --argjson words '[]' --arg pages 4K -f "$top/scripts/peers/report.jq" <rates >peers.json
	jq -e '.verdicts == [{size: 4096, cpus_were: null, ours: "fastest", peer: "perf default",
		ours_rate: {median: 45e9, lo: 30e9, hi: 60e9}, peer_rate: {median: 35e9, lo: 20e9, hi: 50e9},
		ratio: {median: 1.35, lo: 1.2, hi: 1.5, rounds: 2},
		fastest_ratio: {median: 1.35, lo: 1.2, hi: 1.5, rounds: 2}, one_at_a_time: null}]' peers.json
	run jq -r -L "$top/scripts/report" -f "$top/scripts/peers/table.jq" peers.json
	[[ $output == *"| 4K | fastest | 45 (30 to 60) | perf default | 35 (20 to 50) | 1.35 (1.2 to 1.5) |"* ]]
	[[ $output == *"2 of 3 rounds"* ]]
	[[ $output == *"- mbw: not installed"* ]]
	[[ $output == *"one thread."* ]]
}

# report_of CPUS ROUNDS [WORDS]: peers.json of the file rates.
report_of() {
	printf '{"identity":{"cpu_model":"Some CPU"}}\n' >env.json
	: >missing
	jq -Rn --slurpfile missing missing --slurpfile env env.json --arg start 2026-01-01T00:00:00Z \
		--argjson cpus "$1" --argjson rounds "$2" --argjson finished "$2" --argjson words "${3:-[]}" --arg pages 4K \
		-f "$top/scripts/peers/report.jq" <rates >peers.json
}

@test "the report: luck in a round doesn't choose who is compared in it" {
	# In round 2 the slower peer is lucky, in round 3 the slower of ours.
	for round in 1 2 3 4 5; do
		printf "$round\t4096\t%s\t%s\n" $'peer\tperf\tsteady' 50e9 $'ours\tdmabench\tone' 40e9
		printf "$round\t4096\t%s\t%s\n" $'peer\tperf\tmoody' "$((round == 2 ? 90 : 20))e9" \
			$'ours\tdmabench\tother' "$((round == 3 ? 80 : 30))e9"
	done >rates
	report_of '[0]' 5
	jq -e '.verdicts[0] | .ratio == {median: 0.8, lo: 0.8, hi: 0.8, rounds: 5} and .fastest_ratio == null' peers.json
}

@test "the report: figures of CPUs near each other aren't compared with those of CPUs far away" {
	{
		printf '1\t4096\t%s\n' $'ours\tdmabench\tmt\t40e9\t25\t31' $'peer\tperf\tdefault\t50e9\t26\t26'
		printf '2\t4096\t%s\n' $'ours\tdmabench\tmt\t90e9\t160\t150' $'peer\tperf\tdefault\t60e9\t151\t160'
		printf '3\t4096\t%s\n' $'ours\tdmabench\tmt\t41e9\t25\t25' $'peer\tperf\tdefault\t70e9\t160\t160'
		printf '4\t4096\t%s\n' $'ours\tdmabench\tmt\t99e9\t25\t160' $'peer\tperf\tdefault\t50e9\t26\t26'
	} >rates
	report_of '[0,1]' 4
	jq -e '[.verdicts[] | [.cpus_were, .ratio.median, .ratio.rounds]] == [["far", 1.5, 1], ["near", 0.8, 1]]' peers.json
	run jq -r -L "$top/scripts/report" -f "$top/scripts/peers/table.jq" peers.json
	[[ $output == *"| 4K, near | mt | 40.5 (40 to 41) | perf default | 50 (50 to 50) | 0.8 (0.8 to 0.8) |"* ]]
	[[ $output == *"| 4K, moved | dmabench mt | 99 (99 to 99) | 1 |"* ]]
	[[ $output == *"(25 to 160 ns)"* ]]
	# Where they never moved there is nothing to tell.
	sed -i 's/160/30/g; s/15[01]/30/g' rates
	report_of '[0,1]' 4
	jq -e '[.verdicts[].cpus_were] == [null]' peers.json
}

@test "the report: a moment at which both CPUs were one core isn't what near is measured by" {
	local words
	words=$(jq -nc '[range(99) | 40] + [8]')
	{
		printf '1\t4096\t%s\n' $'ours\tdmabench\tmt\t40e9\t41\t42' $'peer\tperf\tdefault\t50e9\t40\t60'
		printf '2\t4096\t%s\n' $'ours\tdmabench\tmt\t20e9\t8\t9' $'peer\tperf\tdefault\t20e9\t9\t9'
		printf '3\t4096\t%s\n' $'ours\tdmabench\tmt\t90e9\t200\t210' $'peer\tperf\tdefault\t60e9\t190\t200'
	} >rates
	report_of '[0,1]' 3 "$words"
	jq -e '[.verdicts[] | [.cpus_were, .ratio.median]] == [["far", 1.5], ["near", 0.8], ["nearer", 1]]' peers.json
	jq -r '.[]' <<<"$words" >words
	[[ $(place_of 79) == near && $(place_of 80) == far && $(place_of 21) == near && $(place_of 20) == nearer ]]
}

@test "the report: what is far shows by what was near while it waited" {
	printf '1\t4096\t%s\n' $'ours\tdmabench\tmt\t90e9\t160\t150' $'peer\tperf\tdefault\t60e9\t151\t160' >rates
	report_of '[0,1]' 1 '[25,160]'
	jq -e '.word_ns == {least: 25, usual_least: 25, most: 160} and [.verdicts[] | [.cpus_were, .ratio.rounds]] == [["far", 1]]' peers.json
}

@test "the report of all CPUs: many in flight against the sum, one at a time against parts of shared buffers" {
	printf '1\t4096\t%s\n' $'ours\tdmabench\tmemcpy-mt, 16 in flight\t60e9' $'one\tdmabench\tmemcpy-mt\t90e9' \
		$'peer\tperf\tdefault\t50e9' >rates
	report_of '[0,1]' 1
	jq -e '.verdicts[0] | .ratio.median == 1.2 and .fastest_ratio == null and .one_at_a_time == null' peers.json
	run jq -r -L "$top/scripts/report" -f "$top/scripts/peers/table.jq" peers.json
	[[ $output == *"| 4K | memcpy-mt, 16 in flight | 60 (60 to 60) | perf default | 50 (50 to 50) | 1.2 (1.2 to 1.2) |"* ]]
	[[ $output == *"all CPUs at once"* && $output != *"one thread."* ]]
	printf '1\t4096\t%s\n' $'shared\tDPDK\tone, shared\t60e9' $'shared\tDPDK\tother, shared\t30e9' >>rates
	report_of '[0,1]' 1
	jq -e '.verdicts[0] | .peer == "perf default" and .ratio.median == 1.2 and
		(.one_at_a_time | .peer == "DPDK one, shared" and .ratio.median == 1.5)' peers.json
	run jq -r -L "$top/scripts/report" -f "$top/scripts/peers/table.jq" peers.json
	[[ $output == *"| 4K | memcpy-mt | 90 (90 to 90) | DPDK one, shared | 60 (60 to 60) | 1.5 (1.5 to 1.5) |"* ]]
}
