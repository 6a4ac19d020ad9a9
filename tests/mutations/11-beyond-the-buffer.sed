# SPDX-License-Identifier: GPL-2.0-only
# promise: 11
# mutation: a mapping may be longer than its buffer
# file: driver/mmap.c
# caught by: sim test_mmap beyond_the_buffer_is_einval
/^\t    vma_pages\(vma\) > pages - first\)/ s/vma_pages\(vma\) > pages - first/false/
