#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Pictures of a comparison are drawn from edited fixtures and read back: rows, marks, bands.

bats_require_minimum_version 1.5.0

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	export dmabench=$root/build/dmabench
	make -C "$root" --no-print-directory bench >&2
	cd "$BATS_FILE_TMPDIR"
	jq -f "$root/tests/fixtures/quiet.jq" "$root/tests/fixtures/good.json" >base.json
	# A regression, an improvement, a case gone, an unstable one.
	jq '.tool.commit = "beef" | .run.start = "2026-01-03T03:04:05Z"
		| del(.cases[] | select(.path == "mremap" and .params.size == 65536))
		| (.cases[] | select(.status == "ok" and .env == "host" and .params.cache == "hot")) |= (
			if .path == "memcpy" and .params.size == 4096 then .launches[].ns_per_op[] *= 1.3
			elif .path == "nt" and .params.size == 4096 then .launches[].ns_per_op[] *= 0.7
			elif .path == "movsb" and .params.size == 65536 then .launches |= [to_entries[]
				| .key as $i | .value | .ns_per_op[] *= (0.9 + 0.03 * (($i * 7) % 16))]
			else . end)' base.json >new.json
	draw base.json new.json out
}

setup() {
	cd "$BATS_TEST_TMPDIR"
	ln -s "$BATS_FILE_TMPDIR"/{base.json,new.json,out} .
}

draw() { # BASE NEW OUTDIR [OPTIONS OF COMPARE]: with the comparison in OUTDIR.cmp
	"$dmabench" compare --advisory --format json="$3.cmp" "${@:4}" "$1" "$2" >"$3.txt"
	"$root/scripts/plot-compare.sh" "$1" "$2" "$3.cmp" "$3" 2>"$3.err"
}

# Every text of a picture, one a line.
texts() { xmllint --xpath '//*[local-name()="text"]//text()' "$1"; }

has_text() { # PICTURE TEXT
	texts "$1.svg" | grep -qxF -- "$2" || {
		echo "no \"$2\" in $1:"
		texts "$1.svg"
		return 1
	}
}

lacks_text() { # PICTURE PART
	local status=0
	[ -s "$1.svg" ]
	texts "$1.svg" | grep -F -- "$2" || status=$?
	[ "$status" -eq 1 ]
}

# The x of each mark in this colour within the rows (below all of the legend), top to bottom.
marks() { # PICTURE "R, G, B"
	awk -v colour="rgb($2)" '/<use / && index($0, colour) {
		split($0, part, /[(,)]/); if (part[3] > 130) print part[3], part[2] }' "$1.svg" |
		sort -n | cut -d " " -f 2
}
readonly red="192,  57,  43" green="  0, 158, 115" blue="  0, 114, 178" ochre="184, 134,  11"

@test "an overlay and a chart for each environment, as SVG and PNG that aren't blank" {
	run ls out
	[ "${#lines[@]}" -eq 12 ]
	for name in change-host rate-host rate-guest time-host time-host-2; do
		xmllint --noout "out/compare-$name.svg"
		run "$root/tests/fixtures/png_colours.py" "out/compare-$name.png"
		[ "$status" -eq 0 ]
		[ "${output##* }" -gt 50 ]
	done
	grep -q "no data for" out.err && return 1
	return 0
}

@test "change: a row a case in the order of the comparison, with figures" {
	has_text out/compare-change-host "Change of each case, worst first, page 1 of 2: regression, status 1 — host"
	mapfile -t rows < <(texts out/compare-change-host.svg | grep -E '^(memcpy|nt|movsb|mremap|cow)[ -]')
	[ "${#rows[@]}" -eq 45 ]
	[ "${rows[0]}" = "memcpy 4K, hot cache" ]
	[ "${rows[1]}" = "mremap 64K, hot cache" ]
	[ "${rows[2]}" = "movsb 64K, hot cache" ]
	[ "${rows[3]}" = "nt 4K, hot cache" ]
	has_text out/compare-change-host "+30 %"
	has_text out/compare-change-host "−30 %"
	has_text out/compare-change-host "196 ns → 255 ns"
	has_text out/compare-change-host "MISSING: not in NEW"
	has_text out/compare-change-host "exact Mann-Whitney U, p10 of each launch · not drawn: 5 skipped"
}

