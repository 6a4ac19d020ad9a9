#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The picture of a program's copies, from a made-up profile, read back: bars, crossovers and words.

bats_require_minimum_version 1.5.0

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	cd "$BATS_FILE_TMPDIR" || return
	jq '.cases |= map(select(.path | IN("memcpy", "nt")))' "$root/tests/fixtures/good.json" >r.json
	jq -f "$root/tests/fixtures/profile.jq" --argjson cpu 10 \
		--argjson copies '[[3, 500], [4096, 300], [70000, 100], [16777216, 100]]' r.json >p.json
	"$root/scripts/advise.sh" p.json r.json out >said 2>messages
}

texts() { xmllint --xpath '//*[local-name()="text"]//text()' "$1"; }

has_text() { # PICTURE TEXT
	texts "$1" | grep -qF -- "$2" || {
		echo "no \"$2\" in $1:"
		texts "$1"
		return 1
	}
}

@test "text, JSON and picture are there, as SVG and PNG" {
	cd "$BATS_FILE_TMPDIR"
	cmp said out/advice.txt
	"$root/tests/fixtures/validate.py" "$root/results/advice.schema.json" out/advice.json
	xmllint --noout out/plots/advice.svg
	[[ $(file -b out/plots/advice.png) == "PNG image data, 1440 x 900"* ]]
	run "$root/tests/fixtures/png_colours.py" out/plots/advice.png
	[ "${output##* }" -gt 50 ]
}

@test "it says of which program and machine it is, and what its axes are" {
	cd "$BATS_FILE_TMPDIR"
	for words in "Copies of /usr/bin/made-up by size" "fixture CPU · vm-kvm · 2026-01-02 · 3 launches · 1000 copies, 1.69 GB" \
		"calls, %" "bytes, %" "bytes of a copy" hot cold "copies counted" nt; do
		has_text out/plots/advice.svg "$words"
	done
}

@test "a bar for each size in both panels, and the way that is faster in its colour" {
	cd "$BATS_FILE_TMPDIR"
	[ "$(grep -c "fill = 'rgb( 68,  68,  68)'" out/plots/advice.svg)" -ge 8 ]
	# nt's colour: its bars in the lowest panel and the crossover, both of hot and of cold caches.
	grep -q "rgb(  0, 114, 178)" out/plots/advice.svg
	jq -e '[.hot.better[], .cold.better[] | .path] | unique == ["nt"]' out/advice.json
}

@test "nothing that is faster: bars alone" {
	cd "$BATS_TEST_TMPDIR"
	jq '.cases |= map(select(.path == "memcpy"))' "$BATS_FILE_TMPDIR/r.json" >r.json
	run "$root/scripts/advise.sh" "$BATS_FILE_TMPDIR/p.json" r.json out
	[ "$status" -eq 3 ]
	xmllint --noout out/plots/advice.svg
	run ! grep -q "rgb(  0, 114, 178)" out/plots/advice.svg
	has_text out/plots/advice.svg "copies counted"
}

@test "figures of another machine are marked" {
	cd "$BATS_TEST_TMPDIR"
	jq '.environment.identity.cpus = 64' "$BATS_FILE_TMPDIR/p.json" >p.json
	run "$root/scripts/advise.sh" p.json "$BATS_FILE_TMPDIR/r.json" out
	[ "$status" -eq 4 ]
	[ ! -e out/advice.json ]
	"$root/scripts/advise.sh" --anyway p.json "$BATS_FILE_TMPDIR/r.json" out >said
	has_text out/plots/advice.svg "FIGURES OF ANOTHER MACHINE"
}

@test "wrong usage and input: 2, one line, nothing written" {
	cd "$BATS_TEST_TMPDIR"
	run "$root/scripts/advise.sh" only-one
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	run "$root/scripts/advise.sh" nosuch "$BATS_FILE_TMPDIR/r.json" out
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e out ]
	: >file
	run "$root/scripts/advise.sh" "$BATS_FILE_TMPDIR/p.json" "$BATS_FILE_TMPDIR/r.json" file
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
}
