#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# The manual page of a command that is a script, made of what its --help says.
#
# usage: scripts/dev/man.sh NAME     one of the scripts at the top of scripts/, as bench
set -euo pipefail

# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

# As troff reads it back, whatever is in it.
escaped() {
	sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^\([.']\)/\\\\\&\1/"
}

case ${1-} in
-h | --help) show_help ;;
esac
[[ $# -eq 1 && ${1-} =~ ^[a-z]+$ && -x $root/scripts/$1.sh ]] || usage_error "expected the name of a script"
# It is read where all is installed.
# shellcheck disable=SC2034 # as_called looks
installed=yes statedir=\$XDG_STATE_HOME/dmabench
text=$("$root/scripts/$1.sh" --help | as_called)
what=$(sed -n '/^usage:/,$d; /^$/q; p' <<<"$text" | paste -sd ' ' | sed 's/\. .*//; s/\.$//')
# A script whose --help begins with its usage says above what it does.
[[ -n $what ]] || what=$(sed -n '3{s/^# *//; s/\.$//; p}' "$root/scripts/$1.sh")
cat <<END
.\\" SPDX-License-Identifier: GPL-2.0-only
.TH DMABENCH-${1^^} 1 "" "dmabench" "User Commands"
.SH NAME
dmabench\\-$1 \\- $(escaped <<<"$what")
.SH DESCRIPTION
.nf
$(escaped <<<"$text")
.fi
.SH SEE ALSO
.BR dmabench (1)
END
