# ecsgate: one Makefile, no recursion. Everything built goes to build/.
#
#   make                 the program, build/ecsgate
#   make test            every test: unit, policies' cases, golden files, command line
#   make SANITIZE=1 …    the same under AddressSanitizer and UndefinedBehaviorSanitizer, in build/asan
#   make check           the lints: layers, format, cppcheck, shellcheck
#   make analyze         clang-tidy: slower, deeper
#   make format          lays the sources out by .clang-format
#   make golden-update   writes the golden files anew (read the difference)
#   make install         PREFIX=/usr/local DESTDIR=
#   make bench           the benchmarks, as ratios (bench/README.md)
#   make fuzz-smoke      every fuzz target for a while, FUZZ_SECONDS=60 in all
#   make docs            pages that are made from the program: docs/rules/ and docs/reference.md
#   make clean           removes build/
#   make help            prints this
#
# WERROR=1 makes warnings errors; CC, CFLAGS, LDFLAGS and BUILD are taken as usual.

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
PACKAGES := yaml-0.1 jansson libcjson libpcre2-8 libcrypto

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
EMBED_OBJECTS := $(filter-out $(BUILD)/obj/base/embedded.o,\
	$(filter $(BUILD)/obj/base/% $(BUILD)/obj/node/% $(BUILD)/obj/read/%,$(OBJECTS)))

.PHONY: all
all: $(BUILD)/ecsgate

$(BUILD)/ecsgate: $(MAIN) $(LIBRARY)
	$(LINK)

$(LIBRARY): $(filter-out $(MAIN),$(OBJECTS)) $(BUILD)/obj/embedded.o $(BUILD)/obj/programs.o
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(COMPILE)

# ---- files that the program carries: policies, schemas, the HTML document's style and script ----

EMBEDDED := $(sort $(wildcard schemas/*.json schemas/*/*.json src/report/*.css src/report/*.js) \
	src/cel/zones.txt \
	$(shell find policies -name '*.yaml' 2>/dev/null))

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
	@$(BUILD)/embed $(EMBEDDED) > $@

# The rules' expressions are compiled when the program is built.
$(BUILD)/precompile: $(BUILD)/obj/tools/precompile.o $(filter-out $(MAIN),$(OBJECTS)) \
		$(BUILD)/obj/embedded.o
	$(LINK)

$(BUILD)/gen/programs.c: $(BUILD)/precompile
	@$(BUILD)/precompile > $@

$(BUILD)/obj/embedded.o $(BUILD)/obj/programs.o: $(BUILD)/obj/%.o: $(BUILD)/gen/%.c
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

# ---- every test ----
#
# The counts of all tools are added up by the script; its last line is "N passed, N failed".

.PHONY: test
test: $(BUILD)/ecsgate $(UNIT_TESTS) $(patsubst test/fuzz/f_%.c,$(BUILD)/test/replay_%,$(wildcard test/fuzz/f_*.c))
	@scripts/run-tests $(BUILD)

.PHONY: golden-update
golden-update: $(BUILD)/ecsgate $(BUILD)/test/t_report_golden
	scripts/golden --update $(BUILD)/ecsgate
	UPDATE=1 $(BUILD)/test/t_report_golden

# ---- lints: quick, and none of them builds anything ----

C_FILES := $(sort $(shell find src test tools bench -name '*.[ch]' 2>/dev/null))
SHELL_FILES := bootstrap .ci/run $(shell grep -lE '^\#!/bin/(ba)?sh' scripts/* bench/* 2>/dev/null)
# The version whose taste .clang-format was written for; others lay the same code out differently.
CLANG_FORMAT ?= clang-format-14
CPPCHECK ?= cppcheck
SHELLCHECK ?= shellcheck

.PHONY: check
check: layers format-check tidy shellcheck

.PHONY: layers
layers:
	scripts/check-layers

.PHONY: format
format:
	$(CLANG_FORMAT) -i $(C_FILES)

.PHONY: format-check
format-check:
	@echo '$(CLANG_FORMAT) over $(words $(C_FILES)) files'
	@$(CLANG_FORMAT) --dry-run --Werror $(C_FILES)

.PHONY: lint tidy
lint tidy:
	$(CPPCHECK) --quiet --std=c11 --language=c --enable=warning,performance,portability \
		--inline-suppr --library=.cppcheck.cfg \
		--suppressions-list=.cppcheck-suppressions --error-exitcode=1 \
		-j 2 -Isrc -D_GNU_SOURCE -DEG_VERSION='"$(VERSION)"' src tools

# Slower and deeper than cppcheck: minutes, so not part of `check`.
CLANG_TIDY ?= clang-tidy-14

.PHONY: analyze
analyze:
	@printf '%s\n' $(sort $(wildcard src/*/*.c)) | xargs -P "$$(getconf _NPROCESSORS_ONLN)" -n 6 \
		sh -c '$(CLANG_TIDY) --quiet "$$@" -- -std=c17 $(filter-out -DEG_VERSION=%,$(ALL_CPPFLAGS)) -DEG_VERSION=\"\"' tidy

