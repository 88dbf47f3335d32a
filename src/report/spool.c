/* The spool; see spool.h. Called by json.c and sarif.c. */
#include "report/spool.h"

#include <string.h>

enum { BLOCK_BYTES = 64 * 1024 };

struct eg_spool_block {
    struct eg_spool_block *next;
    size_t length, capacity;
    char data[];
};

void eg_spool_begin(struct eg_spool *spool, struct eg_arena *arena) {
    *spool = (struct eg_spool){.arena = arena};
}

static struct eg_spool_block *add_block(struct eg_spool *spool, size_t capacity) {
    struct eg_spool_block *block = eg_arena_alloc(spool->arena, sizeof *block + capacity);
    block->capacity = capacity;
    if (spool->last == NULL)
        spool->first = block;
    else
        spool->last->next = block;
    spool->last = block;
    return block;
}

void eg_spool_add(struct eg_spool *spool, struct eg_str text) {
    struct eg_spool_block *block = spool->last;
    while (text.length > 0) {
        if (block == NULL || block->length == block->capacity)
            block = add_block(spool, BLOCK_BYTES);
        size_t left = block->capacity - block->length;
        size_t count = text.length < left ? text.length : left;
        memcpy(block->data + block->length, text.data, count);
        block->length += count;
        text = eg_str_from_offset(text, count);
    }
}

void eg_spool_write(const struct eg_spool *spool, struct eg_buf *out) {
    for (const struct eg_spool_block *block = spool->first; block != NULL; block = block->next)
        eg_buf_add(out, block->data, block->length);
}
