#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Read the code with every tool there is: shellcheck, clang-format, cppcheck,
# checkpatch, sparse and W=1 for the modules on each kernel. A tool that is missing
# is a failure, not a pass.
#
# usage: scripts/dev/check.sh [--no-install]
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"

setup=("$root/scripts/setup.sh" --for check)
[[ $# -le 1 ]] || usage_error "unknown argument $2"
case ${1-} in
'') ;;
--no-install) setup+=(--no-install) ;;
-h | --help) show_help ;;
*) usage_error "unknown argument $1" ;;
esac
cd "$root"
one_at_a_time check
"${setup[@]}"

bad=()
attempt() {
	local name=$1
	shift
	printf '  %-12s ' "$name" >&2
	if "$@" >build/check.log 2>&1; then
		echo ok >&2
	else
		echo FAILED >&2
		cat build/check.log >&2
		bad+=("$name")
	fi
}

files() {
	find "$@" -type f -not -path '*/build/*' -print0 | sort -z
}

# Scripts by their first line, and the parts that they source by their name.
shell_check() {
	{
		find scripts .ci tests debian -type f -print0 | xargs -0 grep -lZE '^#!.*\b(ba)?sh' || true
		find scripts tests completion -name '*.sh' -print0 -o -name '*.bash' -print0
	} | sort -zu | xargs -0 shellcheck -x -S style
}

format_check() {
	{
		files bench driver include scripts tests -name '*.[ch]'
	} | xargs -0 clang-format --dry-run -Werror
}

static_check() {
	# It doesn't read jansson's header, so it is told what the loops there are.
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -Iinclude -Ibench \
		-D__x86_64__ '-Djson_array_foreach(a,i,v)=while(next_item(a,&i,&v))' \
		'-Djson_object_foreach(o,k,v)=while(next_entry(o,&k,&v))' \
		bench
}

# checkpatch.pl is in no package but the kernel's source; three of its files are enough.
fetch_checkpatch() {
	local source folder=build/check/checkpatch package
	package=$(source_package "$(own_kernel)")
	source=$(source_archive "$(own_kernel)")
	[[ -e $source ]] || {
		echo "no $source (package $package)"
		return 1
	}
	[[ $folder/checkpatch.pl -nt $source ]] || {
		mkdir -p "$folder"
		tar -xf "$source" -C "$folder" --strip-components=2 --touch \
			"$package"/scripts/{checkpatch.pl,spelling.txt,const_structs.checkpatch}
	}
}

patch_check() {
	fetch_checkpatch || return 1
	files driver include -name '*.[ch]' |
		xargs -0 perl build/check/checkpatch/checkpatch.pl --strict --terse --file
}

kernel_check() {
	local kdir
	kdir=$(scripts/kernel/headers.sh "$1") || return 1
	rm -rf "build/check/$1"
	make -C driver KDIR="$kdir" OUT="$root/build/check/$1" W=1 C=2 \
		CF=-Wsparse-error KCFLAGS=-Werror >build/check.out 2>&1 || {
		cat build/check.out
		return 1
	}
	! grep -E 'warning:|error:' build/check.out
}

layers_check() {
	scripts/dev/layers.sh
}

# Kernels' series, the architecture of this machine and releases of distributions are named in
# one file.
names_check() {
	! git grep -nwE '6\.1|6\.12|7\.3|amd64|bookworm|trixie|noble' -- scripts driver bench .ci Makefile \
		tests/guest ':!scripts/lib/distribution.sh' ':!scripts/dev/check.sh'
}

# Each file says under what licence it is.
license_check() {
	local without
	without=$(find . \( -path ./build -o -path ./.git \) -prune -o -type f \
		-regex '.*\.\(c\|h\|sh\|bash\|bats\|gp\|jq\|py\|1\)\|.*/\(Makefile\|Kbuild\|run\|init\)' -print0 |
		xargs -0 grep -LE 'SPDX-License-Identifier: GPL-2.0-only') || true
	[[ -z $without ]] || {
		printf 'no licence in %s\n' "$without"
		return 1
	}
}

mkdir -p build
attempt shellcheck shell_check
attempt clang-format format_check
attempt cppcheck static_check
attempt checkpatch patch_check
attempt licences license_check
attempt names names_check
attempt layers layers_check
while read -r series; do
	attempt "kernel $series" kernel_check "$series"
done < <(known_kernels)
if [[ ${#bad[@]} -gt 0 ]]; then
	die "failed: ${bad[*]}"
fi