.PHONY: shellcheck
shellcheck:
	$(SHELLCHECK) $(SHELL_FILES)

# ---- installing ----

BINDIR := $(DESTDIR)$(PREFIX)/bin
DATADIR := $(DESTDIR)$(PREFIX)/share/ecsgate
MANDIR := $(DESTDIR)$(PREFIX)/share/man/man1
DOCDIR := $(DESTDIR)$(PREFIX)/share/doc/ecsgate

# The program carries its policies and schemas; they are installed to be read and copied from.
.PHONY: install
install: $(BUILD)/ecsgate
	$(INSTALL) -d $(BINDIR) $(DATADIR) $(DOCDIR)
	$(INSTALL) -m 755 $(BUILD)/ecsgate $(BINDIR)/ecsgate
	cp -R $(wildcard policies schemas) $(DATADIR)/
	chmod -R u=rwX,go=rX $(DATADIR)
	$(INSTALL) -m 644 README.md LICENSE CHANGELOG.md $(wildcard docs/*.md) $(DOCDIR)/
	$(if $(wildcard docs/ecsgate.1),$(INSTALL) -d $(MANDIR) && $(INSTALL) -m 644 docs/ecsgate.1 $(MANDIR)/)

.PHONY: uninstall
uninstall:
	rm -rf $(BINDIR)/ecsgate $(DATADIR) $(DOCDIR) $(MANDIR)/ecsgate.1

# ---- benchmarks ----

$(BUILD)/bench/%: bench/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(LIBRARY) $(LIBRARIES)

.PHONY: bench
bench: $(BUILD)/ecsgate $(patsubst bench/%.c,$(BUILD)/bench/%,$(wildcard bench/*.c))
	bench/run $(BUILD)

# ---- fuzzing ----
#
# test/fuzz/f_NAME.c is a target of libFuzzer, test/fuzz/corpus/NAME/ its seeds, test/fuzz/found/NAME/
# what it once found. They are built with clang, apart from everything else, in build/fuzz.

FUZZ_CC ?= clang
FUZZ_SECONDS ?= 60
FUZZ_FLAGS := -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_TARGETS := $(patsubst test/fuzz/%.c,build/fuzz/%,$(sort $(wildcard test/fuzz/f_*.c)))
FUZZ_OBJECTS := $(SOURCES:src/%.c=build/fuzz/obj/%.o)
FUZZ_SUPPORT := test/fuzz/check.c test/support/memory.c test/support/jansson.c

build/fuzz/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(ALL_CPPFLAGS) -std=c17 -pthread $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

build/fuzz/obj/embedded.o build/fuzz/obj/programs.o: build/fuzz/obj/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(FUZZ_CC) $(ALL_CPPFLAGS) -std=c17 $(FUZZ_FLAGS) -c -o $@ $<

build/fuzz/libecsgate.a: $(filter-out build/fuzz/obj/cli/main.o,$(FUZZ_OBJECTS)) \
		build/fuzz/obj/embedded.o build/fuzz/obj/programs.o
	@rm -f $@
	$(AR) rcs $@ $^

build/fuzz/f_%: test/fuzz/f_%.c $(FUZZ_SUPPORT) build/fuzz/libecsgate.a
	@mkdir -p $(@D)
	$(FUZZ_CC) $(ALL_CPPFLAGS) -std=c17 -pthread $(FUZZ_FLAGS) -fsanitize=fuzzer -Itest \
		-o $@ $^ $(LIBRARIES)

.PHONY: fuzz
fuzz: $(FUZZ_TARGETS)

# The corpus as a test, with any compiler and without a fuzzer.
$(BUILD)/test/replay_%: test/fuzz/f_%.c test/fuzz/main.c $(FUZZ_SUPPORT) $(LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) $(ALL_LDFLAGS) -Itest -o $@ $^ $(LIBRARIES)

.PHONY: fuzz-replay
fuzz-replay: $(patsubst build/fuzz/f_%,$(BUILD)/test/replay_%,$(FUZZ_TARGETS))
	@for t in $^; do $$t $(wildcard test/fuzz/corpus/* test/fuzz/found/*) || exit 1; done

.PHONY: fuzz-smoke
fuzz-smoke: fuzz
	scripts/fuzz-smoke $(FUZZ_SECONDS) $(FUZZ_TARGETS)

# ---- pages made from the program and its policies ----

.PHONY: docs
docs: $(BUILD)/ecsgate
	scripts/docs $(BUILD)/ecsgate

# ---- help ----

.PHONY: help
help:
	@sed -n '/^$$/q; s/^# \{0,1\}//p' Makefile

.PHONY: FORCE
FORCE:

.PHONY: clean
clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
