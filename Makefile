# SPDX-License-Identifier: GPL-2.0-only
# The front door: make help.

VERSION := $(or $(shell cat VERSION 2>/dev/null),unknown)
BUILD := build
KDIR ?= /lib/modules/$(shell uname -r)/build
CC ?= gcc
CFLAGS ?= -O2 -g
CPPFLAGS ?=
PREFIX ?= /usr/local
DESTDIR ?=

# What git and others would look at, of whoever calls this.
unexport GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_COMMON_DIR GIT_PREFIX \
	 CDPATH GREP_OPTIONS TAR_OPTIONS POSIXLY_CORRECT

# V=1 shows the commands.
Q := $(if $(V),,@)
# What is made is there at once or not at all, as another make may be at work beside this one.
to = -o $@.$$$$ $(1) && mv $@.$$$$ $@ || { rm -f $@.$$$$; exit 1; }
say = $(if $(V),,@printf '  %-7s %s\n' $(1) $(2))

# A build that is slower on purpose, for make rates-real. Never by the environment, nor where
# others look for a build.
slowed := 0
ifeq ($(origin SLOWED),command line)
ifeq ($(BUILD),build)
$(error SLOWED=$(SLOWED) wants a BUILD of its own)
endif
slowed := $(SLOWED)
VERSION := $(VERSION)-slowed-by-$(SLOWED)-percent
endif

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	    -Wpointer-arith -Wformat=2 -Wvla
# Optional: without it the asynchronous paths are skipped, and say why.
URING := $(shell echo 'int main(void) { return 0; }' | $(CC) $(CFLAGS) -include liburing.h -x c - \
	$(LDFLAGS) -luring -o /dev/null 2>/dev/null && echo yes)
BASE_FLAGS := -std=gnu11 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -D_TIME_BITS=64 -pthread $(WARNINGS) -Iinclude -Ibench -I$(BUILD) \
	      $(if $(URING),-DHAVE_LIBURING)
LIBS := -ljansson -lnuma -lm -pthread $(if $(URING),-luring)

