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

draw() { # BASE NEW OUTDIR [OPTIONS OF COMPARE]: the page, its pictures in OUTDIR/plots
	"$root/scripts/compare.sh" --label BASE="$1" --label NEW="$2" --out "$3" -- "${@:4}" 2>"$3.err"
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
	run ls out/plots
	[ "${#lines[@]}" -eq 24 ]
	for name in change-host rate-host rate-guest latency-host cpu-host time-host time-host-2 cow-host crossover-host; do
		xmllint --noout "out/plots/compare-$name.svg"
		run "$root/tests/fixtures/png_colours.py" "out/plots/compare-$name.png"
		[ "$status" -eq 0 ]
		[ "${output##* }" -gt 50 ]
	done
}

@test "change: a row a case in the order of the comparison, with figures" {
	has_text out/plots/compare-change-host "Change of each case, worst first, page 1 of 2: regression, status 1 — host"
	mapfile -t rows < <(texts out/plots/compare-change-host.svg | grep -E '^(memcpy|nt|movsb|mremap|cow)[ -]')
	[ "${#rows[@]}" -eq 45 ]
	[ "${rows[0]}" = "memcpy 4K, hot cache" ]
	[ "${rows[1]}" = "mremap 64K, hot cache" ]
	[ "${rows[2]}" = "movsb 64K, hot cache" ]
	[ "${rows[3]}" = "nt 4K, hot cache" ]
	has_text out/plots/compare-change-host "+30 %"
	has_text out/plots/compare-change-host "−30 %"
	has_text out/plots/compare-change-host "196 ns → 255 ns"
	has_text out/plots/compare-change-host "MISSING: not in NEW"
	has_text out/plots/compare-change-host "exact Mann-Whitney U, p10 of each launch · not drawn: 5 skipped"
}

@test "change: verdicts differ by colour, shape and side of the threshold" {
	mapfile -t fail < <(marks out/plots/compare-change-host "$red")
	mapfile -t better < <(marks out/plots/compare-change-host "$green")
	mapfile -t ok < <(marks out/plots/compare-change-host "$blue")
	# The unstable case's mark and what it could have seen.
	mapfile -t unstable < <(marks out/plots/compare-change-host "$ochre")
	[ "${#fail[@]}" -eq 2 ]
	[ "${#better[@]}" -eq 1 ]
	[ "${#unstable[@]}" -eq 2 ]
	[ "${#ok[@]}" -eq 41 ]
	# The second red one is the missing case, at zero.
	[ "$(bc <<<"${better[0]} < ${ok[0]} && ${ok[0]} < ${fail[0]}")" -eq 1 ]
	[ "$(bc <<<"${fail[1]} == ${ok[0]}")" -eq 1 ]
	shapes() { grep -o "xlink:href='#gpPt[0-9]*'[^>]*$1" out/plots/compare-change-host.svg | cut -d "'" -f 2 | sort -u; }
	[ "$(for colour in "$red" "$green" "$blue" "$ochre"; do shapes "$colour"; done | sort | uniq -d)" = "" ]
	has_text out/plots/compare-change-host "threshold +5 %"
	for word in FAIL MISSING UNSTABLE INCONCLUSIVE IMPROVED OK "A/A floor" "could be seen"; do
		has_text out/plots/compare-change-host "$word"
	done
}

@test "change: another threshold moves the line" {
	draw base.json new.json wide --threshold 40
	has_text wide/plots/compare-change-host "threshold +40 %"
	[ "$(marks wide/plots/compare-change-host "$red" | wc -l)" -eq 1 ]
}

