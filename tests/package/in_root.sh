#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# In a fresh root of a release, on a clean clone: build the packages twice, read them, install,
# use, upgrade, remove and purge them, and run their own tests. Says TAP; what was seen on the
# way is in build/test/package.
#
# usage: tests/package/in_root.sh [--any-root]
#
#   --any-root   also where this isn't a root to be thrown away
# shellcheck disable=SC2016 # inner shells and formats expand
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../../scripts/lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"
# shellcheck source=tests/package/lists.sh
source "$root/tests/package/lists.sh"
# shellcheck source=tests/package/uses.sh
source "$root/tests/package/uses.sh"

seen=$root/build/test/package
work=/tmp/packages
version=$(cat "$root/VERSION")
older=0.0.9
count=0
bad=0

# check TEXT COMMAND...: one test; what the command says is in $seen.
check() {
	local text=$1 log began=$SECONDS
	shift
	count=$((count + 1))
	log=$seen/$(printf '%02d' "$count")-$(tr -c 'a-z0-9\n' - <<<"${text,,}" | cut -c 1-40).log
	if "$@" >"$log" 2>&1; then
		echo "ok $count - $text, in $((SECONDS - began)) s"
	else
		echo "not ok $count - $text, in $((SECONDS - began)) s"
		tail -n 20 "$log" >&2
		bad=$((bad + 1))
	fi
}

# note FILE: for whoever reads the log.
note() {
	[[ ! -e $1 ]] || sed "s/^/# ${1##*/}: /" "$1"
}

apt() {
	DEBIAN_FRONTEND=noninteractive command apt-get -q -y --no-install-recommends "$@" </dev/null
}

# ---- building ---------------------------------------------------------------

# tree FOLDER: what is committed, as a tarball would have it.
tree() {
	mkdir -p "$1"
	git -C "$root" archive HEAD | tar -x -C "$1"
}

build() { # FOLDER ARGUMENT...
	(cd "$1" && shift && dpkg-buildpackage --no-sign "$@")
}

build_once() {
	tree "$work/a/dmabench" && build "$work/a/dmabench"
}

# In another folder, year, time zone and language, by one process at a time, for others unreadable.
build_again() {
	local folder="$work/another-folder/with_a_longer.name/dmabench"
	tree "$folder" && find "$folder" -exec touch -h -d 2021-02-03 {} + || return
	(umask 077 && DEB_BUILD_OPTIONS='nocheck parallel=1' TZ=Pacific/Kiritimati LC_ALL=tr_TR.UTF-8 LANG=tr_TR.UTF-8 \
		HOME=/nonexistent USER=somebody faketime -f '+1y' bash -c 'cd "$1" && dpkg-buildpackage --no-sign -b' \
		build "$folder")
}

same_bytes() {
	local deb
	(cd "$work" && sha256sum a/*.deb another-folder/*/*.deb) | tee "$seen/checksums"
	for deb in "$work"/a/dmabench{,-dkms}_"$version"_*.deb; do
		cmp "$deb" "$work/another-folder/with_a_longer.name/${deb##*/}" || return
	done
}

# The version before: the same sources under a lower number, with a file that this one hasn't.
build_older() {
	local folder=$work/a/dmabench
	mkdir -p "$work/older"
	cp -a "$folder" "$work/older/dmabench" && cd "$work/older/dmabench" || return
	dh_clean && printf '%s\n' "$older" >VERSION || return
	sed -i "1s/($version)/($older)/" debian/changelog
	echo 'tests/package/only_before usr/share/dmabench' >>debian/dmabench.install
	echo "of $older" >tests/package/only_before
	DEB_BUILD_OPTIONS=nocheck dpkg-buildpackage --no-sign -b -nc
}

one_version() {
	local deb
	for deb in "$work"/a/*.deb; do
		[[ $(dpkg-deb -f "$deb" Version) == "$version" ]] || return
	done
	[[ $("$work/a/dmabench/build/dmabench" --version) == *"$version"* ]]
}

lint() {
	local code=0
	lintian --fail-on error,warning --info "$work"/a/dmabench_*.changes >"$seen/lintian" 2>&1 || code=$?
	printf '%s, status %s\n' "$(lintian --version)" "$code" >>"$seen/lintian"
	cat "$seen/lintian"
	return "$code"
}

contents() {
	local deb
	for deb in "$work"/a/*.deb; do
		printf '== %s\n' "${deb##*/}"
		dpkg-deb -I "$deb"
		dpkg-deb -c "$deb"
	done >"$seen/contents"
	grep -qE ' \./usr/bin/dmabench$' "$seen/contents" &&
		grep -qE ' \./usr/lib/udev/rules.d/60-dmabench.rules$' "$seen/contents" &&
		grep -qE ' \./usr/lib/sysusers.d/dmabench.conf$' "$seen/contents" &&
		grep -qE ' \./usr/share/man/man1/dmabench.1.gz$' "$seen/contents" &&
		grep -qE " \./usr/src/dmabench-$version/dkms.conf$" "$seen/contents"
}

# ---- using ------------------------------------------------------------------

# What they want, so that the list of files before is without them alone.
dependencies() {
	local deb all=dkms
	for deb in "$work"/a/*.deb; do
		all+=", $(dpkg-deb -f "$deb" Depends)"
	done
	all=$(tr ',' '\n' <<<"$all" | sed 's/^ *//' | grep -v '^dmabench' | paste -s -d ,)
	apt satisfy "$all, $(better_with), $(kernel_headers), udev, bash-completion, zsh"
}

