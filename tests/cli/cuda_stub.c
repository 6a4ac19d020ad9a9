// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tests call libcuda.so.1: streams are threads that copy by CPU, late and each at its own
 * pace. It is strict: a page that wasn't registered, a slot outside the ring, memory taken away
 * while it is still needed end the process by a signal. What is played is said in the environment:
 *
 *   STUB_FAIL=CALL=ERROR[@N][!] the call (from its Nth time on) fails with that number; with "!" all
 *                              calls after it do, as where a context is broken
 *   STUB_NEVER=1               no copy to the host is ever complete; its bytes change all the time
 *   STUB_LATE_US=N             each command waits up to so long
 *   STUB_GPUS=ADDRESS,…        PCI addresses ("0000:3B:00.0")
 *   STUB_VERSION, STUB_MODE    what cuDriverGetVersion says, the compute mode
 *   STUB_LOG=FILE              "init PID" for each cuInit, "context N" for each of device N (100 is
 *                              gpu0's), "left N" at the end: objects not given back
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NOT_READY 600
#define INVALID 1

enum what { COPY, RECORD, WAIT, END };

struct event {
	unsigned long recorded, done;
};

struct command {
	struct command *next;
	enum what what;
	void *to;
	const void *from;
	size_t bytes;
	bool to_host;
	struct event *event;
	unsigned long number; /* of the record that is waited for, or made */
};

struct stream {
	pthread_t thread;
	struct command *first, **last;
	unsigned long queued, done;
	unsigned int rng;
};

/* Ranges: the GPU's memory, and pages of the host that were registered. */
struct range {
	struct range *next;
	char *at;
	size_t bytes;
	bool host;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct range *ranges;
static int streams, events, contexts, copies_under_way;
static __thread bool has_context;

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);

	return value && *value ? value : otherwise;
}

static void say(const char *what, long number)
{
	FILE *f = fopen(setting("STUB_LOG", "/dev/null"), "a");

	if (!f)
		return;
	fprintf(f, "%s %ld\n", what, number);
	fclose(f);
}

static void wrong(const char *what)
{
	fprintf(stderr, "cuda_stub: %s\n", what);
	abort();
}

/* What STUB_FAIL has for this call, or 0. */
static int failure(const char *call)
{
	static unsigned int times;
	static int broken;
	const char *fail = setting("STUB_FAIL", ""), *at = strchr(fail, '@');
	size_t len = strlen(call);
	int error = 0;

	pthread_mutex_lock(&lock);
	if (broken && strcmp(call, "cuGetErrorName"))
		error = broken;
	else if (!strncmp(fail, call, len) && fail[len] == '=' &&
		 ++times >= (at ? strtoul(at + 1, NULL, 10) : 1))
		error = atoi(fail + len + 1);
	if (error && strchr(fail, '!'))
		broken = error;
	pthread_mutex_unlock(&lock);
	return error;
}

#define MAY_FAIL                               \
	do {                                   \
		int error = failure(__func__); \
		if (error)                     \
			return error;          \
	} while (0)

__attribute__((destructor)) static void count_left(void)
{
	int left = streams + events + contexts;

	for (const struct range *r = ranges; r; r = r->next)
		left++;
	say("left", left);
}

int cuInit(unsigned int flags)
{
	say("init", getpid());
	MAY_FAIL;
	return flags ? INVALID : 0;
}

int cuDriverGetVersion(int *version)
{
	MAY_FAIL;
	*version = atoi(setting("STUB_VERSION", "12040"));
	return 0;
}

int cuGetErrorName(int error, const char **name)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ 1, "CUDA_ERROR_INVALID_VALUE" },
		{ 2, "CUDA_ERROR_OUT_OF_MEMORY" },
		{ 34, "CUDA_ERROR_STUB_LIBRARY" },
		{ 46, "CUDA_ERROR_DEVICE_UNAVAILABLE" },
		{ 100, "CUDA_ERROR_NO_DEVICE" },
		{ 304, "CUDA_ERROR_OPERATING_SYSTEM" },
		{ 700, "CUDA_ERROR_ILLEGAL_ADDRESS" },
		{ 800, "CUDA_ERROR_NOT_PERMITTED" },
		{ 802, "CUDA_ERROR_SYSTEM_NOT_READY" },
		{ 803, "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH" },
		{ 804, "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE" },
		{ 999, "CUDA_ERROR_UNKNOWN" },
	};

	MAY_FAIL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].error == error) {
			*name = names[i].name;
			return 0;
		}
	return INVALID;
}

/* The address of the ordinal's GPU; NULL: there are no so many. */
static char *address_of(int ordinal, char *buf, size_t len)
{
	char *rest = buf, *one = NULL;

	snprintf(buf, len, "%s", setting("STUB_GPUS", "0000:3B:00.0"));
	for (int i = 0; i <= ordinal; i++)
		one = strsep(&rest, ",");
	return one;
}

