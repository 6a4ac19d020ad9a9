#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# dmabench compare: what it decides, what it refuses, and that nothing broken passes.

load helpers

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$root/tests/fixtures
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	jq -f "$fixtures/quiet.jq" "$fixtures/good.json" >base.json
}

# new FILTER: base.json, changed.
new() { jq "$1" base.json >new.json; }

# slower FACTOR [SELECT]: launches of the chosen ok cases take that much longer.
slower() {
	new "(.cases[] | select(.status == \"ok\" and (${2-true})).launches[].ns_per_op[]) *= $1"
}

# gives STATUS ARGUMENTS...: its exit status; stdout and stderr are kept.
gives() { expect "$1" "$dmabench" compare "${@:2}"; }

# refused ARGUMENTS...: exit 2, one line on stderr, nothing on stdout.
refused() {
	gives 2 "$@"
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -eq 1 ]
}

# lacks PATTERN FILE...: no line of them matches (a bare "!" would never fail a test).
lacks() {
	local status=0
	LC_ALL=C.UTF-8 grep -P -- "$@" || status=$?
	[ "$status" -eq 1 ]
}

@test "a result against itself: no regression" {
	gives 0 base.json base.json
	grep -q '^no regression: ' stdout
	gives 0 --paired base.json base.json
	gives 0 --format json base.json base.json
	jq -e '.comparable and .status == 0 and .counts.OK > 10 and .differences == []' stdout
	jq -e 'all(.cases[] | select(.verdict == "OK"); .change == 0 and .p > 0.4)' stdout
}

@test "a slower case fails, the worst first, and only that one" {
	slower 1.2 '.path == "memcpy" and .params.size == 4096 and .env == "host" and .params.cache == "hot"'
	gives 1 --format json base.json new.json
	jq -e '.counts.FAIL == 1 and .cases[0].verdict == "FAIL" and .cases[0].exact' stdout
	jq -e '.cases[0] | .id | startswith("memcpy:size=4096,")' stdout
	jq -e '.cases[0] | .change > 0.199 and .change < 0.201 and .at_least > 0.19 and
		.p_adjusted <= 0.01 and .n_base == 16' stdout
	gives 0 new.json base.json
	gives 1 --paired base.json new.json
	gives 0 --advisory base.json new.json
	grep -q 'regression.*status 1, advisory' stdout
}

@test "the threshold is the user's" {
	slower 1.06
	gives 1 base.json new.json
	gives 0 --threshold 7 base.json new.json
	gives 0 --threshold=6.5 base.json new.json
	slower 1.04
	gives 0 base.json new.json
	gives 1 --threshold 3 base.json new.json
}

@test "the location that is declared decides" {
	new '(.cases[] | select(.status == "ok").launches[].ns_per_op.median) *= 1.5'
	gives 0 base.json new.json
	gives 1 --location median base.json new.json
	gives 0 --format json base.json new.json
	jq -e 'any(.cases[]; .verdict == "OK" and .median_change > 0.4)' stdout
}

@test "other figures on request, in one family" {
	new '(.cases[0].launches[].cpu_machine_ns_per_byte) *= 1.5'
	gives 0 base.json new.json
	gives 1 --figure time,cpu_machine --format json base.json new.json
	jq -e '.cases[0] | .figure == "cpu_machine" and .unit == "ns/B"' stdout
	family=$(jq .rule.family stdout)
	gives 0 --format json base.json new.json
	[ "$family" -eq $((2 * $(jq .rule.family stdout))) ]
	new '(.cases[0].launches[].latency_p99_ns) *= 2'
	gives 1 --figure latency_p99 base.json new.json
	# Measured before and no more: not a pass.
	new 'del(.cases[0].launches[].latency_p99_ns)'
	gives 1 --figure latency_p99 base.json new.json
	# Measured on neither side: nothing was compared.
	jq 'del(.cases[].launches[]?.latency_p99_ns)' base.json >neither.json
	gives 3 --figure time,latency_p99 neither.json neither.json
}

