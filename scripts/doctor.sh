#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Why can't the driver be used here, and what helps? A line for each thing that is wrong, with the
# command to run; changes nothing. docs/doctor.md has all of them.
#
# usage: scripts/doctor.sh [--json]
#
#   --json        the same for programs
#   -h, --help    this text
#
# Exit status: 0 nothing is wrong; 1 something is; 2 wrong usage. DMABENCH_SYSROOT, for tests, is a
# folder that has proc, sys, dev, boot, lib/modules, usr/src and var/lib/dkms in it.
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"
for part in built loading device; do
	# shellcheck source=/dev/null
	source "$root/scripts/doctor/$part.sh"
done

sysroot=${DMABENCH_SYSROOT-}
as_json=no
# Three words each: id, what is wrong, what helps.
findings=()

# found ID PROBLEM COMMAND
found() {
	findings+=("$@")
}

# text_of FILE: its first line, or nothing.
text_of() {
	local line=
	{ read -r line <"$sysroot$1"; } 2>/dev/null || true
	printf '%s\n' "$line"
}

read_options() {
	while [[ $# -gt 0 ]]; do
		case $1 in
		--json) as_json=yes ;;
		-h | --help) show_help ;;
		*) usage_error "unknown argument $1" ;;
		esac
		shift
	done
	[[ $as_json == no ]] || have jq || die "--json needs jq" 2
}

say_findings() {
	local i text
	if [[ $as_json == yes ]]; then
		text=$(jq -n --arg kernel "$release" '$ARGS.positional as $p | {schema: "dmabench-doctor/1", kernel: $kernel,
			ok: ($p == []), findings: [range(0; $p | length; 3) | {id: $p[.], problem: $p[. + 1], help: $p[. + 2]}]}' \
			--args ${findings[@]+"${findings[@]}"})
		print_out '%s\n' "$text"
	else
		for ((i = 0; i < ${#findings[@]}; i += 3)); do
			print_out '%s: %s. Run: %s\n' "${findings[@]:i:3}"
		done
		[[ ${#findings[@]} -gt 0 ]] || print_out 'nothing is wrong: /dev/dmabench can be used\n'
	fi
}

main() {
	read_options "$@"
	release=$(text_of /proc/sys/kernel/osrelease)
	[[ -n $release ]] || release=$(uname -r)
	find_engines
	if [[ -e $sysroot/dev/dmabench ]]; then
		find_rights
		find_version
		find_memlock
	else
		find_why_not_there
	fi
	say_findings
	[[ ${#findings[@]} -eq 0 ]] || exit 1
}

main "$@"
