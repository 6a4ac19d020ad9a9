# SPDX-License-Identifier: GPL-2.0-only
# promise: 6
# mutation: written pages aren't marked
# file: driver/pin.c
# caught by: sim test_pinning copy_dirties_its_destination_alone
s/area->write && written\)/false)/
