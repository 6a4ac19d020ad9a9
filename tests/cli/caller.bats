#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Whoever calls the scripts may have anything in the environment and in the home folder: what
# is done, said and written is the same.

load helpers
load scripted

# One folder for all, as what is said names it.
setup() {
	root=$top
	cd "$BATS_FILE_TMPDIR"
	rm -rf home
	mkdir -p home w
	base=(PATH="$PATH" HOME="$PWD/home" LC_ALL=C.UTF-8 TMPDIR="$PWD" DMABENCH_PROC_MODULES=/none)
	# Where others would take the scripts to be.
	mkdir -p other/scripts/{bench,lib} other/.ci
	echo 'echo other; exit 7' | tee other/scripts/lib/common.sh >other/scripts/lib/child.sh
}

# look FILE COMMAND...: what scripts say and write, with statuses, where COMMAND calls it.
look() {
	local to=$1 script
	shift
	rm -rf w/*
	try() {
		echo "== $*"
		(cd "$top" && "${prefix[@]}" "$@") </dev/null 2>&1 || echo "status $?"
	}
	prefix=(env -i "${base[@]}" "$@")
	{
		for script in bench compare dev/cross gate kernel/headers report/merge tune vm; do
			try "scripts/$script.sh" --help
		done
		try scripts/setup.sh --for bench --no-install
		try scripts/report/merge.sh "$PWD/w/merged.json" tests/fixtures/good.json
		try scripts/report/merge.sh "$PWD/w/merged.json" tests/fixtures/good.json
		try scripts/report.sh tests/fixtures/good.json "$PWD/w"
		try scripts/trend.sh --nonsense
		try scripts/peers.sh --rounds 0
		try scripts/tune.sh nonsense
		try scripts/test/mutations.sh --list 05-any-request
		try scripts/gate.sh --accept none --store none
		cat w/{merged.json,report.md,report.html} || true
	} >"$to" 2>&1
}

# unmoved [COMMAND...]: it is as without.
unmoved() {
	[[ -e clean ]] || look clean
	[[ $(grep -c '^usage: ' clean) -ge 8 && $(wc -l <clean) -gt 500 ]]
	look hostile "$@"
	diff clean hostile >differences || {
		echo "other with: $*"
		head -n 30 differences
		return 1
	}
}

# after COMMAND: what is called after it, in a shell.
after() {
	unmoved bash -c "$1; exec \"\$@\"" sh
}

@test "CDPATH: no script reads another tree" {
	unmoved env CDPATH="$PWD/other:$PWD/other/scripts"
	cd "$top"
	run env -i "${base[@]}" CDPATH="$BATS_TEST_TMPDIR/other" PATH="$BATS_TEST_TMPDIR/stubs:$PATH" \
		bash -c 'mkdir -p "$1" && printf "#!/bin/sh\npwd\n" | tee "$1/make" >"$1/apt-get" &&
		chmod +x "$1"/* && .ci/run' sh "$BATS_TEST_TMPDIR/stubs"
	[[ ${lines[-1]} == "$top" && $output != *other* ]]
}

@test "the shell's own options and variables" {
	unmoved env SHELLOPTS=noclobber:noglob:allexport:keyword:physical \
		BASHOPTS=nullglob:failglob:dotglob:nocaseglob:nocasematch:xpg_echo:cdable_vars:lastpipe
	unmoved env POSIXLY_CORRECT=1 _POSIX2_VERSION=199209
	unmoved env GLOBIGNORE='*' EXECIGNORE='*/jq' TMOUT=1 FUNCNEST=2 BASH_COMPAT=3.2 IFS=/ FIGNORE=.sh
}

@test "what the shell runs before, and functions that are exported" {
	local name mine=()
	for name in grep jq sed sort cat cd mv rm find mktemp have say; do
		mine+=("BASH_FUNC_$name%%=() { echo mine; }")
	done
	unmoved env "${mine[@]}"
	printf '%s\n' 'shopt -s failglob expand_aliases' 'set -C' 'alias cat=true jq=false' 'GLOBIGNORE="*"' >bash.rc
	echo 'exit 1' >sh.rc
	unmoved env BASH_ENV="$PWD/bash.rc" ENV="$PWD/sh.rc"
}

