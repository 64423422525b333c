/* SPDX-License-Identifier: MIT */
#ifndef INSPECT_REPORT_READ_DOCUMENT_H
#define INSPECT_REPORT_READ_DOCUMENT_H

#include "read.h"
#include "read_trouble.h"

#include <stdio.h>

/* Reads the document in the file, a JSON object or NDJSON, into *report. False: failed. */
bool read_document(FILE *in, struct report *report, struct trouble *trouble);

#endif