@test "missing, skipped and failed cases fail; new ones are listed" {
	new 'del(.cases[0])'
	gives 1 base.json new.json
	grep -q '^MISSING' stdout
	gives 0 new.json base.json
	grep -q '^NEW' stdout
	no_figures='del(.time, .throughput, .latency, .cpu, .stages, .launches, .verified_bytes)'
	new ".cases[0] |= ($no_figures | .status = \"skipped\" | .reason = \"no engine\")"
	gives 1 base.json new.json
	grep -q 'skipped in NEW: no engine' stdout
	gives 0 new.json base.json
	new ".cases[0] |= ($no_figures | .status = \"failed\" | .reason = \"wrong bytes\")"
	gives 1 base.json new.json
	grep -q 'failed in NEW: wrong bytes' stdout
	# A baseline with a failure is none.
	gives 4 new.json base.json
	gives 4 new.json new.json
}

@test "too few launches, too noisy, too many cases for the pairs: inconclusive" {
	new '.cases[].launches |= .[0:7]?'
	gives 3 base.json new.json
	grep -q 'fewer than 8 a side' stdout
	jq '.cases[0].launches |= [to_entries[] | .key as $i |
		.value | .ns_per_op[] *= (1 + 0.02 * (($i * 7) % 16))]' base.json >noisy.json
	gives 3 noisy.json noisy.json
	grep -q '^UNSTABLE.*memcpy:size=4096' stdout
	grep -Eq 'too noisy: .*about [0-9]+ launches would do' stdout
	# A clear failure stands all the same.
	jq '(.cases[0].launches[].ns_per_op[]) *= 5' noisy.json >new.json
	gives 1 noisy.json new.json
	new '.cases[].launches |= .[0:8]?'
	jq '.cases[].launches |= .[0:8]?' base.json >eight.json
	gives 3 --paired eight.json new.json
	grep -q "can't reach the level" stdout
}

@test "nothing to compare is not a pass" {
	new '.cases = []'
	gives 3 new.json new.json
	gives 1 base.json new.json
	gives 3 new.json base.json
	new '.environments[].platform = "vm-tcg"'
	gives 3 new.json new.json
	grep -q 'times mean nothing' stdout
}

@test "a baseline's own floor counts" {
	slower 1.07
	jq '(.cases[] | select(.status == "ok")).aa_floor = 0.09' base.json >floor.json
	gives 3 floor.json new.json
	lacks 'launches would do' stdout
	gives 0 --threshold 10 floor.json new.json
	jq '(.cases[] | select(.status == "ok")).aa_floor = 0.06' base.json >floor.json
	gives 1 --threshold 6.5 floor.json new.json
}

@test "instruction counts need no statistics and one launch" {
	jq '(.environments[] | select(.id == "guest")).platform = "vm-icount" |
		.cases |= map(select(.env == "guest") | .launches |= .[0:1]?)' base.json >icount.json
	gives 0 icount.json icount.json
	for factor in 1.004:0 1.006:1 0.9:0; do
		jq "(.cases[] | select(.status == \"ok\").launches[].ns_per_op[]) *= ${factor%:*}" \
			icount.json >new.json
		gives "${factor#*:}" icount.json new.json
	done
	gives 0 new.json icount.json --icount-threshold 12
	gives 1 new.json icount.json --icount-threshold 11
}

@test "emulated engines are never timed, software ones are named" {
	slower 3 '.engine.kind == "emulated"'
	gives 0 --format json base.json new.json
	jq -e 'all(.cases[] | select(.engine_kind == "emulated"); .verdict == "SKIPPED")' stdout
	jq -f "$fixtures/valid/sim-on-the-host.jq" base.json >sim.json
	gives 0 sim.json sim.json
	grep -q '(software engine)' stdout
	gives 0 --format smaller sim.json sim.json
	jq -e 'any(.[]; .name | endswith("(software)"))' stdout
}

@test "another machine, engine or work: not comparable, each difference named" {
	for edit in '.environments[0].identity.cpu_model = "other"' \
		'.environments[0].identity.cpus = 64' \
		'.environments[0].identity.memory_bytes *= 0.98' \
		'.environments[0].identity.nodes[0].distances = [11]' \
		'.environments[0].identity.hypervisor = "XenVMMXenVMM"' \
		'.environments[0].platform = "native"' \
		'(.cases[] | select(.engine != null)).engine.driver = "ioatdma"' \
		'(.cases[] | select(.engine != null)).engine.kind = "hardware"' \
		'(.cases[] | select(.engine != null)).engine.model = "another GPU"' \
		'(.cases[] | select(.engine != null)).engine.pcie = {max_generation: 4}' \
		'.cases[0].params.offset = 1'; do
		new "$edit"
		gives 4 base.json new.json
		grep -q '^differs: .*: BASE ' stdout
		grep -q 'not comparable (status 4' stdout
		gives 4 --changed kernel,iommu,tool,config base.json new.json
		gives 0 --advisory base.json new.json
	done
	new '.environments[0].identity.memory_bytes *= 0.995 | .environments[0].identity.nodes[0].bytes *= 0.995'
	gives 0 base.json new.json
}

