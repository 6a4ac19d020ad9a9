// SPDX-License-Identifier: GPL-2.0-only
/*
 * What programs built with an older header send, and where they look for the answer, stays: the
 * numbers of version 2 are written down here, apart from the header. A line that has to be changed
 * is a new DMABENCH_ABI_VERSION (docs/versions.md); new fields, in what was reserved, are new lines.
 */
#include "unit.h"

#include <sys/ioctl.h>

#include "dmabench_uapi.h"

static void requests_keep_their_numbers(void **state)
{
	(void)state;
	assert_int_equal(DMABENCH_ABI_VERSION, 2);
	assert_string_equal(DMABENCH_DEVICE, "/dev/dmabench");
	assert_true(DMABENCH_IOC_INFO == 0x8040e800);
	assert_true(DMABENCH_IOC_ENGINE_INFO == 0xc0c8e801);
	assert_true(DMABENCH_IOC_ENGINE_OPEN == 0xc038e802);
	assert_true(DMABENCH_IOC_BUFFER_CREATE == 0xc068e803);
	assert_true(DMABENCH_IOC_BUFFER_DESTROY == 0x4008e804);
	assert_true(DMABENCH_IOC_COPY == 0xc0e0e805);
	assert_true(DMABENCH_IOC_BATCH == 0xc0a8e806);
	assert_true(DMABENCH_URING_COPY == 0x40e0e807);
	assert_true(DMABENCH_IOC_BUFFER_SYNC == 0xc040e808);
}

#define AT(type, field, at)                                                   \
	{                                                                     \
#type "." #field, offsetof(struct dmabench_##type, field), at \
	}

