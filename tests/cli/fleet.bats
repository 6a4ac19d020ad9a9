#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench fleet and fleet.sh: machines that were made odd are named, nothing else is, and what can't
# be judged is listed.

# shellcheck disable=SC2016 # names with such characters are meant
load helpers

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$BATS_TEST_DIRNAME/../fixtures
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR" || exit
}

# gives STATUS ARGUMENTS...: its exit status; stdout and stderr are kept.
gives() { expect "$1" "$dmabench" fleet "${@:2}"; }

# made_up MACHINES ODD …: the folder fleet.
made_up() { "$fixtures/fleet.sh" fleet "$@"; }

# Alters one machine's result: NAME FILTER.
alter() {
	jq -c "$2" "fleet/$1.json" >altered
	mv altered "fleet/$1.json"
}

# Names of those that stand out so, worst first.
who() { jq -r --arg s "$1" '[.kinds[].machines[] | select(.stands == $s).name] | join(" ")' f.json; }

@test "machines that are alike: none stands out" {
	made_up 12
	gives 0 --format json=f.json --format text fleet
	"$fixtures/validate.py" "$root/results/fleet.schema.json" f.json
	jq -e '.status == 0 and .slower == 0 and .unjudged == 0 and (.kinds | length) == 1
		and .kinds[0].judged and (.kinds[0].machines | length) == 12 and all(.kinds[0].machines[]; .judged)' f.json
	grep -q '^12 machines of 1 kind: 0 slower, 0 faster, 0 not judged or not wholly.$' stdout
}

@test "planted machines are named, the worst first, with figures; faster ones are no failure" {
	made_up 20 '[{"machine": 3, "factor": 1.1, "path": null}, {"machine": 7, "factor": 1.6, "path": "nt"},
		{"machine": 11, "factor": 0.8, "path": null}, {"machine": 15, "factor": 1.3, "path": null}]'
	gives 1 --format json=f.json --format text fleet
	"$fixtures/validate.py" "$root/results/fleet.schema.json" f.json
	[ "$(who slower | tr ' ' '\n' | sort | paste -sd ' ')" = "node003 node007 node015" ]
	[ "$(who faster)" = node011 ]
	jq -e '[.kinds[0].machines[].name] | index("node015") < index("node003")' f.json
	jq -e '.kinds[0].machines[] | select(.name == "node015") | .as_a_whole == "slower" and .change > 0.25 and .change < 0.35' f.json
	jq -e '.kinds[0].machines[] | select(.name == "node007") | .as_a_whole == "with the rest"
		and (.cases | length) > 0 and all(.cases[]; (.id | startswith("nt:")) and .change > 0.5 and .change < 0.7)' f.json
	grep -q '^  SLOWER: node015 (node015.json), +[23][0-9.]* % as a whole$' stdout
	# One that is faster alone is worth a look, and no failure.
	rm -r fleet
	made_up 20 '[{"machine": 11, "factor": 0.8, "path": null}]'
	gives 0 --format json=f.json --format text fleet
	grep -q '^  faster: node011 (node011.json), -' stdout
}

@test "a difference below the threshold doesn't count, a smaller threshold makes it" {
	made_up 20 '[{"machine": 3, "factor": 1.03, "path": null}]' 0.002
	gives 0 fleet
	gives 1 --threshold 2 fleet
	grep -q 'SLOWER: node003 ' stdout
}

@test "what differs in its settings stands with a machine that stands out" {
	made_up 12 '[{"machine": 3, "factor": 1.2, "path": null}]'
	alter node003 '.environments[0].conditions |= (.thp = "never" | .mitigations.meltdown = "Vulnerable")'
	gives 1 --format json=f.json --format text fleet
	grep -qF 'differs: host: thp: "never", most have "madvise"' stdout
	grep -qF 'differs: host: meltdown: "Vulnerable", most have "Not affected"' stdout
	jq -e '[.kinds[0].machines[] | select(.name != "node003").differences[]] == []' f.json
}

@test "a commit of 7 digits and of 12 is one build's; another's isn't" {
	made_up 12
	for i in 000 001 002 003 004 005 006 007 008 009 010; do alter "node$i" '.tool.commit = "0123456789ab"'; done
	alter node011 '.tool.commit = "0123456"'
	gives 0 --format json=f.json fleet
	jq -e '[.kinds[].machines | length] == [12]' f.json
	alter node011 '.tool.commit = "0123456789ac"'
	alter node010 '.tool.commit = "0123456-dirty"'
	gives 3 --format json=f.json fleet
	jq -e '[.kinds[].machines | length] | sort == [1, 1, 10]' f.json
}

