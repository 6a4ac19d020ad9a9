#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck disable=SC2154 # table: set by tune/settings.sh
# Change the machine's settings for measuring, and put them back. Nothing else in
# dmabench changes a setting.
#
# usage: scripts/tune.sh check|set [--smt] [--idle] [--swap] [--perf]
#        scripts/tune.sh reset
#
#   check    show each setting, what is best for measuring, and whether it can be
#            changed; change nothing
#   set      save what there is, then set the governor performance on all CPUs, turbo
#            off, transparent huge pages madvise, NUMA balancing and KSM off
#   reset    put back what set found, and forget it
#
#   --smt    also SMT off: half of the CPUs go
#   --idle   also no idle states that take over 20 us to wake up from: costs power, and
#            with it turbo
#   --swap   also swappiness 0. Swap itself stays: what is in it may not fit elsewhere
#   --perf   also perf counters for everybody (perf_event_paranoid -1)
#
# What set did lasts until reset or a reboot. A second set keeps the first one's originals;
# interrupted by a signal it puts everything back, and killed outright it leaves what reset
# needs. reset without a set before has nothing to do, which is no error.
#
# Exit status: 0 all is as wanted, or as it was; 1 check: some settings aren't; set: could
# not save what there is, nothing was changed; reset: some couldn't be put back and stay
# saved; 2 wrong usage, not root, or a saved state that can't be read; 3 some settings
# can't be seen here or couldn't be set, and none that can is wrong; 128 and the signal
# when interrupted.
#
# The state is saved in /run/dmabench/tune.state, or where DMABENCH_TUNE_STATE says.
# DMABENCH_SYSROOT, for tests, is a folder that has proc and sys in it.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
for part in settings saved_settings; do
	# shellcheck source=/dev/null
	source "$root/scripts/tune/$part.sh"
done

