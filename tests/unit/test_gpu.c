// SPDX-License-Identifier: GPL-2.0-only
/*
 * The GPU's paths without a GPU: how an operation goes through the ring, what speaks for a real
 * device, what the kernel tells of its place, and waits that end. What they copy, and what happens
 * when a call fails, is in tests/cli/gpu.bats.
 */
#include "fake_machine.h"

#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include "machine/clock.h"
#include "machine/pci.h"
#include "paths/gpu/ask.h"
#include "paths/gpu/cuda.h"
#include "paths/gpu/gpus.h"
#include "paths/gpu/ring.h"
#include "paths/gpu/watch.h"

static char why[160];

static struct ring ring(uint64_t size, uint64_t chunk, uint32_t depth)
{
	struct case_params p = { .size = size, .chunk = chunk, .depth = depth };
	struct ring r;

	assert_int_equal(ring_shape(&p, &r, why, sizeof(why)), 0);
	return r;
}

/* Each byte goes once, in order; each slot is in the ring, and its first turn waits for nothing. */
static void check_pieces(const struct ring *r)
{
	uint64_t at = 0;

	for (uint64_t i = 0; i < r->pieces; i++) {
		struct ring_piece p;

		ring_piece(r, i, &p);
		assert_true(p.at == at && p.len > 0 && p.len <= r->piece);
		assert_true(p.len == r->piece || i == r->pieces - 1);
		assert_true(p.slot < r->slots && p.in_ring == p.slot * r->piece);
		assert_true(p.in_ring + p.len <= ring_bytes(r));
		assert_true(p.again == (i >= r->slots));
		at += p.len;
	}
	assert_true(at == r->size);
}

static void pieces_cover_an_operation(void **state)
{
	static const uint64_t sizes[] = { 1, 4095, 4096, 4097, 65536, 65537, 1000001, 16777216 };
	static const uint64_t chunks[] = { 0, 1000, 4096, 65536, 1 << 20 };
	static const uint32_t depths[] = { 0, 1, 2, 3, 7, 1024 };

	(void)state;
	for (size_t s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++)
		for (size_t c = 0; c < sizeof(chunks) / sizeof(chunks[0]); c++)
			for (size_t d = 0; d < sizeof(depths) / sizeof(depths[0]); d++) {
				struct ring r = ring(sizes[s], chunks[c], depths[d]);

				check_pieces(&r);
			}
}

/*
 * As the streams do it, the way down always last, as late as it is allowed to be: a slot is never
 * filled while the piece before is in it.
 */
static void a_slot_is_filled_when_its_piece_has_left(void **state)
{
	struct ring r = ring(1000001, 65536, 3);
	uint64_t in_slot[3] = { 0 }, filled = 0, drained = 0;
	struct ring_piece p;

	(void)state;
	while (drained < r.pieces) {
		if (filled < r.pieces) {
			ring_piece(&r, filled, &p);
			/* The record that "again" waits for is the slot's last one before: piece - slots. */
			if (!p.again || drained > filled - r.slots) {
				assert_true(!in_slot[p.slot]);
				in_slot[p.slot] = ++filled;
				continue;
			}
		}
		ring_piece(&r, drained, &p);
		assert_true(in_slot[p.slot] == drained + 1);
		in_slot[p.slot] = 0;
		drained++;
	}
}

static void the_ring_is_no_larger_than_its_work(void **state)
{
	struct ring r = ring(4096, 0, 0);

	(void)state;
	assert_true(r.piece == 4096 && r.pieces == 1 && r.slots == 1);
	r = ring(1 << 20, 0, 0);
	assert_true(r.piece == 256 << 10 && r.pieces == 4 && r.slots == 4);
	r = ring(1ull << 30, 0, 0);
	assert_true(r.piece == 4 << 20 && r.pieces == 256 && r.slots == 4);
	r = ring(128 << 10, 0, 0);
	assert_true(r.piece == 64 << 10 && r.pieces == 2 && r.slots == 2);
	r = ring(5000, 1 << 20, 8);
	assert_true(r.piece == 8192 && r.slots == 1);
}

static void rings_without_sense_are_refused(void **state)
{
	struct case_params p = { .size = 1 << 20, .depth = 1025 };
	struct ring r;

	(void)state;
	assert_int_equal(ring_shape(&p, &r, why, sizeof(why)), -EINVAL);
	assert_string_equal(why, "a ring of 1025 slots, more than 1024");
	p = (struct case_params){ .size = 65537, .chunk = 1 };
	assert_int_equal(ring_shape(&p, &r, why, sizeof(why)), -EINVAL);
	assert_non_null(strstr(why, "65537 pieces of 1 bytes"));
	p.size = 65536;
	assert_int_equal(ring_shape(&p, &r, why, sizeof(why)), 0);
}

static void only_a_real_device_is_hardware(void **state)
{
	const struct gpu_evidence real = { .driver_files = true,
					   .pci_seen = true,
					   .vendor = 0x10de };
	struct gpu_evidence e = real;

	(void)state;
	assert_string_equal(gpu_kind(&e), "hardware");
	/* A sandbox that shows no bus. */
	e.pci_seen = false;
	e.vendor = 0;
	assert_string_equal(gpu_kind(&e), "hardware");
	/* The library talks to nobody: whatever the bus has, it isn't that. */
	e = real;
	e.driver_files = false;
	assert_string_equal(gpu_kind(&e), "emulated");
	/* At its address is another's device, or none. */
	e = real;
	e.vendor = 0x8086;
	assert_string_equal(gpu_kind(&e), "emulated");
	e.vendor = 0;
	assert_string_equal(gpu_kind(&e), "emulated");
	e = real;
	e.emulated_machine = true;
	assert_string_equal(gpu_kind(&e), "emulated");
	e = real;
	e.other_root = true;
	assert_string_equal(gpu_kind(&e), "emulated");
}

