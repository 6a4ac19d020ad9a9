#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The GPU's paths over a library that plays NVIDIA's driver (cuda_stub/): what they copy, what is
# said where they can't be had, and what is left when a call fails. A stub is never hardware.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
# shellcheck disable=SC2016,SC2030,SC2031 # filters of jq; each test has an environment of its own
load helpers

setup_file() {
	local top=$BATS_TEST_DIRNAME/../..
	local flags=(-Wall -Wextra -Werror -O1 -g -shared -fPIC -D_GNU_SOURCE -pthread "-Wl,-soname,libcuda.so.1")
	make -C "$top" --no-print-directory bench >&2
	cd "$BATS_FILE_TMPDIR" || return
	mkdir stub old broken lonely
	gcc "${flags[@]}" -o stub/libcuda.so.1 "$BATS_TEST_DIRNAME"/cuda_stub/*.c
	gcc "${flags[@]}" -DcuDevicePrimaryCtxRelease_v2=cuDevicePrimaryCtxRelease -o old/libcuda.so.1 \
		"$BATS_TEST_DIRNAME"/cuda_stub/*.c
	echo "no library" >broken/libcuda.so.1
	gcc -shared -o lonely/libgone.so.1 -Wl,-soname,libgone.so.1 -x c /dev/null
	gcc -shared -o lonely/libcuda.so.1 -x c /dev/null -x none -Wl,--no-as-needed lonely/libgone.so.1
	rm lonely/libgone.so.1
}

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR" || return
	fast=(--launches 1 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --event-ms 0
		--descriptor-ms 0 --state-ms 0)
	both=gpu-staged,gpu-staged-pinned
	stubs=$BATS_FILE_TMPDIR
	export LD_LIBRARY_PATH=$stubs/stub STUB_LOG=$PWD/log
	unset CUDA_VISIBLE_DEVICES
}

teardown() {
	[ -z "${elsewhere:-}" ] || rm -r "$elsewhere"
}

# measure STATUS ARGUMENTS…: the result is in r.json.
measure() {
	local wanted=$1
	shift
	rm -f r.json log
	expect "$wanted" "$dmabench" run "${fast[@]}" "$@" -o r.json
}

# every FILTER: of each case.
every() {
	jq -e --arg why "${2-}" "all(.cases[]; $1)" r.json >/dev/null || {
		echo "not every case: $1"
		jq -c '.cases[] | [.id, .status, .reason, .engine]' r.json
		return 1
	}
}

# Each process that made something gave all of it back.
nothing_left() {
	grep -q '^left' log
	! grep '^left' log | grep -v ' 0$'
}

@test "every size, offset and ring is verified, though each command is late at its own pace" {
	STUB_LATE_US=300 measure 0 --path "$both" --size 1,4096,65537 --offset 0,1,4095 --wait interrupt,poll \
		--and --path "$both" --size 1000001 --depth 1,2,7 --chunk 65536,99999 \
		--and --path "$both" --size 2M --pages thp --cache hot,cold
	every '.status == "ok" and .verified_bytes > 0'
	nothing_left
}

@test "a stub is emulated wherever its figures are" {
	measure 0 --path "$both" --size 64K --ids
	grep -c '(emulated engine)$' stdout | grep -qx 2
	measure 0 --path "$both",memcpy --size 64K
	grep -q 'nvidia (emulated engine)' stdout
	[ "$("$dmabench" answer r.json | grep -c 'A DMA engine .* is faster')" -eq 0 ]
	jq -e 'all(.cases[] | select(.engine); .engine.kind == "emulated" and .engine.model == "Stub GPU 0")
		and [.cases[] | select(.engine)] != [] and (.environments[0].engines | map(.kind) == ["emulated"])' r.json
	"$dmabench" list | grep -q '^  gpu0  *emulated  *nvidia at 0000:3b:00.0, .*Stub GPU 0'
	"$dmabench" table r.json | awk -F '\t' '/gpu-staged/ && /emulated/ { n++ } END { exit n != 2 }'
	expect 3 "$dmabench" compare r.json r.json --format json
	jq -e '[.cases[] | select(.id | startswith("gpu"))] | length == 2 and all(.engine_kind == "emulated" and .verdict == "SKIPPED")' stdout
	"$top/scripts/report.sh" r.json out
	grep -q 'no hardware moved the bytes: gpu-staged · nvidia (emulated)' out/report.md
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" r.json
}

# skipped WORDS: both paths are, and say so; so does list.
skipped() {
	measure 3 --path "$both" --size 4K
	every '.status == "skipped" and (.reason | contains($why))' "$1"
	"$dmabench" list | grep -F 'gpu-staged ' | grep -qF "$1"
}

@test "what can't be had has a reason in words" {
	if ! env -u LD_LIBRARY_PATH python3 -c 'import ctypes; ctypes.CDLL("libcuda.so.1")' 2>/dev/null; then
		LD_LIBRARY_PATH='' skipped "no libcuda.so.1: NVIDIA's driver isn't installed"
	fi
	LD_LIBRARY_PATH=$stubs/old skipped "libcuda.so.1 has no cuDevicePrimaryCtxRelease_v2: the driver is older than CUDA 11.0"
	LD_LIBRARY_PATH=$stubs/broken skipped "libcuda.so.1: file too short"
	LD_LIBRARY_PATH=$stubs/lonely skipped "libgone.so.1: cannot open shared object file"
	STUB_VERSION=10020 skipped "the driver is of CUDA 10.2, older than 11.0"
	STUB_MODE=2 skipped "gpu0: its compute mode is prohibited"
	STUB_FAIL=cuInit=34 skipped "CUDA_ERROR_STUB_LIBRARY (34): the toolkit's stub"
	STUB_FAIL=cuInit=802 skipped "CUDA_ERROR_SYSTEM_NOT_READY (802): a service that the GPU needs"
	STUB_FAIL=cuInit=803 skipped "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH (803): library and kernel module are of different versions"
	STUB_FAIL=cuInit=804 skipped "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE (804): a library for forward compatibility"
	STUB_FAIL=cuInit=12345 skipped "cuInit: an error without a name (12345)"
}

@test "where no device is found, its files and the environment say why" {
	export DMABENCH_SYSROOT=$PWD/root
	mkdir -p root/{dev,proc,sys}
	STUB_FAIL=cuInit=100 skipped "CUDA_ERROR_NO_DEVICE (100): no /dev/nvidiactl: no nvidia module is loaded"
	mkdir -p root/proc/driver/nvidia
	STUB_FAIL=cuInit=100 skipped "no /dev/nvidiactl: a container that wasn't given the GPU?"
	touch root/dev/nvidiactl root/dev/nvidia0
	CUDA_VISIBLE_DEVICES=7 STUB_FAIL=cuInit=100 skipped 'CUDA_VISIBLE_DEVICES is "7"'
	ln -s nvidia-uvm root/dev/nvidia-uvm
	STUB_FAIL=cuInit=999 skipped "CUDA_ERROR_UNKNOWN (999): /dev/nvidia-uvm: Too many levels of symbolic links"
}

@test "who may not open the device is told so" {
	[ "$(id -u)" -eq 0 ] && command -v setpriv || skip "needs root, to be somebody else"
	elsewhere=$(mktemp -d)
	mkdir -p "$elsewhere"/root/{dev,proc,sys}
	cp "$dmabench" "$stubs/stub/libcuda.so.1" "$elsewhere"
	(umask 077 && touch "$elsewhere/root/dev/nvidiactl")
	chmod -R go+X "$elsewhere"
	STUB_LOG='' run setpriv --reuid 65534 --regid 65534 --clear-groups env -C / DMABENCH_SYSROOT="$elsewhere/root" \
		LD_LIBRARY_PATH="$elsewhere" STUB_FAIL=cuInit=100 "$elsewhere/dmabench" list
	[ "$status" -ne 126 ] || skip "/tmp can't be entered by others"
	[[ $output == *"/dev/nvidiactl: Permission denied"* ]]
}

@test "what a GPU lacks while it is set up skips the case, what it breaks fails it" {
	STUB_FAIL=cuMemAlloc_v2=2 measure 3 --path "$both" --size 4K
	every '.status == "skipped" and .reason == "setting up: cuMemAlloc: CUDA_ERROR_OUT_OF_MEMORY (2)"'
	nothing_left
	STUB_FAIL=cuMemHostRegister_v2=2 measure 3 --path "$both" --size 4K
	every '.status == "skipped" and (.reason | startswith("setting up: cuMemHostRegister: CUDA_ERROR_OUT_OF_MEMORY"))'
	nothing_left
	STUB_FAIL=cuDevicePrimaryCtxRetain=46 measure 3 --path "$both" --size 4K
	every '.status == "skipped" and (.reason | contains("in use in an exclusive compute mode, or prohibited"))'
	STUB_FAIL=cuStreamCreate=999 measure 1 --path "$both" --size 4K
	every '.status == "failed" and (.reason | startswith("setting up: cuStreamCreate: CUDA_ERROR_UNKNOWN"))'
	nothing_left
}

# The calls of the library that the harness has a name for.
calls() {
	sed -n 's/.*CALL(\(cu[A-Za-z0-9_]*\),.*/\1/p' "$top/bench/paths/gpu/cuda.h"
}