@test "kinds are told apart by CPU, memory, kernel, engine, and build" {
	made_up 16
	for i in 000 001 002 003 004 005 006 007; do
		alter "node$i" '.environments[0].identity.cpu_model = "another"
			| (.cases[] | select(.status == "ok").launches[].ns_per_op) |= map_values(. * 2)'
	done
	gives 0 --format json=f.json fleet
	jq -e '[.kinds[].machines | length] == [8, 8]' f.json
	alter node015 '.environments[0].conditions.kernel = "6.2.0-fixture"'
	alter node014 '.environments[0].identity.memory_bytes *= 2'
	alter node013 '.environments[0].engines = [{"name": "dma0chan0", "driver": "ioatdma"}]'
	alter node012 '.tool.version = "9.9"'
	alter node011 '.run.config.samples = 50'
	# Slots and momentary load make no other kind; nor does memory that the kernel kept.
	alter node010 '.environments[0].identity.memory_bytes *= 0.999 | .environments[0].conditions.load_1min = 3'
	gives 3 --format json=f.json --format text fleet
	jq -e '[.kinds[].machines | length] | sort == [1, 1, 1, 1, 1, 3, 8]' f.json
	[ "$(grep -c 'not judged: it takes 8 machines' stdout)" -eq 6 ]
	gives 0 --partial fleet
}

@test "few machines: status 3, said how many it takes; few launches too" {
	for n in 1 3 5 7; do
		rm -rf fleet
		made_up "$n" '[{"machine": 0, "factor": 3, "path": null}]'
		gives 3 --partial fleet
		grep -q 'not judged: it takes 8 machines' stdout
	done
	rm -r fleet
	made_up 12 '[{"machine": 0, "factor": 3, "path": null}]' 0.01 2
	gives 3 fleet
	grep -q 'not judged: no case has' stdout
	# One machine that has too few isn't judged; the others are.
	rm -r fleet
	made_up 12
	alter node004 '(.cases[] | select(.status == "ok").launches) |= .[:2]'
	gives 3 --format json=f.json --format text fleet
	jq -e '[.kinds[0].machines[] | select(.judged | not).name] == ["node004"]' f.json
	gives 0 --partial fleet
}

@test "machines that didn't answer, and files that are broken or there twice, are listed and counted" {
	made_up 12
	mkdir -p fleet/silent fleet/broken fleet/died fleet/report
	echo '{"schema": "dmabench-asked/1", "name": "a/b <x>", "status": null, "reason": null}' >fleet/silent/asked.json
	echo '{"schema": "dmabench-asked/1", "name": "died", "status": 137, "reason": "it was killed"}' >fleet/died/asked.json
	head -c 2000 fleet/node000.json >fleet/broken/result.json
	jq -c '.run.complete = false' fleet/node001.json >fleet/node900.json
	cp fleet/node002.json fleet/node901.json
	: >fleet/empty.json
	gives 3 --format json=f.json --format text fleet
	"$fixtures/validate.py" "$root/results/fleet.schema.json" f.json
	grep -qF 'no answer: a/b <x> (silent/asked.json): nothing came back' stdout
	grep -qF 'no answer: died (died/asked.json): it was killed' stdout
	grep -qF 'left out: broken (broken/result.json): ' stdout
	grep -qF 'left out: node900 (node900.json): the run is incomplete' stdout
	grep -qF 'left out: node901 (node901.json): the same run as node002.json' stdout
	grep -qF 'left out: empty (empty.json): ' stdout
	jq -e '.unjudged == 6 and (.no_answer | length) == 2 and (.left_out | length) == 4' f.json
	# Its own report in there is no machine.
	mv f.json fleet/f.json
	gives 3 --format json=g.json fleet
	jq -e '.unjudged == 6' g.json
	gives 0 --partial fleet
}

