# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # peers.sh sets $root and $work, contestants.sh the stretches
#
# DPDK's rte_memcpy: a header, so it takes part in a small program of ours that is compiled
# here, for this CPU. Its AVX-512 code has to be asked for by a macro.

# One line for each: its name, and the macro.
dpdk_variants() {
	echo 'rte_memcpy|'
	[[ $(cc -march=native -dM -E -x c /dev/null) != *__AVX512F__* ]] ||
		echo 'rte_memcpy-avx512|-DRTE_MEMCPY_AVX512'
}

# The machine that DPDK was packaged for is left out of its flags: ours is better. Its loop of 64
# bytes runs at half its rate where it isn't aligned, as happens by what else is in the program.
compile_dpdk() { # NAME MACRO
	local flags
	read -ra flags <<<"$(pkg-config --cflags libdpdk | sed 's/-march=[^ ]*//') $2"
	cc -O3 -march=native -falign-functions=64 -falign-loops=64 "${flags[@]}" \
		-o "$work/$1" "$root/scripts/peers/rte_memcpy.c" >&2
}

# Names of those that could be compiled, one a line.
dpdk_contestants() {
	local name macro
	have cc && have pkg-config && pkg-config --exists libdpdk || return 0
	while IFS='|' read -r name macro; do
		if compile_dpdk "$name" "$macro"; then echo "$name"; fi
	done < <(dpdk_variants)
}

# run_dpdk NAME SIZE [FILE PART]
run_dpdk() {
	pinned "$work/$1" "$2" "$stretch_ms" "$stretches" "${@:3}"
}
