# SPDX-License-Identifier: GPL-2.0-only
# promise: 5
# mutation: a callback looks at its descriptor's tag, and ends whatever is in the slot a moment later
# file: driver/slot.h
# caught by: sim test_early polled_descriptors_take_their_time
/^#include <linux\/bits.h>/a #include <linux/delay.h>
/^\treturn try_cmpxchg\(&slot->word, &from, slot_word\(tag, to\)\);/ {
	s/.*/\tif (READ_ONCE(slot->word) != from)\n\t\treturn false;\n\tif (to == SLOT_CLAIMED)\n\t\tmdelay(5);\n\tWRITE_ONCE(slot->word, slot_word(tag, to));\n\treturn true;/
}