sysroot=${DMABENCH_SYSROOT-}
state=${DMABENCH_TUNE_STATE:-/run/dmabench/tune.state}
groups=()
command=
told=
untold=no

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		check | set | reset)
			[[ -z $command ]] || usage_error "$1 after $command: expected one of them"
			command=$1
			;;
		--smt | --idle | --swap | --perf) groups+=("${1#--}") ;;
		-h | --help) show_help ;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
	[[ -n $command ]] || usage_error "expected check, set or reset"
	[[ $command != reset || ${#groups[@]} -eq 0 ]] ||
		usage_error "reset --${groups[0]}: reset puts back all that was set"
	# In a tree of somebody's own its modes decide.
	[[ $command == check || -n $sysroot ]] || is_root ||
		die "$command needs root: only root may change the machine's settings" 2
}

# "performance", or "performance (3), powersave (1)", of values[].
summary() {
	printf '%s\n' "${values[@]}" | sort | uniq -c | awk '{ n[$2] = $1; order[++k] = $2 }
		END { for (i = 1; i <= k; i++) {
			text = text (i > 1 ? ", " : "") order[i] (k > 1 ? " (" n[order[i]] ")" : "") }
		print text }'
}

# Has no row of this name a file? Turbo, for one, is in one of two places. Said once.
is_missing() {
	local name pattern files
	[[ $told != "$1" ]] || return 1
	while IFS='|' read -r name _ _ _ pattern; do
		[[ $name == "$1" ]] || continue
		files_of word "$pattern"
		[[ ${#files[@]} -eq 0 ]] || return 1
	done <<<"$table"
	told=$1
}

# The row's files in files[], their values in values[]; an unreadable one as "?".
read_row() { # KIND PATTERN
	local file value
	files_of "$1" "$2"
	values=()
	for file in ${files[@]+"${files[@]}"}; do
		value_of "$1" "$file" || value='?'
		values+=("$value")
	done
}

changeable() { # NAME GROUP, files[] filled
	local file
	case ${values[0]} in
	forceoff | notsupported | notimplemented) printf 'no: the machine decides' && return ;;
	esac
	for file in "${files[@]}"; do
		if ! can_write "$file"; then
			if is_root; then printf 'no: read-only here'; else printf 'by root'; fi
			return
		fi
	done
	if [[ $2 == all ]]; then printf 'yes'; else printf 'yes, with --%s' "$2"; fi
}

check() {
	local name group wanted kind pattern value wrong=no unseen=no
	print_out '%-20s %-28s %-12s %s\n' setting now best 'can be changed'
	while IFS='|' read -r name group wanted kind pattern; do
		[[ $wanted != keep ]] || continue
		read_row "$kind" "$pattern"
		if [[ ${#files[@]} -eq 0 ]]; then
			if is_missing "$name"; then
				print_out '%-20s %-28s %-12s %s\n' "$name" "can't be seen" "$wanted" "no $pattern"
				! selected "$group" || unseen=yes
			fi
			continue
		fi
		print_out '%-20s %-28s %-12s %s\n' "$name" "$(summary)" \
			"$wanted" "$(changeable "$name" "$group")"
		selected "$group" || continue
		for value in "${values[@]}"; do
			if [[ $value == '?' ]]; then unseen=yes; elif ! is_good "$name" "$value" "$wanted"; then wrong=yes; fi
		done
	done <<<"$table"
	[[ ! -e $state ]] || say "$program set has been here; $program reset puts back what it found"
	[[ $wrong == no ]] || exit 1
	[[ $unseen == no ]] || exit 3
}

# tell FORMAT ARGUMENT...: what was done. That it can't be said doesn't stop what is left to do.
tell() {
	# shellcheck disable=SC2059 # as printf's own
	printf "$@" 2>/dev/null || untold=yes
}

all_told() {
	[[ $untold == no ]] || die "all of it is done, but can't be said: can't write to standard output" 2
}

# What set is about to change, and isn't saved yet, goes to the end of the saved.
save_all() {
	local name group wanted kind pattern i
	load_saved || true
	while IFS='|' read -r name group wanted kind pattern; do
		selected "$group" || continue
		read_row "$kind" "$pattern"
		for i in "${!files[@]}"; do
			[[ ${values[i]} != '?' ]] || continue
			! is_good "$name" "${values[i]}" "$wanted" || continue
			! is_saved "${files[i]}" || continue
			saved_names+=("$name")
			saved_files+=("${files[i]}")
			saved_values+=("${values[i]}")
		done
	done <<<"$table"
	[[ ${#saved_files[@]} -eq 0 ]] || write_saved || die "can't write $state; nothing was changed"
}

set_row() { # NAME WANTED KIND, files[] and values[] filled
	local i changed=0
	for i in "${!files[@]}"; do
		is_good "$1" "${values[i]}" "$2" && continue
		# A value that couldn't be read wasn't saved: it stays.
		if [[ ${values[i]} != '?' ]] && write_value "$3" "${files[i]}" "$2"; then
			changed=$((changed + 1))
		else
			warn "$1: ${files[i]} is ${values[i]} and can't be set to $2 here"
			missed=yes
		fi
	done
	[[ $changed -eq 0 ]] || tell '%s: %s to %s\n' "$1" "$(summary)" "$2"
}

set_all() {
	local name group wanted kind pattern
	missed=no
	take_lock
	save_all
	trap 'interrupted 1' HUP
	trap 'interrupted 2' INT
	trap 'interrupted 15' TERM
	while IFS='|' read -r name group wanted kind pattern; do
		if [[ $wanted == keep ]] || ! selected "$group"; then continue; fi
		read_row "$kind" "$pattern"
		if [[ ${#files[@]} -gt 0 ]]; then
			set_row "$name" "$wanted" "$kind"
		elif is_missing "$name"; then
			warn "$name can't be seen here: no $pattern"
			missed=yes
		fi
	done <<<"$table"
	[[ ! -e $state ]] || say "lasts until $(called tune) reset, or a reboot"
	all_told
	[[ $missed == no ]] || exit 3
}

# A signal comes at any time, also while the output goes into a setting's file.
# shellcheck disable=SC2317 # a trap calls it
interrupted() {
	trap '' HUP INT TERM
	exec 1>&"$out" 2>&"$err"
	say "interrupted; putting everything back"
	if load_saved; then restore || true; fi
	exit $((128 + $1))
}

# Put back what is saved, last things first. What can't be stays saved. Status 1: some.
restore() {
	local i kind value names=() left=() values=()
	for ((i = ${#saved_files[@]} - 1; i >= 0; i--)); do
		row_of "${saved_names[i]}" "${saved_files[i]}" || continue
		value_of "$kind" "${saved_files[i]}" || value='?'
		[[ $value != "${saved_values[i]}" ]] || continue
		if write_value "$kind" "${saved_files[i]}" "${saved_values[i]}"; then
			tell '%s: %s back to %s\n' "${saved_files[i]}" "$value" "${saved_values[i]}"
			continue
		fi
		warn "${saved_names[i]}: ${saved_files[i]} is $value and can't be put back to ${saved_values[i]}"
		names=("${saved_names[i]}" ${names[@]+"${names[@]}"})
		left=("${saved_files[i]}" ${left[@]+"${left[@]}"})
		values=("${saved_values[i]}" ${values[@]+"${values[@]}"})
	done
	if [[ ${#left[@]} -eq 0 ]]; then
		rm -f "$state"
		return
	fi
	saved_names=("${names[@]}") saved_files=("${left[@]}") saved_values=("${values[@]}")
	write_saved
	return 1
}

reset() {
	take_lock
	if ! load_saved; then
		say "nothing to put back: no settings were changed by $program set since the last reset or boot"
		return
	fi
	restore || die "${#saved_files[@]} settings couldn't be put back; $state still has them"
	all_told
}

exec {out}>&1 {err}>&2
read_options "$@"
case $command in
check) check ;;
set) set_all ;;
reset) reset ;;
esac
