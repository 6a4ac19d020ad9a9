# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# A fleet's folder: a folder a machine, in it asked.json from when it was asked on, and result.json
# once it has answered. Sourced.

# The name of a machine's folder: whatever its name has in it, no path and nothing hidden.
asked_folder() { # NAME
	jq -n -r --arg name "$1" '$name | @uri | gsub("^\\."; "%2E")'
}

# asked DIR NAME [STATUS REASON]: asked; or how it ended: the status null where it isn't known.
asked() {
	local folder
	folder=$1/$(asked_folder "$2")
	mkdir -p -- "$folder"
	# shellcheck disable=SC2016 # jq expands
	replace "$folder/asked.json" jq -n --arg name "$2" --argjson status "${3:-null}" --arg reason "${4-}" \
		'{schema: "dmabench-asked/1", name: $name, time: (now | todate), status: $status,
		  reason: (if $reason == "" then null else $reason end)}'
}
