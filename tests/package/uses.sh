# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2154 # jq and inner shells expand; $seen, $version … are in_root.sh's
#
# What users do with the installed packages: measure, here and in a guest, and complete commands.
# And a guest that loads what DKMS has built, which no root can.

# as_user USER COMMAND...: from a folder that isn't theirs, with no more than a login gives.
as_user() {
	local user=$1
	shift
	(cd / && runuser -u "$user" -- env -i HOME="$(home_of "$user")" PATH=/usr/bin:/bin LANG=C.UTF-8 \
		${http_proxy:+http_proxy="$http_proxy"} "$@")
}

home_of() { # USER
	getent passwd "$1" | cut -d : -f 6
}

# Both parts of the main job; the guest's driver is built from what dmabench-dkms has brought.
measure_as() { # USER
	local home code=0
	home=$(home_of "$1")
	as_user "$1" dmabench bench --quick --no-install --out "$home/first" || code=$?
	echo "status $code"
	mkdir -p "$seen/$1" && cp -r "$home"/first/{report.html,report.md,result.json,plots} "$seen/$1/"
	[[ $code -eq 0 && -s $home/first/report.html && -s $home/first/plots/throughput-host.png ]] &&
		[[ -s $home/first/plots/throughput-guest.png && ! -e $home/first/plots/undrawn.json ]] &&
		jq -e '.run.complete and ([.environments[].id] | sort == ["guest", "host"])
			and any(.cases[]; .env == "host" and .status == "ok" and .verified_bytes > 0)
			and any(.cases[]; .engine.driver? == "dmabench_edu" and .status == "ok" and .verified_bytes > 0)
			and all(.cases[]; .status != "failed") and all(.not_measured // [] | .[]; .failed | not)' \
			"$home/first/result.json" >/dev/null && same_sources "$home/.cache/dmabench/$version/driver/$kernel/dmabench.ko"
}

# modinfo has a checksum of all that a module was built from.
same_sources() { # MODULE
	local own
	own=$(modinfo -F srcversion "$1") && echo "$1: built from $own" && [[ -n $own ]] &&
		[[ $own == "$(modinfo -k "$kernel" -F srcversion dmabench)" ]]
}

# dkms_modules FOLDER: those that are installed for the kernel, unpacked.
dkms_modules() {
	local module file
	mkdir -p "$1" || return
	for module in dmabench dmabench_sim dmabench_edu; do
		file=$(modinfo -k "$kernel" -n "$module") && echo "$file" && [[ $file == */updates/dkms/* ]] || return
		case $file in
		*.xz) xz -dc "$file" ;;
		*.zst) zstd -qdc "$file" ;;
		*) cat "$file" ;;
		esac >"$1/$module.ko" || return
	done
}

# Two of the driver's tests on each engine, in the guest's own words.
dkms_in_guest() {
	local engine options programs=../../build/tests/guest
	dkms_modules "$work/modules" && make -C "$root/tests/guest" "$programs"/test_{copy,ioctl} || return
	for engine in sim edu:dma_bits=64; do
		options=(--smp 2)
		[[ $engine == sim ]] || options=(--warp)
		DMABENCH_CACHE=/root/.cache/dmabench/guest "$root/scripts/vm.sh" --kernel "$kernel" --timeout 600 "${options[@]}" \
			--append "secretmem.enable=1 init_on_alloc=0" --module-dir "$work/modules" --insmod "dmabench dmabench_$engine" \
			--env CMOCKA_MESSAGE_OUTPUT=TAP --env DMABENCH_TEST_ENGINE_DRIVER="dmabench_${engine%%:*}" -- sh -c '
			[ "$(cat /sys/module/dmabench/version)" = "$1" ] || exit
			uname -r && build/tests/guest/test_copy && build/tests/guest/test_ioctl' sh "$version" \
			>"$seen/dkms-$engine.tap" || return
		cat "$seen/dkms-$engine.tap"
		[[ $(grep -c '^ok' "$seen/dkms-$engine.tap") -gt 15 ]] || return
	done
}

# completes SHELL KEYS WORDS...: in a terminal, with the shell's own way to what packages bring.
completes() {
	local shell=$1 keys=() words=()
	shift
	while [[ $# -gt 0 ]]; do
		keys+=("$1")
		words+=("<${2// /><}>")
		shift 2
	done
	as_user tester bash -c 'cd && exec "$@"' sh "$completer" "$shell" system "${keys[@]}" >"$seen/completed-$shell" || return
	diff <(printf '%s\n' "${words[@]}") "$seen/completed-$shell"
}

# complete_as SHELL: of scripts, programs and files.
complete_as() {
	completer=$work/complete.py
	install -m 755 "$root/tests/cli/complete.py" "$completer" || return
	completes "$1" 'dmabench benc\t' 'dmabench bench' 'dmabench bench --qu\t' 'dmabench bench --quick' \
		'dmabench bench --where v\t' 'dmabench bench --where vm' 'dmabench tune res\t' 'dmabench tune reset' \
		'dmabench answer first/resu\t' 'dmabench answer first/result.json'
}
