# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# shellcheck disable=SC2034 # used by those who source it
#
# What the scripts share. Source it first:
#	source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
#
# Results go to stdout and messages to stderr. Exit status 2 means wrong usage.

# What the caller's shell and environment bring along mustn't change what is done here, nor by
# what is started here: options of the shell, functions, variables that tools look at.
forget_caller() {
	local name functions
	set +abfkmvCHP -Bh +o posix
	shopt -u nullglob failglob dotglob nocaseglob nocasematch globstar extglob xpg_echo \
		cdable_vars cdspell lastpipe expand_aliases execfail extdebug gnu_errfmt inherit_errexit \
		localvar_inherit localvar_unset shift_verbose huponexit assoc_expand_once 2>/dev/null || true
	shopt -s sourcepath extquote interactive_comments
	functions=$(builtin declare -Fx)
	while IFS=' ' read -r _ _ name; do
		[[ -z $name ]] || unset -f -- "$name"
	done <<<"$functions"
	unalias -a
	export -n SHELLOPTS BASHOPTS
	unset CDPATH BASH_ENV ENV GLOBIGNORE EXECIGNORE FIGNORE TMOUT FUNCNEST BASH_COMPAT \
		POSIXLY_CORRECT _POSIX2_VERSION
	unset GREP_OPTIONS GREP_COLOR GREP_COLORS JQ_COLORS AWKPATH AWKLIBPATH MAWK_LONG_OPTIONS \
		BLOCK_SIZE BLOCKSIZE DF_BLOCK_SIZE DU_BLOCK_SIZE LS_BLOCK_SIZE QUOTING_STYLE TIME_STYLE \
		TAR_OPTIONS TAPE XZ_OPT XZ_DEFAULTS GZIP
	unset GNUTERM GNUPLOT_LIB GNUPLOT_FONTPATH GDFONTPATH GNUPLOT_DEFAULT_GDFONT GNUPLOT_DRIVER_DIR
	# A hook of git, or a make, that this is called from.
	unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_NAMESPACE \
		GIT_ALTERNATE_OBJECT_DIRECTORIES GIT_PREFIX GIT_GRAFT_FILE GIT_SHALLOW_FILE
	unset MAKEFLAGS MFLAGS GNUMAKEFLAGS MAKELEVEL MAKEFILES MAKEOVERRIDES MAKE_TERMOUT MAKE_TERMERR \
		OUT ARCH CROSS_COMPILE KBUILD_OUTPUT KBUILD_EXTMOD KCFLAGS LLVM LLVM_IAS
	unset LANGUAGE
	export LC_ALL=C.UTF-8
}
forget_caller

# Of standard input, output and error any may be closed: nothing that is opened later takes their place.
# To read there, or to write results there, fails as it would. Messages are lost.
[[ -e /dev/fd/0 ]] || exec 0>/dev/null
[[ -e /dev/fd/1 ]] || exec 1</dev/null
[[ -e /dev/fd/2 ]] || exec 2>/dev/null

# Where things are, in the source tree or where make install put them: found from where this file is,
# whatever directory the caller is in, so that either may be moved.
#	$root		has scripts in it
#	$datadir		plots, schemas and the reference result
#	$sources	the driver and its header
#	$dmabench	the program
#	$build		what is built here goes there; an installed tree, or somebody else's, isn't written to
#	$statedir		results go there where nothing else is said
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
readonly root

# The caller's home: HOME, or what the list of users says. Without either a folder that can't be made.
readonly no_home=/nonexistent/home
own_home=${HOME:-$({ getent passwd "$EUID" | cut -d : -f 6; } 2>/dev/null)} || own_home=
own_home=${own_home:-$no_home}

