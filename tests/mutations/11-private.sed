# SPDX-License-Identifier: GPL-2.0-only
# promise: 11
# mutation: a private mapping is made
# file: driver/mmap.c
# caught by: sim test_mmap private_mapping_is_einval
s/!\(vma->vm_flags & VM_MAYSHARE\) \|\| //
