// SPDX-License-Identifier: GPL-2.0-only
/*
 * COPY: checks a request, runs it through the pipeline and says how it went.
 */
#include <linux/cache.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "copy.h"
#include "entry.h"

/* Entries of a list of pages that a session keeps from copy to copy: enough for a usual chunk. */
#define KEPT_PAGES 128

static int check_args(const struct dmabench_copy *arg)
{
	if (arg->flags & ~(DMABENCH_COPY_POLL | DMABENCH_COPY_TIMES) ||
	    any_set(arg->reserved, ARRAY_SIZE(arg->reserved)))
		return -EINVAL;
	if (!arg->len || arg->len > MAX_RANGE || arg->depth > MAX_DEPTH)
		return -EINVAL;
	if (!(arg->flags & DMABENCH_COPY_TIMES) && (arg->latency_ptr || arg->latency_count))
		return -EINVAL;
	return 0;
}

/* What was asked stays as it is in the request, which goes back to the caller. */
static void fill_defaults(struct copy *copy, struct dmabench_copy *arg)
{
	copy->prepared = 0;
	copy->offset = 0;
	copy->submitted = 0;
	copy->released = 0;
	copy->tight = false;
	copy->starved = false;
	copy->latency = NULL;
	copy->latencies = 0;
	copy->stage = NULL;
	copy->depth = arg->depth ?: DEFAULT_DEPTH;
	copy->timeout_ms = TIMEOUT_MS(arg->timeout_ms);
	arg->latency_written = 0;
	arg->total_ns = 0;
	arg->pin_ns = 0;
	arg->map_ns = 0;
	arg->submit_ns = 0;
	arg->wait_ns = 0;
	arg->unmap_ns = 0;
	arg->unpin_ns = 0;
	arg->copied = 0;
	arg->chunks = 0;
	arg->descriptors = 0;
}

/* How much to pin and map at a time; 0: the engine's alignment refuses it. */
static u64 chunk_length(const struct engine *engine, const struct dmabench_copy *arg)
{
	u64 max = min_t(u64, engine->max_map, MAX_CHUNK);
	u64 chunk = arg->chunk ?: copy_pins(arg) ? DEFAULT_CHUNK : DEFAULT_PIECE;

	if ((chunk | arg->len) & (engine->align - 1))
		return 0;
	/* A whole page fits in max_map, and the alignment in a page. */
	return min3(chunk, arg->len, round_down(max, (u64)engine->align));
}

/*
 * The next chunk is mapped while the present one moves. Two chunks of a destination on one
 * cache line would then both be the engine's to write there, and where caches don't follow,
 * cleaning up after one could lose bytes of the other. So user memory is cut at lines.
 */
static void cut_chunks(struct copy *copy)
{
	u64 line = max_t(u64, dma_get_cache_alignment(), L1_CACHE_BYTES);
	struct dmabench_copy *arg = &copy->arg;

	copy->chunk_len = copy->max_piece;
	if (arg->len > copy->chunk_len && arg->dst.kind == DMABENCH_BUF_USER) {
		copy->chunk_len = max(round_down(copy->chunk_len, line), line);
		copy->first_len = copy->chunk_len - (arg->dst.addr & (line - 1));
	} else {
		copy->first_len = copy->chunk_len;
	}
	copy->first_len = min(copy->first_len, arg->len);
	copy->chunks = 1 + DIV64_U64_ROUND_UP(arg->len - copy->first_len, copy->chunk_len);
	arg->chunks = copy->chunks;
	copy->max_piece = copy->chunk_len;
	/* With nothing to pin and map, few chunks at a time would only keep the engine waiting. */
	if (!copy_pins(arg)) {
		copy->first_len = arg->len;
		copy->chunk_len = arg->len;
		copy->chunks = 1;
	}
}

/*
 * Room for the times of all descriptors that a copy can have: each ends at the
 * end of a page of a side, of the engine's longest descriptor, or of a chunk.
 */
static int make_latencies(struct copy *copy)
{
	struct dmabench_copy *arg = &copy->arg;
	u64 piece = min_t(u64, copy->engine->max_len, PAGE_SIZE);
	u64 most = 3 * (div64_u64(arg->len, piece) + 2) + 3 * arg->chunks;

	copy->latencies = min_t(u64, arg->latency_count, most);
	if (!copy->latencies)
		return 0;
	/* No memory that there is has so many pieces. */
	if (copy->latencies > 4 * totalram_pages())
		return -ENOMEM;
	copy->latency = kvmalloc_array(copy->latencies, sizeof(*copy->latency), GFP_USER_MEMORY);
	return copy->latency ? 0 : -ENOMEM;
}

static int copy_init(struct copy *copy, struct session *session, struct dmabench_copy *arg)
{
	int err;

	fill_defaults(copy, arg);
	copy->engine = session_engine(session, arg->engine);
	if (IS_ERR(copy->engine))
		return PTR_ERR(copy->engine);
	if (!engine_usable(copy->engine))
		return -ENODEV;
	copy->max_piece = chunk_length(copy->engine, arg);
	if (!copy->max_piece)
		return -EINVAL;
	cut_chunks(copy);
	copy->pins = copy_pins(arg);
	if (copy->pins && !copy->pinned) {
		copy->pinned = kcalloc(RING, sizeof(*copy->pinned), GFP_KERNEL);
		if (!copy->pinned)
			return -ENOMEM;
	}
	err = sides_init(copy->side, session, copy->engine, &arg->src, &arg->dst, arg->len);
	if (!err && arg->latency_count)
		err = make_latencies(copy);
	return err;
}