#define DEVICE "/sys/bus/pci/devices/0000:3b:00.0/"

static void the_kernel_tells_place_and_link(void **state)
{
	struct pci_link link;

	(void)state;
	machine("pci");
	assert_false(pci_seen());
	assert_int_equal(pci_vendor("0000:3b:00.0"), 0);
	put(DEVICE "vendor", "0x10de\n");
	put(DEVICE "numa_node", "1\n");
	put(DEVICE "current_link_speed", "2.5 GT/s PCIe\n");
	put(DEVICE "current_link_width", "8\n");
	put(DEVICE "max_link_speed", "32.0 GT/s PCIe\n");
	put(DEVICE "max_link_width", "16\n");
	assert_true(pci_seen());
	assert_int_equal(pci_vendor("0000:3b:00.0"), 0x10de);
	assert_int_equal(pci_node("0000:3b:00.0"), 1);
	assert_int_equal(pci_node("0000:3c:00.0"), -1);
	pci_link("0000:3b:00.0", &link);
	assert_true(link.generation == 1 && link.width == 8);
	assert_true(link.max_generation == 5 && link.max_width == 16);
}

static void what_it_doesnt_tell_isnt_known(void **state)
{
	struct pci_link link;

	(void)state;
	machine("vague");
	put(DEVICE "numa_node", "-1\n");
	put(DEVICE "current_link_speed", "Unknown\n");
	put(DEVICE "current_link_width", "0\n");
	put(DEVICE "max_link_speed", "Unknown speed\n");
	put(DEVICE "max_link_width", "255\n");
	assert_int_equal(pci_node("0000:3b:00.0"), -1);
	pci_link("0000:3b:00.0", &link);
	assert_true(!link.generation && !link.width && !link.max_generation && !link.max_width);
	pci_link("0000:ff:00.0", &link);
	assert_true(!link.generation && !link.width && !link.max_generation && !link.max_width);
}

static void the_iommu_is_that_of_its_group(void **state)
{
	static const struct {
		const char *type;
		enum pci_iommu iommu;
	} types[] = { { "DMA\n", PCI_IOMMU_STRICT },
		      { "DMA-FQ\n", PCI_IOMMU_LAZY },
		      { "identity\n", PCI_IOMMU_IDENTITY },
		      { "unmanaged\n", PCI_IOMMU_OTHER } };

	(void)state;
	machine("iommu");
	assert_int_equal(pci_iommu("0000:3b:00.0"), PCI_IOMMU_NONE);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		put(DEVICE "iommu_group/type", types[i].type);
		assert_int_equal(pci_iommu("0000:3b:00.0"), types[i].iommu);
	}
}

static void says_seven(void *answer)
{
	*(int *)answer = 7;
}

static void dies(void *answer)
{
	(void)answer;
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

static void says_nothing(void *answer)
{
	(void)answer;
	_exit(3);
}

static void never_answers(void *answer)
{
	(void)answer;
	for (;;)
		pause();
}

static void a_child_answers_or_it_is_said_why_not(void **state)
{
	int answer = 0;

	(void)state;
	assert_int_equal(ask(says_seven, &answer, sizeof(answer), 60, why, sizeof(why)), 0);
	assert_int_equal(answer, 7);
	assert_true(ask(dies, &answer, sizeof(answer), 60, why, sizeof(why)) < 0);
	assert_string_equal(why, "it died of signal 11 (Segmentation fault)");
	assert_true(ask(says_nothing, &answer, sizeof(answer), 60, why, sizeof(why)) < 0);
	assert_string_equal(why, "it ended with status 3 and no answer");
	assert_int_equal(ask(never_answers, &answer, sizeof(answer), 1, why, sizeof(why)),
			 -ETIMEDOUT);
	assert_string_equal(why, "no answer for 1 s");
}

static atomic_int found_stuck;

static void note_stuck(void *data)
{
	(void)data;
	atomic_fetch_add(&found_stuck, 1);
}

static void a_turn_that_doesnt_end_is_seen(void **state)
{
	struct watch w;

	(void)state;
	assert_int_equal(watch_start(&w, 1, note_stuck, NULL), 0);
	watch_begin(&w);
	while (!atomic_load(&found_stuck))
		sleep_ns(1000000);
	/* Once: whoever was told has ended all. */
	watch_stop(&w);
	assert_int_equal(atomic_load(&found_stuck), 1);
}

static void turns_that_end_and_pauses_are_not(void **state)
{
	struct watch w;

	(void)state;
	atomic_store(&found_stuck, 0);
	assert_int_equal(watch_start(&w, 2, note_stuck, NULL), 0);
	for (int i = 0; i < 300; i++) {
		watch_begin(&w);
		watch_end(&w);
		sleep_ns(10000000);
	}
	watch_stop(&w);
	assert_int_equal(atomic_load(&found_stuck), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_cover_an_operation),
		cmocka_unit_test(a_slot_is_filled_when_its_piece_has_left),
		cmocka_unit_test(the_ring_is_no_larger_than_its_work),
		cmocka_unit_test(rings_without_sense_are_refused),
		cmocka_unit_test(only_a_real_device_is_hardware),
		cmocka_unit_test(the_kernel_tells_place_and_link),
		cmocka_unit_test(what_it_doesnt_tell_isnt_known),
		cmocka_unit_test(the_iommu_is_that_of_its_group),
		cmocka_unit_test(a_child_answers_or_it_is_said_why_not),
		cmocka_unit_test(a_turn_that_doesnt_end_is_seen),
		cmocka_unit_test(turns_that_end_and_pauses_are_not),
	};

	return cmocka_run_group_tests(tests, fresh_folder, drop_folder);
}
