#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
#
# In place of bench.sh where a real measurement of a tiny size is wanted: takes its options.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
while [[ ${1-} != --out ]]; do shift; done
mkdir "$2"
exec "$here/../../build/dmabench" run --path memcpy,movsb --size 4K,64K,256K --launches 3 --samples 2 \
	--sample-ms 0 --cpu-ms 0 --calibrate-ms 0 --state-ms 0 -o "$2/result.json"
