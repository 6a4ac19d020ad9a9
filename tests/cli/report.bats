#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# report.md and report.html say what the fixture holds, and merge.sh joins results.
# shellcheck disable=SC2016 # backticks of Markdown

setup_file() {
	export root=$BATS_TEST_DIRNAME/../..
	export good=$root/tests/fixtures/good.json
	export out=$BATS_FILE_TMPDIR/out
	"$root/scripts/plot.sh" "$good" "$out/plots" 2>/dev/null
	"$root/scripts/report.sh" "$good" "$out"
}

says() { # TEXT: somewhere in report.md
	grep -qF -- "$1" "$out/report.md" || {
		echo "report.md doesn't say: $1"
		return 1
	}
}

# A bare ! never fails a test in the middle of it.
refute() { ! "$@"; }

silent() { [ -s "$out/report.md" ] && ! grep -qF -- "$1" "$out/report.md"; }

altered() { # EDIT: report an edited fixture
	out=$BATS_TEST_TMPDIR/out
	jq "$@" "$good" >"$BATS_TEST_TMPDIR/result.json"
	"$root/scripts/report.sh" "$BATS_TEST_TMPDIR/result.json" "$out"
}

host() { jq '.environments |= .[:1] | .cases |= map(select(.env == "host"))' "$good"; }
guest() { jq '.environments |= .[1:] | .cases |= map(select(.env == "guest")) | del(.outside, .self_checks)' "$good"; }

@test "the sections stand in their order" {
	run grep '^## ' "$out/report.md"
	[ "$output" = "## The answer
## What the data can't say
## Noisy cases
## Is this harness right?
## Pictures
## Figures
## Failed cases
## Skipped cases
## The machine
## How to do it again" ]
}

@test "the fastest path by size, and whether it is clear" {
	says "| 4K | memcpy | 20.5 GB/s (20.1 GB/s to 20.9 GB/s) | yes; next is movsb"
	says "| 1M | memcpy-mt ×2 | 15 GB/s"
	says "| 16M | nt | 11.2 GB/s (11 GB/s to 11.4 GB/s) | no: intervals overlap with memcpy-mt ×2"
}

@test "crossovers name the sizes that they lie between" {
	says "**nt** is the faster one from about **409K** on (between 64K and 1M, interpolated)."
	# Where the intervals overlap nothing is said to cross.
	says "- movsb is slower than memcpy at 4K to 64K, 16M; at 1M there is no difference to be seen."
}

@test "what can't be told from memcpy at any size is one line, not crossovers" {
	altered '(.cases[] | select(.env == "host" and .class == "copy" and .path == "nt" or .path == "movsb").time) |=
		(.ci95 = [0.001, 1e12])'
	says "- No difference to be seen from memcpy: movsb (4K to 16M), nt (4K to 16M)."
	silent "**nt** is the faster one"
	silent "movsb starts out"
	# One launch tells nothing at all.
	altered '(.cases[] | select(.status == "ok" and .time != null).time.ci95) |= null'
	says "- Can't be said: one launch gives no interval."
}

@test "the answer begins with its sentences and the map, and the sentences are those of dmabench answer" {
	run grep -n -m 1 "^\*\*Here one thread copies fastest with memcpy up to 410K and nt above; 2 threads pay at 1M\. There is no DMA engine\." "$out/report.md"
	[ "$status" -eq 0 ]
	first=${output%%:*}
	map=$(grep -n -m 1 '](plots/map-host.svg)' "$out/report.md" | cut -d: -f 1)
	table=$(grep -n -m 1 "^\*\*Which path for which size" "$out/report.md" | cut -d: -f 1)
	[ "$first" -lt "$map" ]
	[ "$map" -lt "$table" ]
	"$root/build/dmabench" answer --json "$good" |
		jq -r '.[0].sentences | join(" ")' >"$BATS_TEST_TMPDIR/said"
	grep -qxF "**$(cat "$BATS_TEST_TMPDIR/said")**" "$out/report.md"
}

@test "crossovers that were searched stand in the figures, with the engine's kind; none found is said" {
	altered '.crossovers = [{env: "host", alpha_each_way: 0.005, method: "bisection", found: true, below: 65536,
		above: 81920, faster_below: "memcpy", faster_above: "pinned", first: {path: "memcpy", params: {}, engine: null},
		second: {path: "pinned", params: {}, engine: {name: "dma0chan0", driver: "dmabench_sim",
		device: "x", kind: "software", node: -1, iommu: "none"}},
		points: [{size: 4096, pairs: 10, ratio: 3, faster: "memcpy"}, {size: 81920, pairs: 10, ratio: 0.9, faster: "pinned"}]}]
		| .crossovers += [.crossovers[0] | .found = false | .first.path = "nt"
		| del(.below, .above, .faster_below, .faster_above)]'
	says "| memcpy and pinned · sim (software) | 64K | memcpy | 80K | pinned | 2 |"
	says "| nt and pinned · sim (software) | – | no crossing found | – | – | 2 |"
	/usr/bin/python3 "$root/tests/fixtures/validate.py" "$root/results/result.schema.json" "$BATS_TEST_TMPDIR/result.json"
}

