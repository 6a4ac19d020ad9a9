#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What the packages say in more than one place is the same in each. How they build and behave is
# tests/package's.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

@test "the packages have the version that all has" {
	[[ $(head -n 1 "$top/debian/changelog") == "dmabench ($(cat "$top/VERSION")) "* ]]
	[[ $("$top/build/dmabench" --version) == *"$(cat "$top/VERSION")"* ]]
}

@test "the rule's group is the one that is made, and the node the driver's" {
	local group
	group=$(awk '$1 == "g" { print $2 }' "$top/driver/access/dmabench.conf")
	[[ -n $group ]]
	grep -qF "GROUP=\"$group\"" "$top/driver/access/60-dmabench.rules"
	grep -qF "$(sed -nE 's/^.*\.name = ("[a-z]+"),$/KERNEL==\1,/p' "$top/driver/main.c")" \
		"$top/driver/access/60-dmabench.rules"
	# One line is a rule, so nothing else is matched.
	[[ $(grep -cv '^#' "$top/driver/access/60-dmabench.rules") -eq 1 ]]
}

@test "DKMS is told of each module that is built" {
	diff <(sed -n 's/^obj-m := //p' "$top/driver/Kbuild" | tr ' ' '\n' | sed 's/\.o$//' | sort) \
		<(sed -nE 's/^BUILT_MODULE_NAME\[[0-9]+\]="(.*)"$/\1/p' "$top/debian/dmabench-dkms.dkms" | sort)
}
