#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
#
# Completion, typed into interactive shells on a pseudo-terminal.

# shellcheck disable=SC2154 # set by helpers.bash and by bats
load helpers

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir home
	touch result-one.json
	mkdir results.d
	keys=(env HOME="$PWD/home" PATH="$top/build:$PATH" "$BATS_TEST_DIRNAME/complete.py")
}

# typed SHELL: these keys become these words; the last one of each pair is given without its <>.
typed() {
	local shell=$1 want=() all=()
	shift
	while [[ $# -gt 0 ]]; do
		all+=("$1")
		want+=("$2")
		shift 2
	done
	"${keys[@]}" "$shell" "$top/completion" "${all[@]}" >got
	diff <(printf '<%s>\n' "${want[@]}" | sed 's/ /></g') got
}

@test "bash: commands, options, words that an option takes, files, and nothing of another program's" {
	typed bash \
		'dmabench ben\t' 'dmabench bench' \
		'dmabench hel\tdoc\t' 'dmabench help doctor' \
		'dmabench bench --qu\t' 'dmabench bench --quick' \
		'dmabench bench --ful\t' 'dmabench bench --full' \
		'dmabench bench --where v\t' 'dmabench bench --where vm' \
		'dmabench run --numa\t' 'dmabench run --numa-matrix' \
		'dmabench run --path memcpy,mrem\t' 'dmabench run --path memcpy,mremap' \
		'dmabench compare --pag\tresults\t' 'dmabench compare --page results.d/' \
		'dmabench vm --ic\t' 'dmabench vm --icount' \
		'dmabench vm --iommu st\t' 'dmabench vm --iommu strict' \
		'dmabench tune res\t' 'dmabench tune reset' \
		'dmabench answer result-\t' 'dmabench answer result-one.json' \
		'dmabench profile -- --qu\t' 'dmabench profile -- --qu'
}

@test "bash: each option of each command, and no other, is offered" {
	local command
	for command in $("$top/build/dmabench" help | sed -n 's/^  \([a-z]*\)  *.*/\1/p' | grep -vx help); do
		bash -c 'source "$1/completion/dmabench.bash"
			COMP_WORDS=("$1/build/dmabench" "$2" -) COMP_CWORD=2
			_dmabench; printf "%s\n" "${COMPREPLY[@]}"' sh "$top" "$command" | grep -x -- '-.*' | sort -u >offered || true
		"$top/build/dmabench" "$command" --help | grep -oE '^ +-[^ ].*' |
			grep -oE -- '(^ +|[,|] |[A-Z"]  +)--?[a-zA-Z][a-zA-Z-]*' | grep -oE -- '--?[a-zA-Z][a-zA-Z-]*' | sort -u >options || true
		diff options offered || {
			echo "of $command"
			return 1
		}
	done
}

@test "zsh: the same" {
	command -v zsh >/dev/null || skip "no zsh"
	typed zsh \
		'dmabench benc\t' 'dmabench bench' \
		'dmabench bench --qu\t' 'dmabench bench --quick' \
		'dmabench bench --where v\t' 'dmabench bench --where vm' \
		'dmabench compare --pag\tresults\t' 'dmabench compare --page results.d' \
		'dmabench tune res\t' 'dmabench tune reset' \
		'dmabench answer result-\t' 'dmabench answer result-one.json'
}