@test "when not copying wins, with its class said" {
	says "cow-private, 16M: cheaper than memcpy while less than about **48 %** of the pages"
	says "(between 10 % and 50 %, interpolated)"
	says "cow-private, 64K: dearer than memcpy even with 0 %"
	says "mremap, 16M (a move: the source is gone): 90 µs."
	says "a snapshot pays later for each page that is written"
	# Whole pages are no round share of them.
	altered '(.cases[] | select(.path == "cow-private" and .params.size == 16777216 and .params.share == 10)) |=
		(.written = {pages: 417, of: 4096})'
	says "(between 10.2 % and 50 %, interpolated)"
}

@test "emulated and software are said loudly, and give no advice" {
	[ "$(sed -n 3p "$out/report.md")" = \
		'> **`guest`: EMULATED MACHINE (vm-tcg): times mean nothing · EMULATED ENGINE · SOFTWARE ENGINE: a CPU copies, no DMA**' ]
	says 'No advice from here: `guest` is an emulated machine'
	says "pinned · edu (emulated): 3 cases, sizes 64, 4K, 16K"
	says "No hardware DMA engine was measured"
	# None of its paths is called fastest.
	run sed -n '/^## The answer/,/^## What/p' "$out/report.md"
	[[ $output == *"### guest"* ]]
	[[ $output != *"| pinned"* ]]
}

@test "a software engine on a real machine is left out of the advice" {
	altered -f "$root/tests/fixtures/valid/sim-on-the-host.jq"
	says "Left out here, as no hardware moved the bytes:"
	run sed -n '/^## The answer/,/^## What/p' "$out/report.md"
	[[ $output != *"| pinned · sim"* ]]
}

@test "fastest: named with what it took, no rival of that copy, and what an engine is up against" {
	altered -f "$root/tests/fixtures/valid/fastest.jq"
	# memcpy overlaps, but is the same copy; the next that is another one is named.
	says "| 4K | fastest (libc in 2 of 3 launches) | 20.5 GB/s (20.1 GB/s to 20.9 GB/s) | yes; next is movsb"
	says "**Engines against the fastest CPU copy.**"
	says "- pinned · ioatdma (hardware) is slower than fastest at 4K to 64K, 16M; at 1M there is no difference to be seen."
	altered .
	silent "Engines against the fastest CPU copy"
}

@test "a GPU is an engine like another, and the machine's section says which it is" {
	altered -f "$root/tests/fixtures/valid/gpu.jq"
	says "- gpu-staged · nvidia (hardware) is slower than memcpy at each size that was measured"
	silent "No hardware DMA engine was measured"
	says "| gpu0 | nvidia (hardware) | 0000:3b:00.0: NVIDIA Made Up, PCIe 5 x16 (when listed: 1 x16), driver 570.86.15, CUDA 12.8 | hardware | 0 | strict |"
}

@test "what the data can't say: quick, few launches, virtual machine, one node" {
	says "A quick run"
	says "3 launches of each case, too few"
	says '`host` is a virtual machine'
	says '`host` has one NUMA node'
	altered '.cases[].launches |= (if . == null then . else [limit(10; repeat(.[]))] end) | .run.config.mode = "full"'
	silent "A quick run"
	silent "too few to call"
}

