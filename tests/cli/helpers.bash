# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # shared with the tests and with bats
#
# What the tests of the commands share.

bats_require_minimum_version 1.5.0

# The caller's own: scripts/lib/common.sh has all of it.
unset CDPATH GREP_OPTIONS GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE MAKEFLAGS POSIXLY_CORRECT
export LC_ALL=C.UTF-8

top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)

# in_stderr TEXT: the last `run --separate-stderr` said so.
in_stderr() {
	[[ $stderr == *"$1"* ]] || {
		printf 'stderr lacks "%s":\n%s\n' "$1" "$stderr"
		return 1
	}
}

# status_is NUMBER
status_is() {
	[[ $status -eq $1 ]] || {
		printf 'status %s instead of %s, stderr:\n%s\n' "$status" "$1" "$stderr"
		return 1
	}
}

# expect STATUS COMMAND...: its exit status; its output is kept in the files stdout and stderr.
expect() {
	local wanted=$1 code=0
	shift
	"$@" >stdout 2>stderr || code=$?
	[ "$code" -eq "$wanted" ] || {
		echo "status $code instead of $wanted: $*"
		cat stdout stderr
		return 1
	}
}

# eventually COMMAND...: within a minute.
eventually() {
	local tries
	for ((tries = 0; tries < 300; tries++)); do
		"$@" && return
		sleep 0.2
	done
	printf 'never: %s\n' "$*"
	return 1
}