int cuDeviceGetCount(int *count)
{
	char buf[1024];

	MAY_FAIL;
	for (*count = 0; address_of(*count, buf, sizeof(buf)); ++*count)
		;
	return 0;
}

int cuDeviceGet(int *device, int ordinal)
{
	char buf[1024];

	MAY_FAIL;
	/* A device isn't its ordinal, nor may it be taken for one. */
	*device = ordinal + 100;
	return address_of(ordinal, buf, sizeof(buf)) ? 0 : 101;
}

int cuDeviceGetName(char *name, int len, int device)
{
	MAY_FAIL;
	snprintf(name, (size_t)len, "Stub GPU %d", device - 100);
	return 0;
}

int cuDeviceGetAttribute(int *value, int attribute, int device)
{
	MAY_FAIL;
	(void)device;
	switch (attribute) {
	case 20:
		*value = atoi(setting("STUB_MODE", "0"));
		return 0;
	case 40:
		*value = 2;
		return 0;
	}
	return INVALID;
}

int cuDeviceGetPCIBusId(char *address, int len, int device)
{
	char buf[1024];

	MAY_FAIL;
	snprintf(address, (size_t)len, "%s", address_of(device - 100, buf, sizeof(buf)));
	return 0;
}

int cuDevicePrimaryCtxRetain(void **context, int device)
{
	MAY_FAIL;
	contexts++;
	say("context", device);
	*context = (void *)(intptr_t)device;
	return 0;
}

int cuDevicePrimaryCtxRelease_v2(int device)
{
	MAY_FAIL;
	(void)device;
	contexts--;
	return 0;
}

int cuCtxSetCurrent(void *context)
{
	MAY_FAIL;
	has_context = context;
	return 0;
}

static struct range **find(const void *at)
{
	struct range **r = &ranges;

	while (*r && (*r)->at != at)
		r = &(*r)->next;
	return r;
}

static void add(char *at, size_t bytes, bool host)
{
	struct range *r = malloc(sizeof(*r));

	*r = (struct range){ ranges, at, bytes, host };
	ranges = r;
}

static bool known(const char *at, size_t bytes, bool host)
{
	for (const struct range *r = ranges; r; r = r->next)
		if (r->host == host && at >= r->at && at + bytes <= r->at + r->bytes)
			return true;
	return false;
}

static int take_away(const void *at)
{
	struct range **r, *gone;

	pthread_mutex_lock(&lock);
	if (copies_under_way)
		wrong("memory is taken away while copies are under way");
	r = find(at);
	gone = *r;
	if (gone)
		*r = gone->next;
	pthread_mutex_unlock(&lock);
	free(gone);
	return gone ? 0 : INVALID;
}

int cuMemAlloc_v2(uint64_t *at, size_t bytes)
{
	char *memory;

	MAY_FAIL;
	if (!has_context)
		return 201;
	memory = malloc(bytes);
	if (!memory)
		return 2;
	memset(memory, 0xa5, bytes);
	pthread_mutex_lock(&lock);
	add(memory, bytes, false);
	pthread_mutex_unlock(&lock);
	*at = (uintptr_t)memory;
	return 0;
}

int cuMemFree_v2(uint64_t at)
{
	int ret;

	MAY_FAIL;
	ret = take_away((void *)(uintptr_t)at);
	if (!ret)
		free((void *)(uintptr_t)at);
	return ret;
}

int cuMemHostRegister_v2(void *at, size_t bytes, unsigned int flags)
{
	int ret = 0;

	MAY_FAIL;
	if (flags || (uintptr_t)at % 4096 || bytes % 4096)
		return INVALID;
	pthread_mutex_lock(&lock);
	if (*find(at))
		ret = 712;
	else
		add(at, bytes, true);
	pthread_mutex_unlock(&lock);
	return ret;
}

int cuMemHostUnregister(void *at)
{
	MAY_FAIL;
	return take_away(at);
}

/* Where nothing is ever complete: the bytes change for as long as the process is there. */
static void never(volatile char *to, size_t bytes)
{
	for (size_t i = 0;; i++) {
		to[i % bytes] ^= 0x55;
		usleep(100);
	}
}

static void copy(struct stream *s, const struct command *c)
{
	unsigned int late = (unsigned int)atoi(setting("STUB_LATE_US", "0"));

	if (late)
		usleep((unsigned int)rand_r(&s->rng) % late);
	if (c->to_host && atoi(setting("STUB_NEVER", "0")))
		never(c->to, c->bytes);
	memcpy(c->to, c->from, c->bytes);
}