@test "links that lead nowhere are listed, as files, as results and as folders; the first line counts those judged" {
	made_up 12
	mkdir fleet/away
	ln -s /nonexistent/result.json fleet/away/result.json
	ln -s /nonexistent/gone.json fleet/gone.json
	ln -s /nonexistent/node700 fleet/node700
	# One that leads somewhere is as good as a file.
	mkdir elsewhere
	mv fleet/node003.json elsewhere/
	ln -s ../elsewhere/node003.json fleet/node003.json
	gives 3 --format json=f.json --format text fleet
	"$fixtures/validate.py" "$root/results/fleet.schema.json" f.json
	for machine in 'away (away/result.json)' 'gone (gone.json)' 'node700 (node700)'; do
		grep -qFx "left out: $machine: it is a link to what isn't there" stdout
	done
	grep -qx '12 machines of 1 kind: 0 slower, 0 faster, 0 not judged or not wholly; 3 more have no whole result.' stdout
	jq -e '.unjudged == 3 and (.left_out | length) == 3 and (.kinds[0].machines | length) == 12' f.json
	rm fleet/gone.json fleet/node700
	gives 3 fleet
	grep -q '^12 machines .*; 1 more has no whole result\.$' stdout
}

@test "a case that one machine lacks is said with the reason; one that failed is a failure" {
	made_up 12
	alter node004 '.cases |= map(select(.path != "movsb"))'
	gives 3 --format json=f.json --format text fleet
	grep -q '^  incomplete: node004' stdout
	grep -q 'lacks movsb:.*: it isn.t in its result$' stdout
	alter node005 '(.cases[] | select(.path == "nt")) |= (.status = "skipped" | .reason = "no such CPU" | .launches = []
		| del(.time, .throughput, .latency, .cpu, .stages))'
	gives 3 fleet
	grep -q 'lacks nt:.*: no such CPU$' stdout
	alter node006 '(.cases[] | select(.path == "mremap")) |= (.status = "failed" | .reason = "byte 7 is wrong" | .launches = []
		| del(.time, .throughput, .latency, .cpu, .stages))'
	gives 1 --partial fleet
	grep -q '^  FAILED: node006' stdout
	grep -q 'failed mremap:.*: byte 7 is wrong$' stdout
}

@test "two machines of one name, and odd names" {
	made_up 10
	mkdir -p fleet/node003 'fleet/a b$(x)' fleet/two
	jq -c '.run.seed = 99' fleet/node004.json >fleet/node003/result.json
	mv fleet/node005.json 'fleet/a b$(x)/result.json'
	mv fleet/node006.json fleet/two/result.json
	jq -n --arg n $'x\033[31m\nnot ok \u202e|`' '{schema: "dmabench-asked/1", name: $n}' >fleet/two/asked.json
	mv fleet/node007.json "$(printf 'fleet/\xff.json')"
	gives 0 --format json=f.json --format markdown=f.md --format text fleet
	"$fixtures/validate.py" "$root/results/fleet.schema.json" f.json
	jq -e '[.kinds[].machines[] | select(.name == "node003").file] | sort == ["node003.json", "node003/result.json"]' f.json
	jq -e 'any(.kinds[].machines[]; .name == "a b$(x)") and any(.kinds[].machines[]; .name == "(not UTF-8)")' f.json
	rm -r fleet/node000.json fleet/node001.json fleet/node002.json fleet/two
	gives 3 --format markdown=f.md --format text fleet
	status=0
	LC_ALL=C grep -P '\x1b|\xe2\x80\xae' stdout f.md || status=$?
	[ "$status" -eq 1 ]
}

