#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# This tree as an archive to be unpacked on other machines, and the harness built here, to look at
# what they bring.
#
# usage: scripts/fleet/pack.sh DIR
#
# Makes DIR, and DIR/.tree.tar with the last commit: the whole tree, and as much of its history as
# says which commit it is; what isn't committed isn't in it, which is said. Without git: the files
# as they are. Prints both paths, absolute, a line each.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -eq 1 && -n $1 && $1 != -* ]] || usage_error "expected DIR"
[[ $installed == no ]] || die "only a source tree can be packed: install it on the other machines, or take its tree" 2
make_folder "$1"
out=$(realpath -- "$1")
work=$(scratch "$out")
trap 'rm -rf -- "$work"' EXIT
if have git && git -C "$root" rev-parse -q --verify HEAD >/dev/null 2>&1; then
	[[ -z $(git -C "$root" status --porcelain) ]] || warn "what isn't committed isn't packed"
	git clone -q --depth 1 "file://$root" "$work/tree"
	tar -C "$work/tree" -cf "$out/.tree.tar" .
else
	tar -C "$root" --exclude=./build --exclude=./.git -cf "$out/.tree.tar" .
fi
build_bench
printf '%s\n' "$out" "$out/.tree.tar"
