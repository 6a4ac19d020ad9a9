# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2094,SC2154 # shared with tune.sh; what is read is removed, too
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

# In $boot.
boot_id() {
	boot=unknown
	{ read -r boot <"$sysroot/proc/sys/kernel/random/boot_id"; } 2>/dev/null || true
}

# row_of NAME FILE: in $kind how the row of the table is read that a saved line belongs to. Status
# 1: there is none; only files of the table are ever written, whatever a state file says.
row_of() {
	local name pattern
	[[ $2 != *..* ]] || return 1
	while IFS='|' read -r name _ _ kind pattern; do
		# shellcheck disable=SC2053 # a pattern
		if [[ $name == "$1" && $2 == $pattern ]]; then return; fi
	done <<<"$table"
	return 1
}

# Fills the arrays. Status 1: there is no saved state, or it is of an earlier boot and
# gone with it. A file that is no whole state is never guessed at.
load_saved() {
	local line boot kind name file value count=0 ended=
	saved_names=() saved_files=() saved_values=()
	[[ -e $state ]] || return 1
	boot_id
	{
		read -r line && [[ $line == "dmabench-tune 1" ]] && read -r line && [[ $line == "boot "* ]] || bad_state
		if [[ $line != "boot $boot" ]]; then
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
			[[ -n $value && $value =~ ^[A-Za-z0-9_.+-]+$ ]] && row_of "$name" "$file" || bad_state
			saved_names+=("$name")
			saved_files+=("$file")
			saved_values+=("$value")
			count=$((count + 1))
		done
	} <"$state" || bad_state
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

print_saved() {
	local i boot
	boot_id
	printf 'dmabench-tune 1\nboot %s\n' "$boot" || return
	for i in "${!saved_files[@]}"; do
		printf '%s\t%s\t%s\n' "${saved_names[i]}" "${saved_files[i]}" "${saved_values[i]}" || return
	done
	printf 'end %s\n' "${#saved_files[@]}"
}

write_saved() {
	replace "$state" print_saved
}

# One at a time: two of them would take each other's settings for the machine's own.
take_lock() {
	(umask 022 && mkdir -p "$(dirname "$state")") || die "can't make the folder of $state"
	exec {lock}>"$state.lock" || die "can't write $state.lock"
	flock -w 60 "$lock" || die "another tune.sh has been at work for a minute; nothing was changed"
}
