#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# dmabench doctor on made-up machines: each says what is wrong there, what helps, and nothing else.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

release=6.9.0-1-test

# A machine that takes modules, with headers of its kernel, a module that is built and loaded, a
# device for everybody and one free channel.
setup() {
	cd "$BATS_TEST_TMPDIR"
	sys=$PWD/root
	mkdir -p root/proc/{sys/kernel,self} root/sys/{class/dma/dma0chan0,module/dmabench,kernel/security} root/dev root/boot \
		"root/lib/modules/$release/"{build,updates/dkms} root/usr/src root/var/lib/dkms
	echo "$release" >root/proc/sys/kernel/osrelease
	echo 0 >root/proc/sys/kernel/modules_disabled
	echo 0 >root/sys/class/dma/dma0chan0/in_use
	: >"root/lib/modules/$release/build/Makefile"
	echo CONFIG_DMA_ENGINE=y >"root/boot/config-$release"
	echo "dmabench 65536 0 - Live 0x0" >root/proc/modules
	printf 'CapEff:\t0000000000000000\n' >root/proc/self/status
	limit unlimited
	cp "$top/VERSION" root/sys/module/dmabench/version
	: >root/dev/dmabench
	chmod 666 root/dev/dmabench
	chmod -R o+rX "$BATS_TEST_TMPDIR"
}

limit() {
	printf 'Limit                     Soft Limit           Hard Limit           Units\nMax locked memory         %s              unlimited            bytes\n' "$1" \
		>root/proc/self/limits
}

# A module that modinfo reads.
module_for() { # RELEASE
	mkdir -p "root/lib/modules/${2-$1}/updates/dkms"
	printf 'license=GPL\0vermagic=%s SMP preempt mod_unload modversions \0' "$1" >modinfo
	echo 'int nothing;' | gcc -c -x c - -o m.o
	objcopy --add-section .modinfo=modinfo m.o "root/lib/modules/${2-$1}/updates/dkms/dmabench.ko"
}

not_loaded() {
	: >root/proc/modules
	rm -f root/dev/dmabench
	rm -r root/sys/module/dmabench
}

