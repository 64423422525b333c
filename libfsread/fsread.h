/* SPDX-License-Identifier: MIT */
/*
 * libfsread: read and judge the free space caches of an unmounted btrfs.
 *
 * Nothing here writes to an image. A call returns 0 (or a positive answer where
 * it says so) or a negative enum fsr_code and then fills the caller's struct
 * fsr_error. The library never prints, exits or aborts. All addresses, lengths
 * and sizes are in bytes; "bytenr" is a logical address. Pointers handed to a
 * callback are valid until the callback returns, unless said otherwise.
 *
 * Calls on one filesystem may run side by side in several threads, apart from fsr_findings() and
 * fsr_close(), which must run alone.
 */
#ifndef FSREAD_H
#define FSREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FSR_VERSION "0.1.0"

#define FSR_API __attribute__((visibility("default")))

/* ---- errors ---------------------------------------------------------- */

enum fsr_code {
	FSR_OK = 0,
	FSR_E_NOMEM = -1,       /* memory ran out */
	FSR_E_IO = -2,          /* the system failed a read or an open */
	FSR_E_TRUNCATED = -3,   /* an address lies beyond the end of the image */
	FSR_E_NOT_BTRFS = -4,   /* no btrfs found in the source */
	FSR_E_UNSUPPORTED = -5, /* a feature that is refused by name */
	FSR_E_CORRUPT = -6,     /* a structure fails its checks */
	FSR_E_MISSING = -7,     /* on a device that was not given, or left out by a dump */
	FSR_E_NOT_FOUND = -8,   /* what was asked for does not exist */
	FSR_E_INVALID = -9,     /* an argument is out of its range */
	FSR_E_CHANGED = -10,    /* the image changed while it was read */
	FSR_E_LIMIT = -11,      /* a container is larger than the set limit */
	FSR_E_AMBIGUOUS = -12,  /* several filesystems; one must be chosen */
	FSR_E_STOPPED = -13,    /* a callback asked to stop */
	FSR_E_BUSY = -14,       /* mounted, attached or locked: not to be written to */
	FSR_E_REFUSED = -15,    /* what was asked for can't be done safely */
	FSR_E_NO_SPACE = -16,   /* no free space for what must be written */
};

/* What went wrong and where. devid 0 and bytenr FSR_NO_BYTENR mean "nowhere in particular". */
struct fsr_error {
	int code;
	uint64_t devid;
	uint64_t bytenr;
	char text[512];
};

#define FSR_NO_BYTENR UINT64_MAX

/* ---- words ----------------------------------------------------------- */

/* Where a block group's cache stands, derived from disk (docs/format.md). */
enum fsr_state {
	FSR_STATE_NONE,
	FSR_STATE_CLEAR,
	FSR_STATE_SETUP,
	FSR_STATE_NEED_WRITE,
	FSR_STATE_ERROR,
	FSR_STATE_WRITTEN,
	FSR_STATE_UNKNOWN,
	FSR_STATE_COUNT
};

/* What Linux does with a cache when it loads it. */
enum fsr_verdict {
	FSR_VERDICT_NOT_LOADED,
	FSR_VERDICT_IGNORED,
	FSR_VERDICT_REFUSED,
	FSR_VERDICT_ACCEPTED,
	FSR_VERDICT_CRASHES,
	FSR_VERDICT_UNKNOWN,
	FSR_VERDICT_COUNT
};

/* The layout of a cache (or free space tree) against the recomputed free space. */
enum fsr_relation {
	FSR_RELATION_NULL,      /* nothing compared: not every page could be read */
	FSR_RELATION_EQUAL,     /* excess 0, missing 0 */
	FSR_RELATION_SHORT,     /* only missing */
	FSR_RELATION_EXCESS,    /* only excess */
	FSR_RELATION_MISPLACED, /* both */
};

enum fsr_severity {
	FSR_SEVERITY_NOTE,
	FSR_SEVERITY_WARNING,
	FSR_SEVERITY_ERROR,
	FSR_SEVERITY_DANGER,
};

enum fsr_space_cache { FSR_SPACE_CACHE_NONE, FSR_SPACE_CACHE_V1, FSR_SPACE_CACHE_V2 };

/* Every finding code; the texts stand in format/findings.def, one row each. */
enum fsr_finding_code {
	FSR_FINDING_NONE,
#define FINDING(id, name, severity, title, meaning, linux_does, action) FSR_FINDING_##id,
#include "format/findings.def"
#undef FINDING
	FSR_FINDING_COUNT
};

