#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/setup.sh says what is missing and why, and installs only that. The
# tests run it with a PATH that lacks most commands and an apt-get that only
# writes down what it was asked.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	bin=$BATS_TEST_TMPDIR/bin
	log=$BATS_TEST_TMPDIR/apt.log
	mkdir "$bin"
	chmod 755 "$BATS_TEST_TMPDIR" "$bin"
	local tool
	for tool in bash cat dirname grep sed uname chmod; do
		ln -s "$(command -v "$tool")" "$bin/$tool"
	done
	# A package that is asked for becomes its command.
	cat >"$bin/apt-get" <<-END
		#!/bin/bash
		echo "\$*" >>"$log"
		[[ " \$* " == *" install "* ]] || exit 0
		for word; do
			[[ \$word != "\${UNLUCKY:-none}" ]] || exit 100
		done
		for word; do
			case \$word in
			qemu-system-x86) word=qemu-system-x86_64 ;;
			gnuplot-nox) word=gnuplot ;;
			librsvg2-bin) word=rsvg-convert ;;
			busybox-static) word=busybox ;;
			xz-utils) word=xz ;;
			esac
			[[ \$word == -* || \$word == install ]] && continue
			printf '#!/bin/sh\n' >"$bin/\$word"
			chmod +x "$bin/\$word"
		done
	END
	chmod +x "$bin/apt-get"
}

setup_sh() {
	run --separate-stderr env -i UNLUCKY="${UNLUCKY-}" PATH="$bin" "$(command -v bash)" \
		"$top/scripts/setup.sh" "$@"
}

root_only() {
	[[ $EUID -eq 0 ]] || skip "not root"
}

@test "wrong usage: status 2 and one line" {
	local arguments
	for arguments in "--bogus" "--for" "--for fun" "now"; do
		# shellcheck disable=SC2086 # several words
		setup_sh $arguments
		status_is 2
		[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	done
	[[ ! -e $log ]]
}

@test "--no-install names each package with its reason and touches nothing" {
	setup_sh --for bench --no-install
	status_is 1
	in_stderr "missing: jq (needed), to read results"
	in_stderr "missing: hyperfine (optional), "
	[[ $stderr != *bats* ]]
	[[ ! -e $log ]]
}

@test "the peers of our copies have a use of their own, and one can do without them" {
	setup_sh --for peers --no-install
	in_stderr "missing: mbw (optional), "
	in_stderr "missing: linux-perf (optional), "
	setup_sh --for bench --no-install
	[[ $stderr != *mbw* && $stderr != *linux-perf* ]]
}

@test "building for arm64 boards is a use of its own" {
	setup_sh --for arm64 --no-install
	status_is 1
	in_stderr "missing: qemu-system-arm (needed), "
	in_stderr "missing: gcc-aarch64-linux-gnu (needed), "
	setup_sh --for bench --no-install
	[[ $stderr != *aarch64* && $stderr != *qemu-system-arm* ]]
}

@test "installs what is missing, in one go, and then is quiet" {
	root_only
	setup_sh --for bench
	status_is 0
	grep -q '^-q update' "$log"
	grep -q -- '--no-install-recommends install .*jq' "$log"
	[[ $(grep -c ' install ' "$log") -eq 2 ]]
	run ! grep -q bats "$log"
	rm "$log"
	setup_sh --for bench
	status_is 0
	[[ -z $stderr && ! -e $log ]]
}

# As on a machine that has none yet, whatever this one has.
setup_without_daemons() { # POLICY
	unshare -m true || skip "no mount namespaces"
	run --separate-stderr unshare -m bash -c 'mount -t tmpfs none /usr/sbin && exec "$@"' sh \
		env -i PATH="$bin" DMABENCH_DAEMON_POLICY="$1" "$(command -v bash)" "$top/scripts/setup.sh" --for fleet
}

@test "the daemons of a fleet's tests are neither started nor enabled" {
	root_only
	local policy=$BATS_TEST_TMPDIR/policy
	ln -s "$(command -v rm)" "$bin/rm"
	# Whoever installs asks the policy whether to start what is new.
	printf '#!/bin/bash\n[[ " $* " != *" install "* ]] || "%s" >>"%s" 2>&1 || echo "refused $?" >>"%s"\n' \
		"$policy" "$log" "$log" >"$bin/apt-get"
	printf '#!/bin/bash\necho "systemctl $*" >>"%s"\n' "$log" >"$bin/systemctl"
	chmod +x "$bin/systemctl"
	setup_without_daemons "$policy"
	status_is 3
	grep -q '^refused 101$' "$log"
	grep -q '^systemctl --quiet disable slurmd$' "$log"
	grep -q '^systemctl --quiet disable ssh$' "$log"
	[[ ! -e $policy ]]
	# One that is there already is the machine's own, and stays.
	printf '#!/bin/sh\nexit 0\n' >"$policy"
	chmod +x "$policy"
	setup_without_daemons "$policy"
	[[ $(<"$policy") == *"exit 0" ]]
}

@test "an optional package that can't be had is status 3, a needed one is status 1" {
	root_only
	UNLUCKY=hyperfine setup_sh --for bench
	status_is 3
	in_stderr "can't install hyperfine"
	[[ -e $bin/busybox ]]
	rm "$bin/jq"
	UNLUCKY=jq setup_sh --for bench
	status_is 1
}

@test "without root it prints the command and installs nothing" {
	local as=()
	[[ $EUID -ne 0 ]] || as=("$(command -v setpriv)" --reuid=65534 --clear-groups)
	cp -r "$top/scripts" "$BATS_TEST_TMPDIR/scripts"
	chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
	run --separate-stderr env -i PATH="$bin" "${as[@]}" "$(command -v bash)" \
		"$BATS_TEST_TMPDIR/scripts/setup.sh" --for bench
	status_is 1
	in_stderr "apt-get install -y --no-install-recommends "
	[[ ! -e $log ]]
}

@test "without apt-get it says so" {
	rm "$bin/apt-get"
	# Where the machine's own apt-get is in a folder that is always searched.
	[[ ! -x /usr/sbin/apt-get && ! -x /sbin/apt-get ]] || skip "apt-get is in sbin"
	setup_sh --for bench
	status_is 1
	in_stderr "no Debian system"
}