# finds ID... -- WORDS...: just these things are wrong, in this order, and what is said has these words.
finds() {
	local ids=() wanted
	while [[ $# -gt 0 && $1 != -- ]]; do
		ids+=("$1")
		shift
	done
	shift
	run --separate-stderr env DMABENCH_SYSROOT="$sys" "$top/build/dmabench" doctor "${options[@]}"
	wanted=1
	[[ ${#ids[@]} -gt 0 ]] || wanted=0
	status_is "$wanted"
	[[ -z $stderr ]]
	if [[ ${#ids[@]} -gt 0 ]]; then
		[[ $(sed 's/: .*//' <<<"$output" | xargs) == "${ids[*]}" ]] || {
			printf 'wanted %s, not:\n%s\n' "${ids[*]}" "$output"
			return 1
		}
		[[ $(grep -c '\. Run: .' <<<"$output") -eq ${#ids[@]} ]]
	fi
	while [[ $# -gt 0 ]]; do
		[[ $output == *"$1"* ]] || {
			printf 'no "%s" in:\n%s\n' "$1" "$output"
			return 1
		}
		shift
	done
}

@test "nothing is wrong" {
	finds -- "nothing is wrong"
	options=(--json)
	finds -- '"ok": true'
	jq -e '.schema == "dmabench-doctor/1" and .kernel == "6.9.0-1-test" and .findings == []' <<<"$output"
	rm root/sys/class/dma/dma0chan0/in_use
	rmdir root/sys/class/dma/dma0chan0
	run --separate-stderr env DMABENCH_SYSROOT="$sys" "$top/build/dmabench" doctor --json
	status_is 1
	jq -e '.ok == false and (.findings | length) == 1 and (.findings[0] | .id == "no-channel" and .problem != "" and .help != "")' <<<"$output"
	run --separate-stderr "$top/scripts/doctor.sh" --nonsense
	status_is 2
}

@test "a kernel that takes no modules" {
	not_loaded
	rm root/proc/modules
	finds no-modules -- "--where vm"
	: >root/proc/modules
	echo 1 >root/proc/sys/kernel/modules_disabled
	module_for "$release"
	finds modules-disabled -- reboot
}

@test "dmaengine is missing: a cloud's kernel" {
	not_loaded
	rm -r root/sys/class/dma
	echo "# CONFIG_DMA_ENGINE is not set" >"root/boot/config-$release"
	finds no-dmaengine -- "CONFIG_DMA_ENGINE" "apt-get install linux-image-"
	rm "root/boot/config-$release"
	finds no-dmaengine --
	# What isn't known isn't said: there is no module, and that is.
	rm -r root/sys/class
	finds not-installed --
}

@test "no module: headers missing, another kernel's, dkms's alone, its build failed, nothing at all" {
	not_loaded
	finds not-installed -- "make driver && sudo insmod build/driver/$release/dmabench.ko"
	rm -r "root/lib/modules/$release/build"
	finds no-headers not-installed -- "sudo apt-get install linux-headers-$release"
	module_for 6.8.0-1-test
	finds no-headers other-kernel -- "built for 6.8.0-1-test, and $release runs"
	rm -r root/lib/modules/6.8.0-1-test
	mkdir -p root/var/lib/dkms/dmabench/0.0.9/source "root/lib/modules/$release/build" root/var/lib/dkms/dmabench/0.0.10/source
	: >"root/lib/modules/$release/build/Makefile"
	finds not-built -- "sudo dkms install dmabench/0.0.10 -k $release"
	mkdir -p root/var/lib/dkms/dmabench/0.0.10/build
	: >root/var/lib/dkms/dmabench/0.0.10/build/make.log
	finds build-failed not-built -- "less /var/lib/dkms/dmabench/0.0.10/build/make.log"
}

@test "a module that is there, isn't loaded, or is another kernel's" {
	not_loaded
	module_for "$release"
	finds not-loaded -- "sudo modprobe dmabench"
	PATH=$PATH:/usr/sbin:/sbin command -v modinfo objcopy >/dev/null || skip "no modinfo"
	module_for 6.8.0-1-test "$release"
	finds other-vermagic -- "was built for 6.8.0-1-test, and $release runs"
}

@test "Secure Boot, lockdown, signatures enforced: dkms's own key is enrolled" {
	local efi=root/sys/firmware/efi/efivars
	not_loaded
	module_for "$release"
	mkdir -p "$efi" stubs root/sys/module/module/parameters
	printf '\6\0\0\0\0' >"$efi/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	finds not-loaded --
	printf '\6\0\0\0\1' >"$efi/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
	finds secure-boot -- "Secure Boot is on" "sudo dkms generate_mok && sudo mokutil --import /var/lib/dkms/mok.pub"
	: >root/var/lib/dkms/mok.pub
	finds secure-boot -- "Run: sudo mokutil --import /var/lib/dkms/mok.pub" "Enroll MOK"
	echo "none [integrity] confidentiality" >root/sys/kernel/security/lockdown
	finds secure-boot -- "locked down (integrity)"
	echo "[none] integrity confidentiality" >root/sys/kernel/security/lockdown
	rm -r "$efi"
	finds not-loaded --
	echo Y >root/sys/module/module/parameters/sig_enforce
	finds secure-boot -- "module.sig_enforce"
	# A key that the machine knows is no reason.
	printf '#!/bin/sh\necho "$2 is already enrolled"\n' >stubs/mokutil
	chmod +x stubs/mokutil
	PATH=$PWD/stubs:$PATH finds not-loaded --
}

@test "no channel, and all of them taken, whether the driver is there or not" {
	echo 2 >root/sys/class/dma/dma0chan0/in_use
	finds channels-taken -- "all 1 DMA channels" dma0chan0
	mkdir root/sys/class/dma/dma0chan1
	echo 0 >root/sys/class/dma/dma0chan1/in_use
	finds --
	rm -r root/sys/class/dma/*
	finds no-channel -- docs/engines.md
	not_loaded
	module_for "$release"
	finds no-channel not-loaded --
}

@test "a device that isn't there though the driver is, and a driver of another version" {
	rm root/dev/dmabench
	finds no-node -- "--device /dev/dmabench"
	: >root/dev/dmabench
	chmod 666 root/dev/dmabench
	echo 0.0.1 >root/sys/module/dmabench/version
	finds other-version -- "version 0.0.1" "modprobe -r dmabench"
}

@test "a device that its user may not open" {
	[[ $EUID -eq 0 ]] || skip "not root"
	local dir=$PWD
	while [[ $dir == *bats* ]]; do
		chmod o+x "$dir"
		dir=${dir%/*}
	done
	# The tree may lie where only its owner gets to.
	mkdir tree
	cp -a "$top/scripts" tree/
	doctor() {
		run --separate-stderr setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all \
			env HOME=/nonexistent DMABENCH_SYSROOT="$sys" "$PWD/tree/scripts/doctor.sh"
		status_is 1
	}
	chmod 600 root/dev/dmabench
	doctor
	[[ $output == no-permission:*"sudo groupadd"* ]]
	chgrp daemon root/dev/dmabench
	chmod 660 root/dev/dmabench
	doctor
	[[ $output == not-in-group:*"sudo usermod -a -G daemon nobody"* ]]
	# Who is in it by /etc/group, but not in this session.
	chgrp nogroup root/dev/dmabench
	chown 0 root/dev/dmabench
	run --separate-stderr setpriv --reuid 65534 --regid 1 --clear-groups --inh-caps=-all --bounding-set=-all \
		env HOME=/nonexistent DMABENCH_SYSROOT="$sys" "$PWD/tree/scripts/doctor.sh"
	[[ $output == not-yet-in-group:*"newgrp nogroup"* ]]
}

@test "a limit of locked memory that is too small, but for those whom it doesn't bind" {
	limit 8388608
	finds memlock -- "RLIMIT_MEMLOCK is 8192 KiB" "copies of 4096 KiB and more" "limits.d/dmabench.conf"
	limit 134283264
	finds --
	limit 65536
	finds memlock -- 64
	printf 'CapEff:\t0000000000004000\n' >root/proc/self/status
	finds --
}

@test "the page has a line for each thing, and only for those" {
	diff <(grep -ohE '\bfound [a-z][a-z-]+' "$top"/scripts/doctor/*.sh | sed 's/found //' | sort) \
		<(sed -nE 's/^\| `([a-z-]+)` \|.*/\1/p' "$top/docs/doctor.md" | sort)
	# And each is tried here.
	for id in $(sed -nE 's/^\| `([a-z-]+)` \|.*/\1/p' "$top/docs/doctor.md"); do
		grep -qE "(finds .*| |output == )$id( |:)" "$BATS_TEST_FILENAME" || {
			echo "no test of $id"
			return 1
		}
	done
}
