# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $accept, $again, $store … are gate.sh's
#
# Store a baseline: only what HEAD's code measured, twice and alike.

# Nothing was stored, and why.
refuse() {
	die "not accepted: $1" "${2:-1}"
}

# made_by_head RESULT: by a build of HEAD without changes, and not by one that is slow on purpose.
made_by_head() {
	local commit head version
	version=$(jq -r '.tool.version' "$1") || exit 2
	[[ $version != *slowed* ]] || refuse "$1 was made by a build that is slower on purpose ($version)"
	head=$(git -C "$root" rev-parse --quiet --verify HEAD 2>/dev/null) || usage_error "--accept: this isn't a git checkout"
	commit=$(jq -r '.tool.commit' "$1") || exit 2
	[[ $commit != *-dirty ]] || refuse "$1 was made by a changed tree ($commit)"
	# Results have 12 digits of it; older ones as many as git thought enough.
	[[ $commit =~ ^[0-9a-f]{7,40}$ && $head == "$commit"* ]] || refuse "$1 was made by $commit, and HEAD is ${head:0:12}"
}

# agree BASE NEW TO [options]: no regression, and no improvement either; TO is the comparison.
agree() {
	local code=0 base=$1 new=$2 to=$3
	shift 3
	"$new_exe" compare "$@" --format json "$base" "$new" >"$to" || code=$?
	[[ $code -ne 2 ]] || exit 2
	[[ $code -eq 0 ]] || refuse "$new against $base: $(jq -r '.outcome, (.differences[] | select(.allowed | not) |
		"; \(.name) differs"), (.cases[] | select(.verdict | IN("FAIL", "MISSING", "UNSTABLE", "INCONCLUSIVE")) |
		"; \(.verdict) \(.id)")' "$to" | head -n 4 | tr -d '\n')" "$code"
}

# How far the same code is apart, by case: into the baseline.
with_floors() {
	jq --slurpfile there "$2" --slurpfile back "$3" '
		([$there[0], $back[0] | .cases[] | select(.figure == "time" and .change != null)]
			| group_by(.id) | map({(.[0].id): (map(.change | if . < 0 then -. else . end) | max)}) | add // {}) as $floors
		| .cases |= map(if $floors[.id] then .aa_floor = $floors[.id] else . end)' "$1"
}

job_accept() {
	local work
	[[ $installed == no ]] || usage_error "--accept: this isn't a git checkout"
	new_exe=$dmabench
	build_bench || exit 2
	can_store "$store"
	work=$(scratch "$gate_cache") || exit 2
	unfinished=$work
	check_baseline "$accept"
	made_by_head "$accept"
	if [[ -z $again ]]; then
		again=$work/again.json
		arguments_of "$accept"
		measure_again "$again" "$seed"
	fi
	check_baseline "$again"
	made_by_head "$again"
	[[ $(jq -c .run "$accept") != "$(jq -c .run "$again")" ]] ||
		refuse "$again is the same run as $accept"
	agree "$accept" "$again" "$work/there.json"
	agree "$again" "$accept" "$work/back.json"
	jq -e '.counts.IMPROVED == 0' "$work/there.json" "$work/back.json" >/dev/null ||
		refuse "the two runs differ"
	choose_rules
	[[ ! -e $store ]] || agree "$store" "$accept" "$work/old.json" ${rules[@]+"${rules[@]}"}
	with_floors "$accept" "$work/there.json" "$work/back.json" >"$work/baseline.json"
	check_baseline "$work/baseline.json"
	store_whole "$work/baseline.json" "$store"
	say "stored $store"
}

# can_store FILE: before anything is measured for it.
can_store() {
	local part
	part=$(mktemp "$1.XXXXXX") || die "can't write beside $1" 2
	rm -f "$part"
}

# store_whole FROM TO: at once or not at all.
store_whole() {
	local part
	part=$(mktemp "$2.XXXXXX") || exit 2
	if ! { cp "$1" "$part" && chmod 644 "$part" && sync "$part" && mv -T "$part" "$2"; }; then
		rm -f "$part"
		die "can't write $2" 2
	fi
}
