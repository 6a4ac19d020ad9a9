#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Where others start dmabench: by daemons, under limits, in containers. What can't be had there
# has a reason that names the cause; the harness is never called wrong for it.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR" || return
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0 --ids)
}

teardown() {
	[ -z "${elsewhere:-}" ] || rm -r "$elsewhere"
	[ -z "${group:-}" ] || [ ! -d "$group" ] || eventually rmdir "$group"
}

# without FDS COMMAND...: with these of the descriptors 0 to 2 closed; what it says is in stdout, stderr.
without() {
	local fds=$1 closing=
	shift
	[[ $fds == *0* ]] && closing+='exec 0<&-; '
	[[ $fds == *1* ]] && closing+='exec 1>&-; '
	[[ $fds == *2* ]] && closing+='exec 2>&-; '
	bash -c "$closing"'exec "$@"' bash "$@" </dev/null >stdout 2>stderr
}

combinations=(0 1 2 01 02 12 012)

# expected FDS STATUS: of a command that ends with STATUS where it can write: 2 where it can't.
expected() {
	[[ $1 == *1* ]] && echo 2 || echo "$2"
}

@test "run with any of the descriptors 0 to 2 closed measures" {
	for fds in "${combinations[@]}"; do
		status=0
		without "$fds" "$dmabench" run --path memcpy,cow-fork --size 64K "${fast[@]}" -o "$fds.json" || status=$?
		[ "$status" -eq "$(expected "$fds" 0)" ]
		jq -e '.run.complete and all(.cases[]; .status == "ok")' "$fds.json"
	done
}

@test "selfcheck with any of them closed: the harness isn't called wrong" {
	for fds in "${combinations[@]}"; do
		status=0
		without "$fds" "$dmabench" selfcheck --only verify -o "$fds.json" || status=$?
		[ "$status" -eq "$(expected "$fds" 0)" ]
		jq -e 'all(.self_checks[]; .verdict == "ok")' "$fds.json"
	done
}

@test "crossover, copy and pair with any of them closed" {
	for fds in "${combinations[@]}"; do
		status=0
		without "$fds" "$dmabench" crossover --path memcpy,movsb --size 64K,66K --launches 8 --samples 1 \
			--sample-ms 0 -o "cross-$fds.json" || status=$?
		# Which is faster may not be told; without standard output it can't be said.
		[ "$status" -eq "$(expected "$fds" "$status")" ]
		[[ $status =~ ^[023]$ ]]
		run ! grep -q 'no answer' stderr
		without "$fds" "$dmabench" copy --path memcpy --size 64K --count 3
		status=0
		without "$fds" "$dmabench" pair --a "$dmabench" --b "$dmabench" --out-a "a-$fds" --out-b "b-$fds" \
			--path memcpy --size 4K "${fast[@]}" || status=$?
		[ "$status" -eq "$(expected "$fds" 0)" ]
		jq -e -s 'all(.[]; .run.complete and .cases[0].status == "ok")' "a-$fds" "b-$fds"
	done
}

# limited LIMIT COMMAND...: with it, as ulimit takes it (-n 16), and the status in $status.
limited() {
	local limit=$1
	shift
	status=0
	# shellcheck disable=SC2016 # of the inner shell
	timeout 300 bash -c "ulimit $limit && "'exec "$@"' bash "$@" >stdout 2>stderr || status=$?
}

@test "a small stack is raised, or named: never a crash" {
	limited "-S -s 128" "$dmabench" run --path memcpy,memcpy-mt,cow-fork --size 64K "${fast[@]}"
	[ "$status" -eq 0 ]
	limited "-s 128" "$dmabench" run --path memcpy --size 64K "${fast[@]}"
	[ "$status" -eq 3 ]
	grep -q 'ulimit -s' stderr
	limited "-s 128" "$dmabench" list
	[ "$status" -eq 3 ]
	[ "$(wc -l <stderr)" -eq 1 ]
}

@test "few open files are raised, or named" {
	limited "-S -n 8" "$dmabench" run --path memcpy,cow-fork --size 64K "${fast[@]}"
	[ "$status" -eq 0 ]
	for command in "run --path memcpy --size 64K" "selfcheck --only verify" list; do
		# shellcheck disable=SC2086
		limited "-n 8" "$dmabench" $command
		[ "$status" -eq 3 ]
		grep -q 'ulimit -n' stderr
		[ "$(wc -l <stderr)" -eq 1 ]
	done
}

# another_user ID N: confined[] runs a command as somebody who has no process yet and may have N.
another_user() {
	[ "$(id -u)" -eq 0 ] || skip "only root can be another user"
	command -v setpriv >/dev/null || skip "no setpriv"
	elsewhere=$(mktemp -d)
	cp "$dmabench" "$elsewhere/program"
	cd "$elsewhere" || return
	chmod 755 . program
	touch stdout stderr
	# shellcheck disable=SC2016 # of the inner shell
	confined=(setpriv "--reuid=$1" "--regid=$1" --clear-groups bash -c "ulimit -u $2; "'exec "$@"' bash)
	"${confined[@]}" ./program list >/dev/null 2>&1 || skip "another user can't start it here"
}

