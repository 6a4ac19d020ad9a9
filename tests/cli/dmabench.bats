#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The harness's command line: what it promises to scripts.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	dmabench=$root/build/dmabench
	cd "$BATS_TEST_TMPDIR"
	fast=(--launches 2 --samples 2 --sample-ms 0 --cpu-ms 0 --calibrate-ms 0)
}

# refused ARGUMENTS...: exit 2, one line on stderr, nothing on stdout, nothing written.
refused() {
	local status=0
	"$dmabench" "$@" >stdout 2>stderr || status=$?
	[ "$status" -eq 2 ]
	[ ! -s stdout ]
	[ "$(wc -l <stderr)" -eq 1 ]
	[ "$(find . -type f ! -name stdout ! -name stderr | wc -l)" -eq 0 ]
}

@test "run --settle-ms is idle before each launch, and recorded; without it a result is as ever" {
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" --state-ms 0 --settle-ms 200 -o r.json
	jq -e '.run | .config.settle_ns == 200000000 and .duration_s > .launches_done * 0.2' r.json
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" --state-ms 0 -o without.json
	jq -e '.run.config | has("settle_ns") | not' without.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	refused_again=$("$dmabench" run --path memcpy --settle-ms 60001 2>&1 >stdout) && return 1
	[[ "$refused_again" == *60001* ]]
}

@test "bad arguments: exit 2, one line that names them, nothing run, nothing written" {
	refused
	refused measure
	refused run --size 4kx -o new
	refused run --path memcpy --use write -o new
	refused run --path memcpy --use read,read -o new
	refused run --path memcpy --touch 1 -o new
	refused run --path memcpy --load 101 -o new
	refused run --path memcpy-mt --direction back -o new
	refused run --size -1 -o new
	refused run --size 18446744073709551616 -o new
	refused run --size "" -o new
	refused run --size 0 -o new
	refused run --size 4K, -o new
	refused run --path nosuch -o new
	refused run --path memcpy,memcpy -o new
	refused run --src-node 99 -o new
	refused run --share 101 -o new
	refused run --launches 0 -o new
	refused run --samples 65 -o new
	refused run --pages 3M -o new
	refused run --vector 64 -o new
	refused run --vector 1024 -o new
	refused run --prefetch 1M -o new
	refused run --cache warm -o new
	refused run --engine "" -o new
	refused run --engine dmabench_sim,ioatdma,dmabench_sim -o new
	refused run --engine all,dmabench_sim -o new
	refused run --engine dmabench_sim,all -o new
	refused run --engine dmabench_sim/ -o new
	refused run --engine /near -o new
	refused run --engine dmabench_sim/far -o new
	refused run --engine dmabench_sim/99 -o new
	refused run --channels 129 -o new
	refused run --batch 16385 -o new
	refused run --queue 4097 -o new
	refused run --queue -1 -o new
	refused run --env "a b" -o new
	refused run --seed
	refused run --nosuch
	refused run stray
	refused run --force=yes
	refused list --yaml
	refused env host
	refused table
	refused table --csv --matrix a
	refused table --matrix a b
	refused table --format bmf a b
	refused table --format xml a
	refused copy --path memcpy --size 4K
	refused copy --path memcpy --size 4K --count -1
	refused copy --path nosuch --size 4K --count 1
	refused copy --path nt --size 4K --count 1 --vector 64
	refused copy --path nt --size 4K --count 1 --prefetch 1M
	refused help run copy
}

@test "the message names the argument and what was expected" {
	run "$dmabench" run --size 4kx
	[[ "$output" == *'--size "4kx"'*expected*bytes* ]]
	run "$dmabench" run --src-node 99
	[[ "$output" == *'--src-node "99"'*'no such NUMA node'* ]]
	run "$dmabench" run --engine "x/99"
	[[ "$output" == *'--engine "x/99"'*'no such NUMA node'* ]]
	run "$dmabench" run --engine x,y,x
	[[ "$output" == *'--engine "x"'*'named twice'* ]]
}

@test "help names every command and every option of run" {
	run "$dmabench" help
	[ "$status" -eq 0 ]
	for word in list run compare table crossover copy selfcheck env help; do [[ "$output" == *"$word"* ]]; done
	run "$dmabench" help run
	for word in --path --size --share --engine --launches --seed --dry-run --and; do
		[[ "$output" == *"$word"* ]]
	done
}

@test "--version says which" {
	run "$dmabench" --version
	[ "$status" -eq 0 ]
	[[ "$output" =~ ^dmabench\ [0-9]+\.[0-9]+\.[0-9]+ ]]
}

