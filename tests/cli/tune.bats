#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/tune.sh changes settings and puts them back, whatever happens in between. The
# machine is a tree of files here.
# shellcheck disable=SC2154 # set by helpers.bash and by bats

load helpers
load tune_tree

setup() {
	make_tree
}

@test "wrong usage: status 2, one line, nothing changed, nothing saved" {
	local arguments
	for arguments in "" "--smt" "--bogus" "set --turbo" "set reset" "reset --smt" "check now"; do
		# shellcheck disable=SC2086 # several words
		tune $arguments
		status_is 2
		[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	done
	as_before
	[[ ! -e $state ]]
}

@test "without root the real machine isn't touched: status 2 and one line" {
	local as=() copy
	[[ $EUID -ne 0 ]] || as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
	# This tree, and the test's own folder, may be where only its owner looks.
	copy=$(mktemp -d /tmp/dmabench.XXXXXX)
	cp -r "$top/scripts" "$copy/"
	chmod -R go+rX "$copy"
	for command in set reset; do
		run --separate-stderr env -u DMABENCH_SYSROOT -u DMABENCH_TUNE_STATE \
			${as[@]+"${as[@]}"} bash "$copy/scripts/tune.sh" "$command"
		status_is 2
		in_stderr "needs root"
		[[ ${#stderr_lines[@]} -eq 1 ]]
	done
	rm -r "$copy"
}

@test "check shows each setting, its value, what is best, and changes nothing" {
	tune check
	status_is 1
	[[ $output =~ governor\ +powersave\ \(1\),\ schedutil\ \(1\)\ +performance\ +yes ]]
	[[ $output =~ turbo\ +1\ +0\ +yes ]]
	[[ $output =~ thp\ +always\ +madvise\ +yes ]]
	[[ $output =~ smt\ +on\ +off\ +yes,\ with\ --smt ]]
	[[ $output =~ swappiness\ +60\ +0\ +yes,\ with\ --swap ]]
	# The deep idle state, not the shallow one.
	[[ $output =~ idle\ +0\ +1\ +yes,\ with\ --idle ]]
	as_before
	[[ ! -e $state ]]
}

@test "check: what is wanted by no option doesn't count" {
	tune set
	tune check
	status_is 0
	tune check --smt
	status_is 1
	tune check --swap
	status_is 1
}

@test "check: what can't be seen is neither good nor a crash" {
	tune set
	rm "$cpus/cpufreq/boost"
	tune check
	status_is 3
	[[ $output =~ turbo\ +can\'t\ be\ seen ]]
	rm -r "$tree"
	mkdir "$tree"
	tune check --smt --idle --swap --perf
	status_is 3
	[[ $(grep -c "can't be seen" <<<"$output") -eq 9 ]]
}

@test "set changes what it says, and reset puts exactly that back" {
	tune set
	status_is 0
	in_stderr "until scripts/tune.sh reset"
	holds cpufreq/policy0/scaling_governor performance
	holds cpufreq/policy1/scaling_governor performance
	holds cpufreq/boost 0
	holds ../../../kernel/mm/transparent_hugepage/enabled madvise
	holds ../../../kernel/mm/ksm/run 0
	holds ../../../../proc/sys/kernel/numa_balancing 0
	# Not asked for.
	holds smt/control on
	holds cpu0/cpuidle/state2/disable 0
	holds ../../../../proc/sys/vm/swappiness 60
	holds ../../../../proc/sys/kernel/perf_event_paranoid 2
	# A mode of its own is put back too, though only the kernel changed it.
	echo performance >"$cpus/cpufreq/policy0/energy_performance_preference"
	tune reset
	status_is 0
	as_before
	[[ ! -e $state ]]
}

@test "where it can't be said what was done, all of it is done: status 2 and one line" {
	local command code
	for command in set reset; do
		code=0
		DMABENCH_SYSROOT=$tree DMABENCH_TUNE_STATE=$state "$top/scripts/tune.sh" "$command" \
			>/dev/full 2>"$BATS_TEST_TMPDIR/said" || code=$?
		[[ $code -eq 2 && $(grep -c "can't write to standard output" "$BATS_TEST_TMPDIR/said") -eq 1 ]]
		run ! grep "write error" "$BATS_TEST_TMPDIR/said"
		[[ $command == reset ]] || holds ../../../../proc/sys/kernel/numa_balancing 0
	done
	as_before
	[[ ! -e $state ]]
}

@test "the options: SMT, idle states, swappiness, perf; all come back" {
	tune set --smt --idle --swap --perf
	status_is 0
	holds smt/control off
	holds cpu0/cpuidle/state2/disable 1
	holds cpu0/cpuidle/state1/disable 0
	holds ../../../../proc/sys/vm/swappiness 0
	holds ../../../../proc/sys/kernel/perf_event_paranoid -1
	# As the kernel does to a sibling.
	echo 0 >"$cpus/cpu1/online"
	tune reset
	status_is 0
	as_before
}

@test "SMT comes back before what the CPUs have" {
	tune set --smt
	tune reset
	[[ ${lines[0]} == *smt/control* ]]
	[[ ${lines[-1]} != *smt/control* ]]
}

@test "set twice keeps the first originals, and adds what is new" {
	tune set
	# As the kernel does with this governor.
	echo performance >"$cpus/cpufreq/policy0/energy_performance_preference"
	tune set --smt
	status_is 0
	holds smt/control off
	[[ -z $(cut -f 2 "$state" | sort | uniq -d) ]]
	tune reset
	status_is 0
	as_before
}

@test "what was as wanted before stays out of reset's way" {
	lay ../../../kernel/mm/ksm/run 0
	remember
	tune set
	run ! grep -q ksm "$state"
}

@test "what can't be set is named, and the rest is set: status 3" {
	stubborn cpufreq/boost
	tune set
	status_is 3
	in_stderr turbo
	holds cpufreq/policy1/scaling_governor performance
	tune reset
	status_is 0
	holds cpufreq/policy1/scaling_governor schedutil
}

@test "what can't be seen is named: status 3" {
	rm "$cpus/cpufreq/boost"
	remember
	tune set
	status_is 3
	in_stderr "turbo can't be seen"
	holds cpufreq/policy0/scaling_governor performance
	tune reset
	as_before
}

@test "a machine without SMT needs none switched off" {
	lay smt/control notsupported
	tune set --smt
	status_is 0
	holds smt/control notsupported
}

@test "reset without a set: says so, and that is all right" {
	tune reset
	status_is 0
	in_stderr "nothing to put back"
	as_before
}

@test "what can't be put back is named and stays saved; the rest comes back" {
	tune set
	stubborn cpufreq/boost
	tune reset
	status_is 1
	in_stderr "cpufreq/boost"
	holds cpufreq/policy0/scaling_governor powersave
	[[ $(grep -c / "$state") -eq 1 ]]
	rm "$cpus/cpufreq/boost"
	lay cpufreq/boost 0
	tune reset
	status_is 0
	as_before
	[[ ! -e $state ]]
}

@test "where the state can't be saved nothing is changed: status 1" {
	run --separate-stderr env DMABENCH_SYSROOT="$tree" DMABENCH_TUNE_STATE=/proc/no/state \
		"$top/scripts/tune.sh" set
	status_is 1
	as_before
}

@test "a state of an earlier boot is gone with its settings" {
	tune set
	# A boot: all is as it was, but for the file, which somebody keeps on a disk.
	rm -r "$tree"
	make_tree
	lay ../../../../proc/sys/kernel/random/boot_id second-boot
	lay cpufreq/boost 0
	remember
	tune reset
	status_is 0
	in_stderr "earlier boot"
	[[ ! -e $state ]]
	as_before
}

@test "a state that isn't whole is not guessed at: status 2, nothing changed" {
	local edit
	tune set
	cp "$state" "$BATS_TEST_TMPDIR/good"
	remember
	# shellcheck disable=SC2016 # "$" is sed's last line
	for edit in '$d' '1s/1/2/' '2d' '4d' '4s/\t[^\t]*$//' '4s/[a-z]*$/a b/' \
		'4s|/sys/[^\t]*|/etc/passwd|' '4s|/sys/[^\t]*|/sys/devices/system/cpu/cpufreq/policy0/../../x/scaling_governor|' \
		'$aend 0'; do
		sed "$edit" "$BATS_TEST_TMPDIR/good" >"$state"
		run ! cmp -s "$state" "$BATS_TEST_TMPDIR/good"
		for command in reset set; do
			tune "$command"
			status_is 2
			[[ ${#stderr_lines[@]} -eq 1 ]]
		done
		as_before
	done
	cp "$BATS_TEST_TMPDIR/good" "$state"
	tune reset
	status_is 0
}

@test "nothing else in the tree writes a setting" {
	run ! grep -rnE '(>|tee|sysctl -w|cpupower frequency-set).*(/sys/devices/system/cpu|/proc/sys/|/sys/kernel/mm)' \
		"$top/scripts" --include='*.sh' --exclude-dir=tune --exclude=tune.sh --exclude-dir=vm
}