@test "each call fails in turn: the reason names it, nothing is left, nobody dies" {
	[ "$(calls | wc -l)" -ge 26 ]
	for call in $(calls); do
		name=${call%_v2}
		case $call in
		cuGetErrorName | cuStreamQuery) wanted=0 ;;                # asked only when another has failed
		cu*Destroy* | cuMemFree* | cu*Release*) wanted=0 ;;        # all is copied and checked by then
		cuInit | cuDriver* | cuDeviceGet*) wanted=3 ;;             # no GPU can be listed
		*) wanted=1 ;;
		esac
		for wait in interrupt poll; do
			case $call,$wait in
			cuEventSynchronize,poll | cuEventQuery,interrupt) continue ;;
			esac
			STUB_FAIL=$call=700 measure "$wanted" --path gpu-staged-pinned --size 64K --depth 2 --chunk 8K --wait "$wait"
			case $wanted in
			0) every '.status == "ok"' ;;
			*) every '.status != "ok" and (.reason | contains($why))' "$name: CUDA_ERROR_ILLEGAL_ADDRESS (700)" ;;
			esac
			# What was to be given back by a call that fails, is not; all else is.
			[ "$wanted" -ne 1 ] || [ "$call" = cuMemHostUnregister ] || nothing_left
		done
	done
}