/*
 * The engine may write to what this copy held at any time from now on. The
 * chunks stay pinned, mapped and charged, and buffers stay in use, for good.
 */
static void quarantine(struct copy *copy)
{
	struct engine *engine = copy->engine;
	int i;

	mutex_lock(&engine->submit_lock);
	list_add_tail(&copy->node, &engine->quarantine);
	mutex_unlock(&engine->submit_lock);
	for (i = 0; i < 2; i++) {
		if (copy->side[i].buffer)
			buffer_quarantine(copy->side[i].buffer);
	}
}

/* The request of the copy before, if it does. */
static int renew_request(struct copy *copy)
{
	struct dma_request *req = request_renew(copy->req, copy->engine, copy->depth,
						copy->arg.flags & DMABENCH_COPY_POLL,
						copy->timeout_ms);

	copy->req = IS_ERR(req) ? NULL : req;
	if (IS_ERR(req))
		return PTR_ERR(req);
	req->timed = copy->latencies;
	return 0;
}

static void drop_request(struct copy *copy)
{
	request_free(copy->req);
	copy->req = NULL;
}

/* Returns whether the memory of the copy may be let go. */
static bool copy_run(struct copy *copy, int *err)
{
	struct dmabench_copy *arg = &copy->arg;
	bool quiet;

	*err = renew_request(copy);
	if (*err)
		return true;
	pipeline_stage(copy, &arg->map_ns);
	*err = sides_begin(&copy->side[0], &copy->side[1], arg->len);
	if (*err)
		return true;
	*err = pipeline_run(copy);
	quiet = !*err || !request_quiesce(copy->req, *err);
	if (quiet) {
		pipeline_clear(copy);
		pipeline_stage(copy, &arg->unmap_ns);
	} else {
		quarantine(copy);
	}
	sides_end(&copy->side[0], &copy->side[1]);
	pipeline_stage(copy, NULL);
	if (*err || !request_renewable(copy->req))
		drop_request(copy);
	return quiet;
}

static int copy_report(struct copy *copy, u64 start)
{
	struct dmabench_copy *arg = &copy->arg;

	arg->copied = arg->len;
	arg->sg_src_pinned = copy->side[0].sg_pinned;
	arg->sg_src_mapped = copy->side[0].sg_mapped;
	arg->sg_dst_pinned = copy->side[1].sg_pinned;
	arg->sg_dst_mapped = copy->side[1].sg_mapped;
	/* When the bytes were back; a request that isn't kept was freed since. */
	arg->total_ns = (copy->req ? copy->stamp : ktime_get_ns()) - start;
	if (copy->latencies && copy_to_user(u64_to_user_ptr(arg->latency_ptr), copy->latency,
					    arg->latency_written * sizeof(*copy->latency)))
		return -EFAULT;
	return 0;
}

/* But for so many entries of each of its lists of pages. */
static void free_pages_of(struct copy *copy, unsigned long kept)
{
	int i;

	for (i = 0; i < 2 * RING; i++) {
		struct area *area = &copy->pinned[i / 2].area[i % 2];

		if (area->room > kept)
			area_free(area);
	}
}

/* What no engine ever sees. */
static void free_notes(struct copy *copy)
{
	if (copy->pins)
		overlap_free(&copy->overlap);
	if (copy->latencies)
		kvfree(copy->latency);
}

/* Let go of what a copy has but for what it keeps for the next one. */
static void copy_exit(struct copy *copy, struct session *session)
{
	if (copy->pins)
		free_pages_of(copy, KEPT_PAGES);
	free_notes(copy);
	sides_exit(copy->side, session);
}

void copy_free(struct copy *copy)
{
	if (!copy)
		return;
	if (copy->req)
		request_free(copy->req);
	if (copy->pinned)
		free_pages_of(copy, 0);
	kfree(copy->pinned);
	kfree(copy);
}

/* For the test that must see the gate fail. */
static void slow_down(void)
{
#ifdef DMABENCH_SLOW_COPY
	int i;

	for (i = 0; i < DMABENCH_SLOW_COPY; i++)
		barrier();
#endif
}

/* Returns whether the copy's own memory is free for other use. */
static bool copy_do(struct copy *copy, struct session *session, u64 start, int *err)
{
	struct dmabench_copy *arg = &copy->arg;

	slow_down();
	*err = copy_init(copy, session, arg);
	if (!*err && !copy_run(copy, err)) {
		free_notes(copy);
		return false;
	}
	if (!*err)
		*err = copy_report(copy, start);
	copy_exit(copy, session);
	return true;
}

/* One copy after the other takes the same memory; with more threads each takes its own. */
int copy_ioctl(struct session *session, struct dmabench_copy __user *argp)
{
	struct copy *copy = xchg(&session->spare, NULL);
	u64 start;
	int err;

	if (!copy)
		copy = kzalloc(sizeof(*copy), GFP_KERNEL_ACCOUNT);
	if (!copy)
		return -ENOMEM;
	err = copy_from_user(&copy->arg, argp, sizeof(copy->arg)) ? -EFAULT : 0;
	start = ktime_get_ns();
	if (!err)
		err = check_args(&copy->arg);
	if (!err && !copy_do(copy, session, start, &err))
		return err;
	if (!err && copy_to_user(argp, &copy->arg, sizeof(copy->arg)))
		err = -EFAULT;
	copy_free(xchg(&session->spare, copy));
	return err;
}
