# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2154 # $folders, $options and $dmabench are the caller's
#
# What dmabench says of a folder of results, as a page with pictures: for trend.sh and fleet.sh, whose
# $folders are DIR and OUTDIR and whose $options go to the command. Sourced after common.sh.

# shellcheck source=scripts/report/page.sh
source "$root/scripts/report/page.sh"
# shellcheck source=scripts/report/draw.sh
source "$root/scripts/report/draw.sh"

# read_folder_options "OPTIONS WITH A VALUE" "OPTIONS WITHOUT" ARGUMENT...: sets both.
read_folder_options() {
	local with=$1 without=$2
	shift 2
	while [[ $# -gt 0 ]]; do
		case $1 in
		-h | --help) show_help ;;
		-*)
			if [[ " $with " == *" $1 "* ]]; then
				need_value "$1" $#
				options+=("$1" "$2")
				shift
			elif [[ " $without " == *" $1 "* ]]; then
				options+=("$1")
			else
				usage_error "unknown option $1"
			fi
			;;
		*) folders+=("$1") ;;
		esac
		shift
	done
	[[ ${#folders[@]} -eq 2 ]] || usage_error "expected DIR and OUTDIR, got ${#folders[@]} folders"
	[[ -d ${folders[0]} ]] || usage_error "${folders[0]}: not a folder"
	[[ -n ${folders[1]} ]] || usage_error "expected OUTDIR, got no name"
	[[ ! -e ${folders[1]} || -d ${folders[1]} ]] || usage_error "${folders[1]}: not a folder"
	[[ -x $dmabench ]] || die "$dmabench isn't there: run make first"
	needs_utf8
}

picture_links() { # COMMAND OUTDIR WORDS
	local name
	printf '\n## Pictures\n\n'
	while IFS= read -r name; do
		[[ $name != "$1"-* ]] || printf '![%s](plots/%s.svg)\n\n' "$3" "$name"
	done < <(picture_names "$2/plots" | jq -r '.[]' | sort -V)
}

with_pictures() { # COMMAND OUTDIR WORDS
	cat -- "$work/$1.md" && picture_links "$@"
}

# folder_page COMMAND WORDS NOTHING STATUS...: OUTDIR/COMMAND.md, .json, .html and pictures, called WORDS; NOTHING
# says why there is none. Ends with the command's status; at one that isn't among these nothing is written.
folder_page() {
	local command=$1 words=$2 nothing=$3 outdir status=0
	shift 3
	work=$(scratch "${folders[1]}")
	trap 'rm -rf -- "$work"' EXIT
	"$dmabench" "$command" ${options[@]+"${options[@]}"} --format markdown="$work/$command.md" \
		--format json="$work/$command.json" --format text "${folders[0]}" || status=$?
	[[ " $* " == *" $status "* ]] || exit "$status"

	make_folder "${folders[1]}/plots"
	outdir=$(cd -- "${folders[1]}" && pwd)
	rm -f -- "$outdir/plots/$command"-*.svg "$outdir/plots/$command"-*.png
	into "$work/pictures" jq -c -L "$root/scripts/report" -f "$root/scripts/report/${command}_pictures.jq" \
		"$work/$command.json"
	[[ -s $work/pictures ]] || say "$nothing"
	(cd -- "$work" && draw_pictures "$work/pictures" "$outdir/plots")
	into "$work/page.md" with_pictures "$command" "$outdir" "$words"
	page "dmabench $command" "$work/page.md" "$outdir" "$work/$command.html"
	mv -- "$work/$command.md" "$work/$command.json" "$work/$command.html" "$outdir/"
	exit "$status"
}
