/* SPDX-License-Identifier: MIT */
/* spacescope: shows and judges the free space caches of an unmounted btrfs image. */
#include "help.h"
#include "options.h"
#include "output.h"

int main(int argc, char **argv)
{
	struct settings settings;
	int status;

	output_setup();
	if (settings_parse(&settings, argc, argv) != 0)
		status = STATUS_TROUBLE;
	else if (settings.help)
		status = help_print(settings.command);
	else if (settings.version)
		status = help_print_version();
	else
		status = settings.command->run(&settings);
	settings_free(&settings);
	return output_finish(status);
}
