# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $host_arch and kernel_flavour are scripts/lib/distribution.sh's
#
# The distribution's packages, of any architecture, without installing them: the machine's own
# package lists, or lists under the cache. Needs no root and changes nothing outside the cache.

cache=$guest_cache
apt_options=()

# Where this machine's own packages come from, but for those of others than the distribution.
# shellcheck disable=SC2016 # apt-get expands
own_mirror() {
	! have apt-get || apt-get indextargets --format '$(REPO_URI) $(ORIGIN) $(SUITE)' 'Created-By: Packages' |
		awk '$2 == "Debian" && $3 !~ /security/ { print $1; exit }'
}

# release_lines RELEASE [MIRROR]: what its sources.list would say.
release_lines() {
	local base=${2:-$(own_mirror)} pocket
	base=${base:-$default_mirror}
	for pocket in ${release_sources[$1]}; do
		case $pocket in
		*-security) printf 'deb %s %s main\n' "${base%/}-security" "$pocket" ;;
		*) printf 'deb %s %s main\n' "${base%/}" "$pocket" ;;
		esac
	done
}

# Package lists of our own: for machines whose lists are missing or stale, and for another
# architecture, which the machine then needn't be told of.
apt_private() { # [ARCH]
	local arch=${1:-$host_arch} lists=$cache/apt status=/var/lib/dpkg/status release
	have apt-get || return 1
	if [[ $arch != "$host_arch" ]]; then
		lists=$cache/apt-$arch
		status=$lists/status
	fi
	mkdir -p "$lists/state/lists/partial" "$lists/cache/archives/partial"
	[[ $status != "$lists"/* ]] || : >>"$status"
	apt_options=(-o "Dir::State=$lists/state" -o "Dir::Cache=$lists/cache"
		-o "Dir::State::status=$status")
	[[ $arch == "$host_arch" ]] ||
		apt_options+=(-o "APT::Architecture=$arch" -o "APT::Architectures::=$arch")
	release=$(other_release "$arch")
	if [[ -n $release ]]; then
		release_lines "$release" | grep -v -- -backports >"$lists/sources.list"
		apt_options+=(-o "Dir::Etc::SourceList=$lists/sources.list" -o Dir::Etc::SourceParts=/dev/null)
	fi
	# A mirror that is being written to may lack a part of its lists; the others do, mostly.
	apt-get "${apt_options[@]}" -qq update >&2 || compgen -G "$lists/state/lists/*_Packages*" >/dev/null
}

# apt_for ARCH: package lists that know it.
apt_for() {
	[[ $1 == "$host_arch" ]] || apt_private "$1"
}

apt_run() {
	local tool=$1
	shift
	"$tool" ${apt_options[@]+"${apt_options[@]}"} "$@"
}

# apt_has PACKAGE: whether it can be downloaded.
apt_has() {
	have apt-cache && [[ -n $(apt_run apt-cache show --no-all-versions "$1" 2>/dev/null) ]]
}

# apt_download PACKAGE...: into the present directory.
apt_download() {
	apt_run apt-get -q -o APT::Sandbox::User=root download "$@" >&2
}

# What a package depends on, one a line, whose name matches.
depends_of() { # PACKAGE REGEX
	apt_run apt-cache depends "$1" 2>/dev/null | sed -nE "s/^ [ |]*Depends: ($2)\$/\\1/p"
}

# archive_releases ARCH: the releases of kernels that the package lists have, the newest first.
archive_releases() {
	local flavour
	flavour=$(kernel_flavour "$1")
	! have apt-cache || apt_run apt-cache pkgnames linux-headers- |
		sed -nE "s/^linux-headers-([0-9]+\.[0-9]+[.-][0-9].*-$flavour)\$/\\1/p" |
		{ grep -vE -- "-(rt|cloud|cloud-rt)-$flavour\$" || true; } | sort -rV
}

# archive_release SERIES ARCH: the newest of a series, or nothing.
archive_release() {
	local release
	while read -r release; do
		[[ $(series_of "$release") == "$1" ]] || continue
		! apt_has "linux-headers-$release" || { echo "$release" && return; }
	done < <(archive_releases "$2")
}

# Folders with the headers of a kernel: installed ones, and those that scripts/kernel/headers.sh has
# unpacked, the newest release first.
header_folders() { # SERIES ARCH
	local dir flavour
	flavour=$(kernel_flavour "$2")
	for dir in {,"$guest_cache"/headers-*}/usr/src/linux-headers-"$1"[.-]*-"$flavour"; do
		[[ -e $dir && $dir != *-rt-"$flavour" && $dir != *-cloud-"$flavour" ]] || continue
		printf '%s %s\n' "${dir##*/linux-headers-}" "$dir"
	done | sort -rV | cut -d ' ' -f 2-
}

# headers_of RELEASE: the folder with the headers of just this one, or nothing.
headers_of() {
	local dir
	for dir in {,"$guest_cache/headers-$1"}"/usr/src/linux-headers-$1"; do
		[[ ! -e $dir ]] || printf '%s\n' "$dir"
	done | head -n 1
}

apt_has_image() { # RELEASE
	apt_has "linux-image-$1" || apt_has "linux-image-$1-unsigned"
}

# choose_release SERIES ARCH: the release that modules are built for and guests boot, which need
# both headers and an image: what is here before what would have to be downloaded.
choose_release() {
	local dir release headers=()
	while read -r dir; do
		release=${dir##*/linux-headers-}
		headers+=("$release")
		[[ ! -e $guest_cache/kernel-$release/boot/vmlinuz-$release ]] || { echo "$release" && return; }
	done < <(header_folders "$1" "$2")
	apt_for "$2" || true
	for release in ${headers[@]+"${headers[@]}"}; do
		! apt_has_image "$release" || { echo "$release" && return; }
	done
	archive_release "$1" "$2" | grep . && return
	# Headers without an image are good for building.
	printf '%s\n' "${headers[0]-}" | grep . && return
	[[ $2 == "$host_arch" ]] && apt_private "$2" && archive_release "$1" "$2" | grep .
}

# archive_kernels ARCH: the series that the archive has, in a line, for messages.
archive_kernels() {
	archive_releases "$1" | sed -E 's/^([0-9]+\.[0-9]+).*/\1/' | uniq | tac | paste -s -d ' '
}
