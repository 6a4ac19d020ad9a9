# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # state, sysroot: set by tune.sh
#
# What "set" found and "reset" puts back: a text file, replaced as a whole. Sourced.
#
#	dmabench-tune 1
#	boot ID                 of the boot that the settings belong to
#	NAME<tab>FILE<tab>VALUE as many as there are, in the order of setting
#	end COUNT

# Parallel arrays.
saved_names=()
saved_files=()
saved_values=()

boot_id() {
	local id=unknown
	{ read -r id <"$sysroot/proc/sys/kernel/random/boot_id"; } 2>/dev/null || true
	printf '%s\n' "$id"
}

# The row of the table that a saved line belongs to, or nothing: only files of the table
# are ever written, whatever a state file says.
row_of() { # NAME FILE
	local name kind pattern
	[[ $2 != *..* ]] || return 0
	while IFS='|' read -r name _ _ kind pattern; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $name == "$1" && $2 == $pattern ]]; then
			printf '%s\n' "$kind"
			return
		fi
	done < <(table)
}

# Fills the arrays. Status 1: there is no saved state, or it is of an earlier boot and
# gone with it. A file that is no whole state is never guessed at.
load_saved() {
	local line name file value count=0 ended=
	saved_names=() saved_files=() saved_values=()
	[[ -e $state ]] || return 1
	{
		read -r line && [[ $line == "dmabench-tune 1" ]] && read -r line && [[ $line == "boot "* ]]
	} <"$state" || bad_state
	if [[ $line != "boot $(boot_id)" ]]; then
		warn "$state is of an earlier boot: those settings are gone, and so is it"
		rm -f "$state"
		return 1
	fi
	while IFS=$'\t' read -r name file value; do
		[[ -z $ended ]] || bad_state
		if [[ $name == "end "* ]]; then
			ended=${name#end }
			continue
		fi
		[[ -n $value && $value =~ ^[A-Za-z0-9_.+-]+$ && -n $(row_of "$name" "$file") ]] || bad_state
		saved_names+=("$name")
		saved_files+=("$file")
		saved_values+=("$value")
		count=$((count + 1))
	done < <(tail -n +3 "$state")
	[[ $ended == "$count" ]] || bad_state
}

bad_state() {
	die "$state is no whole state that tune.sh saved; look at it, put back what it says, remove it" 2
}

# is_saved FILE
is_saved() {
	local file
	for file in ${saved_files[@]+"${saved_files[@]}"}; do
		[[ $file != "$1" ]] || return 0
	done
	return 1
}

write_saved() {
	local i
	{
		printf 'dmabench-tune 1\nboot %s\n' "$(boot_id)"
		for i in "${!saved_files[@]}"; do
			printf '%s\t%s\t%s\n' "${saved_names[i]}" "${saved_files[i]}" "${saved_values[i]}"
		done
		printf 'end %s\n' "${#saved_files[@]}"
	} >"$state.new" && mv -f "$state.new" "$state"
}

# One at a time: two of them would take each other's settings for the machine's own.
take_lock() {
	(umask 022 && mkdir -p "$(dirname "$state")") || die "can't make the folder of $state"
	exec {lock}>"$state.lock" || die "can't write $state.lock"
	flock -w 60 "$lock" || die "another tune.sh has been at work for a minute; nothing was changed"
}
