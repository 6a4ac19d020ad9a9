# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with scripts/vm.sh and the files beside it
#
# The guest's file system: busybox, the modules that the guest needs, the
# command's files with the libraries they are linked to.

quote() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# stage_file PATH: below the source tree, to the same place below /dmabench.
stage_file() {
	(cd "$root" && cp -rL --parents -- "$1" "$stage/dmabench/")
}

# built PATH: where what the guest calls build/PATH is, as its architecture has it.
built() {
	if [[ $arch != "$host_arch" ]]; then
		printf '%s\n' "$root/${arch_build[$arch]}/$1"
	elif [[ $1 == dmabench ]]; then
		printf '%s\n' "$dmabench"
	else
		printf '%s\n' "$build/$1"
	fi
}

# stage_built PATH: below build/, to the same place.
stage_built() {
	local from to=$stage/dmabench/build/$1
	from=$(built "$1")
	mkdir -p "${to%/*}"
	cp -rLf -- "$from" "$to"
}

# linked_alike FILE...: one of each group of programs that name the same libraries. What is linked
# statically, or is no program, names none.
linked_alike() {
	readelf -d /dev/null "$@" 2>/dev/null | awk '
		function done() { if (needs != "" && !seen[needs]++) print file; needs = "" }
		/^File: / { done(); file = substr($0, 7) }
		/\(NEEDED\)/ { needs = needs " " $NF }
		END { done() }'
}

# libraries_of FILE...: what the dynamic linker would load for them.
libraries_of() {
	local file
	if [[ $arch == "$host_arch" ]]; then
		ldd "$@" 2>/dev/null | sed -nE 's,^\t(.* => )?(/[^ ]*) \(.*,\2,p' | sort -u
	else
		for file in "$@"; do foreign_libraries_of "$file"; done | sort -u
	fi
}

# Those of another architecture are named in the file, and each names others.
foreign_libraries_of() {
	local name folder
	while read -r name; do
		for folder in "$sysroot/usr/lib/${arch_triple[$arch]}" "/usr/${arch_triple[$arch]}/lib"; do
			[[ -e $folder/$name ]] || continue
			printf '%s\n' "$folder/$name"
			[[ -e $stage/lib/$name ]] || foreign_libraries_of "$folder/$name"
			break
		done
	done < <(readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p')
}

# Every program's libraries: to where they are here, or to the folder that any linker looks into.
stage_libraries() {
	local programs libraries
	mapfile -d '' programs < <(find "$stage/bin" "$stage/dmabench" -type f -perm -u+x -print0)
	mapfile -t programs < <(linked_alike "${programs[@]}")
	[[ ${#programs[@]} -gt 0 ]] || return 0
	mapfile -t libraries < <(libraries_of "${programs[@]}")
	if [[ $arch != "$host_arch" ]]; then
		cp -L -- "${libraries[@]}" "$stage/lib/"
	else
		cp -L --parents -- "${libraries[@]}" "$stage/"
	fi
}

# stage_payload WORD...: the command's words that name files of the tree, what the
# caller asked to carry, and the programs that the build made for guests.
stage_payload() {
	local word tests
	tests=$(built tests/guest)
	for word in build/dmabench "$@"; do
		[[ $word != /* && $word != *..* ]] || continue
		if [[ $word == build/* && -f $(built "${word#build/}") ]]; then
			stage_built "${word#build/}"
		elif [[ -f $root/$word ]]; then
			stage_file "$word"
		fi
	done
	for word in ${with[@]+"${with[@]}"}; do
		stage_file "$word"
	done
	[[ ! -d $tests ]] || stage_tests "$tests"
	# What others own may be read-only, folders too; these are to be removed.
	chmod -R u+w "$stage/dmabench"
}

stage_tests() {
	mkdir -p "$stage/dmabench/build/tests/guest"
	find "$1" -maxdepth 1 -type f -perm -u+x -exec cp -L -t "$stage/dmabench/build/tests/guest" {} +
}

# stage_module FILE: to /lib/modules, unpacked.
stage_module() {
	local name
	name=$(basename "$1")
	case $name in
	*.xz)
		have xz || infra "no xz (package xz-utils): run $(called setup)"
		xz -dc -- "$1" >"$stage/lib/modules/${name%.xz}"
		;;
	*.zst)
		have zstd || infra "no zstd (package zstd): run $(called setup)"
		zstd -qdc -- "$1" >"$stage/lib/modules/${name%.zst}"
		;;
	*) cp -- "$1" "$stage/lib/modules/" ;;
	esac
	name=${name%.xz}
	printf '/lib/modules/%s\n' "${name%.zst}"
}

# The guest's own modules, in the order in which they must be loaded.
stage_guest_modules() {
	local module path
	for module in ${machine_modules[$machine]}; do
		modprobe -d "$kernel_folder" -S "$kernel_release" --show-depends "$module"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' | while read -r path; do
		stage_module "$path"
	done >"$stage/vm/modules"
}

# make_asked_modules SPEC...: those that are the driver's, where nobody has a make driver to call.
make_asked_modules() {
	local kdir log=$run/driver.log
	[[ " $*" == *" dmabench"* ]] || return 0
	! no_source_reason >&2 | grep . || exit 125
	kdir=$("$root/scripts/kernel/headers.sh" "$kernel_release") || exit 125
	make_modules "$kdir" >"$log" || infra "the driver doesn't build against ${kdir##*/}: $(tail -n 1 "$log")"
}

# stage_asked_modules DIR SPEC...: a SPEC is NAME[:PARAMETER=VALUE]... What
# isn't in DIR is looked for among the kernel's own that need no other module.
stage_asked_modules() {
	local dir=$1 spec name parameters path file
	shift
	for spec in "$@"; do
		name=${spec%%:*}
		parameters=
		[[ $spec != *:* ]] || parameters=${spec#*:}
		file=$dir/$name.ko
		[[ -e $file ]] || file=$(modprobe -d "$kernel_folder" -S "$kernel_release" --show-depends "$name" 2>/dev/null |
			awk '$1 == "insmod" { print $2 } END { exit NR != 1 }') ||
			infra "no $dir/$name.ko: build the driver for this kernel first"
		path=$(stage_module "$file")
		# Another size would be other digits for the kernel to read as it starts: docs/gate.md.
		[[ $mode != icount ]] || truncate -s %1M "$stage$path"
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

# The guest makes links for the other names of busybox itself.
stage_base() {
	local busybox
	busybox=$(command -v busybox)
	[[ $arch == "$host_arch" ]] || busybox=$sysroot/bin/busybox
	mkdir -p "$stage"/{bin,dev,dmabench,etc,host,lib/modules,out,proc,root,sys,tmp,vm}
	cp "$root/scripts/vm/init" "$stage/init"
	cp -L "$busybox" "$stage/bin/busybox"
	ln -s busybox "$stage/bin/sh"
	printf 'root:x:0:0:root:/root:/bin/sh\n' >"$stage/etc/passwd"
	printf 'root:x:0:\n' >"$stage/etc/group"
}

# pack FILE: everything belongs to root in the guest, and is in the same order each time.
pack() {
	(cd "$stage" && find . -exec touch -h -d @0 {} + &&
		find . -print0 | LC_ALL=C sort -z | cpio --null --quiet --reproducible -o -H newc -R 0:0) >"$1"
}
