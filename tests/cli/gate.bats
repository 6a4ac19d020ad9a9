#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/gate.sh: what it takes, what it leaves behind, and what it makes of results that
# are scripted: builds are replaced by a program that hands these out and decides for real.

load helpers

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$root/tests/fixtures
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	export DMABENCH_GATE_CACHE=$PWD/cache
	case $BATS_TEST_DESCRIPTION in
	scripted:*) script_everything ;;
	esac
}

# A make that "builds" the scripted program, and base.json, which all results are made from.
script_everything() {
	mkdir bin results
	export REAL=$dmabench RESULTS=$PWD/results
	cat >bin/make <<-'END'
		#!/bin/bash
		for word in "$@"; do
			case $word in BUILD=*) install -D "$RESULTS/program" "${word#BUILD=}/dmabench" ;; esac
		done
	END
	# Hands out first.*, then second.* …, and logs how it was asked.
	cat >results/program <<-'END'
		#!/bin/bash
		set -e
		printf '%s\n' "$*" >>"$RESULTS/log"
		[[ $1 == pair || $1 == run && " $* " != *" --dry-run "* ]] || exec "$REAL" "$@"
		[[ ! -e $RESULTS/hang ]] || { echo $$ >"$RESULTS/pid"; exec sleep 300; }
		which=first
		[[ ! -e $RESULTS/asked ]] || which=second
		: >"$RESULTS/asked"
		while [[ $# -gt 0 ]]; do
			case $1 in
			--out-a) cp "$RESULTS/$which.base" "$2" ;;
			--out-b | -o) cp "$RESULTS/$which.new" "$2" ;;
			esac
			shift
		done
	END
	chmod +x bin/make results/program
	PATH=$PWD/bin:$PATH
	jq -f "$fixtures/quiet.jq" "$fixtures/good.json" | jq '.cases |= map(select(.env == "host"))
		| .run.config = {mode: "gate", launches: 16, samples: 10, sample_ns: 2000000, cpu_phase_ns: 0}' >base.json
	slow='(.cases[] | select(.path == "memcpy" and .params.size == 4096).launches[].ns_per_op[]) *= 1.2'
	results . . '.run.pair.id = "two"' '.run.pair.id = "two" | .run.seed = 2'
}

# results FIRST-BASE FIRST-NEW SECOND-BASE SECOND-NEW: filters of base.json.
results() {
	jq "$1" base.json >results/first.base
	jq "$2" base.json >results/first.new
	jq "$3" base.json >results/second.base
	jq "$4" base.json >results/second.new
}

# gives STATUS ARGUMENTS...
gives() {
	rm -rf out results/asked results/log
	expect "$1" "$root/scripts/gate.sh" "${@:2}"
}

refused() {
	gives 2 "$@"
	[ "$(wc -l <stderr)" -eq 1 ]
	[ ! -s stdout ]
	[ ! -e out ]
}

side_by_side() { gives "$1" --against HEAD --cases '--path memcpy' --out out "${@:2}"; }

# How often it was asked to measure.
asked() { grep -Ec "^(pair|run --env)" results/log; }

@test "bad arguments: exit 2, one line, nothing built, nothing written" {
	refused
	refused --nosuch
	for option in --against --setup --cases --launches --baseline --accept --store; do
		refused "$option"
		grep -q -- "$option needs a value" stderr
	done
	refused --against HEAD --baseline "$fixtures/good.json"
	refused --icount
	refused --setup "$fixtures/quiet.jq"
	refused --against HEAD --setup "$fixtures/quiet.jq" --setup nosuch
	refused --baseline nosuch.json
	refused --accept "$fixtures/good.json"
	refused --accept "$fixtures/good.json" --baseline "$fixtures/good.json" --store x
	refused --against HEAD --store x
	refused --against HEAD --driver-args V=1
	for bad in 0 -1 x 1000 ""; do refused --against HEAD --launches "$bad"; done
	for bad in 5% -1 .5 x; do refused --against HEAD --threshold "$bad"; done
	refused --against HEAD --cases nosuch
	refused --against HEAD --cases "$PWD"
	: >empty
	refused --against HEAD --cases empty
	refused --icount --against HEAD --cases '--path memcpy'
	refused --baseline "$fixtures/good.json" --cases '--path memcpy'
	[ ! -e cache ]
}

