# SPDX-License-Identifier: GPL-2.0-only
# promise: 8
# mutation: what one user was charged is given to another
# file: driver/pin.c
# caught by: sim test_memlock uncharged_from_who_was_charged
s/^\t\tatomic_long_sub\(npages, &area->cred->user->locked_vm\);/\t\tatomic_long_sub(npages, \&current_user()->locked_vm);/
