#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The published schema accepts what is right and refuses each kind of wrong.

setup() {
	root=$BATS_TEST_DIRNAME/../..
	fixtures=$root/tests/fixtures
	schema=$root/results/result.schema.json
	result=$BATS_TEST_TMPDIR/result.json
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
	for edit in "$fixtures"/valid/*.jq; do
		jq -f "$edit" "$fixtures/good.json" >"$result"
		validate "$result"
	done
}

@test "each broken file is refused" {
	for edit in "$fixtures"/broken/*.jq; do
		jq -f "$edit" "$fixtures/good.json" >"$result"
		run validate "$result"
		echo "$edit: $output"
		[ "$status" -eq 1 ]
		[[ $output == "$result: "* ]]
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
