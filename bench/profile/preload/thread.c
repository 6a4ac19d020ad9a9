// SPDX-License-Identifier: GPL-2.0-only
#include "thread.h"

__thread struct mine mine __attribute__((tls_model("initial-exec")));
union own_page own_page __attribute__((aligned(PAGE)));