@test "a call that fails late, with copies under way: they end first, then all is given back" {
	for call in cuMemcpyHtoDAsync_v2 cuMemcpyDtoHAsync_v2 cuEventRecord cuStreamWaitEvent; do
		STUB_LATE_US=500 STUB_FAIL=$call=700@11 measure 1 --path "$both" --size 64K --depth 3 --chunk 4K
		every '.status == "failed" and (.reason | contains($why))' "${call%_v2}: CUDA_ERROR_ILLEGAL_ADDRESS"
		nothing_left
	done
}

@test "a broken context: nothing is known of the GPU any more, so nothing is given back" {
	STUB_LATE_US=500 STUB_FAIL=cuMemcpyDtoHAsync_v2=700@11! measure 1 --path "$both" --size 64K --depth 3 --chunk 4K
	every '.status == "failed" and (.reason | startswith("given up: cuMemcpyDtoHAsync: CUDA_ERROR_ILLEGAL_ADDRESS"))'
	run ! grep '^left' log
}

@test "a copy that never ends fails the case, and its memory isn't given back" {
	STUB_NEVER=1 measure 1 --path gpu-staged --size 64K --wait interrupt \
		--and --path gpu-staged-pinned --size 64K --wait poll
	every '.status == "failed" and .reason == "given up: copying by the GPU: not complete after 10 s"'
	run ! grep '^left' log
	STUB_NEVER=1 run --separate-stderr "$dmabench" copy --path gpu-staged --size 64K --count 1
	status_is 1
	in_stderr "given up: copying by the GPU: not complete after 10 s"
}

@test "no process that forks has started the driver, and who doesn't need it never does" {
	"$dmabench" run "${fast[@]}" --path gpu-staged --size 4K >stdout 3>&- &
	local parent=$!
	wait "$parent"
	[ "$(grep -c '^init' log)" -ge 2 ]
	run ! grep -x "init $parent" log
	measure 0 --path memcpy --size 4K
	"$dmabench" env >stdout
	[ ! -e log ]
}

