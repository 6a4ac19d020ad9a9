# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # shared with the tests and with bats
#
# The main job without its measuring. Sourced in a folder of the test's own, with $root.

stub() {
	mkdir -p stubs
	printf '#!/bin/sh\n%s\n' "$2" >"stubs/$1"
	chmod +x "stubs/$1"
}

# The whole job in a tree of its own, but for measuring and drawing: the harness is played by a
# script that hands out new.json and decides for real.
scripted_job() { # [TREE]
	local tree=${1:-tree} script
	mkdir -p "$tree/build" "$tree/results"
	cp -R "$root/scripts" "$tree/"
	cp "$root/results/result.schema.json" "$tree/results/"
	for script in setup plot report compare; do printf '#!/bin/sh\n' >"$tree/scripts/$script.sh"; done
	printf 'measure_outside() { :; }\nadd_outside() { :; }\n' >"$tree/scripts/bench/outside.sh"
	stub make 'exit 0'
	# Others get to this tree, who may not get to the one that it is of.
	cp "$root/build/dmabench" "$tree/build/decide"
	cat >"$tree/build/dmabench" <<-END
		#!/bin/bash
		case \$1 in
		compare | answer) exec "\${0%/*}/decide" "\$@" ;;
		selfcheck) what='{"self_checks": []}' ;;
		run) what=\$(<"$PWD/new.json") ;;
		esac
		while [[ \$1 != -o ]]; do shift; done
		printf '%s\n' "\$what" >"\$2"
	END
	chmod +x "$tree/build/dmabench"
	export DMABENCH_PROC_MODULES=$PWD/none PATH=$PWD/stubs:$PATH
	jq -f "$root/tests/fixtures/quiet.jq" "$root/tests/fixtures/good.json" |
		jq '.cases |= map(select(.env == "host")) | .environments |= map(select(.id == "host")) | del(.run.pair)' >base.json
}