@test "overlay: a panel a path, both results, and the verdicts below" {
	for panel in memcpy movsb nt "memcpy-mt ×2"; do
		has_text out/plots/compare-rate-host "$panel"
	done
	has_text out/plots/compare-rate-host BASE
	has_text out/plots/compare-rate-host NEW
	has_text out/plots/compare-rate-host "20 GB/s"
	has_text out/plots/compare-rate-host "+5 %"
	[ "$(marks out/plots/compare-rate-host "$red" | wc -l)" -eq 1 ]
	# Those of the strips; markers of nt have the same colour, but in lines of their own.
	lacks_text out/plots/compare-rate-host "not compared"
	has_text out/plots/compare-time-host "cow-fork, 10 % written"
	has_text out/plots/compare-rate-host \
		"fixture CPU, 2 CPUs · vm-kvm · BASE fixture (unknown) of 2026-01-02 · NEW fixture (beef) of 2026-01-03"
}

@test "an emulated machine has a band, broken lines, and no change of its own" {
	has_text out/plots/compare-rate-guest \
		"EMULATED MACHINE (vm-tcg): times mean nothing · EMULATED ENGINE · SOFTWARE ENGINE: a CPU copies, no DMA"
	has_text out/plots/compare-rate-guest "pinned · edu (emulated)"
	has_text out/plots/compare-rate-guest "not compared"
	grep -q stroke-dasharray out/plots/compare-rate-guest.svg
	[ ! -e out/plots/compare-change-guest.svg ]
	lacks_text out/plots/compare-rate-host EMULATED
}

@test "instruction counts are called so and have their own threshold" {
	jq '(.environments[] | select(.id == "guest")).platform = "vm-icount"
		| .cases |= map(select(.env == "guest") | .launches |= .[0:1]?)' base.json >icount.json
	jq '(.cases[] | select(.status == "ok" and .path == "pinned").launches[].ns_per_op[]) *= 1.006' \
		icount.json >slower.json
	draw icount.json slower.json icount
	band="EMULATED MACHINE (vm-icount): times are instruction counts"
	for name in change time; do
		texts "icount/plots/compare-$name-guest.svg" | grep -qF "$band"
	done
	has_text icount/plots/compare-change-guest "threshold +0.5 %"
	has_text icount/plots/compare-change-guest "instructions per operation, no statistics"
	has_text icount/plots/compare-change-guest "35421 → 35634"
	[ "$(marks icount/plots/compare-change-guest "$red" | wc -l)" -eq 6 ]
	has_text icount/plots/compare-time-guest "instructions per operation"
	lacks_text icount/plots/compare-time-guest "95 %"
	[ ! -e icount/plots/compare-rate-guest.svg ]
}

@test "not comparable: a band says why, nothing is called a change" {
	jq '.environments[0].identity.cpus = 64' new.json >other.json
	mkdir -p other/plots
	touch other/plots/compare-change-host.svg other/plots/mine.svg
	draw base.json other.json other
	for name in rate-host time-host rate-guest; do
		texts "other/plots/compare-$name.svg" | grep -q "^NOT COMPARABLE: cpus differs"
		lacks_text "other/plots/compare-$name" "threshold"
	done
	[ ! -e other/plots/compare-change-host.svg ]
	[ -e other/plots/mine.svg ]
	grep -q '^| host: cpus | 2 | 64 |$' other/compare.md
}

@test "eighty cases are legible: pages of 45 rows, each case once" {
	jq '.cases |= ([.[] | select(.env == "host" and .path == "memcpy" and .status == "ok")][0] as $one
		| [range(80) as $i | $one | .id = "memcpy:size=\(4096 * ($i + 1))@host"
		   | .params.size = 4096 * ($i + 1)])' base.json >many.json
	jq '.run.start = "2026-01-04T03:04:05Z"' many.json >more.json
	draw many.json more.json many
	[ "$(texts many/plots/compare-change-host.svg | grep -c '^memcpy ')" -eq 45 ]
	[ "$(texts many/plots/compare-change-host-2.svg | grep -c '^memcpy ')" -eq 35 ]
	[ "$(for page in many/plots/compare-change-host{,-2}.svg; do texts "$page"; done | grep '^memcpy ' | sort -u | wc -l)" -eq 80 ]
	[ ! -e many/plots/compare-change-host-3.svg ]
	[[ $(file -b many/plots/compare-change-host.png) == "PNG image data, 1440 x 1650"* ]]
}

