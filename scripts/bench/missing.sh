# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # jq expands; $out and $status are bench.sh's
#
# What couldn't be measured, and why: in the result and in the report, beside what was. A part
# that fails takes nothing else with it.

# What add_missing puts into the result, three words a part. In memory, as a full disk may be why.
missing=()

# write_problem: why nothing can be written to $out, or nothing.
write_problem() {
	local why
	why=$({ head -c 4096 /dev/zero >"$out/parts/.dmabench.probe"; } 2>&1) || printf "can't write to %s: %s" "$out" "${why##*: }"
	rm -f "$out/parts/.dmabench.probe"
}

# not_measured PART REASON [STATUS]: with a status it is a failure, which bench.sh ends with. Where nothing can be
# written that is the cause, though a program may not say so, or what it says be lost.
not_measured() {
	local reason=${2-} cause
	if [[ ${3-0} -ne 0 ]]; then
		cause=$(write_problem)
		[[ -z $cause || $reason == *"${cause##*: }"* ]] || reason=${reason:-it ended with status $3}" ($cause)"
	fi
	reason=${reason:-it ended with status ${3-0} and said nothing}
	say "not measured: $1, because $reason"
	missing+=("$1" "$reason" "${3-0}")
	note_status "${3-0}"
}

# The worst of all parts is bench.sh's own: nothing undoes a failed verification.
status_rank() {
	case $1 in
	0) echo 0 ;;
	3) echo 1 ;;
	124 | 125 | 126) echo 2 ;;
	*) echo 3 ;;
	esac
}

note_status() {
	local new=$1
	[[ $(status_rank "$new") -lt 3 ]] || new=1
	[[ $(status_rank "$new") -le $(status_rank "$status") ]] || status=$new
}

# last_words FILE: the last line of a log, as a reason.
last_words() {
	{ grep -av '^[[:space:]]*$' "$1" || true; } | tail -n 1 | tr -d '\000-\037' | cut -c 1-300
}

add_missing() { # RESULT
	[[ ${#missing[@]} -eq 0 ]] || rewrite "$1" '. + ($ARGS.positional as $p
		| {not_measured: [range(0; $p | length; 3)
			| {part: $p[.], reason: $p[. + 1], failed: ($p[. + 2] != "0")}]})' --args "${missing[@]}"
}
