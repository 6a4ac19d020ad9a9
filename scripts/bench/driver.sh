# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out and $root are bench.sh's
#
# The driver on this machine: built, loaded, and taken out again whatever happens.

proc_modules=${DMABENCH_PROC_MODULES:-/proc/modules}
driver_loaded=no
janitor_pid=

# Why the driver can't be loaded here, or nothing.
no_modules_reason() {
	if [[ ! -e $proc_modules ]]; then
		echo "this kernel has no module support"
	elif ! is_root; then
		echo "loading modules needs root"
	elif [[ -r /proc/sys/kernel/modules_disabled && $(</proc/sys/kernel/modules_disabled) == 1 ]]; then
		echo "loading modules was switched off (kernel.modules_disabled)"
	elif [[ ! -d ${KDIR:-/lib/modules/$(uname -r)/build} ]]; then
		echo "no headers of this kernel (package linux-headers-$(uname -r))"
	fi
}

can_load_modules() {
	[[ -z $(no_modules_reason) ]]
}

# A driver that was there before stays there.
load_driver() {
	local reason
	reason=$(no_modules_reason)
	if [[ -n $reason ]]; then
		say "the driver's paths are skipped on the host: $reason"
		return
	fi
	if grep -q '^dmabench ' "$proc_modules"; then
		say "the driver is loaded already and stays"
		return
	fi
	if ! make -C "$root" --no-print-directory driver >"$out/parts/driver-build.log" 2>&1; then
		say "the driver doesn't build here, its paths are skipped: $out/parts/driver-build.log"
		return
	fi
	# From here on it is ours to take out, even if we are interrupted while loading it.
	driver_loaded=yes
	start_janitor
	if ! insmod "$root/build/driver/$(uname -r)/dmabench.ko" 2>"$out/parts/driver-load.log"; then
		driver_loaded=no
		stop_janitor
		say "the driver doesn't load here, its paths are skipped: $(<"$out/parts/driver-load.log")"
	fi
}

# A script that is killed outright can't clean up: a process of its own session does,
# once what was measuring has let go of the driver.
start_janitor() {
	# shellcheck disable=SC2016 # the inner shell expands them
	setsid bash -c 'tail --pid="$1" -s 0.2 -f /dev/null
		for _ in $(seq 300); do
			grep -q "^dmabench " "$2" || exit 0
			rmmod dmabench 2>/dev/null && exit 0
			sleep 0.2
		done' janitor "$$" "$proc_modules" </dev/null >/dev/null 2>&1 &
	janitor_pid=$!
}

stop_janitor() {
	[[ -z $janitor_pid ]] || kill "$janitor_pid" 2>/dev/null || true
	janitor_pid=
}

unload_driver() {
	[[ $driver_loaded == yes ]] || return 0
	driver_loaded=no
	stop_janitor
	rmmod dmabench || warn "the module dmabench could not be taken out: rmmod dmabench"
}

# What the kernel said of the driver belongs to the result.
keep_driver_log() {
	[[ $driver_loaded != yes ]] || dmesg 2>/dev/null | grep -i dmabench >"$out/parts/dmesg.log" || true
}