@test "tables: figures with units, and hyperfine beside the harness" {
	says "| memcpy | 4K | 20.5 GB/s | 20.1 GB/s to 20.9 GB/s | – | 200 ns |"
	says "| memcpy | 1M | 113 µs | 110 µs | 1.03 | 10 |"
	says "| cow-fork | snapshot | 16M | 50 % | 2.8 ms |"
	says "#### Stages of driver-side operations"
	says "| null | 30 ns |"
}

@test "noisy cases are named, the worst first, and what it means is said" {
	altered -f "$root/tests/fixtures/valid/figures.jq"
	says '`host`: 1 of 46 cases.'
	says "| memcpy-mt ×2 | 16M | – | 8.1 % | 15 % | 1 of 3: 2 |"
	says "differences of that order mean nothing"
	says '`guest`: an emulated machine, whose times mean nothing.'
	altered '.'
	says "this file doesn't say"
}

@test "setting up and a byte: a row a path and setting, a reason where there is no line" {
	says "#### Setting up, and a byte"
	says "Of fewer than three sizes in some setting, where nothing would show whether they lie on a line: cow-fork, cow-private"
	silent "| cow-private | 2 sizes"
	altered '.environments |= .[:1] | .cases |= map(select(.path == "memcpy" and .params.cache == "hot" and .env == "host")
		| (2100 + .params.size / 12) as $t | .time.value = $t | .time.ci95 = [$t, $t]
		| .launches |= map(.ns_per_op |= map_values($t)) | if .params.size == 4096 then .time.value *= 3 | .time.ci95 = null else . end)'
	says "| memcpy | 2.1 µs | 2.1 µs to 2.1 µs | 12 GB/s | 12 GB/s to 12 GB/s | below 64K | 64K to 16M | 4K ×3 | – | hot cache"
}

@test "the CPU's part: a table of its own, beside the operation alone; in no other answer" {
	result=$BATS_TEST_TMPDIR/used.json
	jq -f "$root/tests/fixtures/valid/used.jq" "$good" >"$result"
	out=$BATS_TEST_TMPDIR/used
	"$root/scripts/report.sh" "$result" "$out"
	says "#### The whole way of the bytes"
	grep -E '^\| memcpy \| copy \| 4K \| read \| 600 ns .*\| – \| 200 ns \| 300 ns \| 200 ns \| hot cache' "$out/report.md"
	grep -E '^\| memcpy \| copy \| 4K \| written, read \| 600 ns .*\| 200 ns \| 200 ns \| 300 ns \| 200 ns \| hot cache' "$out/report.md"
	says "| 4K | memcpy | 20.5 GB/s (20.1 GB/s to 20.9 GB/s) | yes; next is movsb"
	diff <("$root/build/dmabench" answer --json "$good" | jq 'map(del(.costs))') <("$root/build/dmabench" answer --json "$result" | jq 'map(del(.costs))')
}

@test "fresh pages: a table of their own, beside the prefaulted case" {
	altered '(.cases[] | select(.path == "memcpy" and .params.size == 4096 and .params.cache == "hot" and .env == "host")) as $c
		| .cases += [$c | .params.touch = "fresh" | .id |= sub("@"; ",touch=fresh@") | .time.value *= 10
			| .fresh = {unit: "1/op", pages: 1, faults: 1.01}]'
	says "#### Fresh pages"
	grep -E '^\| memcpy \| 4K \| 2 µs \| .* \| 200 ns \| 1 \| 1.01 \| hot cache' "$out/report.md"
}

@test "a rate stands beside what it can't be above" {
	altered '(.cases[] | select(.path == "memcpy" and .params.size == 16777216 and .params.cache == "hot" and .env == "host"))
		.bounds = [{what: "memory", unit: "B/s", value: 15.1e9, share: 0.591, from: "x"}, {what: "link", unit: "B/s", value: 31.5e9, share: 0.28, from: "0000:3b:00.0"}]'
	grep -E '^\| memcpy \| 16M \| .* \| 59 % of the memory.s 15.1 GB/s, 28 % of the link.s 31.5 GB/s \|' "$out/report.md"
}

