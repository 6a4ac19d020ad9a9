#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The published schema accepts what is right and refuses each kind of wrong.

setup() {
	root=$BATS_TEST_DIRNAME/../..
	fixtures=$root/tests/fixtures
	schema=$root/results/result.schema.json
	result=$BATS_TEST_TMPDIR/result.json
}

# edited FOLDER: the good fixture by each edit of it, in files[].
edited() {
	local edit file
	files=()
	for edit in "$fixtures/$1"/*.jq; do
		file=$BATS_TEST_TMPDIR/$(basename "$edit" .jq).json
		jq -f "$edit" "$fixtures/good.json" >"$file"
		files+=("$file")
	done
	[ "${#files[@]}" -gt 5 ]
}

validate() { "$fixtures/validate.py" "$schema" "$@"; }

@test "every field is described" {
	for schema in "$root"/results/*.schema.json; do described "$schema"; done
}

described() {
	run jq -r '[paths(objects) as $p | select($p[-2] == "properties") | getpath($p) as $f
		| select($p | any(. == "if" or . == "then" or . == "else" or . == "not") | not)
		| select($f.description == null and $f["$ref"] == null) | $p | map(tostring) | join(".")] | .[]' "$1"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "the good fixture is accepted" {
	validate "$fixtures/good.json"
}

@test "unusual but right files are accepted" {
	edited valid
	validate "${files[@]}"
}

@test "each broken file is refused" {
	edited broken
	run validate "${files[@]}"
	[ "$status" -eq 1 ]
	for file in "${files[@]}"; do
		grep -F "$file: " <<<"$output" || {
			echo "accepted: $file"
			return 1
		}
	done
}

@test "what dmabench run writes is accepted" {
	[ -x "$root/build/dmabench" ] || skip "build/dmabench is not built"
	"$root/build/dmabench" run --path memcpy,null,pinned --size 4K --launches 2 --samples 3 --sample-ms 1 \
		--budget-ms 10 --and --path cow-private,mremap --share 0,100 --size 64K -o "$result"
	validate "$result"
	[ "$(jq '[.cases[] | select(.status == "ok")] | length' "$result")" -ge 4 ]
}

@test "results committed under results/ are accepted" {
	shopt -s nullglob
	found=("$root"/results/*.json "$root"/results/*/result.json)
	for file in "${found[@]}"; do
		[[ $file == *.schema.json ]] || validate "$file"
	done
}
