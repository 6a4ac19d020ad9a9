# SPDX-License-Identifier: GPL-2.0-only
# A result with a line for each part and each case: small, and yet a diff can be read.
def part: if .key == "cases" then "\"cases\": [\n\(.value | map(tojson) | join(",\n"))\n]"
	else "\(.key | tojson): \(.value | tojson)" end;
"{\n\(to_entries | map(part) | join(",\n"))\n}"
