#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/kernel/debug-kernel.sh: what is asked for is what comes out, built once, whatever happens
# meanwhile. The kernel here is one of a few lines that is built in no time.
# shellcheck disable=SC2030,SC2031,SC2154 # set by helpers.bash and by bats, a subshell each

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	export XDG_CACHE_HOME=$PWD/cache DMABENCH_KERNEL_SOURCES=$PWD BUILDS=$PWD/builds PACE=0 DROP=
	printf 'ID=debian\nVERSION_CODENAME=bookworm\n' >os-release
	export DMABENCH_OS_RELEASE=$PWD/os-release
	mkdir -p linux/{include/config,scripts,arch/x86/{include,boot},tools/objtool}
	touch linux/{Kbuild,Module.symvers,scripts/tool.c,tools/objtool/objtool,arch/x86/boot/bzImage}
	touch linux/include/header.h
	cat >linux/Makefile <<'END'
allnoconfig:
	grep -v -e '=n$$' -e '^CONFIG_$(DROP)=' $(KCONFIG_ALLCONFIG) >.config
bzImage:
	echo started >>$(BUILDS)
	sleep $(PACE)
	sed -n 's/^CONFIG_LOCALVERSION="\(.*\)"/6.1.0\1/p' .config >include/config/kernel.release
	echo built >>$(BUILDS)
modules: bzImage
modules_install:
	mkdir -p $(INSTALL_MOD_PATH)/lib/modules/$$(cat include/config/kernel.release)
END
	echo all: >linux/arch/x86/Makefile
	pack_source
	: >"$BUILDS"
}

pack_source() {
	tar -cJf linux-source-6.1.tar.xz linux
}

debug_kernel() {
	run --separate-stderr "$top/scripts/kernel/debug-kernel.sh" "$@"
}

builds_are() { # STARTED BUILT
	[[ $(grep -c started "$BUILDS") -eq $1 && $(grep -c built "$BUILDS") -eq $2 ]] || {
		sort "$BUILDS" | uniq -c
		return 1
	}
}

@test "wrong usage: status 2 and one line; no source: what to do" {
	local arguments
	for arguments in "" "6.2" "--bogus 6.1" "6.1 6.12"; do
		# shellcheck disable=SC2086 # several words
		debug_kernel $arguments
		status_is 2
		[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	done
	debug_kernel 6.12
	status_is 125
	in_stderr "setup.sh --for debug"
}

@test "it is built once, and found again" {
	debug_kernel 6.1
	status_is 0
	local folder=$output release
	debug_kernel --release 6.1
	release=$output
	[[ -e $folder/boot/vmlinuz-$release && -d $folder/lib/modules/$release ]]
	debug_kernel --kdir 6.1
	[[ $output == "$folder/kdir" && -e $output/include/header.h && -e $output/.config ]]
	[[ -z $stderr && $(ls cache/dmabench) == $'debug-6.1-'*$'\ndebug-6.1.lock' ]]
	builds_are 1 1
}

@test "another source is another kernel" {
	debug_kernel 6.1
	local first=$output
	echo '# changed' >>linux/Makefile
	pack_source
	debug_kernel 6.1
	status_is 0
	[[ $output != "$first" && -d $first ]]
	builds_are 2 2
}

@test "an option that doesn't come true is a failure that names it" {
	DROP=KASAN_VMALLOC debug_kernel 6.1
	status_is 1
	in_stderr "CONFIG_KASAN_VMALLOC=y"
	[[ -z $output ]]
	# One that shall be off, and isn't.
	sed -i "s/-e '=n\$\$' //" linux/Makefile
	pack_source
	debug_kernel 6.1
	status_is 1
	in_stderr "CONFIG_LOCALVERSION_AUTO=n"
	builds_are 0 0
}

@test "two at once: one builds, both have it" {
	export PACE=2
	"$top/scripts/kernel/debug-kernel.sh" 6.1 >one 2>/dev/null 3>&- &
	debug_kernel 6.1
	wait $!
	status_is 0
	[[ $(cat one) == "$output" ]]
	builds_are 1 1
}

started() {
	grep -q started "$BUILDS"
}

interrupted_by() { # SIGNAL
	local pid
	PACE=20 "$top/scripts/kernel/debug-kernel.sh" 6.1 >/dev/null 2>&1 3>&- &
	pid=$!
	eventually started
	kill "-$1" "$pid"
	wait "$pid" || true
	# Neither the half kernel nor its builder is in the way of the next.
	debug_kernel 6.1
	status_is 0
	[[ -e $(echo "$output"/boot/vmlinuz-*) ]]
	builds_are 2 1
}

@test "interrupted, it builds anew" {
	interrupted_by TERM
}

@test "killed outright, it builds anew" {
	interrupted_by KILL
}
