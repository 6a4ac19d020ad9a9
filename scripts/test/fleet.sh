# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $root and run_tap are scripts/test.sh's
#
# Many machines: a Slurm controller and its nodes, and hosts in network namespaces that Ansible
# reaches by ssh, all on this machine.

prepare_fleet() {
	make -C "$root" --no-print-directory -j"$(nproc)" bench
}

suite_fleet() {
	local test
	for test in "$root"/tests/fleet/*.bats; do
		run_tap "fleet/$(basename "$test" .bats)" bats --tap --timing "$test"
	done
}
