# spacescope: `make help` lists what there is to make.
CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
DESTDIR ?=
BUILD ?= build
PKG_CONFIG ?= pkg-config
OBJCOPY ?= objcopy

BINDIR = $(DESTDIR)$(PREFIX)/bin
LIBDIR = $(DESTDIR)$(PREFIX)/lib
INCLUDEDIR = $(DESTDIR)$(PREFIX)/include/spacescope
MANDIR = $(DESTDIR)$(PREFIX)/share/man/man1
COMPLETIONDIR = $(DESTDIR)$(PREFIX)/share/bash-completion/completions

tui_src := $(wildcard tui/*.c tui/*/*.c)
tui = $(if $(wildcard tui/*.c),$(BUILD)/spacescope-tui)

WARN = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wwrite-strings \
	-Wundef -Wvla -Wformat=2 $(if $(WERROR),-Werror)
# Containers that are read only where their library is there: HAVE_LIBNBD and the like say so to the code.
OPTIONAL_PKGS := $(shell for p in libnbd libewf; do $(PKG_CONFIG) --exists $$p 2>/dev/null && echo $$p; done)
optional_define = -DHAVE_$(shell echo $(1) | tr a-z A-Z)=1
LIB_PKGS = libarchive blkid libxxhash uuid libgcrypt zlib $(OPTIONAL_PKGS)
PKGS = $(LIB_PKGS) jansson $(if $(tui_src),ncursesw)
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
LIB_LIBS := $(shell $(PKG_CONFIG) --libs $(LIB_PKGS) 2>/dev/null) -lpthread
JSON_LIBS := $(shell $(PKG_CONFIG) --libs jansson 2>/dev/null)
CURSES_LIBS := $(shell $(PKG_CONFIG) --libs ncursesw 2>/dev/null)
OPTIONAL_DEFINES := $(foreach p,$(OPTIONAL_PKGS),$(call optional_define,$(p)))
ALL_CPPFLAGS = -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(OPTIONAL_DEFINES) $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=gnu11 -fvisibility=hidden $(WARN) $(ALL_CPPFLAGS) $(CFLAGS) $(SANITIZE)
ALL_LDFLAGS = $(LDFLAGS) $(SANITIZE)
SANITIZERS = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

fsread_src := $(wildcard libfsread/*.c libfsread/*/*.c)
fswrite_src := $(wildcard libfswrite/*.c libfswrite/*/*.c)
inspect_src := $(wildcard inspect/*.c inspect/*/*.c)
report_src := $(wildcard inspect/report/*.c)
unit_src := $(wildcard tests/unit/test_*.c)
unit_help_src := $(filter-out $(unit_src),$(wildcard tests/unit/*.c))
tool_src := $(wildcard tests/tools/*.c)
mutate_src := $(wildcard tests/tools/mutate/*.c)
hostile_src := $(wildcard tests/tools/hostile/*.c)
crash_src := $(wildcard tests/crash/*.c)
bench_src := $(filter-out tests/bench/preload_%,$(wildcard tests/bench/*.c))
preload_src := $(wildcard tests/bench/preload_*.c tests/preload/*.c)
example_src := $(wildcard docs/examples/*.c)
c_src = $(fsread_src) $(fswrite_src) $(inspect_src) $(tui_src) $(unit_src) $(unit_help_src) \
	$(tool_src) $(mutate_src) $(hostile_src) $(crash_src) $(bench_src) $(preload_src) $(example_src)
headers = $(wildcard $(foreach room,libfsread libfswrite inspect tui,$(room)/*.h $(room)/*/*.h) tests/*/*.h tests/*/*/*.h)

# where the program looks for spacescope-tui when it isn't beside it
bindir_define = -DINSTALLED_BINDIR=\"$(abspath $(PREFIX))/bin\"

obj = $(patsubst %.c,$(BUILD)/%.o,$(1))
unit_bin = $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(unit_src))
tool_bin = $(patsubst tests/tools/%.c,$(BUILD)/tests/%,$(tool_src))
example_bin = $(patsubst docs/%.c,$(BUILD)/%,$(example_src))
bench_bin = $(patsubst tests/bench/%.c,$(BUILD)/bench/%,$(bench_src)) \
	$(patsubst tests/bench/%.c,$(BUILD)/bench/%.so,$(filter tests/bench/%,$(preload_src)))
preload_so = $(patsubst tests/preload/%.c,$(BUILD)/tests/%.so,$(filter tests/preload/%,$(preload_src)))

# One short line for each file made; V=1 shows the commands.
say = $(if $(V),,@echo '  $(1)	$@';)

all: $(BUILD)/spacescope $(tui) $(BUILD)/lib/libfsread.a

help:
	@sed -n 's/^## //p' Makefile

## make               build build/spacescope and build/spacescope-tui (runnable in place)
## make setup         install the packages that building and testing need (apt, asks sudo when not root)
## make demo          setup, build, then show the tool at work on shipped samples
## make demo-tui      setup, build, then open some instructive samples in the terminal browser
## make check         build and pass the tests; needs no root
## make check-crash   what a crash or a failing write leaves of a commit; needs btrfs-progs, qemu and three minutes
## make check-kernel  ask Linux and btrfs-progs as well; needs root, qemu and some minutes
## make bench         measure against btrfs-progs and the kernel; needs root (BENCH=small: in a minute or two)
## make sanitize      the tests again, built with address and undefined behaviour sanitizers
## make valgrind      unit tests and some runs of the program under valgrind
## make lint          clang-format, clang-tidy and cppcheck over all sources
## make install       to PREFIX (/usr/local), below DESTDIR; `make uninstall` takes it back
## make clean         remove what was built
##
## Variables: BUILD=dir  WERROR=1  V=1  CC=  CFLAGS=  LDFLAGS=  PREFIX=  DESTDIR=

setup:
	tests/setup build check

# Says what to do instead of a page of compiler errors; nothing to do with freshness, so order-only.
needs:
	@for tool in $(firstword $(CC)) $(firstword $(PKG_CONFIG)); do command -v $$tool >/dev/null || \
		{ echo "'$$tool' is not installed: run 'make setup' (or 'make demo')" >&2; exit 1; }; done
	@$(PKG_CONFIG) --exists $(PKGS) || { $(PKG_CONFIG) --print-errors --exists $(PKGS) 2>&1 | \
		grep '^No package' >&2; echo "libraries are missing: run 'make setup' (or 'make demo')" >&2; exit 1; }

# Objects built with other flags are not reused.
flags = $(CC) $(ALL_CFLAGS)
$(BUILD)/flags: refresh | needs
	@mkdir -p $(@D)
	@echo '$(flags)' | cmp -s - $@ || echo '$(flags)' >$@
refresh:

$(BUILD)/libfsread.a: $(call obj,$(fsread_src))
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(BUILD)/libfswrite.a: $(call obj,$(fswrite_src))
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

# What others link: one object in which only the public names can be seen. libfswrite stands on the inside of
# libfsread, so it holds all of it; a program links one of the two.
$(BUILD)/lib/libfsread.a: $(BUILD)/libfsread.a
$(BUILD)/lib/libfswrite.a: $(BUILD)/libfswrite.a $(BUILD)/libfsread.a
$(BUILD)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	@$(LD) -r -o $(@D)/$*.o --whole-archive $^
	@$(OBJCOPY) --localize-hidden $(@D)/$*.o
	$(call say,AR)$(AR) rcs $@ $(@D)/$*.o

$(BUILD)/spacescope: $(call obj,$(inspect_src)) $(BUILD)/lib/libfswrite.a
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(JSON_LIBS)

$(BUILD)/spacescope-tui: $(call obj,$(tui_src) $(report_src)) $(BUILD)/lib/libfswrite.a
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(JSON_LIBS) $(CURSES_LIBS)

# tests of the browser's parts
$(BUILD)/tests/test_tui_%: $(BUILD)/tests/unit/test_tui_%.o $(call obj,$(unit_help_src) $(report_src) \
	$(filter-out tui/main.c,$(tui_src))) $(BUILD)/libfswrite.a $(BUILD)/libfsread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(JSON_LIBS) $(CURSES_LIBS) -lcmocka

$(BUILD)/tests/test_%: $(BUILD)/tests/unit/test_%.o $(call obj,$(unit_help_src)) $(BUILD)/libfswrite.a \
	$(BUILD)/libfsread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) -lcmocka

$(BUILD)/tests/test_json_stream: $(call obj,inspect/report/json_stream.c)
$(BUILD)/tests/test_json_stream: LIB_LIBS += $(JSON_LIBS)

# what makes bad images judges the library, so it shares nothing with it
$(BUILD)/tests/mutate: $(call obj,$(mutate_src))
$(BUILD)/tests/hostile: $(call obj,$(mutate_src) $(hostile_src))
$(BUILD)/tests/mutate $(BUILD)/tests/hostile: $(BUILD)/tests/%: $(BUILD)/tests/tools/%.o
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/tests/report_again: $(BUILD)/tests/tools/report_again.o $(call obj,$(report_src)) \
	$(BUILD)/lib/libfswrite.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(JSON_LIBS)

$(BUILD)/tests/tui_actions $(BUILD)/tests/tui_random: $(call obj,tui/actions.c)

# drives the browser's terminal by itself
$(BUILD)/tests/tui_%: $(BUILD)/tests/tools/tui_%.o $(call obj,$(report_src) $(wildcard tui/term/*.c)) \
	$(BUILD)/libfswrite.a $(BUILD)/libfsread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS) $(JSON_LIBS) $(CURSES_LIBS)

$(BUILD)/tests/%: $(BUILD)/tests/tools/%.o $(BUILD)/libfswrite.a $(BUILD)/libfsread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIB_LIBS)

comma := ,
# calls that fail when they are told to
crash_wrap = malloc calloc realloc reallocarray strdup strndup write pwrite64 fsync fdatasync
$(BUILD)/tests/crasher: $(call obj,$(crash_src)) $(BUILD)/libfswrite.a $(BUILD)/libfsread.a
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) $(addprefix -Wl$(comma)--wrap=,$(crash_wrap)) -o $@ $^ $(LIB_LIBS)

# built as from outside, with what is installed
$(BUILD)/examples/%: docs/examples/%.c libfswrite/fswrite.h libfsread/fsread.h $(BUILD)/lib/libfswrite.a $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) -Ilibfswrite $(ALL_LDFLAGS) -o $@ $< $(BUILD)/lib/libfswrite.a $(LIB_LIBS)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^

$(BUILD)/bench/limit: $(BUILD)/tests/bench/limit.o $(call obj,$(mutate_src) libfsread/format/crc32c.c)
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_LDFLAGS) -o $@ $^

preload_flags = -fPIC -shared -fvisibility=default
$(BUILD)/bench/%.so: tests/bench/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(preload_flags) -o $@ $<

$(BUILD)/tests/%.so: tests/preload/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK)$(CC) $(ALL_CFLAGS) $(preload_flags) -o $@ $<

# Another PREFIX is another program, but most of it stays the same.
$(BUILD)/prefix: refresh
	@mkdir -p $(@D)
	@echo '$(PREFIX)' | cmp -s - $@ || echo '$(PREFIX)' >$@
$(BUILD)/inspect/cmd_tui.o: $(BUILD)/prefix
$(BUILD)/inspect/cmd_tui.o: private own_flags = $(bindir_define)

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(ALL_CFLAGS) $(own_flags) -MMD -MP -c -o $@ $<

-include $(patsubst %.o,%.d,$(call obj,$(c_src)))

tests: all $(unit_bin) $(tool_bin) $(preload_so) $(example_bin) $(BUILD)/tests/crasher

demo:
	@tests/setup build check
	@$(MAKE) --no-print-directory all
	@tests/demo $(BUILD)/spacescope

demo_images = clean stale-label misplaced bitmaps-mixed crash-wrap v2-excess
demo-tui:
	@tests/setup build
	@$(MAKE) --no-print-directory all
	@$(BUILD)/spacescope-tui $(patsubst %,samples/%.tar.zst,$(demo_images))

check: tests
	tests/run --build $(BUILD)

# Failing calls are tried under the sanitizers: an error's way out is where memory leaks.
check-crash: $(BUILD)/tests/crasher
	$(MAKE) BUILD=$(BUILD)/sanitize CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' $(BUILD)/sanitize/tests/crasher
	tests/crash/run --build $(BUILD) --sanitized $(BUILD)/sanitize

check-kernel: tests
	tests/kernel/run $(BUILD)

bench: all $(bench_bin)
	tests/bench/run --build $(BUILD) $(BENCH)

sanitize:
	$(MAKE) BUILD=build/sanitize CFLAGS='-O1 -g' SANITIZE='$(SANITIZERS)' tests
	UBSAN_OPTIONS=print_stacktrace=1 tests/run --build build/sanitize

valgrind: tests
	tests/valgrind --build $(BUILD)

lint: lint-format lint-cppcheck lint-tidy

lint-format:
	@echo '  clang-format'
	@clang-format --dry-run -Werror $(c_src) $(headers)

lint-cppcheck: needs
	@echo '  cppcheck'
	@cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,portability,performance --inline-suppr \
		--suppressions-list=.cppcheck $(filter-out -I%,$(ALL_CPPFLAGS)) $(bindir_define) $(c_src)

# Findings come on stdout; stderr has but the numbers of warnings in system headers.
lint-tidy: needs
	@echo '  clang-tidy'
	@clang-tidy --version >/dev/null
	@printf '%s\n' $(c_src) | xargs -P$$(nproc) -n4 sh -c \
		'exec clang-tidy --quiet "$$@" -- -std=gnu11 $(ALL_CPPFLAGS) $(bindir_define) -Ilibfswrite 2>/dev/null' tidy

install: all
	install -d $(BINDIR) $(LIBDIR)/pkgconfig $(INCLUDEDIR)/format $(MANDIR) $(COMPLETIONDIR)
	install -m 755 $(BUILD)/spacescope $(tui) $(BINDIR)
	install -m 644 $(BUILD)/lib/libfsread.a $(LIBDIR)/libfsread.a
	install -m 644 $(BUILD)/lib/libfswrite.a $(LIBDIR)/libfswrite.a
	install -m 644 libfsread/fsread.h $(INCLUDEDIR)/fsread.h
	sed 's|"../libfsread/fsread.h"|"fsread.h"|' libfswrite/fswrite.h >$(INCLUDEDIR)/fswrite.h
	install -m 644 libfsread/format/findings.def $(INCLUDEDIR)/format/findings.def
	for library in libfsread libfswrite; do \
		sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(version)|' -e 's|@REQUIRES@|$(LIB_PKGS)|' \
			$$library/$$library.pc.in >$(LIBDIR)/pkgconfig/$$library.pc || exit 1; done
	install -m 644 inspect/spacescope.1 $(if $(tui),tui/spacescope-tui.1) $(MANDIR)
	install -m 644 inspect/spacescope.bash $(COMPLETIONDIR)/spacescope

version = $(shell sed -n 's/.*FSR_VERSION "\(.*\)"/\1/p' libfsread/fsread.h)

uninstall:
	rm -f $(BINDIR)/spacescope $(BINDIR)/spacescope-tui $(LIBDIR)/libfsread.a $(LIBDIR)/libfswrite.a \
		$(LIBDIR)/pkgconfig/libfsread.pc $(LIBDIR)/pkgconfig/libfswrite.pc \
		$(MANDIR)/spacescope.1 $(MANDIR)/spacescope-tui.1 $(COMPLETIONDIR)/spacescope \
		$(INCLUDEDIR)/fsread.h $(INCLUDEDIR)/fswrite.h $(INCLUDEDIR)/format/findings.def
	rmdir $(INCLUDEDIR)/format $(INCLUDEDIR) 2>/dev/null || true

clean:
	rm -rf build

.PHONY: all help setup needs refresh tests demo demo-tui check check-crash check-kernel bench sanitize valgrind lint lint-format lint-cppcheck \
	lint-tidy install uninstall clean
.SECONDARY:
