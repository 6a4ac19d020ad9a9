# SPDX-License-Identifier: GPL-2.0-only
# promise: 10
# mutation: what the PCI bus gives each device is taken for its provider's word
# file: driver/limits.c
# caught by: edu test_pci_len told_length_counts_where_nobody_says_any
s/ && !\(dev_is_pci\(dev\) && len == SZ_64K\)//
