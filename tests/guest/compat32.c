/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A 32-bit caller gets the answers that a 64-bit one gets.
 *
 * Built with -m32 and without any library, since 32-bit libraries are seldom
 * installed: system calls by hand, and the exit status is the number of the step
 * that failed. The first argument is the engine's driver.
 */
#include "dmabench_uapi.h"

#define EFAULT 14
#define EINVAL 22
#define ENOTTY 25
#define PAGE 4096

enum { SYS_EXIT = 1, SYS_OPEN = 5, SYS_IOCTL = 54, SYS_MUNMAP = 91, SYS_MMAP2 = 192 };

static long call(long number, long a, long b, long c)
{
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "0"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
}

/* A shared mapping for reading and writing; its offset is counted in pages. */
static long map(long fd, unsigned long size, unsigned long page)
{
	long result;

	__asm__ volatile("push %%ebp\n\t"
			 "mov %%eax, %%ebp\n\t"
			 "mov %2, %%eax\n\t"
			 "int $0x80\n\t"
			 "pop %%ebp"
			 : "=a"(result)
			 : "0"(page), "i"(SYS_MMAP2), "b"(0), "c"(size), "d"(3), "S"(1), "D"(fd)
			 : "memory");
	return result;
}

static int ask(long fd, unsigned long cmd, void *arg)
{
	return (int)call(SYS_IOCTL, fd, (long)cmd, (long)arg);
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

static char memory[4 * PAGE];
static struct dmabench_info info;
static struct dmabench_engine_info engine;
static struct dmabench_engine_open opened;
static struct dmabench_buffer buffer;
static struct dmabench_copy copy;
static struct dmabench_batch batch;
static struct dmabench_sync sync;

static int find(long fd, const char *driver)
{
	unsigned int index;
	int i, err;

	for (index = 0; index < 256; index++) {
		engine.index = index;
		err = ask(fd, DMABENCH_IOC_ENGINE_INFO, &engine);
		if (err || same(engine.driver, driver))
			break;
	}
	for (i = 0; i < DMABENCH_NAME_LEN; i++)
		opened.name[i] = engine.name[i];
	return err;
}

static int copy_and_check(long fd)
{
	int i;

	for (i = 0; i < 5000; i++)
		memory[i] = (char)(i * 7 + i / 251);
	copy.engine = opened.engine;
	copy.src.addr = (unsigned long)memory;
	copy.dst.addr = (unsigned long)(memory + 2 * PAGE + 1);
	copy.len = 5000;
	if (ask(fd, DMABENCH_IOC_COPY, &copy) || copy.copied != 5000 || !copy.descriptors)
		return -1;
	for (i = 0; i < 5000; i++) {
		if (memory[i] != memory[2 * PAGE + 1 + i])
			return -1;
	}
	return memory[2 * PAGE] || memory[2 * PAGE + 5001];
}

/* A coherent buffer: its mapping, a copy from it with times, and its end. */
static int coherent(long fd)
{
	static unsigned long long times[4];
	static struct dmabench_destroy gone;
	char *mapped;
	int i;

	buffer.kind = DMABENCH_BUF_COHERENT;
	if (ask(fd, DMABENCH_IOC_BUFFER_CREATE, &buffer) || buffer.reserved[3])
		return -1;
	mapped = (char *)map(fd, 2 * PAGE, (unsigned long)(buffer.mmap_offset / PAGE));
	if ((unsigned long)mapped > -(unsigned long)PAGE)
		return -1;
	for (i = 0; i < 3000; i++)
		mapped[i] = (char)(i * 5 + i / 257);
	copy.src.kind = DMABENCH_BUF_COHERENT;
	copy.src.handle = buffer.handle;
	copy.src.addr = 0;
	copy.len = 3000;
	copy.flags = DMABENCH_COPY_TIMES;
	copy.latency_ptr = (unsigned long)times;
	copy.latency_count = 3;
	copy.reserved[3] = 0;
	if (ask(fd, DMABENCH_IOC_COPY, &copy) || !copy.latency_written || !times[0] || times[3])
		return -1;
	for (i = 0; i < 3000; i++) {
		if (mapped[i] != memory[2 * PAGE + 1 + i])
			return -1;
	}
	gone.handle = buffer.handle;
	if (call(SYS_MUNMAP, (long)mapped, 2 * PAGE, 0) ||
	    ask(fd, DMABENCH_IOC_BUFFER_DESTROY, &gone))
		return -1;
	return ask(fd, DMABENCH_IOC_BUFFER_DESTROY, &gone) != -EINVAL;
}

/*
 * A batch between two registered pages: a request and a list of segments that hold
 * pointers and 64-bit numbers. Then what a 64-bit caller is refused, too.
 */
static int batched(long fd)
{
	static struct dmabench_segment list[] = { { 1, 300, 200 }, { 500, 0, 33 } };
	static char pages[2 * PAGE] __attribute__((aligned(PAGE)));
	struct dmabench_side *sides[] = { &batch.src, &batch.dst };
	int i;

	for (i = 0; i < 2; i++) {
		buffer.kind = DMABENCH_BUF_REGISTERED;
		buffer.flags = i ? DMABENCH_BUF_DEST : DMABENCH_BUF_SOURCE;
		buffer.addr = (unsigned long)(i ? pages : memory);
		buffer.size = PAGE;
		if (ask(fd, DMABENCH_IOC_BUFFER_CREATE, &buffer))
			return -1;
		sides[i]->kind = DMABENCH_BUF_REGISTERED;
		sides[i]->handle = buffer.handle;
	}
	batch.span = PAGE;
	batch.engine = opened.engine;
	batch.segments_ptr = (unsigned long)list;
	batch.segments = 2;
	if (ask(fd, DMABENCH_IOC_BATCH, &batch) || batch.copied != 233 || batch.descriptors < 2)
		return -1;
	for (i = 0; i < 2 * PAGE; i++) {
		int is_first = i >= 300 && i < 500, from = is_first ? i - 299 : i + 500;

		if (pages[i] != (is_first || i < 33 ? memory[from] : 0))
			return -1;
	}
	list[1].dst = 299;
	list[1].len = 2;
	if (ask(fd, DMABENCH_IOC_BATCH, &batch) != -EINVAL)
		return -1;
	/* The list's second half would lie where no 32-bit address leads. */
	batch.segments_ptr = 0xfffffff0;
	if (ask(fd, DMABENCH_IOC_BATCH, &batch) != -EFAULT)
		return -1;
	batch.segments_ptr = 1ull << 32 | (unsigned long)list;
	return ask(fd, DMABENCH_IOC_BATCH, &batch) != -EFAULT;
}

/* Of the last registered buffer, a page. */
static int synced(long fd)
{
	sync.handle = buffer.handle;
	sync.offset = 1;
	sync.len = PAGE - 1;
	sync.cpu_ns = sync.device_ns = -1ull;
	if (ask(fd, DMABENCH_IOC_BUFFER_SYNC, &sync) || !(sync.cpu_ns + 1) || !(sync.device_ns + 1))
		return -1;
	sync.len = PAGE;
	return ask(fd, DMABENCH_IOC_BUFFER_SYNC, &sync) != -EINVAL;
}

/* The last bytes of the address space, which a 32-bit caller has but can't have mapped. */
static int unreadable(long fd)
{
	static const unsigned int commands[] = {
		DMABENCH_IOC_INFO,	    DMABENCH_IOC_ENGINE_INFO,	 DMABENCH_IOC_ENGINE_OPEN,
		DMABENCH_IOC_BUFFER_CREATE, DMABENCH_IOC_BUFFER_DESTROY, DMABENCH_IOC_COPY,
		DMABENCH_IOC_BATCH,	    DMABENCH_IOC_BUFFER_SYNC,
	};
	unsigned int i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (ask(fd, commands[i], (void *)-8ul) != -EFAULT)
			return -1;
	}
	return 0;
}