@test "commits that don't exist, and no checkout at all" {
	refused --against nosuch --out out
	grep -q -- '--against nosuch: no such commit' stderr
	refused --against --help --out out
	refused --against "HEAD:README.md" --out out
	mkdir -p tree/scripts
	cp -R "$root/scripts/gate.sh" "$root/scripts/lib" "$root/scripts/gate" tree/scripts/
	status=0
	GIT_CEILING_DIRECTORIES=$PWD tree/scripts/gate.sh --against HEAD 2>stderr || status=$?
	[ "$status" -eq 2 ]
	grep -q "this isn't a git checkout" stderr
}

@test "scripted: identical code passes, and everything is written" {
	side_by_side 0
	for file in base.json new.json compare.json compare.md junit.xml compare.html plots/compare-change-host.svg; do
		[ -s "out/$file" ]
	done
	grep -q '<h3>dmabench compare: no regression' out/compare.html
	"$fixtures/validate.py" "$root/results/compare.schema.json" out/compare.json
	jq -e '.rule.design == "pairs" and .status == 0' out/compare.json
	xmllint --noout out/junit.xml
	grep -q '^no regression: ' stdout
	[ "$(asked)" -eq 1 ]
	grep -q -- '--launches 40 ' results/log
	cp -R results out2
	: >out2/new.json
	refused --against HEAD --out out2
}

@test "scripted: a failure is measured once more, alone, and stands if it fails again" {
	results . "$slow" '.run.pair.id = "two"' ".run.pair.id = \"two\" | .run.seed = 2 | $slow"
	side_by_side 1 --launches 30
	[ "$(asked)" -eq 2 ]
	id=$(jq -r '.cases[] | select(.path == "memcpy" and .params.size == 4096).id' base.json)
	[ "$(grep -c . <<<"$id")" -eq "$(grep -o -- '--only' results/log | wc -l)" ]
	grep '^pair ' results/log | tail -n 1 | grep -qF -- "--launches 30 "
	jq -e '[.cases[] | select(.first_failed)] | length >= 1 and all(.verdict == "FAIL")' out/compare.json
	[ -s out/confirm/new.json ]
	side_by_side 0 --advisory
	grep -q '^regression: ' stdout
}

@test "scripted: a failure that doesn't come again is none; one that can't be judged is status 3" {
	results . "$slow" '.run.pair.id = "two"' '.run.pair.id = "two" | .run.seed = 2'
	side_by_side 0
	[ "$(asked)" -eq 2 ]
	jq -e '[.cases[] | select(.first_failed)] | length >= 1 and all(.verdict == "OK")' out/compare.json
	results . "$slow" '.run.pair.id = "two" | .cases[].launches |= .[0:5]?' \
		'.run.pair.id = "two" | .run.seed = 2 | .cases[].launches |= .[0:5]?'
	side_by_side 3
	# The first block once more is no confirmation.
	results . "$slow" . "$slow"
	side_by_side 4
}

@test "scripted: missing cases and wrong bytes are believed at once, noise isn't confirmed" {
	results . 'del(.cases[0])' . .
	side_by_side 1
	[ "$(asked)" -eq 1 ]
	results . '.cases[0] |= ({id, env, path, class, params, engine} + {status: "failed", reason: "wrong byte"})' . .
	side_by_side 1
	[ "$(asked)" -eq 1 ]
	grep -q 'wrong byte' stdout
	results '.cases[].launches |= .[0:7]?' '.cases[].launches |= .[0:7]?' . .
	side_by_side 3
	[ "$(asked)" -eq 1 ]
	results . '.run.complete = false' . .
	side_by_side 2
	results . '.run.pair.id = "other"' . .
	side_by_side 4
}

