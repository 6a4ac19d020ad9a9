#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# What make install puts somewhere works there, for others than its owner, without being written to,
# and uninstall takes the same files away.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup_file() {
	export installed=$BATS_FILE_TMPDIR/place
	make -C "$BATS_TEST_DIRNAME/../.." -s install PREFIX="$installed" >"$BATS_FILE_TMPDIR/log" 2>&1 || cat "$BATS_FILE_TMPDIR/log"
}

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# What is there: names, modes, sizes and times.
listing() {
	find "$@" -printf '%p %M %s %T@\n' | sort
}

# as_user COMMAND...: as nobody, with a home of its own, who may write there alone.
as_user() {
	local user=()
	[[ $EUID -ne 0 ]] || user=(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all)
	env -i PATH="$PATH" HOME="$PWD/home" TMPDIR="$PWD/home/tmp" LC_ALL=C.UTF-8 "${user[@]}" "$@"
}

# A home, and the way to it and to what is installed open to everybody.
make_home() {
	local dir=$PWD
	mkdir -p home/tmp
	[[ $EUID -ne 0 ]] || chown -R 65534:65534 home
	while [[ $dir == *bats* ]]; do
		chmod o+x "$dir"
		dir=${dir%/*}
	done
}

@test "install and uninstall are about the same files, and a folder in front of them" {
	local list
	make -C "$top" -s install DESTDIR="$PWD/at" PREFIX=/opt/d
	list=$(PREFIX=/opt/d "$top/scripts/dev/install.sh" list)
	diff <(cd at && find . -type f | sed 's/^\.//' | sort) <(sort <<<"$list")
	diff -r at/opt/d "$installed"
	echo mine >at/opt/d/share/dmabench/mine
	make -C "$top" -s uninstall DESTDIR="$PWD/at" PREFIX=/opt/d
	[[ $(find at -type f) == at/opt/d/share/dmabench/mine ]]
	[[ ! -e at/opt/d/libexec/dmabench && ! -e at/opt/d/src/dmabench-$(<"$top/VERSION") ]]
	run --separate-stderr env PREFIX=not/absolute "$top/scripts/dev/install.sh" install
	status_is 2
	in_stderr "PREFIX=not/absolute"
}

@test "all that scripts read is installed: each starts, and says what it is called there" {
	local script
	for script in "$installed"/libexec/dmabench/scripts/*.sh; do
		script=${script##*/}
		run --separate-stderr "$installed/libexec/dmabench/scripts/$script" --help
		status_is 0
		[[ -z $stderr && $output != *scripts/bench.sh* && $output != *build/results* ]]
	done
	run --separate-stderr "$installed/bin/dmabench" bench --nonsense
	status_is 2
	in_stderr "dmabench bench: unknown option --nonsense (see dmabench bench --help)"
	run --separate-stderr "$installed/bin/dmabench" test
	status_is 2
	[[ $stderr == "dmabench: scripts/test.sh is in the source tree alone" ]]
	# Each has its page, and the page its options.
	for script in bench gate gpu peers plot report setup tune vm; do
		diff <("$installed/bin/dmabench" "$script" --help | grep -oE -- '--[a-z][a-z-]+' | sort -u) \
			<(sed 's/\\-/-/g' "$installed/share/man/man1/dmabench-$script.1" | grep -oE -- '--[a-z][a-z-]+' | sort -u)
	done
}

