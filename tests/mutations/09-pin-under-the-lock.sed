# SPDX-License-Identifier: GPL-2.0-only
# promise: 9
# mutation: pages are pinned under the engine's lock
# file: driver/pipeline.c
# caught by: sim test_pinning stuck_caller_stops_nobody
/^static int prepare\(/,/^}/ {
	/^\tfor \(i = 0; i < 2 && !err; i\+\+\)/i\	mutex_lock(&copy->engine->submit_lock);
	/^\tif \(err\) \{/i\	mutex_unlock(&copy->engine->submit_lock);
}