@test "list --json names every path, usable or why not" {
	"$dmabench" list --json >list.json
	jq -e '[.paths[].name] == ["memcpy","movsb","movsq","vector","nt","fastest","memcpy-mt","memcpy-batch","pinned","registered",
		"coherent","engine","pinned-mt","registered-mt","batch","pinned-async","registered-async","dsa","dsa-async","dsa-batch","gpu-staged","gpu-staged-pinned","process-vm","cow-private","cow-fork","mremap","uffd-move","migrate","shared","splice","memory-read","memory-write","coherent-read","coherent-write","coherent-out","null"]' list.json
	jq -e 'all(.paths[]; .usable or (.reason | length > 0))' list.json
	jq -e '.nodes | length >= 1' list.json
}

@test "a missing device is a reason, not a pass" {
	[ ! -e /dev/dmabench ] || skip "the driver is loaded here"
	status=0
	"$dmabench" run --path pinned --size 4K "${fast[@]}" -o r.json || status=$?
	[ "$status" -eq 3 ]
	jq -e '.cases[0] | .status == "skipped" and (.reason | contains("/dev/dmabench"))' r.json
	jq -e '.cases[0] | has("time") or has("throughput") | not' r.json
}

@test "a run is complete, verified, and fits the schema" {
	"$dmabench" run --path memcpy,movsb,nt,memcpy-mt,null,mremap,shared,splice --size 4K,64K "${fast[@]}" \
		--and --path cow-private,cow-fork --size 64K --share 0,50,100 \
		--and --path pinned --size 4K -o r.json
	jq -e '.run.complete and .run.launches_done == 2' r.json
	jq -e '[.cases[] | select(.status == "ok")] | length >= 16 and all(.verified_bytes > 0)' r.json
	/usr/bin/python3 - "$root/results/result.schema.json" r.json <<-'PY'
		import json, sys, jsonschema
		schema, result = (json.load(open(name)) for name in sys.argv[1:])
		jsonschema.Draft202012Validator(schema).validate(result)
	PY
}

@test "copies by the CPU: width and prefetch are axes, and the result says which way was taken" {
	"$dmabench" run --path vector,nt,fastest,memcpy,memcpy-mt --vector 0,128 --prefetch 0,512 --size 64K \
		"${fast[@]}" -o r.json
	jq -e '[.cases[] | select(.path == "nt").params | [.vector, .prefetch]]
		== [[0,0],[0,512],[128,0],[128,512]]' r.json
	jq -e '[.cases[] | select(.path == "vector").params.vector] == [0,128]' r.json
	jq -e '[.cases[] | select(.path == "memcpy")] | length == 1 and (.[0].variant == null)' r.json
	jq -e '[.cases[] | select(.params.vector == 128) | .variant.name]
		== ["vector128","nt128","nt128+512"]' r.json
	jq -e '.cases[] | select(.path == "fastest" or .path == "memcpy-mt")
		| (.variant.launches | add) == 2 and ([.launches[].variant] | length == 2)' r.json
	"$dmabench" table r.json | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$at["path"] == "nt" && $at["vector"] == 128 && $at["prefetch"] == 512 {
			found = $at["variant"] } END { exit found != "nt128+512" }'
}

