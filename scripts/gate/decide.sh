# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out, $new_exe, $threshold … are gate.sh's
#
# Measure, decide, and measure what failed once more. That there is exactly one such block, of
# as many launches, is settled before anything is measured.

# The options of compare that all jobs share, in $rules.
choose_rules() {
	rules=("$@")
	[[ -z $threshold ]] || rules+=("--${threshold_of-}threshold" "$threshold")
	[[ -z $changed ]] || rules+=(--changed "$changed")
	try_rules
}

# What compare doesn't take is known before anything is measured.
try_rules() {
	local any=$datadir/results/reference/result.json code=0 rule rules_alone=()
	for rule in ${rules[@]+"${rules[@]}"}; do [[ $rule == --paired ]] || rules_alone+=("$rule"); done
	[[ ${#rules_alone[@]} -gt 0 ]] || return 0
	"$new_exe" compare "${rules_alone[@]}" --format json "$any" "$any" >/dev/null || code=$?
	[[ $code -ne 2 ]] || exit 2
}

# Cases that were measured and failed. Missing ones and wrong bytes need no second look.
failed_cases() {
	jq -r '[.cases[] | select(.verdict == "FAIL" and .change != null).id] | unique[]' "$1"
}

# decide BASE NEW CONFIRM: compare both; CONFIRM ID… measures these again, into
# $out/confirm/{base,new}.json. Ends with compare's status in $status.
decide() {
	local base=$1 new=$2 confirm=$3 id failed=() more=()
	status=0
	"$new_exe" compare "${rules[@]}" --format json="$out/compare.json" "$base" "$new" \
		>"$out/first.txt" || status=$?
	[[ $status -ne 2 ]] || exit 2
	mapfile -t failed < <(failed_cases "$out/compare.json")
	if [[ $status -eq 1 && ${#failed[@]} -gt 0 && $confirm != no_confirmation ]]; then
		say "${#failed[@]} of the cases failed; measuring them once more"
		mkdir -p "$out/confirm"
		for id in "${failed[@]}"; do more+=(--only "$id"); done
		"$confirm" "${more[@]}"
		[[ -e $out/confirm/base.json ]] || cp "$base" "$out/confirm/base.json"
		rules+=(--confirm-base "$out/confirm/base.json" --confirm-new "$out/confirm/new.json")
	fi
	rm "$out/first.txt"
	status=0
	"$new_exe" compare "${rules[@]}" --format text --format json="$out/compare.json" \
		--format markdown="$out/compare.md" --format junit="$out/junit.xml" "$base" "$new" || status=$?
	[[ $status -ne 2 ]] || exit 2
	page_of_gate || say "no page of it, or not all pictures"
	say "$out has base.json, new.json, compare.json, compare.md and junit.xml"
	[[ $advisory == no ]] || status=0
}

# A process of its own: whatever goes wrong with the page, the verdict stands.
page_of_gate() {
	DMABENCH=$new_exe "$root/scripts/compare.sh" --verdict "$out/compare.json" --label BASE="$out/base.json" \
		--label NEW="$out/new.json" --out "$out"
}

# measured CODE: what pair and run end with when there is a result to decide on.
measured() {
	case $1 in
	0 | 1 | 3) ;;
	*) exit "$1" ;;
	esac
}
