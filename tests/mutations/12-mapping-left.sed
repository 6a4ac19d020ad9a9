# SPDX-License-Identifier: GPL-2.0-only
# promise: 12
# mutation: coherent memory goes with its device while user space sees it
# file: driver/withdraw.c
# caught by: sim test_withdrawn buffers_outlive_their_engine
/^\t\tbuffer_zap\(buffer\);/d
