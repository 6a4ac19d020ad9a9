# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # $root and $against are gate.sh's
#
# The two builds: by one compiler with one set of flags, each in a folder of its own, so that
# neither takes objects that were made with others. The commit's tree is a clone that borrows
# this repository's objects: it leaves nothing in it, and the tree one works in isn't touched.

gate_cache=${DMABENCH_GATE_CACHE:-$build/gate}
unfinished=

# shellcheck disable=SC2317 # called by a trap
drop_unfinished() {
	[[ -z $unfinished ]] || rm -rf "$unfinished"
}

# commit_of REF: its hash.
commit_of() {
	[[ $installed == no ]] ||
		usage_error "--against $1: what is installed has no commits to build: scripts/gate.sh of a clone has"
	git -C "$root" rev-parse --git-dir >/dev/null 2>&1 ||
		usage_error "--against $1: this isn't a git checkout"
	git -C "$root" rev-parse --quiet --verify --end-of-options "$1^{commit}" ||
		usage_error "--against $1: no such commit; expected what git rev-parse takes"
}

# What the builds are made with; one that was made with anything else is made afresh.
flags_now() {
	printf '%s\n' "${CC:-gcc}" "$("${CC:-gcc}" --version | head -n 1)" "${CFLAGS-}" "${LDFLAGS-}"
}

# fresh_folder DIR: keep it only if it was built with the flags of now.
fresh_folder() {
	[[ ! -d $1 || $(cat "$1/flags" 2>/dev/null) == "$(flags_now)" ]] || rm -rf "$1"
	mkdir -p "$1"
	flags_now >"$1/flags"
}

# One gate at a time makes builds; the others wait for that, and measure beside each other.
lock_builds() {
	make_folder "$gate_cache"
	{ : >>"$gate_cache/lock"; } 2>/dev/null || die "can't write to $gate_cache" 2
	exec {building}>"$gate_cache/lock"
	flock "$building"
}

unlock_builds() {
	exec {building}>&-
}

# make_bench TREE BUILD: dmabench of a tree. Nobody else's idea of a build folder gets in. make
# takes no path with blanks for a target: it is told the way from the tree.
make_bench() {
	local log=$2/bench.log way=$2
	lock_builds
	fresh_folder "$2"
	[[ $way != *[[:space:]]* ]] || way=$(realpath --relative-to="$1" "$2")
	[[ $way != *[[:space:]]* ]] || die "make can't build in $2: there is a blank in the way to it" 2
	make -C "$1" --no-print-directory -j"$(nproc)" BUILD="$way" bench >"$log" 2>&1 ||
		die "building $1 failed, see $log: $(grep -m 1 -i 'error' "$log" || tail -n 1 "$log")" 2
	unlock_builds
}

# checkout_commit HASH: sets $tree to a clean checkout of it.
checkout_commit() {
	tree=$gate_cache/$1/tree
	lock_builds
	[[ ! -e $tree ]] || { unlock_builds && return 0; }
	mkdir -p "$gate_cache/$1"
	unfinished=$(mktemp -d "$gate_cache/$1/part.XXXXXX")
	if ! { git clone --quiet --shared --no-checkout "$(git -C "$root" rev-parse --show-toplevel)" "$unfinished" &&
		git -C "$unfinished" -c advice.detachedHead=false checkout --quiet --detach "$1"; }; then
		die "can't check $1 out" 2
	fi
	mv -T "$unfinished" "$tree"
	unfinished=
	unlock_builds
}

# build_present, build_commit HASH: set $new_exe, $base_exe.
build_present() {
	if [[ $installed == yes ]]; then
		new_exe=$dmabench
		return
	fi
	say "building this tree"
	make_bench "$root" "$gate_cache/present"
	new_exe=$gate_cache/present/dmabench
}

build_commit() {
	say "building $1"
	checkout_commit "$1"
	make_bench "$tree" "$gate_cache/$1/build"
	base_exe=$gate_cache/$1/build/dmabench
}