@test "while others take bandwidth: what they got, and the latency beside it; in no other answer" {
	result=$BATS_TEST_TMPDIR/loaded.json
	jq -f "$root/tests/fixtures/valid/loaded.jq" "$good" >"$result"
	out=$BATS_TEST_TMPDIR/loaded
	"$root/scripts/report.sh" "$result" "$out"
	says "#### While others take bandwidth"
	grep -E '^\| memcpy \| copy \| 4K \| 100 % \| 7 GB/s \| 1 \| ' "$out/report.md"
	diff <("$root/build/dmabench" answer --json "$good" | jq 'map(del(.costs))') <("$root/build/dmabench" answer --json "$result" | jq 'map(del(.costs))')
}

@test "both directions at once: a table, and how many times one direction's rate they have; in no other answer" {
	result=$BATS_TEST_TMPDIR/both.json
	jq -f "$root/tests/fixtures/valid/both-directions.jq" "$good" >"$result"
	out=$BATS_TEST_TMPDIR/both
	"$root/scripts/report.sh" "$result" "$out"
	says "#### Both directions at once"
	grep -E '^\| memcpy \| 4K \| 41 GB/s \| .* \| 100 ns \| 200 ns \| 2 \| .* \| hot cache' "$out/report.md"
	grep -E '^- memcpy, 4K, hot cache.*: both directions at once: 2 times one direction.s rate( \(.* to .*\))?\.$' "$out/report.md"
	diff <("$root/build/dmabench" answer --json "$good" | jq 'map(del(.costs, .directions))') \
		<("$root/build/dmabench" answer --json "$result" | jq 'map(del(.costs, .directions))')
}

@test "variation, single descriptors and events are in the tables" {
	altered -f "$root/tests/fixtures/valid/figures.jq"
	says "| 200 ns | 1 % / 2 % |"
	says "| pinned · edu (emulated) | 4K | 1.5 µs | 2.5 µs | – | – | 9 µs | 120 | 12 | 2.75 | 4 |"
	says "Cycles, instructions, cache misses: no PMU of this (virtual?) machine counts it."
	says "| cow-private | snapshot | 16M | 50 % | 16.5 | 0.0123 | 0 |"
	altered -f "$root/tests/fixtures/valid/pmu.jq"
	says "| memcpy | copy | 4K | – | 0.125 (user) | 0.25 (user) (scaled, counted 50 % of the time) | 2 (user) | – | 2 | – | 0 |"
	says "–: it never had its turn on a counter; perf\_event\_paranoid is 2: not without CAP\_PERFMON."
}

@test "what the data can't say: intervals of few launches" {
	says "Intervals of so few hold the true median in at most 75 % of all runs, not 95 %."
	altered '.cases[].launches |= (if . == null then . else [limit(6; repeat(.[]))] end)'
	silent "hold the true median"
}

@test "the harness's checks of itself: in words, undecided ones marked" {
	says "- 2 checks ok: the whole interval lies within the tolerance."
	says "- 1 check **undecided**"
	says "| 25 ± 2 % | 25.2 | 24.1 to 26.2 | ok |"
	says "| 0 ± 5 % | – | – | **UNDECIDED** | hyperfine is not installed |"
	silent "HARNESS IS WRONG"
}

@test "a harness that is wrong is said at the very top" {
	altered '.self_checks[1] |= (.verdict = "wrong" | .measured = 40 | .interval = [39, 41])'
	[[ $(sed -n 3p "$out/report.md") == "> **THIS HARNESS IS WRONG HERE: self-check slowed-25 failed."* ]]
	says "- 1 check **WRONG**: don't use the figures"
	says "| 40 | 39 to 41 | **WRONG** |"
}

@test "the cost to a neighbour, with its drift, or why there is none" {
	says "| memcpy | copy | 1M | 12.5 % | 10.1 % to 14.2 % | -1.5 % | 3.2 % | 41 % | 38 % to 45 % | 0.4 % | 22 % | 1 |"
	says "| nt | copy | 1M | – (the node has no other usable CPU) |"
}

@test "a run without checks of the harness says so" {
	altered 'del(.self_checks)'
	says "Not checked in this run"
}

@test "a self-check without a verdict, or ok without a measurement, is refused" {
	for edit in '.self_checks[0].verdict = "fine"' '.self_checks[0].measured = null' '.self_checks = {}'; do
		jq "$edit" "$good" >"$BATS_TEST_TMPDIR/broken.json"
		run "$root/scripts/report.sh" "$BATS_TEST_TMPDIR/broken.json" "$BATS_TEST_TMPDIR/none"
		echo "$edit: $output"
		[ "$status" -eq 2 ]
	done
}