@test "no further process: skipped with the cause, and nothing is called wrong" {
	another_user 54321 1
	expect 3 "${confined[@]}" ./program run --path memcpy --size 64K "${fast[@]}"
	grep -q 'skipped: launch could not be started: fork: .*ulimit -u' stdout
	expect 3 "${confined[@]}" ./program selfcheck --only verify
	grep -q 'undecided' stdout
	run ! grep -w wrong stdout
	expect 3 "${confined[@]}" ./program crossover --path memcpy,movsb --size 64K,1M
	grep -q 'ulimit -u' stderr
}

@test "one process for a launch, none more: its threads and forks are skipped with the cause" {
	[ "$(nproc)" -gt 1 ] || skip "one CPU: no threads"
	another_user 54322 2
	expect 0 "${confined[@]}" ./program run --path memcpy,memcpy-mt,cow-fork --size 64K "${fast[@]}" --cpu-ms 5
	grep -q '^memcpy:.* ns ' stdout
	grep -q '^memcpy-mt:.*skipped: .*ulimit -u' stdout
	grep -q '^cow-fork:.*skipped: .*ulimit -u' stdout
	# Its own launch or hyperfine's has no room: which, and no bare number of an error.
	expect 3 "${confined[@]}" ./program selfcheck --only outside --launches 6
	grep -Eq 'undecided.*(hyperfine|the harness has no figure: .)' stdout
	run ! grep -E 'Bad message|Input/output' stdout
}

@test "little address space or data: what doesn't fit is skipped, the limit named" {
	for limit in "-v 400000" "-d 300000"; do
		limited "$limit" "$dmabench" run --path memcpy,cow-private --size 4K,512M "${fast[@]}"
		[ "$status" -eq 0 ]
		grep -q '^memcpy:size=4096.* ns ' stdout
		[ "$(grep -c "size=536870912.*skipped: .*ulimit ${limit%% *}" stdout)" -eq 2 ]
	done
}

@test "a limit of file size: the snapshot of a file is skipped, a result that is too long an error" {
	limited "-f 64" "$dmabench" run --path memcpy,cow-private --size 1M "${fast[@]}"
	[ "$status" -eq 0 ]
	grep -q '^memcpy:.* ns ' stdout
	grep -q '^cow-private:.*skipped: .*ulimit -f' stdout
	limited "-f 1" "$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json
	[ "$status" -eq 2 ]
	grep -q 'r.json: File too large' stderr
}

@test "a limit of CPU time ends the launch, not the run, and is named" {
	for limit in "-S -t 1" "-t 1"; do
		limited "$limit" "$dmabench" run --path memcpy --size 64K --launches 1 --samples 2 --sample-ms 60000 \
			--budget-ms 100000 --cpu-ms 0 --state-ms 0 --ids
		[ "$status" -eq 3 ]
		grep -q 'skipped: launch was ended by the limit of CPU time (ulimit -t)' stdout
	done
}

@test "a launch that is killed is skipped, and it says by what it may have been" {
	"$dmabench" run --path memcpy --size 64K --launches 1 --samples 2 --sample-ms 20000 --budget-ms 60000 \
		--cpu-ms 0 --state-ms 0 --ids -o r.json >stdout 2>stderr &
	pid=$!
	launched() {
		launch=$(pgrep -P "$pid" -f launch-one)
	}
	eventually launched
	kill -KILL "$launch"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 3 ]
	grep -q 'skipped: launch was killed, perhaps by the kernel for want of memory' stdout
}

# memory_group BYTES: a control group of ours, whose limit that is; confined[] runs a command in it.
memory_group() {
	local path mount=/sys/fs/cgroup limit=memory.max
	path=$(sed -n 's/^0:://p' /proc/self/cgroup)
	if grep -q ':memory:' /proc/self/cgroup; then
		path=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
		mount=/sys/fs/cgroup/memory limit=memory.limit_in_bytes
	fi
	group=$mount$path/dmabench-$$
	mkdir "$group" 2>/dev/null || skip "no control group can be made here"
	# Swap would be taken instead.
	{
		echo "$1" >"$group/$limit"
		[ ! -e "$group/memory.memsw.$limit" ] || echo "$1" >"$group/memory.memsw.$limit"
		[ ! -e "$group/memory.swap.max" ] || echo 0 >"$group/memory.swap.max"
	} 2>/dev/null || skip "this control group can't limit memory"
	# shellcheck disable=SC2016 # of the inner shell
	confined=(bash -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$group")
	"${confined[@]}" true 2>/dev/null || skip "nothing can be put into the control group"
}

@test "what a control group has no room for is skipped, not killed" {
	memory_group $((96 << 20))
	expect 0 "${confined[@]}" "$dmabench" run --path memcpy,cow-fork --share 0,100 --size 64K,28M,72M "${fast[@]}" \
		--neighbour-ms 1 -o r.json
	jq -e '[.cases[] | select(.params.size == 65536)] | length == 3 and all(.[]; .status == "ok")' r.json
	jq -e 'all(.cases[] | select(.params.size == 75497472 or .params.size == 29360128 and .path == "cow-fork"); .status == "skipped" and
		(.reason | test("needs [0-9]+ bytes of memory, [0-9]+ are allowed .control group")))' r.json
	# Two buffers fit, four don't.
	jq -e '[.cases[] | select(.params.size == 29360128) | [.path, .status]] |
		sort == [["cow-fork", "skipped"], ["cow-fork", "skipped"], ["memcpy", "ok"]]' r.json
	expect 1 "${confined[@]}" "$dmabench" copy --path memcpy --size 72M --count 1
	grep -q 'are allowed (control group)' stderr
}

