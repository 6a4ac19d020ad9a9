#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# Each picture is drawn from the fixture and read back: its curves, labels and marks.

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	export good=$root/tests/fixtures/good.json
	export out=$BATS_FILE_TMPDIR/plots
	make -C "$root" --no-print-directory bench >&2
	"$root/scripts/plot.sh" "$good" "$out" 2>"$BATS_FILE_TMPDIR/messages"
}

# Every text of a picture, one a line.
texts() { xmllint --xpath '//*[local-name()="text"]//text()' "$1"; }

has_text() { # PICTURE TEXT
	texts "$out/$1.svg" | grep -qxF -- "$2" || {
		echo "no \"$2\" in $1:"
		texts "$out/$1.svg"
		return 1
	}
}

no_text() { [ -s "$out/$1.svg" ] && ! texts "$out/$1.svg" | grep -qF -- "$2"; }

# The markers of the n-th curve as "x y", the legend's one included, without the white that
# gnuplot 6 lays under each.
markers() { # PICTURE N
	awk -v n="$2" '/id="gnuplot_plot_/ { on = index($0, "gnuplot_plot_" n "\"") }
		on && /<use / && !/#FFFFFF/ { split($0, part, /[(,)]/); print part[2], part[3] }' "$out/$1.svg"
}

altered() { # EDIT: draw an edited fixture
	out=$BATS_TEST_TMPDIR/plots
	jq "$@" "$good" >"$BATS_TEST_TMPDIR/result.json"
	run "$root/scripts/plot.sh" "$BATS_TEST_TMPDIR/result.json" "$out"
}

band='EMULATED MACHINE (vm-tcg): times mean nothing · EMULATED ENGINE · SOFTWARE ENGINE: a CPU copies, no DMA'

@test "a picture for each question and environment that has data, as SVG and PNG" {
	run ls "$out"
	[ "${#lines[@]}" -eq 22 ]
	for name in {throughput,latency,cpu}-{host,guest} {cow,cache,neighbour}-host stages-guest; do
		xmllint --noout "$out/$name.svg"
		[[ $(file -b "$out/$name.png") == "PNG image data, 1440 x 900"* ]]
	done
}

@test "no PNG is blank" {
	for name in throughput-guest latency-host cpu-guest stages-guest cow-host cache-host neighbour-host; do
		run "$root/tests/fixtures/png_colours.py" "$out/$name.png"
		echo "$name: $output"
		[ "$status" -eq 0 ]
		[ "${output##* }" -gt 100 ]
	done
}

@test "every picture says machine, platform, engines, date and launches" {
	for name in throughput latency cpu cow cache neighbour; do
		has_text "$name-host" "fixture CPU, 2 CPUs · vm-kvm · no DMA engine · 2026-01-02 · 3 launches"
	done
	for name in throughput latency cpu stages; do
		has_text "$name-guest" \
			"fixture CPU, 2 CPUs · vm-tcg · engines: edu (emulated), sim (software) · 2026-01-02 · 3 launches"
	done
}

@test "emulated and software results carry the band, real ones do not" {
	for name in throughput latency cpu stages; do
		has_text "$name-guest" "$band"
		grep -q "<polygon fill = 'rgb(139,  26,  26)'" "$out/$name-guest.svg"
	done
	for name in throughput latency cpu cow cache neighbour; do
		no_text "$name-host" "EMULATED"
		no_text "$name-host" "SOFTWARE"
		[ "$(grep -c "rgb(139,  26,  26)" "$out/$name-host.svg")" -eq 0 ]
	done
}

@test "throughput: axes, sizes, one legend entry and one full curve a path" {
	has_text throughput-host "bytes per operation"
	has_text throughput-host "throughput (1 GB/s = 10⁹ bytes a second)"
	for label in 4K 64K 1M 16M "10 GB/s" memcpy movsb nt "memcpy-mt ×2"; do
		has_text throughput-host "$label"
	done
	for n in 1 2 3 4; do
		[ "$(markers throughput-host "$n" | wc -l)" -eq 5 ]
	done
	no_text throughput-host null
	no_text throughput-host cow
	no_text throughput-host mremap
}

@test "throughput: the faster path is drawn higher" {
	# 20.5 GB/s of memcpy and 6.8 GB/s of nt at 4K; at 16M it is the other way round.
	mapfile -t memcpy < <(markers throughput-host 1 | cut -d" " -f2)
	mapfile -t nt < <(markers throughput-host 3 | cut -d" " -f2)
	[ "$(bc <<<"${memcpy[0]} < ${nt[0]}")" -eq 1 ]
	[ "$(bc <<<"${memcpy[3]} > ${nt[3]}")" -eq 1 ]
}

