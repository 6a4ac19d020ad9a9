#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The last commit as a tarball, the same bytes each time and for everybody. It builds without git:
# the file COMMIT in it has the commit.
#
# usage: scripts/dev/dist.sh DIR
#
# Writes DIR/dmabench-VERSION.tar.gz and prints its name. Exit status: 0 done; 1 it can't be written;
# 2 wrong usage, or no git checkout.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -eq 1 && -n $1 && $1 != -* ]] || usage_error "expected DIR"
to=$1
[[ $to == /* ]] || to=$PWD/$to
cd "$root"
{ [[ -e .git ]] && git rev-parse -q --verify HEAD >/dev/null 2>&1; } || die "this isn't a git checkout: a tarball is of a commit" 2
[[ -z $(git status --porcelain) ]] || warn "what isn't committed isn't in it"
name=dmabench-$(git show HEAD:VERSION)
{ mkdir -p "$to" && part=$(mktemp "$to/.dist.XXXXXX"); } || die "can't write to $to"
trap 'rm -f "$part"' EXIT
# Nobody's umask, names or compression settings are in it.
git -c tar.umask=0022 -c core.autocrlf=false archive --format=tar --prefix="$name/" HEAD | gzip -9n >"$part" ||
	die "can't write to $to"
chmod 644 "$part"
mv "$part" "$to/$name.tar.gz"
printf '%s\n' "$to/$name.tar.gz"
