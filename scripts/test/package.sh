# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $out is run_tap's
#
# The Debian packages in fresh roots of each release: built, read, installed, used, upgraded,
# purged, by tests/package/in_root.sh. What it saw comes back.

packages_there() { # RELEASE
	in_distro "$1" -- tests/package/in_root.sh
}

suite_package() {
	local release
	for release in "${!release_sources[@]}"; do
		run_tap "package/$release" packages_there "$release"
	done
}
