# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: read pages are marked as written
# file: driver/pin.c
# caught by: sim test_pinning copy_dirties_its_destination_alone
s/area->write && written\)/true)/
