#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# scripts/fleet/ansible.yml over ssh, to hosts that are network namespaces of this machine with an
# sshd each: who stands out is named, and hosts that can't be reached, fail, or are lost in the
# middle are listed and stop no other.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load ../cli/helpers

# As an inventory may have them; made_up's node000 is the first.
names=(h1 'two words' a/b .hidden höst h6 h7 h8 h9 h10 h11)

missing() {
	local program
	[[ $EUID -eq 0 ]] || echo "not root"
	for program in ansible-playbook sshd ssh ip; do
		command -v "$program" >/dev/null || echo "no $program"
	done | paste -sd ','
	ip netns list >/dev/null 2>&1 || echo "no network namespaces"
}

# A namespace, a link to it, and an sshd in it.
start_host() { # NUMBER
	local space=dmbfleet$1
	ip netns add "$space"
	ip link add "dmbf$1" type veth peer name inside netns "$space"
	ip addr add "10.213.$1.1/30" dev "dmbf$1"
	ip link set "dmbf$1" up
	ip -n "$space" addr add "10.213.$1.2/30" dev inside
	ip -n "$space" link set inside up
	ip -n "$space" link set lo up
	ip netns exec "$space" "$(command -v sshd)" -f "$home/sshd_config" -o PidFile="$home/sshd$1.pid"
}

setup_file() {
	local i
	[[ -z $(missing) ]] || return 0
	export home=$BATS_FILE_TMPDIR
	mkdir -p /run/sshd
	ssh-keygen -q -t ed25519 -N '' -f "$home/host_key"
	ssh-keygen -q -t ed25519 -N '' -f "$home/key"
	cat >"$home/sshd_config" <<-END
		HostKey $home/host_key
		AuthorizedKeysFile $home/key.pub
		StrictModes no
		PermitRootLogin prohibit-password
		UsePAM no
		Subsystem sftp internal-sftp
		MaxStartups 100
	END
	for ((i = 1; i <= ${#names[@]}; i++)); do start_host "$i" 3>&-; done
}

# Only what was started here.
teardown_file() {
	local i
	[[ -n ${home-} ]] || return 0
	for ((i = 1; i <= ${#names[@]}; i++)); do
		[[ ! -s $home/sshd$i.pid ]] || kill "$(<"$home/sshd$i.pid")" || true
		# Connections that are open yet: theirs wait for a network that is gone.
		ip netns pids "dmbfleet$i" 2>/dev/null | xargs -r kill 2>/dev/null || true
		ip netns del "dmbfleet$i" || true
		ip link del "dmbf$i" 2>/dev/null || true
	done
}

setup() {
	[[ -z $(missing) ]] || skip "$(missing): scripts/setup.sh --for fleet"
	cd "$BATS_TEST_TMPDIR" || exit
	export ANSIBLE_HOME=$PWD/ansible ANSIBLE_LOCAL_TEMP=$PWD/ansible/tmp ANSIBLE_NOCOLOR=1 ANSIBLE_CONFIG=$PWD/ansible.cfg
	touch ansible.cfg
	# No connection outlives the test by much.
	export ANSIBLE_SSH_ARGS="-o ControlMaster=auto -o ControlPersist=5s" ANSIBLE_PIPELINING=True
}

# inventory BENCH: all hosts, each with a folder of its own, since they share a file system.
inventory() {
	local i
	for ((i = 0; i < ${#names[@]}; i++)); do
		jq -n --arg name "${names[i]}" --arg n "$((i + 1))" --arg here "$PWD" --arg bench "$1" \
			'{key: $name, value: {ansible_host: "10.213.\($n).2", bench_folder: "\($here)/there\($n)",
			  bench_command: ("env FLEET_NAME=n\($n) FLEET_RESULTS=" + ("\($here)/results" | @sh) + " " + ($bench | @sh))}}'
	done | jq -s --arg key "$home/key" '{all: {hosts: from_entries, vars: {ansible_user: "root", bench_root: false,
		ansible_ssh_private_key_file: $key, ansible_python_interpreter: "/usr/bin/python3",
		ansible_ssh_common_args: ("-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
			+ " -o ConnectTimeout=5 -o ServerAliveInterval=2 -o ServerAliveCountMax=2")}}}' >hosts.yml
}

# made_up ODD: what the hosts are to bring.
made_up() {
	local i
	"$BATS_TEST_DIRNAME/../fixtures/fleet.sh" results "${#names[@]}" "${1:-[]}"
	for ((i = 0; i < ${#names[@]}; i++)); do mv "results/node$(printf %03d "$i").json" "results/n$((i + 1)).json"; done
}

play() { # STATUS ARGUMENT...
	local wanted=$1 code=0
	shift
	ansible-playbook -f "${#names[@]}" -i hosts.yml "$top/scripts/fleet/ansible.yml" -e out="$PWD/out" "$@" >stdout 2>stderr || code=$?
	tail -n 40 stdout
	if [[ ($wanted -eq 0 && $code -ne 0) || ($wanted -ne 0 && $code -eq 0) ]]; then
		echo "status $code"
		cat stdout stderr
		return 1
	fi
}

@test "each host is measured whatever its name, and who is slower is named" {
	made_up '[{"machine": 3, "factor": 1.1, "path": null}]'
	inventory "$BATS_TEST_DIRNAME/stand_in.sh"
	play 1
	jq -e --args '([.kinds[].machines[].name] | sort) == ($ARGS.positional | sort) and .no_answer == [] and .left_out == []
		and .status == 1 and [.kinds[].machines[] | select(.stands == "slower").name] == [".hidden"]' "${names[@]}" <out/report/fleet.json
	grep -q 'SLOWER: .hidden (%2Ehidden/result.json)' stdout
	grep -q 'dmabench fleet ended with status 1' stdout
	jq -e '.name == "a/b" and .status == 0 and .reason == null' out/a%2Fb/asked.json
	[[ -s out/report/plots/fleet-1.svg ]]
}

@test "hosts that can't be reached, fail, or are lost in the middle stop no other" {
	local lost
	made_up
	inventory "$BATS_TEST_DIRNAME/stand_in.sh"
	kill "$(<"$home/sshd9.pid")"
	rm -f "$home/sshd9.pid"
	echo 5 >results/n10.status
	touch results/n11.sleep
	{
		eventually test -s results/n11.began
		ip link set dmbf11 down
	} &
	lost=$!
	# One that is lost has until then to come back.
	play 1 -e bench_seconds=30 -e bench_poll=5
	wait "$lost"
	rm results/n11.sleep
	jq -e '(.kinds | length) == 1 and .kinds[0].judged and (.kinds[0].machines | length) == 8 and .status == 3' out/report/fleet.json
	jq -e '[.no_answer[].name] | sort == ["h10", "h11", "h9"]' out/report/fleet.json
	said() { jq -e --arg n "$1" --arg r "$2" 'any(.no_answer[]; .name == $n and (.reason | contains($r)))' out/report/fleet.json; }
	said h9 "unreachable"
	said h10 "ended with status 5: stand_in.sh: it failed, as it was to"
	said h11 "onnect"
}

@test "without a folder for the results nothing is asked" {
	inventory "$BATS_TEST_DIRNAME/stand_in.sh"
	run ansible-playbook -i hosts.yml "$top/scripts/fleet/ansible.yml"
	[[ $status -ne 0 && $output == *"expected -e out=DIR"* && $output != *"Measure"* ]]
}
