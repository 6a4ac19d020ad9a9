# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# What a run was worth. QEMU's own status says nothing about the guest, so only
# the end mark counts: the run's random token and the command's status.

readonly kernel_complaints='WARNING:|BUG[: ]|Oops|general protection fault|[Uu]nable to handle|Internal error|SError|Call Trace|Kernel panic|DMAR:.*[Ff]ault|arm-smmu[^ ]* [^ ]+: .*(event 0x|[Ff]ault|error|timeout|overflow)|DMA-API: [^ ]+ [^ ]+:|UBSAN:|KASAN:|KCSAN:|KFENCE:|kmemleak: .*new suspected|hung_task|blocked for more than|rcu.*(stall|starved)|soft lockup|hard LOCKUP|possible (circular|recursive|irq lock)|inconsistent lock state|sleeping function called|scheduling while atomic|refcount_t:|list_(add|del) corruption|suspicious RCU usage|ODEBUG:|pagealloc:|usercopy:.*attempt|DMA-API: debugging out of memory'

# Serial consoles carry NULs and carriage returns.
console() {
	tr -d '\0\r' <"$serial"
}

complaints() {
	if [[ -n $allow_warnings ]]; then
		console | grep -aE "$kernel_complaints" | grep -avE -e "$allow_warnings"
	else
		console | grep -aE "$kernel_complaints"
	fi | head -n 40 || true
}

# The command's status if the end mark is there and is this run's.
end_mark() {
	local word status rest
	[[ -f $share/status ]] && read -r word status rest <"$share/status" || return 1
	[[ $word == "$token" && $status =~ ^[0-9]{1,3}$ && -z $rest ]] || return 1
	printf '%s\n' "$status"
}

# The guest is not to be believed: why, and what it said last.
guest_failed() {
	{
		[[ ! -s $run/qemu.log ]] || tail -n 5 "$run/qemu.log" | plain_text
		complaints
		printf -- '--- the end of the console\n'
		console | tail -n 25
		printf -- '---\n'
	} | as_messages
	infra "$1"
}

judge() {
	local status found
	[[ -z $log ]] || console >"$log" || infra "can't write $log"
	if ! status=$(end_mark); then
		[[ ! -e $share/failed ]] || guest_failed "the guest gave up: $(head -n 1 "$share/failed")"
		guest_says ready ||
			guest_failed "the guest did not come up (QEMU ended with status $qemu_status)"
		[[ $timed_out == yes ]] || guest_failed "the guest died before its end mark"
		complaints | as_messages
		die "the command took more than $timeout s" 124
	fi
	[[ $timed_out == no ]] || guest_failed "the guest hung when it was powered off"
	[[ $passed_on == yes ]] || infra "can't pass on what the command wrote"
	found=$(complaints)
	if [[ -n $found ]]; then
		message "$found"
		die "the guest's kernel complained (the command's status was $status)" 126
	fi
	exit "$status"
}
