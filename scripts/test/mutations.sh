#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Break the driver's promises one at a time, on purpose, and see that the test which stands
# for each fails. Each file in tests/mutations is one break: a sed script with a header that
# says what it breaks, where, and which test must see it.
#
# usage: scripts/test/mutations.sh [--list] [NAME...]
#
#   --list    a table of all, in Markdown; nothing is run
#
# Says TAP. The test must pass with the driver as it is and fail with the broken one right
# after, in one guest with the distribution's own kernel. A mutation that changes nothing, doesn't build or isn't
# seen is a failure. Logs are under build/mutations.
# shellcheck disable=SC2016 # Markdown has its ticks
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/distribution.sh
source "$root/scripts/lib/distribution.sh"
# shellcheck source=scripts/test/guest.sh
source "$root/scripts/test/guest.sh"

folder=$root/build/mutations
tree=$folder/tree
built=$folder/built
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

# ---- building ---------------------------------------------------------------

# The driver's sources as they are. Files that didn't change keep their times, so that only
# what a mutation touches is built again.
restore() {
	local file
	mkdir -p "$tree/driver/providers" "$tree/include"
	for file in "$tree"/driver/* "$tree"/driver/providers/* "$tree"/include/*; do
		[[ -e $root/${file#"$tree/"} ]] || rm -f "$file"
	done
	for file in "$root"/driver/* "$root"/driver/providers/* "$root"/include/*; do
		[[ -f $file ]] || continue
		cmp -s "$file" "$tree/${file#"$root/"}" || cp "$file" "$tree/${file#"$root/"}"
	done
}

# build NAME: the modules as they are in the tree, kept under that name.
build() {
	make -C "$tree/driver" KDIR="$kdir" OUT="$built" SIM_DISGUISE=1 &&
		mkdir -p "$folder/modules/$1" &&
		cp "$built"/*.ko "$folder/modules/$1/" && strip -g "$folder/modules/$1"/*.ko
}

# What make check does about the modules, in a folder of its own.
checks() {
	rm -rf "$folder/checked"
	make -C "$tree/driver" KDIR="$kdir" OUT="$folder/checked" \
		MO="W=1 C=2 CF=-Wsparse-error KCFLAGS=-Werror"
}

# mutate FILE: whether it changed something.
mutate() {
	local target before=$folder/before
	target=$tree/$(header "$1" file)
	cp "$target" "$before" && sed -E -i -f "$1" "$target" && ! cmp -s "$target" "$before"
}

# A mutation that the compiler must refuse.
try_checks() {
	local name=$1 test=$2 seen=no
	if ! checks >"$folder/$name.log" 2>&1 && grep -qE 'error: ' "$folder/$name.log"; then
		seen=yes
	fi
	result "$seen" "$name is caught by make check: $test"
}

# Build one; say so when that's all there is to it, else add the steps of its guest.
prepare() {
	local file=$1 name engine suite test group
	name=$(basename "$file" .sed)
	read -r engine suite test <<<"$(header "$file" 'caught by')"
	restore
	if ! mutate "$file"; then
		result no "$name changes nothing: $(header "$file" file) has moved on"
	elif [[ $engine == build ]]; then
		try_checks "$name" "$test"
	elif ! build "$name" >"$folder/$name.log" 2>&1; then
		result no "$name doesn't build, see $folder/$name.log"
	else
		group="$engine $(header "$file" vm)"
		steps[$group]+="$name:before unbroken $suite $test"$'\n'
		steps[$group]+="$name:after $name $suite $test"$'\n'
	fi
}

# ---- running ----------------------------------------------------------------

# guest ENGINE VM-OPTIONS...: boot once for the steps that are left.
guest() {
	local engine=dmabench_$1 sim='' options=("${sim_guest[@]}")
	case $1 in
	edu) options=("${edu_guest[@]}") ;;
	alone)
		options=("${alone_guest[@]}")
		engine=dmabench_sim
		sim=channels=32
		;;
	known)
		engine=mv_xor
		sim=driver=mv_xor
		;;
	runs-on)
		options=("${alone_guest[@]}")
		engine=hisi_dma
		sim="channels=32 driver=hisi_dma runs_on=1"
		;;
	esac
	shift
	"$root/scripts/vm.sh" --timeout 900 --module-dir "$folder/modules/unbroken" \
		"${options[@]}" "$@" --with build/mutations/modules --with build/mutations/steps \
		--env ENGINE="$engine" --env SIM="$sim" -- sh tests/mutations/guest.sh
}

# Boot until each step has a verdict: a guest that a mutation has spoilt is followed by another.
run_group() {
	local group=$1 engine vm options status said log line verdict_lines=() left=()
	read -r engine vm <<<"$group"
	read -r -a options <<<"$vm"
	mapfile -t left <<<"${steps[$group]%$'\n'}"
	while [[ ${#left[@]} -gt 0 ]]; do
		log=$folder/guest-$((++guests)).log
		status=0
		printf '%s\n' "${left[@]}" >"$folder/steps"
		said=$(guest "$engine" ${options[@]+"${options[@]}"} 2>"$log") || status=$?
		printf '%s\n' "$said" >>"$log"
		mapfile -t verdict_lines < <(sed -n 's/^verdict //p' <<<"$said")
		for line in ${verdict_lines[@]+"${verdict_lines[@]}"}; do
			verdicts[${line% *}]=${line##* }
			left=("${left[@]:1}")
		done
		[[ ${#left[@]} -gt 0 ]] || break
		# The driver as it is isn't to blame for what the mutation before it left behind.
		[[ ${#verdict_lines[@]} -eq 0 || ${left[0]} != *:before\ * ]] || continue
		# It went down with its step, or nothing will get on in the next one either.
		if [[ $status -eq 124 || $status -eq 125 || ${#verdict_lines[@]} -eq 0 ]]; then
			verdicts[${left[0]%% *}]="ended the guest"
			left=("${left[@]:1}")
		fi
	done
}

# What the guests said about those that got there.
judge() {
	local name before after engine suite test
	name=$(basename "$1" .sed)
	[[ -n ${verdicts[$name:before]-} ]] || return 0
	read -r engine suite test <<<"$(header "$1" 'caught by')"
	before=${verdicts[$name:before]}
	after=${verdicts[$name:after]-}
	if [[ $before != ok ]]; then
		result no "$name: $suite:$test fails on $engine with the driver as it is ($before)"
	elif [[ $after == failed ]]; then
		result yes "$name is caught by $suite:$test"
	else
		result no "$name survives $suite:$test ($after)"
	fi
}

main() {
	one_at_a_time mutations
	local file group
	declare -gA steps=() verdicts=()
	guests=0
	rm -rf "$folder/modules" "$folder"/*.log
	mkdir -p "$folder"
	kdir=$("$root/scripts/kernel/headers.sh")
	restore
	if ! { make -C "$root/tests/guest" && build unbroken; } \
		>"$folder/build.log" 2>&1; then
		die "the build failed, see $folder/build.log"
	fi
	for file in "${files[@]}"; do
		prepare "$file"
	done
	for group in "${!steps[@]}"; do
		run_group "$group"
	done
	for file in "${files[@]}"; do
		judge "$file"
	done
	echo "1..$count"
	[[ $bad -eq 0 ]]
}

listing=no
case ${1-} in
-h | --help) show_help ;;
--list)
	listing=yes
	shift
	;;
-*) usage_error "unknown argument $1" ;;
esac
mapfile -t files < <(mutation_files "$@")
[[ ${#files[@]} -gt 0 ]] || exit 2
if [[ $listing == yes ]]; then
	list
else
	main
fi
