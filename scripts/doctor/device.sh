# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $sysroot and $release are doctor.sh's
#
# What is wrong where the driver is there: engines, rights, limits.

# The main job's largest copy of registered memory takes two buffers of 64 MiB, and a page.
readonly memlock_kib=$((2 * 64 * 1024 + 64))

# A kernel without dmaengine has no such folder, and nothing for the driver to use.
find_engines() {
	local channel all=0 taken=()
	[[ -d $sysroot/sys/class/dma ]] || return 0
	for channel in "$sysroot"/sys/class/dma/dma*; do
		[[ -e $channel ]] || continue
		all=$((all + 1))
		[[ $(text_of "${channel#"$sysroot"}/in_use") == 0 ]] || taken+=("${channel##*/}")
	done
	if [[ $all -eq 0 ]]; then
		found no-channel "no DMA engine has a channel here: its driver isn't loaded, or the machine has none" \
			"lspci -k | grep -iA3 -e 'system peripheral' -e dma (which driver it would be: docs/engines.md), or $(called bench) --where vm"
	elif [[ ${#taken[@]} -eq $all ]]; then
		found channels-taken "all $all DMA channels are held by others in the kernel (${taken[*]:0:4}$([[ $all -le 4 ]] || echo ' …'))" \
			"lsmod | grep -E 'async_tx|dmatest|ntb|dmabench' (who may hold them), then modprobe -r what isn't needed"
	fi
}

# Root may all; others what the node's group may.
find_rights() {
	local node=$sysroot/dev/dmabench group mode user
	[[ ! -r $node || ! -w $node ]] || return 0
	user=$(id -un 2>/dev/null) || user=$(id -u)
	group=$(stat -c %G "$node") mode=$(stat -c %a "$node")
	if [[ $group == root || $group == UNKNOWN || $mode != *[67]? ]]; then
		found no-permission "/dev/dmabench is there, but is for root alone" \
			"sudo groupadd --system -f dmabench && sudo chown :dmabench /dev/dmabench && sudo chmod 660 /dev/dmabench (until it is loaded anew; for good: the udev rule in driver/access. SECURITY.md says what that allows)"
	elif [[ " $(id -nG "$user" 2>/dev/null) " == *" $group "* ]]; then
		found not-yet-in-group "$user is in the group $group, but not since this login" "newgrp $group, or log in again"
	else
		found not-in-group "/dev/dmabench is there, but $user isn't in its group $group" \
			"sudo usermod -a -G $group $user, then log in again"
	fi
}

# Both are made from one tree; what runs may be older than what is installed.
find_version() {
	local loaded
	loaded=$(text_of /sys/module/dmabench/version)
	[[ -z $loaded || $loaded == "$version" || $version == unknown ]] ||
		found other-version "the driver that is loaded is version $loaded, and this is $version" \
			"sudo modprobe -r dmabench && sudo modprobe dmabench"
}

# Who has CAP_IPC_LOCK has no limit.
find_memlock() {
	local soft capabilities
	capabilities=$(sed -n 's/^CapEff:[[:space:]]*//p' "$sysroot/proc/self/status" 2>/dev/null) || true
	[[ -z $capabilities || $(((0x$capabilities >> 14) & 1)) -eq 0 ]] || return 0
	soft=$(sed -n 's/^Max locked memory  *\([^ ]*\) .*/\1/p' "$sysroot/proc/self/limits" 2>/dev/null) || true
	[[ $soft =~ ^[0-9]+$ && $((soft / 1024)) -lt $memlock_kib ]] || return 0
	found memlock "RLIMIT_MEMLOCK is $((soft / 1024)) KiB, and pinned memory is charged to it: copies of $((soft / 2048)) KiB and more between registered buffers are skipped" \
		"echo '$(id -un 2>/dev/null || id -u) - memlock $((2 * memlock_kib))' | sudo tee /etc/security/limits.d/dmabench.conf, then log in again"
}
