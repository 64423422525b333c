/* SPDX-License-Identifier: MIT */
/* What loop devices do to a claim. Needs root; nothing is mounted. */
#include "../../libfswrite/device/copy.h"
#include "../../libfswrite/device/set.h"
#include "container.h"
#include "image.h"

#include <fcntl.h>
#include <linux/loop.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cmocka.h>

static char device[32];
static struct fsr_error error;

/* Another process may take the free device first. Detached when its last user closes it. */
static int attach(const char *path)
{
	int control = open("/dev/loop-control", O_RDWR | O_CLOEXEC), loop = -1,
	    file = open(path, O_RDWR | O_CLOEXEC);
	const struct loop_config config = {.fd = (unsigned)file, .info.lo_flags = LO_FLAGS_AUTOCLEAR};

	for (int tries = 0; control >= 0 && tries < 50 && loop < 0; tries++) {
		snprintf(device, sizeof device, "/dev/loop%d", ioctl(control, LOOP_CTL_GET_FREE));
		loop = open(device, O_RDWR | O_CLOEXEC);
		if (loop >= 0 && ioctl(loop, LOOP_CONFIGURE, &config)) {
			close(loop);
			loop = -1;
		}
	}
	if (control >= 0)
		close(control);
	close(file);
	return loop;
}

static void test_loop_which_needs_root(void **state)
{
	const char *path = "image";
	struct image_copy copy;
	struct device_set *set;
	int loop, fd, other;
	char words[128];

	(void)state;
	loop = attach("image");
	if (loop < 0) {
		print_message("no loop device can be had\n");
		skip();
	}
	assert_int_equal(device_claim("image", &fd, &error), FSR_E_BUSY);
	snprintf(words, sizeof words, "'image' is attached to %s; nothing may be written to it", device);
	assert_string_equal(error.text, words);
	assert_int_equal(device_set_open(&path, 1, NULL, DEVICES_WRITE, NULL, &set, &error), FSR_E_BUSY);
	assert_int_equal(device_claim(device, &fd, &error), 0);
	assert_int_equal(device_claim(device, &other, &error), FSR_E_BUSY);
	/* Held by somebody, as by a mount: then its file may change while it is copied. */
	assert_int_equal(image_copy_make(&path, 1, NULL, "copy", &copy, &error), FSR_E_BUSY);
	close(fd);
	path = device;
	assert_int_equal(device_set_open(&path, 1, NULL, DEVICES_WRITE, NULL, &set, &error), 0);
	assert_int_equal(set->list[0]->size, 2 * MIB);
	assert_int_equal(device_write(overlay_base(set->list[0]), "loop", 4, MIB, &error), 0);
	assert_int_equal(device_flush(overlay_base(set->list[0]), &error), 0);
	device_set_close(set);
	close(loop);
	fd = open("image", O_RDONLY | O_CLOEXEC);
	assert_int_equal(pread(fd, words, 4, MIB), 4);
	assert_memory_equal(words, "loop", 4);
	close(fd);
}

static int setup(void **state)
{
	if (enter_scratch(state))
		return -1;
	set_size("image", 2 * MIB);
	put_btrfs("image", 0, 1, 1, 2 * MIB);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_loop_which_needs_root)};

	return cmocka_run_group_tests(tests, setup, leave_scratch);
}
