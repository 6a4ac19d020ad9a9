#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# The whole main job of what make install put somewhere: as an ordinary user, with a home of its own,
# and nothing else to write to.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load ../cli/helpers

@test "an ordinary user measures, draws and reports with an installed dmabench, and writes to its own folders alone" {
	local user=() dir=$BATS_TEST_TMPDIR before out uid=$((200000 + BASHPID % 100000))
	[[ $EUID -eq 0 ]] || skip "not root: no other user to be"
	cd "$BATS_TEST_TMPDIR"
	make -C "$top" -s install PREFIX="$PWD/place" >log 2>&1
	chmod -R a-w,o+rX place
	before=$(find place -printf '%p %M %s %T@\n' | sort)
	mkdir -p home/tmp
	chown -R "$uid:$uid" home
	while [[ $dir == *bats* ]]; do
		chmod o+x "$dir"
		dir=${dir%/*}
	done
	user=(setpriv --reuid "$uid" --regid "$uid" --clear-groups --inh-caps=-all --bounding-set=-all)
	env -i PATH="$PATH" HOME="$PWD/home" TMPDIR="$PWD/home/tmp" LC_ALL=C.UTF-8 "${user[@]}" \
		"$PWD/place/bin/dmabench" bench --quick --where host --no-install >said 2>log || {
		cat log
		false
	}
	out=$(echo home/.local/state/dmabench/results/*)
	jq -e '.run.complete and ([.cases[] | select(.status == "ok")] | length > 10) and (.not_measured | length >= 1)' "$out/result.json"
	[[ -s $out/report.md && -s said ]]
	grep -q "done: .*/$out/report" log
	# What it was told to leave alone, and what nobody told it to write to.
	[[ $(find place -printf '%p %M %s %T@\n' | sort) == "$before" ]]
	[[ -z $(ls -A home/tmp) && $(ls -A home | xargs) == ".local tmp" ]]
	[[ -z $(find /tmp /var/tmp /dev/shm /run /var -xdev -user "$uid" ! -path "$BATS_TEST_TMPDIR/*" -print 2>/dev/null) ]]
	chmod -R u+w place
}