@test "text from the files is text to gnuplot, SVG and the shell" {
	hostile='O'\''CPU $(id) `id` <script> _x_^2 @{y} %d \\n "q"'
	jq --arg h "$hostile" '.environments[].identity.cpu_model = $h | .tool.commit = $h
		| (.cases[] | select(.status == "ok" and .path == "movsb")) |= (.path = $h | .id = $h + .id)' \
		base.json >hostile.json
	jq 'del(.cases[] | select(.id | contains("size=4096,")))' hostile.json >gone.json
	draw hostile.json gone.json hostile
	for name in change rate; do
		xmllint --noout "hostile/plots/compare-$name-host.svg"
		# shellcheck disable=SC2016
		[[ $(texts "hostile/plots/compare-$name-host.svg") == *'$(id) `id` &lt;script&gt; _x_^2 @{y} %d'* ]]
	done
}

@test "a locale with a decimal comma changes nothing" {
	[ -e /usr/share/i18n/locales/de_DE ] || skip "the sources of de_DE are not installed"
	localedef -i de_DE -f UTF-8 de_DE.UTF-8
	LOCPATH=$PWD LC_ALL=de_DE.UTF-8 "$root/scripts/compare.sh" --label BASE=base.json --label NEW=new.json --out comma
	for picture in out/plots/*.svg out/compare.md; do
		cmp "$picture" "comma/${picture#out/}"
	done
}

refused() { # OPTION...: of compare.sh; one line, nothing written
	run "$root/scripts/compare.sh" "$@"
	echo "$output"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	[ ! -e none ]
}

@test "usage, broken results and a comparison of others: exit 2, one line, nothing written" {
	cp out/compare.json out/compare.md .
	refused
	refused base.json
	refused base.json nosuch.json --out none
	refused base.json . --out none
	refused base.json compare.json --out none
	refused base.json new.json --nonsense --out none
	refused base.json new.json --out none -- --threshold x
	refused base.json new.json --out none -- --changed nosuch
	head -c 3000 new.json >cut.json
	refused base.json cut.json --out none
	# The same twice, by another name too; names that don't tell; more than a page holds.
	cp base.json again.json
	refused base.json again.json --out none
	[[ $output == *"the same result as"* ]]
	jq -c . base.json >short.json
	jq -S --indent 7 . base.json >long.json
	for again in short long; do
		refused base.json $again.json --out none
		[[ $output == *"$again.json: the same result as base.json"* ]]
	done
	refused --label x=base.json --label x=new.json --out none
	for blank in '' ' ' $'\t \n'; do
		refused --label "$blank=base.json" new.json --out none
		[[ $output == "compare.sh: --label "*"=base.json: expected NAME=RESULT"* ]]
	done
	refused --label x= base.json new.json --out none
	refused --label x base.json new.json --out none
	# A folder that can't be one.
	: >file
	refused base.json new.json --out file
	[[ $output == *"--out file: expected a folder"* ]]
	refused base.json new.json --out file/none
	[[ $output == *"can't make the folder file/none/plots: Not a directory" ]]
	refused base.json{,,,,,,,,} --out none
	[[ $output == *"8 at most"* ]]
	# What was decided must be of these two.
	refused base.json new.json --verdict base.json --out none
	refused new.json base.json --verdict compare.json --out none
	[[ $output == *"it compares another BASE"* ]]
	refused base.json new.json --verdict compare.json --out none -- --threshold 3
	for edit in 'del(.rule)' '.cases[0].verdict = "FINE"' '.cases[0].change = "1"' '.cases[0].ci95 = [1]' \
		'.comparable = 1' '.schema = "dmabench-compare/2"'; do
		jq "$edit" compare.json >bad.json
		cp compare.md bad.md
		refused base.json new.json --verdict bad.json --out none
	done
}

@test "a result without any optional part has its page; one with an empty part is refused by one line" {
	jq 'del(.self_checks, .crossovers, .outside, .not_measured, .environments[].state, .environments[].engines_unlisted)
		| .environments[] |= (.identity |= del(.cpu_ids, .machine, .cpu_family, .cpu_stepping, .sockets)
			| .conditions |= {kernel} | .engines |= map({name, driver, device, kind, node, iommu, usable, reason}))
		| .cases[] |= (del(.variant, .verified_ops, .aa_floor, .spread, .descriptor_latency, .first_touch, .events, .neighbour,
			.meanwhile, .submissions, .stages)
			| if .latency == null then . else .latency |= del(.of, .buckets, .reason) end
			| .launches[]? |= {index, order, samples, ops, ns_per_op})' base.json >bare.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" bare.json
	run "$root/scripts/compare.sh" new.json bare.json --out bare
	echo "$output"
	[ "$status" -eq 0 ]
	[ -s bare/plots/compare-rate-host.svg ]
	grep -q '^| memcpy | 4K | ' bare/compare.md
	# As good as absent.
	jq '(.self_checks, .outside, .cases[].neighbour, (.cases[] | select(.status != "ok")).launches) = null' new.json >null.json
	run "$root/scripts/compare.sh" base.json null.json --out bare
	echo "$output"
	[ "$status" -eq 0 ]
	for part in latency cpu time throughput spread neighbour first_touch stages events latency.p50; do
		jq --arg part "$part" '(first(.cases[] | select(.status == "ok"))) |= setpath($part / "."; {})' base.json >empty.json
		refused base.json empty.json --out none
		[[ $output == "compare.sh: empty.json: "* ]]
		[ -z "$(compgen -G 'none*' || true)" ]
	done
}

@test "one page: what compare says, what each says, the pictures and how many times as fast, in one file" {
	xmllint --html --noout out/compare.html 2>/dev/null
	[ "$(grep -o '<img ' out/compare.html | wc -l)" -eq 12 ]
	[ "$(grep -o 'src="data:image/svg+xml;base64,' out/compare.html | wc -l)" -eq 12 ]
	grep -q '<h3>dmabench compare: regression' out/compare.html
	grep -q '<strong>FAIL</strong>' out/compare.html
	for title in "BASE and NEW" "What each says" "Pictures" "How many times as fast"; do
		grep -qF "<h2>$title</h2>" out/compare.html
	done
	grep -q "Hodges and Lehmann's estimate), and not the ratio of two medians" out/compare.md
	# 1.3 times the time is 0.769 times as fast; 0.7 times it 1.43, and of quiet launches that is sure.
	grep -qE '^\| memcpy \| 4K \| hot cache.* \| 200 ns \| \*\*0\.769 \(0\.76[0-9]* to 0\.7[67][0-9]*\)\*\* \|$' out/compare.md
	grep -qE '^\| nt \| 4K \| hot cache.* \| \*\*1\.43 \(1\.4[0-9]* to 1\.4[0-9]*\)\*\* \|$' out/compare.md
	! grep -q '^## What differs' out/compare.md || return 1
	run ls -A out
	[ "${#lines[@]}" -eq 4 ]
}

@test "status: 0 for a description; with --gate what compare says, the worst of all" {
	ends() { # STATUS OPTION...
		run "$root/scripts/compare.sh" --out ended "${@:2}"
		[ "$status" -eq "$1" ] || { echo "$output"; return 1; }
	}
	jq '.run.start = "2026-02-02T00:00:00Z"' base.json >same.json
	jq '.environments[0].identity.cpus = 64' base.json >far.json
	ends 0 base.json new.json
	ends 1 --gate base.json new.json
	ends 0 --gate base.json same.json
	ends 4 --gate base.json far.json
	ends 0 base.json far.json
	ends 4 --gate base.json same.json new.json far.json
	ends 1 --gate base.json same.json new.json
	ends 0 --gate base.json new.json -- --advisory
	# A label changes nothing about which is the base.
	ends 1 --gate --label old=base.json new.json
	ends 1 --gate base.json --label now=new.json
	ends 1 --gate --label old=base.json base.json new.json
	# However the path of one is written.
	ln -s new.json link.json
	mkdir -p folder
	cp new.json folder/result.json
	ends 1 --gate --label old=./base.json base.json "$PWD/new.json"
	ends 1 --gate base.json --label now=new.json link.json
	ends 1 --gate base.json folder/result.json --label now=folder
	# No case in common: said, and written.
	jq '(.cases[].id) |= "other-" + .' new.json >strange.json
	ends 3 base.json strange.json
	grep -q 'no case in common' ended/compare.md
	# Any two of them do.
	jq '.run.start = "2026-03-03T00:00:00Z"' strange.json >stranger.json
	ends 0 base.json strange.json stranger.json
	grep -q '^base has no case in common with another' ended/compare.md
}

@test "three results: each has its colour, the two that may be compared their verdict" {
	jq '.environments[0].identity.cpu_model = "another CPU" | .environments[0].conditions.swap_bytes = 1048576' base.json >far.json
	mkdir -p run
	cp new.json run/result.json
	"$root/scripts/compare.sh" base.json run --label "my server"=far.json --out three
	for name in base run "my server"; do
		has_text three/plots/compare-rate-host "$name"
		has_text three/plots/compare-crossover-host "$name"
	done
	grep -q '^## base and run$' three/compare.md
	grep -q '^| host: cpu model | fixture CPU | the same | another CPU |$' three/compare.md
	grep -q '^| host: swap | – | the same | 1M |$' three/compare.md
	[ ! -e three/compare.json ]
	lacks_text three/plots/compare-rate-host "threshold"
	# Long names stand side by side; so many that they have to be cut are told apart.
	"$root/scripts/compare.sh" --label "the new server, a long name"=base.json --label "the old one, long as well"=new.json --out long
	at() { # TEXT: where it begins
		awk -v text="$1" '/<g transform="translate/ { split($0, part, /[(,]/); x = part[2] } index($0, text) { print x; exit }' \
			long/plots/compare-rate-host.svg
	}
	[ "$(bc <<<"$(at 'the old one, long as well') - $(at 'the new server, a long name') > 170")" -eq 1 ]
	for i in 1 2 3 4 5 6 7; do
		jq ".run.start = \"2026-04-0${i}T00:00:00Z\"" base.json >"the second hall, rack $i, slot twelve.json"
	done
	"$root/scripts/compare.sh" base.json the*.json --out many
	for i in 2 3 4 5 6 7 8; do has_text many/plots/compare-rate-host "$i: the sec… twelve"; done
	has_text many/plots/compare-rate-host "1: base"
	# Names that are there twice are told apart.
	mkdir -p a/x b/x
	cp base.json a/x/result.json
	cp new.json b/x/result.json
	"$root/scripts/compare.sh" a/x b/x --out twice
	has_text twice/plots/compare-rate-host "x (2)"
}

@test "a page that was there is replaced, what else lies there stays; a tool that is missing is said" {
	mkdir -p old/plots
	touch old/plots/compare-rate-mars.svg old/plots/mine.svg old/mine.txt
	"$root/scripts/compare.sh" base.json new.json --out old
	[ ! -e old/plots/compare-rate-mars.svg ]
	[ -e old/plots/mine.svg ]
	[ -e old/mine.txt ]
	mkdir bin
	for tool in bash env jq cat mkdir mktemp rm mv cp cmp dirname basename realpath sed awk grep head tail tr cut base64 cksum date sort ls; do
		ln -s "$(command -v "$tool")" bin/
	done
	run env PATH="$PWD/bin" "$root/scripts/compare.sh" base.json new.json --out bare
	[ "$status" -eq 1 ]
	[[ $output == *"there is no gnuplot"* ]]
	grep -q 'Not drawn: ' bare/compare.md
	grep -q '^## How many times as fast' bare/compare.md
}
