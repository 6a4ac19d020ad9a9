# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: the module can be unloaded with a mapping open
# file: driver/main.c
# caught by: sim test_modules mapping_keeps_the_modules
/^\t\.owner = THIS_MODULE,/d
