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
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "guest.h"

#define MS 1000000UL
#define KINDS 4
#define SPAN (4 * PAGE)
#define FROM 1UL
#define TO PAGE
#define LEN (2 * PAGE + 1)
#define TIMEOUT_MS 100
/* Later than a timeout, a refused stop and one more timeout. */
#define LATE_MS 2000UL
#define BOUND (60000 * MS)

static char source[SPAN], poison[SPAN], expected[SPAN], seen[SPAN];

/* A session with the first channel that isn't spoilt. */
static int setup(void **state)
{
	static struct bench bench;
	uint32_t index;

	pattern(source, SPAN, 1);
	pattern(poison, SPAN, 2);
	bench.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	for (index = 0;; index++) {
		memset(&bench.info, 0, sizeof(bench.info));
		bench.info.index = index;
		if (request(bench.fd, DMABENCH_IOC_ENGINE_INFO, &bench.info))
			return -1;
		if (!(bench.info.flags & DMABENCH_ENGINE_POISONED) && on_sim(&bench))
			break;
	}
	*state = &bench;
	sim_set("fault_ns", LATE_MS * MS);
	return open_engine(bench.fd, bench.info.name, &bench.engine) ? -1 : 0;
}

static int teardown(void **state)
{
	const struct bench *bench = *state;

	sim_fault_off();
	close(bench->fd);
	return 0;
}

static bool stoppable(const struct bench *bench)
{
	return bench->info.flags & DMABENCH_ENGINE_TERMINATE;
}

/* The channel's next descriptor ends late, all others behind it, and it can't be stopped. */
static void make_late(const struct bench *bench)
{
	sim_fault(stoppable(bench) ? "late,noterm" : "late", 1, 1, -1);
}

static uint32_t flags_of(const char *name)
{
	struct dmabench_engine_info info = { .index = 0 };
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	uint32_t index;

	for (index = 0;; index++) {
		info.index = index;
		assert_int_equal(request(fd, DMABENCH_IOC_ENGINE_INFO, &info), 0);
		if (!strcmp(info.name, name))
			break;
		memset(&info, 0, sizeof(info));
	}
	close(fd);
	return info.flags;
}

static void is_poisoned(const struct bench *bench)
{
	struct dmabench_copy arg = user_copy(poison, source, PAGE);
	int fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	struct dmabench_buffer buffer;
	uint32_t handle, kind;

	assert_true(flags_of(bench->info.name) & DMABENCH_ENGINE_POISONED);
	assert_int_equal(copy(bench, &arg), ENODEV);
	for (kind = DMABENCH_BUF_REGISTERED; kind < KINDS; kind++)
		assert_int_equal(create(bench, kind, kind == DMABENCH_BUF_REGISTERED ? seen : NULL,
					PAGE, &buffer),
				 ENODEV);
	assert_int_equal(open_engine(fd, bench->info.name, &handle), ENODEV);
	close(fd);
}

static void works(void)
{
	char *src = pages(SPAN), *dst = pages(SPAN);
	struct bench *next;
	void *state;

	sim_fault_off();
	assert_int_equal(setup(&state), 0);
	next = state;
	pattern(src, SPAN, 5);
	copies_right(next, dst, src, SPAN);
	close(next->fd);
	pages_free(src, SPAN);
	pages_free(dst, SPAN);
}

static void spoil(const struct bench *bench, const struct end *src, const struct end *dst,
		  uint32_t flags, int err)
{
	struct dmabench_copy arg = {
		.src = end_side(src, FROM),
		.dst = end_side(dst, TO),
		.len = LEN,
		.flags = flags,
		.timeout_ms = TIMEOUT_MS,
	};
	unsigned long start = now();

	assert_int_equal(copy(bench, &arg), err);
	assert_true(now() - start < BOUND);
	is_poisoned(bench);
}

/* What is the copy's own stays so, and what comes late comes there and nowhere else. */
static void late_bytes_land_in_owned_memory(const struct bench *bench, uint32_t kind,
					    uint32_t flags)
{
	long before = pins();
	struct end src, dst;

	end_make(bench, &src, kind, SPAN);
	end_make(bench, &dst, kind, SPAN);
	end_fill(bench, &src, source);
	end_fill(bench, &dst, poison);
	make_late(bench);
	spoil(bench, &src, &dst, flags, ETIMEDOUT);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, poison, SPAN);
	/* Three pages of each side, or all of what was registered. */
	if (kind == DMABENCH_BUF_USER)
		assert_int_equal(pins(), before + 6);
	if (kind == DMABENCH_BUF_REGISTERED)
		assert_int_equal(pins(), before + 8);
	if (kind != DMABENCH_BUF_USER) {
		assert_int_equal(destroy(bench->fd, src.handle), EBUSY);
		assert_int_equal(destroy(bench->fd, dst.handle), EBUSY);
	}
	usleep(2 * LATE_MS * 1000);
	memcpy(expected, poison, SPAN);
	memcpy(expected + TO, source + FROM, LEN);
	end_look(bench, &dst, seen);
	assert_memory_equal(seen, expected, SPAN);
}

static void late_bytes_by_interrupt(void **state)
{
	uint32_t kind;

	for (kind = 0; kind < KINDS; kind++) {
		late_bytes_land_in_owned_memory(*state, kind, 0);
		teardown(state);
		assert_int_equal(setup(state), 0);
	}
	works();
}

static void late_bytes_polled(void **state)
{
	late_bytes_land_in_owned_memory(*state, DMABENCH_BUF_USER, DMABENCH_COPY_POLL);
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
		spoil(bench, &src, &dst, 0, ETIMEDOUT);
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
		assert_int_equal(setup(state), 0);
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
	spoil(bench, &src, &dst, 0, EINTR);
	works();
}

static void lost_channel(void **state)
{
	const struct bench *bench = *state;
	struct end src, dst;

	end_make(bench, &src, DMABENCH_BUF_REGISTERED, SPAN);
	end_make(bench, &dst, DMABENCH_BUF_KERNEL, SPAN);
	sim_fault("lost", 1, 1, -1);
	spoil(bench, &src, &dst, 0, ETIMEDOUT);
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

#define POISON_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		POISON_TEST(slow_channel_that_ends_isnt_poisoned),
		POISON_TEST(late_bytes_by_interrupt),
		POISON_TEST(late_bytes_polled),
		POISON_TEST(nobody_else_gets_the_memory),
		POISON_TEST(signal_on_a_dead_channel),
		POISON_TEST(lost_channel),
		cmocka_unit_test(modules_stay),
	};

	return cmocka_run_group_tests_name("poison", tests, NULL, NULL);
}