@test "change: verdicts differ by colour, shape and side of the threshold" {
	mapfile -t fail < <(marks out/compare-change-host "$red")
	mapfile -t better < <(marks out/compare-change-host "$green")
	mapfile -t ok < <(marks out/compare-change-host "$blue")
	# The unstable case's mark and what it could have seen.
	mapfile -t unstable < <(marks out/compare-change-host "$ochre")
	[ "${#fail[@]}" -eq 2 ]
	[ "${#better[@]}" -eq 1 ]
	[ "${#unstable[@]}" -eq 2 ]
	[ "${#ok[@]}" -eq 41 ]
	# The second red one is the missing case, at zero.
	[ "$(bc <<<"${better[0]} < ${ok[0]} && ${ok[0]} < ${fail[0]}")" -eq 1 ]
	[ "$(bc <<<"${fail[1]} == ${ok[0]}")" -eq 1 ]
	shapes() { grep -o "xlink:href='#gpPt[0-9]*'[^>]*$1" out/compare-change-host.svg | cut -d "'" -f 2 | sort -u; }
	[ "$(for colour in "$red" "$green" "$blue" "$ochre"; do shapes "$colour"; done | sort | uniq -d)" = "" ]
	has_text out/compare-change-host "threshold +5 %"
	for word in FAIL MISSING UNSTABLE INCONCLUSIVE IMPROVED OK "A/A floor" "could be seen"; do
		has_text out/compare-change-host "$word"
	done
}

@test "change: another threshold moves the line" {
	draw base.json new.json wide --threshold 40
	has_text wide/compare-change-host "threshold +40 %"
	[ "$(marks wide/compare-change-host "$red" | wc -l)" -eq 1 ]
}

@test "overlay: a panel a path, both results, and the verdicts below" {
	for panel in memcpy movsb nt "memcpy-mt ×2"; do
		has_text out/compare-rate-host "$panel"
	done
	has_text out/compare-rate-host "BASE, grey"
	has_text out/compare-rate-host "20 GB/s"
	has_text out/compare-rate-host "+5 %"
	[ "$(marks out/compare-rate-host "$red" | wc -l)" -eq 1 ]
	# Those of the strips; markers of nt have the same colour, but in lines of their own.
	lacks_text out/compare-rate-host "not compared"
	has_text out/compare-time-host "cow-fork, 10 % written"
	has_text out/compare-rate-host \
		"fixture CPU, 2 CPUs · vm-kvm · BASE fixture (unknown) of 2026-01-02 · NEW fixture (beef) of 2026-01-03"
}

@test "an emulated machine has a band, broken lines, and no change of its own" {
	has_text out/compare-rate-guest \
		"EMULATED MACHINE (vm-tcg): times mean nothing · EMULATED ENGINE · SOFTWARE ENGINE: a CPU copies, no DMA"
	has_text out/compare-rate-guest "pinned · edu (emulated)"
	has_text out/compare-rate-guest "not compared"
	grep -q stroke-dasharray out/compare-rate-guest.svg
	[ ! -e out/compare-change-guest.svg ]
	lacks_text out/compare-rate-host EMULATED
}

@test "instruction counts are called so and have their own threshold" {
	jq '(.environments[] | select(.id == "guest")).platform = "vm-icount"
		| .cases |= map(select(.env == "guest") | .launches |= .[0:1]?)' base.json >icount.json
	jq '(.cases[] | select(.status == "ok" and .path == "pinned").launches[].ns_per_op[]) *= 1.006' \
		icount.json >slower.json
	draw icount.json slower.json icount
	band="EMULATED MACHINE (vm-icount): times are instruction counts"
	for name in change time; do
		texts "icount/compare-$name-guest.svg" | grep -qF "$band"
	done
	has_text icount/compare-change-guest "threshold +0.5 %"
	has_text icount/compare-change-guest "instructions per operation, no statistics"
	has_text icount/compare-change-guest "35421 → 35634"
	[ "$(marks icount/compare-change-guest "$red" | wc -l)" -eq 6 ]
	has_text icount/compare-time-guest "instructions per operation"
	lacks_text icount/compare-time-guest "95 %"
	[ ! -e icount/compare-rate-guest.svg ]
}

@test "not comparable: a band says why, nothing is called a change" {
	jq '.environments[0].identity.cpus = 64' new.json >other.json
	mkdir other
	touch other/compare-change-host.svg other/mine.svg
	draw base.json other.json other
	for name in rate-host time-host rate-guest; do
		texts "other/compare-$name.svg" | grep -q "^NOT COMPARABLE: cpus differs"
		has_text "other/compare-$name" "not compared"
	done
	[ ! -e other/compare-change-host.svg ]
	[ -e other/mine.svg ]
	grep -q "no data for change: no picture" other.err
}

