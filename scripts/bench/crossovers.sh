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

# crossovers.json: an array with what each search came to. No pipe around the loop: a signal is to
# end what runs in it.
measure_crossovers() {
	local to=$1 paths sizes one dir code bad=0
	"$dmabench" list --json >"$out/parts/list.json" || return
	# Where bench.sh takes it away if it is interrupted.
	dir=$(mktemp -d "${to%/*}/.dmabench.XXXXXX") || return
	one=$dir/one
	: >"$dir/all"
	while read -r paths sizes; do
		code=0
		: >"$one"
		run_child_into "$dir/found" "$dir/said" "$dmabench" crossover --path "$paths" \
			--size "$sizes" --seed "$seed" --env host -o "$one" --force </dev/null || code=$?
		cat "$dir/found" "$dir/said" >>"${to%.json}.txt" || bad=1
		case $code in
		0 | 3) ;;
		*) not_measured "from which size on one of $paths is faster" "$(last_words "$dir/said")" "$code" ;;
		esac
		[[ ! -s $one ]] || jq -c '{env: "host"} + del(.environment, .schema)' "$one" >>"$dir/all" || bad=1
	done < <(crossover_searches)
	{ [[ $bad -eq 0 ]] && jq -s . "$dir/all" >"$to"; } || {
		rm -rf "$dir" "$to"
		return 1
	}
	rm -rf "$dir"
}

add_crossovers() {
	[[ ! -s $2 ]] || rewrite "$1" --slurpfile crossovers "$2" '. + {crossovers: $crossovers[0]}'
}