# identity FILTER: base.json, of that machine.
identity() { jq ".environments[0].identity |= ($1)" base.json; }

@test "memory that is given and taken while a machine runs doesn't make it another" {
	# A virtual machine's nodes, also in results that don't say who changes them.
	new '.environments[0].identity.nodes[0].bytes *= 1.5'
	gives 0 base.json new.json
	# On a bare machine the nodes have what is plugged into them.
	jq '.environments[0] |= (.platform = "native" | .identity.hypervisor = null)' base.json >bare.json
	jq '.environments[0].identity.nodes[0].bytes *= 1.5' bare.json >new.json
	gives 4 bare.json new.json
	grep -q '^differs: .*nodes' stdout
	# All of it, where there is somebody who changes it.
	identity '.memory_changed_by = "virtio_balloon" | .memory_boot_bytes = 4294967296' >balloon.json
	jq '.environments[0].identity |= (.memory_bytes *= 0.5 | .nodes[0].bytes *= 0.5)' balloon.json >new.json
	gives 0 balloon.json new.json
	gives 0 base.json new.json
	gives 0 new.json base.json
	# What it was started with stays.
	jq '.environments[0].identity.memory_boot_bytes *= 2' balloon.json >new.json
	gives 4 balloon.json new.json
	grep -q '^differs: .*memory_boot_bytes' stdout
	# Without anybody, it is as it was.
	new '.environments[0].identity.memory_bytes *= 0.5'
	gives 4 base.json new.json
}

@test "a CPU is told by its numbers where it has no name, and a board by its own" {
	identity '.cpu_model = "Neoverse-N1 r3p1" | .cpu_ids = "0x41 0xd0c r3p1" | .machine = "board A"' >n1.json
	gives 0 n1.json n1.json
	jq '.environments[0].identity |= (.cpu_model = "Neoverse-V1 r1p1" | .cpu_ids = "0x41 0xd40 r1p1")' n1.json >new.json
	gives 4 n1.json new.json
	grep -q '^differs: .*cpu_model' stdout
	# A version that has no name for it.
	jq '.environments[0].identity.cpu_model = "0x41 0xd0c r3p1"' n1.json >new.json
	gives 0 n1.json new.json
	jq '.environments[0].identity.machine = "board B"' n1.json >new.json
	gives 4 n1.json new.json
	# Two that say nothing about their CPU may be of different ones.
	jq '.environments[0].identity |= (.cpu_model = null | del(.cpu_ids, .machine, .cpu_model_number))' n1.json >old.json
	gives 4 old.json old.json
	grep -q '^differs: .*cpu_model' stdout
	jq '.environments[0].identity.cpu_model = "unknown"' old.json >unknown.json
	gives 4 old.json unknown.json
	gives 4 unknown.json unknown.json
	gives 4 old.json n1.json
}

@test "conditions must match unless they are named" {
	check() {
		new "$2"
		gives 4 base.json new.json
		gives 0 --changed "$1" base.json new.json
		grep -q '(may differ)' stdout
		gives 4 --changed "${3-smt}" base.json new.json
	}
	check kernel '.environments[0].conditions.kernel = "7.0"'
	check kernel '.environments[0].conditions |= (.kernel = "7.0" | .kernel_build = "#2")'
	check iommu '.environments[0].conditions.iommu = "other"'
	check iommu '(.cases[] | select(.engine != null)).engine.iommu = "identity"'
	check gpu_driver '(.cases[] | select(.engine != null)).engine.driver_version = "580.1"'
	check gpu_driver '(.cases[] | select(.engine != null)).engine.cuda = "13.0"'
	check governor '.environments[0].conditions.governor = "powersave"'
	check mitigations '.environments[0].conditions.mitigations = {"spectre_v2": "Vulnerable"}'
	check config '.run.config.sample_ns = 5'
	check tool '.tool.flags = "-O0"'
	check flags '.tool.flags = "-O0"'
	check clock '.environments[0].clock.source = "hpet"'
	check of_tomorrow '.environments[0].conditions.of_tomorrow = 1'
	# Another build is what is mostly compared; the load is no setting; n may differ.
	new '.tool.version = "9" | .tool.commit = "beef" | .environments[0].conditions.load_1min = "9"
		| .run.seed = 5 | .run.config.launches = 99'
	gives 0 base.json new.json
	grep -q 'commit: BASE .*(may differ)' stdout
	# One commit, by 7 digits and by 12.
	cp base.json plain.json
	jq '.tool.commit = "0123456"' plain.json >base.json
	new '.tool.commit = "0123456789ab"'
	gives 0 base.json new.json
	run ! grep 'commit: BASE' stdout
	new '.tool.commit = "0123457789ab"'
	gives 0 base.json new.json
	grep -q 'commit: BASE' stdout
}

