#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Seeds for make fuzz from the fixtures: small results, right and broken, alone and in
# pairs (a zero byte between BASE and NEW).
#
# usage: tests/fuzz/seeds.sh FOLDER
set -euo pipefail

fixtures=$(unset CDPATH && cd "$(dirname "${BASH_SOURCE[0]}")/../fixtures" && pwd)
folder=$1
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# One case that is ok, one of an engine, one skipped: enough, and fast.
jq -c -f "$fixtures/quiet.jq" "$fixtures/good.json" |
	jq -c '.environments |= map(.warnings = []) | .cases |= (
		[(map(select(.status == "ok" and .env == "host"))[0]),
		 (map(select(.status == "ok" and .engine != null))[0]),
		 (map(select(.status == "skipped"))[0])]
		| map((.launches | arrays) |= (.[0:8] | map(del(.placement)))))' >"$work/small"
cp "$work/small" "$folder/small"
for edit in "$fixtures"/broken/*.jq "$fixtures"/valid/*.jq; do
	name=$(basename "$edit" .jq)
	jq -c -f "$edit" "$work/small" >"$work/edited" 2>/dev/null || continue
	cp "$work/edited" "$folder/$name"
	{
		tr -d '\n' <"$work/small"
		printf '\0'
		cat "$work/edited"
	} >"$folder/pair-$name"
done
