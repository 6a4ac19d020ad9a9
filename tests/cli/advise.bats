#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench advise: made-up results and profiles whose answer is known. The arithmetic has a unit test.

load helpers

setup() {
	dmabench=$top/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	# nt beats memcpy at 1M and 16M, in the cache or not; at 4K and 64K it doesn't.
	jq '.cases |= map(select(.env == "guest" or (.path | IN("memcpy", "nt"))))' "$top/tests/fixtures/good.json" >r.json
}

# copies CPU-SECONDS [SIZE, CALLS]…: p.json.
copies() {
	jq -f "$top/tests/fixtures/profile.jq" --argjson cpu "$1" --argjson copies "[${2-}]" r.json >p.json
}

# says WORDS VERDICT [OPTION…]: the last line of what it says, and the verdict as JSON has it; with $wanted
# as its status.
says() {
	expect "${wanted:-0}" "$dmabench" advise "${@:3}" p.json r.json
	[ "$(tail -n 1 stdout)" = "Answer: $1" ] || {
		cat stdout
		return 1
	}
	"$dmabench" advise --json "${@:3}" p.json r.json >a.json || [ "$?" -eq "${wanted:-0}" ]
	"$top/tests/fixtures/validate.py" "$top/results/advice.schema.json" a.json
	[ "$(jq -r .verdict a.json)" = "$2" ]
}

@test "nothing to gain where memcpy is the fastest" {
	copies 10 '[4096, 1000000], [65536, 10000]'
	says "nothing to gain" nothing
	jq -e '.most_s == 0 and .hot.synchronous.copies.calls == 0 and .hot.inside.calls == 1010000' a.json
}

@test "a gain is what the figures say, for the copies that it is of" {
	copies 10 '[4096, 1000000], [16777216, 1000]'
	says "something to gain" something
	jq -e --slurpfile r r.json '
		def ns($path): $r[0].cases[] | select(.path == $path and .env == "host" and .params.size == 16777216 and .params.cache == "hot") | .time.value;
		(.hot.synchronous.time_s - (ns("memcpy") - ns("nt")) * 1000 / 1e9 | fabs) < 1e-9
		and .hot.synchronous.copies == {calls: 1000, bytes: 16777216000}
		and (.hot.better[] | .path == "nt" and .from == 1048576 and .to == 16777216 and .after == 65536 and .before == null)' a.json
	grep -Eq '^ +16M +0.10 % +80.38 %  nt -[0-9]+ %' stdout
}

@test "a gain below 1 % of the program's CPU time is hardly anything" {
	copies 1000 '[16777216, 10]'
	says "hardly anything to gain" little
}

@test "an engine that is slower but leaves the CPU gains only a program with other work" {
	jq '.cases += [.cases[] | select(.path == "memcpy" and .env == "host" and .params.cache == "hot")
		| .path = "registered" | .id = "registered" + .id | .engine = {name: "dma0chan0", driver: "ioat", device: "x",
			kind: "hardware", node: 0, iommu: "none"}
		| .time |= (.value *= 1.5 | .ci95 |= map(. * 1.5)) | .cpu |= (.caller.value /= 10 | .machine.value /= 10)
		| .launches[].cpu_caller_ns_per_byte = 0.001]' r.json >r2.json
	jq '.cases |= map(select(.path != "nt"))' r2.json >r.json
	copies 10 '[65536, 1000000]'
	# Of cold caches there is memcpy alone.
	says "something to gain only if the program does other work meanwhile, as far as other ways were measured" only_overlapped
	jq -e '.hot.synchronous.time_s == 0 and .hot.overlapped.time_s > 1 and .hot.overlapped.cpu_s > 0
		and .hot.overlapped.copies.calls == 1000000' a.json
	# The same by an engine that is none.
	sed -i 's/"hardware"/"software"/' r.json
	wanted=3 says "can't say: nothing but memcpy was measured at the sizes that it copies" nothing_else_measured
	grep -q 'by an engine, with other work meanwhile: not known, as no hardware engine was measured' stdout
}

@test "an engine that hasn't the time for all copies gains as much as it has time for" {
	jq '.cases |= map(select(.path == "memcpy")) | .cases += [.cases[] | select(.env == "host" and .params.cache == "hot")
		| .path = "registered" | .id = "registered" + .id | .engine = {name: "dma0chan0", driver: "ioat", device: "x",
			kind: "hardware", node: 0, iommu: "none"}
		| .time |= (.value *= 100 | .ci95 |= map(. * 100)) | .cpu |= (.caller.value /= 10 | .machine.value /= 10)
		| .launches[].cpu_caller_ns_per_byte = 0.001]' r.json >r2.json
	mv r2.json r.json
	copies 10 '[65536, 1000000]'
	says "something to gain only if the program does other work meanwhile, as far as other ways were measured" only_overlapped
	grep -q '(3.33 % of the calls, 3.33 % of the bytes).*the engine works for 20 s, as long as the program runs, and has no time for more' stdout
	jq -e '.hot.overlapped | (.engine_s - 20 | fabs) < 1e-9 and .time_s < 1' a.json
}

