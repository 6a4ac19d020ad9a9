# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# The guest's kernel: Debian's own image package, downloaded and unpacked under
# the cache, never installed. Its release is that of the headers, so that modules
# built against them load.

# kernel_release SERIES|RELEASE ARCH: the release to boot, on stdout.
kernel_release() {
	local wanted=$1 arch=$2 release meta
	if [[ $wanted == debug-* ]]; then
		"$root/scripts/debug-kernel.sh" --release "${wanted#debug-}"
		return
	fi
	if [[ $wanted == *-"$arch" ]]; then
		printf '%s\n' "$wanted"
		return
	fi
	release=$(newest_headers "$wanted" "$arch")
	release=${release##*/linux-headers-}
	if [[ -z $release ]]; then
		apt_for "$arch"
		meta=linux-image-$wanted-$arch
		[[ $wanted != 6.1 ]] || meta=linux-image-$arch
		release=$(depends_of "$meta" "linux-image-.*-$arch(-unsigned)?" | head -n 1)
		release=${release#linux-image-}
		release=${release%-unsigned}
	fi
	[[ -n $release ]] || return 1
	printf '%s\n' "$release"
}

# download_image RELEASE: into the present directory.
download_image() {
	apt_download "linux-image-$1" || apt_download "linux-image-$1-unsigned"
}

# Firmware-heavy drivers are most of the package and no part of the guest.
unpack_image() {
	local package=$1 to=$2
	dpkg-deb --fsys-tarfile "$package" | tar -x -C "$to" \
		--exclude='./usr/share/*' --exclude='./boot/System.map*' \
		--exclude='*/drivers/gpu/*' --exclude='*/drivers/media/*' \
		--exclude='*/drivers/net/*' --exclude='*/drivers/infiniband/*' \
		--exclude='*/drivers/scsi/*' --exclude='*/drivers/staging/*' \
		--exclude='*/kernel/sound/*' || return
	# Later releases keep their modules below /usr.
	if [[ ! -d $to/lib/modules && -d $to/usr/lib/modules ]]; then
		mkdir -p "$to/lib"
		mv "$to/usr/lib/modules" "$to/lib/modules"
	fi
}

# kernel_fetch RELEASE ARCH: the folder with boot/ and lib/modules/, on stdout.
kernel_fetch() (
	local release=$1 of=$2 dir=$cache/kernel-$1 part
	if [[ $kernel_wanted == debug-* ]]; then
		"$root/scripts/debug-kernel.sh" "${kernel_wanted#debug-}"
		return
	fi
	# One download at a time: guests are often started side by side.
	exec 9>"$cache/lock"
	flock 9
	if [[ ! -e $dir/boot/vmlinuz-$release ]]; then
		have apt-get || die "infrastructure: no apt-get to download kernel $release with" 125
		say "downloading the guest's kernel $release"
		part=$(mktemp -d "$cache/part.XXXXXX") && cd "$part" || exit
		trap 'rm -rf "$part"' EXIT
		[[ $of == amd64 ]] || apt_private "$of" || true
		if ! download_image "$release" 2>/dev/null; then
			apt_private "$of" || true
			download_image "$release" ||
				die "infrastructure: no package linux-image-$release; newer headers may be out" 125
		fi
		if ! { mkdir tree && unpack_image ./*.deb tree && depmod -b "$part/tree" "$release" &&
			[[ -e tree/boot/vmlinuz-$release ]] && rm -rf "$dir" && mv tree "$dir"; }; then
			die "infrastructure: can't unpack the package of kernel $release" 125
		fi
	fi
	printf '%s\n' "$dir"
)

# What the debug kernels do only when asked at boot: every report instead of the first one,
# pages that are filled when freed and looked at when they are taken again, mappings counted,
# memory that even the kernel doesn't see.
debug_append() {
	[[ $kernel_wanted == debug-* ]] || return 0
	extra_append=(kasan_multi_shot page_poison=1 page_table_check=on secretmem.enable=1
		${extra_append[@]+"${extra_append[@]}"})
}
