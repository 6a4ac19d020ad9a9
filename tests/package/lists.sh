# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $host_arch is scripts/lib/distribution.sh's
#
# Lists of a root's files, and what may differ between them.

# The packages with headers of kernels: the ordinary one, and one for cloud machines.
kernel_headers() {
	printf 'linux-headers-%s, linux-headers-cloud-%s\n' "$host_arch" "$host_arch"
}

newest_headers() {
	local dir
	for dir in /lib/modules/*/build; do
		dir=${dir%/build}
		[[ $dir == *cloud* ]] || printf '%s\n' "${dir##*/}"
	done | sort -V | tail -n 1
}

# Each file with its kind, mode and owner, and its checksum where it is a setting or what the
# machine starts; but for what is no part of the system, or the package manager's and dkms's own.
list_files() {
	find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /run -o -path /tmp -o -path /root/dmabench \
		-o -path /var/cache/apt -o -path /var/lib/apt -o -path /var/log -o -path /var/cache/ldconfig -o -path /var/cache/man \
		-o -path /var/lib/dpkg/info -o -path '/var/lib/dpkg/*-old' -o -path /var/lib/dpkg/triggers \
		-o -path /var/lib/dpkg/updates \) -prune -o -printf '%p %y %m %u %g\n' | LC_ALL=C sort
	find /etc /boot -xdev -type f -exec sha256sum {} + | LC_ALL=C sort -k 2
}

differences() { # BEFORE AFTER
	diff "$1" "$2" | grep '^[<>]' || true
}

# Results where they were asked for, and what is each user's own.
only_used() { # FOLDER
	differences "$1/files-before" "$1/files-used" |
		grep -E '/root|/home' | grep -vE ' (/root|/home/tester)/first( |/)|/(root|home/tester)/\.(cache|local)( |/)' >"$1/written"
	cat "$1/written"
	[[ ! -s $1/written ]]
}

no_modules() { # KERNEL
	! modinfo -k "$1" dmabench && ! modinfo -k "$1" dmabench_sim && [[ ! -e /var/lib/dkms/dmabench ]]
}

# What stays is the group, as system groups do, and what dkms keeps for all modules: its key, and
# the lists that depmod makes.
nothing_left() { # FOLDER
	differences "$1/files-before" "$1/files-after" |
		grep -vE ' /(root|home/tester)/(first|\.cache|\.local)( |/)|/etc/(group|gshadow)-?( |$)' |
		grep -vE '/var/lib/dkms/mok\.|/lib/modules/[^/]*/modules\.' >"$1/left" || true
	cat "$1/left"
	[[ ! -s $1/left ]] && getent group dmabench
}
