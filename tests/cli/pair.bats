#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench pair: two programs in turn, by nothing but what any version of them offers.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$root/tests/fixtures
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	# As short as a launch gets.
	short=(--launches 2 --samples 2 --sample-ms 0 --budget-ms 1 --cpu-ms 0 --calibrate-ms 0
		--descriptor-ms 0 --event-ms 0 --state-ms 1)
}

# pair [ARGUMENTS...]: its status in $status.
pair() {
	status=0
	"$dmabench" pair --a "${a:-$dmabench}" --b "${b:-$dmabench}" --out-a a.json --out-b b.json \
		"${short[@]}" "$@" >stdout 2>stderr || status=$?
}

# gives STATUS [ARGUMENTS...]
gives() {
	local wanted=$1
	shift
	pair "$@"
	[ "$status" -eq "$wanted" ] || {
		echo "status $status instead of $wanted"
		cat stdout stderr
		return 1
	}
}

# another NAME HELP RUN: a program of another version. HELP and RUN are shell commands.
another() {
	printf '#!/bin/sh\nset -e\nif [ "$1" = help ]; then %s; else %s; fi\n' "$2" "$3" >"$1"
	chmod +x "$1"
}

@test "both results are whole, fit the schema, and are of one run of pairs" {
	gives 0 --path memcpy,nt --size 4096,64K --seed 5
	"$fixtures/validate.py" "$root/results/result.schema.json" a.json b.json
	for side in a b; do
		jq -e --arg side "${side^}" '.run.complete and .run.pair.side == $side and .run.pair.setup == null
			and .run.seed == 5 and (.cases | length == 4) and all(.cases[]; .status == "ok" and
			(.launches | map(.index)) == [0, 1] and .time.ci95 != null and .verified_bytes > 0
			and .latency.count == ([.latency.buckets[][1]] | add))
			and .environments[0].state.after != null' "$side.json"
	done
	[ "$(jq .run.pair.id a.json)" = "$(jq .run.pair.id b.json)" ]
	# Launches of a pair follow each other, whichever is first.
	jq -e --slurpfile b b.json '[.cases[] | .id as $id | .launches[] | .index as $i | .order -
		($b[0].cases[] | select(.id == $id).launches[$i].order) | fabs] | length == 8 and all(. == 1)' a.json
	status=0
	"$dmabench" compare --paired a.json b.json >stdout || status=$?
	[ "$status" -eq 3 ]
	grep -q 'fewer than 8 a side' stdout
	"$dmabench" table a.json | grep -q memcpy
	mv a.json first.json
	gives 0 --path memcpy,nt --size 4096,64K --seed 5 --force
	"$dmabench" compare --paired first.json b.json >stdout || status=$?
	[ "$status" -eq 4 ]
}

@test "both orders come up, and the seed repeats them" {
	short+=(--launches 8)
	gives 0 --path memcpy --size 1K --seed 4
	orders() { jq -c '[.cases[].launches[].order]' a.json; }
	first=$(orders)
	jq -e '[.cases[].launches[].order % 2] | unique == [0, 1]' a.json
	gives 0 --path memcpy --size 1K --seed 4 --force
	[ "$(orders)" = "$first" ]
}

@test "a setup runs before each launch of its side, and conditions are recorded after it" {
	gives 0 --path memcpy --size 1K --setup-a 'echo a >>log' --setup-b 'echo b >>log'
	# Once more before the first launch, for the conditions.
	[ "$(grep -c a log)" -eq 3 ]
	[ "$(grep -c b log)" -eq 3 ]
	jq -e '.run.pair.setup == "echo a >>log"' a.json
	rm a.json b.json
	gives 2 --path memcpy --size 1K --setup-b 'echo "no such setting" >&2; exit 7'
	[ "$(wc -l <stderr)" -eq 1 ]
	grep -q 'side B: its setup, .*, ended with status 7: no such setting' stderr
	[ ! -e b.json ]
	gives 2 --path memcpy --size 1K --setup-b 'echo x >>count; [ "$(wc -l <count)" -lt 3 ]' --force
	jq -e '.run.complete == false and .run.launches_done < 2' a.json b.json
}

@test "a program of another version may lack options, axes and cases" {
	another old "'$dmabench' help run | grep -v -e --event-ms -e --state-ms -e --offset" \
		'case " $* " in *" --event-ms "* | *" --state-ms "* | *" --offset "*) exit 2 ;; esac
		 case " $* " in *" nt "*) echo "unknown path nt" >&2; exit 2 ;; esac
		 exec "'"$dmabench"'" "$@" --event-ms 0 --state-ms 0'
	a=$PWD/old gives 0 --path memcpy,nt --size 4K
	grep -q 'side A lacks nt:.*unknown path nt' stderr
	jq -e '[.cases[].path] == ["memcpy"]' a.json
	jq -e '[.cases[].path] == ["memcpy", "nt"]' b.json
	"$fixtures/validate.py" "$root/results/result.schema.json" a.json b.json
	# What it can't be told to do isn't measured by it.
	a=$PWD/old gives 0 --path memcpy --size 4K --offset 1 --force
	grep -q 'side A lacks memcpy:.*it has no --offset' stderr
	jq -e '.cases == []' a.json
}

