# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# Which accelerator runs the guest. /dev/kvm may be there and yet unusable, and
# nothing short of booting this kernel shows it: so the run itself is the trial,
# and what it finds is remembered until the machine is booted again.

# Whether this host's CPUs are the guest's, and KVM knows its machine.
can_kvm() {
	[[ -n ${machine_kvm[$machine]-} && $(uname -m) == "${arch_triple[$arch]%%-*}" ]]
}

# On stdin and stdout: what may stand on a terminal.
plain_text() {
	LC_ALL=C tr -cd '\n\40-\176' | cut -c 1-300
}

kvm_key() {
	printf '%s %s' "$(cat /proc/sys/kernel/random/boot_id)" \
		"$(timeout -k 1 10 "${arch_qemu[$arch]}" --version 2>/dev/null | head -n 1 | plain_text)"
}

# Where that can't be written, the next boot tries again.
kvm_remember() {
	replace "$cache/kvm" printf '%s %s\n' "$1" "$(kvm_key)" 2>/dev/null || true
}

# yes, no or nothing
kvm_remembered() {
	local verdict key
	[[ -e $cache/kvm ]] || return 0
	read -r verdict key <"$cache/kvm"
	[[ $key != "$(kvm_key)" ]] || printf '%s\n' "$verdict"
}

use_accel() {
	accel=$1
	case $accel in
	kvm) platform=vm-kvm ;;
	icount) platform=vm-icount ;;
	*) platform=vm-tcg ;;
	esac
}

choose_accel() {
	kvm_verdict=
	if [[ -n $mode ]]; then
		use_accel "$mode"
	elif [[ $accel_wanted != auto ]]; then
		use_accel "$accel_wanted"
		kvm_verdict=yes
	elif ! can_kvm || [[ ! -w /dev/kvm ]]; then
		use_accel tcg
	else
		kvm_verdict=$(kvm_remembered)
		use_accel kvm
		[[ $kvm_verdict != no ]] || use_accel tcg
	fi
}

# guest_says booted|ready: by a file, or, where it can't have the host's folder yet, on its
# console.
guest_says() {
	[[ -e $share/$1 ]] || { [[ $accel == icount ]] && grep -aq "dmabench guest: $1" "$serial"; }
}

# guest_comes_up SECONDS: wait for it, but no longer than for QEMU.
guest_comes_up() {
	local end=$((SECONDS + $1))
	until guest_says ready; do
		kill -0 "$qemu_pid" 2>/dev/null && [[ $SECONDS -lt $end ]] || return 1
		sleep 0.1
	done
}

# An emulated kernel has been seen to stop before its first process ran, once in
# some hundred boots. Nothing of the caller's has run by then, so that one more
# try hides nothing.
boot_emulated() {
	start_guest
	guest_comes_up "$boot_limit" && return
	stop_guest
	! guest_says booted || return 0
	finish_guest
	warn "the guest's kernel did not boot, trying once more; it last said:" \
		"$(console | tail -n 1)"
	start_guest
	guest_comes_up "$boot_limit" || stop_guest
}

# A kernel that has printed nothing after ten seconds of KVM never will.
kvm_guest_comes_up() {
	guest_comes_up 10 && return
	grep -aq 'Linux version' "$serial" && guest_comes_up "$boot_limit"
}

# Start the guest with KVM; where that fails, leave it to emulation.
try_kvm() {
	start_guest
	# Bash would announce how QEMU died.
	if kvm_guest_comes_up 2>/dev/null; then
		kvm_remember yes
		return
	fi
	{
		stop_guest
		finish_guest
	} 2>/dev/null
	warn "KVM is unusable here, emulating instead:" \
		"$(grep -av warning "$run/qemu.log" | head -n 1 | plain_text)"
	kvm_remember no
	use_accel tcg
}
