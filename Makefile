# SPDX-License-Identifier: GPL-2.0-only
# The front door: make help.

VERSION := 0.1.0
BUILD := build
KDIR ?= /lib/modules/$(shell uname -r)/build
CC ?= gcc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DESTDIR ?=

# V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wpointer-arith -Wformat=2 -Wvla
BASE_FLAGS := -std=gnu11 -D_GNU_SOURCE -pthread $(WARNINGS) -Iinclude -Ibench -I$(BUILD)
LIBS := -ljansson -lnuma -lm -pthread

BENCH_SRC := $(wildcard bench/*.c bench/paths/*.c)
BENCH_OBJ := $(BENCH_SRC:%.c=$(BUILD)/obj/%.o)
CORE_OBJ := $(filter-out $(BUILD)/obj/bench/main.o,$(BENCH_OBJ))

.PHONY: all bench driver test check plots install uninstall clean help FORCE
.DELETE_ON_ERROR:

all: bench ## the harness (the default)

bench: $(BUILD)/dmabench

help: ## this list
	$(Q)awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the harness ------------------------------------------------------------

$(BUILD)/dmabench: $(BENCH_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/obj/%.o: %.c $(BUILD)/version.h
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(BASE_FLAGS) -MMD -MP -c -o $@ $<

-include $(BENCH_OBJ:.o=.d)

# Written only when it changes, so that nothing is rebuilt for nothing.
$(BUILD)/version.h: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)commit=$$(git describe --always --dirty 2>/dev/null || echo unknown); \
	{ echo "#define DMABENCH_VERSION \"$(VERSION)\""; \
	  echo "#define DMABENCH_COMMIT \"$$commit\""; \
	  echo "#define DMABENCH_COMPILER \"$$($(CC) --version | head -n 1 | tr -d '\"')\""; \
	  echo "#define DMABENCH_FLAGS \"$(CFLAGS)\""; } > $@.new; \
	if cmp -s $@ $@.new; then rm $@.new; else mv $@.new $@; fi
