# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # common.sh's
#
# The driver's modules, from the source that lies in the tree or was installed. Sourced after common.sh.

# Why there is none that could be built, or nothing.
no_source_reason() {
	[[ $installed == no || -d $sources/driver ]] || echo "the driver's source isn't here: $sources (package dmabench-dkms)"
}

# make_modules KDIR: below $build/driver, in a folder of the kernel's name; its output is make's.
make_modules() {
	make -C "$sources/driver" --no-print-directory KDIR="$1" INTO="$build/driver" VERSION="$version" 2>&1
}
