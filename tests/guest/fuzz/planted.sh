#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Build a driver with a bug planted in it, for the test that the fuzzer finds it.
#
# usage: tests/guest/fuzz/planted.sh reserved|length|pinned|overlap|unused|alias KDIR
#
#   reserved  COPY no longer looks at its reserved fields
#   length    a copy may go one byte past a coherent buffer's end
#   pinned    a registered buffer whose answer can't be delivered stays pinned
#   overlap   segments of a batch may have a byte of the destination in common
#   unused    a copy by io_uring uses its buffers only until it is submitted
#   alias     what is mapped at two addresses isn't compared
#
# The modules come to build/broken/BUG/build/driver/RELEASE.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd -P)
case ${1-} in
reserved) file=copy.c old='any_set(arg->reserved, ARRAY' new='any_set(arg->reserved, 0 * ARRAY' ;;
length) file=side.c old='len > buffer->size - offset'
	new='len > buffer->size - offset + (buffer->kind == DMABENCH_BUF_COHERENT)' ;;
pinned) file=buffer.c old='	if (err)
		buffer_free(buffer);' new='	if (err && !(err == -EFAULT && buffer->area.npages))
		buffer_free(buffer);' ;;
overlap) file=batch.c old='.len > sorted[i].dst)' new='.len > sorted[i].dst + 1)' ;;
unused) file=async.c old='		err = launch(op);
	if (err)' new='		err = launch(op);
	if (!err) {
		sides_exit(op->side, op->session);
	}
	if (err)' ;;
alias) file=overlap.c old='if (known(&overlap->set[!side], &bytes, false))'
	new='if (false && known(&overlap->set[!side], &bytes, false))' ;;
*)
	echo "planted.sh: reserved, length, pinned, overlap, unused or alias, and the kernel headers" >&2
	exit 2
	;;
esac
tree=$root/build/broken/$1
rm -rf "$tree"
mkdir -p "$tree"
cp -R "$root/driver" "$root/include" "$tree/"
text=$(<"$tree/driver/$file")
[[ $text == *"$old"* ]] || {
	echo "planted.sh: driver/$file has no place for this bug any more" >&2
	exit 1
}
printf '%s\n' "${text/"$old"/"$new"}" >"$tree/driver/$file"
make -C "$tree/driver" KDIR="$2"
