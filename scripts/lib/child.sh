# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A command that goes when its script goes. Sourced; the script's own trap on EXIT calls
# end_child first.

child=
janitor=

# Wait in a way that a signal to this script ends, too: the trap on EXIT then ends the child.
# If this script is killed outright, the child gets a signal all the same.
run_child() {
	local code=0
	setpriv --pdeathsig TERM "$@" &
	child=$!
	wait "$child" || code=$?
	child=
	return "$code"
}

# run_child_into OUT ERR COMMAND...: with its output in these files. Not run_child's own, in which
# what the trap on EXIT says would be lost.
run_child_into() {
	# shellcheck disable=SC2016 # the inner shell expands
	run_child sh -c 'out=$1 err=$2 && shift 2 && exec "$@" >"$out" 2>"$err"' sh "$@"
}

# take_away_after FOLDER...: should this script be killed outright, a process of its own session
# removes them. It has no business with the script's locks.
take_away_after() {
	# shellcheck disable=SC2016 # the inner shell expands them
	setsid bash -c 'exec 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
		tail --pid="$1" -s 0.2 -f /dev/null
		shift
		for _ in 1 2 3 4 5 6 7 8 9 10; do rm -rf --one-file-system -- "$@" && exit; sleep 0.5; done' \
		janitor "$$" "$@" </dev/null >/dev/null 2>&1 &
	janitor=$!
}

# All is taken away by now.
dismiss_janitor() {
	[[ -z $janitor ]] || kill "$janitor" 2>/dev/null || true
	janitor=
}

# From here on no signal disturbs the cleaning up.
end_child() {
	trap '' INT TERM HUP
	if [[ -n $child ]]; then
		kill "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
	fi
}

# Signals lead to the trap on EXIT, with the status that tells them.
exit_on_signals() {
	trap 'exit 129' HUP
	trap 'exit 130' INT
	trap 'exit 143' TERM
}