/* The fixed texts of a finding code, as `explain` prints them. */
struct fsr_finding_info {
	enum fsr_finding_code code;
	const char *name;           /* "cache-crc" */
	enum fsr_severity severity; /* the usual one; a finding carries its own */
	const char *title;
	const char *meaning;
	const char *linux_does;
	const char *action;
};

/* One number or text of a finding. text is used where it is not empty. */
struct fsr_detail {
	const char *name; /* static */
	uint64_t value;
	char text[48];
};

#define FSR_MAX_DETAILS 8

/* One thing wrong. block_group is FSR_NO_BYTENR for a finding about the whole filesystem. */
struct fsr_finding {
	enum fsr_finding_code code;
	enum fsr_severity severity;
	uint64_t block_group;
	char message[256];
	unsigned ndetails;
	struct fsr_detail details[FSR_MAX_DETAILS];
};

FSR_API const char *fsr_state_name(enum fsr_state state);
FSR_API const char *fsr_state_meaning(enum fsr_state state);
FSR_API const char *fsr_verdict_name(enum fsr_verdict verdict);
FSR_API const char *fsr_relation_name(enum fsr_relation relation); /* NULL for FSR_RELATION_NULL */
FSR_API const char *fsr_severity_name(enum fsr_severity severity);
FSR_API const char *fsr_space_cache_name(enum fsr_space_cache kind);
/* NULL for FSR_FINDING_NONE and numbers outside the table. */
FSR_API const struct fsr_finding_info *fsr_finding_info(enum fsr_finding_code code);
FSR_API const struct fsr_finding_info *fsr_finding_by_name(const char *name);
/* What step n of the load algorithm (F-A6) checks; NULL outside 1..21. */
FSR_API const char *fsr_step_meaning(int step);

/* Names of on-disk numbers, in the field's own words; NULL where there is none. */
FSR_API const char *fsr_objectid_name(uint64_t objectid); /* "ROOT_TREE", "FREE_SPACE" */
FSR_API const char *fsr_key_type_name(uint8_t type);      /* "INODE_ITEM", "UNTYPED" */
FSR_API const char *fsr_profile_name(uint64_t flags);     /* "single", "DUP", "RAID1" */
FSR_API const char *fsr_csum_type_name(unsigned csum_type);
FSR_API const char *fsr_type_name(uint64_t flag);    /* one type bit: "DATA" */
FSR_API const char *fsr_incompat_name(unsigned bit); /* bit number 0..63 */
FSR_API const char *fsr_compat_ro_name(unsigned bit);

/* Name and version of the i-th library that this one stands on; false past the last. The strings are static.
 */
FSR_API bool fsr_library(size_t i, const char **name, const char **version);

/* A container of disks that is known, and whether this build reads it. The strings are static. */
struct fsr_container {
	const char *names;   /* of its formats: "qcow2, VMDK, VDI, VHDX" */
	const char *library; /* what reads it; NULL: libfsread itself */
	const char *package; /* of Debian, to build it in; NULL: it always is */
	bool built;
};
/* The i-th; false past the last. */
FSR_API bool fsr_container(size_t i, struct fsr_container *out);

/* ---- opening --------------------------------------------------------- */

struct fsr_fs;

/* All zero means: find the filesystem by itself, limits as documented, no progress. */
struct fsr_open_options {
	unsigned partition; /* number of the partition to open; 0: find it */
	bool has_offset;    /* take the filesystem at `offset` of the image */
	uint64_t offset;
	const char *member;    /* name of the archive member to open; NULL: find it */
	uint64_t unpack_limit; /* non-zero bytes unpacked at most; 0: 8 GiB */
	/* A virtual disk may read files outside its own folder: backing files, data files, extents. */
	bool allow_outside;
	const char *ddrescue_map; /* GNU ddrescue's map file of the first image; NULL: none */
	/* Every copy of what is visited (tree blocks, cache pages) is read, and compared with the one in use.
	 */
	bool all_copies;
	/* Called now and then during long work; non-zero stops it (FSR_E_STOPPED). */
	int (*progress)(void *arg, const char *what, uint64_t done, uint64_t total);
	void *progress_arg;
};

