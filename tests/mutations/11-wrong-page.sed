# SPDX-License-Identifier: GPL-2.0-only
# promise: 11
# mutation: a mapping shows its buffer from the start, whatever was asked
# file: driver/mmap.c
# caught by: sim test_mmap offset_of_a_page_shows_page_one
s/^\tvma->vm_pgoff = first;/\tvma->vm_pgoff = 0;/
