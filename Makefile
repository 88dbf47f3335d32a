# ecsgate: one Makefile, no recursion. Everything built goes to build/.
#
#   make                 the program, build/ecsgate
#   make test            every test (unit, policies' cases, golden files, command line)
#   make SANITIZE=1 …    the same under AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
#   make install PREFIX=/usr/local DESTDIR=
#   make help            all targets

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

PREFIX ?= /usr/local
DESTDIR ?=
CC ?= cc
ifeq ($(origin CC),default)
CC := cc
endif
PKG_CONFIG ?= pkg-config
INSTALL ?= install
CFLAGS ?= -O2 -g

# Which libraries, by their pkg-config names.
PACKAGES := yaml-0.1 jansson libcjson libpcre2-8 libmd

ifdef SANITIZE
BUILD := build/asan
SANITIZE_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
BUILD ?= build
endif

VERSION := $(shell cat VERSION)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wundef -Wvla
ifdef WERROR
WARNINGS += -Werror
endif
ALL_CPPFLAGS := -D_GNU_SOURCE -DEG_VERSION='"$(VERSION)"' -Isrc -I$(BUILD)/gen \
	$(filter-out -I/usr/include/cjson,$(shell $(PKG_CONFIG) --cflags $(PACKAGES))) $(CPPFLAGS)
ALL_CFLAGS := -std=c17 -pthread -fno-common $(WARNINGS) -ffile-prefix-map=$(CURDIR)=. \
	$(SANITIZE_FLAGS) $(CFLAGS)
ALL_LDFLAGS := -pthread $(SANITIZE_FLAGS) $(LDFLAGS)
LIBRARIES := $(shell $(PKG_CONFIG) --libs $(PACKAGES)) -lm

COMPILE = $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
LINK = $(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARIES)

# ---- the program ----

SOURCES := $(sort $(wildcard src/*/*.c) $(wildcard src/*/*/*.c))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/obj/%.o)
MAIN := $(BUILD)/obj/cli/main.o
# Everything but main: what tests, fuzz targets and benchmarks link.
LIBRARY := $(BUILD)/libecsgate.a
# What the tool that embeds files needs: the layers left of everything else.
EMBED_OBJECTS := $(filter $(BUILD)/obj/base/% $(BUILD)/obj/node/% $(BUILD)/obj/read/%,$(OBJECTS))

.PHONY: all
all: $(BUILD)/ecsgate

$(BUILD)/ecsgate: $(MAIN) $(LIBRARY)
	$(LINK)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS)) $(BUILD)/obj/embedded.o
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE)

# ---- files that the program carries: policies and schemas ----

EMBEDDED := $(sort $(wildcard schemas/*.json schemas/*/*.json) $(shell find policies -name '*.yaml' 2>/dev/null))

$(BUILD)/embed: $(BUILD)/obj/tools/embed.o $(EMBED_OBJECTS)
	$(LINK)

$(BUILD)/obj/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	$(COMPILE)

# Written anew when the list of files changes, so that a deleted file leaves the program too.
$(BUILD)/gen/embedded.list: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(EMBEDDED) | cmp -s - $@ || printf '%s\n' $(EMBEDDED) > $@

$(BUILD)/gen/embedded.c: $(BUILD)/embed $(BUILD)/gen/embedded.list $(EMBEDDED)
	$(BUILD)/embed $(EMBEDDED) > $@

$(BUILD)/obj/embedded.o: $(BUILD)/gen/embedded.c
	@mkdir -p $(@D)
	$(COMPILE)

# ---- tests ----

UNIT_TESTS := $(patsubst test/unit/%.c,$(BUILD)/test/%,$(sort $(wildcard test/unit/t_*.c)))
TEST_SUPPORT := $(patsubst test/support/%.c,$(BUILD)/obj/test/%.o,$(wildcard test/support/*.c))

$(BUILD)/obj/test/%.o: test/unit/%.c
	@mkdir -p $(@D)
	$(COMPILE) -Itest

$(BUILD)/obj/test/%.o: test/support/%.c
	@mkdir -p $(@D)
	$(COMPILE) -Itest

$(BUILD)/test/%: $(BUILD)/obj/test/%.o $(TEST_SUPPORT) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(LIBRARY) $(LIBRARIES) -lcmocka

.PHONY: test-unit
test-unit: $(UNIT_TESTS)
	@for t in $^; do echo "== $${t##*/}"; $$t 2>&1 || exit 1; done

.PHONY: FORCE
FORCE:

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
