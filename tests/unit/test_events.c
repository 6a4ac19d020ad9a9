// SPDX-License-Identifier: GPL-2.0-only
/* Event counts: their scaling and reasons, and the kernel's own events for real. */
#include "unit.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "machine/clock.h"
#include "measure/events.h"

#define PAGES 200

static void counts_are_scaled_to_the_time_they_had(void **state)
{
	double scaled = -1;

	(void)state;
	/* A counter all along: exact, also where the two clocks differ by a little. */
	assert_int_equal(events_scale(1000, 500, 500, &scaled), 0);
	assert_true(scaled == 1000);
	assert_int_equal(events_scale(1000, 499, 500, &scaled), 0);
	assert_true(scaled == 1000);
	/* A quarter of the time, four times the count. */
	assert_int_equal(events_scale(1000, 2000, 500, &scaled), 0);
	assert_true(scaled == 4000);
	/* No turn: no count, which isn't 0. */
	assert_int_equal(events_scale(0, 2000, 0, &scaled), -ENODATA);
	assert_int_equal(events_scale(0, 0, 0, &scaled), -ENODATA);
}

static void expect_reason(int err, bool software, const char *part)
{
	char why[112];

	events_explain(err, software, 3, false, why, sizeof(why));
	assert_non_null(strstr(why, part));
}

static void reasons_say_what_is_missing(void **state)
{
	(void)state;
	expect_reason(-ENOENT, false, "no PMU");
	expect_reason(-EOPNOTSUPP, false, "no PMU");
	expect_reason(-ENOENT, true, "kernel doesn't count");
	expect_reason(-EACCES, false, "perf_event_paranoid is 3");
	expect_reason(-EPERM, true, "CAP_PERFMON");
	expect_reason(-EMFILE, false, "open files");
	expect_reason(-ENODATA, false, "its turn");
	expect_reason(-EINVAL, false, strerror(EINVAL));
}

/* A filter refuses what the kernel itself would allow, or says that the kernel hasn't got it. */
static void a_filter_is_not_taken_for_the_kernel(void **state)
{
	static const struct {
		int err, paranoid;
		bool privileged;
		const char *part;
	} cases[] = {
		{ -ENOSYS, PARANOID_UNSEEN, false, "this kernel has no perf events" },
		{ -ENOSYS, 2, false, "perf_event_open is refused" },
		{ -EPERM, 1, false, "perf_event_open: Operation not permitted" },
		{ -EACCES, -1, false, "perf_event_open: Permission denied" },
		{ -EACCES, 2, false, "perf_event_paranoid is 2" },
		{ -EACCES, PARANOID_UNSEEN, false, "denied; perf_event_paranoid can't be seen" },
		/* Who has the capability isn't refused by the sysctl. */
		{ -EPERM, 2, true, "by whatever confines this process" },
		{ -EACCES, PARANOID_UNSEEN, true, "by whatever confines this process" },
	};
	char why[112];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		events_explain(cases[i].err, true, cases[i].paranoid, cases[i].privileged, why,
			       sizeof(why));
		assert_non_null(strstr(why, cases[i].part));
	}
}

static struct event_totals launch_of(double count, double running)
{
	struct event_totals t = { .launches = 1, .ops = 10 };

	for (int i = 0; i < EVENTS; i++)
		t.of[i] = (struct event_count){ .have = true, .count = count, .running = running };
	return t;
}

static const json_t *field(const json_t *events, enum event e, const char *name)
{
	return json_object_get(json_object_get(events, event_kinds[e].name), name);
}

/* Two launches of ten operations with 300 and 500 events: 40 an operation, 0.4 a byte of 100. */
static void launches_add_up(void **state)
{
	struct event_totals sum = { 0 }, a = launch_of(300, 1), b = launch_of(500, 0.5);
	json_t *json;

	(void)state;
	b.of[EVENT_CYCLES].have = false;
	strcpy(b.of[EVENT_CYCLES].reason, "lost");
	events_add(&sum, &a);
	events_add(&sum, &b);
	events_add(&sum, &a);
	assert_int_equal(sum.ops, 30);
	json = events_json(&sum, 100);
	assert_true(fabs(json_number_value(field(json, EVENT_INSTRUCTIONS, "value")) -
			 1100.0 / 3000) < 1e-12);
	assert_true(fabs(json_number_value(field(json, EVENT_PAGE_FAULTS, "value")) - 1100.0 / 30) <
		    1e-12);
	assert_true(json_number_value(field(json, EVENT_INSTRUCTIONS, "running")) == 0.5);
	assert_true(json_is_null(field(json, EVENT_CYCLES, "value")));
	assert_string_equal(json_string_value(field(json, EVENT_CYCLES, "reason")), "lost");
	json_decref(json);
}

static void without_launches_there_is_the_reason(void **state)
{
	struct event_totals sum = { 0 }, none = { .reason = "cold" };
	json_t *json;

	(void)state;
	events_add(&sum, &none);
	json = events_json(&sum, 100);
	for (int i = 0; i < EVENTS; i++) {
		assert_true(json_is_null(field(json, i, "value")));
		assert_string_equal(json_string_value(field(json, i, "reason")), "cold");
	}
	json_decref(json);
}