@test "times that mean nothing are judged nowhere" {
	made_up 12 '[{"machine": 3, "factor": 2, "path": null}]'
	for file in fleet/*; do alter "$(basename "$file" .json)" '.environments[0].platform = "vm-tcg"'; done
	gives 3 fleet
	grep -q 'not judged: no case has times that mean something' stdout
}

@test "the same answer each time, whatever the names" {
	made_up 12 '[{"machine": 3, "factor": 1.2, "path": null}]'
	gives 1 --format json=a.json fleet
	gives 1 --format json=b.json fleet
	cmp a.json b.json
	mkdir other
	for file in fleet/*; do cp "$file" "other/$(basename "$file" .json | rev).json"; done
	gives 1 --format json=c.json other
	[ "$(jq -c '[.kinds[0] | .slower_beyond, .score_beyond]' a.json)" = "$(jq -c '[.kinds[0] | .slower_beyond, .score_beyond]' c.json)" ]
}

@test "bad arguments: exit 2, one line that names them, nothing on stdout" {
	refused() {
		gives 2 "$@"
		[ ! -s stdout ]
		[ "$(wc -l <stderr)" -eq 1 ]
	}
	made_up 2
	mkdir empty
	refused
	refused fleet fleet
	refused nosuch
	refused empty
	refused --nosuch fleet
	for bad in 0 -1 nan 5% ""; do
		refused --threshold "$bad" fleet
		grep -qF -- "--threshold \"$bad\"" stderr
	done
	refused --location mean fleet
	refused --format xml fleet
	refused --format json= fleet
	refused --format json=/nonexistent/f.json fleet
	status=0
	"$dmabench" fleet --json fleet >/dev/full 2>stderr || status=$?
	[ "$status" -eq 2 ]
}

@test "slower together than last week: trend over the fleets' folders" {
	"$fixtures/fleet.sh" weeks/w1 25
	"$fixtures/fleet.sh" weeks/w2 25 '[]' 0.01 5 604800
	expect 0 "$dmabench" trend --format json=t.json weeks
	"$fixtures/validate.py" "$root/results/trend.schema.json" t.json
	# Each fleet is ten runs, that stand for all of its machines.
	jq -e '(.runs | length) == 20 and ([.runs[].others] | add) == 30 and [.cases[].changes[]] == []' t.json
	"$fixtures/fleet.sh" weeks/w3 7 '[]' 0.01 5 1209600 1.08
	expect 0 "$dmabench" trend --format json=t.json --format text weeks
	jq -e '(.runs | length) == 27 and ([.cases[] | select(.changes | length > 0)] | length) >= 40
		and all(.cases[].changes[]; .run >= 18 and .run <= 22 and .change > 0.05 and .change < 0.11)' t.json
	grep -q 'w3/node' stdout
	# Of a mixed fleet one kind at a time.
	jq -c '.environments[0].identity.cpus = 64 | .run.seed = 99' weeks/w1/node000.json >other
	mv other weeks/w3/node006.json
	expect 0 "$dmabench" trend --like w2/node003.json --format json=t.json weeks
	jq -e '(.runs | length) == 26 and [.left_out[].file] == ["w3/node006.json"]' t.json
	expect 2 "$dmabench" trend --like nosuch.json weeks
	[ "$(wc -l <stderr)" -eq 1 ]
}

@test "table: many results in one, with a column that names the machine" {
	made_up 3
	mkdir fleet/four
	mv fleet/node002.json fleet/four/result.json
	expect 0 "$dmabench" table --csv fleet
	[ "$(head -n 1 stdout | cut -d , -f 1-2)" = machine,id ]
	[ "$(cut -d , -f 1 stdout | sort -u | paste -sd ' ')" = "four machine node000 node001" ]
	expect 0 "$dmabench" table fleet/node000.json fleet/four/result.json
	[ "$(cut -f 1 stdout | sort -u | paste -sd ' ')" = "four machine node000" ]
	# One that can't be read: said, and the others are there.
	echo '{' >fleet/bad.json
	expect 2 "$dmabench" table --csv fleet
	[ "$(wc -l <stderr)" -eq 1 ]
	[ "$(cut -d , -f 1 stdout | sort -u | paste -sd ' ')" = "four machine node000 node001" ]
}

@test "fleet.sh: report, data and pictures; exit status as the command's" {
	made_up 50 '[{"machine": 3, "factor": 1.2, "path": null}]'
	expect 1 "$root/scripts/fleet.sh" fleet out
	grep -q 'SLOWER: node003' stdout
	[ -s out/fleet.md ]
	"$fixtures/validate.py" "$root/results/fleet.schema.json" out/fleet.json
	xmllint --html --noout out/fleet.html 2>/dev/null
	[ "$(grep -o 'src="data:image/svg+xml;base64,' out/fleet.html | wc -l)" -eq 2 ]
	[ -s out/plots/fleet-1.png ] && [ -s out/plots/fleet-1-2.png ]
	grep -q '▲ node003' out/plots/fleet-1.svg
	rm -r fleet
	made_up 3
	touch out/plots/fleet-gone.svg
	expect 3 "$root/scripts/fleet.sh" fleet out
	[ ! -e out/plots/fleet-gone.svg ]
	for bad in "" "fleet" "nosuch out2" "--nosuch fleet out2" "fleet out2 --threshold" "fleet out2 more" "fleet fleet/node000.json"; do
		# shellcheck disable=SC2086
		run "$root/scripts/fleet.sh" $bad
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[ ! -e out2 ]
	done
}