@test "eighty cases are legible: pages of 45 rows, each case once" {
	jq '.cases |= ([.[] | select(.env == "host" and .path == "memcpy" and .status == "ok")][0] as $one
		| [range(80) as $i | $one | .id = "memcpy:size=\(4096 * ($i + 1))@host"
		   | .params.size = 4096 * ($i + 1)])' base.json >many.json
	draw many.json many.json many
	[ "$(texts many/compare-change-host.svg | grep -c '^memcpy ')" -eq 45 ]
	[ "$(texts many/compare-change-host-2.svg | grep -c '^memcpy ')" -eq 35 ]
	[ "$(for page in many/compare-change-host{,-2}.svg; do texts "$page"; done | grep '^memcpy ' | sort -u | wc -l)" -eq 80 ]
	[ ! -e many/compare-change-host-3.svg ]
	[[ $(file -b many/compare-change-host.png) == "PNG image data, 1440 x 1650"* ]]
}

@test "text from the files is text to gnuplot, SVG and the shell" {
	hostile='O'\''CPU $(id) `id` <script> _x_^2 @{y} %d \\n "q"'
	jq --arg h "$hostile" '.environments[].identity.cpu_model = $h | .tool.commit = $h
		| (.cases[] | select(.status == "ok" and .path == "movsb")) |= (.path = $h | .id = $h + .id)' \
		base.json >hostile.json
	jq 'del(.cases[] | select(.id | contains("size=4096,")))' hostile.json >gone.json
	draw hostile.json gone.json hostile
	for name in change rate; do
		xmllint --noout "hostile/compare-$name-host.svg"
		# shellcheck disable=SC2016
		[[ $(texts "hostile/compare-$name-host.svg") == *'$(id) `id` &lt;script&gt; _x_^2 @{y} %d'* ]]
	done
}

@test "a locale with a decimal comma changes nothing" {
	[ -e /usr/share/i18n/locales/de_DE ] || skip "the sources of de_DE are not installed"
	localedef -i de_DE -f UTF-8 de_DE.UTF-8
	LOCPATH=$PWD LC_ALL=de_DE.UTF-8 "$root/scripts/plot-compare.sh" base.json new.json \
		"$BATS_FILE_TMPDIR/out.cmp" comma
	for picture in out/*.svg; do
		cmp "$picture" "comma/${picture##*/}"
	done
}

@test "usage, broken files and a comparison of others: exit 2, one line, nothing written" {
	refused() {
		run "$root/scripts/plot-compare.sh" "$@"
		echo "$output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e none ]
	}
	ln -s "$BATS_FILE_TMPDIR/out.cmp" cmp.json
	refused
	refused base.json new.json cmp.json
	refused base.json new.json nosuch.json none
	refused base.json new.json base.json none
	refused base.json cmp.json cmp.json none
	refused new.json base.json cmp.json none
	[[ $output == *"it compares another BASE"* ]]
	head -c 3000 cmp.json >cut.json
	refused base.json new.json cut.json none
	for edit in 'del(.rule)' '.cases[0].verdict = "FINE"' '.cases[0].change = "1"' '.cases[0].ci95 = [1]' \
		'.comparable = 1' '.schema = "dmabench-compare/2"'; do
		jq "$edit" cmp.json >bad.json
		refused base.json new.json bad.json none
	done
}

@test "one page: what compare says, then the pictures, in one file" {
	mkdir page
	cp base.json new.json page/
	"$dmabench" compare --advisory --format json=page/compare.json --format markdown=page/compare.md \
		page/base.json page/new.json >/dev/null
	"$root/scripts/report-compare.sh" page
	xmllint --html --noout page/compare.html 2>/dev/null
	[ "$(grep -o '<img ' page/compare.html | wc -l)" -eq 6 ]
	[ "$(grep -o 'src="data:image/svg+xml;base64,' page/compare.html | wc -l)" -eq 6 ]
	grep -q '<h2>dmabench compare: regression' page/compare.html
	grep -q '<strong>FAIL</strong>' page/compare.html
	[ -s page/plots/compare-change-host.png ]
	run ls -A page
	[ "${#lines[@]}" -eq 6 ]
	rm page/compare.md page/compare.html
	run "$root/scripts/report-compare.sh" page
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e page/compare.html ]
}
