# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
#
# Completion for bash. It asks the program for its commands, and each command's --help for its
# options and what their values are called, so that it knows what the program knows.

# Lines "--option VALUE", and single words that come first on a line of a command's help, in
# _dmabench_rows; asked once for each command of each program.
declare -gA _dmabench_asked

_dmabench_ask() { # PROGRAM COMMAND
	local line rows=
	if [[ -z ${_dmabench_asked[$1 $2]-} ]]; then
		while IFS= read -r line; do
			[[ $line =~ ^\ +([-a-z].*) ]] || continue
			line=${BASH_REMATCH[1]}
			if [[ $2 == tune && $line =~ ^([a-z]+)\ \ + ]]; then
				rows+="${BASH_REMATCH[1]}"$'\n'
				continue
			fi
			while [[ $line =~ ^(--?[a-zA-Z][-a-zA-Z]*)(\ ([^ |][^ ]*))?([ ,|]+(.*))?$ ]]; do
				line=${BASH_REMATCH[5]}
				rows+="${BASH_REMATCH[1]}${BASH_REMATCH[3]:+ ${BASH_REMATCH[3]}}"$'\n'
			done
		done < <("$1" "$2" --help 2>/dev/null </dev/null)
		_dmabench_asked[$1 $2]=${rows:-$'\n'}
	fi
	_dmabench_rows=${_dmabench_asked[$1 $2]}
}

_dmabench_commands() { # PROGRAM
	"$1" help 2>/dev/null </dev/null | sed -n 's/^  \([a-z]*\)  *.*/\1/p'
}

# The paths that there are.
_dmabench_paths() { # PROGRAM
	[[ -n ${_dmabench_asked[$1 paths]-} ]] ||
		_dmabench_asked[$1 paths]=$("$1" list 2>/dev/null </dev/null | sed -n '/^paths/,/^driver/s/^  \([a-z-]*\) .*/\1/p')
	printf '%s\n' "${_dmabench_asked[$1 paths]}"
}

# What follows an option whose value is called so: one of its words, the next one of a list, or a file.
_dmabench_value() { # VALUE OPTION
	local words='' before=''
	case $2$1 in
	--pathLIST)
		[[ $word != *,* ]] || before=${word%,*},
		words=$(_dmabench_paths "$program")
		;;
	*[A-Z]*) ;;
	*'|'*) words=${1//|/ } ;;
	esac
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -P "$before" -W "$words" -- "${word#"$before"}")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames 2>/dev/null
	fi
}

_dmabench() {
	local program=${COMP_WORDS[0]} command=${COMP_WORDS[1]-} word=${COMP_WORDS[COMP_CWORD]}
	local before=${COMP_WORDS[COMP_CWORD - 1]} name value i _dmabench_rows words=() files=yes
	COMPREPLY=()
	program=${program/#\~/$HOME}
	if [[ $COMP_CWORD -eq 1 ]] || [[ $COMP_CWORD -eq 2 && $command == help ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_dmabench_commands "$program") --help --version" -- "$word")
		return
	fi
	# What follows is another program's.
	for ((i = 2; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || return
	done
	_dmabench_ask "$program" "$command"
	while read -r name value; do
		[[ -n $name ]] || continue
		if [[ $name == "$before" && -n $value ]]; then
			_dmabench_value "$value" "$name"
			return
		fi
		words+=("$name")
		[[ $name == -* ]] || files=no
	done <<<"$_dmabench_rows"
	mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$word")
	[[ $word == -* || $files == no ]] || {
		mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
		compopt -o filenames 2>/dev/null
	}
}

complete -o bashdefault -o default -F _dmabench dmabench