@test "curves of emulated and software engines are named so and broken" {
	for path in pinned registered coherent engine; do
		has_text throughput-guest "$path · edu (emulated)"
		has_text throughput-guest "$path · sim (software)"
		has_text latency-guest "$path · edu (emulated)"
		has_text cpu-guest "$path · sim (software)"
	done
	has_text throughput-guest "memcpy (emulated CPU)"
	[ "$(grep -c stroke-dasharray "$out/throughput-guest.svg")" -eq 9 ]
	[ "$(grep -c stroke-dasharray "$out/throughput-host.svg")" -eq 0 ]
}

@test "a path has the same colour in every picture" {
	for name in throughput latency cpu cache; do
		grep -q "rgb(  0, 114, 178)" "$out/$name-host.svg"
	done
	for name in throughput latency cpu; do
		grep -q "rgb(213,  94,   0)" "$out/$name-guest.svg"
	done
}

@test "latency: four quantiles, and no figure for a quantile with too few timings" {
	for label in p50 p99 p99.9 max "time of one copy"; do
		has_text latency-host "$label"
	done
	no_text latency-host "too few timings"
	has_text latency-host \
		"hot cache, 4K pages, all on node 0 · short operations are timed in batches: means of up to 16"
	has_text latency-guest "too few timings to say"
}

@test "cpu: caller, machine and what is left, by size" {
	for label in 4K 1M 16M "the whole machine" "the caller alone" "CPU time, ns per byte" "CPUs left, %" 49; do
		has_text cpu-host "$label"
	done
}

@test "stages: every stage, an engine a panel, a total a bar" {
	for label in pin map submit wait unmap unpin other "edu (emulated)" "sim (software)" "pinned 64K" \
		"engine 1M" "255 ms" "35.4 µs"; do
		has_text stages-guest "$label"
	done
	grep -q "<pattern" "$out/stages-guest.svg"
}

# calls ENGINE: cases of the three calls that prepare a copy, 64K and 1M, made of one of the driver's.
# shellcheck disable=SC2016 # jq's
calls='def calls($engine): first(.cases[] | select(.status == "ok" and .engine.driver == $engine)) as $like
	| [("call-registered", "call-pin-fresh", "call-sync") as $path | (65536, 1048576) as $size | $like
	| .path = $path | .class = "call" | .throughput = null | .params = {size: $size, pages: "4K", engine: .params.engine}
	| .id = "\($path):\($engine):\($size)"
	| .stages |= map_values(if type == "number" then 0 else . end)
	| .stages += {total: $size, other: 1} + {
		"call-registered": {pin: ($size / 4096 * 100), map: ($size / 4096 * 10), unpin: ($size / 4096 * 20)},
		"call-pin-fresh": {pin: ($size / 4096 * 900), map: 0, unpin: 0},
		"call-sync": {map: ($size / 4096 * 3), unmap: 0}}[$path]]; '

# The heights of a curve's two ends, from the top.
heights() {
	sed -n "/\"gnuplot_plot_$1\"/,/\"gnuplot_plot_/s/.* d='M[0-9.]*,\([0-9.]*\) L[0-9.]*,\([0-9.]*\) .*/\1 \2/p" \
		"$out/preparing-guest.svg" | head -n 1
}

@test "preparing: an engine a panel, a part a curve at its time per page; no part that takes none" {
	altered "$calls"'.cases += calls("dmabench_sim") + calls("dmabench_edu")'
	[ "$status" -eq 0 ]
	for label in "pin fresh pages" "pin pages that are there" map "unmap and unpin" "sync to the engine" "4K pages" \
		"sim (software)" "edu (emulated)" "time per 4 KiB"; do
		has_text preparing-guest "$label"
	done
	no_text preparing-guest "sync back"
	no_text preparing-guest "thp"
	# In the first panel, as dear by the page whatever the size; and fresh pages 90 times as dear as mapping.
	read -r from to < <(heights 1a)
	[[ -n $from && $from == "$to" ]]
	read -r fresh to < <(heights 2a)
	[[ $fresh == "$to" ]]
	awk "BEGIN { exit !($fresh < $from) }"
	[ ! -e "$out/preparing-host.svg" ]
	# They are in no other picture of stages.
	no_text stages-guest call-
}