/*
 * Opens the filesystem that lies on the n files (first the image, then its other
 * devices), O_RDONLY, and reads superblocks, chunks, block group items and the
 * root tree. Damage that leaves something to show becomes findings, not an error.
 * *out is to be given to fsr_close().
 */
FSR_API int fsr_open(struct fsr_fs **out, const char *const *paths, size_t n,
	const struct fsr_open_options *options, struct fsr_error *err);
FSR_API void fsr_close(struct fsr_fs *fs);

/* Facts of the superblock in use. */
struct fsr_filesystem {
	uint8_t fsid[16];
	uint8_t metadata_uuid[16];
	char label[257]; /* raw bytes from the image, ended by 0 */
	uint64_t generation;
	uint64_t cache_generation; /* UINT64_MAX: v1 allowed, nothing written yet */
	enum fsr_space_cache space_cache;
	uint32_t nodesize, sectorsize;
	unsigned csum_type;
	uint64_t num_devices, total_bytes, bytes_used;
	uint64_t compat_flags, compat_ro_flags, incompat_flags;
	uint64_t root, chunk_root, log_root;
	uint8_t root_level, chunk_root_level, log_root_level;
	uint64_t chunk_root_generation;
};

/* One device that was given. */
struct fsr_device {
	const char *path; /* as given; archive members: the member's name */
	uint64_t devid;
	uint8_t uuid[16];
	uint64_t offset;       /* where the filesystem starts in the image */
	uint64_t size;         /* bytes from there to the end of the image or partition; no address in a
				* dump reaches beyond */
	uint64_t total_bytes;  /* as the device item says */
	bool in_place;         /* the file is the image itself, not a compressed file or a container */
	const char *container; /* "qcow2", "E01", "btrfs-image" ...; NULL: none. Static */
};

/* One superblock copy. raw is the 4096 bytes as read; a copy past the end is not present. */
struct fsr_super_mirror {
	uint64_t devid;
	unsigned index;  /* 0, 1, 2 */
	uint64_t offset; /* 65536, 67108864, 274877906944 */
	bool present, magic_ok, csum_ok, used;
	uint8_t raw[4096];
};

FSR_API const struct fsr_filesystem *fsr_filesystem(const struct fsr_fs *fs);
FSR_API uint64_t fsr_image_size(const struct fsr_fs *fs); /* of the first file given, as stored */
FSR_API size_t fsr_device_count(const struct fsr_fs *fs);
FSR_API const struct fsr_device *fsr_device(const struct fsr_fs *fs, size_t i);
FSR_API size_t fsr_mirror_count(const struct fsr_fs *fs);
FSR_API const struct fsr_super_mirror *fsr_mirror(const struct fsr_fs *fs, size_t i);

/* Copies of superblocks, tree blocks and cache pages that were read, and those of them that are not as the
 * others. */
struct fsr_copy_counts {
	uint64_t read;
	uint64_t differing; /* lawful in itself, but not the same bytes */
	uint64_t failing;   /* can't be read, or fails its checks */
};
/*
 * Those since fsr_open(); false where `all_copies` was not asked for. A superblock and a tree block count
 * once for each of their copies, the pages of a cache each time that it is judged.
 */
FSR_API bool fsr_copy_counts(const struct fsr_fs *fs, struct fsr_copy_counts *counts);

/* ---- judging --------------------------------------------------------- */

#define FSR_MAX_COPIES 4

/* The three stamps and the numbers of one cache. A stamp that can't be read has its has_ false. */
struct fsr_cache_facts {
	uint64_t inode;
	uint64_t generation; /* of the header */
	bool has_inode_generation, has_page_generation, has_ranges;
	uint64_t inode_generation, page_generation;
	uint64_t entries, bitmaps, pages; /* header's counts; pages = N of F-A4 */
	uint64_t declared_bytes;          /* sum of the entries' bytes, modulo 2^64, as Linux adds up */
	uint64_t ranges_bytes;            /* union of all listed ranges and set bits */
	char format;                      /* 'A', 'B', 'C' of F-A13; '?' unknown */
};

struct fsr_copy_verdict {
	uint64_t devid;
	enum fsr_verdict verdict;
	int step;
};

struct fsr_free_space_tree_facts {
	bool valid; /* its items are well formed and Linux would load them */
	enum fsr_relation relation;
	uint64_t excess_bytes, missing_bytes;
	uint64_t extent_count;
	uint32_t flags;
};

/*
 * Everything known about one block group: what text, JSON and the terminal
 * browser all render. An address range that a damaged tree hides has
 * has_item false and state UNKNOWN.
 */
