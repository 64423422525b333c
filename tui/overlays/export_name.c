/* SPDX-License-Identifier: MIT */
#include "export_name.h"

#include "save.h"

#include <stdio.h>
#include <string.h>

/* Length of the name without one ending of an image or container; the whole where there is none. */
static size_t without_ending(const char *name, size_t n)
{
	static const char *const endings[] = {".img", ".raw", ".bin", ".iso", ".image", ".btrfs", ".json",
		".ndjson", ".tar", ".zst", ".xz", ".gz", ".bz2", ".lz4", ".zip", ".7z"};

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t length = strlen(endings[i]);

		if (n > length && !strncasecmp(name + n - length, endings[i], length))
			return n - length;
	}
	return n;
}

void export_name(const char *image, const char *what, bool json, char *out, size_t size)
{
	const char *slash = strrchr(image, '/');
	size_t n, shorter;

	if (slash) /* a saved report may say anything */
		image = slash + 1;
	n = strlen(image);

	while ((shorter = without_ending(image, n)) < n)
		n = shorter;
	snprintf(out, size, "%.*s.%s.%s", n ? (int)n : 5, n ? image : "image", what, json ? "json" : "txt");
}

bool export_is_shown(const struct ui *ui, const char *path)
{
	const struct tab_options *options = &ui->options->tab;
	bool same = false;

	for (size_t i = 0; i < options->ndevices; i++)
		same |= save_is_same(path, options->devices[i]);
	for (size_t i = 0; i < ui->ntabs; i++) {
		same |= save_is_same(path, ui->tabs[i]->path);
		for (char **own = ui->tabs[i]->own_paths; own && *own; own++)
			same |= save_is_same(path, *own);
	}
	return same;
}
