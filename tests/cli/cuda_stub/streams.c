// SPDX-License-Identifier: GPL-2.0-only
/* Streams are threads, events are counts. */
#include "stub.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;

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
