# SPDX-License-Identifier: GPL-2.0-only
# promise: 11
# mutation: a child inherits the mapping
# file: driver/mmap.c
# caught by: sim test_mmap fork_doesnt_inherit_the_mapping
s/ \| VM_DONTCOPY//