@test "several GPUs: by name, by node, each a case, and one of a node for the matrix" {
	export STUB_GPUS=0000:3B:00.0,0000:AF:00.0
	measure 0 --path gpu-staged --size 4K --engine gpu1
	every '.engine.name == "gpu1" and .engine.device == "0000:af:00.0" and .engine.model == "Stub GPU 1"'
	# And it is the one that copies.
	[ "$(grep '^context' log | sort -u)" = "context 101" ]
	measure 0 --path gpu-staged --size 4K
	every '.params.engine == "nvidia" and .engine.name == "gpu0"'
	measure 0 --path gpu-staged --size 4K --engine all
	jq -e '[.cases[].engine.name] == ["gpu0", "gpu1"] and (.environments[0].engines | length == 2)' r.json
	measure 3 --path gpu-staged --size 4K --engine gpu2
	every '.reason == "no usable engine \"gpu2\" among the 2 listed"'
	# What isn't a GPU's name is no reason to have none of it.
	measure 3 --path gpu-staged,pinned --size 4K --engine gpu9
}

@test "the GPU's place and link are the machine's, and stand in list, plan and result" {
	export DMABENCH_SYSROOT=$PWD/root STUB_GPUS=0000:3B:00.0,0000:AF:00.0
	local devices=root/sys/bus/pci/devices nodes=root/sys/devices/system/node device
	mkdir -p "$nodes"/node{0,1}
	echo 0-1 >"$nodes/online"
	echo 0 >"$nodes/has_memory"
	echo 0-8191 >"$nodes/node0/cpulist"
	echo >"$nodes/node1/cpulist"
	echo "10 20" >"$nodes/node0/distance"
	echo "20 10" >"$nodes/node1/distance"
	mkdir -p "$devices"/0000:{3b,af}:00.0 root/sys/module/nvidia root/proc
	cp /proc/cpuinfo root/proc
	for device in "$devices"/*; do
		printf '0x10de\n' >"$device/vendor"
		printf '32.0 GT/s PCIe\n' >"$device/max_link_speed"
		printf '16\n' >"$device/max_link_width"
		printf '2.5 GT/s PCIe\n' >"$device/current_link_speed"
		printf '8\n' >"$device/current_link_width"
	done
	echo 0 >"$devices/0000:3b:00.0/numa_node"
	echo 1 >"$devices/0000:af:00.0/numa_node"
	mkdir "$devices/0000:af:00.0/iommu_group"
	echo DMA-FQ >"$devices/0000:af:00.0/iommu_group/type"
	echo 570.86.15 >root/sys/module/nvidia/version
	"$dmabench" list >stdout
	grep -q '^  gpu0 .* node 0, IOMMU none, Stub GPU 0, 2 copy engines, PCIe 5 x16 (now 1 x8), driver 570.86.15, CUDA 12.4$' stdout
	grep -q '^  gpu1 .* node 1, IOMMU lazy, ' stdout
	grep -c '^  gpu[01] .* emulated ' stdout | grep -qx 2
	"$dmabench" run --path gpu-staged --size 4K --engine nvidia/1,gpu0 --dry-run >plan
	[ "$(grep -c '^gpu-staged:.*wait=interrupt$' plan)" -eq 2 ]
	"$dmabench" run --path gpu-staged --size 4K --numa-matrix --dry-run >plan
	grep -o 'engine=[a-z0-9]*' plan | sort -u | paste -sd ' ' | grep -x 'engine=gpu0 engine=gpu1'
	measure 0 --path gpu-staged --size 4K --engine nvidia/1
	every '.engine == {name: "gpu1", driver: "nvidia", device: "0000:af:00.0", kind: "emulated", node: 1, iommu: "lazy",
		model: "Stub GPU 1", driver_version: "570.86.15", cuda: "12.4", copy_engines: 2,
		pcie: {generation: 1, width: 8, max_generation: 5, max_width: 16}}'
	cp r.json base.json
	# Another driver is another condition, another link another engine.
	jq '.cases[].engine |= (.driver_version = "580.1" | .pcie.generation = 5)' base.json >new.json
	expect 4 "$dmabench" compare base.json new.json
	expect 3 "$dmabench" compare base.json new.json --changed gpu_driver
	jq '.cases[].engine.pcie.max_width = 8' base.json >new.json
	expect 4 "$dmabench" compare base.json new.json --changed gpu_driver
	grep -q 'pcie.max_width' stdout
}

@test "a ring that makes no sense is refused before anything is started" {
	measure 3 --path gpu-staged --size 4K --depth 2000 --and --path gpu-staged --size 1G --chunk 1
	jq -e '.cases[0].reason == "a ring of 2000 slots, more than 1024"' r.json
	jq -e '.cases[1].reason | startswith("1073741824 pieces of 1 bytes, more than 65536")' r.json
}

@test "pair and compare know them, and time no stub" {
	"$dmabench" pair --a "$dmabench" --b "$dmabench" --out-a a.json --out-b b.json --path gpu-staged --size 64K \
		--launches 2 --samples 2 --sample-ms 0 --budget-ms 1 --cpu-ms 0 --calibrate-ms 0 --state-ms 0
	jq -e '.cases | length == 1 and (.[0] | .status == "ok" and .engine.name == "gpu0")' a.json b.json
	expect 3 "$dmabench" compare --paired a.json b.json
	grep -q 'emulated engine' stdout
}

@test "crossover, the CPU's share and the neighbour's cost know the GPU's paths as any engine's" {
	expect_any 0 3 -- "$dmabench" crossover --path memcpy,gpu-staged --size 4K,64K --launches 8 --samples 2 \
		--sample-ms 0 -o c.json
	jq -e '.second.engine.kind == "emulated" and .second.path == "gpu-staged"' c.json
	grep -q emulated stdout stderr
	rm -f r.json
	"$dmabench" run --path memcpy,gpu-staged --size 64K --wait poll --launches 1 --samples 2 --sample-ms 0 \
		--cpu-ms 5 --calibrate-ms 5 --neighbour-ms 1 --state-ms 0 -o r.json
	every '.cpu.left | has("value")'
	jq -e '.cases[] | select(.path == "gpu-staged") | .meanwhile.value >= 0 and has("neighbour")' r.json
}

expect_any() { # STATUS STATUS -- COMMAND...
	local one=$1 other=$2 code=0
	shift 3
	"$@" >stdout 2>stderr || code=$?
	[ "$code" -eq "$one" ] || [ "$code" -eq "$other" ] || {
		cat stdout stderr
		return 1
	}
}

@test "the main job measures a GPU where there is one" {
	# shellcheck source=scripts/bench/cases.sh
	source "$top/scripts/bench/cases.sh"
	for mode in quick default full; do
		has_gpu() { true; }
		host_cases
		"$dmabench" run "${cases[@]}" --dry-run >plan
		grep -v skipped plan | grep -c '^gpu-staged:' | grep -qvx 0
		has_gpu() { false; }
		host_cases
		run ! grep -q gpu-staged <<<"${cases[*]}"
	done
}

@test "scripts/gpu.sh: a stub is refused, or measured as what it is" {
	run --separate-stderr "$top/scripts/gpu.sh" --dmabench "$dmabench" --out out
	status_is 3
	in_stderr "none of them is hardware"
	STUB_VERSION=9000 run --separate-stderr "$top/scripts/gpu.sh" --dmabench "$dmabench" --out out
	status_is 3
	in_stderr "the driver is of CUDA 9.0, older than 11.0"
	run --separate-stderr "$top/scripts/gpu.sh" --dmabench nosuch
	status_is 2
	run --separate-stderr "$top/scripts/gpu.sh" --fast
	status_is 2
}

@test "copy: by hand, the same work and the same reasons" {
	"$dmabench" copy --path gpu-staged --size 100001 --count 3
	nothing_left
	STUB_FAIL=cuMemcpyDtoHAsync_v2=700@2 run --separate-stderr "$dmabench" copy --path gpu-staged --size 4K --count 3
	status_is 1
	in_stderr "copying: cuMemcpyDtoHAsync: CUDA_ERROR_ILLEGAL_ADDRESS (700)"
}
