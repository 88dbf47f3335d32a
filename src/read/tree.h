/* The tree while it is read: what the JSON and the YAML reader have in common.
 *
 * A reader opens lists and maps, adds values and closes them again; the tree keeps the bound on the
 * nesting, finds duplicate keys and puts everything finished into the document's arena. Values of
 * open lists and maps wait on one stack outside the arena, so what is finished takes no more room
 * than it needs. All offsets are bytes in the source.
 */
#ifndef EG_READ_TREE_H
#define EG_READ_TREE_H

#include "base/limits.h"
#include "read/read.h"

/* A value of a list or map that is still open. */
struct eg_tree_slot {
    struct eg_str key; /* map */
    const struct eg_node *value;
    uint32_t key_offset;
    bool merge; /* YAML's `<<`: the value's entries belong here */
};

/* An open list or map. */
struct eg_tree_level {
    struct eg_node *node;
    uint32_t first;  /* its first slot */
    uint32_t height; /* levels inside it so far */
};

struct eg_tree {
    struct eg_arena *arena; /* the document's */
    struct eg_source *source;
    struct eg_error *error;
    struct eg_arena slots_arena; /* holds `slots` only, which grows in place */
    struct eg_tree_slot *slots;
    uint32_t slot_count, slot_capacity;
    struct eg_arena build_arena; /* for one map at a time */
    struct eg_tree_level levels[EG_LIMIT_DEPTH];
    uint32_t depth;
    const struct eg_node *root;
    struct eg_duplicate *duplicates; /* newest first, until eg_tree_end */
    uint32_t duplicate_count;
    const struct eg_node *last; /* the value added last */
    uint32_t last_height;       /* its levels: 0 for a scalar */
};

/* Begins a tree over TEXT. Fails if TEXT is too long for offsets of 32 bits, or is UTF-16. Call
 * eg_tree_done in either case. */
EG_MUST_USE bool eg_tree_begin(struct eg_tree *tree, struct eg_arena *arena, struct eg_str name,
                               struct eg_str text, struct eg_error *error);
void eg_tree_done(struct eg_tree *tree);

/* Offset behind the byte order mark, if there is one. */
uint32_t eg_tree_start(const struct eg_tree *tree);

/* A node with its place, to be filled and then added. */
struct eg_node *eg_tree_node(struct eg_tree *tree, enum eg_kind kind, uint32_t offset);
/* Adds a finished value of HEIGHT levels (0: a scalar) to what is open, or makes it the root. In a
 * map, eg_tree_key comes first. */
void eg_tree_add(struct eg_tree *tree, const struct eg_node *value, uint32_t height);
void eg_tree_key(struct eg_tree *tree, struct eg_str key, uint32_t offset);
/* In place of a key: the next value is a map, or a list of maps, whose entries belong here. */
void eg_tree_merge_key(struct eg_tree *tree, uint32_t offset);
/* Opens a list or map. Fails when the nesting is too deep. */
EG_MUST_USE bool eg_tree_open(struct eg_tree *tree, enum eg_kind kind, uint32_t offset);
/* Fails if LEVELS more than the present depth are too many. */
EG_MUST_USE bool eg_tree_check_depth(struct eg_tree *tree, uint32_t levels, uint32_t offset);
/* Closes it and adds it to what it stands in. Fails on a merge of what is no map. */
EG_MUST_USE bool eg_tree_close(struct eg_tree *tree);
/* Is a map (not a list, nor nothing) open? */
bool eg_tree_in_map(const struct eg_tree *tree);

/* The document, when all is closed and the root is there. */
void eg_tree_end(struct eg_tree *tree, struct eg_document *ret_document);

/* Sets the error at an offset and returns false. */
bool eg_tree_fail(struct eg_tree *tree, size_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* "'x'", "'True'", "end of file", "character U+00A0": what stands at OFFSET, for messages. Safe to
 * print. */
const char *eg_tree_found(const struct eg_tree *tree, size_t offset, char buffer[64]);

#endif