/* Small pages that nobody has touched. */
static volatile char *fresh_pages(size_t page)
{
	char *p = mmap(NULL, PAGES * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);

	assert_true(p != MAP_FAILED);
	madvise(p, PAGES * page, MADV_NOHUGEPAGE);
	return p;
}

static void touch(volatile char *p, size_t page)
{
	for (size_t i = 0; i < PAGES; i++)
		p[i * page] = 1;
}

static void need(const struct event_count *c)
{
	if (!c->have) {
		print_message("%s\n", c->reason);
		skip();
	}
}

/* Faults between start and stop count, those before don't. */
static void page_faults_are_counted(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct event_count touched[EVENTS], idle[EVENTS];
	volatile char *p = fresh_pages(page), *q = fresh_pages(page);
	struct events *e = events_open();

	(void)state;
	assert_non_null(e);
	touch(p, page);
	events_start(e);
	events_stop(e);
	events_close(e, idle);
	e = events_open();
	events_start(e);
	touch(q, page);
	events_stop(e);
	events_close(e, touched);
	/* The same events may be forbidden here; then both say so. */
	assert_int_equal(idle[EVENT_PAGE_FAULTS].have, touched[EVENT_PAGE_FAULTS].have);
	need(&touched[EVENT_PAGE_FAULTS]);
	assert_true(touched[EVENT_PAGE_FAULTS].count >= PAGES);
	assert_true(touched[EVENT_PAGE_FAULTS].running == 1);
	assert_true(!idle[EVENT_PAGE_FAULTS].have || idle[EVENT_PAGE_FAULTS].count < PAGES);
}

/* At least what the kernel counts otherwise; who is woken before it is off its CPU switches nothing. */
static void sleeping_switches_the_context(void **state)
{
	struct event_count counts[EVENTS];
	struct rusage before, after;
	struct events *e = events_open();

	(void)state;
	events_start(e);
	assert_int_equal(getrusage(RUSAGE_THREAD, &before), 0);
	for (int i = 0; i < 20; i++)
		sleep_ns(1000000);
	assert_int_equal(getrusage(RUSAGE_THREAD, &after), 0);
	events_stop(e);
	events_close(e, counts);
	need(&counts[EVENT_CONTEXT_SWITCHES]);
	assert_true(after.ru_nvcsw > before.ru_nvcsw);
	assert_true(counts[EVENT_CONTEXT_SWITCHES].count >= after.ru_nvcsw - before.ru_nvcsw);
}

static sem_t go, done;

static void *touch_when_told(void *arg)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	sem_wait(&go);
	touch(arg, page);
	sem_post(&done);
	sem_wait(&go);
	return NULL;
}

/* A thread that was there before, and a process that is forked while counting. */
static void threads_and_children_are_counted(void **state)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	volatile char *p = fresh_pages(page), *q = fresh_pages(page);
	struct event_count counts[EVENTS];
	struct events *e;
	pthread_t thread;
	pid_t child;

	(void)state;
	sem_init(&go, 0, 0);
	sem_init(&done, 0, 0);
	assert_int_equal(pthread_create(&thread, NULL, touch_when_told, (void *)(uintptr_t)p), 0);
	e = events_open();
	events_start(e);
	sem_post(&go);
	sem_wait(&done);
	child = fork();
	if (!child) {
		touch(q, page);
		_exit(0);
	}
	waitpid(child, NULL, 0);
	events_stop(e);
	events_close(e, counts);
	sem_post(&go);
	pthread_join(thread, NULL);
	need(&counts[EVENT_PAGE_FAULTS]);
	assert_true(counts[EVENT_PAGE_FAULTS].count >= 2 * PAGES);
}

/* Where there is a PMU a loop takes its instructions; elsewhere the reason is there. */
static void hardware_events_count_or_say_why_not(void **state)
{
	struct event_count counts[EVENTS];
	struct events *e = events_open();

	(void)state;
	events_start(e);
	for (volatile int i = 0; i < 1000000; i++)
		;
	events_stop(e);
	events_close(e, counts);
	for (int i = 0; i < EVENTS; i++)
		assert_true(counts[i].have != !!counts[i].reason[0]);
	need(&counts[EVENT_INSTRUCTIONS]);
	assert_true(counts[EVENT_INSTRUCTIONS].count >= 1e6);
	need(&counts[EVENT_CYCLES]);
	assert_true(counts[EVENT_CYCLES].count > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts_are_scaled_to_the_time_they_had),
		cmocka_unit_test(reasons_say_what_is_missing),
		cmocka_unit_test(a_filter_is_not_taken_for_the_kernel),
		cmocka_unit_test(launches_add_up),
		cmocka_unit_test(without_launches_there_is_the_reason),
		cmocka_unit_test(page_faults_are_counted),
		cmocka_unit_test(sleeping_switches_the_context),
		cmocka_unit_test(threads_and_children_are_counted),
		cmocka_unit_test(hardware_events_count_or_say_why_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
