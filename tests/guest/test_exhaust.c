/* SPDX-License-Identifier: GPL-2.0-only */
/* Where the cap allows more than there is, memory ends with ENOMEM, and not with a victim. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"

#define MIB (1UL << 20)

/* Where its children tell what they have got. */
static struct got {
	int count, err;
} * got;

static int setup(void **state)
{
	/* Whoever it might be: those below come first. */
	put_file("/proc/self/oom_score_adj", "-1000");
	got = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return got == MAP_FAILED ? -1 : bench_setup(state);
}

static int teardown(void **state)
{
	(void)state;
	return put_parameter("dmabench", "max_bytes", "0");
}

static long victims(void)
{
	return file_field("/proc/vmstat", "oom_kill ");
}

/* To be the first that the kernel would choose, if it were to kill somebody. */
static void be_large(void *unused)
{
	char *memory = pages(32 * MIB);

	(void)unused;
	put_file("/proc/self/oom_score_adj", "1000");
	memset(memory, 1, 32 * MIB);
}

/* In a session of its own, which goes with it; it stops where somebody had to die. */
static void take_all(struct bench mine, unsigned long piece)
{
	long before = victims();
	struct dmabench_buffer buffer;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	put_file("/proc/self/oom_score_adj", "999");
	mine.fd = open(DMABENCH_DEVICE, O_RDWR | O_CLOEXEC);
	if (open_engine(mine.fd, mine.info.name, &mine.engine))
		_exit(1);
	while (!got->err && victims() == before) {
		got->err = create(&mine, DMABENCH_BUF_KERNEL, NULL, piece, &buffer);
		got->count += !got->err;
	}
	_exit(0);
}

/* What of the memory is to be had in pieces: nobody is killed for it, and all comes back. */
static void taken_in_pieces(const struct bench *bench, unsigned long piece)
{
	long available = file_field("/proc/meminfo", "MemAvailable:"), before = victims();
	struct dmabench_buffer buffer;
	bool is_alive;
	pid_t child, taker;
	int status;

	assert_int_equal(put_parameter("dmabench", "max_bytes", "4294967296"), 0);
	memset(got, 0, sizeof(*got));
	child = child_that_did(be_large, NULL);
	taker = fork();
	if (!taker)
		take_all(*bench, piece);
	assert_int_equal(waitpid(taker, &status, 0), taker);
	is_alive = !waitpid(child, NULL, WNOHANG);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (!is_alive || WIFSIGNALED(status) || victims() != before)
		fail_msg("%ld processes were killed after %d buffers of %lu MiB: %s%s",
			 victims() - before, got->count, piece / MIB,
			 is_alive ? "" : "an innocent ", WIFSIGNALED(status) ? "the caller" : "");
	assert_int_equal(status, 0);
	assert_int_equal(got->err, ENOMEM);
	assert_true(file_field("/proc/meminfo", "MemAvailable:") > available - available / 8);
	assert_int_equal(create(bench, DMABENCH_BUF_KERNEL, NULL, 16 * MIB, &buffer), 0);
	assert_int_equal(destroy(bench->fd, buffer.handle), 0);
}

/* Buffer after buffer, until there is no more memory. */
static void last_memory_is_enomem(void **state)
{
	/* The address space of a small device would end first. */
	skip_unless_sim(*state);
	taken_in_pieces(*state, 16 * MIB);
	assert_true(got->count > 4);
}

/* One that is almost all of the memory: what is more than all can be told without trying. */
static void almost_all_is_enomem(void **state)
{
	unsigned long total = (unsigned long)file_field("/proc/meminfo", "MemTotal:") * 1024;

	skip_unless_sim(*state);
	taken_in_pieces(*state, total - total / 64);
	assert_int_equal(got->count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(last_memory_is_enomem, teardown),
		cmocka_unit_test_teardown(almost_all_is_enomem, teardown),
	};

	return cmocka_run_group_tests_name("exhaust", tests, setup, bench_teardown);
}