struct fsr_group {
	size_t index;
	uint64_t bytenr, length, flags;
	bool has_item; /* the block group item was found */
	bool pending;  /* fsr_outline() only: state, verdict, step and reason are not known yet (UNKNOWN) */
	uint64_t used;
	uint64_t excluded_bytes; /* super stripes, F-A10 */
	enum fsr_state state;
	enum fsr_verdict verdict, verdict_if_trusted;
	int step;                         /* deciding step of F-A6, 0: none */
	enum fsr_finding_code reason;     /* the finding that decides, FSR_FINDING_NONE: none */
	const char *const *crash_kernels; /* versions that crash, NULL-ended, or NULL */
	bool has_cache;
	struct fsr_cache_facts cache;
	unsigned ncopies; /* > 0 only where copies of the cache differ */
	struct fsr_copy_verdict copies[FSR_MAX_COPIES];
	bool has_recomputed;
	uint64_t recomputed_free_bytes, recomputed_ranges, recomputed_largest; /* the longest range */
	enum fsr_relation relation;
	uint64_t excess_bytes, missing_bytes;
	bool has_free_space_tree;
	struct fsr_free_space_tree_facts free_space_tree;
	size_t nfindings;
	const struct fsr_finding *findings; /* ordered: worst first, then as found */
};

struct fsr_judge_options {
	unsigned threads; /* 0: one per processor, at most 8 */
	bool has_group;   /* only the block group at `group` */
	uint64_t group;
	int (*progress)(void *arg, const char *what, uint64_t done, uint64_t total);
	void *progress_arg;
};

/* A non-zero answer stops the work (FSR_E_STOPPED). */
typedef int (*fsr_group_fn)(void *arg, const struct fsr_group *group);

/*
 * Gives every block group's record, in address order, as far as it is known from what fsr_open() read: no
 * extent and no cache page is looked at. Where the root tree alone decides (NONE, CLEAR, SETUP, a broken
 * structure, stamps that disagree) state, verdict, step, reason and the findings so far stand as fsr_judge()
 * will give them, except that damage in the extent tree can still make the state UNKNOWN. All others are
 * `pending`. What takes a scan (recomputed free space, comparison, copies) is not there.
 */
FSR_API int fsr_outline(struct fsr_fs *fs, fsr_group_fn fn, void *arg, struct fsr_error *err);

/*
 * Judges block groups by workers side by side; fn gets each one's record in
 * address order from the calling thread, so that the order is the same for any
 * number of threads. Damage costs the block groups it hides, never the call.
 */
FSR_API int fsr_judge(struct fsr_fs *fs, const struct fsr_judge_options *options, fsr_group_fn fn, void *arg,
	struct fsr_error *err);

/*
 * Filesystem-wide findings, sorted, known so far: complete after fsr_judge() over all block
 * groups. The array is the filesystem's; it is valid until the next call that judges or reads.
 */
FSR_API size_t fsr_findings(struct fsr_fs *fs, const struct fsr_finding **out);
/* The same as a copy, which is to be given to free(); may run beside other calls. FSR_E_NOMEM. */
FSR_API int fsr_findings_copy(struct fsr_fs *fs, struct fsr_finding **out, size_t *count);

/* ---- one cache in full ------------------------------------------------ */

struct fsr_key {
	uint64_t objectid;
	uint8_t type;
	uint64_t offset;
};

/* The name of the key's objectid, where keys of its type have named ones: "FREE_SPACE"; else NULL. */
FSR_API const char *fsr_key_objectid_name(const struct fsr_key *key);

/*
 * A btrfs-image dump knows no places on devices: offset is the logical address itself, devid that of its
 * superblock, and image_offset where in the file the byte lies, or the compressed blob that holds it begins.
 */
struct fsr_physical {
	uint64_t devid;
	uint64_t offset;       /* on the device */
	uint64_t image_offset; /* in the image file: offset plus where the filesystem starts */
	bool rebuilt; /* not stored: rebuilt from the rest of its row, through the parity that lies here */
};

enum fsr_page_kind {
	FSR_PAGE_ENTRIES,
	FSR_PAGE_BITMAP,
	FSR_PAGE_FIRST_UNUSED, /* its crc slot may be 0 (F-A4, quirks 1 and 2) */
	FSR_PAGE_UNUSED,
	FSR_PAGE_UNREADABLE,
};
FSR_API const char *fsr_page_kind_name(enum fsr_page_kind kind);

