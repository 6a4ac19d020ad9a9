# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2054,SC2154 # set here for the gate's jobs; $cases_wanted is gate.sh's
#
# What the gate measures: arguments of dmabench run, in $cases.

# Few, since each costs the others power, and such as are quiet on shared machines: what goes
# through the kernel's memory management (cow, mremap) isn't. 40 pairs take 1 to 2 minutes.
quick_cases=(--path memcpy,nt --size 64K,1M
	--and --path nt --size 4K
	--and --path movsb --size 64K
	--and --path fastest --size 1M)
quick_driver_cases=(--and --path pinned,registered,coherent,engine --size 64K)

# Time per operation alone: what else a launch can measure takes time and isn't gated.
measuring=(--samples 10 --sample-ms 2 --budget-ms 60 --cpu-ms 0 --calibrate-ms 0 --descriptor-ms 0
	--event-ms 0)

choose_cases() {
	local words=
	if [[ $cases_wanted == quick ]]; then
		cases=("${quick_cases[@]}")
		[[ ! -e /dev/dmabench ]] || cases+=("${quick_driver_cases[@]}")
		return
	fi
	if [[ $cases_wanted == -* ]]; then
		words=$cases_wanted
	elif [[ -r $cases_wanted && ! -d $cases_wanted ]]; then
		words=$(sed 's/#.*//' "$cases_wanted" | tr '\n' ' ')
	else
		usage_error "--cases $cases_wanted: expected quick, a file, or arguments of dmabench run"
	fi
	read -r -a cases <<<"$words"
	[[ ${#cases[@]} -gt 0 ]] || usage_error "--cases $cases_wanted: it names no cases"
}
