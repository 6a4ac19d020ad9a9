# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: each session has caps of its own
# file: driver/owner.c
# caught by: sim test_users sessions_share_the_bytes
s/^\t\tif \(owner->cred->user == current_user\(\)\) \{/\t\tif (false) {/
s/^\tif \(likely && likely->cred->user == current_user\(\)\)/\tif (false)/
