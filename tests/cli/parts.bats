#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The main job where parts of it fail: what was measured is reported, the rest has a reason, and
# the status says so. The tree is a copy in which the harness and the guest are played by scripts
# that bring back results made up before.

# shellcheck disable=SC2016,SC2154 # stubs expand; set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	mkdir -p tree/build tree/results bin
	cp -r "$top"/{scripts,plots,Makefile} tree/
	cp "$top/results/result.schema.json" tree/results/
	made_up host memcpy
	made_up guest pinned
	stub tree/build/dmabench '[ "$1" != answer ] || exec '"$top"'/build/dmabench "$@"
	while [ $# -gt 0 ]; do
		case $1 in -o) to=$2 ;; run | selfcheck | copy) what=$1 ;; esac; shift; done
	case $what in
	run) cp '"$PWD"'/host.json "$to.new" && mv "$to.new" "$to" ;;
	selfcheck) echo "{\"self_checks\": []}" >"$to" ;;
	esac'
	stub tree/scripts/setup.sh 'exit 0'
	stub tree/scripts/kernel/headers.sh '${HEADERS:-true} || { echo "headers.sh: no headers of that kernel" >&2; exit 1; }
	mkdir -p '"$PWD"'/kdir; echo '"$PWD"'/kdir'
	stub tree/scripts/vm.sh 'while [ "$1" != -- ]; do case $1 in --out) out=$2 ;; esac; shift; done
	mkdir -p "$out"
	if [ -n "$GUEST" ]; then eval "$GUEST"; else cp '"$PWD"'/guest.json "$out/guest.json"; fi'
	stub bin/make 'case "$*" in *driver*) ${DRIVER:-true} || { echo "async.c:1: error: no such thing"; exit 2; } ;; esac'
	stub bin/hyperfine 'exit 1'
	case $BATS_TEST_DESCRIPTION in
	*drawn*) ;;
	*) stub tree/scripts/plot.sh 'mkdir -p "$2" && : >"$2/none.png"' ;;
	esac
	export PATH=$PWD/bin:$PATH DMABENCH_PROC_MODULES=$PWD/none
}

# made_up ENVIRONMENT PATH: a result of one path, so that little is drawn; a part, as --part says.
made_up() {
	jq --arg env "$1" --arg path "$2" '.environments |= map(select(.id == $env))
		| .cases |= map(select(.env == $env and .path == $path and .params.cache == "hot"))
		| del(.crossovers, .outside, .self_checks) | .run.complete = false' "$top/tests/fixtures/good.json" >"$1.json"
}

stub() {
	printf '#!/bin/sh\n%s\n' "$2" >"$1"
	chmod +x "$1"
}

bench() {
	run --separate-stderr tree/scripts/bench.sh --quick --out r
	[[ ! -e r/result.json ]] || /usr/bin/python3 "$top/tests/fixtures/validate.py" \
		"$top/results/result.schema.json" r/result.json
}