@test "what takes sources that aren't installed is refused in a line that says so, and nothing is written" {
	local host own other before
	host=$(bash -c 'source "$1/scripts/lib/common.sh" && source "$1/scripts/lib/distribution.sh" && echo "$host_arch"' sh "$top")
	own=$(bash -c 'source "$1/scripts/lib/common.sh" && source "$1/scripts/lib/distribution.sh" && own_kernel' sh "$top")
	make_home
	cp "$top/tests/fixtures/good.json" home/
	before=$(listing home)
	refuses() { # TEXT ARGUMENT...
		run --separate-stderr as_user "$installed/bin/dmabench" "${@:2}"
		status_is 2
		in_stderr "$1"
		[[ -z $output && ${#stderr_lines[@]} -eq 1 ]]
	}
	refuses "--against HEAD: what is installed has no commits" gate --against HEAD
	refuses "--against HEAD: what is installed has no commits" gate --icount --against HEAD
	refuses "--accept: this isn't a git checkout" gate --accept home/good.json --store home/x
	for other in virt:arm64 versal:arm64 raspi3b:arm64 smdkc210:armhf sifive_u:riscv64 q35:amd64; do
		[[ ${other#*:} != "$host" ]] || continue
		refuses "--machine ${other%:*}: only in the source tree" vm --machine "${other%:*}" -- true
	done
	[[ $host != amd64 ]] || refuses "--kernel debug-$own: only in the source tree" vm --kernel "debug-$own" -- true
	[[ $(listing home) == "$before" ]]
}

@test "what scripts source, run and read of the tree is there, too" {
	local file folder
	for folder in "$top"/scripts/*/; do
		folder=$(basename "$folder")
		[[ $folder == dev || $folder == test || -d $installed/libexec/dmabench/scripts/$folder ]] || {
			echo "scripts/$folder is neither installed nor for developers alone"
			return 1
		}
	done
	# What they name below $root and $datadir, with its extension.
	while read -r file; do
		[[ $file == scripts/dev/* || $file == scripts/test* || -e $installed/libexec/dmabench/$file || -e $installed/share/dmabench/$file ]] || {
			echo "$file isn't installed"
			return 1
		}
	done < <(grep -rhoE '\$(root|datadir)/[a-z_/]+\.(sh|jq|json|gp|c)\b' "$installed/libexec/dmabench/scripts" | sed 's/^[^/]*.//' | sort -u)
}

@test "a page and pictures, moved elsewhere, as an ordinary user: nothing but what was asked for is written" {
	local before user=()
	command -v gnuplot rsvg-convert cmark-gfm >/dev/null || skip "nothing to draw with"
	make_home
	cp -a "$installed" moved
	chmod -R a-w moved
	before=$(listing moved)
	cp "$top/tests/fixtures/good.json" home/r.json
	as_user bash -c 'cd ~ && "$1/bin/dmabench" plot r.json out/plots && "$1/bin/dmabench" report r.json out' sh "$PWD/moved"
	[[ -s home/out/report.html && $(find home/out/plots -name '*.svg' | wc -l) -gt 4 ]]
	[[ $(listing moved) == "$before" && -z $(ls home/tmp) ]]
	[[ $(cd home && find . -mindepth 1 -maxdepth 1 | sort | xargs) == "./out ./r.json ./tmp" ]]
	chmod -R u+w moved
}

@test "the driver's source is whole: it builds in a folder of one's own" {
	local kdir
	kdir=$("$top/scripts/kernel/headers.sh" 2>/dev/null) || skip "no kernel headers"
	make_home
	as_user test -r "$kdir/Makefile" || skip "these kernel headers are where only their owner gets to"
	as_user make -C "$installed/src/dmabench-$(<"$top/VERSION")/driver" KDIR="$kdir" INTO="$PWD/home/driver" >log 2>&1 || {
		tail log
		false
	}
	[[ $(find home/driver -name '*.ko' | wc -l) -eq 3 ]]
	[[ $(modinfo -F version home/driver/*/dmabench.ko) == "$(<"$top/VERSION")" ]]
}

# The main job without its measuring, in a clone that others own.
@test "a clone that can't be written to is only read: builds and results go to one's own folders" {
	local before
	load scripted
	root=$top
	make_home
	(scripted_job)
	cp base.json new.json
	chmod -R a-w,o+rX tree
	before=$(listing tree)
	as_user env DMABENCH_PROC_MODULES=/none PATH="$PWD/stubs:$PATH" tree/scripts/bench.sh --quick --where host --no-install >log 2>&1 || {
		cat log
		false
	}
	jq -e .run.complete home/.local/state/dmabench/results/*/result.json
	as_user tree/scripts/compare.sh --help >/dev/null
	[[ $(listing tree) == "$before" && -z $(ls home/tmp) ]]
	[[ $(ls -A home | xargs) == ".local tmp" ]]
	chmod -R u+w tree
}

@test "a clone that can't be written to and has no build is built in one's own cache" {
	make_home
	mkdir clone
	cp -a "$top"/{Makefile,VERSION,scripts} clone/
	chmod -R a-w,o+rX clone
	printf '#!/bin/sh\necho "$@" >>%s/home/made\n' "$PWD" >make
	chmod 755 make
	as_user env PATH="$PWD:$PATH" bash -c 'source clone/scripts/lib/common.sh && build_bench && printf "%s\n" "$dmabench" "$statedir" "$guest_cache"' >said
	diff said - <<-END
		$PWD/home/.cache/dmabench/tree$(sed 's/_/__/g; s,/,_s,g' <<<"$PWD/clone")/dmabench
		$PWD/home/.local/state/dmabench
		$PWD/home/.cache/dmabench/guest
	END
	grep -qF "BUILD=$PWD/home/.cache/dmabench/tree" home/made
	chmod -R u+w clone
}

@test "a module of this version that dkms has built is loaded, and taken out again; another version's isn't" {
	[[ $EUID -eq 0 ]] || skip "not root"
	local scripts=$installed/libexec/dmabench/scripts tool
	mkdir stubs parts
	for tool in modprobe rmmod insmod; do
		printf '#!/bin/sh\necho "%s $*" >>%s/asked\n' "$tool" "$PWD" >"stubs/$tool"
	done
	printf '#!/bin/sh\ncat %s/version\n' "$PWD" >stubs/modinfo
	chmod +x stubs/*
	: >proc_modules
	# shellcheck disable=SC2016 # the inner shell expands
	loads() {
		: >asked
		env PATH="$PWD/stubs:$PATH" DMABENCH_PROC_MODULES="$PWD/proc_modules" DMABENCH_DSA_DEVICES=/none KDIR=/none \
			XDG_CACHE_HOME="$PWD/cache" bash -euc 'for part in lib/common lib/driver bench/driver bench/missing; do source "$1/$part.sh"; done
			status=0 out=$PWD; host_headers() { echo "no headers"; return 1; }
			load_driver 2>said; unload_driver; echo "$driver_usable"' sh "$scripts"
	}
	cp "$top/VERSION" version
	[[ $(loads) == yes && $(<asked) == $'modprobe dmabench\nrmmod dmabench' ]]
	echo 0.0.1 >version
	[[ $(loads) == no && ! -s asked ]]
	grep -q "no headers" said
}

@test "the gate of an installed dmabench holds two settings beside each other, and leaves its results to its user" {
	make_home
	echo 'exit 0' >home/a.sh
	# Too few launches for any verdict: it is measured, decided and written.
	as_user "$installed/bin/dmabench" gate --setup "$PWD/home/a.sh" --setup "$PWD/home/a.sh" --launches 2 \
		--cases '--path memcpy --size 4K --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0' >said 2>log || [[ $? -eq 3 ]] || {
		cat said log
		false
	}
	[[ -s $(echo home/.local/state/dmabench/gate/results/*/compare.json) ]]
	[[ $(ls -A home | xargs) == ".local a.sh tmp" && -z $(ls -A home/tmp) ]]
}
