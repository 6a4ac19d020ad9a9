#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The mutations and what is written about them: complete, up to date, and naming real tests.
# That each is caught is make mutations' business, which takes guests.

load helpers

setup() {
	cd "$top"
}

# header FILE FIELD
header() {
	sed -n "s/^# $2: //p" "$1"
}

@test "each mutation still changes the file that it names" {
	for file in tests/mutations/*.sed; do
		target=$(header "$file" file)
		sed -E -f "$file" "$target" >"$BATS_TEST_TMPDIR/mutated"
		! cmp -s "$target" "$BATS_TEST_TMPDIR/mutated" || {
			echo "$file changes nothing"
			return 1
		}
	done
}

@test "each mutation names a test that there is" {
	for file in tests/mutations/*.sed; do
		read -r engine suite name <<<"$(header "$file" 'caught by')"
		case $engine,$suite in
		build,make_check | sim,compat32) ;;
		sim,* | edu,* | alone,* | known,* | runs-on,*) grep -qE "^static void $name\(" "tests/guest/$suite.c" ;;
		*) false ;;
		esac || {
			echo "$file: no $engine $suite $name"
			return 1
		}
	done
}

@test "each promise of the driver has a mutation" {
	for promise in {1..15}; do
		grep -qx "# promise: $promise" tests/mutations/*.sed || {
			echo "none for promise $promise"
			return 1
		}
	done
}

@test "the documentation has the table of all mutations as it is" {
	scripts/test/mutations.sh --list >"$BATS_TEST_TMPDIR/list"
	grep -vxFf docs/testing.md "$BATS_TEST_TMPDIR/list" || return 0
	false
}

@test "each program that the documentation names has its tests" {
	# PROGRAM:TEST, and further tests of that program up to the next one.
	grep -oE '`(test|alone)_[a-z0-9_]+(:[a-z0-9_]+)?`' docs/testing.md | tr -d '`' | sort -u |
		while IFS=: read -r suite name; do
			file=$(ls "tests/guest/$suite.c" "tests/unit/$suite.c" 2>/dev/null) || true
			[ -n "$file" ] || {
				echo "no $suite"
				return 1
			}
			[ -z "$name" ] || grep -qE "^static void $name\(" "$file" || {
				echo "no $suite:$name"
				return 1
			}
		done
}

@test "mutations.sh: wrong arguments end with 2" {
	run --separate-stderr scripts/test/mutations.sh no-such-mutation
	status_is 2
	in_stderr "no-such-mutation"
	run --separate-stderr scripts/test/mutations.sh --nonsense
	status_is 2
	in_stderr "--nonsense"
}