@test "what can't be told is said to be so, with how much it may be: status 3" {
	# One launch has no interval.
	jq '(.cases[] | select(.time != null)).time.ci95 = null' r.json >r2.json
	mv r2.json r.json
	copies 100 '[65536, 1000000]'
	# Of cold caches memcpy takes 12 µs, and all of it may be saved.
	wanted=3 says "it can't be told whether there is anything to gain (up to 12 s, 12 % of its CPU time)" undecided
	grep -q 'by a faster way: nothing that is certain; undecided: 100 % of the calls, 100 % of the bytes' stdout
}

@test "figures are no powers of ten, and of a program without CPU time they are of the time that it ran" {
	copies 0.01 '[4096, 1], [16777216, 100000000]'
	says "something to gain" something
	run ! grep -Eq '[0-9]e[+-]?[0-9]' stdout
	grep -Eq '^ +4K +<0.01 % +<0.01 %  ' stdout
	grep -q '(100 % of the calls' stdout
	jq '.run.cpu_user_s = 0 | .run.duration_s = 1000' p.json >p2.json
	mv p2.json p.json
	says "something to gain" something
	grep -q 'CPU time none that the kernel saw' stdout
	grep -q '% of the time that it ran' stdout
	run ! grep -q 'of its CPU time' stdout
}

@test "sizes that weren't measured are listed, and not guessed" {
	copies 10 '[100, 5], [4096, 10], [33554432, 7]'
	says "nothing to gain, as far as sizes were measured" nothing
	jq -e '.hot.below.calls == 5 and .hot.above == {calls: 7, bytes: 234881024} and .hot.inside.calls == 10' a.json
	copies 10 '[100, 5]'
	expect 3 "$dmabench" advise p.json r.json
	grep -qx "Answer: can't say: nothing was measured at the sizes that it copies" stdout
}

@test "a profile without copies, a result without memcpy: 3 and one line" {
	copies 10
	expect 3 "$dmabench" advise p.json r.json
	grep -q 'p.json: no copy was counted' stderr
	copies 10 '[4096, 10]'
	jq '.cases |= map(select(.path != "memcpy"))' r.json >without.json
	expect 3 "$dmabench" advise p.json without.json
	grep -q 'without.json: no memcpy' stderr
	[ "$(wc -l <stderr)" -eq 1 ]
}

@test "another machine is 4, unless it is asked for, and then it is said" {
	copies 10 '[16777216, 1000]'
	jq '.environment.identity.cpus = 64' p.json >other.json
	expect 4 "$dmabench" advise other.json r.json
	grep -q 'r.json: it is of another machine than other.json: cpus differs' stderr
	[ ! -s stdout ]
	mv other.json p.json
	says "something to gain" something --anyway
	grep -q 'of another machine (cpus differs)' stdout
	jq -e '.same_machine == false and .difference == "cpus"' a.json
	# Times of emulated machines are none.
	jq '.environments |= map(select(.id == "guest")) | .cases |= map(select(.env == "guest"))' r.json >guest.json
	expect 4 "$dmabench" advise --anyway p.json guest.json
	grep -q 'emulated' stderr
}

@test "what is no profile, or half of one, or of another version: 2 and one line" {
	copies 10 '[4096, 10]'
	refused() { # WHAT IS SAID, FILE
		expect 2 "$dmabench" advise "$2" "${3-r.json}"
		[ "$(wc -l <stderr)" -eq 1 ]
		grep -q -e "$1" stderr
		[ ! -s stdout ]
	}
	: >empty
	refused empty empty
	head -c 500 p.json >half
	refused half half
	refused 'not a dmabench-profile/1' r.json
	jq '.schema = "dmabench-profile/2"' p.json >next
	refused 'another version: dmabench-profile/2' next
	jq '.calls = 11' p.json >sums
	refused "don't add up" sums
	refused 'nosuch' nosuch
	refused folder .
	refused 'p.json: not a dmabench-result' p.json p.json
	jq '.run.complete = false' r.json >incomplete
	refused incomplete p.json incomplete
	expect 2 "$dmabench" advise p.json
	expect 2 "$dmabench" advise p.json r.json r.json
	expect 2 "$dmabench" advise --frobnicate p.json r.json
}

@test "output that can't be written is an error" {
	copies 10 '[4096, 10]'
	code=0
	"$dmabench" advise p.json r.json >/dev/full 2>stderr || code=$?
	[ "$code" -eq 2 ]
}

@test "names from the files can't do anything to the terminal" {
	copies 10 '[4096, 10]'
	jq '.program.arguments[1] = "\u001b[31mred\n"' p.json >hostile.json
	expect 0 "$dmabench" advise hostile.json r.json
	run ! grep -q $'\e' stdout
}

@test "profile and advise fit together" {
	"$dmabench" profile -o p.json -- gzip -c "$top/Makefile" >zipped 2>stderr
	gzip -dc zipped | cmp - "$top/Makefile"
	"$dmabench" run --path memcpy,movsb --size 1,64,4K,1M --launches 2 --samples 2 --sample-ms 0 --budget-ms 1 --cpu-ms 0 \
		--calibrate-ms 0 --event-ms 0 --state-ms 0 -o r.json --force >stdout
	code=0
	"$dmabench" advise --json p.json r.json >a.json || code=$?
	[ "$code" -eq 0 ]
	"$top/tests/fixtures/validate.py" "$top/results/advice.schema.json" a.json
	jq -e '.same_machine and .profile.calls > 0 and .hot.measured_from == 1' a.json
}
