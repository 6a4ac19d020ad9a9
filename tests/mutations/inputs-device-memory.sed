# SPDX-License-Identifier: GPL-2.0-only
# promise: inputs
# mutation: a coherent mapping is pinned where the kernel happens to allow it
# file: driver/pin.c
# caught by: edu test_coherent_user source_is_efault
s/^\treturn vma->vm_flags & \(VM_IO \| VM_PFNMAP\);/\treturn false;/
