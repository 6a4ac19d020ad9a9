#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Break the driver's promises one at a time, on purpose, and see that the test which stands
# for each fails. Each file in tests/mutations is one break: a sed script with a header that
# says what it breaks, where, and which test must see it.
#
# usage: scripts/test/mutations.sh [--list|--no-control] [NAME...]
#
#   --list         a table of all, in Markdown; nothing is run
#   --no-control   don't try the driver as it is first
#
# Says TAP. First the driver as it is must pass every one of those tests. A mutation that
# changes nothing, doesn't build or isn't seen is a failure. Takes minutes: each is built
# for kernel 6.1 and booted in a guest. Logs are under build/mutations.
# shellcheck disable=SC2016 # the guest expands, and Markdown has its ticks
set -euo pipefail

# shellcheck source=scripts/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# shellcheck source=scripts/test/guest.sh
source "$root/scripts/test/guest.sh"

folder=$root/build/mutations
tree=$folder/tree
modules=$folder/modules
count=0
bad=0

# header FILE FIELD: what the mutation's header says.
header() {
	sed -n "s/^# $2: //p" "$1"
}

mutation_files() {
	if [[ $# -eq 0 ]]; then
		printf '%s\n' "$root"/tests/mutations/*.sed
		return
	fi
	for name in "$@"; do
		[[ -e $root/tests/mutations/$name.sed ]] || usage_error "no mutation $name"
		printf '%s\n' "$root/tests/mutations/$name.sed"
	done
}

list() {
	local file engine suite test
	printf '| promise | mutation | what is broken | caught by |\n| --- | --- | --- | --- |\n'
	for file in "${files[@]}"; do
		read -r engine suite test <<<"$(header "$file" 'caught by')"
		printf '| %s | `%s` | %s | `%s:%s` (%s) |\n' "$(header "$file" promise)" \
			"$(basename "$file" .sed)" "$(header "$file" mutation)" "$suite" "$test" "$engine"
	done
}

result() { # OK TEXT
	count=$((count + 1))
	if [[ $1 == yes ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		bad=$((bad + 1))
	fi
}

# The driver's sources as they are. Files that didn't change keep their times, so that only
# what a mutation touches is built again.
restore() {
	local file
	mkdir -p "$tree/driver" "$tree/include"
	for file in "$tree"/driver/* "$tree"/include/*; do
		[[ -e $root/${file#"$tree/"} ]] || rm -f "$file"
	done
	for file in "$root"/driver/* "$root"/include/*; do
		[[ -f $file ]] || continue
		cmp -s "$file" "$tree/${file#"$root/"}" || cp "$file" "$tree/${file#"$root/"}"
	done
}

build() {
	make -C "$tree/driver" KDIR="$kdir" OUT="$modules"
}

# What make check does about the modules, in a folder of its own.
checks() {
	make -C "$tree/driver" KDIR="$kdir" OUT="$folder/checked" \
		MO="W=1 C=2 CF=-Wsparse-error KCFLAGS=-Werror" &&
		rm -rf "$folder/checked"
}

# guest ENGINE PROGRAM TESTS VM-OPTIONS...: some tests of one program, for its TAP.
guest() {
	local engine=$1 suite=$2 tests=$3 options=()
	shift 3
	case $engine in
	sim) options=("${sim_guest[@]}") ;;
	edu) options=("${edu_guest[@]}") ;;
	alone)
		options=("${alone_guest[@]}")
		engine=sim
		;;
	esac
	"$root/scripts/vm.sh" --kernel 6.1 --timeout 300 --module-dir "$modules" "${options[@]}" "$@" \
		--env CMOCKA_MESSAGE_OUTPUT=TAP --env DMABENCH_TEST_ENGINE_DRIVER="dmabench_$engine" \
		--env TESTS="$tests" -- sh -c 'for test in $TESTS; do
			if [ "$1" != compat32 ]; then
				DMABENCH_TEST_ONLY=$test build/tests/guest/"$1"
			elif build/tests/guest/compat32 "$DMABENCH_TEST_ENGINE_DRIVER"; then
				echo "ok 1 - $test"
			else
				echo "not ok 1 - $test"
			fi
		done; exit 0' sh "$suite"
}

# mutate FILE: whether every command of it changed something.
mutate() {
	local target before=$folder/before
	target=$tree/$(header "$1" file)
	cp "$target" "$before" && sed -E -i -f "$1" "$target" && ! cmp -s "$target" "$before"
}

# The unbroken driver passes what is going to be asked of the broken ones: each program in a
# guest with the options that its mutations want.
control() {
	local file key engine suite test vm words log passed options
	declare -A wanted=()
	for file in "${files[@]}"; do
		read -r engine suite test <<<"$(header "$file" 'caught by')"
		key="$engine $suite $(header "$file" vm)"
		[[ $engine == build || " ${wanted[$key]-} " == *" $test "* ]] || wanted[$key]+=" $test"
	done
	for key in "${!wanted[@]}"; do
		read -r engine suite vm <<<"$key"
		read -r -a options <<<"$vm"
		log=$folder/control-$engine-$suite.log
		guest "$engine" "$suite" "${wanted[$key]}" ${options[@]+"${options[@]}"} \
			>"$log" 2>&1 || true
		passed=yes
		for words in ${wanted[$key]}; do
			grep -qaE "^ok [0-9]+ - $words\$" "$log" || passed=no
		done
		result "$passed" "unbroken, $suite passes on $engine:${wanted[$key]}"
	done
}

control_checks() {
	local passed=yes
	grep -q '^# caught by: build' "${files[@]}" || return 0
	checks >"$folder/control-build.log" 2>&1 || passed=no
	result "$passed" "unbroken, make_check passes"
}

# Sets, for say_seen, what it found.
try() {
	local file=$1 name log engine suite test options seen=no
	name=$(basename "$file" .sed)
	log=$folder/$name.log
	read -r engine suite test <<<"$(header "$file" 'caught by')"
	read -r -a options <<<"$(header "$file" vm)"
	restore
	if ! mutate "$file"; then
		result no "$name changes nothing: $(header "$file" file) has moved on"
		return
	fi
	if [[ $engine == build ]]; then
		checks >"$log" 2>&1 || seen=yes
		[[ $seen == no ]] || grep -qE 'error: ' "$log" || seen=no
		say_seen
		return
	fi
	if ! build >"$log" 2>&1; then
		result no "$name doesn't build, see $log"
		return
	fi
	guest "$engine" "$suite" "$test" ${options[@]+"${options[@]}"} >"$log" 2>&1 || true
	! grep -qaE "^not ok [0-9]+ - $test\$" "$log" || seen=yes
	say_seen
}

say_seen() {
	if [[ $seen == yes ]]; then
		result yes "$name is caught by $suite:$test"
	else
		result no "$name survives $suite:$test, see $log"
	fi
}

listing=no
controlled=yes
case ${1-} in
-h | --help)
	help_of "$0"
	exit 0
	;;
--list)
	listing=yes
	shift
	;;
--no-control)
	controlled=no
	shift
	;;
-*) usage_error "unknown argument $1" ;;
esac
mapfile -t files < <(mutation_files "$@")
[[ ${#files[@]} -gt 0 ]] || exit 2
if [[ $listing == yes ]]; then
	list
	exit
fi
mkdir -p "$folder"
kdir=$("$root/scripts/headers.sh" 6.1)
if ! { make -C "$root/tests/guest" OUT="$root/build/tests/guest" && restore && build; } \
	>"$folder/build.log" 2>&1; then
	die "the build failed, see $folder/build.log"
fi
if [[ $controlled == yes ]]; then
	control
	control_checks
fi
for file in "${files[@]}"; do
	try "$file"
done
echo "1..$count"
[[ $bad -eq 0 ]]