@test "--use: the CPU's part is in the time, a part each in the result, and in the id" {
	"$dmabench" run --path memcpy,coherent,engine,null,mremap --size 64K --use none,read,write+read "${fast[@]}" -o r.json
	jq -e '[.cases[] | select(.path == "memcpy") | .params.use] == [null, "read", "write+read"]
		and ([.cases[] | select(.path == "null") | .status] == ["ok", "skipped", "skipped"])
		and all(.cases[] | select(.params.use == null and .status == "ok"); .use == null)
		and all(.cases[] | select(.params.use != null and .status == "ok"); .use.operation > 0 and .use.read > 0
			and (.use.write == null) == (.params.use == "read") and (.id | contains(",use=")))
		and all(.cases[] | select(.path == "engine" and .params.use != null);
			.status == "skipped" and (.reason | contains("the kernel'"'"'s")))' r.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	"$dmabench" table r.json | awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		$at["path"] == "memcpy" && $at["use"] == "read" { ok = $at["use_read"] > 0 && $at["use_write"] == "NA" }
		$at["path"] == "memcpy" && $at["use"] == "NA" { none = $at["use_read"] == "NA" } END { exit !(ok && none) }'
	# One of them alone, by its id; and nothing of them in the answer.
	"$dmabench" run --path memcpy --size 64K --use read,none "${fast[@]}" \
		--only "$(jq -r '.cases[1].id' r.json)" -o one.json
	jq -e '[.cases[].params.use] == ["read"]' one.json
	"$dmabench" answer --json r.json | jq -e '[.[0].winners[].id] | any(contains("use=")) | not'
}

@test "--touch fresh: pages that weren't there, faults that brought them, and no CPU time" {
	"$dmabench" run --path memcpy,coherent,mremap,null --size 1M --touch prefault,fresh "${fast[@]}" -o r.json
	jq -e '[.cases[] | select(.path == "memcpy") | .params.touch] == [null, "fresh"]
		and (.cases[] | select(.path == "memcpy" and .params.touch == "fresh") | .status == "ok" and .fresh.pages == 256
			and .fresh.faults >= 256 and .cpu.machine.value == null and (.cpu.machine.reason | contains("giving pages back")))
		and all(.cases[] | select(.path != "memcpy" and .params.touch == "fresh"); .status == "skipped"
			and (.reason | startswith("--touch fresh: ")))
		and ([.cases[] | select(.path == "null") | .status] == ["ok", "skipped"])' r.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	"$dmabench" answer --json r.json | jq -e '[.[0].winners[].id] | any(contains("touch=")) | not'
}

@test "--load: what others got is beside the latency; the path with threads on their CPUs is skipped" {
	"$dmabench" run --path memcpy,memcpy-mt,null,memory-read --size 64K --load 0,50 "${fast[@]}" -o r.json || [ $? -eq 3 ]
	jq -e '.cases as $cases | all("memcpy", "null", "memory-read"; . as $path | [$cases[] | select(.path == $path) | .params.load] == [null, 50])
		and (.cases[] | select(.path == "memcpy-mt" and .params.load == 50) | .status == "skipped" and (.reason | startswith("--load: ")))
		and all(.cases[] | select(.path != "memcpy-mt" and .params.load == 50);
			(.status == "ok" and .load.cpus > 0 and .load.value >= 0 and (.id | contains(",load=50")))
			or (.reason | contains("no other usable CPU")))' r.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	"$dmabench" answer --json r.json | jq -e '[.[0].winners[].id] | any(contains("load=")) | not'
}

@test "--direction both: half of the bytes the other way, all verified; what has no threads is skipped" {
	"$dmabench" run --path memcpy-mt,memcpy,cow-private,null --size 64K --threads 1,2 --direction one,both "${fast[@]}" -o r.json || [ $? -eq 3 ]
	jq -e '[.cases[] | select(.path == "memcpy-mt") | .params | [.threads, .direction]] == [[1, null], [1, "both"], [2, null], [2, "both"]]
		and ([.cases[] | select(.params.direction == "both" and (.path != "memcpy-mt" or .params.threads == 1))]
			| length == 4 and all(.status == "skipped" and (.reason | startswith("--direction both: "))))
		and (.cases[] | select(.params.direction == "both" and .params.threads == 2)
			| (.status == "ok" and .verified_bytes % 65536 == 0 and (.id | contains(",direction=both")) and .bounds == null)
			or (.reason | contains("usable CPU")) or (.reason | contains("at the same time")))' r.json
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	"$dmabench" answer --json r.json | jq -e '[.[0].winners[].id] | any(contains("direction=")) | not'
	"$dmabench" answer --json r.json >a.json
	jq -e --slurpfile r r.json '.[0].directions | if [$r[0].cases[] | select(.params.threads == 2).status] == ["ok", "ok"]
		then length == 1 and .[0].value > 0 and (.[0].words | startswith("both directions at once: ")) else . == [] end' a.json
}

@test "CPU use is measured for the caller and for the whole machine" {
	"$dmabench" run --path memcpy --size 1M --launches 1 --samples 1 -o r.json
	jq -e '.cases[0].cpu | .caller.value > 0 and .machine.value > 0 and
		.left.value >= 0 and .left.value <= 1 and .machine.method == "soaker"' r.json
}

@test "where CPU use can't be told, it says why" {
	"$dmabench" run --path memcpy --size 4K --cache cold --launches 1 --samples 1 -o r.json
	jq -e '.cases[0].cpu.caller | .value == null and (.reason | length > 0)' r.json
}

@test "placement is looked up, not assumed" {
	"$dmabench" run --path memcpy --size 64K "${fast[@]}" -o r.json
	jq -e '.cases[0].launches[0].placement | .src[0].pages == 16 and .dst[0].pages == 16' r.json
}

@test "the same seed gives the same order" {
	for i in 1 2; do
		"$dmabench" run --path memcpy,movsb,nt,null --size 4K --seed 7 "${fast[@]}" -o "$i.json"
		jq -c '[.cases[].launches[].order]' "$i.json" >"$i.order"
	done
	cmp 1.order 2.order
	jq -e '.run.seed == 7' 1.json
}

@test "--dry-run shows the plan and measures nothing" {
	run "$dmabench" run --path memcpy --size 4K --dry-run -o r.json
	[ "$status" -eq 0 ]
	[[ "$output" == *"1 cases, 1 to be measured, 10 launches each"* ]]
	[ ! -e r.json ]
}

@test "operations in flight are an axis of memcpy-mt, but not with cold caches" {
	"$dmabench" run --path memcpy-mt,memcpy --size 64K --queue 0,8 --cache hot,cold \
		--launches 1 --samples 1 --cpu-ms 0 --state-ms 0 -o r.json
	jq -e '[.cases[] | select(.path == "memcpy-mt")] | length == 4 and
		all(.[]; .params.queue as $queue | (.id | contains("queue=\($queue)@")) and
			(.status == "skipped") == (.params.cache == "cold" and .params.queue == 8)) and
		any(.[]; .params.queue == 8 and .status == "ok" and .latency.ops_per_timing >= 32) and
		any(.[]; .status == "skipped" and (.reason | contains("overlap")))' r.json
	jq -e '[.cases[] | select(.path == "memcpy")] | length == 2 and all(.[]; .params.queue == null)' r.json
}

@test "a size above memory is skipped with a reason" {
	status=0
	"$dmabench" run --path memcpy --size 4T "${fast[@]}" -o r.json || status=$?
	[ "$status" -eq 3 ]
	jq -e '.cases[0].reason | contains("bytes of memory")' r.json
}

@test "huge pages that aren't there are skipped with a reason" {
	[ "$(cat /proc/sys/vm/nr_hugepages 2>/dev/null || echo 0)" -eq 0 ] || skip "there are some"
	status=0
	"$dmabench" run --path memcpy --size 2M --pages 2M "${fast[@]}" -o r.json || status=$?
	[ "$status" -eq 3 ]
	jq -e '.cases[0].reason | contains("huge pages")' r.json
}

@test "an existing result is not overwritten without --force" {
	echo precious >r.json
	status=0
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json || status=$?
	[ "$status" -eq 2 ]
	[ "$(cat r.json)" = precious ]
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json --force
	jq -e .run.complete r.json
}

@test "a full disk is an error" {
	for command in list env help "list --json" "help run"; do
		status=0
		# shellcheck disable=SC2086
		"$dmabench" $command >/dev/full || status=$?
		[ "$status" -eq 2 ]
	done
	status=0
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o /dev/full || status=$?
	[ "$status" -eq 2 ]
	[ -c /dev/full ]
}

@test "a folder that isn't there is an error before anything is measured" {
	status=0
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o no/such/r.json 2>stderr || status=$?
	[ "$status" -eq 2 ]
	[[ "$(cat stderr)" == *"no/such/r.json"* ]]
	run ! grep -q launches stderr
}

@test "a closed pipe is an error" {
	status=0
	{
		"$dmabench" help run || echo $? >status
	} | true
	# The reader may close in time or not; when it did, it must have been noticed.
	[ ! -e status ] || [ "$(cat status)" -eq 2 ]
	"$dmabench" list >&- 2>stderr || status=$?
	[ "$status" -eq 2 ]
}

@test "interrupted: exit 130, what was measured is kept, and it is incomplete" {
	"$dmabench" run --path memcpy,nt --size 64K --launches 500 -o r.json >stdout 2>stderr &
	pid=$!
	for _ in $(seq 100); do
		[ "$(jq '[.cases[].launches // [] | length] | add' r.json 2>/dev/null || echo 0)" -ge 2 ] && break
		sleep 0.1
	done
	kill -INT "$pid"
	status=0
	wait "$pid" || status=$?
	[ "$status" -eq 130 ]
	jq -e '.run.complete | not' r.json
	jq -e '.cases | length == 2' r.json
	[ "$(find . -name 'r.json.*' | wc -l)" -eq 0 ]
	run ! pgrep -P "$pid"
}

@test "killed outright: the file on disk is still whole, and incomplete" {
	"$dmabench" run --path memcpy,nt --size 64K --launches 500 -o r.json >stdout 2>stderr &
	pid=$!
	for _ in $(seq 100); do
		[ -e r.json ] && break
		sleep 0.1
	done
	sleep 0.5
	kill -KILL "$pid"
	wait "$pid" || true
	jq -e '.run.complete | not' r.json
}

@test "a launch that dies takes its case's number away, not the run" {
	# Room for the parent, none for a launch's gigabyte.
	status=0
	bash -c 'ulimit -v 600000; exec "$0" "$@"' "$dmabench" run --path memcpy --size 4K,512M \
		"${fast[@]}" -o r.json || status=$?
	jq -e '[.cases[] | select(.params.size == 4096)][0].status == "ok"' r.json
	jq -e '[.cases[] | select(.params.size > 4096)][0] | .status != "ok" and (has("time") | not)' r.json
}

@test "numbers have a point, whatever the locale" {
	LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 "$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json
	jq -e '.cases[0].time.value > 0' r.json
	LC_ALL=de_DE.UTF-8 "$dmabench" table --csv r.json >table.csv
	[ "$(head -n 1 table.csv | tr ',' '\n' | wc -l)" -eq "$(sed -n 2p table.csv | sed 's/"[^"]*"/x/g' | tr ',' '\n' | wc -l)" ]
}

@test "table has one row per case and NA where there is no value" {
	"$dmabench" run --path memcpy,pinned --size 4K "${fast[@]}" -o r.json
	# What is in a file is nobody's to draw with on a terminal.
	jq '.cases[0].params.pages = "x\u001b[31m" | .cases[0].reason = "a\tb\"c\nd,\u202ee"' r.json >odd.json
	for as in "" --csv; do
		# shellcheck disable=SC2086 # none is none
		"$dmabench" table $as odd.json >shown
		run ! grep -q $'[\x01-\x08\x0b-\x1f]\|\xe2\x80\xae' shown
		grep -q 'x?\[31m' shown
	done
	grep -q '"a?b""c$' shown
	grep -q '^d,?e"' shown
	"$dmabench" table r.json >table.tsv
	[ "$(wc -l <table.tsv)" -eq 3 ]
	[ "$(awk -F '\t' '{ print NF }' table.tsv | sort -u | wc -l)" -eq 1 ]
	awk -F '\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
		NR > 1 && $at["path"] == "memcpy" && $at["status"] == "ok" && $at["bytes_per_s"] > 0 { good++ }
		NR > 1 && $at["path"] == "pinned" && $at["time_ns"] == "NA" { good++ }
		END { exit good != 2 }' table.tsv
}

@test "table refuses what is not a whole result" {
	"$dmabench" run --path memcpy --size 4K "${fast[@]}" -o r.json
	head -c 500 r.json >truncated.json
	jq '.schema = "dmabench-result/2"' r.json >version.json
	jq '.cases += .cases' r.json >twice.json
	jq 'del(.cases)' r.json >nocases.json
	: >empty.json
	sed '0,/"seed"/s//"seed": 1, "seed"/' r.json >keys.json
	sed '0,/"duration_s": [0-9.]*/s//"duration_s": NaN/' r.json >nan.json
	for file in truncated version twice nocases empty keys nan nosuch; do
		status=0
		"$dmabench" table "$file.json" >stdout 2>stderr || status=$?
		[ "$status" -eq 2 ]
		[ ! -s stdout ]
		[ "$(wc -l <stderr)" -eq 1 ]
	done
}

@test "copy does the work and checks it, also with none to do" {
	"$dmabench" list --json >list.json
	for path in memcpy movsb nt memcpy-mt cow-private cow-fork mremap shared splice \
		$(jq -r '.paths[] | select(.usable and (.name | . == "process-vm" or . == "uffd-move")).name' list.json); do
		"$dmabench" copy --path "$path" --size 64K --count 3
		"$dmabench" copy --path "$path" --size 64K --count 0
	done
}

@test "env says what spoils measurements and what to do about it" {
	"$dmabench" env --json >env.json
	jq -e '.platform and .identity.cpus >= 1 and .conditions.kernel and .clock.cost_ns > 0' env.json
	jq -e 'all(.warnings[]; .what and .why and .do)' env.json
	"$dmabench" env | grep -q '^platform: '
}

@test "of the kernel's command line only what bears on copies is recorded" {
	"$dmabench" env --json >env.json
	jq -r '.conditions.kernel_parameters' env.json | tr ' ' '\n' |
		awk '!/^(mitigations|iommu|intel_iommu|amd_iommu|arm-smmu(-v3)?|cma|swiotlb|isolcpus|nohz_full|rcu_nocbs|(default_)?hugepages(z)?|transparent_hugepage|intel_pstate|amd_pstate|intel_idle.max_cstate|processor.max_cstate|idle|nosmt|numa_balancing|tsc|clocksource|mem|memmap|numa)([.=]|$)|^$/ { exit 1 }'
	for word in $(cat /proc/cmdline); do
		case $word in mitigations=*) jq -e --arg w "$word" '.conditions.kernel_parameters | contains($w)' env.json ;; esac
	done
	run ! grep -q command_line env.json
}

@test "an emulated platform can't pass for a real one" {
	DMABENCH_PLATFORM=vm-icount "$dmabench" env --json | jq -e '.platform == "vm-icount"'
	real=$("$dmabench" env --json | jq -r .platform)
	[ "$real" = native ] || {
		# A machine that says it is virtual doesn't become native by a variable.
		DMABENCH_PLATFORM=native "$dmabench" env --json | jq -e --arg real "$real" '.platform == $real'
	}
}

@test "the cost to a neighbour: figures with their drift, or a reason" {
	"$dmabench" run --path memcpy --size 64K --cache hot,cold "${fast[@]}" --neighbour-ms 50 -o r.json
	jq -e '.cases[1].neighbour | .cache.value == null and (.cache.reason | contains("caches"))' r.json
	if [ "$(nproc)" -ge 2 ]; then
		# On a busy machine the neighbour may not have run in its window.
		jq -e '.cases[0].neighbour | .cache.reason == "the neighbour had no turn" or
			.cpu >= 0 and all(.cache, .bandwidth;
			(.value | type == "number") and (.drift | type == "number") and .working_set > 0)' r.json
	else
		jq -e '.cases[0].neighbour.cache | .value == null and (.reason | contains("no other"))' r.json
	fi
	"$root/tests/fixtures/validate.py" "$root/results/result.schema.json" r.json
	[ "$("$dmabench" table r.json | head -n 1 | grep -o 'neighbour_[a-z]*' | wc -l)" -eq 2 ]
	"$dmabench" run --path memcpy --size 64K "${fast[@]}" -o none.json
	jq -e '.cases[0] | has("neighbour") | not' none.json
}

@test "on one CPU there is no neighbour, and the reason says so" {
	taskset -c 0 "$dmabench" run --path memcpy --size 4K "${fast[@]}" --neighbour-ms 1 -o r.json
	jq -e '.cases[0].neighbour.bandwidth | .value == null and .reason == "the node has no other usable CPU"' r.json
}

@test "--help after any command is its help, and the man page has every option of each" {
	local command option man all
	man=$(sed 's/\\-/-/g; s/\\(en/-/g; s/\\fR, \\fP/\n.B /g' "$root/docs/dmabench.1")
	all=$("$dmabench" help | sed -n 's/^  \([a-z]*\)  *.*/\1/p')
	[[ $(wc -l <<<"$all") -ge 25 && -z $(sort <<<"$all" | uniq -d) ]]
	for command in $all; do
		run --separate-stderr "$dmabench" "$command" --help
		[[ $status -eq 0 && -z $stderr ]]
		if [[ $output != "dmabench $command"* ]]; then
			# A script, whose own page is made of its help.
			[[ $output == *"usage: "*"$command.sh"* && $output == "$("$root/scripts/$command.sh" --help)" ]]
			grep -qx "\.B dmabench $command" <<<"$man"
			[[ $output == "$("$dmabench" help "$command")" ]]
			continue
		fi
		[[ $command == help || $output == "$("$dmabench" help "$command")" ]]
		[[ $man == *"dmabench $command"* ]]
		for option in $(sed -n 's/^  \(--*[a-z][a-z-]*\) .*/\1/p' <<<"$output"); do
			grep -qE -- "(^|[^a-z-])$option([^a-z-]|$)" <<<"$man" || {
				echo "the man page lacks $command $option"
				false
			}
		done
	done
}

@test "a wrong word is answered with the nearest one" {
	refused crosover
	grep -qF 'unknown command "crosover", is it crossover?' stderr
	refused frobnicate
	grep -qF 'unknown command "frobnicate"; see' stderr
	refused run --sise=4K
	grep -qF 'unknown argument "--sise=4K", is it --size?' stderr
	refused
	grep -qF 'expected a command' stderr
}