@test "loaded: a size a panel, a path a curve over what others took, from where nobody took any" {
	altered -f "$root/tests/fixtures/valid/loaded.jq"
	[ "$status" -eq 0 ]
	for label in "Latency while others take bandwidth — host" "GB/s that others read" 4K 1M 16M memcpy nt; do
		has_text loaded-host "$label"
	done
	no_text loaded-host movsb
	[ ! -e "$out/loaded-guest.svg" ]
	# They are in no other picture.
	cmp "$BATS_FILE_TMPDIR/plots/throughput-host.svg" "$out/throughput-host.svg"
}

@test "access: rates of the CPU in each kind of memory, in the picture and over ordinary memory in the table" {
	altered '(first(.cases[] | select(.status == "ok" and .path == "memcpy" and .params.size == 1048576 and .params.cache == "hot"
			and .params.pages == "4K")) | .class = "access" | .throughput = null) as $like
		| (first(.cases[] | select(.status == "ok" and .engine.driver == "dmabench_sim")).engine) as $engine
		| .cases = [$like | .path = "memory-read" | .id = "used" | .params.use = "read" | .time.value = 1e3 | .time.ci95 = null
			| .use = {unit: "ns/op", write: null, operation: 900, read: 100}] + .cases
		| .cases = [$like | .path = "memory-read" | .id = "loaded" | .params.load = 50 | .time.value = 1e4 | .time.ci95 = null
			| .load = {unit: "B/s", value: 1e9, cpus: 1}] + .cases
		| .cases += [$like | .path = "memory-read" | .id = "memory-read" | .time.value = 1e5 | .time.ci95 = [9e4, 11e4]]
		| .cases += [$like | .path = "coherent-read" | .id = "coherent-read" | .engine = $engine | .time.value = 7e5
			| .params |= {size, pages: "4K", cpu_node}]
		| .environments[0].engines += [$engine | .coherent_memory = "not cached" | .usable = true | .reason = null]'
	[ "$status" -eq 0 ]
	for label in memory-read "coherent-read · sim (software)" memcpy; do
		has_text access-host "$label"
	done
	"$root/scripts/report.sh" "$BATS_TEST_TMPDIR/result.json" "$BATS_TEST_TMPDIR/report"
	grep -qF '| coherent-read · sim (software) | 1M | 1.5 GB/s | 700 µs |' "$BATS_TEST_TMPDIR/report/report.md"
	grep -q '^| coherent-read .*| 7 | not cached |' "$BATS_TEST_TMPDIR/report/report.md"
	# What others were beside is in that table alone.
	[ "$(grep -c '^| memory-read .*| ordinary |' "$BATS_TEST_TMPDIR/report/report.md")" -eq 1 ]
	grep -q '^| memory-read .*| – | ordinary |' "$BATS_TEST_TMPDIR/report/report.md"
	grep -q '^| memory-read | access | 1M | 50 % |' "$BATS_TEST_TMPDIR/report/report.md"
	[ ! -e "$out/access-guest.svg" ]
}

@test "cow: the memcpy line and the computed break-even shares" {
	for label in cow-private cow-fork "memcpy (a copy)" "mremap (move: source gone)" \
		"cow-private: 48 %" "cow-fork: 34 %" "pages written after the snapshot, %"; do
		has_text cow-host "$label"
	done
	has_text cow-host "Not copying: 16M snapshots by share of pages written — host"
}

@test "cow: no break-even where the curves don't cross" {
	altered '(.cases[] | select(.path == "memcpy" and .params.size == 16777216)).time.value = 9e6'
	[ "$status" -eq 0 ]
	has_text cow-host "cow-private: cheaper even at 100 %"
	no_text cow-host "48 %"
	# Nothing is said of shares that weren't tried.
	altered 'del(.cases[] | select(.params.share? > 0)) | (.cases[] | select(.class == "snapshot")).time.value = 1e9
		| (.cases[].launches | values) |= .[:1]'
	[ "$status" -eq 0 ]
	has_text cow-host "cow-private: dearer even at 0 %"
	texts "$out/cow-host.svg" | grep -q '· 1 launch$'
}

@test "cache: hot and cold side by side" {
	for label in hot cold memcpy nt; do
		has_text cache-host "$label"
	done
	no_text cache-host movsb
}

@test "a question without data makes no picture and says so" {
	altered '.cases |= map(select(.path == "memcpy" and .params.cache == "hot"))'
	[ "$status" -eq 0 ]
	for question in stages cow cache; do
		[[ $output == *"plot.sh: no data for $question: no picture"* ]]
		[ ! -e "$out/$question-host.svg" ]
	done
}

