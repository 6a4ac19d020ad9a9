# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: two chunks of a destination meet in a cache line
# file: driver/copy.c
# caught by: sim test_copy chunks_end_at_cache_lines
/^static void cut_chunks/,/^}/ s/arg->dst\.kind == DMABENCH_BUF_USER\) \{/arg->len == 0) {/