struct fsr_cache_page {
	unsigned index;
	enum fsr_page_kind kind;
	bool has_crc; /* there is a slot for it */
	uint32_t crc_stored, crc_computed;
	unsigned entries; /* entries that start in it */
	uint64_t bytenr;
	unsigned nphysical;
	struct fsr_physical physical[FSR_MAX_COPIES];
	const uint8_t *data; /* sectorsize bytes; NULL when unreadable */
};

struct fsr_cache_entry {
	unsigned page, byte; /* where its 17 bytes lie */
	uint64_t offset, bytes;
	uint8_t type;
	unsigned bitmap_page; /* its bitmap's page, 0 for an extent */
	bool bitmap_readable;
};

struct fsr_cache_extent {
	uint64_t file_offset, generation, disk_bytenr, disk_num_bytes, offset, num_bytes, ram_bytes;
	uint8_t type, compression, encryption;
	uint16_t other_encoding;
};

/* One block group's cache, all of it. What is not there has its has_ false or its count 0. */
struct fsr_cache {
	struct fsr_group group; /* as judged; its findings belong to this record */
	bool has_header;
	uint64_t header_leaf;
	unsigned header_slot;
	struct fsr_key location;
	uint64_t generation, num_entries, num_bitmaps;
	bool has_inode;
	uint64_t inode_leaf;
	unsigned inode_slot;
	uint8_t inode_raw[160];
	size_t nextents;
	struct fsr_cache_extent *extents;
	size_t npages;
	struct fsr_cache_page *pages;
	size_t nentries;
	struct fsr_cache_entry *entries;
	const char *bitmap_endianness; /* "le", "be64", "be32"; NULL without bitmaps */
};

/* Reads and judges the cache of the block group at bytenr. *out is to be given to fsr_cache_free(). */
FSR_API int fsr_cache_open(struct fsr_fs *fs, uint64_t bytenr, struct fsr_cache **out, struct fsr_error *err);
FSR_API void fsr_cache_free(struct fsr_cache *cache);

/* One copy of one page, read by itself. */
struct fsr_page_copy {
	struct fsr_physical physical;
	bool readable;
	char problem[512];     /* why not; empty otherwise */
	bool has_crc;          /* computed; the slots of page 0 fit the page */
	uint32_t crc_computed; /* of this copy's bytes */
	bool compared;         /* it could be read, and so could the page that was judged */
	bool equal;            /* to that */
	uint32_t first_byte;   /* where it is compared and not equal: the first that differs */
};
/*
 * Reads copy `copy` of page i. A copy that can't be read, or lies on a device that was not given, is no
 * error. FSR_E_NOT_FOUND: the page has fewer copies (fsr_copies()), or there is no such page. FSR_E_NOMEM.
 */
FSR_API int fsr_cache_page_copy(const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i,
	unsigned copy, struct fsr_page_copy *out, struct fsr_error *err);

typedef int (*fsr_run_fn)(void *arg, uint64_t bytenr, uint64_t length);
/* Every maximal run of set bits of entry i's bitmap, in order. */
FSR_API int fsr_cache_runs(
	const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, fsr_run_fn fn, void *arg);

enum fsr_label_kind {
	FSR_LABEL_CRC,
	FSR_LABEL_GENERATION,
	FSR_LABEL_OFFSET,
	FSR_LABEL_BYTES,
	FSR_LABEL_TYPE,
	FSR_LABEL_BITMAP, /* a run of set bits, or the clear ones between */
	FSR_LABEL_UNUSED,
};

struct fsr_label {
	unsigned byte, length; /* within the page; labels of a page leave no gap */
	enum fsr_label_kind kind;
	char text[96];
};
typedef int (*fsr_label_fn)(void *arg, const struct fsr_label *label);
/* Labels every byte of page i. */
FSR_API int fsr_cache_labels(
	const struct fsr_fs *fs, const struct fsr_cache *cache, size_t i, fsr_label_fn fn, void *arg);

/* ---- differences ------------------------------------------------------ */

/* What the extent tree holds at an address. */
struct fsr_holder {
	bool present;
	uint64_t bytenr, length;         /* the extent item's */
	uint64_t root, objectid, offset; /* its first reference; tree blocks: root and level in offset */
	uint64_t generation;
	bool tree_block;
	struct fsr_key key; /* of the extent item, and where it stands */
	uint64_t leaf;
	unsigned slot;
};

struct fsr_diff_range {
	uint64_t block_group;
	uint64_t bytenr, length;
	bool excess;          /* else missing */
	bool free_space_tree; /* source "v2", else "v1" */
	struct fsr_holder holder;
};
typedef int (*fsr_diff_fn)(void *arg, const struct fsr_diff_range *range);

/* Every difference of one block group in address order; excess ranges are cut at the holders' ends. */
FSR_API int fsr_diff(
	struct fsr_fs *fs, uint64_t block_group, fsr_diff_fn fn, void *arg, struct fsr_error *err);

/* What the extent tree holds at bytenr; `present` is false where nothing does. */
FSR_API int fsr_holder_at(
	struct fsr_fs *fs, uint64_t bytenr, struct fsr_holder *holder, struct fsr_error *err);

enum fsr_span_kind {
	FSR_SPAN_USED,    /* extents; those that touch come as one */
	FSR_SPAN_SUPER,   /* super stripes (F-A10) */
	FSR_SPAN_EXCESS,  /* cached as free, but not free: lies over the other kinds */
	FSR_SPAN_MISSING, /* free, but not cached */
	FSR_SPAN_UNKNOWN, /* the whole block group: its part of the extent tree can't be read */
};
struct fsr_span {
	enum fsr_span_kind kind;
	uint64_t bytenr, length; /* within the block group */
};
typedef int (*fsr_span_fn)(void *arg, const struct fsr_span *span);
/*
 * What the bytes of one block group are. Spans of one kind come in address order and share no bytes; in
 * which order the kinds come is not said. What is in no USED, SUPER or UNKNOWN span is free. Where there is
 * no v1 cache to compare, EXCESS and MISSING are those of the free space tree. *group, which may be NULL,
 * gets the record as judged, without findings.
 */
FSR_API int fsr_spans(struct fsr_fs *fs, uint64_t block_group, struct fsr_group *group, fsr_span_fn fn,
	void *arg, struct fsr_error *err);

/* ---- raw bytes -------------------------------------------------------- */

/*
 * How many copies there are of the byte at bytenr: 0 where no chunk holds it. With RAID5 and RAID6 copy 0 is
 * stored; copy 1 is rebuilt through P (and Q, where one more device is missing), copy 2 through Q.
 */
FSR_API unsigned fsr_copies(const struct fsr_fs *fs, uint64_t bytenr);
/* Where copy `copy` (0 and up) of the byte at bytenr lies. */
FSR_API int fsr_locate(const struct fsr_fs *fs, uint64_t bytenr, unsigned copy, struct fsr_physical *where,
	struct fsr_error *err);
/* Reads length bytes of one copy as they are, checked by nothing. Must not cross the end of a chunk. */
FSR_API int fsr_read(const struct fsr_fs *fs, uint64_t bytenr, size_t length, unsigned copy, void *buffer,
	struct fsr_error *err);

/* ---- trees ------------------------------------------------------------ */

struct fsr_item {
	struct fsr_key key;
	uint64_t leaf;
	unsigned slot;
	uint32_t size;
	const uint8_t *data;
};

enum fsr_field_kind {
	FSR_FIELD_U64,      /* any unsigned number, in value */
	FSR_FIELD_HEX,      /* a number best read in hex: flags */
	FSR_FIELD_OBJECTID, /* a number with a name, fsr_objectid_name() */
	FSR_FIELD_KEY,      /* 17 bytes on disk, in key */
	FSR_FIELD_UUID,     /* 16 bytes, at bytes */
	FSR_FIELD_TIME,     /* seconds in value, nanoseconds in nsec */
	FSR_FIELD_NAME,     /* length bytes of untrusted text, at bytes */
	FSR_FIELD_BYTES,    /* raw bytes */
};

/* One decoded field. Repeated parts (stripes, references) carry list and index, others list NULL. */
struct fsr_field {
	const char *list;
	unsigned index;
	const char *name;
	enum fsr_field_kind kind;
	uint32_t offset, size; /* within the item */
	uint64_t value;
	uint32_t nsec;
	struct fsr_key key;
	const uint8_t *bytes;
	const char *symbol; /* a static word for the value ("EXTENT_DATA_REF", "REG"), or NULL */
};

