# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # $mode, $seed, $out and $root are bench.sh's
#
# From which size on does one path beat another? By bisection, since the sizes of the cases
# only bracket it. For full runs, on the host: an emulated machine's times mean nothing.

# FIRST,SECOND FROM,TO MORE...: the CPU's ways against moving pages, and each driver path
# that can run here against each CPU path.
crossover_searches() {
	local path cpu
	echo memcpy,mremap 4K,16M
	for path in pinned registered pinned-async registered-async pinned-mt gpu-staged gpu-staged-pinned; do
		usable_path "$path" || continue
		for cpu in memcpy fastest memcpy-mt; do echo "$cpu,$path 4K,64M"; done
	done
	! usable_path batch || echo "memcpy-batch,batch 4K,16M"
}

usable_path() {
	jq -e --arg path "$1" 'any(.paths[]; .name == $path and .usable)' "$out/parts/list.json" >/dev/null
}

# crossovers.json: an array with what each search came to.
measure_crossovers() {
	local to=$1 paths sizes one code
	one=$(mktemp) || return
	"$root/build/dmabench" list --json >"$out/parts/list.json" || return
	while read -r paths sizes; do
		code=0
		: >"$one"
		run_child "$root/build/dmabench" crossover --path "$paths" --size "$sizes" --seed "$seed" \
			--env host -o "$one" --force >>"${to%.json}.txt" 2>&1 </dev/null || code=$?
		case $code in
		0 | 3) ;;
		*) warn "the crossing of $paths could not be found, see ${to%.json}.txt" ;;
		esac
		[[ ! -s $one ]] || jq -c '{env: "host"} + del(.environment, .schema)' "$one"
	done < <(crossover_searches) | jq -s . >"$to" || {
		rm -f "$one" "$to"
		return 1
	}
	rm -f "$one"
}

add_crossovers() {
	[[ ! -s $2 ]] || rewrite "$1" --slurpfile crossovers "$2" '. + {crossovers: $crossovers[0]}'
}
