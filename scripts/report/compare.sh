# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $results, $labels, $rules, $out, $work and $unfinished are the caller's
#
# What a page of several results says, for compare.sh and gate.sh: $results are the files, $labels how
# they are called, $rules options of dmabench compare; pictures and page go to $out, scratch is $work.
# Sourced after input.sh, page.sh and draw.sh.

find_dmabench() {
	dmabench=${DMABENCH:-$dmabench}
	[[ -x $dmabench ]] || die "$dmabench isn't there: run make first"
}

# decide_pair I: the first result and the i-th: what dmabench compare says of them in $work/verdict-I.json and .md
# (ends with its status), and how far apart they are in $work/apart-I.json.
decide_pair() {
	local status=0 code=0
	if [[ -n $verdict ]]; then
		cp -- "$verdict" "$work/verdict-$1.json"
		cp -- "${verdict%.json}.md" "$work/verdict-$1.md"
		status=$(jq .status "$verdict")
	else
		ask_compare "$1" || status=$?
	fi
	describe_pair "$1"
	return "$status"
}

ask_compare() { # I
	local status=0
	"$dmabench" compare ${rules[@]+"${rules[@]}"} --format json="$work/verdict-$1.json" \
		--format markdown="$work/verdict-$1.md" "${results[0]}" "${results[$1]}" >"$work/said" 2>&1 || status=$?
	if [[ $status -eq 2 ]]; then
		message "$(tail -n 1 "$work/said")"
		exit 2
	fi
	return "$status"
}

# describe I J FILE: how far apart two results are; status 1 where they have no case in common.
describe() {
	local code=0
	# Medians, as the pictures have.
	"$dmabench" compare --describe --location median --format json="$3" "${results[$1]}" "${results[$2]}" \
		>/dev/null || code=$?
	[[ $code -eq 0 || $code -eq 3 ]] || die "dmabench compare --describe ended with status $code"
	[[ $code -eq 0 ]]
}

describe_pair() { # I
	if describe 0 "$1" "$work/apart-$1.json"; then described=0; fi
}

# Those that have nothing in common with the first may have with each other.
describe_others() {
	local i j
	for ((i = 1; i < ${#results[@]}; i++)); do
		for ((j = i + 1; j < ${#results[@]}; j++)); do
			if describe "$i" "$j" "$work/apart.json"; then
				described=0
				return
			fi
		done
	done
}

# The worst of: not comparable, regression, inconclusive, fine. $described is 3 where no two results have a
# case in common.
worse() { # STATUS STATUS
	local order=(4 1 3 0) s
	for s in "${order[@]}"; do
		if [[ $1 -eq $s || $2 -eq $s ]]; then return "$s"; fi
	done
}

compare_all() {
	local i worst=0 code
	described=3
	for ((i = 1; i < ${#results[@]}; i++)); do
		code=0
		decide_pair "$i" || code=$?
		worse "$worst" "$code" || worst=$?
	done
	[[ $described -eq 0 ]] || describe_others
	return "$worst"
}

# One JSON document of all: [{label, result}], [what compare says of each with the first], …
gather() {
	local i
	for i in "${!results[@]}"; do
		jq -c --arg name "${labels[i]}" '{label: $name, result: .}' "${results[i]}"
	done | jq -s -c . >"$work/results.json"
	for ((i = 1; i < ${#results[@]}; i++)); do cat -- "$work/verdict-$i.json"; done | jq -s -c . >"$work/verdicts.json"
	for ((i = 1; i < ${#results[@]}; i++)); do cat -- "$work/apart-$i.json"; done | jq -s -c . >"$work/aparts.json"
	for i in "${!results[@]}"; do answer_of compare.sh "${results[i]}"; done | jq -s -c . >"$work/answers.json"
}

# Into scratch: until all of the page is made nothing is written.
draw_comparison() {
	jq -c 'if length == 1 then .[0] else null end' "$work/verdicts.json" >"$work/verdict.json"
	into "$work/pictures" made_of compare.sh "${results[*]}" -n -c -L "$report_dir" -f "$report_dir/compare_pictures.jq" \
		--slurpfile results "$work/results.json" --slurpfile verdict "$work/verdict.json" || exit "$?"
	mkdir "$work/plots"
	(cd -- "$work" && draw_pictures "$work/pictures" "$work/plots") || page_status=1
}

# put NAME [SCRATCH]: at once, so that no half file is ever seen. What is underway is $unfinished, the caller's to
# take away in the end.
put() {
	local why
	unfinished=$out/.${1##*/}.$$
	why=$(cp -- "$work/${2-$1}" "$unfinished" 2>&1) || die "can't write $out/$1: ${why##*: }"
	mv -- "$unfinished" "$out/$1"
}

# The pictures that are there go, those of other questions stay.
put_all() {
	local picture
	make_folder "$out/plots"
	out=$(cd -- "$out" && pwd)
	rm -f -- "$out"/plots/compare-*.svg "$out"/plots/compare-*.png
	for picture in "$work"/plots/*.svg "$work"/plots/*.png; do
		[[ ! -e $picture ]] || put "plots/${picture##*/}"
	done
	if [[ -e $work/compare.html ]]; then put compare.html; else rm -f -- "$out/compare.html"; fi
	[[ -z $verdict ]] || return 0
	put compare.md
	[[ ${#results[@]} -ne 2 ]] || put compare.json verdict-1.json
}

# $page_status is 1 if a picture or the page couldn't be made; what could is there. Not to be called where
# a failure would go unseen (|| and the like).
comparison_page() {
	page_status=0
	gather
	draw_comparison
	into "$work/compare.md" made_of compare.sh "${results[*]}" -n -r -L "$report_dir" \
		--slurpfile results "$work/results.json" --slurpfile verdicts "$work/verdicts.json" \
		--slurpfile aparts "$work/aparts.json" --slurpfile answers "$work/answers.json" \
		--argjson pictures "$(picture_names "$work/plots")" --argjson undrawn "$(undrawn_pictures "$work/plots")" \
		--argjson decisions "$(decisions)" -f "$report_dir/compare_page.jq" || exit "$?"
	if command -v cmark-gfm >/dev/null; then
		page "dmabench: results side by side" "$work/compare.md" "$work" "$work/compare.html"
	else
		say "only compare.md, as there is no cmark-gfm (package cmark-gfm)"
		page_status=1
	fi
	put_all
}

# What compare says of each in Markdown: a JSON array of texts.
decisions() {
	local i
	for ((i = 1; i < ${#results[@]}; i++)); do jq -R -s . "$work/verdict-$i.md"; done | jq -s -c .
}
