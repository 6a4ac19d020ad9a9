#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Pictures of a made-up history: points, levels and marks are read back from the SVG.

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	make -C "$root" --no-print-directory bench >&2
	cd "$BATS_FILE_TMPDIR"
	"$root/tests/fixtures/history.sh" history
	"$root/scripts/trend.sh" history out >text
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# Every text of a picture, one a line.
texts() { xmllint --xpath '//*[local-name()="text"]//text()' "out/plots/$1.svg"; }

@test "a page for each twelve cases, those that changed first" {
	[ "$(find out/plots -name '*.svg' | wc -l)" -eq 4 ]
	[ "$(find out/plots -name '*.png' | wc -l)" -eq 4 ]
	[ "$(texts trend-host | grep -c '^memcpy [^-].*\[')" -eq 8 ]
	[ "$(texts trend-host | grep -c '^nt .*\[')" -eq 4 ]
	[ "$(texts trend-host-2 | grep -c '^nt .*\[')" -eq 4 ]
	[ "$(for page in trend-host trend-host-{2,3,4}; do texts $page; done | grep -c ' \[[nµm]s\]$')" -eq 46 ]
	texts trend-host | grep -qxF "Time of each case over 30 runs, page 1 of 4 — host"
	texts trend-host | grep -qxF "fixture CPU, 2 CPUs · vm-kvm · commits c00 to c29 · 16 of 46 cases changed"
	for page in trend-host trend-host-{2,3,4}; do
		xmllint --noout "out/plots/$page.svg"
		run "$root/tests/fixtures/png_colours.py" "out/plots/$page.png"
		[ "$status" -eq 0 ]
		[ "${output##* }" -gt 50 ]
	done
}

@test "each change has its mark, with commit and size; unchanged cases have none" {
	[ "$(texts trend-host | grep -c '^c12 +\(19\|20\|21\) %$')" -eq 8 ]
	[ "$(texts trend-host | grep -c '^c20 −\(9\.[0-9]*\|1[01]\) %$')" -eq 4 ]
	[ "$(texts trend-host-3 | grep -c '^c[0-9]* [+−]' || true)" -eq 0 ]
}

@test "the mark stands between the runs where the level changes" {
	# Of the first panel: thirty points, and the mark between the twelfth and the thirteenth.
	mapfile -t points < <(awk '/<use xlink:href=.#gpPt6/ { split($0, p, /[(,)]/); print p[2] }' \
		out/plots/trend-host.svg | head -n 30)
	mark=$(grep -A 3 "rgb(192,  57,  43)" out/plots/trend-host.svg | grep -om 1 "d='M[0-9.]*" | tr -dc '0-9.')
	[ "${#points[@]}" -eq 30 ]
	[ "$(bc <<<"${points[11]} < $mark && $mark < ${points[12]}")" -eq 1 ]
}

@test "a run that lacks a case leaves a gap, no point" {
	cp -r history gap
	jq -c '.cases |= map(select(.path != "memcpy"))' gap/run-003.json >new
	mv new gap/run-003.json
	"$root/scripts/trend.sh" gap gapped >/dev/null
	jq -e 'all(.cases[] | select(.path == "memcpy" and .env == "host"); (.values | length) == 29
		and (.runs | index([3])) == null and .changes[0].run == 12)' gapped/trend.json
}

@test "an emulated machine has no picture; counted instructions have one, with the band" {
	[ ! -e out/plots/trend-guest.svg ]
	"$root/tests/fixtures/history.sh" few 3
	for file in few/*; do
		jq -c '(.environments[] | select(.id == "guest")).platform = "vm-icount"
			| .cases |= map(select(.env == "guest"))' "$file" >new
		mv new "$file"
	done
	"$root/scripts/trend.sh" few counted >/dev/null
	xmllint --xpath '//*[local-name()="text"]//text()' counted/plots/trend-guest.svg >words
	grep -q "^EMULATED MACHINE (vm-icount): times are instruction counts" words
	grep -q '\[instructions\]$' words
}
