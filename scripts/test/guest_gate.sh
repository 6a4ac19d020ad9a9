# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2016,SC2034,SC2154 # jq expands; $root and run_tap are scripts/test.sh's
#
# The gate that counts instructions: two boots of one driver agree, and one that is slower by a
# known number of instructions is caught.

kernel_of_tests() {
	release_of "$own_kernel"
}

# The gate's own boots, with names of its own kept out of the tests'.
gate_boot() { # MODULES RESULT SEED [--only ID]...
	(
		gate_cache=$root/build/gate
		# shellcheck source=scripts/gate/icount.sh
		source "$root/scripts/gate/icount.sh"
		run_child() { "$@"; }
		count_instructions "$@"
	)
}

# gate_decides OUT BASE NEW NAME: as scripts/gate.sh does, which measures once more what failed;
# what it ends with is its status.
gate_decides() {
	local out=$1 base=$2 new=$3 name=$4 status=0 only
	local compare=("$root/build/dmabench" compare "$out/$base.json" "$out/$new.json" --format "json=$out/$name")
	"${compare[@]}" >&2 || status=$?
	[[ $status -eq 1 ]] || return "$status"
	mapfile -t only < <(jq -r '[.cases[] | select(.verdict == "FAIL" and .change != null).id]
		| unique[] | "--only", .' "$out/$name")
	gate_boot "$(modules_of "$base")" "$out/$base.again.json" 2 "${only[@]}" >&2
	gate_boot "$(modules_of "$new")" "$out/$new.again.json" 2 "${only[@]}" >&2
	"${compare[@]}" --confirm-base "$out/$base.again.json" --confirm-new "$out/$new.again.json" >&2
}

modules_of() {
	local suffix=
	[[ $1 != slow ]] || suffix=-slow
	printf '%s\n' "$root/build/driver/$(kernel_of_tests)$suffix"
}

# Boots of one driver; more than two by the variable.
boots=${DMABENCH_ICOUNT_BOOTS:-2}

# boots_agree OUT: each boot with each before it. Ends with the first status that isn't 0.
boots_agree() {
	local out=$1 i j status=0
	for ((i = 2; i <= boots; i++)); do
		for ((j = 1; j < i; j++)); do
			gate_decides "$out" "boot$j" "boot$i" "same-$j-$i" || status=$?
			[[ $status -eq 0 ]] || return "$status"
		done
	done
}

icount_gate() {
	local status boot
	mkdir -p "$root/build/gate"
	for ((boot = 1; boot <= boots; boot++)); do
		gate_boot "$(modules_of same)" "$out/boot$boot.json" 1 >&2
	done
	gate_boot "$(modules_of slow)" "$out/slow.json" 1 >&2
	echo 1..6
	status=0
	boots_agree "$out" || status=$?
	tap_result 1 "boots of one driver: no regression" [ "$status" -eq 0 ]
	jq -r -s '[.[].cases[] | select(.change != null).change | fabs] |
		"# \(map(select(. == 0)) | length) of \(length) comparisons the same to the digit, " +
		"the largest difference \(max * 100) %"' "$out"/same-*
	tap_result 2 "the cases differ by at most 0.1 % between them" jq -e -s '
		all(.[]; [.cases[] | select(.change != null).change | fabs] | length >= 40 and
		all(. <= 0.001))' "$out"/same-*
	tap_result 3 "all cases were measured, on both engines" jq -e '(.cases | length >= 45) and
		all(.cases[]; .status == "ok") and ([.cases[].engine.driver] | unique | length == 3)' \
		"$out/boot1.json"
	status=0
	gate_decides "$out" boot1 slow slow || status=$?
	tap_result 4 "a driver that spends 100 instructions more on each copy is refused" [ "$status" -eq 1 ]
	tap_result 5 "each path's copies fail, by about that many" jq -e '
		[.cases[] | select(.verdict == "FAIL" and (.id | startswith("call-") | not))]
		| ([.[].id | split(":")[0]] | unique) as $paths | length >= 12 and
		(["coherent", "engine", "pinned", "registered"] - $paths == [])
		and all(.[]; .change * .base > 60 and .change * .base < 150)' "$out/slow"
	tap_result 6 "the calls that aren't copies don't" jq -e '
		[.cases[] | select((.id | startswith("call-")) and .verdict != "FAIL")] | length >= 19' "$out/slow"
}

# The whole of it, as a user calls it.
seeded_gate() {
	local status=0
	"$root/scripts/gate.sh" --icount --against HEAD --driver-args SLOW_COPY=50 --out "$out" >&2 ||
		status=$?
	echo 1..1
	tap_result 1 "a driver slower by 1 % of a small copy is refused" [ "$status" -eq 1 ]
}

prepare_gate() {
	local kdir
	make -C "$root" -j"$(nproc)" bench || return 1
	kdir=$("$root/scripts/kernel/headers.sh" "$own_kernel") || return 1
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir" || return 1
	make -C "$root" -j"$(nproc)" driver KDIR="$kdir" SLOW_COPY=50
}

suite_gate() {
	run_tap gate/icount icount_gate
	run_tap gate/seeded seeded_gate
	run_tap gate/sides bats --tap --timing "$root/tests/gate/sides.bats"
}