@test "its own words are kept: tool, id and reasons" {
	another other "'$dmabench' help run" '"'"$dmabench"'" "$@" -o raw.json --force >/dev/null
		jq ".tool.commit = \"beef\" | .cases[0].launches[0].ns_per_op.min = 0.5" raw.json >/dev/fd/3'
	b=$PWD/other gives 0 --path memcpy --size 4K
	jq -e '.tool.commit == "beef" and .cases[0].launches[1].ns_per_op.min == 0.5' b.json
	jq -e '.tool.commit != "beef"' a.json
	another renamed "'$dmabench' help run" '"'"$dmabench"'" "$@" -o raw.json --force >/dev/null
		jq ".cases[0].id = \"memcpy:other@host\"" raw.json >/dev/fd/3'
	b=$PWD/renamed gives 0 --path memcpy --size 4K --force
	grep -q 'side B lacks memcpy:.*there it is memcpy:other@host' stderr
	another fails "'$dmabench' help run" '"'"$dmabench"'" "$@" -o raw.json --force >/dev/null
		jq ".cases[0] |= ({id, env, path, class, params, engine} + {status: \"failed\", reason: \"verification: no\"})" \
			raw.json >/dev/fd/3; exit 1'
	b=$PWD/fails gives 1 --path memcpy --size 4K --force
	jq -e '.run.complete and .cases[0].status == "failed" and .cases[0].reason == "verification: no"' b.json
	"$fixtures/validate.py" "$root/results/result.schema.json" b.json
}

@test "what is no dmabench, or breaks, ends it with 2 and one line" {
	b=/bin/true gives 2 --path memcpy
	grep -q 'side B: /bin/true: expected a dmabench' stderr
	b=/nonexistent gives 2 --path memcpy
	grep -q 'side B: /nonexistent help run ended with status 127' stderr
	another broken "'$dmabench' help run" 'echo "{" >/dev/fd/3'
	b=$PWD/broken gives 2 --path memcpy --size 4K
	grep -q 'side B: no result of a launch' stderr
	jq -e '.run.complete | not' a.json b.json
	rm a.json b.json
	another dies "'$dmabench' help run" 'kill -SEGV $$'
	b=$PWD/dies gives 2 --path memcpy --size 4K
	grep -q 'ended with status 139' stderr
}

@test "a program that forgets a case half way is an error, not a case that was never there" {
	another forgets "'$dmabench' help run" 'echo x >>runs
		[ "$(wc -l <runs)" -lt 2 ] || { echo "unknown path" >&2; exit 2; }; exec "'"$dmabench"'" "$@"'
	b=$PWD/forgets gives 2 --path memcpy --size 4K
	jq -e '.run.complete | not' b.json
}

@test "interrupted: incomplete results, nothing left running" {
	another slow "'$dmabench' help run" 'echo $$ >pid; exec sleep 300'
	"$dmabench" pair --a "$dmabench" --b "$PWD/slow" --out-a a.json --out-b b.json "${short[@]}" \
		--path memcpy --size 4K 2>stderr &
	pair=$!
	for ((i = 0; i < 300; i++)); do [ ! -s pid ] || break; sleep 0.1; done
	kill -TERM "$pair"
	status=0
	wait "$pair" || status=$?
	[ "$status" -eq 143 ]
	grep -q interrupted stderr
	run ! kill -0 "$(cat pid)"
	jq -e '.run.complete | not' b.json
}

@test "bad arguments: exit 2, one line, nothing written" {
	refused() {
		status=0
		"$dmabench" pair "$@" >stdout 2>stderr || status=$?
		[ "$status" -eq 2 ]
		[ "$(wc -l <stderr)" -eq 1 ]
		[ ! -e a.json ]
	}
	refused
	refused --a "$dmabench" --out-a a.json --out-b b.json
	grep -q -- '"--b": expected' stderr
	refused --a x --b x --out-a a.json
	refused --a x --b x --out-a a.json --out-b a.json
	refused --a x --b x --out-a a.json --out-b b.json -o c.json
	refused --a x --b x --out-a a.json --out-b b.json --path nosuch
	refused --a x --b x --out-a a.json --out-b b.json --path memcpy --size 4K --only memcpy
	grep -q -- '--only "memcpy": expected the id' stderr
	refused --a= --b x --out-a a.json --out-b b.json
	refused --a x --b x --out-a a.json --out-b
	: >b.json
	refused --a x --b x --out-a a.json --out-b b.json
}

@test "the help and the manual name every option" {
	run "$dmabench" help pair
	[ "$status" -eq 0 ]
	for word in --a --b --setup-a --setup-b --out-a --out-b --launches --only --state-ms; do
		[[ "$output" == *"$word "* ]]
		grep -q -- "${word//-/\\\\-}" "$root/docs/dmabench.1"
	done
}

@test "run --only measures that case alone, --state-ms 0 leaves the state out" {
	id=$("$dmabench" run --dry-run --path memcpy --size 4K,64K | sed -n 2p)
	"$dmabench" run --path memcpy --size 4K,64K "${short[@]}" --only "$id@host" --state-ms 0 -o r.json
	jq -e --arg id "$id@host" '[.cases[].id] == [$id] and (.environments[0] | has("state") | not)' r.json
	"$fixtures/validate.py" "$root/results/result.schema.json" r.json
	status=0
	"$dmabench" run --path memcpy --only nosuch 2>stderr || status=$?
	[ "$status" -eq 2 ]
	status=0
	"$dmabench" run --path memcpy --state-ms 60001 2>stderr || status=$?
	[ "$status" -eq 2 ]
}
