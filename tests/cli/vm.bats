#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/vm.sh tells the truth about what happened in the guest.

# shellcheck disable=SC2016 # the guest's shell expands
# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	vm=$top/scripts/vm.sh
	export TMPDIR=$BATS_TEST_TMPDIR
	mkdir -p "$top/build/tests"
}

need_guest() {
	command -v qemu-system-x86_64 >/dev/null || skip "no QEMU"
}

nothing_left() {
	[[ -z $(find "$TMPDIR" -maxdepth 1 -name 'dmabench.*') ]]
}

teardown() {
	eventually nothing_left
}

usage_is_refused() { # TEXT ARGUMENTS...
	local text=$1
	shift
	run --separate-stderr "$vm" "$@"
	status_is 2
	in_stderr "$text"
	[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
}

@test "wrong usage: status 2 and one line that says which" {
	usage_is_refused --nonsense --nonsense -- true
	usage_is_refused "no command" --smp 1
	usage_is_refused "needs a value" --kernel
	usage_is_refused "--kernel 6" --kernel 6 -- true
	usage_is_refused "--kernel debug-6.2" --kernel debug-6.2 -- true
	usage_is_refused "--iommu on" --iommu on -- true
	usage_is_refused "--machine pc" --machine pc -- true
	usage_is_refused "--timeout 1s" --timeout 1s -- true
	usage_is_refused "--timeout 0" --timeout 0 -- true
	usage_is_refused "--mem 1" --mem 1 -- true
	DMABENCH_BOOT_LIMIT=1m usage_is_refused "DMABENCH_BOOT_LIMIT 1m" -- true
	usage_is_refused "--smp 2" --icount --smp 2 -- true
	usage_is_refused "only with --icount" --date 2026-01-31T12:00:00 -- true
	usage_is_refused "--date yesterday" --icount --date yesterday -- true
	usage_is_refused "there are 2 nodes" --cpuless 2 -- true
	usage_is_refused "expected nodes" --cpuless 1, -- true
	usage_is_refused "at least one node" --cpuless 0,1 -- true
	usage_is_refused "node 0 must have memory" --memless 0 -- true
	usage_is_refused "for each of 3 pairs" --nodes 3 --distances 20,20 -- true
	usage_is_refused "from 11 to 254" --distances 10 -- true
	usage_is_refused "--env 1x=2" --env 1x=2 -- true
	usage_is_refused "--with /etc/passwd" --with /etc/passwd -- true
	usage_is_refused "regular expression" --allow-warnings '(' -- true
}

# host MACHINE: stubs of what tells the host's machine, and of a QEMU that can't do anything.
host() {
	mkdir -p "$TMPDIR/bin"
	printf '#!/bin/sh\necho %s\n' "$1" >"$TMPDIR/bin/uname"
	chmod +x "$TMPDIR/bin/uname"
	PATH=$TMPDIR/bin:$PATH
}

@test "wrong options with virt" {
	local own
	own=$(bash -c 'source "$0/scripts/lib/common.sh"; source "$0/scripts/lib/distribution.sh"; own_kernel' "$top")
	usage_is_refused "--iommu on" --machine virt --iommu on -- true
	usage_is_refused "--smp 65" --machine virt --smp 65 -- true
	usage_is_refused "--icount needs one CPU" --machine virt --icount --smp 2 -- true
	usage_is_refused "--warp needs one CPU" --machine virt --warp --smp 2 -- true
	usage_is_refused "node 0 must have memory" --machine virt --memless 0 -- true
	usage_is_refused "for each of 3 pairs" --machine virt --nodes 3 --distances 20,20 -- true
	usage_is_refused "--kernel debug-$own: not with --machine virt" --machine virt --kernel "debug-$own" -- true
}

@test "KVM is for guests of the host's own architecture" {
	host x86_64
	usage_is_refused "--accel kvm: not with --machine virt" --machine virt --accel kvm -- true
	usage_is_refused "--accel kvm: not with --machine versal" --machine versal --accel kvm -- true
	usage_is_refused "--icount: not with --accel kvm" --icount --accel kvm -- true
	host aarch64
	usage_is_refused "--accel kvm: not with --machine q35" --accel kvm -- true
	usage_is_refused "--accel kvm: not with --machine raspi3b" --machine raspi3b --accel kvm -- true
	usage_is_refused "--icount: not with --accel kvm" --machine virt --icount --accel kvm -- true
}

# accelerator MACHINE: what scripts/vm.sh would try for it first, where KVM can be opened.
accelerator() {
	run bash -c '
		set -euo pipefail
		root=$1 machine=$2 mode= accel_wanted=auto cache=$TMPDIR
		source "$root/scripts/lib/distribution.sh"
		source "$root/scripts/vm/machine.sh"
		source "$root/scripts/vm/accel.sh"
		arch=${machine_arch[$machine]}
		choose_accel
		echo "$accel"' accel "$top" "$1"
	status_is 0
}

@test "KVM is tried first where the guest's architecture is the host's" {
	[[ -w /dev/kvm ]] || skip "no /dev/kvm that can be opened"
	local case
	for case in "x86_64 q35 kvm" "x86_64 virt tcg" "aarch64 virt kvm" "aarch64 q35 tcg" \
		"aarch64 versal tcg"; do
		read -r machine of accel <<<"$case"
		host "$machine"
		accelerator "$of"
		[[ $output == "$accel" ]]
	done
}

# complaints_about LINE: what scripts/vm.sh finds wrong with a console that has this line.
complaints_about() {
	printf 'Linux version\r\n%s\r\n' "$1" >"$TMPDIR/serial"
	run bash -c 'serial=$1 allow_warnings=
		source "$2/scripts/vm/verdict.sh"
		complaints' verdict "$TMPDIR/serial" "$top"
	status_is 0
}

@test "what an IOMMU reports is a complaint, and what it says when it starts isn't" {
	local line
	while read -r line; do
		complaints_about "[    9.0] $line"
		[[ $output == *"$line" ]]
	done <<-'END'
		DMAR: [DMA Read NO_PASID] Request device [00:02.0] fault addr 0xfffff000
		arm-smmu-v3 9050000.smmuv3: event 0x10 received:
		arm-smmu-v3 9050000.smmuv3: unexpected global error reported (0x00000001), this could be serious
		arm-smmu-v3 9050000.smmuv3: CMD_SYNC timeout at 0x00000042 [hwprod 0x00000043, hwcons 0x00000042]
		arm-smmu-v3 9050000.smmuv3: EVTQ overflow detected -- events lost
		arm-smmu 2b500000.iommu: Unhandled context fault: fsr=0x402, iova=0x1, fsynr=0x1, cb=0
	END
	while read -r line; do
		complaints_about "[    9.0] $line"
		[[ -z $output ]]
	done <<-'END'
		DMAR: Intel(R) Virtualization Technology for Directed I/O
		arm-smmu-v3 9050000.smmuv3: ias 44-bit, oas 44-bit (features 0x00008305)
		arm-smmu-v3 9050000.smmuv3: allocated 32768 entries for evtq
		Kernel command line: console=ttyAMA0 iommu.strict=1 arm-smmu-v3.disable_bypass=1
	END
}

# packed TRAILER TOOL...: a file with an x86 kernel's header, $TMPDIR/image packed, and what follows.
packed() {
	local trailer=$1
	shift
	"$@" <"$TMPDIR/image" >"$TMPDIR/payload"
	{
		head -c $((0x1f1)) /dev/zero
		printf '\003'
		head -c $((0x248 - 0x1f2)) /dev/zero
		printf '\160\1\0\0'
		printf '%08x' $(($(stat -c %s "$TMPDIR/payload") + ${#trailer})) |
			sed 's/\(..\)\(..\)\(..\)\(..\)/\\\\x\4\\\\x\3\\\\x\2\\\\x\1/' | xargs printf
		head -c $((4 * 512 + 0x170 - 0x250)) /dev/zero
		cat "$TMPDIR/payload"
		printf %s "$trailer"
		head -c 5000 /dev/urandom
	} >"$TMPDIR/vmlinuz-x"
}

# started ACCEL: which file QEMU is given, of $TMPDIR/vmlinuz-x.
started() {
	run bash -c '
		set -euo pipefail
		source "$1/scripts/lib/common.sh"
		accel=$2 machine=q35 kernel_folder=$3 kernel_release=x vmlinuz=$3/vmlinuz-x
		source "$root/scripts/vm/machine.sh"
		source "$root/scripts/vm/kernel.sh"
		PATH=${PATH_OF_PACKERS:-$PATH}
		kernel_image' started "$top" "$1" "$TMPDIR"
	status_is 0
}

@test "an emulated guest's kernel is unpacked before, once, and starts packed where it can't be" {
	local image=$TMPDIR/boot/vmlinux-x packer trailer
	mkdir "$TMPDIR/boot"
	# An ELF file with the note, of whatever length.
	printf '.section .note.Xen,"a",@note\n.long 4,8,0x12\n.asciz "Xen"\n.quad 1\n' |
		gcc -nostdlib -static -Wl,-e,0 -x assembler -o "$TMPDIR/image" -
	for packer in "xz --check=crc32 -c" "zstd -qc" "gzip -c"; do
		command -v "${packer%% *}" >/dev/null || continue
		trailer=abcd
		[[ $packer != gzip* ]] || trailer=
		# shellcheck disable=SC2086 # words
		packed "$trailer" $packer
		started tcg
		[[ $output == "$image" ]]
		cmp "$TMPDIR/image" "$image"
		rm "$image"
	done
	started kvm
	[[ $output == "$TMPDIR/vmlinuz-x" && ! -e $image ]]
	# Without the packer it isn't known yet, and nothing is left.
	mkdir "$TMPDIR/bin"
	ln -s /usr/bin/{bash,od,tr,head,tail,rm,mv,readelf,grep,realpath,mktemp,dirname} "$TMPDIR/bin/"
	packed "" gzip -c
	PATH_OF_PACKERS=$TMPDIR/bin started tcg
	[[ $output == "$TMPDIR/vmlinuz-x" && -z $(ls "$TMPDIR/boot") ]]
	# Another packer, and no entry for who starts it unpacked.
	packed abcd tac
	started tcg
	[[ $output == "$TMPDIR/vmlinuz-x" && -e $image && ! -s $image ]]
	rm "$image"
	cp /bin/true "$TMPDIR/image"
	packed abcd xz -c
	started tcg
	[[ $output == "$TMPDIR/vmlinuz-x" && ! -s $image ]]
}

@test "a module that isn't built is an infrastructure failure, before any boot" {
	need_guest
	run --separate-stderr "$vm" --insmod no_such_module -- true
	status_is 125
	in_stderr "no_such_module.ko"
}

@test "a kernel that doesn't exist is an infrastructure failure" {
	need_guest
	run --separate-stderr "$vm" --kernel 1.0 -- true
	status_is 125
	in_stderr "no kernel 1.0"
}

@test "status, exact stdout, stderr, variables and files come back from a failing command" {
	need_guest
	run --separate-stderr "$vm" --env "WORD=it's \$HOME" --out "$TMPDIR/out, 1" -- sh -c '
		head -c 100000 /dev/urandom >"$DMABENCH_OUT/bytes"
		mkdir "$DMABENCH_OUT/folder"
		echo "$WORD" >"$DMABENCH_OUT/folder/word"
		echo "$DMABENCH_PLATFORM" >"$DMABENCH_OUT/platform"
		cat /sys/devices/system/node/online >"$DMABENCH_OUT/nodes"
		echo "a line for stderr" >&2
		cat "$DMABENCH_OUT/bytes" | sha256sum
		printf "no newline"
		exit 7'
	status_is 7
	in_stderr "a line for stderr"
	cd "$TMPDIR/out, 1"
	[[ $output == "$(sha256sum <bytes)"$'\n'"no newline" ]]
	[[ $(stat -c %s bytes) -eq 100000 ]]
	[[ $(cat folder/word) == "it's \$HOME" ]]
	[[ $(cat platform) == vm-kvm || $(cat platform) == vm-tcg ]]
	[[ $(cat nodes) == 0-1 ]]
}

@test "any byte passes through stdout, and status 0 too, when KVM fails and is dropped" {
	need_guest
	local cache=${DMABENCH_CACHE:-$top/build/guest} bytes=$top/build/tests/bytes.$$
	# A QEMU that can't do KVM, and a cache that knows nothing of it yet.
	mkdir "$TMPDIR/bin" "$TMPDIR/cache"
	"$vm" --insmod no_such_module -- true 2>/dev/null || true
	ln -s "$cache"/kernel-* "$TMPDIR/cache/"
	cat >"$TMPDIR/bin/qemu-system-x86_64" <<-END
		#!/bin/sh
		case "\$*" in *"-accel kvm"*) echo "no KVM for you" >&2; exit 1 ;; esac
		exec $(command -v qemu-system-x86_64) "\$@"
	END
	chmod +x "$TMPDIR/bin/qemu-system-x86_64"
	head -c 70000 /dev/urandom >"$bytes"
	DMABENCH_CACHE=$TMPDIR/cache PATH=$TMPDIR/bin:$PATH "$vm" -- \
		cat "build/tests/bytes.$$" >"$TMPDIR/stdout" 2>"$TMPDIR/stderr" || status=$?
	cmp "$bytes" "$TMPDIR/stdout"
	rm "$bytes"
	[[ ${status:-0} -eq 0 ]]
	if [[ -w /dev/kvm ]]; then
		grep -q "KVM is unusable here.*no KVM for you" "$TMPDIR/stderr"
		grep -q ^no "$TMPDIR/cache/kvm"
	fi
}

@test "a kernel that doesn't boot is tried once more, and then is an infrastructure failure" {
	need_guest
	mkdir "$TMPDIR/bin"
	# Dies as often as the file has lines.
	cat >"$TMPDIR/bin/qemu-system-x86_64" <<-END
		#!/bin/sh
		if [ -s "$TMPDIR/deaths" ]; then
			sed -i 1d "$TMPDIR/deaths"
			exit 0
		fi
		exec $(command -v qemu-system-x86_64) "\$@"
	END
	chmod +x "$TMPDIR/bin/qemu-system-x86_64"
	echo once >"$TMPDIR/deaths"
	PATH=$TMPDIR/bin:$PATH run --separate-stderr "$vm" --accel tcg -- echo alive
	status_is 0
	[[ $output == alive ]]
	in_stderr "trying once more"
	printf 'once\ntwice\n' >"$TMPDIR/deaths"
	PATH=$TMPDIR/bin:$PATH run --separate-stderr "$vm" --accel tcg -- echo alive
	status_is 125
	in_stderr "did not come up"
	[[ -z $output ]]
}

# Killed, it may still wait for its parent to look.
hung_is_gone() {
	local pid
	while read -r pid; do
		! grep -qs '^State:[[:space:]][^ZX]' "/proc/$pid/status" || return 1
	done <"$TMPDIR/pids"
}

@test "a QEMU that hangs, even on SIGTERM, is ended, and is an infrastructure failure" {
	need_guest
	mkdir "$TMPDIR/bin"
	printf '#!/bin/sh\necho $$ >>"%s/pids"\ntrap "" TERM\nexec sleep 1000\n' "$TMPDIR" >"$TMPDIR/bin/qemu-system-x86_64"
	chmod +x "$TMPDIR/bin/qemu-system-x86_64"
	DMABENCH_BOOT_LIMIT=2 PATH=$TMPDIR/bin:$PATH run --separate-stderr "$vm" --accel tcg -- echo alive
	status_is 125
	in_stderr "did not come up"
	[[ -z $output && $(wc -l <"$TMPDIR/pids") -eq 2 ]]
	eventually hung_is_gone
}

@test "a QEMU that doesn't even say its version isn't waited for, nor is what it prints put on a terminal" {
	mkdir "$TMPDIR/bin"
	printf '#!/bin/sh\nexec sleep 1000\n' >"$TMPDIR/bin/a"
	printf '#!/bin/sh\nprintf "Q\\033[2J\\000\\377\\nmore\n"\n' >"$TMPDIR/bin/b"
	chmod +x "$TMPDIR"/bin/*
	# shellcheck disable=SC2016 # the inner shell expands
	PATH=$TMPDIR/bin:$PATH run timeout -k 1 40 bash -c '
		source "$1/scripts/vm/accel.sh"
		declare -A arch_qemu=([a]=a [b]=b)
		for arch in a b; do printf "<%s>\n" "$(kvm_key)"; done' sh "$top"
	[[ $status -eq 0 && ${lines[0]} == "<"*" >" && ${lines[1]} == "<"*" Q[2J>" ]]
}

@test "a guest that panics is an infrastructure failure" {
	need_guest
	run --separate-stderr "$vm" -- sh -c 'echo c >/proc/sysrq-trigger; sleep 100'
	status_is 125
	in_stderr "Kernel panic"
	in_stderr "died before its end mark"
}

@test "a guest that powers off by itself is an infrastructure failure, forged mark or not" {
	need_guest
	run --separate-stderr "$vm" -- sh -c 'echo 0 >/host/status; sync; poweroff -f'
	status_is 125
	in_stderr "died before its end mark"
}

@test "a module that can't be loaded is an infrastructure failure that says why" {
	need_guest
	echo "no module" >"$TMPDIR/nonsense.ko"
	run --separate-stderr "$vm" --module-dir "$TMPDIR" --insmod nonsense -- true
	status_is 125
	in_stderr "gave up: insmod /lib/modules/nonsense.ko"
}

@test "output that can't be written is a failure" {
	need_guest
	local code=0
	"$vm" -- sh -c 'yes | head -n 10000' >/dev/full 2>"$TMPDIR/stderr" || code=$?
	[[ $code -eq 125 ]]
	grep -q "can't pass on what the command wrote" "$TMPDIR/stderr"
}

@test "a command that hangs is ended, and what it wrote is there" {
	need_guest
	run --separate-stderr "$vm" --timeout 4 --out "$TMPDIR/out" -- \
		sh -c 'echo early; echo kept >"$DMABENCH_OUT/file"; sleep 1000'
	status_is 124
	[[ $output == early ]]
	[[ $(cat "$TMPDIR/out/file") == kept ]]
}

@test "a kernel warning fails the run, an allowed one doesn't" {
	need_guest
	run --separate-stderr "$vm" --log "$TMPDIR/log" --allow-warnings 'comm: expected' -- sh -c '
		echo "WARNING: CPU: 0 PID: 1 comm: expected" >/dev/kmsg
		echo "WARNING: CPU: 0 PID: 2 comm: surprise" >/dev/kmsg'
	status_is 126
	in_stderr "comm: surprise"
	[[ $stderr != *"comm: expected"* ]]
	grep -q "comm: expected" "$TMPDIR/log"
	# The guest's own end is the last thing in the log: nothing is cut off.
	grep -q "Power down" "$TMPDIR/log"
}

@test "killed at any moment, no QEMU and no file stays" {
	need_guest
	local signal pid qemu
	for signal in TERM KILL; do
		"$vm" -- sleep 1000 >/dev/null 2>&1 3>&- &
		pid=$!
		eventually compgen -G "$TMPDIR/dmabench.*/pid"
		eventually compgen -G "$TMPDIR/dmabench.*/host/ready"
		qemu=$(cat "$TMPDIR"/dmabench.*/pid)
		kill -0 "$qemu"
		kill "-$signal" "$pid"
		eventually nothing_left
		run kill -0 "$qemu"
		[[ $status -ne 0 ]]
	done
}

@test "with counted instructions, what goes wrong before the command is told too" {
	need_guest
	echo nonsense >"$TMPDIR/nonsense.ko"
	run --separate-stderr "$vm" --icount --module-dir "$TMPDIR" --insmod nonsense -- true
	rm "$TMPDIR/nonsense.ko"
	status_is 125
	in_stderr "gave up: insmod /lib/modules/nonsense.ko"
}

@test "with counted instructions and one date, which the clock tells, two boots are the same to the nanosecond" {
	need_guest
	local dir=build/tests/icount.$$ first second
	mkdir -p "$top/$dir"
	gcc -O1 -o "$top/$dir/work" -x c - <<-'END'
		#include <stdio.h>
		#include <string.h>
		#include <time.h>
		#include <unistd.h>
		static char a[65536], b[65536];
		static long now(void)
		{
			struct timespec t;

			clock_gettime(CLOCK_MONOTONIC, &t);
			return t.tv_sec * 1000000000L + t.tv_nsec;
		}
		int main(void)
		{
			for (int i = 0; i < 5; i++) {
				long start = now();

				memcpy(b, a, sizeof(a));
				getppid();
				printf("%ld %ld %d\n", start, now() - start, b[i]);
			}
			return 0;
		}
	END
	# Another date is other random numbers, which shift the work against the timer's ticks.
	boot() {
		"$vm" --icount --date 2026-01-31T12:00:00 --with "$dir/work" -- sh -c '"$1" && date -u +%FT%H:%M' sh "$dir/work"
	}
	first=$(boot)
	second=$(boot)
	rm -r "${top:?}/$dir"
	[[ $(wc -l <<<"$first") -eq 6 && $first == "$second" && ${first##*$'\n'} == 2026-01-31T12:00 ]]
	# The widest copy of 64K is a thousand instructions, and far more came before it.
	head -n 5 <<<"$first" | awk '!($1 > 1e8 && $2 > 1000 && $2 < 1e6) { exit 1 }'
}