# The caller's own folder for such things: VARIABLE, or below the home folder.
own_folder() { # VARIABLE DEFAULT
	local folder=${!1:-$own_home/$2}
	[[ $folder == /* ]] || folder=$PWD/$folder
	printf '%s/dmabench\n' "$folder"
}
own_cache=$(own_folder XDG_CACHE_HOME .cache)
own_state=$(own_folder XDG_STATE_HOME .local/state)

if [[ -e $root/scripts/lib/installed.sh ]]; then
	installed=yes
	# shellcheck source=/dev/null
	source "$root/scripts/lib/installed.sh"
	datadir=${root%/*/*}/share/dmabench
	sources=${root%/*/*}/src/dmabench-$version
	dmabench=${root%/*/*}/bin/dmabench
	build=$own_cache/$version
	statedir=$own_state
	makes=no
else
	installed=no
	version=$(cat "$root/VERSION" 2>/dev/null) || version=unknown
	datadir=$root
	sources=$root
	build=$root/build
	statedir=$build
	makes=yes
	# What others have built in a tree that can't be written to is used as it is.
	if ! [[ -w $build || (! -e $build && -w $root) ]]; then
		build=${root//_/__}
		build=${build//\//_s}
		build=$own_cache/tree${build//[^A-Za-z0-9_.+-]/_x}
		statedir=$own_state
		[[ ! -x $root/build/dmabench ]] || makes=no
	fi
	dmabench=$build/dmabench
	[[ $makes == yes ]] || dmabench=$root/build/dmabench
fi
program=${0##*/}
[[ $installed == no || $0 == */scripts/*/* ]] || program="dmabench ${program%.sh}"
readonly program

# called NAME: how a user calls a script.
called() {
	if [[ $installed == yes ]]; then printf 'dmabench %s' "$1"; else printf 'scripts/%s.sh' "$1"; fi
}

# build_bench: the harness, where it is built at all.
build_bench() {
	local to=$build
	[[ $makes == yes ]] || return 0
	needs_home "$build/"
	if [[ $build == "$root/build" ]]; then
		make -C "$root" --no-print-directory -j"$(nproc)" bench 2>&1 | as_messages
	else
		# make takes no path with blanks for a target: it is told the way from the tree.
		[[ $to != *[[:space:]]* ]] || to=$(realpath -m --relative-to="$root" "$to")
		make -C "$root" --no-print-directory -j"$(nproc)" BUILD="$to" bench 2>&1 | as_messages
	fi
}

# message TEXT: where it can't be written, as on a full disk, work goes on all the same, and the status is what it
# would be.
message() {
	printf '%s\n' "$1" >&2 2>/dev/null || true
}

say() {
	message "$program: $*"
}

# What comes in is what a program has to say: that it can't be written doesn't end that one either.
as_messages() {
	cat >&2 2>/dev/null || cat >/dev/null
}

warn() {
	say "warning: $*"
}

# die MESSAGE [STATUS]
die() {
	say "$1"
	exit "${2:-1}"
}

# What a guest or another root can't do without is missing or failed, whatever was to run there.
infra() {
	die "infrastructure: $*" 125
}

usage_error() {
	die "$1 (see $program --help)" 2
}

# need_value OPTION COUNT: an option that wants a value must have one; COUNT is
# what is left of the arguments, the option included.
need_value() {
	[[ $2 -ge 2 ]] || usage_error "$1 needs a value"
}

# Print the comment at the top of a script, which is its help. It is written for the source tree.
help_of() {
	sed -n '4,/^[^#]/{/^#/!d;s/^# \{0,1\}//;p}' "$1" | as_called
}

as_called() {
	local to
	if [[ $installed == no ]]; then
		cat
	else
		# shellcheck disable=SC2001 # bash versions differ in what & is there
		to=$(sed 's/[&,\\]/\\&/g' <<<"$statedir")
		sed -E -e 's,scripts/([a-z]+)\.sh,dmabench \1,g' -e "s,build/(results|compare|gate|peers|gpu),$to/\\1,g"
	fi
}

# print_out FORMAT [ARGUMENT...]: what a script was asked for. Where it can't be written, one line and the
# status of dmabench's own commands.
print_out() {
	# shellcheck disable=SC2059 # as printf's own
	printf "$@" 2>/dev/null || die "can't write to standard output" 2
}

# into FILE COMMAND...: what it prints, in that file, and its status; or one line that says why not, and 1. Not each
# program tells that a disk is full: cat does. The command is run where set -e doesn't end it.
into() {
	local file=$1 why code=0
	shift
	why=$({ "$@" 2>&4 3>&- 4>&- | { cat >"$file" || cat >/dev/null; } 2>&3 4>&-; } 3>&1 4>&2) || code=$?
	[[ -z $why ]] || die "can't write $file: ${why##*: }"
	return "$code"
}

# replace FILE COMMAND...: what it prints takes FILE's place whole, as others may look at any time; or FILE stays as it
# was, and the status is 1.
replace() {
	local file=$1
	shift
	"$@" >"$file.$$" && mv -f -- "$file.$$" "$file" && return
	rm -f -- "$file.$$"
	return 1
}

# show_text TEXT, show_help: what --help does.
show_text() {
	print_out '%s\n' "$1"
	exit 0
}

show_help() {
	local text
	text=$(help_of "$0")
	show_text "$text"
}

have() {
	type -P "$1" >/dev/null
}

# Nobody's ~/.jq is part of the programs here.
jq() {
	HOME=/nonexistent command jq "$@"
}

# needs_utf8: jq finds none of its parts where their path isn't UTF-8, and doesn't say why.
needs_utf8() {
	local LC_ALL=C
	[[ $root != *[!\ -~]* ]] || iconv -f UTF-8 -t UTF-8 <<<"$root" >/dev/null 2>&1 ||
		die "$root: jq takes no path that isn't UTF-8: move this folder, or call it otherwise"
}

is_root() {
	[[ $EUID -eq 0 ]]
}

# scratch FOLDER: a new folder for temporary files, below TMPDIR or /tmp; where nothing can be
# written there, below this one.
scratch() {
	local dir
	if dir=$(mktemp -d "${TMPDIR:-/tmp}/dmabench.XXXXXX" 2>/dev/null); then
		if : 2>/dev/null >"$dir/probe"; then
			rm "$dir/probe"
			realpath -- "$dir"
			return
		fi
		rmdir "$dir"
	fi
	[[ -d ${TMPDIR:-/tmp} ]] && dir="can't write to ${TMPDIR:-/tmp}" || dir="there is no folder ${TMPDIR:-/tmp}"
	say "$dir: temporary files go to $1"
	mkdir -p -- "$1" && mktemp -d "$(realpath -- "$1")/.dmabench.XXXXXX"
}

# needs_home DIR: one that lies where the caller's home would be, if there were one, can't be had.
needs_home() {
	[[ $1 != "$no_home"/* ]] ||
		die "HOME isn't set, and user $EUID has no home folder: set HOME, or say where to write" 2
}

# make_folder DIR: that and what is above it; or one line, and wrong usage.
make_folder() {
	local why
	needs_home "$1"
	why=$(mkdir -p -- "$1" 2>&1) || die "can't make the folder $1: ${why##*: }" 2
}

# quoted WORD: as a shell, and hyperfine, reads it back.
quoted() {
	printf "'%s'" "${1//\'/\'\\\'\'}"
}

# one_at_a_time NAME: until this script ends; others of this tree wait here.
one_at_a_time() {
	needs_home "$build/"
	{ mkdir -p "$build" && : >>"$build/$1.lock"; } 2>/dev/null || die "can't write to $build" 2
	exec {only_one}>"$build/$1.lock"
	flock -n "$only_one" && return
	say "another $1 is at work in this tree: waiting until it is done"
	flock "$only_one"
}

# Debian keeps depmod, modprobe and ldconfig where only root's PATH leads.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Where kernels and headers of other series are unpacked. A kernel's build takes no path with
# blanks, colons or what a shell reads as more than a letter.
guest_cache=$build/guest
[[ $build == "$root/build" && $guest_cache != *[^A-Za-z0-9/._+@=-]* ]] || guest_cache=$own_cache/guest
guest_cache=${DMABENCH_CACHE:-$guest_cache}
[[ $guest_cache == /* ]] || guest_cache=$PWD/$guest_cache
