#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The CI templates that people copy: they parse, keep their own rules, and call nothing that
# isn't there.

bats_require_minimum_version 1.5.0

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	fixtures=$root/tests/fixtures
	templates=("$root"/docs/ci/*.yml)
	cd "$root"
}

# Commands of a template, one a line, with their arguments.
commands() {
	"$fixtures/ci_template.py" "$1" | sed -e ':a' -e '/\\$/{N;s/\\\n//;ba' -e '}' |
		sed -E 's/(\|\||&&|[;|]|>>)/\n/g'
}

# The words that begin with -- in each command that matches.
calls() { # TEMPLATE PATTERN
	commands "$1" | grep -oE -- "$2( .*)?" || true
}

@test "each template parses, has timeouts, groups and versions, and may only read" {
	[ "${#templates[@]}" -eq 4 ]
	for template in "${templates[@]}"; do
		"$fixtures/ci_template.py" "$template" >"$BATS_TEST_TMPDIR/code"
		[ "$(wc -l <"$BATS_TEST_TMPDIR/code")" -gt 10 ]
	done
}

@test "what breaks these rules is refused" {
	refused() {
		sed "$2" "docs/ci/$1" >"$BATS_TEST_TMPDIR/bad.yml"
		! cmp -s "docs/ci/$1" "$BATS_TEST_TMPDIR/bad.yml"
		run "$fixtures/ci_template.py" "$BATS_TEST_TMPDIR/bad.yml"
		echo "$2: $output"
		[ "$status" -ne 0 ]
	}
	refused github-hosted.yml 's/contents: read/contents: write/'
	refused github-hosted.yml '/timeout-minutes: 45/d'
	refused github-hosted.yml 's/checkout@v4/checkout@main/'
	refused github-hosted.yml 's/shell: bash/continue-on-error: true/'
	refused github-hosted.yml 's/"\$AGAINST" --out/${{ github.head_ref }} --out/'
	refused github-hosted.yml '/^concurrency/,/cancel/d'
	refused github-hardware.yml 's/^    timeout-minutes: 60/    timeout-minutes: 60\n    permissions: {contents: write}/'
	refused gitlab-hosted.yml 's/timeout: 45m/allow_failure: true\n  timeout: 45m/'
	refused gitlab-hosted.yml '/timeout: 45m/d'
	refused gitlab-hardware.yml '/resource_group/d'
	refused gitlab-hardware.yml 's/stage: test/stage: test\n  stage: test/'
}

@test "their shell code passes shellcheck" {
	command -v shellcheck || skip "no shellcheck"
	for template in "${templates[@]}"; do
		"$fixtures/ci_template.py" "$template" | shellcheck -
	done
}

@test "each script is there and knows each option" {
	seen=0
	for template in "${templates[@]}"; do
		while read -r script words; do
			[ -x "$script" ]
			for word in $words; do
				[[ $word == --* ]] || continue
				echo "$template: $script $word"
				"$script" --help | grep -qE -- "(^|[ (|])${word%%=*}([] ,|=]|$)"
				seen=$((seen + 1))
			done
		done < <(calls "$template" '(scripts/[a-z-]+\.sh|\.ci/run)')
	done
	[ "$seen" -ge 12 ]
}

@test "each command of dmabench, each target of make and each file is there" {
	make -s bench
	for template in "${templates[@]}"; do
		while read -r _ command words; do
			build/dmabench help | grep -qE "^  $command "
			for word in $words; do
				[[ $word != --* ]] || build/dmabench help "$command" | grep -q -- "$word "
			done
		done < <(calls "$template" 'build/dmabench')
		while read -r _ words; do
			for word in $words; do
				[[ $word =~ ^[a-z]+$ ]] || continue
				make -s help | grep -qE "^  $word "
			done
		done < <(calls "$template" '^ *make' | sed 's/-C [^ ]*//')
		while read -r file; do
			compgen -G "$file"
		done < <(grep -oE "(scripts|docs)/[a-z/*-]+\.(sh|md)" "$template")
	done
}

@test "docs/ci.md names each template, and the templates it" {
	for template in "${templates[@]}"; do
		grep -q "ci/$(basename "$template")" docs/ci.md
		grep -q "docs/ci.md" "$template"
	done
	grep -q 'ci\.md' docs/gate.md
}

@test "the living example: what .ci/run calls is what the hosted templates call" {
	for template in docs/ci/*-hosted.yml; do
		[ "$(commands "$template" | grep -c '^ *\.ci/run *$')" -eq 1 ]
	done
	grep -q 'make test SUITES=' .ci/run
}