typedef int (*fsr_item_fn)(void *arg, const struct fsr_item *item);
typedef int (*fsr_field_fn)(void *arg, const struct fsr_field *field);

/*
 * Every item of a tree in key order. root is a name ("root", "extent", "chunk", "dev", "fs",
 * "csum", "uuid", "quota", "block-group", "free-space", "log", "data-reloc") or a number (decimal
 * or 0x). Parts that can't be read become filesystem findings and are passed over; the positive
 * answer is how many.
 */
FSR_API int fsr_tree_walk(
	struct fsr_fs *fs, const char *root, fsr_item_fn fn, void *arg, struct fsr_error *err);
/* The same for the items whose key is at least *from and at most *to. */
FSR_API int fsr_tree_range(struct fsr_fs *fs, const char *root, const struct fsr_key *from,
	const struct fsr_key *to, fsr_item_fn fn, void *arg, struct fsr_error *err);

/* Where a tree begins. */
struct fsr_tree {
	uint64_t objectid; /* fsr_objectid_name() has a name for those of the filesystem itself */
	uint64_t bytenr, generation;
	uint8_t level;
};
typedef int (*fsr_tree_fn)(void *arg, const struct fsr_tree *tree);
/*
 * Every tree there is: root, chunk and log tree as the superblock says, then all root items in key order; of
 * several of one tree the one that fsr_tree_find() takes. What can't be read or decoded is passed over: the
 * findings of fsr_open() name it.
 */
FSR_API int fsr_trees(struct fsr_fs *fs, fsr_tree_fn fn, void *arg, struct fsr_error *err);
/* The tree of this name or number, as fsr_tree_walk() takes it. */
FSR_API int fsr_tree_find(struct fsr_fs *fs, const char *name, struct fsr_tree *tree, struct fsr_error *err);

#define FSR_MAX_LEVEL 8
/* The way from a tree's root down to a leaf: bytenr[level], and in each block the slot to take. */
struct fsr_path {
	uint64_t bytenr[FSR_MAX_LEVEL];
	uint32_t slot[FSR_MAX_LEVEL];
};
/*
 * The way to the first item whose key is not below *key; the positive answer 1 says that there is none and
 * gives the way to the last item. An empty leaf has slot 0.
 */
FSR_API int fsr_tree_seek(struct fsr_fs *fs, const struct fsr_tree *tree, const struct fsr_key *key,
	struct fsr_path *path, struct fsr_error *err);

#define FSR_ANY_COPY UINT32_MAX
/* One tree block. What its header says is shown even where the block fails its checks. */
struct fsr_block {
	uint64_t bytenr;
	unsigned copy, ncopies; /* which copy this is */
	uint64_t owner, generation;
	uint8_t level;
	uint32_t nritems, free_bytes;
	bool lawful;       /* passes every check that Linux makes: its items can be looked at */
	char problem[192]; /* else what fails, with both numbers; empty otherwise */
	uint32_t size;     /* nodesize */
	const uint8_t *data;
};
/*
 * Reads the tree block at bytenr: copy `copy`, or for FSR_ANY_COPY the first that is lawful (copy 0 where
 * none is). Fails only when it can't be read at all. *out is to be given to fsr_block_free().
 */
FSR_API int fsr_block_open(
	struct fsr_fs *fs, uint64_t bytenr, unsigned copy, struct fsr_block **out, struct fsr_error *err);
FSR_API void fsr_block_free(struct fsr_block *block);
/* Item i of a lawful leaf; false where there is none. It points into the block. */
FSR_API bool fsr_block_item(const struct fsr_block *block, unsigned i, struct fsr_item *item);
struct fsr_pointer {
	struct fsr_key key;
	uint64_t bytenr, generation;
};
/* Pointer i of a lawful node; false where there is none. */
FSR_API bool fsr_block_pointer(const struct fsr_block *block, unsigned i, struct fsr_pointer *pointer);
/* Labels every byte of the block: header, item heads, free space, the fields of the items. */
FSR_API int fsr_block_labels(const struct fsr_block *block, fsr_label_fn fn, void *arg);

/* Decodes an item's fields; an item too short for its type gives what there is. 0 or fn's answer. */
FSR_API int fsr_item_fields(const struct fsr_item *item, fsr_field_fn fn, void *arg);
/* The same for the fields of a superblock's 4096 bytes. */
FSR_API int fsr_super_fields(const uint8_t *raw, fsr_field_fn fn, void *arg);

#endif
