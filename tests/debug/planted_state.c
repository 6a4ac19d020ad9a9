// SPDX-License-Identifier: GPL-2.0-only
/* Mistakes in arithmetic, with lists, counts and timers, with locks and with time. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "planted.h"

/* What is beyond the first array is the second: UBSAN alone minds. */
static struct {
	int first[4];
	int second[4];
} table;

void shift(void)
{
	sink = 1UL << (64 + zero);
}

void bounds(void)
{
	sink = table.first[zero + 4];
}

void boolean(void)
{
	union {
		volatile u8 byte;
		bool value;
	} u = { .byte = 2 + zero };
	volatile bool *value = &u.value;

	sink = *value ? 1 : 0;
}

void list_twice(void)
{
	LIST_HEAD(head);
	struct list_head entry;

	list_add(&entry, &head);
	list_del(&entry);
	list_del(&entry);
}

void refcount_below(void)
{
	refcount_t count = REFCOUNT_INIT(1);

	refcount_dec(&count);
	refcount_dec(&count);
}

struct ticking {
	struct timer_list timer;
};

static void tick(struct timer_list *timer)
{
}

void free_active_timer(void)
{
	struct ticking *ticking = kzalloc(sizeof(*ticking), GFP_KERNEL);

	if (!ticking)
		return;
	timer_setup(&ticking->timer, tick, 0);
	mod_timer(&ticking->timer, jiffies + 60 * HZ);
	kfree(ticking);
}

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

void sleep_in_atomic(void)
{
	void *memory;

	spin_lock(&spin);
	memory = kmalloc(LENGTH, GFP_KERNEL);
	spin_unlock(&spin);
	kfree(memory);
}

void preempted_cpu(void)
{
	sink = smp_processor_id();
}

void lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

void rcu_unlocked(void)
{
	RCU_LOCKDEP_WARN(!rcu_read_lock_held(), "planted");
}

static void nothing(struct rcu_head *head)
{
}

static struct rcu_head waiting;

/* Longer than the watchdog's limit and RCU's, which are two and eight seconds in the test. */
void stuck_cpu(void)
{
	ktime_t end = ktime_add_ms(ktime_get(), 14000);

	/* Somebody has to wait for RCU, or nobody minds. */
	call_rcu(&waiting, nothing);
	preempt_disable();
	/* By the clock, which the watchers go by; a delay is shorter than it says in a guest. */
	while (ktime_before(ktime_get(), end))
		cpu_relax();
	preempt_enable();
}

static int sleeper(void *unused)
{
	set_current_state(TASK_UNINTERRUPTIBLE);
	schedule_timeout(8 * HZ);
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

void stuck_task(void)
{
	struct task_struct *task = kthread_run(sleeper, NULL, "planted");

	if (IS_ERR(task))
		return;
	msleep(9000);
	kthread_stop(task);
}
