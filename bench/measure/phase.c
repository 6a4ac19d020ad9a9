// SPDX-License-Identifier: GPL-2.0-only
#include "phase.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "machine/ulimits.h"

int phase_end(struct bench *b, enum launch_status status, const char *what, int err)
{
	struct launch_result *r = b->result;

	r->status = status;
	if (b->ctx.reason[0])
		snprintf(r->reason, sizeof(r->reason), "%s: %s", what, b->ctx.reason);
	else
		snprintf(r->reason, sizeof(r->reason), "%s: %s%s", what, strerror(-err),
			 limits_hint(err));
	return err;
}

bool phase_lacking(int err)
{
	return err == -ENODEV || err == -ENOMEM || err == -ENODATA || err == -EOPNOTSUPP ||
	       err == -ENOSYS || err == -EPERM || err == -EACCES || err == -EBUSY ||
	       err == -EMFILE || err == -ENFILE || err == -EAGAIN || err == -EFBIG;
}

const char *phase_uncounted(const struct bench *b)
{
	if (b->ctx.params.cache == CACHE_COLD)
		return "emptying the caches between operations would be counted";
	if (b->ctx.params.touch == TOUCH_FRESH)
		return "giving pages back between operations would be counted";
	if (b->ctx.params.load)
		return "others were made to work meanwhile";
	return NULL;
}

/* What was read wrong is no error of the path's, and says itself what it is. */
int phase_operation_failed(struct bench *b, int err)
{
	if (err != -EBADMSG || b->ctx.params.use == USE_NONE)
		return phase_end(b, LAUNCH_FAILED, "copying", err);
	b->result->status = LAUNCH_FAILED;
	snprintf(b->result->reason, sizeof(b->result->reason), "%s", b->ctx.reason);
	return err;
}

int phase_poison(struct bench *b)
{
	int ret = arena_poison(&b->arena);

	return ret ? phase_end(b, LAUNCH_FAILED, "filling the path's buffers", ret) : 0;
}

int phase_verify(struct bench *b)
{
	struct launch_result *r = b->result;
	int ret = arena_verify(&b->arena, r->reason, sizeof(r->reason));

	if (ret)
		r->status = LAUNCH_FAILED;
	else
		for (unsigned int i = 0; i < b->ctx.npairs; i++)
			r->verified_bytes += b->ctx.pairs[i].size;
	return ret;
}