# Sorted, as wildcard's order is the locale's, and so would be the program's.
BENCH_SRC := $(sort $(filter-out bench/profile/preload/%,$(wildcard bench/*/*.c bench/*/*/*.c)))
BENCH_OBJ := $(BENCH_SRC:%.c=$(BUILD)/obj/%.o)
# Where address space is limited there is no stack to grow by what should have been static or allocated.
$(BENCH_OBJ): BASE_FLAGS += -Wframe-larger-than=98304
# What the unit tests link: all but the commands.
CORE_OBJ := $(filter-out $(BUILD)/obj/bench/commands/%,$(BENCH_OBJ))

.PHONY: all bench driver arm64 armhf riscv64 test test-gate test-modes test-kernels test-arm64 test-arches test-distros test-package mutations check rates rates-real fuzz plots install uninstall dist clean help FORCE
.DELETE_ON_ERROR:

all: bench ## the harness (the default)

bench: $(BUILD)/dmabench $(BUILD)/libdmabench-profile.so

help: ## this list
	$(Q)awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- the harness ------------------------------------------------------------

$(BUILD)/dmabench: $(BENCH_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(call to,$^ $(LIBS))

$(BUILD)/obj/%.o: %.c | $(BUILD)/version.h
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(BASE_FLAGS) -MMD -MP -MT $@ -MF $@.$$$$.d -c \
		-o $@.$$$$ $< && mv $@.$$$$.d $(@:.o=.d) && mv $@.$$$$ $@ || \
		{ rm -f $@.$$$$ $@.$$$$.d; exit 1; }

-include $(BENCH_OBJ:.o=.d) $(PRELOAD_OBJ:.o=.d) $(BUILD)/obj/tests/rates/simulate.d

# What dmabench profile puts in front of other programs' copies: whatever the flags are, the compiler
# must not take its functions for the C library's, nor call those.
PRELOAD_SRC := $(sort $(wildcard bench/profile/preload/*.c))
PRELOAD_OBJ := $(PRELOAD_SRC:%.c=$(BUILD)/obj/%.o)
PRELOAD_FLAGS := -U_FORTIFY_SOURCE -fPIC -fvisibility=hidden -ftls-model=initial-exec -fno-builtin \
		 -fno-tree-loop-distribute-patterns -fno-stack-protector -fno-lto

$(PRELOAD_OBJ): CPPFLAGS :=
$(PRELOAD_OBJ): BASE_FLAGS += $(PRELOAD_FLAGS)

$(BUILD)/libdmabench-profile.so: $(PRELOAD_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fno-lto -shared -Wl,-z,now,-z,nodelete,-z,defs,--as-needed $(call to,$^)

# Written only when it changes, so that nothing is rebuilt for nothing. In a tarball COMMIT has the
# commit; git might find another repository around it. Either way it has 12 digits, and no tag.
$(BUILD)/version.h: FORCE
	$(Q)mkdir -p $(@D)
	$(Q)commit=$$(cut -c 1-12 COMMIT 2>/dev/null); \
	case $$commit in ''|*[!0-9a-f]*) commit=$$(git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null || echo unknown) ;; esac; \
	{ echo "#define DMABENCH_VERSION \"$(VERSION)\""; \
	  echo "#define DMABENCH_SLOWED $(slowed)"; \
	  echo "#define DMABENCH_COMMIT \"$$commit\""; \
	  echo "#define DMABENCH_COMPILER \"$$($(CC) --version | head -n 1 | tr -d '\"')\""; \
	  echo "#define DMABENCH_FLAGS \"$(strip $(filter-out -ffile-prefix-map=% -fdebug-prefix-map=% -fmacro-prefix-map=%,$(CFLAGS)))\""; } > $@.$$$$; \
	if cmp -s $@ $@.$$$$; then rm $@.$$$$; else mv $@.$$$$ $@; fi

# --- the driver, for this kernel --------------------------------------------

driver: ## the kernel modules, against KDIR (this kernel's headers)
	$(Q)$(MAKE) --no-print-directory -C driver KDIR="$(KDIR)" VERSION="$(VERSION)"

armhf riscv64: ## the same for scripts/vm.sh --machine smdkc210 and sifive_u
	$(Q)scripts/dev/cross.sh $@

arm64: ## harness, guest tests and modules for scripts/vm.sh --machine virt, versal or raspi3b
	$(Q)scripts/dev/cross.sh arm64

# --- tests ------------------------------------------------------------------

UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:%.c=$(BUILD)/%)
# Made-up suites, for a unit test and for make rates.
SIMULATE_OBJ := $(BUILD)/obj/tests/rates/simulate.o
.SECONDARY: $(SIMULATE_OBJ)

.PHONY: unit
unit: $(UNIT_BIN)

$(BUILD)/tests/unit/%: tests/unit/%.c $(wildcard tests/unit/*.h) $(CORE_OBJ) $(SIMULATE_OBJ)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(BASE_FLAGS) $(LDFLAGS) -Itests $(call to,$< $(SIMULATE_OBJ) $(CORE_OBJ) -lcmocka $(LIBS))

# What paths over an engine ask for in setup, with nobody there to give it.
$(BUILD)/tests/unit/test_pinned_beforehand: LIBS += $(foreach f,driver_path_setup async_path_setup \
	multichannel_setup staged_path_setup,-Wl,--wrap=$f)

rates: $(BUILD)/tests/rates/rates $(BUILD)/tests/rates/trend_rates $(BUILD)/tests/rates/fleet_rates ## how often the gate, trend and fleet are wrong, and what they see (minutes)
	$(Q)$(BUILD)/tests/rates/rates
	$(Q)$(BUILD)/tests/rates/trend_rates
	$(Q)$(BUILD)/tests/rates/fleet_rates

rates-real: ## the same by suites of this machine, slowed ones too (half an hour; wants it quiet)
	$(Q)tests/rates/real.sh

$(BUILD)/tests/rates/%: tests/rates/%.c $(SIMULATE_OBJ) $(CORE_OBJ)
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(BASE_FLAGS) $(call to,$^ $(LIBS))

# The reader and compare under libFuzzer, by clang; what it finds is left in build/fuzz.
SECONDS := 600
FUZZ_SRC := tests/fuzz/fuzz_compare.c $(CORE_OBJ:$(BUILD)/obj/%.o=%.c)

fuzz: $(BUILD)/fuzz/fuzz_compare ## hand broken results to compare for SECONDS=600
	$(Q)tests/fuzz/seeds.sh $(BUILD)/fuzz/seeds
	$(Q)mkdir -p $(BUILD)/fuzz/corpus
	$(Q)$< -max_total_time=$(SECONDS) -max_len=65536 -timeout=60 -rss_limit_mb=2048 \
		-print_final_stats=1 -artifact_prefix=$(BUILD)/fuzz/ $(BUILD)/fuzz/corpus $(BUILD)/fuzz/seeds

$(BUILD)/fuzz/fuzz_compare: $(FUZZ_SRC) | $(BUILD)/version.h
	$(Q)scripts/setup.sh --for fuzz
	$(call say,CLANG,$@)
	$(Q)mkdir -p $(@D)
	$(Q)clang -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
		-std=gnu11 -D_GNU_SOURCE -pthread -Iinclude -Ibench -I$(BUILD) -o $@ $(FUZZ_SRC) $(LIBS)

test: ## every test but the slow ones; the last line counts them
	$(Q)scripts/test.sh $(TESTFLAGS) $(SUITES)

mutations: ## break each promise of the driver on purpose; its test must see it (minutes)
	$(Q)scripts/test/mutations.sh $(NAMES)

test-gate: ## boots of one driver count the same instructions, and a slower one is refused
	$(Q)scripts/test.sh gate

test-modes: ## the driver's other ways: IOMMU modes, interrupts, bounce buffers, engines that can't be stopped
	$(Q)scripts/test.sh guest-modes

test-kernels: ## the driver's tests on the archive's other kernels
	$(Q)scripts/test.sh guest-others

test-arm64: ## the driver in arm64 guests: behind an SMMU, and on engines of boards
	$(Q)scripts/test.sh arm64

test-arches: ## driver and harness on 32-bit Arm and on riscv64, on engines of boards
	$(Q)scripts/test.sh arches

test-distros: ## both commands of the README in fresh roots of Debian's releases (an hour or so)
	$(Q)scripts/test.sh distros

test-package: ## the Debian packages in fresh roots: built twice, installed, used, upgraded, purged (an hour)
	$(Q)scripts/test.sh package

check: ## shellcheck, clang-format, cppcheck, checkpatch, sparse, W=1
	$(Q)scripts/dev/check.sh

# --- the driver in the debug guest

.PHONY: test-debug test-all coverage
test-debug: ## the driver's tests in a kernel that looks for its mistakes (builds it once)
	$(Q)scripts/test.sh debug

test-all: ## every test there is, both debug kernels in every mode too (an hour)
	$(Q)scripts/test.sh check unit cli plots guest guest-modes guest-others gate install mutations fleet debug-all

coverage: ## which lines of the driver its tests run
	$(Q)scripts/dev/coverage.sh

# --- pictures, installing, cleaning -----------------------------------------

RESULT ?= results/reference/result.json

plots: ## pictures of RESULT=FILE (the reference run) under build/plots
	$(Q)scripts/plot.sh $(RESULT) $(BUILD)/plots

install uninstall: export DESTDIR := $(DESTDIR)
install uninstall: export PREFIX := $(PREFIX)
install uninstall: export BUILD := $(BUILD)

install: bench ## all that users have, under PREFIX (and DESTDIR)
	$(Q)scripts/dev/install.sh install

uninstall: ## what install put there
	$(Q)scripts/dev/install.sh uninstall

dist: ## the last commit as a tarball that builds without git, under build/
	$(Q)scripts/dev/dist.sh $(BUILD)

clean: ## everything built
	rm -rf $(BUILD)
