#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build one debug kernel; scripts/kernel/debug-kernel.sh runs this, and names its result by what
# this file says too. All of it happens in FOLDER, whose path gets into nothing.
#
# usage: scripts/kernel/build.sh SERIES TARBALL FRAGMENT SUFFIX FOLDER
#
# Leaves FOLDER/result: boot/vmlinuz-RELEASE, lib/modules/RELEASE and kdir, which is what
# modules are built against. RELEASE ends in SUFFIX.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/child.sh
source "$root/scripts/lib/child.sh"

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -eq 5 ]] || usage_error "expected SERIES TARBALL FRAGMENT SUFFIX FOLDER"
series=$1
tarball=$2
fragment=$3
suffix=$4
folder=$5
tree=$folder/linux
result=$folder/result

# The same bytes on every machine and at every time.
export LC_ALL=C TZ=UTC KBUILD_BUILD_TIMESTAMP='Thu Jan  1 00:00:00 UTC 1970'
export KBUILD_BUILD_USER=dmabench KBUILD_BUILD_HOST=dmabench KBUILD_BUILD_VERSION=1 LOCALVERSION=
# A make that runs this has flags of its own.
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES KBUILD_OUTPUT ARCH CROSS_COMPILE

# Half of the files are of no use here, and they take long to write.
unpack() {
	mkdir -p "$tree"
	tar -xf "$tarball" -C "$tree" --strip-components=1 \
		--exclude='*/Documentation/*/*' --exclude='*/sound/*.[ch]' \
		--exclude='*/drivers/gpu/*.[ch]' --exclude='*/drivers/net/*/*.[ch]' \
		--exclude='*/drivers/media/*.[ch]' --exclude='*/drivers/staging/*.[ch]' \
		--exclude='*/tools/testing/*' --exclude='*/tools/perf/*'
}

# The lines of the fragment that this series is to have.
asked() {
	awk -v series="$series" '/^CONFIG_/ && (NF == 1 || ($2 == "#" && $3 == series)) { print $1 }' \
		"$fragment"
	printf 'CONFIG_LOCALVERSION="%s"\n' "$suffix"
}

# What a series doesn't know, or what lacks something that it depends on, is dropped without
# a word. A check that is off would look like one that found nothing.
all_came_true() {
	local line missing=()
	while read -r line; do
		case $line in
		*=n) ! grep -q "^${line%=n}=" "$tree/.config" || missing+=("$line") ;;
		*) grep -qxF -e "$line" "$tree/.config" || missing+=("$line") ;;
		esac
	done < <(asked)
	[[ ${#missing[@]} -eq 0 ]] ||
		die "linux-source-$series does not give what $fragment asks for: ${missing[*]}"
}

configure() {
	asked >"$folder/asked"
	make -s -C "$tree" KCONFIG_ALLCONFIG="$folder/asked" allnoconfig >&2
	all_came_true
}

# What a build of modules reads: headers, the tools, the symbols.
collect_kdir() {
	local kdir=$result/kdir
	mkdir -p "$kdir"
	cp "$tree"/{.config,Makefile,Kbuild,Module.symvers} "$kdir/"
	(cd "$tree" && cp -a --parents include scripts arch/x86/Makefile* arch/x86/include \
		tools/objtool/objtool "$kdir/")
	# Newer kernels compile one of its sources into each module.
	find "$kdir/scripts" \( -name '*.o' -o -name '.*.cmd' -o -name '*.[chly]' \) -type f \
		! -name module-common.c -delete
}

collect() {
	local release
	release=$(<"$tree/include/config/kernel.release")
	mkdir -p "$result/boot"
	cp "$tree/arch/x86/boot/bzImage" "$result/boot/vmlinuz-$release"
	make -s -C "$tree" INSTALL_MOD_PATH="$result" modules_install >&2
	rm -f "$result/lib/modules/$release"/{build,source}
	collect_kdir
}

trap end_child EXIT
exit_on_signals
unpack
configure
run_child make -s -C "$tree" -j"$(nproc)" bzImage modules >&2
collect
