#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# One version, from one place, in all that is released; and what older versions wrote is still read.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	shopt -s nullglob
	old=("$top"/tests/fixtures/versions/*.json)
	[[ ${#old[@]} -gt 0 ]]
}

@test "results of older versions are valid, and read by every command" {
	local file name
	"$top/tests/fixtures/validate.py" "$top/results/result.schema.json" "${old[@]}"
	for file in "${old[@]}"; do
		name=$(basename "$file" .json)
		expect 0 "$dmabench" answer "$file"
		[[ -s stdout && ! -s stderr ]]
		expect 0 "$dmabench" table "$file"
		[[ $(wc -l <stdout) -eq $(($(jq '.cases | length' "$file") + 1)) ]]
		# With itself it is the same machine and as fast; too few launches are said to be so.
		expect 3 "$dmabench" compare "$file" "$file"
		expect 0 "$dmabench" compare --describe "$file" "$top/results/reference/result.json"
		grep -q DESCRIBED stdout
		mkdir -p "folder-$name/one"
		cp "$file" "folder-$name/one/result.json"
		expect 3 "$dmabench" trend "folder-$name"
		expect 3 "$dmabench" fleet "folder-$name"
		grep -q one stdout
		"$top/scripts/plot.sh" "$file" "$name/plots" 2>stderr
		"$top/scripts/report.sh" "$file" "$name" 2>stderr
		grep -q memcpy "$name/report.md"
	done
}

@test "another format is refused, not guessed at" {
	jq '.schema = "dmabench-result/2"' "${old[0]}" >new.json
	for command in answer table "compare new.json"; do
		# shellcheck disable=SC2086 # several words
		expect 2 "$dmabench" $command new.json
		[[ ! -s stdout || $command == table ]]
		[[ $(wc -l <stderr) -eq 1 ]] && grep -q 'new.json' stderr
	done
}

@test "the version is that of the file VERSION, wherever it is said" {
	local version
	version=$(<"$top/VERSION")
	[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	[[ $("$dmabench" --version) == "dmabench $version ("* ]]
	# The changelog's first is this one.
	[[ $(grep -m 1 '^## ' "$top/CHANGELOG.md") == "## $version"* ]]
	[[ ! -e $top/debian/changelog || $(sed -nE '1s/.*\(([0-9.]+)[-~+)].*/\1/p' "$top/debian/changelog") == "$version" ]]
	# Nowhere else is it written down to be forgotten.
	run ! grep -nE '^(VERSION|PACKAGE_VERSION|version) *[:?]?= *"?[0-9]' "$top/Makefile" "$top/driver/Makefile" "$top"/scripts/*/*.sh
}

@test "make dist: the same bytes twice, whatever one's umask and settings, and it builds without git" {
	local version clone=$PWD/clone
	git -C "$top" rev-parse -q --verify HEAD >/dev/null 2>&1 || skip "no git checkout"
	version=$(git -C "$top" show HEAD:VERSION)
	git clone -q "$top" "$clone"
	make -s -C "$clone" dist >name
	[[ $(<name) == "$clone/build/dmabench-$version.tar.gz" ]]
	(
		umask 077
		export GZIP=-1 TZ=Asia/Tokyo GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=tar.umask GIT_CONFIG_VALUE_0=0
		"$clone/scripts/dev/dist.sh" "$PWD/again" >/dev/null
	)
	cmp "again/dmabench-$version.tar.gz" "$(<name)"
	mkdir -p other/tree
	git -C other init -q
	tar -C other/tree -xf "$(<name)"
	[[ $(ls other/tree) == "dmabench-$version" ]]
	# In nobody's repository but another one's, whose commit isn't this.
	make -s -C "other/tree/dmabench-$version" build/version.h
	grep -q "DMABENCH_COMMIT \"$(git -C "$clone" rev-parse HEAD | cut -c 1-12)\"" "other/tree/dmabench-$version/build/version.h"
	# As a build of the clone says, whatever tag is there.
	git -C "$clone" -c user.name=me -c user.email=me@example.org tag -a -m one v9
	make -s -C "$clone" build/version.h
	[[ $(grep DMABENCH_COMMIT "$clone/build/version.h") == "$(grep DMABENCH_COMMIT "other/tree/dmabench-$version/build/version.h")" ]]
	expect 2 "other/tree/dmabench-$version/scripts/dev/dist.sh" "$PWD/none"
	[[ ! -e none ]]
}

@test "each request, word and field of the interface is among those that stay" {
	local frozen=$top/tests/unit/test_uapi.c type line name
	for name in $(grep -oE '^#define DMABENCH_[A-Z_]+ ' "$top/include/dmabench_uapi.h" | cut -d ' ' -f 2 | sort -u); do
		grep -qw "$name" "$frozen" || [[ $name == *_MAGIC || $name == *_ASSERT_SIZE ]] || {
			echo "not in test_uapi.c: $name"
			return 1
		}
	done
	while read -r line; do
		[[ ! $line =~ ^struct\ dmabench_([a-z_]+)\ \{ ]] || type=${BASH_REMATCH[1]}
		[[ $line =~ ^(__[us][0-9]+|char|struct\ dmabench_[a-z]+)\ ([a-z_0-9]+)(\[[A-Z_0-9]+\])?\; ]] || continue
		name=${BASH_REMATCH[2]}
		[[ $name == reserved* ]] || grep -q "AT($type, $name, " "$frozen" || {
			echo "not in test_uapi.c: $type.$name"
			return 1
		}
	done < <(sed 's/^[[:space:]]*//' "$top/include/dmabench_uapi.h")
}