# What it draws and reports with, and what guests take.
better_with() {
	{ dpkg-deb -f "$work/a/dmabench_${version}_$host_arch.deb" Recommends && dpkg-deb -f \
		"$work/a/dmabench_${version}_$host_arch.deb" Suggests; } |
		tr ',' '\n' | sed 's/^ *//' | grep -v '^dmabench' | paste -s -d ,
}

install_debs() { # FOLDER
	dpkg -i "$1"/dmabench{,-dkms}_*.deb
}

# Modules of that version alone, for the kernel whose headers are here.
modules_are() {
	dkms status
	dkms status -m dmabench | grep -q "dmabench.$1" && ! dkms status -m dmabench | grep -qv "dmabench.$1" &&
		[[ $(modinfo -k "$kernel" -F version dmabench) == "$1" ]] &&
		modinfo -k "$kernel" dmabench_sim >/dev/null
}

# What installing the package has built, or may be left for later: here, the kernel that runs is
# another one.
build_modules() {
	modules_are "$1" || { dkms install -m dmabench -v "$1" -k "$kernel" && modules_are "$1"; }
}

# A kernel without dmaengine, whose headers were there when the packages were installed: that went
# well, and there is nothing for it. Nor does it fail to be installed, which calls autoinstall.
left_out() {
	local release said
	release=$(basename "$(echo /lib/modules/*cloud*)")
	[[ -e /lib/modules/$release/build/.config ]] || return
	! grep '^CONFIG_DMA_ENGINE=' "/lib/modules/$release/build/.config" || return
	dkms autoinstall -k "$release" || return
	said=$(dkms build -m dmabench -v "$version" -k "$release" 2>&1) || true
	printf '%s\n' "$said"
	[[ $said == *BUILD_EXCLUSIVE* ]] && ! modinfo -k "$release" dmabench
}

# udev's own reading of the rule, where this udev can say it; it acts by it in a guest of other tests.
rule_is_read() {
	if udevadm verify --help >/dev/null 2>&1; then
		check "$1" udevadm verify --resolve-names=early /usr/lib/udev/rules.d/60-dmabench.rules
	else
		count=$((count + 1))
		echo "ok $count - $1 # SKIP this udev can't say so"
	fi
}

group_is_empty() {
	getent group dmabench && [[ $(getent group dmabench | cut -d : -f 4) == "" ]]
}

upgraded() {
	install_debs "$work/a" && [[ $(dmabench --version) == *"$version"* ]] &&
		[[ ! -e /usr/share/dmabench/only_before && ! -e /usr/src/dmabench-$older ]]
}

autopkgtests() {
	mkdir -p "$work/tests"
	cd "$work/tests" && autopkgtest --output-dir "$work/tests/out" -B \
		"$work"/a/*.deb "$work/a/dmabench/" -- null
}

prepare() {
	"$root/scripts/setup.sh" --for package && apt install locales passwd &&
		localedef -i tr_TR -f UTF-8 tr_TR.UTF-8
}

main() {
	local user shell file
	is_root || die "needs root"
	[[ ${1-} == --any-root || $root == /root/dmabench ]] || die "this installs and removes packages: see --any-root"
	mkdir -p "$seen" "$work"
	echo 1..30
	check "what building takes can be installed" prepare
	check "scripts/setup.sh names all that debian/control wants to build" dpkg-checkbuilddeps "$root/debian/control"
	check "the packages build, and their unit tests pass" build_once
	check "they hold what they should" contents
	check "one version everywhere" one_version
	check "lintian has neither errors nor warnings" lint
	check "they build in another folder, year, time zone and language" build_again
	check "to the same bytes" same_bytes
	check "a version before this one builds" build_older

	check "what they depend on can be installed" dependencies
	kernel=$(newest_headers)
	useradd --create-home tester
	list_files >"$seen/files-before"
	check "the version before is installed" install_debs "$work/older"
	check "DKMS builds its modules" build_modules "$older"
	check "the group is there, and nobody is in it" group_is_empty
	rule_is_read "udev can read the rule"
	check "the upgrade leaves nothing of the version before" upgraded
	check "DKMS builds the modules of this one, and has no others" build_modules "$version"
	check "a kernel without dmaengine is left out" left_out
	check "what its packages name is all that the main job takes" dmabench setup --for bench --no-install
	for user in root tester; do
		check "dmabench bench --quick as $user, here and in a guest" measure_as "$user"
	done
	check "the modules that DKMS has built load in a guest, and pass the driver's tests" dkms_in_guest
	for shell in bash zsh; do check "$shell completes commands as they are installed" complete_as "$shell"; done
	list_files >"$seen/files-used"
	check "using it wrote nothing but what was asked for" only_used "$seen"
	check "dmabench-dkms is removed" dpkg --remove dmabench-dkms
	check "dmabench is removed" dpkg --remove dmabench
	check "no module is left" no_modules "$kernel"
	check "both are purged" dpkg --purge dmabench dmabench-dkms
	list_files >"$seen/files-after"
	check "purged, they leave nothing" nothing_left "$seen"
	check "their own tests pass (autopkgtest)" autopkgtests
	wc -l "$seen"/files-{before,used,after} >"$seen/files"
	# But for the folders of users, who keep what is theirs.
	differences "$seen/files-before" "$seen/files-after" | { grep -vE ' /(root|home/tester)/' || true; } >"$seen/files-left"
	for file in lintian checksums files files-left completed-bash completed-zsh; do note "$seen/$file"; done
	[[ $bad -eq 0 ]]
}

main "$@"
