#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/fleet/slurm.sh under a controller and nodes that are Slurm's own daemons, all on this
# machine: who stands out is named, and a node that dies in the middle takes nothing else with it.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load ../cli/helpers

nodes=12

missing() {
	local program
	[[ $EUID -eq 0 ]] || echo "not root"
	for program in slurmctld slurmd sbatch munged; do
		command -v "$program" >/dev/null || echo "no $program"
	done | paste -sd ','
}

# Node i's daemon, with a spool of its own.
start_node() {
	mkdir -p "$cluster/spool/n$1"
	slurmd -f "$cluster/slurm.conf" -N "n$1"
}

configure() {
	cat >"$cluster/slurm.conf" <<-END
		ClusterName=fleet
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmUser=root
		SlurmdUser=root
		AuthType=auth/munge
		CryptoType=crypto/munge
		AuthInfo=socket=$cluster/munge.sock
		SlurmctldPort=26817
		SlurmctldPidFile=$cluster/slurmctld.pid
		SlurmdPidFile=$cluster/%n.pid
		StateSaveLocation=$cluster/state
		SlurmdSpoolDir=$cluster/spool/%n
		SlurmctldLogFile=$cluster/slurmctld.log
		SlurmdLogFile=$cluster/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		SelectType=select/linear
		MpiDefault=none
		ReturnToService=2
		SlurmdTimeout=10
		KillWait=2
		MailProg=/bin/true
		NodeName=n[1-$nodes] NodeAddr=127.0.0.1 NodeHostname=$(hostname -s) Port=[26821-$((26820 + nodes))] CPUs=1
		PartitionName=all Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP
	END
}

setup_file() {
	local i
	[[ -z $(missing) ]] || return 0
	export cluster=$BATS_FILE_TMPDIR/cluster SLURM_CONF=$BATS_FILE_TMPDIR/cluster/slurm.conf
	mkdir -p "$cluster/state"
	# Slurm's users look at their files, too.
	chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	head -c 1024 /dev/urandom >"$cluster/munge.key"
	chmod 600 "$cluster/munge.key"
	munged --force --key-file="$cluster/munge.key" --socket="$cluster/munge.sock" --pid-file="$cluster/munged.pid" \
		--log-file="$cluster/munged.log" --seed-file="$cluster/munge.seed" 3>&-
	configure
	slurmctld -f "$cluster/slurm.conf" 3>&-
	for ((i = 1; i <= nodes; i++)); do start_node "$i" 3>&-; done
	eventually all_idle
}

all_idle() { [[ $(sinfo -h -t idle -o %D) == "$nodes" ]]; }

# Only what was started here, by the files in which it says who it is.
teardown_file() {
	local file
	[[ -n ${cluster-} ]] || return 0
	scancel --state=RUNNING || true
	scancel --state=PENDING || true
	for file in "$cluster"/n*.pid "$cluster/slurmctld.pid" "$cluster/munged.pid"; do
		[[ ! -s $file ]] || kill "$(<"$file")" || true
	done
}

setup() {
	[[ -z $(missing) ]] || skip "$(missing): scripts/setup.sh --for fleet"
	cd "$BATS_TEST_TMPDIR" || exit
	chmod 755 "$BATS_TEST_TMPDIR"
	export DMABENCH_TREE=$top FLEET_RESULTS=$PWD/results
	export DMABENCH_FLEET_BENCH=$BATS_TEST_DIRNAME/stand_in.sh
}

# made_up ODD: what the nodes are to bring; n1 is node000.
made_up() {
	local i
	"$BATS_TEST_DIRNAME/../fixtures/fleet.sh" results "$nodes" "${1:-[]}"
	for ((i = 1; i <= nodes; i++)); do mv "results/node$(printf %03d $((i - 1))).json" "results/n$i.json"; done
}

# job STATUS ARGUMENT...: submitted, and waited for.
job() {
	local code=0
	sbatch --wait --nodes="$nodes" --output="$PWD/job.log" "$top/scripts/fleet/slurm.sh" "${@:2}" >stdout 2>stderr || code=$?
	[[ $code -eq $1 ]] || {
		echo "status $code instead of $1"
		cat stdout stderr job.log
		return 1
	}
}

# What runs on a node, and its daemon, at once: as when a machine loses its power.
kill_node() { # NUMBER
	local pid doomed=()
	pid=$(<"results/n$1.began")
	while [[ $(<"/proc/$pid/comm") != slurmstepd ]]; do
		doomed+=("$pid")
		pid=$(ps -o ppid= -p "$pid" | tr -d ' ')
		[[ $pid -gt 1 ]]
	done
	kill -KILL "$pid" "$(<"$cluster/n$1.pid")" "${doomed[@]}"
	rm "$cluster/n$1.pid"
}

