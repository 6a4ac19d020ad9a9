// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners: what a user has of the driver, over all sessions.
 *
 * Handles, and the bytes of coherent and kernel buffers, which no RLIMIT_MEMLOCK is charged
 * with, are capped for each user: whoever makes the request, as with pinned pages.
 */
#include <linux/cred.h>
#include <linux/mm.h>
#include <linux/moduleparam.h>
#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "dmabench.h"
#include "engine.h"
#include "session.h"

/* What must be left when bytes were given to a user: this part of all memory. */
#define RESERVE_PART 16
/* So many as are asked for without a look at it: all of a user's handles wouldn't come to much. */
#define FEW_BYTES SZ_16K

struct owner {
	struct list_head node;	 /* in owners */
	refcount_t users;	 /* sessions and objects */
	const struct cred *cred; /* whose user it is: not every kernel lets modules give one back */
	atomic_t handles;
	atomic64_t bytes;
};

static DEFINE_MUTEX(owners_lock);
static LIST_HEAD(owners);

static unsigned int max_handles = 1024;
static unsigned long long max_bytes;

static int handles_set(const char *text, const struct kernel_param *kp)
{
	return param_set_uint_minmax(text, kp, 1, MAX_HANDLE);
}

static const struct kernel_param_ops handles_ops = { .set = handles_set, .get = param_get_uint };
module_param_cb(max_handles, &handles_ops, &max_handles, 0644);
MODULE_PARM_DESC(max_handles, "engines and buffers of a user, 1 to 4095 (default 1024)");

static int bytes_set(const char *text, const struct kernel_param *kp)
{
	unsigned long long bytes;
	int err = kstrtoull(text, 0, &bytes);

	if (err)
		return err;
	if (bytes > MAX_BUFFER_BYTES)
		return -EINVAL;
	WRITE_ONCE(max_bytes, bytes);
	return 0;
}

static const struct kernel_param_ops bytes_ops = { .set = bytes_set, .get = param_get_ullong };
module_param_cb(max_bytes, &bytes_ops, &max_bytes, 0644);
MODULE_PARM_DESC(max_bytes, "coherent and kernel bytes of a user (0, default: half of memory)");

u32 owner_max_handles(void)
{
	return READ_ONCE(max_handles);
}

u64 owner_max_bytes(void)
{
	u64 half = (u64)totalram_pages() * PAGE_SIZE / 2;

	return READ_ONCE(max_bytes) ?: min_t(u64, MAX_BUFFER_BYTES, half);
}

/* Under owners_lock; referenced. */
static struct owner *owner_find(void)
{
	struct owner *owner;

	list_for_each_entry(owner, &owners, node) {
		if (owner->cred->user == current_user()) {
			refcount_inc(&owner->users);
			return owner;
		}
	}
	owner = kzalloc(sizeof(*owner), GFP_KERNEL_ACCOUNT);
	if (!owner)
		return NULL;
	refcount_set(&owner->users, 1);
	owner->cred = get_current_cred();
	list_add(&owner->node, &owners);
	return owner;
}

/* Of who makes this request: likely the same as that, which may be NULL. NULL: no memory. */
struct owner *owner_get(struct owner *likely)
{
	struct owner *owner;

	if (likely && likely->cred->user == current_user()) {
		refcount_inc(&likely->users);
		return likely;
	}
	mutex_lock(&owners_lock);
	owner = owner_find();
	mutex_unlock(&owners_lock);
	return owner;
}

void owner_put(struct owner *owner)
{
	if (!owner || !refcount_dec_and_mutex_lock(&owner->users, &owners_lock))
		return;
	list_del(&owner->node);
	mutex_unlock(&owners_lock);
	put_cred(owner->cred);
	kfree(owner);
}

int owner_take_handle(struct owner *owner)
{
	if (atomic_inc_return(&owner->handles) <= owner_max_handles())
		return 0;
	owner_give_handle(owner);
	return -ENOMEM;
}

void owner_give_handle(struct owner *owner)
{
	atomic_dec(&owner->handles);
}

/*
 * Whoever asks for a page when all are gone makes the kernel end somebody for it, and not one
 * that has these: nothing of them is in its page tables.
 */
static bool leaves_too_little(u64 bytes)
{
	long left = si_mem_available() - totalram_pages() / RESERVE_PART;

	return left < 0 || bytes >> PAGE_SHIFT > left;
}

int owner_charge(struct owner *owner, u64 bytes)
{
	u64 max = owner_max_bytes();

	if (!bytes)
		return 0;
	if (bytes > max || (bytes > FEW_BYTES && leaves_too_little(bytes)))
		return -ENOMEM;
	if (atomic64_add_return(bytes, &owner->bytes) > max) {
		owner_uncharge(owner, bytes);
		return -ENOMEM;
	}
	return 0;
}

void owner_uncharge(struct owner *owner, u64 bytes)
{
	atomic64_sub(bytes, &owner->bytes);
}
