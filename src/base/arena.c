/* The arena: a chain of blocks, each twice the size of the one before (up to a bound), filled from
 * the front. Called by everything that builds from an input. */
#include "base/arena.h"

#include <stdlib.h>

enum {
    FIRST_BLOCK = 16 * 1024,
    LARGEST_BLOCK = 4 * 1024 * 1024,
    ALIGNMENT = EG_ARENA_ALIGNMENT,
};

struct eg_arena_block {
    struct eg_arena_block *older;
    size_t size; /* bytes behind this header */
};

/* The header's size, rounded up so that what follows is aligned. */
static const size_t header =
    (sizeof(struct eg_arena_block) + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);

void eg_arena_init(struct eg_arena *arena) {
    *arena = (struct eg_arena){0};
}

static void free_blocks(struct eg_arena_block *block) {
    while (block != NULL) {
        struct eg_arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void eg_arena_done(struct eg_arena *arena) {
    free_blocks(arena->blocks);
    *arena = (struct eg_arena){0};
}

void eg_arena_reset(struct eg_arena *arena) {
    struct eg_arena_block *newest = arena->blocks;
    if (newest == NULL)
        return;
    free_blocks(newest->older);
    newest->older = NULL;
    arena->total = newest->size;
    arena->next = (char *)newest + header;
    arena->end = arena->next + newest->size;
}

void eg_arena_rewind(struct eg_arena *arena, char *mark) {
    uintptr_t start = (uintptr_t)arena->blocks + header, at = (uintptr_t)mark;
    if (arena->blocks != NULL && start <= at && at <= (uintptr_t)arena->next)
        arena->next = mark;
}

static void add_block(struct eg_arena *arena, size_t wanted) {
    size_t size = arena->blocks == NULL ? FIRST_BLOCK : arena->blocks->size * 2;
    if (size > LARGEST_BLOCK)
        size = LARGEST_BLOCK;
    if (size < wanted)
        size = wanted;
    struct eg_arena_block *block = size > SIZE_MAX - header ? NULL : malloc(header + size);
    if (block == NULL)
        eg_out_of_memory();
    block->older = arena->blocks;
    block->size = size;
    arena->blocks = block;
    arena->next = (char *)block + header;
    arena->end = arena->next + size;
    arena->total += size;
}

/* Room for SIZE bytes, not zeroed. */
static void *take(struct eg_arena *arena, size_t size) {
    if (size > SIZE_MAX - ALIGNMENT)
        eg_out_of_memory();
    size_t rounded = size == 0 ? ALIGNMENT : (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (arena->blocks == NULL || (size_t)(arena->end - arena->next) < rounded)
        add_block(arena, rounded);
    void *memory = arena->next;
    arena->next += rounded;
    return memory;
}

void *eg_arena_alloc_block(struct eg_arena *arena, size_t size) {
    return memset(take(arena, size), 0, size);
}

void *eg_arena_alloc_array(struct eg_arena *arena, size_t count, size_t size) {
    if (size != 0 && count > SIZE_MAX / size)
        eg_out_of_memory();
    return eg_arena_alloc(arena, count * size);
}

void *eg_arena_grow(struct eg_arena *arena, void *old, size_t old_size, size_t new_size) {
    size_t old_rounded = (old_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
    if (old != NULL && old_size > 0 && new_size >= old_size &&
        (char *)old + old_rounded == arena->next &&
        (size_t)(arena->end - (char *)old) >= new_size + ALIGNMENT) {
        size_t new_rounded = (new_size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
        arena->next = (char *)old + new_rounded;
        memset((char *)old + old_size, 0, new_size - old_size);
        return old;
    }
    char *memory = take(arena, new_size);
    if (old_size > 0)
        memcpy(memory, old, old_size);
    memset(memory + old_size, 0, new_size - old_size);
    return memory;
}