@test "--describe: how far apart any two are, and no verdict" {
	# Another machine, where the same work takes twice as long; one case is gone, one failed.
	new '.environments[0].identity.cpus = 64 | (.cases[].launches[]?.ns_per_op[]) *= 2
		| del(.cases[] | select(.path == "mremap" and .params.size == 65536))'
	gives 4 base.json new.json
	gives 0 --describe --format text --format json=said.json base.json new.json
	grep -q '^described: ' stdout
	run ! grep -qE '^(FAIL|OK|MISSING|UNSTABLE|INCONCLUSIVE|IMPROVED)' stdout
	jq -e '(.comparable | not) and .status == 0 and .outcome == "described" and (.differences | length > 0)
		and ([.cases[].verdict] | unique == ["DESCRIBED", "SKIPPED"])
		and all(.cases[] | select(.verdict == "DESCRIBED"); .change > 0.99 and .change < 1.01
			and .ci95[0] <= .change and .change <= .ci95[1] and .p == null and .detects == null)
		and any(.cases[]; .verdict == "SKIPPED" and .reason == "not in NEW")' said.json
	"$fixtures/validate.py" "$root/results/compare.schema.json" said.json
	# Few launches have a change, and no interval; one has none either.
	jq '(.cases[] | select(.status == "ok").launches) |= .[0:2]' new.json >two.json
	gives 0 --describe --format json base.json two.json
	jq -e 'all(.cases[] | select(.verdict == "DESCRIBED"); .change > 0.9)' stdout
	# Nothing in common.
	jq '(.cases[].id) |= "x" + .' new.json >other.json
	gives 3 --describe base.json other.json
	gives 2 --describe --confirm-base base.json --confirm-new new.json base.json new.json
}

@test "launches that don't pair are not comparable" {
	new '(.cases[] | select(.status == "ok").launches) |= .[0:10]'
	gives 0 base.json new.json
	gives 4 --paired base.json new.json
	grep -q 'launches that pair' stdout
	gives 4 --paired new.json base.json
}

@test "pairs are of one run of pairs" {
	gives 0 --paired base.json base.json
	new '.run.pair.side = "B"'
	gives 0 --paired base.json new.json
	for edit in '.run.pair.id = "other"' 'del(.run.pair)' '.run.pair.id = 1' '.run.pair = null'; do
		new "$edit"
		gives 4 --paired base.json new.json
		grep -q 'run of pairs: BASE ' stdout
		gives 4 --paired new.json base.json
		gives 0 base.json new.json
	done
	new 'del(.run.pair)'
	gives 4 --paired new.json new.json
}

