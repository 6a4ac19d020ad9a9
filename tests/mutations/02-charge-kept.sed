# SPDX-License-Identifier: GPL-2.0-only
# promise: 2
# mutation: what is refused stays charged
# file: driver/pin.c
# caught by: sim test_memory memory_that_may_not_be_touched_is_efault
/^\terr = pin\(area, addr, npages, how\);/,/return err;/ {
	/^\tif \(err\)/d
	/^\t\tuncharge\(area, npages\);/d
}
