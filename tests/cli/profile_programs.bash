# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with the tests and with bats
#
# Small programs whose copies are known. Sourced in a folder of the test's own.

# The compiler must leave the calls as they are.
cflags=(-O1 -g -Wall -Wno-nonnull -fno-builtin -D_GNU_SOURCE -pthread)

# program NAME [FLAG...]: of the C on stdin, which begins with what all of them need.
program() {
	{
		cat <<-'END'
			#include <stdio.h>
			#include <stdlib.h>
			#include <string.h>
			#include <unistd.h>
			#include <signal.h>
			#include <pthread.h>
			#include <spawn.h>
			#include <sys/mman.h>
			#include <sys/prctl.h>
			#include <sys/resource.h>
			#include <linux/seccomp.h>
			#include <sys/syscall.h>
			#include <sys/wait.h>
			#include <dlfcn.h>
			#include <fcntl.h>
			#include <time.h>
			/* Copies of sizes that nothing else makes: bins of 2^30 and up hold no byte of others. */
			static char from[1 << 16], to[1 << 16];
			/* n copies of 12345 bytes: the bin from 12288 to 14335. */
			__attribute__((unused)) static void copy(int n)
			{
				while (n--)
					memcpy(to, from, 12345);
			}
		END
		cat
	} >"$1.c"
	gcc "${cflags[@]}" "$1.c" -o "$1" "${@:2}"
}

# profiled STATUS PROGRAM...: its profile in p.json.
profiled() {
	local wanted=$1
	shift
	rm -f p.json
	expect "$wanted" "$dmabench" profile -o p.json -- "$@"
	[ -s p.json ]
}

# counted N [FUNCTION]: so many copies of 12345 bytes.
counted() {
	local n
	n=$(jq --arg of "${2-}" '[.sizes[] | select(.from == 12288) | if $of == "" then . else .[$of] // {calls: 0} end | .calls] | add // 0' p.json)
	[ "$n" -eq "$1" ] || {
		echo "$n copies instead of $1"
		jq -c '.sizes, .threads, .processes' p.json
		return 1
	}
}