@test "scripted: two settings of one build" {
	echo 'exit 0' >"a b.sh"
	echo 'exit 1' >c.sh
	gives 0 --setup "a b.sh" --setup c.sh --cases '--path memcpy' --out out
	grep -q -- "--setup-a exec bash .*/a\\\\ b.sh --setup-b exec bash .*/c.sh" results/log
	program=$(sed -n 's/^pair --a \([^ ]*\) --b \([^ ]*\) .*/\1 \2/p' results/log)
	[ "${program% *}" = "${program#* }" ]
	results . '.environments[0].conditions.governor = "other"' . .
	gives 4 --setup "a b.sh" --setup c.sh --cases '--path memcpy' --out out
	gives 0 --setup "a b.sh" --setup c.sh --cases '--path memcpy' --out out --changed governor
}

@test "scripted: what compare doesn't take is refused before anything is measured" {
	side_by_side 2 --changed nosuch
	grep -q nosuch stderr
	side_by_side 2 --threshold 0
	grep -q -- --threshold stderr
	[[ $(asked) -eq 0 && ! -e out ]]
}

@test "scripted: interrupted, nothing is left but incomplete results" {
	: >results/hang
	before=$(git -C "$root" status --porcelain; git -C "$root" worktree list; git -C "$root" branch -a)
	"$root/scripts/gate.sh" --against HEAD --cases '--path memcpy' --out out >stdout 2>stderr &
	gate=$!
	for ((i = 0; i < 600; i++)); do [ ! -s results/pid ] || break; sleep 0.1; done
	kill -TERM "$gate"
	status=0
	wait "$gate" || status=$?
	[ "$status" -eq 143 ]
	run ! kill -0 "$(cat results/pid)"
	[ -z "$(find cache -name 'part.*')" ]
	after=$(git -C "$root" status --porcelain; git -C "$root" worktree list; git -C "$root" branch -a)
	[ "$before" = "$after" ]
	[ ! -e out/compare.json ]
}

@test "scripted: against a baseline, the same cases in the same way" {
	results . . . '.run.seed = 2'
	jq 'del(.run.pair)' base.json >stored.json
	gives 0 --baseline stored.json --out out
	[ "$(asked)" -eq 1 ]
	grep -q -- '--path memcpy --size 4096' results/log
	jq -e '.rule.design == "groups"' out/compare.json
	results . "$slow" . ".run.seed = 2 | $slow"
	gives 1 --baseline stored.json --out out
	[ "$(asked)" -eq 2 ]
	grep -q -- '--only memcpy:size=4096' results/log
	results . "$slow" . '.run.seed = 2'
	gives 0 --baseline stored.json --out out
	results . '.environments[0].conditions.kernel = "9"' . .
	gives 4 --baseline stored.json --out out
	gives 0 --baseline stored.json --out out --changed kernel
	jq '.run.complete = false' stored.json >broken.json
	gives 2 --baseline broken.json --out out
	jq '.run.config.of_tomorrow = 1' stored.json >broken.json
	gives 2 --baseline broken.json --out out
	grep -q 'of_tomorrow' stderr
	gives 2 --baseline <(jq -f "$fixtures/quiet.jq" "$fixtures/good.json") --out out
}

# accepted STATUS [ARGUMENTS...]
accepted() { gives "$1" --accept first.json --again second.json --store stored.json "${@:2}"; }

