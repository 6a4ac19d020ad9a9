# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# The guest's file system: busybox, the modules that the guest needs, the
# command's files with the libraries they are linked to.

# What a guest needs to reach the host's folders.
readonly guest_modules=(virtio_pci 9pnet_virtio 9p)

quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# stage_file PATH: below the source tree, to the same place below /dmabench.
stage_file() {
	(cd "$root" && cp -rL --parents -- "$1" "$stage/dmabench/")
}

# stage_libraries FILE: what the dynamic linker would load for it.
stage_libraries() {
	local library
	[[ $(head -c 4 -- "$1" | tr -d '\0') == $'\x7fELF' ]] || return 0
	# A static program has none, which ldd reports as a failure.
	while read -r library; do
		[[ -e $stage$library ]] || cp -L --parents -- "$library" "$stage/"
	done < <(ldd "$1" 2>/dev/null | grep -oE '/[^ )]+' | sort -u)
}

# stage_payload WORD...: the command's words that name files of the tree, what the
# caller asked to carry, and the programs that the build made for guests.
stage_payload() {
	local word file
	for word in build/dmabench "$@"; do
		[[ $word != /* && $word != *..* && -f $root/$word ]] || continue
		stage_file "$word"
	done
	for word in ${with[@]+"${with[@]}"}; do
		stage_file "$word"
	done
	if [[ -d $root/build/tests/guest ]]; then
		while IFS= read -r -d '' file; do
			stage_file "${file#"$root/"}"
		done < <(find "$root/build/tests/guest" -type f -perm -u+x -print0)
	fi
	while IFS= read -r -d '' file; do
		stage_libraries "$file"
	done < <(find "$stage/dmabench" -type f -perm -u+x -print0)
}

# stage_module FILE: to /lib/modules, unpacked.
stage_module() {
	local name
	name=$(basename "$1")
	case $name in
	*.xz)
		have xz || die "infrastructure: no xz (package xz-utils): run scripts/setup.sh" 125
		xz -dc -- "$1" >"$stage/lib/modules/${name%.xz}"
		;;
	*) cp -- "$1" "$stage/lib/modules/" ;;
	esac
	printf '/lib/modules/%s\n' "${name%.xz}"
}

# The guest's own modules, in the order in which they must be loaded.
stage_guest_modules() {
	local kernel=$1 release=$2 module path
	for module in "${guest_modules[@]}"; do
		modprobe -d "$kernel" -S "$release" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
		stage_module "$path"
	done >"$stage/vm/modules"
}

# stage_asked_modules DIR KERNEL RELEASE SPEC...: a SPEC is NAME[:PARAMETER=VALUE]... What
# isn't in DIR is looked for among the kernel's own that need no other module.
stage_asked_modules() {
	local dir=$1 kernel=$2 release=$3 spec name parameters path file
	shift 3
	for spec in "$@"; do
		name=${spec%%:*}
		parameters=
		[[ $spec != *:* ]] || parameters=${spec#*:}
		file=$dir/$name.ko
		[[ -e $file ]] || file=$(modprobe -d "$kernel" -S "$release" --show-depends "$name" 2>/dev/null |
			awk '$1 == "insmod" { print $2 } END { exit NR != 1 }') ||
			die "infrastructure: no $dir/$name.ko: build the driver for this kernel first" 125
		path=$(stage_module "$file")
		printf '%s %s\n' "$path" "${parameters//:/ }"
	done >"$stage/vm/insmod"
}

# stage_command WORD...: with the variables in the array guest_env.
stage_command() {
	local pair word
	{
		for pair in ${guest_env[@]+"${guest_env[@]}"}; do
			printf 'export %s=%s\n' "${pair%%=*}" "$(quote "${pair#*=}")"
		done
		printf 'exec'
		for word in "$@"; do
			printf ' %s' "$(quote "$word")"
		done
		printf '\n'
	} >"$stage/vm/command"
}

stage_base() {
	local applet
	mkdir -p "$stage"/{bin,dev,dmabench,etc,host,lib/modules,out,proc,root,sys,tmp,vm}
	cp "$root/scripts/vm/init" "$stage/init"
	cp -L "$(command -v busybox)" "$stage/bin/busybox"
	stage_libraries "$stage/bin/busybox"
	for applet in $(busybox --list); do
		[[ $applet == busybox ]] || ln -s busybox "$stage/bin/$applet"
	done
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$stage/etc/passwd"
	printf 'root:x:0:\n' >"$stage/etc/group"
}

# pack FILE: everything belongs to root in the guest.
pack() {
	(cd "$stage" && find . -print0 | cpio --null --quiet -o -H newc -R 0:0) >"$1"
}
