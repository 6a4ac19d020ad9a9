#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Put what was built, and what belongs to it, below a folder; and take the same files away again.
# For make install and make uninstall, which say where.
#
# usage: scripts/dev/install.sh install|uninstall|list
#
# From the environment: PREFIX (/usr/local), DESTDIR (nothing), BUILD (build). "list" prints each file,
# with PREFIX in front and DESTDIR not. Exit status: 0 done; 1 something couldn't be; 2 wrong usage.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

prefix=${PREFIX:-/usr/local}
destdir=${DESTDIR-}
from=${BUILD:-build}

# What of scripts/ users have. The rest, dev and test, is for those who have the source.
readonly script_folders=(bench doctor fleet gate kernel lib peers report tune vm)

# files FOLDER: below it, but for what editors and the system leave there.
files() {
	find "$1" -type f ! -name '.*' ! -name '*~' ! -name '*.o' ! -name '*.ko' -print | LC_ALL=C sort
}

# MODE<tab>SOURCE<tab>TO, the latter below PREFIX. A source "-" is made on the way: made().
table() {
	local file folder
	row 755 "$from/dmabench" bin/dmabench
	row 644 "$from/libdmabench-profile.so" lib/dmabench/libdmabench-profile.so
	row 644 include/dmabench_uapi.h include/dmabench_uapi.h
	row 644 docs/dmabench.1 share/man/man1/dmabench.1
	row 644 completion/dmabench.bash share/bash-completion/completions/dmabench
	row 644 completion/_dmabench share/zsh/site-functions/_dmabench
	for file in scripts/*.sh; do
		[[ $file != scripts/test.sh ]] || continue
		row 755 "$file" "libexec/dmabench/$file"
		file=${file##*/}
		# Those of a command's name are in its page.
		case ${file%.sh} in
		compare | trend | fleet | advise) ;;
		*) row 644 - "share/man/man1/dmabench-${file%.sh}.1" ;;
		esac
	done
	for folder in "${script_folders[@]}"; do
		while read -r file; do script_row "$file"; done < <(files "scripts/$folder")
	done
	row 644 - libexec/dmabench/scripts/lib/installed.sh
	while read -r file; do row 644 "$file" "share/dmabench/$file"; done < <(files plots)
	for file in results/*.schema.json results/reference/result.json; do
		row 644 "$file" "share/dmabench/$file"
	done
	# In the shape of the tree, as pages name each other by it.
	while read -r file; do
		[[ $file == *.1 ]] || row 644 "$file" "share/doc/dmabench/$file"
	done < <(files docs && printf '%s\n' README.md SECURITY.md CHANGELOG.md results/README.md)
	while read -r file; do row 644 "$file" "src/dmabench-$version/$file"; done < <(files driver)
	for file in include/dmabench_uapi.h LICENSE VERSION; do row 644 "$file" "src/dmabench-$version/$file"; done
}

row() {
	printf '%s\t%s\t%s\n' "$@"
}

script_row() {
	local mode=644
	[[ ! -x $1 ]] || mode=755
	row "$mode" "$1" "libexec/dmabench/$1"
}

# made TO: its text.
made() {
	local name=${1##*/dmabench-}
	case $1 in
	*.1) scripts/dev/man.sh "${name%.1}" ;;
	# What common.sh knows an installed tree by.
	*/installed.sh)
		printf '# SPDX-License-Identifier: GPL-2.0-only\n# shellcheck shell=bash disable=SC2034\nversion=%s\n' "$version"
		;;
	esac
}

install_all() {
	local mode source to
	while IFS=$'\t' read -r mode source to; do
		if [[ $source == - ]]; then
			mkdir -p -- "$destdir$prefix/${to%/*}"
			made "$to" >"$destdir$prefix/$to"
			chmod "$mode" -- "$destdir$prefix/$to"
		else
			install -D -m "$mode" -- "$source" "$destdir$prefix/$to"
		fi
	done < <(table)
}

# The files, and those of their folders that are ours alone and empty then.
uninstall_all() {
	local to folder
	while IFS=$'\t' read -r _ _ to; do
		rm -f -- "$destdir$prefix/$to"
		folder=${to%/*}
		while [[ $folder == */* && $folder == *dmabench* ]]; do
			rmdir -- "$destdir$prefix/$folder" 2>/dev/null || break
			folder=${folder%/*}
		done
	done < <(table)
}

[[ $# -eq 1 ]] || usage_error "expected install, uninstall or list"
case $1 in
install | uninstall | list) ;;
-h | --help) show_help ;;
*) usage_error "unknown argument $1" ;;
esac
[[ $prefix == /* ]] || usage_error "PREFIX=$prefix: expected an absolute path"
cd "$root"
umask 022
case $1 in
install) install_all ;;
uninstall) uninstall_all ;;
list) while IFS=$'\t' read -r _ _ to; do printf '%s/%s\n' "$prefix" "$to"; done < <(table) ;;
esac
