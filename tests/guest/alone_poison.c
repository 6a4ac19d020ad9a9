/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Engines that can't be stopped. The copy ends within its bounds all the same; the
 * engine is ENODEV from then on, and what it may still write to is never reused:
 * when the late bytes come, they land in memory that is still the copy's.
 *
 * By design neither module can be unloaded afterwards, so this has a guest to
 * itself. Each test spoils channels, so the simulator needs many of them. With
 * unstoppable=1 they have no way to be stopped, else they refuse (noterm).
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "poison.h"

static int by_copy(const struct bench *bench, const struct end *src, const struct end *dst,
		   uint32_t flags)
{
	struct dmabench_copy arg = move_of(src, dst, flags);

	return copy(bench, &arg);
}

static int by_batch(const struct bench *bench, const struct end *src, const struct end *dst,
		    uint32_t flags)
{
	struct dmabench_segment segment = { .src = FROM, .dst = TO, .len = LEN };
	struct dmabench_batch arg = {
		.src = end_side(src, 0),
		.dst = end_side(dst, 0),
		.span = SPAN,
		.segments_ptr = (uintptr_t)&segment,
		.segments = 1,
		.flags = flags,
		.timeout_ms = TIMEOUT_MS,
		.engine = bench->engine,
	};

	return request(bench->fd, DMABENCH_IOC_BATCH, &arg);
}

static void late_bytes_by_interrupt(void **state)
{
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		late_bytes_land_in_owned_memory(*state, by_copy, kind, 0);
		poison_teardown(state);
		assert_int_equal(poison_setup(state), 0);
	}
	works();
}

static void late_bytes_polled(void **state)
{
	late_bytes_land_in_owned_memory(*state, by_copy, DMABENCH_BUF_USER, DMABENCH_COPY_POLL);
	works();
}

static void late_bytes_of_a_batch(void **state)
{
	uint32_t kind;

	for (kind = DMABENCH_BUF_REGISTERED; kind < KINDS; kind++) {
		late_bytes_land_in_owned_memory(*state, by_batch, kind, 0);
		poison_teardown(state);
		assert_int_equal(poison_setup(state), 0);
	}
	works();
}

#define OTHERS (16UL << 20)

/*
 * The owner is gone, mapping, session and all, and whoever asks for memory next gets
 * other pages: what comes late isn't seen in any of them.
 */
static void nobody_else_gets_the_memory(void **state)
{
	const struct bench *bench = *state;
	long before = pins();
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct end src, dst;
		char *others;
		size_t i;

		bench = *state;
		end_make(bench, &src, kind, SPAN);
		end_make(bench, &dst, kind, SPAN);
		end_fill(bench, &src, source);
		make_late(bench);
		spoil(bench, by_copy, &src, &dst, 0, ETIMEDOUT);
		if (src.memory) {
			munmap(src.memory, SPAN);
			munmap(dst.memory, SPAN);
		}
		close(bench->fd);
		others = mmap(NULL, OTHERS, PROT_READ | PROT_WRITE,
			      MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		assert_ptr_not_equal(others, MAP_FAILED);
		memset(others, 0x3c, OTHERS);
		usleep(2 * LATE_MS * 1000);
		for (i = 0; i < OTHERS && others[i] == 0x3c; i++)
			;
		assert_int_equal(i, OTHERS);
		munmap(others, OTHERS);
		assert_int_equal(poison_setup(state), 0);
	}
	assert_int_equal(pins(), before + 6 + 8);
	works();
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* A signal shortens the wait, and what can't be stopped is locked away as well. */
static void signal_on_a_dead_channel(void **state)
{
	struct sigaction action = { .sa_handler = on_alarm };
	struct itimerval soon = { .it_value.tv_usec = 50000 };
	const struct bench *bench = *state;
	struct end src, dst;

	end_make(bench, &src, DMABENCH_BUF_USER, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_USER, SPAN);
	sim_fault(stoppable(bench) ? "never,noterm" : "never", 1, 1, -1);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	spoil(bench, by_copy, &src, &dst, 0, EINTR);
	works();
}

static void lost_channel(void **state)
{
	const struct bench *bench = *state;
	struct end src, dst;

	end_make(bench, &src, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_KERNEL, SPAN);
	sim_fault("lost", 1, 1, -1);
	spoil(bench, by_copy, &src, &dst, 0, ETIMEDOUT);
	works();
}

/* What can't be stopped but ends by itself, soon enough, does no harm. */
static void slow_channel_that_ends_isnt_poisoned(void **state)
{
	const struct bench *bench = *state;
	char *src = pages(SPAN), *dst = pages(SPAN);
	struct dmabench_copy arg = user_copy(dst, src, SPAN);
	long before = pins();

	sim_set("fault_ns", 400 * MS);
	make_late(bench);
	arg.timeout_ms = 300;
	assert_int_equal(copy(bench, &arg), ETIMEDOUT);
	sim_fault_off();
	assert_false(flags_of(bench->info.name) & DMABENCH_ENGINE_POISONED);
	assert_int_equal(pins(), before);
	pattern(src, SPAN, 6);
	copies_right(bench, dst, src, SPAN);
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

/* With all files closed, too. */
static void modules_stay(void **state)
{
	(void)state;
	assert_int_equal(syscall(SYS_delete_module, "dmabench", O_NONBLOCK), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	assert_int_equal(syscall(SYS_delete_module, "dmabench_sim", O_NONBLOCK), -1);
	assert_int_equal(errno, EWOULDBLOCK);
	works();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		POISON_TEST(slow_channel_that_ends_isnt_poisoned),
		POISON_TEST(late_bytes_by_interrupt),
		POISON_TEST(late_bytes_polled),
		POISON_TEST(late_bytes_of_a_batch),
		POISON_TEST(nobody_else_gets_the_memory),
		POISON_TEST(signal_on_a_dead_channel),
		POISON_TEST(lost_channel),
		cmocka_unit_test(modules_stay),
	};

	return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}