@test "nothing ran: no picture, no failure; old pictures of the name are gone" {
	mkdir -p "$BATS_TEST_TMPDIR/plots"
	touch "$BATS_TEST_TMPDIR/plots/cow-host.svg" "$BATS_TEST_TMPDIR/plots/mine.svg"
	altered -f "$root/tests/fixtures/valid/nothing-ran.jq"
	[ "$status" -eq 0 ]
	[ "$(ls "$out")" = mine.svg ]
}

@test "an incomplete run is marked in every picture" {
	altered -f "$root/tests/fixtures/valid/incomplete.jq"
	[ "$status" -eq 0 ]
	for name in throughput latency cpu cow cache neighbour; do
		has_text "$name-host" "INCOMPLETE RUN"
	done
	has_text throughput-guest "INCOMPLETE RUN · $band"
}

@test "a software engine beside real paths is marked and broken, the real ones are not" {
	altered -f "$root/tests/fixtures/valid/sim-on-the-host.jq"
	[ "$status" -eq 0 ]
	has_text throughput-host "SOFTWARE ENGINE: a CPU copies, no DMA"
	has_text throughput-host "pinned · sim (software)"
	has_text throughput-host memcpy
	[ "$(grep -c stroke-dasharray "$out/throughput-host.svg")" -eq 4 ]
}

@test "vm-icount says what its times are" {
	altered -f "$root/tests/fixtures/valid/icount.jq"
	[ "$status" -eq 0 ]
	texts "$out/throughput-guest.svg" | grep -qF "EMULATED MACHINE (vm-icount): times are instruction counts"
}

@test "text from the result is text to gnuplot, SVG and the shell" {
	altered -f "$root/tests/fixtures/valid/hostile-text.jq"
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2016
	[[ $(texts "$out/throughput-host.svg") == *"O'CPU &lt;script&gt;alert(1)&lt;/script&gt; | "*'$(id) _x_^2 @{y}'* ]]
	xmllint --noout "$out/throughput-host.svg"
}

@test "a locale with a decimal comma changes nothing" {
	[ -e /usr/share/i18n/locales/de_DE ] || skip "the sources of de_DE are not installed"
	localedef -i de_DE -f UTF-8 "$BATS_TEST_TMPDIR/de_DE.UTF-8"
	LOCPATH=$BATS_TEST_TMPDIR LC_ALL=de_DE.UTF-8 "$root/scripts/plot.sh" "$good" "$BATS_TEST_TMPDIR/comma"
	for picture in "$out"/*.svg; do
		cmp "$picture" "$BATS_TEST_TMPDIR/comma/${picture##*/}"
	done
}

@test "usage and unreadable input: exit 2, one line, nothing written" {
	run "$root/scripts/plot.sh"
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	head -c 20000 "$good" >"$BATS_TEST_TMPDIR/short.json"
	for input in /nonexistent "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/short.json" /dev/null; do
		run "$root/scripts/plot.sh" "$input" "$BATS_TEST_TMPDIR/none"
		echo "$output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e "$BATS_TEST_TMPDIR/none" ]
	done
}

@test "cost to a neighbour: a panel a size, both kinds of neighbour, negative ones too" {
	has_text neighbour-host "What each path costs a process on another CPU — host"
	has_text neighbour-host "cache: slower by, %"
	has_text neighbour-host "bandwidth: slower by, %"
	has_text neighbour-host 1M
	has_text neighbour-host memcpy
	no_text neighbour-host mremap
	altered '(.cases[] | select(.neighbour.cache.value? != null) | .neighbour.cache) |= (.value = -30 | .ci95 = null)'
	[ "$status" -eq 0 ]
	has_text neighbour-host -30
}

# The simulator's paths at 1M, in all depths and in all chunks; pinned without the last ones.
# shellcheck disable=SC2016
deep='.cases |= map(if .engine.driver == "dmabench_sim" and .params.size == 1048576 then
	((1, 2, 8) as $depth | .params.depth = $depth | .id += "-d\($depth)"
		| select(.path != "pinned" or $depth < 8) | .throughput |= (.value *= 2 - 1 / $depth | .ci95 = null)),
	((4096, 1048576) as $chunk | .params.chunk = $chunk | .id += "-c\($chunk)") else . end)'