@test "failed and skipped cases have a reason and no number" {
	says "| guest | coherent · edu (emulated) | 1 | 16K | verification: destination differs"
	says "| host | pinned | 1 | 64K | no /dev/dmabench"
	run sed -n '/^## Figures/,/^## Failed/p' "$out/report.md"
	[[ $output != *"| coherent · edu (emulated) | 16K"* ]]
	[[ $output != *"| coherent · edu (emulated) | copy | 16K"* ]]
}

@test "the machine, its warnings with what to do, and how to do it again" {
	says "| cpu model | fixture CPU |"
	says "| no CPU frequency governor is visible | the hypervisor decides the clock, figures may drift | run on the"
	says "- seed 123456"
	says "- mode: quick"
	says "- dmabench fixture, commit unknown"
}

@test "the machine's state before, during and after, and what changed meanwhile" {
	says "What the machine did beside the run was not recorded."
	altered -f "$root/tests/fixtures/valid/state.jq"
	says '> **`host`: SETTINGS CHANGED DURING THE RUN: governor, numa balancing, thp**'
	says "| length of the look | 0.3 s | 61.2 s | 0.3 s |"
	says "| load, mean of a minute | 0.25 | 0.25 to 2.5 | 0.25 |"
	says "| CPU clock | 0.8 GHz to 3.5 GHz |"
	says "| CPU time of others | 3.1 % | 3.1 % | 3.1 % |"
	says "| CPU time stolen by the hypervisor | 0 % | 0 % | can't be seen |"
	# The siblings during the run are dmabench's own.
	says "| busy SMT siblings | 1 | – | 1 |"
	says "| slowed down by heat | can't be seen |"
	says "| memory swapped out | 2M |"
	says "- governor changed from performance to powersave after 12.3 s"
	says "- numa balancing changed from 0 to can't be seen after 20 s"
	refute grep -qF '<b>' "$out/report.html"
	altered -f "$root/tests/fixtures/valid/state-interrupted.jq"
	says "| CPU time of others | 0 % | – | – |"
	says "No setting was seen to change during the run."
	silent "SETTINGS CHANGED"
}

@test "a warning says when it was seen" {
	altered '.environments[0].warnings = [{"id":"steal_share","when":"after","what":"steal","why":"y","do":"z"},
		{"id":"turbo","when":"always","what":"turbo is on","why":"y","do":"z"}]'
	says "| steal (after the run) | y | z |"
	says "| turbo is on | y | z |"
}

@test "an incomplete run says so at the very top" {
	altered -f "$root/tests/fixtures/valid/incomplete.jq"
	[[ $(sed -n 3p "$out/report.md") == "> **INCOMPLETE RUN: 1 of 3 launches.**"* ]]
	says "The run is **incomplete**"
	says "one launch gives no interval"
}

@test "nothing ran, or nothing was planned: a report without figures or pictures" {
	altered -f "$root/tests/fixtures/valid/nothing-ran.jq"
	says "No case of this environment has figures."
	says "No picture of host: no data."
	says "the machine was on fire"
	run grep -cE '[0-9] (GB|MB|kB|B)/s' "$out/report.md"
	[ "$output" -eq 0 ]
	altered -f "$root/tests/fixtures/valid/no-cases.jq"
	says "No copy path of this machine has figures."
	[ -s "$out/report.html" ]
}

@test "links to pictures are relative and lead somewhere" {
	run grep -o '](plots/[^)]*)' "$out/report.md"
	[ "${#lines[@]}" -eq 11 ]
	for link in "${lines[@]}"; do
		[ -s "$out/$(tr -d '])(' <<<"$link")" ]
	done
}