@test "each node is measured, and what they brought is judged" {
	made_up
	job 0 out --quick
	jq -e '(.kinds | length) == 1 and .kinds[0].judged and (.kinds[0].machines | length) == '"$nodes"'
		and .no_answer == [] and .left_out == [] and .status == 0' out/report/fleet.json
	jq -e '.name == "n7" and .status == 0' out/n7/asked.json
	[[ -s out/report/plots/fleet-1.svg && -s out/report/fleet.html && -e out/n7/log.txt ]]
}

@test "a node that is slower is named, and the job's status says so" {
	made_up '[{"machine": 4, "factor": 1.1, "path": null}]'
	job 1 out
	grep -q '^  SLOWER: n5 (n5/result.json), +' job.log
	[[ $(grep -c SLOWER job.log) -eq 1 ]]
}

@test "a node whose bench.sh fails is listed with what it said; the others are judged" {
	made_up
	echo 7 >results/n3.status
	job 3 out
	grep -q '^no answer: n3 (n3/asked.json): ended with status 7: stand_in.sh: it failed, as it was to$' job.log
	jq -e '(.kinds[0].machines | length) == 11 and .kinds[0].judged' out/report/fleet.json
}

@test "a node that dies in the middle is listed, and takes nothing else with it" {
	made_up '[{"machine": 0, "factor": 1.2, "path": null}]'
	touch results/n9.sleep
	sbatch --nodes="$nodes" --output="$PWD/job.log" --parsable "$top/scripts/fleet/slurm.sh" out >id
	eventually test -s results/n9.began
	kill_node 9
	ended() { [[ -z $(squeue -h -j "$(<id)" 2>/dev/null) ]]; }
	eventually ended || eventually ended
	rm results/n9.sleep
	cat job.log
	grep -q '^no answer: n9 (n9/asked.json): its step ended without an answer; Slurm says that it is ' job.log
	grep -q '^  SLOWER: n1 ' job.log
	start_node 9 3>&-
	eventually all_idle
}

@test "real measurements, of a tiny size, come from all nodes" {
	export DMABENCH_FLEET_BENCH=$BATS_TEST_DIRNAME/measuring.sh
	local code=0
	sbatch --wait --nodes="$nodes" --output="$PWD/job.log" "$top/scripts/fleet/slurm.sh" out >stdout 2>stderr || code=$?
	# One machine that is measured by twelve at once is as it is: no verdict is wanted, only the answers.
	[[ $code -eq 0 || $code -eq 1 || $code -eq 3 ]]
	jq -e '([.kinds[].machines[]] | length) == '"$nodes"' and .no_answer == [] and .left_out == []
		and (.kinds | length) == 1 and .kinds[0].judged' out/report/fleet.json
}

@test "bench.sh itself: from its first step to its report, and what it measured reaches dmabench fleet" {
	unset DMABENCH_FLEET_BENCH
	local code=0
	sbatch --wait --nodes=1 --output="$PWD/job.log" "$top/scripts/fleet/slurm.sh" out --quick --where host >stdout 2>stderr || code=$?
	cat job.log out/*/log.txt
	# One machine has no likes that it could be judged by.
	[[ $code -eq 3 ]]
	jq -e '[.kinds[].machines[]] | length == 1 and .[0].failed == []' out/report/fleet.json
	jq -e '.no_answer == [] and .left_out == [] and (.kinds[0].cases | length) > 20' out/report/fleet.json
	jq -e '.run.complete and ([.run.config | .. | objects | .mode? // empty] | unique) == ["quick"]
		and ([.cases[] | select(.status == "ok")] | length) > 20' out/n*/result.json
	grep -q '^bench.sh: done: .*/report.html$' out/n*/log.txt
	for file in out/n*/report.html out/n*/report.md out/report/fleet.html; do [[ -s $file ]]; done
	# A check of the harness may fail on a machine that is busy, and is no failure of the job.
	jq -e '.status == 0 or .status == 1' out/n*/asked.json
}

@test "wrong usage: status 2, one line" {
	run --separate-stderr "$top/scripts/fleet/slurm.sh"
	status_is 2
	[[ ${#stderr_lines[@]} -eq 1 && -z $output ]]
	run --separate-stderr "$top/scripts/fleet/slurm.sh" out
	status_is 2
	in_stderr "this is no Slurm job"
	[[ ! -e out ]]
}
