#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build modules of the kernel that Debian leaves out, from Debian's own kernel source and
# against its headers. What was built before is kept, by source, headers and compiler.
#
# usage: scripts/kernel/kernel-modules.sh SERIES ARCH OUT MODULE...
#        scripts/kernel/kernel-modules.sh --sources SERIES   say where their sources are
#        scripts/kernel/kernel-modules.sh --known MODULE...  only say whether each is one of them
#
#   SERIES ARCH   of the kernel, as 5.4 arm64
#   OUT           the folder that the modules are put into
#   MODULE        zynqmp_dma, sf-pdma, dmatest, gup_test, map_benchmark
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=scripts/lib/common.sh
source "$here/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$here/../lib/distribution.sh"

readonly cache=$guest_cache
# The module's own file first, then what it includes from beside it.
declare -rA files=(
	[zynqmp_dma]="drivers/dma/xilinx/zynqmp_dma.c drivers/dma/dmaengine.h"
	[sf-pdma]="drivers/dma/sf-pdma/sf-pdma.c drivers/dma/sf-pdma/sf-pdma.h drivers/dma/dmaengine.h drivers/dma/virt-dma.h"
	[dmatest]="drivers/dma/dmatest.c"
	[gup_test]="mm/gup_test.c mm/gup_test.h"
	[map_benchmark]="kernel/dma/map_benchmark.c"
)
# What those lack that are otherwise only built into the kernel: a licence, and functions that
# aren't exported, in checks that are none of the figures and for nodes that nobody asks for.
declare -rA lacks=(
	[gup_test]='MODULE_LICENSE("GPL");
#define is_longterm_pinnable_page(page) true'
	[map_benchmark]='#define kthread_bind_mask(task, mask)'
)
part=

# All sources of the table in one pass: finding any in the archive takes as long.
sources() { # SERIES
	local archive sum folder
	archive=$(source_archive "$1")
	[[ -e $archive ]] || die "no $archive (package $(source_package "$1")): run scripts/setup.sh --for arm64"
	sum=$({ cat "$archive" && printf '%s\n' "${files[@]}"; } | sha256sum)
	folder=$guest_cache/source-$1-${sum:0:16}
	if [[ ! -e $folder ]]; then
		part=$(mktemp -d "$cache/part.XXXXXX")
		trap 'rm -rf "$part"' EXIT
		printf '%s\n' "${files[@]}" | tr ' ' '\n' | sort -u | sed "s|^|$(source_package "$1")/|" |
			tar -x -f "$archive" -C "$part" --strip-components=1 -T -
		mv "$part" "$folder"
	fi
	printf '%s\n' "$folder"
}

build() { # MODULE SOURCES KDIR ARCH FOLDER
	local module=$1 words=${files[$1]} work
	work=$(mktemp -d "$cache/part.XXXXXX")
	part=$work
	trap 'rm -rf "$part"' EXIT
	(cd "$2" && cp -r . "$work/")
	printf 'obj-m := %s\n' "${words%%.c*}.o" >"$work/Kbuild"
	if [[ -n ${lacks[$1]-} ]]; then
		{
			printf '#include <linux/%s.h>\n' kthread mm module
			printf '%s\n' '#undef pr_fmt' "${lacks[$1]}"
		} >"$work/lacks.h"
		printf 'ccflags-y := -include %s\n' "$work/lacks.h" >>"$work/Kbuild"
	fi
	# shellcheck disable=SC2086 # several words
	make -C "$3" M="$work" ${arch_kbuild[$4]} CONFIG_DEBUG_INFO_BTF_MODULES= modules >&2 ||
		return 1
	mkdir -p "$5"
	mv "$work/${words%%.c*}.ko" "$5/$module.ko"
	rm -rf "$work"
	part=
}

case ${1-} in
-h | --help) show_help ;;
esac

is_module() {
	[[ -n $1 && -n ${files[$1]-} ]] || usage_error "unknown module $1: expected one of ${!files[*]}"
}

one_at_a_time_here() {
	make_folder "$cache"
	exec 9>"$cache/modules.lock"
	flock 9
}

is_series() {
	is_known_kernel "$1" || usage_error "$1: expected a series, one of $(known_kernels | paste -s -d ' ')"
}

if [[ ${1-} == --known ]]; then
	for module in "${@:2}"; do is_module "$module"; done
	exit 0
fi
if [[ $# -eq 2 && $1 == --sources ]]; then
	is_series "$2"
	one_at_a_time_here
	sources "$2"
	exit 0
fi
[[ $# -ge 4 && -n $2 && -n ${arch_triple[$2]-} && -n $3 ]] || usage_error "expected SERIES ARCH OUT MODULE..."
series=$1 arch=$2 out=$3
shift 3
is_series "$series"
for module; do is_module "$module"; done
one_at_a_time_here
mkdir -p "$out"
source_folder=$(sources "$series")
kdir=$("$root/scripts/kernel/headers.sh" "$series" "$arch")
compiler=$("${arch_triple[$arch]}-gcc" --version | head -n 1)
key=$(printf '%s\n' "$source_folder" "${kdir##*/}" "$compiler" | sha256sum)
built=$cache/modules-${kdir##*/linux-headers-}-${key:0:16}
for module; do
	[[ -e $built/$module.ko ]] || build "$module" "$source_folder" "$kdir" "$arch" "$built"
	cp "$built/$module.ko" "$out/$module.ko"
done