@test "a confirmation block: a FAIL stands only if the fresh launches fail too" {
	slower 1.2 '.path == "memcpy" and .params.size == 4096 and .env == "host" and .params.cache == "hot"'
	mv new.json first.json
	jq '.run.seed = 77' base.json >base2.json
	confirmed() { # STATUS EDIT
		jq ".run.seed = 77 | $2" first.json >second.json
		gives "$1" --format json base.json first.json --confirm-base base2.json --confirm-new second.json
		"$fixtures/validate.py" "$root/results/compare.schema.json" stdout
	}
	confirmed 1 .
	jq -e '.counts.FAIL == 1 and (.cases[0] | .verdict == "FAIL" and .first_failed and (.reason | contains("confirmed: ")))' stdout
	confirmed 0 '(.cases[] | select(.path == "memcpy").launches[].ns_per_op[]) |= . / 1.2'
	jq -e '.counts.FAIL == 0 and .status == 0 and ([.cases[] | select(.first_failed)] | length == 1 and
		.[0].verdict == "OK" and (.[0].reason | contains("the confirmation block doesn")))' stdout
	confirmed 3 '.cases[].launches |= .[0:7]?'
	jq -e '[.cases[] | select(.first_failed)][0].verdict == "INCONCLUSIVE"' stdout
	confirmed 1 'del(.cases[0])'
	grep -q 'confirmed: not in NEW' stdout
	# A wrong byte, or a case that is gone, isn't asked for twice.
	jq 'del(.cases[0])' base.json >gone.json
	gives 1 base.json gone.json --confirm-base base2.json --confirm-new base2.json
	# Another slow case of the confirmation block is no finding of its own.
	jq '.run.seed = 77 | (.cases[] | select(.status == "ok").launches[].ns_per_op[]) *= 3' base.json >second.json
	gives 0 base.json base.json --confirm-base base2.json --confirm-new second.json
}

@test "a confirmation block must be another run, comparable, whole and of two files" {
	slower 1.2
	gives 4 base.json new.json --confirm-base base.json --confirm-new new.json
	grep -q 'confirmation block: another run than NEW' stdout
	jq '.run.seed = 77' new.json >second.json
	gives 1 base.json new.json --confirm-base base.json --confirm-new second.json
	jq '.environments[0].identity.cpus = 64' second.json >third.json
	gives 4 base.json new.json --confirm-base base.json --confirm-new third.json --format junit=r.xml --format text
	xmllint --noout r.xml
	[ "$(xmllint --xpath 'count(//error)' r.xml)" -ge 1 ]
	jq '.run.complete = false' second.json >third.json
	refused base.json new.json --confirm-base base.json --confirm-new third.json
	refused base.json new.json --confirm-base base.json
	refused base.json new.json --confirm-new second.json
	refused base.json new.json --confirm-base= --confirm-new second.json
}

@test "bad arguments: exit 2, one line that names them" {
	refused
	refused base.json
	refused base.json base.json base.json
	refused --nosuch base.json base.json
	for bad in -1 4kx 0 0.0 1001 "" 5. .5 1e1 nan 5% 00000000000001 18446744073709551616; do
		refused --threshold "$bad" base.json base.json
		grep -qF -- "--threshold \"$bad\"" stderr
		refused "--icount-threshold=$bad" base.json base.json
	done
	refused --threshold
	refused --location mean base.json base.json
	refused --figure speed base.json base.json
	refused --figure time, base.json base.json
	refused --changed colour base.json base.json
	grep -q '"colour": expected a list of kernel, ' stderr
	refused --changed load_1min base.json base.json
	refused --changed "" base.json base.json
	refused --changed all base.json base.json
	refused --format yaml base.json base.json
	refused --format json= base.json base.json
	refused --format json --format text base.json base.json
	refused --paired=yes base.json base.json
	refused --format json=base.json base.json base.json
	jq -e . base.json
}

@test "broken input is never a pass" {
	: >empty.json
	head -c 2000 base.json >cut.json
	sed '0,/"seed"/s/"seed"/"seed": 1, "seed"/' base.json >twice.json
	sed '0,/"verified_bytes": [0-9]*/s//"verified_bytes": NaN/' base.json >nan.json
	sed '0,/"p10": [0-9.]*/s//"p10": 1e999/' base.json >inf.json
	echo '[]' >list.json
	for bad in empty cut twice nan inf list nosuch; do
		refused "$bad.json" base.json
		refused base.json "$bad.json"
		refused --advisory base.json "$bad.json"
		grep -q "$bad.json: " stderr
	done
	refused . base.json
	for edit in '.run.complete = false' 'del(.run.complete)' '.schema = "dmabench-result/2"' \
		'.cases[0].launches[0].ns_per_op.p10 = "5"' '.cases[0].launches[0].ns_per_op.p10 = 0' \
		'.cases[0].launches[0].ns_per_op.p10 = -1' '.cases[0].launches[0].ns_per_op.min *= 2' '.cases[0].launches[0].ns_per_op.min = 1e300' \
		'del(.cases[0].launches[0].ns_per_op.p25)' '.cases[0].launches = []' \
		'.cases[0].launches = {}' '.cases[0].launches[3] = null' '.cases[0].status = "fine"' \
		'.cases[1].id = .cases[0].id' '.cases[0].env = "moon"' '.environments = []' \
		'.environments[0].id = .environments[1].id' '.environments[0].platform = "abacus"' \
		'.environments[0].identity = 1' '.cases[0].aa_floor = -1' '.cases[0].aa_floor = "1"' \
		'.cases[0].launches[0].cpu_machine_ns_per_byte = "fast"' '.cases[0].class = "gift"' \
		'del(.cases[] | select(.status == "skipped") | .class)'; do
		new "$edit"
		refused base.json new.json
		refused new.json base.json
	done
}