@test "report.html is whole, well formed, and needs nothing from outside" {
	run xmllint --html --noout "$out/report.html"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	[ "$(tail -n 1 "$out/report.html")" = "</html>" ]
	[ "$(grep -c 'src="data:image/svg+xml;base64,' "$out/report.html")" -eq 11 ]
	refute grep -qE '(src|href)="[^d]' "$out/report.html"
	refute grep -qiE '<(script|link|iframe)|@import|url\(' "$out/report.html"
	grep -q 'prefers-color-scheme: dark' "$out/report.html"
	for title in "The answer" "Pictures" "How to do it again"; do
		grep -qF "<h2>$title</h2>" "$out/report.html"
	done
}

@test "an inlined picture is the picture" {
	grep -o 'base64,[^"]*' "$out/report.html" | head -n 1 | cut -d, -f2 | base64 -d >"$BATS_TEST_TMPDIR/first.svg"
	cmp "$BATS_TEST_TMPDIR/first.svg" "$out/plots/map-host.svg"
}

@test "text from the result is no markup" {
	altered -f "$root/tests/fixtures/valid/hostile-text.jq"
	refute grep -qiE '<(script|b|img)[ >]' "$out/report.html"
	refute grep -qE 'src="http|href="http' "$out/report.html"
	grep -qF '&lt;script&gt;alert(1)&lt;/script&gt;' "$out/report.html"
	grep -qF 'a | b' "$out/report.html"
}

@test "a locale with a decimal comma changes nothing" {
	[ -e /usr/share/i18n/locales/de_DE ] || skip "the sources of de_DE are not installed"
	localedef -i de_DE -f UTF-8 "$BATS_TEST_TMPDIR/de_DE.UTF-8"
	LOCPATH=$BATS_TEST_TMPDIR LC_ALL=de_DE.UTF-8 "$root/scripts/report.sh" "$good" "$BATS_TEST_TMPDIR/comma"
	# But for the pictures, which it has none of.
	diff <(grep -v 'plots/' "$out/report.md" | cat -s) \
		<(grep -v '^No picture' "$BATS_TEST_TMPDIR/comma/report.md" | cat -s)
}

@test "unreadable or insane input: exit 2, one line, nothing written" {
	for edit in "$root"/tests/fixtures/broken/{ok-without-time,skipped-with-figures,failed-without-reason}.jq \
		"$root"/tests/fixtures/broken/{wrong-schema,string-for-number,no-environment,no-cases}.jq; do
		jq -f "$edit" "$good" >"$BATS_TEST_TMPDIR/broken.json"
		run "$root/scripts/report.sh" "$BATS_TEST_TMPDIR/broken.json" "$BATS_TEST_TMPDIR/none"
		echo "$edit: $output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e "$BATS_TEST_TMPDIR/none" ]
	done
	for text in '' '{}' '[]' '{} {}' nan '{"schema":' '{"schema":"dmabench-result/1","cases":[1]}'; do
		echo "$text" >"$BATS_TEST_TMPDIR/broken.json"
		run "$root/scripts/report.sh" "$BATS_TEST_TMPDIR/broken.json" "$BATS_TEST_TMPDIR/none"
		echo "$text: $output"
		[ "$status" -eq 2 ]
		[ ! -e "$BATS_TEST_TMPDIR/none" ]
	done
	run "$root/scripts/report.sh" "$good"
	[ "$status" -eq 2 ]
}

# each_refused EDIT: by whatever shows results: one line that names the file, and nothing made.
each_refused() {
	local script code
	jq "$1" "$good" >"$BATS_TEST_TMPDIR/odd.json"
	cd "$BATS_TEST_TMPDIR"
	for script in "report.sh odd.json none" "plot.sh odd.json none" "compare.sh state.json odd.json --out none" \
		"report/merge.sh none odd.json"; do
		code=0
		# shellcheck disable=SC2086 # several words
		"$root"/scripts/$script >said 2>&1 || code=$?
		echo "$1: $script: $code: $(<said)"
		[[ $code -eq 2 && $(wc -l <said) -eq 1 && $(<said) == *.sh:\ odd.json:\ * && ! -e none ]]
	done
}

@test "fields of another type than they have are refused, and where they are is said" {
	jq -f "$root/tests/fixtures/valid/state.jq" "$good" >"$BATS_TEST_TMPDIR/state.json"
	good=$BATS_TEST_TMPDIR/state.json
	each_refused '.cases[3].params.pages = 4294967296'
	each_refused '.cases[3].params.wait = {}'
	each_refused '.environments[0].state.after.load_1min.max = [1, 2]'
	each_refused '.environments[0].warnings[0].when = 1e308'
	each_refused '(first(.cases[] | select(.cpu != null)).cpu) |= with_entries(.value = "x")'
	each_refused '.environments[0].state.during.others_share = {}'
	# What may be absent or null is.
	jq '.environments[0].state.after = null | .environments[0].state.during.load_1min = null' "$good" >"$BATS_TEST_TMPDIR/null.json"
	"$root/scripts/report.sh" "$BATS_TEST_TMPDIR/null.json" "$BATS_TEST_TMPDIR/null"
}

@test "what is no type's fault and still can't be shown: one line with the file, status 2, nothing made" {
	# What the pictures and the text are made by, in a tree where they stumble.
	mkdir -p "$BATS_TEST_TMPDIR/tree/build"
	cp -R "$root"/{scripts,plots,results} "$BATS_TEST_TMPDIR/tree/"
	local name
	for name in report pictures compare_pictures merge; do
		echo '.run | keys | map(error("it stumbles"))' >"$BATS_TEST_TMPDIR/tree/scripts/report/$name.jq"
	done
	export DMABENCH=$(realpath "$root/build/dmabench")
	good=$(realpath "$good")
	cd "$BATS_TEST_TMPDIR"
	cp "$good" odd.json
	jq '.run.seed += 1' "$good" >other.json
	for script in "report.sh odd.json none" "plot.sh odd.json none" "compare.sh odd.json other.json --out none" \
		"report/merge.sh none odd.json"; do
		# shellcheck disable=SC2086 # several words
		run tree/scripts/$script
		echo "$script: $status $output"
		[[ $status -eq 2 && ${#lines[@]} -eq 1 && $output == *.sh:\ *:\ not\ a\ result:\ * && ! -e none ]]
	done
}

@test "numbers beyond what a double holds are refused" {
	sed '0,/"value":200,/s//"value":1e999,/' "$good" >"$BATS_TEST_TMPDIR/huge.json"
	run "$root/scripts/report.sh" "$BATS_TEST_TMPDIR/huge.json" "$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 2 ]
}

@test "merge: host and guest become the whole again" {
	host >"$BATS_TEST_TMPDIR/host.json"
	guest >"$BATS_TEST_TMPDIR/guest.json"
	"$root/scripts/report/merge.sh" "$BATS_TEST_TMPDIR/all.json" "$BATS_TEST_TMPDIR"/{host,guest}.json
	diff <(jq -S 'del(.run)' "$good") <(jq -S 'del(.run)' "$BATS_TEST_TMPDIR/all.json")
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" "$BATS_TEST_TMPDIR/all.json"
	[ "$(jq -r .run.config.guest.seed "$BATS_TEST_TMPDIR/all.json")" = 123456 ]
	[ "$(jq -r .run.complete "$BATS_TEST_TMPDIR/all.json")" = true ]
	[ "$(ls "$BATS_TEST_TMPDIR")" = "all.json
guest.json
host.json" ]
}

@test "merge: complete only if each part is" {
	host >"$BATS_TEST_TMPDIR/host.json"
	guest | jq '.run.complete = false' >"$BATS_TEST_TMPDIR/guest.json"
	"$root/scripts/report/merge.sh" "$BATS_TEST_TMPDIR/all.json" "$BATS_TEST_TMPDIR"/{host,guest}.json
	[ "$(jq -r .run.complete "$BATS_TEST_TMPDIR/all.json")" = false ]
}

@test "merge: refuses clashes, other formats and unreadable input, and leaves the target alone" {
	host >"$BATS_TEST_TMPDIR/host.json"
	jq '.schema = "dmabench-result/2"' "$good" >"$BATS_TEST_TMPDIR/other.json"
	jq '.environments[0].id = "b" | .cases |= map(.env = "b")' "$BATS_TEST_TMPDIR/host.json" >"$BATS_TEST_TMPDIR/ids.json"
	head -c 9999 "$good" >"$BATS_TEST_TMPDIR/short.json"
	echo keep >"$BATS_TEST_TMPDIR/all.json"
	for second in host other ids short none; do
		run "$root/scripts/report/merge.sh" "$BATS_TEST_TMPDIR/all.json" "$BATS_TEST_TMPDIR"/{host,$second}.json
		echo "$second: $output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[ "$(cat "$BATS_TEST_TMPDIR/all.json")" = keep ]
	done
	run bash -c "ls '$BATS_TEST_TMPDIR' | grep -c all.json"
	[ "$output" = 1 ]
}
