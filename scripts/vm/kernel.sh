# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# The guest's kernel: the distribution's own image package, downloaded and unpacked under
# the cache, never installed. Its release is that of the headers, so that modules
# built against them load.

# kernel_release SERIES|RELEASE ARCH: the release to boot, on stdout.
kernel_release() {
	if [[ $1 == debug-* ]]; then
		"$root/scripts/kernel/debug-kernel.sh" --release "${1#debug-}"
	elif [[ $1 =~ ^[0-9]+\.[0-9]+$ ]]; then
		choose_release "$1" "$2"
	else
		printf '%s\n' "$1"
	fi
}

# download_image RELEASE: into the present directory. Some distributions have the modules, some
# the image itself, too, in packages that the first depends on.
download_image() {
	local package image=linux-image-$1
	apt_has "$image" || image+=-unsigned
	apt_download "$image" || return
	for package in "linux-binary-$1" "linux-modules-$1" "linux-base-$1"; do
		! apt_has "$package" || apt_download "$package" || return
	done
}

# Firmware-heavy drivers are most of the package and no part of the guest.
unpack_image() { # PACKAGE FOLDER
	dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" \
		--exclude='./usr/share/*' --exclude='./boot/System.map*' \
		--exclude='*/drivers/gpu/*' --exclude='*/drivers/media/*' \
		--exclude='*/drivers/net/*' --exclude='*/drivers/infiniband/*' \
		--exclude='*/drivers/scsi/*' --exclude='*/drivers/staging/*' \
		--exclude='*/kernel/sound/*'
}

# settle_image FOLDER RELEASE: the image in boot and the modules in lib/modules, wherever the
# packages have put them.
settle_image() {
	local modules=$1/lib/modules
	if [[ ! -d $modules && -d $1/usr/lib/modules ]]; then
		mkdir -p "$1/lib"
		mv "$1/usr/lib/modules" "$modules"
	fi
	mkdir -p "$1/boot"
	[[ -e $1/boot/vmlinuz-$2 || ! -e $modules/$2/vmlinuz ]] || mv "$modules/$2/vmlinuz" "$1/boot/vmlinuz-$2"
	# Some call the same otherwise.
	[[ -e $1/boot/vmlinuz-$2 || ! -e $1/boot/vmlinux-$2 ]] || mv "$1/boot/vmlinux-$2" "$1/boot/vmlinuz-$2"
	depmod -b "$1" "$2" && [[ -e $1/boot/vmlinuz-$2 ]]
}

unpack_packages() { # RELEASE
	local package
	mkdir tree || return
	for package in ./*.deb; do unpack_image "$package" tree || return; done
	settle_image "$PWD/tree" "$1"
}

# kernel_fetch RELEASE ARCH: the folder with boot/ and lib/modules/, on stdout.
kernel_fetch() (
	local release=$1 of=$2 dir=$cache/kernel-$1 part
	if [[ $kernel_wanted == debug-* ]]; then
		"$root/scripts/kernel/debug-kernel.sh" "${kernel_wanted#debug-}"
		return
	fi
	# One download at a time: guests are often started side by side.
	exec 9>"$cache/lock"
	flock 9
	if [[ ! -e $dir/boot/vmlinuz-$release ]]; then
		have apt-get || infra "no apt-get to download kernel $release with"
		say "downloading the guest's kernel $release"
		part=$(mktemp -d "$cache/part.XXXXXX") && cd "$part" || exit
		trap 'rm -rf "$part"' EXIT
		apt_for "$of" || true
		apt_has_image "$release" || apt_private "$of" || true
		download_image "$release" ||
			infra "no package linux-image-$release; the archive has: $(archive_kernels "$of")"
		unpack_packages "$release" || infra "can't unpack the package of kernel $release"
		rm -rf "$dir"
		mv tree "$dir"
	fi
	printf '%s\n' "$dir"
)

# header_field FILE OFFSET BYTES: a number of an x86 kernel's header.
header_field() {
	od -An -v "-tu$3" -j "$2" -N "$3" "$1" | tr -d ' '
}

# What an x86 kernel has packed in itself, on stdout; where it is, says its header, as the
# kernel's Documentation/arch/x86/boot.rst defines it. Packed otherwise than here, or with no entry
# for who starts it unpacked (PVH), it stays as it is. Status 3: what unpacks it isn't here.
unpack_kernel() { # PACKED
	local sectors offset length tool
	# The unpacked length follows what these tools know.
	local after=4
	sectors=$(header_field "$1" 0x1f1 1) offset=$(header_field "$1" 0x248 4) length=$(header_field "$1" 0x24c 4)
	offset=$((offset + (${sectors/#0/4} + 1) * 512))
	case $(od -An -v -tx1 -j "$offset" -N 4 "$1" | tr -d ' ') in
	fd377a58) tool="xz --single-stream -dc" ;;
	28b52ffd) tool="zstd -qdc" ;;
	1f8b*) tool="gzip -dc" after=0 ;;
	*) return 1 ;;
	esac
	have "${tool%% *}" || return 3
	length=$((length - after))
	head -c "$((offset + length))" "$1" | tail -c "$length" | $tool
}

starts_unpacked() { # IMAGE
	readelf -n "$1" 2>/dev/null | grep -q 'Xen .*(0x00000012)'
}

# kernel_image: what QEMU starts, on stdout. A packed kernel takes an emulated CPU longer to unpack
# than to boot, so that it is unpacked here, once; the file is empty where that can't be.
kernel_image() {
	local image=$kernel_folder/boot/vmlinux-$kernel_release
	if [[ $accel != kvm && -n ${machine_unpacked[$machine]-} ]]; then
		[[ -e $image ]] || keep_unpacked "$image" 2>/dev/null || true
		[[ ! -s $image ]] || vmlinuz=$image
	fi
	printf '%s\n' "$vmlinuz"
}

# In a shell of its own, whose end removes what isn't whole.
keep_unpacked() ( # IMAGE
	status=0 part=$1.$BASHPID
	trap 'rm -f "$part"' EXIT
	unpack_kernel "$vmlinuz" >"$part" || status=$?
	[[ $status -ne 3 ]] || exit 0
	{ [[ $status -eq 0 ]] && starts_unpacked "$part"; } || : >"$part"
	mv "$part" "$1"
)

# What the debug kernels do only when asked at boot: every report instead of the first one,
# pages that are filled when freed and looked at when they are taken again, mappings counted,
# memory that even the kernel doesn't see.
debug_append() {
	[[ $kernel_wanted == debug-* ]] || return 0
	extra_append=(kasan_multi_shot page_poison=1 page_table_check=on secretmem.enable=1
		${extra_append[@]+"${extra_append[@]}"})
}