@test "each broken file of the format is refused, but for what no decision looks at" {
	for edit in "$fixtures"/broken/*.jq; do
		jq -f "$edit" base.json >new.json || continue
		cmp -s base.json new.json && continue
		case $edit in
		# Fields of tomorrow, and a CPU time that this comparison doesn't ask for.
		*/unknown-field.jq | */unmeasured-without-why.jq) gives 0 base.json new.json ;;
		# What explains a figure: for people, and for the schema.
		*/change-without-time.jq | */state-without-before.jq | */cold-without-why.jq | \
			*/event-without-running.jq | */latency-of-something.jq | */null-spread-without-why.jq | \
			*/unknown-page-kind.jq | */skipped-with-a-spread.jq | */bound-without-share.jq | */use-without-parts.jq) gives 0 base.json new.json ;;
		# An id stands for its parameters.
		*/unknown-axis.jq | */unknown-use.jq | */unknown-direction.jq) gives 4 base.json new.json ;;
		*)
			echo "$edit"
			refused base.json new.json
			refused new.json base.json
			;;
		esac
	done
}

@test "every format, to its own file, whole or not at all" {
	slower 1.2 '.path == "memcpy"'
	gives 1 --format json=r.json --format markdown=r.md --format junit=r.xml --format ktap=r.ktap \
		--format bigger=b.json --format smaller=s.json base.json new.json
	grep -q '^regression: ' stdout
	"$fixtures/validate.py" "$root/results/compare.schema.json" r.json
	xmllint --noout r.xml
	[ "$(xmllint --xpath 'count(//testcase)' r.xml)" -eq "$(xmllint --xpath 'string(/testsuite/@tests)' r.xml)" ]
	[ "$(xmllint --xpath 'count(//failure)' r.xml)" -eq "$(jq .counts.FAIL r.json)" ]
	[ "$(head -n 1 r.ktap)" = "KTAP version 1" ]
	[ "$(sed -n 's/^1\.\.//p' r.ktap)" -eq "$(grep -Ec '^(not )?ok ' r.ktap)" ]
	[ "$(grep -c '^not ok' r.ktap)" -eq "$(jq .counts.FAIL r.json)" ]
	[ "$(sed -nE 's/^(not )?ok ([0-9]+) .*/\2/p' r.ktap | head -n 3 | paste -sd,)" = 1,2,3 ]
	jq -e 'length > 0 and all(.[]; .unit == "GB/s" and .value > 0 and (.name | length) > 0)' b.json
	jq -e 'length > 0 and all(.[]; .unit == "ns/op" and .value > 0)' s.json
	grep -q '^| \*\*FAIL\*\* | `memcpy' r.md
	status=0
	"$dmabench" compare base.json new.json --format json=/nonexistent/r.json 2>stderr || status=$?
	[ "$status" -eq 2 ]
	for format in text markdown json junit ktap bigger smaller; do
		gives 2 --format "$format=/dev/full" base.json base.json
		status=0
		"$dmabench" compare --format "$format" base.json base.json >/dev/full 2>stderr || status=$?
		[ "$status" -eq 2 ]
		[ "$(wc -l <stderr)" -eq 1 ]
		status=0
		"$dmabench" compare --format "$format" base.json base.json >&- 2>stderr || status=$?
		[ "$status" -eq 2 ]
	done
}