@test "a baseline is what HEAD measured twice and alike, with its floor" {
	head=$(git -C "$root" rev-parse HEAD | cut -c 1-12)
	jq -f "$fixtures/quiet.jq" "$fixtures/good.json" | jq --arg head "$head" '.tool.commit = $head' >base.json
	jq . base.json >first.json
	jq '.run.seed = 2 | (.cases[0].launches[]?.ns_per_op[]) *= 1.02' base.json >second.json
	accepted 0
	"$fixtures/validate.py" "$root/results/result.schema.json" stored.json
	# As results had it that were made before it was 12 digits: the same commit.
	for file in first.json second.json; do jq '.tool.commit |= .[:7]' "$file" >"short-$file"; done
	gives 0 --accept short-first.json --again short-second.json --store short.json
	for digits in 6 0; do
		jq ".tool.commit |= .[:$digits]" first.json >short-first.json
		gives 1 --accept short-first.json --again short-second.json --store short.json
	done
	jq -e '.cases[0].aa_floor | . > 0.0199 and . < 0.0201' stored.json
	[ "$(stat -c %a stored.json)" = 644 ]
	cp stored.json before.json
	unchanged() { cmp stored.json before.json && [ -z "$(find . -name 'stored.json.*')" ]; }
	# Slower than the baseline that is there: not over it.
	jq '(.cases[0].launches[]?.ns_per_op[]) *= 1.2' base.json >first.json
	jq '.run.seed = 2' first.json >second.json
	accepted 1
	grep -q 'not accepted: .*FAIL' stderr
	unchanged
	# Two runs that disagree, whichever is slower; noisy ones; one run twice.
	rm stored.json
	jq . base.json >second.json
	accepted 1
	mv first.json slow.json; mv second.json first.json; mv slow.json second.json
	accepted 1
	jq '.run.seed = 2 | .cases[].launches |= .[0:7]?' base.json >second.json
	accepted 3
	cp first.json second.json
	accepted 1
	grep -q 'the same run' stderr
	# Another build, a changed tree, an incomplete run, another machine.
	jq '.run.seed = 2' base.json >second.json
	for edit in '.tool.commit += "-dirty"' '.tool.commit = "0123456"' '.tool.version += "-slowed-by-5-percent"'; do
		jq "$edit" base.json >first.json
		accepted 1
		jq ".run.seed = 2 | $edit" base.json >second.json
		cp base.json first.json
		accepted 1
		jq '.run.seed = 2' base.json >second.json
	done
	jq '.run.complete = false' base.json >first.json
	accepted 2
	jq '.environments[0].identity.cpus = 64' base.json >first.json
	accepted 4
	[ ! -e stored.json ]
	cp base.json first.json
	gives 2 --accept first.json --again second.json --store /nonexistent/stored.json
}

@test "a new kernel's baseline over the old one must be said" {
	head=$(git -C "$root" rev-parse HEAD | cut -c 1-12)
	jq -f "$fixtures/quiet.jq" "$fixtures/good.json" | jq --arg head "$head" '.tool.commit = $head' >stored.json
	jq '.environments[].conditions.kernel = "9"' stored.json >first.json
	jq '.run.seed = 2' first.json >second.json
	accepted 4
	grep -q 'kernel differs' stderr
	accepted 0 --changed kernel
	jq -e '.environments[0].conditions.kernel == "9"' stored.json
}

@test "scripted: a guest that died, or brought back nothing or half of it, is no verdict" {
	git clone -q --shared "$root" tree
	cp -R "$root/scripts" tree/
	printf '#!/bin/sh\necho /nonexistent\n' >tree/scripts/kernel/headers.sh
	install -D "$REAL" tree/build/dmabench
	guest() { # STATUS [RESULT]
		printf '#!/bin/bash\nwhile [[ $1 != --out ]]; do shift; done\n%s\nexit %s\n' \
			"${2:+cp "$2" \"\$2/r.json\"}" "$1" >tree/scripts/vm.sh
		rm -rf out
	}
	icount() { expect "$1" tree/scripts/gate.sh --icount --against HEAD --out out; }
	jq '.environments[0].platform = "vm-icount"' base.json >counted.json
	guest 0 "$PWD/counted.json"
	icount 0
	jq -e '.status == 0' out/compare.json
	for code in 125 126 143; do
		guest "$code" "$PWD/counted.json"
		icount "$code"
		[ ! -e out/compare.json ]
	done
	guest 0
	icount 125
	grep -q 'the guest brought no result back' stderr
	jq '.run.complete = false' counted.json >half.json
	guest 0 "$PWD/half.json"
	icount 2
	[ ! -e out/compare.json ]
}

@test "scripted: drivers of two interfaces aren't counted by one program" {
	git clone -q --shared "$root" tree
	cp -R "$root/scripts" tree/
	echo '/* changed */' >>tree/include/dmabench_uapi.h
	git -C tree -c user.name=test -c user.email=test@localhost commit -qam "another interface"
	status=0
	tree/scripts/gate.sh --icount --against HEAD~ --out out >stdout 2>stderr || status=$?
	[ "$status" -eq 4 ]
	grep -q "dmabench_uapi.h isn't that of HEAD~" stderr
	[ ! -e out ]
}