static int steps(const char *driver)
{
	long fd = call(SYS_OPEN, (long)DMABENCH_DEVICE, 2, 0);

	if (fd < 0)
		return 1;
	if (ask(fd, DMABENCH_IOC_INFO, &info) || info.abi_version != DMABENCH_ABI_VERSION)
		return 2;
	if (find(fd, driver))
		return 3;
	if (ask(fd, DMABENCH_IOC_ENGINE_OPEN, &opened))
		return 4;
	buffer.engine = opened.engine;
	buffer.kind = DMABENCH_BUF_KERNEL;
	buffer.flags = DMABENCH_BUF_SOURCE;
	buffer.node = -1;
	buffer.size = 5000;
	if (ask(fd, DMABENCH_IOC_BUFFER_CREATE, &buffer) || !buffer.mmap_offset)
		return 5;
	if (copy_and_check(fd))
		return 6;
	copy.reserved[3] = 1;
	if (ask(fd, DMABENCH_IOC_COPY, &copy) != -EINVAL)
		return 7;
	if (ask(fd, _IO(DMABENCH_IOC_MAGIC, 99), &copy) != -ENOTTY)
		return 8;
	if (coherent(fd))
		return 9;
	if (batched(fd))
		return 12;
	if (synced(fd))
		return 13;
	return unreadable(fd) ? 10 : 0;
}

__attribute__((used)) void start(const char **stack);
void start(const char **stack)
{
	/* The stack begins with argc, argv[0], argv[1]. */
	call(SYS_EXIT, stack[2] ? steps(stack[2]) : 11, 0, 0);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	mov %esp, %eax\n"
	"	and $-16, %esp\n"
	"	sub $12, %esp\n"
	"	push %eax\n"
	"	call start\n");