@test "what exits with 3 or 4 is an error in the formats that have no such status" {
	new '.environments[0].identity.cpus = 64'
	gives 4 --format junit=r.xml --format ktap=r.ktap --format json=r.json --format markdown=r.md base.json new.json
	xmllint --noout r.xml
	[ "$(xmllint --xpath 'count(//error)' r.xml)" -eq 1 ]
	grep -q '^not ok 1 .* # ERROR not comparable' r.ktap
	"$fixtures/validate.py" "$root/results/compare.schema.json" r.json
	jq -e '.comparable | not' r.json
	new '.cases[].launches |= .[0:7]?'
	gives 3 --format junit=r.xml --format ktap=r.ktap --format json=r.json base.json new.json
	"$fixtures/validate.py" "$root/results/compare.schema.json" r.json
	[ "$(xmllint --xpath 'count(//error)' r.xml)" -eq "$(jq .counts.INCONCLUSIVE r.json)" ]
	[ "$(grep -c '^not ok .* # ERROR ' r.ktap)" -eq "$(jq .counts.INCONCLUSIVE r.json)" ]
	new '.cases = []'
	gives 3 --format junit=r.xml --format ktap=r.ktap new.json new.json
	[ "$(xmllint --xpath 'count(//error)' r.xml)" -eq 1 ]
	grep -q '^not ok 1 ' r.ktap
}

@test "hostile text stays text in every format" {
	hostile=$'a|b`c<script>&"\'#d @e \\u001b[31m\\nnot ok 9 \\u202e\\u009b</x>]]> ![i](http://x)'
	jq --arg h "$(printf '%b' "$hostile")" '(.cases[0].id) = $h |
		(.cases[] | select(.status == "skipped")).reason = $h |
		.environments[0].conditions.governor = $h' base.json >bad.json
	jq '.environments[0].conditions.governor = "x"' bad.json >new.json
	gives 0 --changed governor --format json=r.json --format markdown=r.md --format junit=r.xml \
		--format ktap=r.ktap --format bigger=b.json bad.json new.json
	"$fixtures/validate.py" "$root/results/compare.schema.json" r.json
	jq -e . b.json
	xmllint --noout r.xml
	lacks '\x1b|\x{9b}|\x{202e}' stdout r.md r.xml r.ktap
	[ "$(sed -n 's/^1\.\.//p' r.ktap)" -eq "$(grep -Ec '^(not )?ok ' r.ktap)" ]
	lacks '^not ok' r.ktap
	lacks '#.*#' r.ktap
	# One row is one line, and what is foreign is in code spans, which a backtick could end.
	[ "$(grep -c '^| ' r.md)" -eq $((2 + $(jq '.cases | length' r.json))) ]
	sed 's/`[^`]*`//g' r.md >outside
	lacks 'script|http|@e' outside
	[ "$(sed 's/\\|//g' r.md | grep '^| ' | awk -F '|' '{ print NF }' | sort -u | wc -l)" -eq 1 ]
	# Cut where a character ends.
	for prefix in "" a; do
		jq --arg p "$prefix" '.cases[0] |= (del(.time, .throughput, .latency, .cpu, .stages, .launches,
			.verified_bytes) | .status = "failed" | .reason = $p + "\u00e9" * 200)' base.json >new.json
		gives 1 --format json base.json new.json
		"$fixtures/validate.py" "$root/results/compare.schema.json" stdout
		jq -e '.counts.FAIL == 1 and (.cases[0].reason | endswith("\u00e9"))' stdout
	done
	# In a message, too.
	jq '.cases[0].status = "fine"' bad.json >worse.json
	refused worse.json base.json
	lacks '\x1b' stderr
}

@test "what a run writes can be compared with itself" {
	"$dmabench" run --path memcpy --size 4K --launches 8 --samples 2 --sample-ms 1 --cpu-ms 0 \
		--calibrate-ms 0 -o r.json
	status=0
	"$dmabench" compare --format json r.json r.json >c.json || status=$?
	# How noisy this machine is isn't the question.
	[ "$status" -eq 0 ] || [ "$status" -eq 3 ]
	jq -e '.comparable and .rule.family == 1 and .cases[0].change == 0 and .cases[0].n_new == 8' c.json
}

@test "help compare names every option" {
	run "$dmabench" help compare
	[ "$status" -eq 0 ]
	for word in --threshold --icount-threshold --location --figure --changed --paired --confirm-base --confirm-new --format --advisory; do
		[[ "$output" == *"$word "* ]]
		grep -q -- "${word//-/\\\\-}" "$root/docs/dmabench.1"
	done
}
