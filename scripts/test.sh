#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Run the tests. Every suite speaks TAP; what failed is shown, and the last line
# counts all of them.
#
# usage: scripts/test.sh [OPTION...] [SUITE...]
#
#   --jobs N      so many tests beside each other (one more than there are CPUs, 4 at most:
#                 some wait)
#   --seconds N   start nothing after so many seconds; what wasn't started is skipped,
#                 by name (0: no limit)
#   --no-install  say what is missing instead of installing it
#
#   unit      parts of the harness, by cmocka
#   cli       the commands and scripts, by bats
#   plots     pictures and report, by bats
#   guest     the driver in QEMU guests, on the distribution's own kernel
#   guest-modes other ways in which its DMA, its interrupts and engines may work, more nodes, and
#             what is wrong or slow on purpose
#   guest-others all of it on the archive's other kernels
#   arm64     the driver in arm64 guests: behind an SMMU, and on the engines of boards
#   arches    driver and harness on other architectures: 32-bit Arm with the kernel's pl330, riscv64
#             with its sf-pdma
#   check     what make check does, as one test
#   gate      the gate that builds both sides itself, and that counts instructions: no regression
#             between boots of one driver, and a driver that is slower by a known 1 % of a small
#             copy is refused
#   mutations the driver broken on purpose: its tests must see it (minutes)
#   debug     the driver in the debug guest (docs/testing.md), in a size for each change
#   debug-all the same in each mode on both debug kernels
#   install   the whole main job by an installed dmabench, as an ordinary user (minutes)
#   distros   both commands of the README in fresh roots of other releases (an hour or so)
#   package   the Debian packages in fresh roots: built twice, installed, used, upgraded, purged
#   fleet     scripts/fleet by a real Slurm, and by Ansible over ssh to network namespaces of this
#             machine (root); what isn't there skips its tests
#   distros-quick the main job in the one that isn't this machine's
#
# unit, cli, plots and guest without arguments. Logs are under build/test.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"
# shellcheck source=scripts/test/jobs.sh
source "$root/scripts/test/jobs.sh"
# shellcheck source=scripts/test/guest.sh
source "$root/scripts/test/guest.sh"
# shellcheck source=scripts/test/guest_harness.sh
source "$root/scripts/test/guest_harness.sh"
# shellcheck source=scripts/test/guest_iommu.sh
source "$root/scripts/test/guest_iommu.sh"
# shellcheck source=scripts/test/guest_numa.sh
source "$root/scripts/test/guest_numa.sh"
# shellcheck source=scripts/test/guest_engines.sh
source "$root/scripts/test/guest_engines.sh"
# shellcheck source=scripts/test/guest_limit.sh
source "$root/scripts/test/guest_limit.sh"
# shellcheck source=scripts/test/guest_async.sh
source "$root/scripts/test/guest_async.sh"
# shellcheck source=scripts/test/guest_rights.sh
source "$root/scripts/test/guest_rights.sh"
# shellcheck source=scripts/test/guest_gate.sh
source "$root/scripts/test/guest_gate.sh"
# shellcheck source=scripts/test/sweeps.sh
source "$root/scripts/test/sweeps.sh"
# shellcheck source=scripts/test/debug.sh
source "$root/scripts/test/debug.sh"
# shellcheck source=scripts/test/distros.sh
source "$root/scripts/test/distros.sh"
# shellcheck source=scripts/test/package.sh
source "$root/scripts/test/package.sh"
# shellcheck source=scripts/test/fleet.sh
source "$root/scripts/test/fleet.sh"
# shellcheck source=scripts/test/boards.sh
source "$root/scripts/test/boards.sh"
# shellcheck source=scripts/test/arm64.sh
source "$root/scripts/test/arm64.sh"
# shellcheck source=scripts/test/arches.sh
source "$root/scripts/test/arches.sh"

# prepare_SUITE builds what it needs before any job begins: guests carry what is built.
prepare_unit() {
	make -C "$root" --no-print-directory -j"$(nproc)" unit
}

suite_unit() {
	local test
	for test in "$root"/tests/unit/test_*.c; do
		test=$(basename "$test" .c)
		run_tap "unit/$test" env CMOCKA_MESSAGE_OUTPUT=TAP "$root/build/tests/unit/$test"
	done
}

prepare_cli() {
	make -C "$root" --no-print-directory -j"$(nproc)" bench
}

suite_cli() {
	local test
	for test in "$root"/tests/cli/*.bats; do
		run_tap "cli/$(basename "$test" .bats)" bats --tap --timing "$test"
	done
}

prepare_install() {
	prepare_cli
}

suite_install() {
	run_tap install/bench bats --tap --timing "$root/tests/install/bench.bats"
}

suite_plots() {
	local test
	for test in "$root"/tests/plots/*.bats; do
		run_tap "plots/$(basename "$test" .bats)" bats --tap --timing "$test"
	done
}

check_as_tap() {
	echo 1..1
	if "$root/scripts/dev/check.sh" >&2; then echo "ok 1 make check"; else
		echo "not ok 1 make check"
		return 1
	fi
}

suite_check() {
	run_tap check check_as_tap
}

suite_mutations() {
	run_tap mutations "$root/scripts/test/mutations.sh"
}

main() {
	local suite suites=() ready=() setup=("$root/scripts/setup.sh") uses=(test) use code seconds=0 jobs
	jobs=$(($(nproc) + 1))
	[[ $jobs -le 4 ]] || jobs=4
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		--no-install) setup+=(--no-install) ;;
		--jobs | --seconds)
			need_value "$1" $#
			[[ $2 =~ ^[0-9]{1,6}$ && ($1 == --seconds || $((10#$2)) -gt 0) ]] || usage_error "$1 $2: not a number it can be"
			printf -v "${1#--}" %s "$((10#$2))"
			shift
			;;
		unit | cli | plots | guest | guest-modes | guest-others | check | gate | install | mutations | debug | debug-all) suites+=("$1") ;;
		distros | distros-quick | package)
			suites+=("$1")
			uses+=(distros)
			;;
		arm64 | arches | fleet)
			suites+=("$1")
			uses+=("$1")
			;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
	[[ ${#suites[@]} -gt 0 ]] || suites=(unit cli plots guest)
	for use in "${uses[@]}"; do
		code=0
		"${setup[@]}" --for "$use" || code=$?
		# 3: one can do without what is missing.
		[[ $code -eq 0 || $code -eq 3 ]] || exit "$code"
	done
	one_at_a_time test
	rm -rf "$logs"
	mkdir -p "$logs"
	cd "$root"
	for suite in "${suites[@]}"; do
		! declare -F "prepare_${suite//-/_}" >/dev/null ||
			run_quietly "$suite/build" "prepare_${suite//-/_}" || continue
		ready+=("$suite")
	done
	for suite in ${ready[@]+"${ready[@]}"}; do
		"suite_${suite//-/_}"
	done
	wait_jobs
	# Again at the end, where whoever sees only that finds it.
	if [[ -s $failures ]]; then
		printf '# What failed, of %s:\n' "$failures"
		head -n 150 "$failures"
	fi
	printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
	[[ $failed -eq 0 && $passed -gt 0 ]]
}

main "$@"
