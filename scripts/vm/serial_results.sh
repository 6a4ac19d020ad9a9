# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with scripts/vm.sh and the files beside it
#
# What a guest sends through a serial port, where it can't have the host's folders: a stream
# of tar archives, each of which becomes files in the folder that other guests write to
# themselves. What the command wrote is packed once more, which gives it a checksum; where that
# is wrong, there was no end.

serial_pid=

start_serial_results() {
	results_stream=$run/results.stream
	: >"$results_stream"
}

# While QEMU runs, and what it left afterwards. What came before the stream isn't the guest's.
run_serial_results() {
	local line
	[[ -n ${machine_port[$machine]-} ]] || return 0
	tail -s 0.1 --pid="$qemu_pid" -c +1 -f "$results_stream" 2>/dev/null | {
		while IFS= read -r line && [[ $line != *dmabench-stream ]]; do :; done
		tar -x -i -b 1 -C "$share" --no-same-owner
	} >"$run/results.log" 2>&1 &
	serial_pid=$!
}

# What the command wrote is passed on now, and its files go where they belong.
end_serial_results() {
	local results=$run/results
	[[ -n $serial_pid ]] || return 0
	wait "$serial_pid" || true
	serial_pid=
	[[ -e $share/status ]] || return 0
	mkdir "$results"
	if ! unpack_results "$results" >>"$run/results.log" 2>&1; then
		rm -f "$share/status"
		return 0
	fi
	cat "$results/stdout"
	as_messages <"$results/stderr"
	cp -R "$results/out/." "$out/" || infra "can't write to $out"
}

unpack_results() {
	gzip -t <"$share/results" && tar -xz -C "$1" --no-same-owner <"$share/results"
}
