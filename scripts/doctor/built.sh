# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $sysroot, $release and $version are doctor.sh's
#
# Is there a module for the kernel that runs, and if not, why not?

# module_of RELEASE: the file, or nothing.
module_of() {
	find "$sysroot/lib/modules/$1/" -name 'dmabench.ko*' 2>/dev/null | LC_ALL=C sort | head -n 1 || true
}

# Other kernels that have one, in a line.
kernels_with_module() {
	local folder
	for folder in "$sysroot"/lib/modules/*/; do
		folder=${folder%/}
		[[ ${folder##*/} == "$release" || -z $(module_of "${folder##*/}") ]] || printf '%s\n' "${folder##*/}"
	done | paste -sd ' '
}

# The version that dkms has the source of, or nothing.
dkms_version() {
	local folder
	for folder in "$sysroot"/var/lib/dkms/dmabench/*/; do
		folder=${folder%/}
		[[ ! -e $folder/source && ! -d $folder/build && ! -d $folder/$release ]] || printf '%s\n' "${folder##*/}"
	done | sort -V | tail -n 1
}

has_headers() {
	[[ -e $sysroot/lib/modules/$release/build/Makefile || -e $sysroot/usr/src/linux-headers-$release/Makefile ]]
}

# how_to_build DKMS-VERSION
how_to_build() {
	if [[ -n $1 ]]; then
		printf 'sudo dkms install dmabench/%s -k %s' "$1" "$release"
	elif [[ $installed == yes ]]; then
		printf 'sudo apt-get install dmabench-dkms'
	else
		printf 'make driver && sudo insmod build/driver/%s/dmabench.ko' "$release"
	fi
}

# No module for this kernel: what stands in the way, or that nobody has built it.
find_why_not_built() {
	local others dkms log
	others=$(kernels_with_module)
	dkms=$(dkms_version)
	log=/var/lib/dkms/dmabench/$dkms/build/make.log
	if ! has_headers; then
		found no-headers "the headers of the kernel that runs ($release) aren't here, so that no module can be built for it" \
			"sudo apt-get install $(headers_package "$release")"
	elif [[ -n $dkms && -e $sysroot$log ]]; then
		found build-failed "dkms has tried to build the module, and there is none for $release" "less $log"
	fi
	if [[ -n $others ]]; then
		found other-kernel "the module is built for $others, and $release runs" "$(how_to_build "$dkms")"
	elif [[ -n $dkms ]]; then
		found not-built "dkms has the driver's source, but no module for $release" "$(how_to_build "$dkms")"
	else
		found not-installed "there is no module of the driver" "$(how_to_build "")"
	fi
}

# What the module says that it was built for; nothing where it can't be read.
vermagic_of() {
	modinfo -F vermagic "$1" 2>/dev/null || true
}

find_other_vermagic() { # FILE
	local magic
	magic=$(vermagic_of "$1")
	[[ -z $magic || ${magic%% *} == "$release" ]] ||
		found other-vermagic "${1#"$sysroot"} was built for ${magic%% *}, and $release runs" "$(how_to_build "$(dkms_version)") --force"
}