static void fields_keep_their_places(void **state)
{
	static const struct {
		const char *name;
		size_t is, was;
	} fields[] = {
		AT(info, abi_version, 0),
		AT(info, engine_count, 4),
		AT(info, max_depth, 8),
		AT(info, max_handles, 12),
		AT(info, default_timeout_ms, 16),
		AT(info, max_timeout_ms, 20),
		AT(info, max_coherent, 24),
		AT(engine_info, index, 0),
		AT(engine_info, flags, 4),
		AT(engine_info, node, 8),
		AT(engine_info, align, 12),
		AT(engine_info, max_len, 16),
		AT(engine_info, dma_mask, 24),
		AT(engine_info, iommu, 32),
		AT(engine_info, name, 40),
		AT(engine_info, driver, 72),
		AT(engine_info, device, 104),
		AT(engine_info, min_len, 168),
		AT(engine_info, room, 172),
		AT(engine_info, align_by, 176),
		AT(engine_info, min_len_by, 177),
		AT(engine_info, max_len_by, 178),
		AT(engine_info, room_by, 179),
		AT(engine_open, name, 0),
		AT(engine_open, flags, 32),
		AT(engine_open, engine, 36),
		AT(buffer, engine, 0),
		AT(buffer, kind, 4),
		AT(buffer, flags, 8),
		AT(buffer, node, 12),
		AT(buffer, addr, 16),
		AT(buffer, size, 24),
		AT(buffer, handle, 32),
		AT(buffer, sg_pinned, 36),
		AT(buffer, sg_mapped, 40),
		AT(buffer, mmap_offset, 48),
		AT(buffer, pin_ns, 56),
		AT(buffer, map_ns, 64),
		AT(destroy, handle, 0),
		AT(destroy, flags, 4),
		AT(sync, handle, 0),
		AT(sync, flags, 4),
		AT(sync, offset, 8),
		AT(sync, len, 16),
		AT(sync, device_ns, 24),
		AT(sync, cpu_ns, 32),
		AT(sync, needed, 40),
		AT(side, kind, 0),
		AT(side, handle, 4),
		AT(side, addr, 8),
		AT(copy, src, 0),
		AT(copy, dst, 16),
		AT(copy, len, 32),
		AT(copy, chunk, 40),
		AT(copy, engine, 48),
		AT(copy, depth, 52),
		AT(copy, flags, 56),
		AT(copy, timeout_ms, 60),
		AT(copy, latency_ptr, 64),
		AT(copy, latency_count, 72),
		AT(copy, latency_written, 76),
		AT(copy, total_ns, 80),
		AT(copy, pin_ns, 88),
		AT(copy, map_ns, 96),
		AT(copy, submit_ns, 104),
		AT(copy, wait_ns, 112),
		AT(copy, unmap_ns, 120),
		AT(copy, unpin_ns, 128),
		AT(copy, copied, 136),
		AT(copy, chunks, 144),
		AT(copy, descriptors, 152),
		AT(copy, sg_src_pinned, 160),
		AT(copy, sg_src_mapped, 168),
		AT(copy, sg_dst_pinned, 176),
		AT(copy, sg_dst_mapped, 184),
		AT(segment, src, 0),
		AT(segment, dst, 8),
		AT(segment, len, 16),
		AT(batch, src, 0),
		AT(batch, dst, 16),
		AT(batch, span, 32),
		AT(batch, segments_ptr, 40),
		AT(batch, segments, 48),
		AT(batch, engine, 52),
		AT(batch, depth, 56),
		AT(batch, flags, 60),
		AT(batch, timeout_ms, 64),
		AT(batch, total_ns, 72),
		AT(batch, list_ns, 80),
		AT(batch, map_ns, 88),
		AT(batch, submit_ns, 96),
		AT(batch, wait_ns, 104),
		AT(batch, unmap_ns, 112),
		AT(batch, copied, 120),
		AT(batch, descriptors, 128),
		AT(uring, copy_ptr, 0),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (fields[i].is != fields[i].was)
			fail_msg("%s is at %zu, and was at %zu", fields[i].name, fields[i].is,
				 fields[i].was);
}

static void words_keep_their_values(void **state)
{
	(void)state;
	assert_int_equal(DMABENCH_NAME_LEN, 32);
	assert_int_equal(DMABENCH_DEVNAME_LEN, 64);
	assert_int_equal(DMABENCH_ENGINE_IN_USE, 1);
	assert_int_equal(DMABENCH_ENGINE_POISONED, 2);
	assert_int_equal(DMABENCH_ENGINE_TERMINATE, 4);
	assert_int_equal(DMABENCH_ENGINE_KNOWN, 8);
	assert_int_equal(DMABENCH_ENGINE_SERIAL, 16);
	assert_int_equal(DMABENCH_ENGINE_QUEUED, 32);
	assert_int_equal(DMABENCH_ENGINE_SILENT, 64);
	assert_int_equal(DMABENCH_ENGINE_HANGS, 128);
	assert_int_equal(DMABENCH_ENGINE_PREP_SLEEPS, 256);
	assert_int_equal(DMABENCH_ENGINE_PREP_LOCKS, 512);
	assert_int_equal(DMABENCH_BY_NOBODY, 0);
	assert_int_equal(DMABENCH_BY_DEFAULT, 1);
	assert_int_equal(DMABENCH_BY_PROVIDER, 2);
	assert_int_equal(DMABENCH_BY_TABLE, 3);
	assert_int_equal(DMABENCH_BY_PARAMETER, 4);
	assert_int_equal(DMABENCH_IOMMU_NONE, 0);
	assert_int_equal(DMABENCH_IOMMU_IDENTITY, 1);
	assert_int_equal(DMABENCH_IOMMU_STRICT, 2);
	assert_int_equal(DMABENCH_IOMMU_LAZY, 3);
	assert_int_equal(DMABENCH_IOMMU_OTHER, 4);
	assert_int_equal(DMABENCH_BUF_USER, 0);
	assert_int_equal(DMABENCH_BUF_REGISTERED, 1);
	assert_int_equal(DMABENCH_BUF_COHERENT, 2);
	assert_int_equal(DMABENCH_BUF_KERNEL, 3);
	assert_int_equal(DMABENCH_BUF_SOURCE, 1);
	assert_int_equal(DMABENCH_BUF_DEST, 2);
	assert_int_equal(DMABENCH_COPY_POLL, 1);
	assert_int_equal(DMABENCH_COPY_TIMES, 2);
	/* Limits may grow. */
	assert_true(DMABENCH_MAX_SEGMENTS >= 16384);
	assert_true(DMABENCH_MAX_ASYNC >= 256);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_keep_their_numbers),
		cmocka_unit_test(fields_keep_their_places),
		cmocka_unit_test(words_keep_their_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