@test "killed for want of memory all the same: skipped, and the run goes on" {
	memory_group $((64 << 20))
	mkdir -p machine/proc machine/sys
	# What would show the limit isn't seen.
	expect 0 env DMABENCH_SYSROOT="$PWD/machine" "${confined[@]}" "$dmabench" run --path memcpy --size 64K,96M \
		"${fast[@]}" -o r.json
	jq -e '.cases[0].status == "ok" and (.cases[1] | .status == "skipped" and
		(.reason | contains("killed, perhaps by the kernel for want of memory")))' r.json
}

@test "as many threads as CPUs that may be used, and no more within a quota" {
	first=$(taskset -cp $$ | sed 's/.*: *//; s/[-,].*//')
	expect 0 taskset -c "$first" "$dmabench" run --path memcpy-mt --size 64K,16M --threads 0,2 "${fast[@]}" -o a.json
	jq -e 'all(.cases[]; .status == if .params.threads == 0 then "ok" else "skipped" end)' a.json
	mkdir -p machine/proc/self machine/sys/fs/cgroup
	echo 0::/ >machine/proc/self/cgroup
	echo 50000 100000 >machine/sys/fs/cgroup/cpu.max
	export DMABENCH_SYSROOT=$PWD/machine
	expect 0 "$dmabench" run --path memcpy-mt --size 64K --threads 0,2 "${fast[@]}" --cpu-ms 5 --neighbour-ms 1 -o q.json
	jq -e '[.cases[] | select(.params.threads == 2)][0] | .status == "skipped" and (.reason | test("quota|usable CPUs"))' q.json
	jq -e '[.cases[] | select(.params.threads == 0)][0] | .status == "ok" and
		(.cpu.caller.reason | contains("quota")) and (.neighbour.cache.reason | test("quota|no other"))' q.json
}

@test "a thread whose stack can't be mapped is no limit of processes" {
	local limit
	# Where the loader gets so far that a thread is wanted, which differs.
	for limit in 8000 10000 12000 14000; do
		run --separate-stderr bash -c 'ulimit -v "$1"; exec "$2" run --path memcpy-mt --size 64K --launches 1 \
			--samples 1 --sample-ms 0 --budget-ms 10 --cpu-ms 10 --calibrate-ms 5 --state-ms 0 -o r.json --force' \
			sh "$limit" "$dmabench"
		[[ $output$stderr != *"limit of processes"* ]]
	done
}

@test "no address space for a stack to grow in is a reason, never a crash" {
	local limit first status
	# Where the kernel and the loader get so far that there is a program, which differs.
	for ((first = 2000; first < 50000; first += 50)); do
		! bash -c 'ulimit -v "$1"; exec "$2" --version' sh "$first" "$dmabench" >said 2>&1 || break
	done
	for ((limit = first + 50; limit < first + 1000; limit += 25)); do
		status=0
		bash -c 'ulimit -v "$1"; exec "$2" run --path memcpy --size 64K --launches 1 --samples 1 --sample-ms 0 \
			--budget-ms 10 --state-ms 0 -o r.json --force' sh "$limit" "$dmabench" >said 2>&1 || status=$?
		[[ $status -lt 128 && ($status -eq 0 || -s said) ]] || { echo "$limit KiB: $status"; cat said; false; }
	done
}

@test "no address space for a neighbour's buffer: the limit is named, whole" {
	expect 0 bash -c 'ulimit -v 300000; exec "$1" run --path memcpy --size 4K --launches 1 --samples 1 --sample-ms 1 \
		--state-ms 0 --neighbour-ms 1 -o r.json --force' sh "$dmabench"
	jq -e '.cases[0].neighbour.cache.reason | contains("ulimit -v") and endswith("stay free") or
		test("no other usable CPU|quota")' r.json
}

@test "no memory for so many cases: said so, and not called wrong usage" {
	# shellcheck disable=SC2016 # the inner shell expands
	expect 3 bash -c 'ulimit -v 100000 && exec "$1" run --dry-run --path memcpy,nt,vector \
		--size "$(seq -s , 1 32)" --offset "$(seq -s , 0 31)"' sh "$dmabench"
	grep -qx 'dmabench: out of memory' stderr
	[ ! -s stdout ]
}
