#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# In place of bench.sh on a machine of a made-up fleet: takes its options, and brings the result
# that $FLEET_RESULTS has for this machine. FLEET_NAME or Slurm says which it is.
#
#   NAME.sleep   before it ends, until that file is gone
#   NAME.status  what it ends with instead
set -euo pipefail

name=${FLEET_NAME:-${SLURMD_NODENAME:?}}
while [[ $# -gt 0 ]]; do
	case $1 in
	--out)
		out=$2
		shift
		;;
	--no-install | --quick) ;;
	*)
		echo "stand_in.sh: unknown option $1" >&2
		exit 2
		;;
	esac
	shift
done
mkdir "${out:?}"
echo $$ >"$FLEET_RESULTS/$name.began"
while [[ -e $FLEET_RESULTS/$name.sleep ]]; do sleep 0.2; done
if [[ -e $FLEET_RESULTS/$name.status ]]; then
	echo "stand_in.sh: it failed, as it was to" >&2
	exit "$(<"$FLEET_RESULTS/$name.status")"
fi
cp "$FLEET_RESULTS/$name.json" "$out/result.json"
