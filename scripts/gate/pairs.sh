# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $cases, $setups … are gate.sh's
#
# Side by side: two builds, or one under two settings.

# measure_pairs DIR SEED [--only ID]...
measure_pairs() {
	local dir=$1 with_seed=$2 code=0 both=()
	shift 2
	if [[ ${#setups[@]} -gt 0 ]]; then
		both+=(--setup-a "exec bash $(printf %q "$(realpath "${setups[0]}")")"
			--setup-b "exec bash $(printf %q "$(realpath "${setups[1]}")")")
	fi
	run_child "$new_exe" pair --a "$base_exe" --b "$new_exe" --out-a "$dir/base.json" \
		--out-b "$dir/new.json" --env host --mode gate --launches "${launches:-40}" \
		--seed "$with_seed" ${both[@]+"${both[@]}"} "${measuring[@]}" "${cases[@]}" "$@" \
		>"$dir/pair.txt" || code=$?
	measured "$code"
}

confirm_pairs() {
	measure_pairs "$out/confirm" "$((seed + 1))" "$@"
}

job_pairs() {
	local commit
	choose_cases
	[[ -z $against ]] || commit=$(commit_of "$against")
	build_present
	choose_rules --paired
	"$new_exe" run --dry-run "${measuring[@]}" "${cases[@]}" >/dev/null || exit 2
	make_out
	base_exe=$new_exe
	[[ -z $against ]] || build_commit "$commit"
	measure_pairs "$out" "$seed"
	decide "$out/base.json" "$out/new.json" confirm_pairs
	exit "$status"
}