/* The lock is held but for the copy itself. */
static bool execute(struct stream *s, const struct command *c)
{
	switch (c->what) {
	case COPY:
		pthread_mutex_unlock(&lock);
		copy(s, c);
		pthread_mutex_lock(&lock);
		copies_under_way--;
		break;
	case RECORD:
		c->event->done = c->number;
		break;
	case WAIT:
		while (c->event->done < c->number)
			pthread_cond_wait(&changed, &lock);
		break;
	case END:
		return false;
	}
	s->done++;
	pthread_cond_broadcast(&changed);
	return true;
}

static void *work(void *data)
{
	struct stream *s = data;
	bool more = true;

	pthread_mutex_lock(&lock);
	while (more) {
		struct command *c = s->first;

		if (!c) {
			pthread_cond_wait(&changed, &lock);
			continue;
		}
		more = execute(s, c);
		s->first = c->next;
		if (!s->first)
			s->last = &s->first;
		free(c);
	}
	pthread_mutex_unlock(&lock);
	return NULL;
}

static void queue(struct stream *s, const struct command *command)
{
	struct command *c = malloc(sizeof(*c));

	*c = *command;
	c->next = NULL;
	*s->last = c;
	s->last = &c->next;
	s->queued++;
	copies_under_way += c->what == COPY;
	pthread_cond_broadcast(&changed);
}

int cuStreamCreate(void **stream, unsigned int flags)
{
	struct stream *s;

	MAY_FAIL;
	if (flags != 1 || !has_context)
		return INVALID;
	s = calloc(1, sizeof(*s));
	s->last = &s->first;
	s->rng = (unsigned int)++streams;
	pthread_create(&s->thread, NULL, work, s);
	*stream = s;
	return 0;
}

int cuStreamDestroy_v2(void *stream)
{
	struct stream *s = stream;

	MAY_FAIL;
	pthread_mutex_lock(&lock);
	queue(s, &(struct command){ .what = END });
	pthread_mutex_unlock(&lock);
	pthread_join(s->thread, NULL);
	free(s);
	streams--;
	return 0;
}

int cuStreamQuery(void *stream)
{
	const struct stream *s = stream;
	int ret;

	MAY_FAIL;
	pthread_mutex_lock(&lock);
	ret = s->done == s->queued ? 0 : NOT_READY;
	pthread_mutex_unlock(&lock);
	return ret;
}

int cuStreamWaitEvent(void *stream, void *event, unsigned int flags)
{
	struct event *e = event;

	MAY_FAIL;
	if (flags)
		return INVALID;
	pthread_mutex_lock(&lock);
	queue(stream, &(struct command){ .what = WAIT, .event = e, .number = e->recorded });
	pthread_mutex_unlock(&lock);
	return 0;
}

int cuEventCreate(void **event, unsigned int flags)
{
	MAY_FAIL;
	if (flags & ~3u || !has_context)
		return INVALID;
	*event = calloc(1, sizeof(struct event));
	events++;
	return 0;
}

int cuEventDestroy_v2(void *event)
{
	MAY_FAIL;
	free(event);
	events--;
	return 0;
}

int cuEventRecord(void *event, void *stream)
{
	struct event *e = event;

	MAY_FAIL;
	pthread_mutex_lock(&lock);
	queue(stream, &(struct command){ .what = RECORD, .event = e, .number = ++e->recorded });
	pthread_mutex_unlock(&lock);
	return 0;
}

int cuEventQuery(void *event)
{
	const struct event *e = event;
	int ret;

	MAY_FAIL;
	pthread_mutex_lock(&lock);
	ret = e->done == e->recorded ? 0 : NOT_READY;
	pthread_mutex_unlock(&lock);
	return ret;
}

int cuEventSynchronize(void *event)
{
	const struct event *e = event;

	MAY_FAIL;
	pthread_mutex_lock(&lock);
	while (e->done != e->recorded)
		pthread_cond_wait(&changed, &lock);
	pthread_mutex_unlock(&lock);
	return 0;
}

static void start(void *stream, void *to, const void *from, size_t bytes, bool to_host)
{
	pthread_mutex_lock(&lock);
	if (!known(to_host ? to : from, bytes, true))
		wrong("the host's memory isn't registered");
	if (!known(to_host ? from : to, bytes, false))
		wrong("that isn't the GPU's memory");
	queue(stream,
	      &(struct command){
		      .what = COPY, .to = to, .from = from, .bytes = bytes, .to_host = to_host });
	pthread_mutex_unlock(&lock);
}

int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t bytes, void *stream)
{
	MAY_FAIL;
	start(stream, (void *)(uintptr_t)to, from, bytes, false);
	return 0;
}

int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t bytes, void *stream)
{
	MAY_FAIL;
	start(stream, to, (void *)(uintptr_t)from, bytes, true);
	return 0;
}