@test "pipeline: depth and chunk, a panel each, all else the same in it" {
	altered "$deep"
	[ "$status" -eq 0 ]
	for label in "1M, chunks of 64K, interrupt" "1M, depth 4, interrupt" "descriptors in flight at most" \
		"bytes of a chunk" "pinned · sim (software)" "registered · sim (software)" 8 4K \
		"EMULATED MACHINE (vm-tcg): times mean nothing · SOFTWARE ENGINE: a CPU copies, no DMA"; do
		has_text pipeline-guest "$label"
	done
	no_text pipeline-guest "edu (emulated)"
	[ ! -e "$out/pipeline-host.svg" ]
	run "$root/tests/fixtures/png_colours.py" "$out/pipeline-guest.png"
	[ "${output##* }" -gt 100 ]
}

@test "pipeline: a GPU has slots in its memory, not descriptors in flight" {
	gpu='(.cases[] | select(.engine.driver == "dmabench_sim")) |= (.path = "gpu-" + .path | .id = "gpu-" + .id)'
	altered "$deep | $gpu"
	has_text pipeline-guest "slots in the GPU's memory"
	has_text pipeline-guest "bytes of a slot"
	no_text pipeline-guest descriptors
	altered "$deep | ${gpu/\"dmabench_sim\"/\"dmabench_sim\" and .path == \"pinned\"}"
	has_text pipeline-guest "descriptors in flight at most, or a GPU's slots"
	has_text pipeline-guest "bytes of a chunk, or of a GPU's slot"
}

@test "pipeline: more in flight that moves more is drawn higher" {
	altered "$deep"
	mapfile -t depths < <(markers pipeline-guest 2a)
	# Its curve in the first panel: three points from left to right, higher each.
	for n in 1 2; do
		[ "$(bc <<<"${depths[n]#* } < ${depths[n - 1]#* }")" -eq 1 ]
		[ "$(bc <<<"${depths[n]% *} > ${depths[n - 1]% *}")" -eq 1 ]
	done
}

@test "pipeline: without a second depth or chunk there is no picture" {
	[ ! -e "$out/pipeline-guest.svg" ]
	grep -qF "plot.sh: no data for pipeline: no picture" "$BATS_FILE_TMPDIR/messages"
}

@test "\"no DMA engine\" stands only where there is none" {
	altered '.environments[0].engines_unlisted = [{what: "gpu", reason: "no case takes them"}]'
	has_text throughput-host "fixture CPU, 2 CPUs · vm-kvm · CPUs alone · 2026-01-02 · 3 launches"
	no_text throughput-host "no DMA engine"
}

@test "map: the best path in each field, hatched where another may be as good" {
	for word in "least time" "least CPU time of all CPUs" "least harm to a neighbour" "pages seldom written (about 1 %)" \
		4K 64K 1M 16M; do
		has_text map-host "$word"
	done
	# Of the first row nt at 16M isn't certain: hatched, and its name in a box.
	[ "$(texts "$out/map-host.svg" | grep -cx memcpy-mt)" -ge 1 ]
	hatched() { grep -c "url(#gpPat" "$1"; }
	before=$(hatched "$out/map-host.svg")
	[ "$before" -ge 1 ]
	# All intervals so wide that nothing is certain: every field is hatched.
	jq '(.cases[] | select(.status == "ok") | .time) |= (.ci95 = [0.001, 1e12])' "$good" >"$BATS_TEST_TMPDIR/wide.json"
	"$root/scripts/plot.sh" "$BATS_TEST_TMPDIR/wide.json" "$BATS_TEST_TMPDIR/wide" 2>/dev/null
	[ "$(hatched "$BATS_TEST_TMPDIR/wide/map-host.svg")" -gt "$before" ]
	# An emulated machine has no map.
	[ ! -e "$out/map-guest.svg" ]
}

@test "a GPU is in the pictures as any engine is: rate, CPU time, what a neighbour pays" {
	altered -f "$root/tests/fixtures/valid/gpu.jq"
	[ "$status" -eq 0 ]
	for name in throughput latency cpu neighbour; do
		has_text "$name-host" "gpu-staged · nvidia (hardware)"
		no_text "$name-host" EMULATED
	done
	altered '('"$(<"$root/tests/fixtures/valid/gpu.jq")"') | (.. | objects | select(.driver? == "nvidia")).kind = "emulated"'
	[ "$status" -eq 0 ]
	for name in throughput latency cpu neighbour; do
		has_text "$name-host" "gpu-staged · nvidia (emulated)"
		texts "$out/$name-host.svg" | grep -q "EMULATED ENGINE"
	done
}
