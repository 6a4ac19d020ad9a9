#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run a command in the debug guest with every check of its kernel on, and look afterwards at what
# those found that say nothing by themselves: leaks, mappings, checks that gave up meanwhile.
#
# usage, in the guest: sh tests/debug/watch.sh COMMAND [ARGUMENT...]
#
# Programs that leave an engine which never stops can't give the modules back: with
# DMABENCH_MODULES_STAY=1 they stay, with what is mapped.
#
# Speaks TAP, after the command did. The driver's modules are out when it ends; what gcov has
# counted in them is in $DMABENCH_OUT.
# shellcheck disable=SC2086,SC2154,SC2317 # no blanks in these; variables and functions by name

debug=/sys/kernel/debug
stay=${DMABENCH_MODULES_STAY:-}
missing=

# on NAME TEST...: NAME is missing unless the test holds.
on() {
	name=$1
	shift
	"$@" >/dev/null 2>&1 || missing="$missing $name"
}

symbol() {
	grep -qxF "$1" /tmp/symbols
}

either_symbol() {
	symbol "$1" || symbol "$2"
}

says() { # FILE TEXT
	grep -q "$2" "$1"
}

kmemleak_on() {
	echo scan=off >$debug/kmemleak
}

# What the compiler puts in for the checks; a module that was built otherwise is blind.
instrumented() {
	module=/lib/modules/dmabench.ko
	[ ! -e $module ] || tr '\0' '\n' <$module | grep -q "^__asan_"
}

lockdep_on() {
	says /proc/lockdep_stats 'debug_locks: *1$'
}

dma_api_on() {
	[ "$(cat $debug/dma-api/disabled)" = N ]
}

look_for_checks() {
	missing=
	cut -d ' ' -f 3 /proc/kallsyms | sed 's/\t.*//' >/tmp/symbols
	on kasan symbol kasan_report
	on kasan-modules instrumented
	on kasan-vmalloc symbol __kasan_unpoison_vmalloc
	on ubsan symbol __ubsan_handle_shift_out_of_bounds
	on kmemleak kmemleak_on
	on dma-api dma_api_on
	on lockdep lockdep_on
	on prove-locking says /proc/sys/kernel/prove_locking 1
	on atomic-sleep symbol __might_resched
	on preempt symbol debug_smp_processor_id
	on list either_symbol __list_add_valid __list_add_valid_or_report
	on objects says $debug/debug_objects/stats pool
	on usercopy symbol __check_object_size
	on page-table-check symbol __page_table_check_zero
	on page-poison says /proc/cmdline page_poison=1
	on hung-task says /proc/sys/kernel/hung_task_timeout_secs '^[1-9]'
	on soft-lockup says /proc/sys/kernel/soft_watchdog 1
	on fail-nth [ -e /proc/self/fail-nth ]
	on failslab [ -e $debug/failslab/ignore-gfp-wait ]
	on fail-page-alloc [ -e $debug/fail_page_alloc/min-order ]
	on fail-usercopy [ -e $debug/fail_usercopy/probability ]
	on fail-function [ -e $debug/fail_function/inject ]
	on gcov [ -e $debug/gcov/reset ]
	on kcov [ -e $debug/kcov ]
}

# Each function from here on shows what it finds on stderr. The newest module goes first.
modules_go() {
	sed 's/ .*//; s|.*/||; s|\.ko$||' /vm/insmod | tac | while read -r module; do
		[ ! -d "/sys/module/$module" ] || rmmod "$module" || return 1
	done
}

# What is unreachable may be just on its way: only what two scans see counts, and only what is
# older than five seconds.
no_leaks() {
	echo scan >$debug/kmemleak || return 1
	sleep 6
	echo scan >$debug/kmemleak || return 1
	cat $debug/kmemleak >/tmp/leaks || return 1
	head -c 4000 /tmp/leaks >&2
	[ ! -s /tmp/leaks ]
}

# Nothing but the driver maps anything in this guest, and the driver is gone.
no_mappings() {
	for file in disabled error_count nr_total_entries num_free_entries min_free_entries; do
		eval "$file=$(cat $debug/dma-api/$file)"
	done
	echo "dma-api: disabled=$disabled error_count=$error_count" \
		"mapped=$((nr_total_entries - num_free_entries))" \
		"most=$((nr_total_entries - min_free_entries))" >&2
	[ "$disabled" = N ] && [ "$error_count" = 0 ] || return 1
	[ -n "$stay" ] || [ "$nr_total_entries" = "$num_free_entries" ]
}

lockdep_still_on() {
	lockdep_on && return
	grep debug_locks /proc/lockdep_stats >&2
	return 1
}

# The files claim to be empty, so cp would copy nothing.
keep_counts() {
	find $debug/gcov -name '*.gcda' | while read -r file; do
		cat "$file" >"$DMABENCH_OUT/$(basename "$file")"
	done
}

number=0
verdict() { # NAME TEST...
	number=$((number + 1))
	name=$1
	shift
	if "$@"; then echo "ok $number - $name"; else
		echo "not ok $number - $name"
		status=1
	fi
}

look_for_checks
was_missing=$missing
status=0
"$@" || status=$?

if [ -z "$stay" ]; then echo 1..5; else echo 1..4; fi
verdict "every check of the kernel was on${was_missing:+, but not:$was_missing}" [ -z "$was_missing" ]
[ -n "$stay" ] || verdict "the modules go" modules_go
keep_counts
verdict "nothing is leaked (kmemleak)" no_leaks
verdict "no error and no mapping left (DMA-API)" no_mappings
verdict "lockdep was on to the end" lockdep_still_on
exit $status
