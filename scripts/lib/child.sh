# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A command that goes when its script goes. Sourced; the script's own trap on EXIT calls
# end_child first.

child=

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