@test "a language with decimal commas, or any other" {
	unmoved env LANGUAGE=de LC_MESSAGES=de_DE.UTF-8 LC_ALL=
	mkdir locales
	localedef -i de_DE -f UTF-8 "$PWD/locales/de_DE.UTF-8" 2>/dev/null || skip "no de_DE can be made"
	unmoved env LOCPATH="$PWD/locales" LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8
}

@test "variables that tools look at" {
	unmoved env LC_ALL=C GREP_OPTIONS=-v GREP_COLORS='mt=01' GREP_COLOR=01 JQ_COLORS=0 TAR_OPTIONS=--nonsense \
		XZ_OPT=--nonsense XZ_DEFAULTS=--nonsense GZIP=--nonsense AWKPATH=/none BLOCK_SIZE=1 \
		GIT_DIR=/none GIT_WORK_TREE=/none GIT_INDEX_FILE=/none MAKEFLAGS=n MAKEFILES=/none \
		MAKEOVERRIDES=x=y ARCH=none CROSS_COMPILE=none- KBUILD_OUTPUT=/none LLVM=1 COLUMNS=20
}

@test "the home folder, and none" {
	echo 'this is no program' >home/.jq
	unmoved
	unmoved env HOME=
	unmoved env -u HOME
}

@test "a umask that hides everything from others" {
	after 'umask 077'
}

@test "pictures are drawn by nobody's settings" {
	draw() {
		mkdir -p "$1"
		env -i "${base[@]}" "${@:2}" "$top/scripts/plot.sh" one.json "$PWD/$1" 2>"$1/stderr"
	}
	jq '.cases |= map(select(.path == "memcpy"))' "$top/tests/fixtures/good.json" >one.json
	draw clean.d
	echo 'set terminal dumb; set output "/none"; set title "mine"; set decimalsign ","' >home/.gnuplot
	echo 'def map(f): "mine";' >home/.jq
	mkdir -p home/.config/gnuplot
	cp home/.gnuplot home/.config/gnuplot/gnuplotrc
	draw mine.d GNUTERM=dumb GNUPLOT_LIB=/none GNUPLOT_FONTPATH=/none GDFONTPATH=/none LC_ALL=de_DE.UTF-8 \
		XDG_CONFIG_HOME="$PWD/home/.config" CDPATH="$PWD/other" POSIXLY_CORRECT=1
	[[ $(ls clean.d | wc -l) -gt 4 ]]
	# Of a locale that isn't there bash itself says so.
	sed -i '/setlocale/d' mine.d/stderr
	diff -r clean.d mine.d
}

@test "the main job hands nobody's settings on, and is done" {
	scripted_job
	cp base.json new.json
	stub make "env | grep -E '^(MAKE|MFLAGS|CDPATH|GIT_DIR|BASH_FUNC|SHELLOPTS|BASHOPTS|LC_ALL=de)' >>$PWD/made; exit 0"
	echo 'def map(f): "mine";' >home/.jq
	cd tree
	expect 0 env HOME="$PWD/../home" MAKEFLAGS=n MAKELEVEL=1 MFLAGS=-n MAKEFILES=/none CDPATH="$PWD/../other" GIT_DIR=/none \
		SHELLOPTS=noclobber BASHOPTS=nullglob LC_ALL=de_DE.UTF-8 scripts/bench.sh --quick --where host --no-install --out r
	cd ..
	[[ -e made && ! -s made ]]
	jq -e .run.complete tree/r/result.json
}

@test "make names the commit of this tree, whatever git is told" {
	make -C "$top" -s "$PWD/clean.b/version.h" BUILD="$PWD/clean.b"
	env GIT_DIR=/none GIT_WORK_TREE=/none GIT_INDEX_FILE=/none CDPATH="$PWD/other" GREP_OPTIONS=-v \
		make -C "$top" -s "$PWD/mine.b/version.h" BUILD="$PWD/mine.b"
	diff {clean,mine}.b/version.h
}