# reported PART REASON FAILED ENVIRONMENTS: in result, report and page; nothing else failed.
reported() {
	jq -e --arg part "$1" --arg reason "$2" --argjson failed "$3" --arg envs "$4" '
		any(.not_measured[]; .part == $part and (.reason | contains($reason)) and .failed == $failed)
		and ([.not_measured[] | select(.failed)] | length) == (if $failed then 1 else 0 end)
		and ([.environments[].id] | join(" ")) == $envs and (.cases | length) > 0' r/result.json || {
		cat r/result.json
		return 1
	}
	grep -qF "Not measured: " r/report.md
	if [[ $3 == true ]]; then grep -qF "NOT MEASURED: " r/report.md; fi
	[[ -s r/report.html && -n $(ls r/plots/*.png) ]]
}

@test "all is there: status 0, both environments are drawn" {
	bench
	status_is 0
	reported "the driver's paths on the host" "no module support" false "host guest"
	[[ ! -e r/plots/undrawn.json ]]
}

@test "no headers for the guest: the host's figures are reported, status 125" {
	HEADERS=false bench
	status_is 125
	reported guest "no headers of that kernel" true host
	[[ $stderr != *"marked as incomplete"* ]]
}

@test "the driver doesn't build: the host's figures are reported, with the first error" {
	DRIVER=false bench
	status_is 125
	reported guest "error: no such thing" true host
}

@test "the guest dies: the host's figures are reported, with what was said last" {
	GUEST='echo "vm.sh: infrastructure: the guest hung" >&2; exit 125' bench
	status_is 125
	reported guest "the guest hung" true host
}

@test "the guest dies underway: what it had brought is drawn and reported, too" {
	GUEST="cp $PWD/guest.json \$out/; echo 'vm.sh: the command took more than 1 s' >&2; exit 124" bench
	status_is 124
	reported guest "more than 1 s" true "host guest"
}

@test "the guest writes half a file: it is left out" {
	GUEST="head -c 300 $PWD/guest.json >\$out/guest.json; echo died >&2; exit 126" bench
	status_is 126
	reported guest "died" true host
}

@test "the host's run dies: the guest's figures are reported, status 1" {
	stub tree/build/dmabench '[ "$1" != answer ] || exec '"$top"'/build/dmabench "$@"
	kill -KILL $$'
	bench
	status_is 1
	reported host "137" true guest
}

@test "nothing at all: status, reasons, and no report" {
	stub tree/build/dmabench 'exit 2'
	HEADERS=false bench
	status_is 1
	in_stderr "nothing could be measured"
	in_stderr "no headers of that kernel"
	[[ ! -e r/report.md ]]
}

@test "a failed verification outlives whatever else goes wrong" {
	stub tree/build/dmabench '[ "$1" != answer ] || exec '"$top"'/build/dmabench "$@"
	while [ $# -gt 0 ]; do case $1 in -o) to=$2 ;; run) what=run ;; esac; shift; done
	[ "$what" = run ] && cp '"$PWD"'/host.json "$to"; exit 1'
	GUEST='exit 125' bench
	status_is 1
}

@test "a kernel without dmaengine is called that" {
	mkdir -p kdir/include/config
	echo "# CONFIG_DMA_ENGINE is not set" >kdir/include/config/auto.conf
	bench
	status_is 125
	reported guest "without dmaengine" true host
}

# A machine that takes modules, and what its insmod does.
modules() {
	[[ $EUID -eq 0 ]] || skip "needs root"
	: >proc_modules
	mkdir -p kdir
	export DMABENCH_PROC_MODULES=$PWD/proc_modules KDIR=$PWD/kdir
	stub bin/insmod "$1"
	stub bin/rmmod ": >$PWD/proc_modules"
}

@test "a driver that is refused: the reason with what to do, and the guest measures it" {
	modules 'echo "insmod: ERROR: could not insert module: Key was rejected by service" >&2; exit 1'
	bench
	status_is 0
	reported "the driver's paths on the host" "mokutil" false "host guest"
}

@test "a driver for another kernel, without rights, or with what this kernel lacks: each is named" {
	local said
	for said in "Invalid module format|another kernel" "Operation not permitted|locked down" \
		"Unknown symbol in module|lacks" "Required key not available|mokutil"; do
		echo "insmod: ERROR: could not insert module x.ko: ${said%|*}" >log
		run bash -c 'source "$0/scripts/lib/common.sh" && source "$0/scripts/bench/missing.sh" &&
			source "$0/scripts/bench/driver.sh" && load_reason log' "$top"
		status_is 0
		[[ $output == *"${said%|*}"*"${said#*|}"* ]]
	done
}

@test "a driver that is loaded: no guest" {
	modules "echo dmabench 65536 0 >$PWD/proc_modules"
	bench
	status_is 0
	# What plays hyperfine fails.
	jq -e '[.not_measured[]? | select(.part | startswith("the same work from outside") | not)] == []
		and [.environments[].id] == ["host"]' r/result.json
}

@test "work that can't be timed from outside: the reason is the copy's own, not what hyperfine advises" {
	modules "echo dmabench 65536 0 >$PWD/proc_modules"
	stub bin/hyperfine 'case "$*" in *"--output inherit"*) echo "dmabench copy: memcpy: given up after 10 s" >&2 ;; esac
	echo "Error: Command terminated with non-zero exit code: 1. Use the -i option if you want to ignore this." >&2
	exit 1'
	bench
	status_is 0
	jq -e 'any(.not_measured[]; .reason == "hyperfine could not time it: dmabench copy: memcpy: given up after 10 s")' r/result.json
}

@test "without hyperfine, gnuplot or cmark-gfm: what can be drawn, and what is missing" {
	mkdir tools
	ln -s -t tools /usr/bin/*
	ln -sf -t tools /bin/*
	rm -f tools/{gnuplot*,hyperfine,cmark-gfm}
	rm bin/hyperfine
	PATH=$PWD/bin:$PWD/tools bench
	status_is 1
	jq -e 'any(.not_measured[]; .part | contains("outside"))' r/result.json
	grep -q '^Not drawn: Throughput by size, host, because there is no gnuplot' r/report.md
	[[ -s r/report.md && ! -e r/report.html ]]
	in_stderr "cmark-gfm"
}

@test "a picture that can't be drawn: the others are, and the report says which and why" {
	stub bin/gnuplot 'case "$*" in *latency.gp*) echo "gnuplot: no memory" >&2; exit 1 ;; esac
	exec '"$(command -v gnuplot)"' "$@"'
	bench
	status_is 1
	[[ -e r/plots/throughput-host.svg && ! -e r/plots/latency-host.svg && -s r/report.html ]]
	grep -q '^Not drawn: Latency percentiles by size, host, because gnuplot: no memory' r/report.md
}

@test "a disk that fills up, wherever it is written or drawn: an error that says so, and no broken file" {
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	local kib
	mkdir -p r
	# Room enough, it says.
	stub bin/df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 9000000 0 9000000 0%% /\n"'
	for kib in 4 64 256 512; do
		# shellcheck disable=SC2016 # the inner shell expands
		run --separate-stderr unshare -rm bash -c '
			mount -t tmpfs -o "size=$1k" none r || exit 77
			tree/scripts/bench.sh --quick --out r/out
			status=$?
			cp r/out/result.json "result.$1" 2>/dev/null || true
			/usr/bin/df --output=avail r | tail -n 1 >"left.$1"
			exit $status' sh "$kib"
		[[ $status -ne 77 ]] || skip "no tmpfs here"
		echo "$kib KiB: status $status, $(<"left.$kib") left: ${stderr_lines[*]: -2}"
		[[ $status -ne 0 && $stderr == *"No space left"* ]] || [[ $(<"left.$kib") -gt 8 ]]
		[[ ! -s result.$kib ]] || /usr/bin/python3 "$top/tests/fixtures/validate.py" \
			"$top/results/result.schema.json" "result.$kib"
	done
}

@test "a sum that can't be written: the report is of what the host brought" {
	stub tree/scripts/report/merge.sh 'echo "no room" >&2; exit 1'
	bench
	status_is 1
	in_stderr "the report is of what"
	jq -e '[.environments[].id] == ["host"]' r/result.json
	[[ -s r/report.html && -n $(ls r/plots/*.png) ]]
}

@test "checks of the harness that end otherwise: the rest is reported, with what they said" {
	sed -i 's/selfcheck) echo.*/selfcheck) echo "no room here" >\&2; exit 2 ;;/' tree/build/dmabench
	bench
	status_is 1
	reported "the harness's checks of itself" "no room here" true "host guest"
}

# The job on a disk that fills up when TRIGGER is run, and has room again for the report where AGAIN says so.
on_full_disk() { # TRIGGER AGAIN
	stub bin/df 'printf "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/x 9000000 0 9000000 0%% /\n"'
	mkdir -p r
	fill='head -c 9M /dev/zero >>'"$PWD"'/r/filler 2>/dev/null'
	sed -i "2i case \" \$* \" in *\" $1 \"*) fill=yes ;; esac" tree/build/dmabench
	# Once it has done its work.
	printf '%s\n' 'code=$?' "[ -z \"\$fill\" ] || $fill" 'exit $code' >>tree/build/dmabench
	[[ $2 != again ]] || sed -i "3i rm -f $PWD/r/filler" tree/scripts/report/merge.sh
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr unshare -rm bash -c '
		mount -t tmpfs -o size=4M none r || exit 77
		tree/scripts/bench.sh --quick --where host --out r/out
		status=$?
		cp -R r/out seen
		exit $status'
	[[ $status -ne 77 ]] || skip "no tmpfs here"
	printf '%s\n' "${stderr_lines[@]}"
}

@test "a disk that is full once the host is measured: what isn't measured for it is said, with the cause" {
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	on_full_disk run no
	status_is 1
	in_stderr "can't write $PWD/r/out/parts/host.json: No space left on device"
	in_stderr "not measured: the same work from outside, because "
	in_stderr "not measured: the harness's checks of itself, because "
	[[ $(grep 'not measured: the ' <<<"$stderr" | grep -vc "module support\|No space left") -eq 0 ]]
}

@test "a disk that is full when the harness checks itself: that is the reason, not that nothing was said" {
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	sed -i 's/selfcheck) echo.*/selfcheck) '"head -c 9M \/dev\/zero 2>\/dev\/null >>${PWD//\//\\/}\/r\/filler"'; echo lost >\&2; exit 2 ;;/' tree/build/dmabench
	on_full_disk none again
	status_is 1
	in_stderr "not measured: the harness's checks of itself, because it ended with status 2 (can't write to $PWD/r/out: No space left on device)"
	jq -e 'any(.not_measured[]; .part == "the harness\u0027s checks of itself" and (.reason | contains("No space left")))' seen/result.json
}

@test "a disk that is full when hyperfine measures: that is the reason that nothing could be timed" {
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	stub bin/hyperfine "head -c 9M /dev/zero 2>/dev/null >>$PWD/r/filler; echo lost >&2; exit 1"
	on_full_disk none again
	status_is 1
	in_stderr "because hyperfine could not time it: can't write to $PWD/r/out: No space left on device"
}

@test "a disk that is full when figures are merged, drawn or written up: 1, the reason, and the old files" {
	unshare -rm mount -t tmpfs none /mnt 2>/dev/null || skip "no mounts of one's own here"
	mkdir r
	# shellcheck disable=SC2016 # the inner shell expands
	run --separate-stderr unshare -rm bash -c '
		mount -t tmpfs -o size=64k none r || exit 77
		echo old | tee r/merged.json r/report.md r/report.html >/dev/null
		mkdir r/plots
		head -c 1M /dev/zero >r/filler 2>/dev/null
		for one in "report/merge.sh r/merged.json host.json guest.json" "plot.sh host.json r/plots" \
			"report.sh host.json r"; do
			status=0
			"$1"/scripts/$one || status=$?
			echo "$one: $status"
			[ $status -eq 1 ] || exit 1
		done
		[ "$(sort -u r/merged.json r/report.md r/report.html)" = old ] &&
			[ "$(find r -type f -size -8 | wc -l)" -eq 3 ]' sh "$top"
	[[ $status -ne 77 ]] || skip "no tmpfs here"
	echo "$output $stderr"
	[[ $status -eq 0 && $stderr != *"because "$'\n'* && $stderr == *"No space left"* ]]
}

@test "pictures on a disk that is full: each is tried and has its reason, status 1 (drawn by what fails)" {
	stub bin/gnuplot 'echo "gnuplot: No space left on device" >&2; exit 1'
	run --separate-stderr "$top/scripts/plot.sh" "$top/tests/fixtures/good.json" plots
	status_is 1
	[[ $(jq length plots/undrawn.json) -gt 3 ]]
	jq -e 'all(.[]; .reason | startswith("gnuplot: No space left on device"))' plots/undrawn.json
}

# What plays hyperfine, or the harness's search for a crossing, goes on for ever: bench.sh alone
# gets the signal.
interrupted_in() { # ARGUMENT...
	mkdir tmp
	TMPDIR=$PWD/tmp tree/scripts/bench.sh --where host --out r "$@" >stdout 2>stderr 3>&- &
	local bench=$! tries
	eventually test -s pid
	kill -TERM "$bench"
	for ((tries = 0; tries < 50; tries++)); do grep -qs '^State:[[:space:]][^ZX]' "/proc/$bench/status" && sleep 0.2; done
	kill -KILL "$bench" "$(<pid)" 2>/dev/null || true
	status=0
	wait "$bench" || status=$?
	stderr=$(<stderr)
	status_is 143
	in_stderr "marked as incomplete"
	[[ ! -e /proc/$(<pid) && -z $(ls -A tmp) && -z $(find r -name '.dmabench*') ]]
}

@test "interrupted while hyperfine measures: at once, and nothing is left of it" {
	stub bin/hyperfine "echo \$\$ >$PWD/pid; exec sleep 1000"
	interrupted_in --quick
}

@test "interrupted while crossings are searched: at once, and nothing is left of it" {
	sed -i "2i case \$1 in crossover) echo \$\$ >$PWD/pid; exec sleep 1000 ;; esac" tree/build/dmabench
	interrupted_in --full
}

@test "what hyperfine can't time, and a search that fails: the reasons are in the report" {
	stub bin/hyperfine 'echo "Error: no such clock" >&2; exit 1'
	bench
	status_is 0
	reported "the same work from outside (memcpy)" "no such clock" false "host guest"
	rm -r r
	sed -i '2i case $1 in crossover) echo "dmabench: no memory" >\&2; exit 2 ;; list) echo "{\"paths\": []}"; exit ;; esac' tree/build/dmabench
	run --separate-stderr tree/scripts/bench.sh --full --out r
	status_is 1
	reported "from which size on one of memcpy,mremap is faster" "no memory" true "host guest"
}
