# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # $mode and $root are bench.sh's
#
# The same work timed from outside by hyperfine: N copies against none, so that
# start-up, filling and checking cancel. The harness's own figures stand beside it.

outside_paths=(memcpy movsb nt fastest memcpy-mt cow-private cow-fork mremap uffd-move shared process-vm splice pinned registered coherent engine)

# The harness's time per operation of a path at a size (hot, plain), or nothing.
harness_ns() {
	jq -r --arg path "$2" --argjson size "$3" '
		first(.cases[] | select(.status == "ok" and .path == $path and .params.size == $size and
			(.params.cache // "hot") == "hot" and .params.use == null and .params.touch == null and .params.load == null and .params.direction == null and (.params.pages // "4K") == "4K" and
			(.params.offset // 0) == 0 and (.params.share // 0) == 0 and
			(.params.wait // "interrupt") == "interrupt") | .time.value) // empty' "$1"
}

# Median seconds of both commands, N copies first.
time_both() {
	local path=$1 size=$2 count=$3 json=$4
	local copy
	copy="$(quoted "$dmabench") copy --path $path --size $size"
	run_child_into /dev/null "${json%.json}.log" hyperfine -N --style none --output inherit --warmup 1 \
		--runs "$outside_runs" --export-json "$json" "$copy --count $count" "$copy --count 0"
}

# outside.json: an array with one entry per path that could be timed. No pipe around the loop: a
# signal is to end what runs in it.
measure_outside() {
	local result=$1 to=$2 path ns count size=1048576 work_ns=300000000 one dir untimed=() why='' code=0
	outside_runs=5
	[[ $mode == quick ]] || outside_runs=10
	[[ $mode == quick ]] || work_ns=500000000
	# Where bench.sh takes it away if it is interrupted.
	dir=$(mktemp -d "${to%/*}/.dmabench.XXXXXX") || return
	one=$dir/one.json
	: >"$dir/all"
	for path in "${outside_paths[@]}"; do
		ns=$(harness_ns "$result" "$path" "$size")
		[[ -n $ns ]] || continue
		count=$(jq -n --argjson ns "$ns" --argjson work "$work_ns" '$work / $ns | ceil')
		if ! time_both "$path" "$size" "$count" "$one"; then
			untimed+=("$path")
			# What the copy said, not what hyperfine advises.
			why=$(grep -a '^dmabench copy: ' "$dir/one.log" | tail -n 1) || why=$(last_words "$dir/one.log")
			why=${why%%. Use the *}
			continue
		fi
		jq -c --arg path "$path" --argjson size "$size" --argjson count "$count" \
			--argjson harness "$ns" --argjson runs "$outside_runs" '
			((.results[0].median - .results[1].median) * 1e9 / $count) as $ns
			| {path: $path, env: "host", size: $size, ops: $count, runs: $runs,
			   hyperfine_ns_per_op: $ns, harness_ns_per_op: $harness, ratio: ($ns / $harness)}' "$one" >>"$dir/all" || code=1
	done
	[[ ${#untimed[@]} -eq 0 || -n $why ]] || why=$(write_problem)
	[[ ${#untimed[@]} -eq 0 ]] || not_measured "the same work from outside (${untimed[*]})" \
		"hyperfine could not time it${why:+: $why}"
	{ [[ $code -eq 0 ]] && jq -s . "$dir/all" >"$to"; } || {
		rm -rf "$dir" "$to"
		return 1
	}
	rm -rf "$dir"
}

add_outside() {
	[[ ! -s $2 ]] || rewrite "$1" --slurpfile outside "$2" '. + {outside: $outside[0]}'
}
