/* Arena: memory of one lifetime, given back at once.
 *
 * Whatever is built from an input (tree, model, results) is allocated from the arena that the
 * caller passes in, and is valid exactly as long as that arena. Nothing is freed piece by piece.
 * An arena belongs to one thread at a time.
 *
 * Running out of memory is not an error that callers handle: every input is bounded (limits.h), so
 * it is not reachable by an input alone. The program supplies eg_out_of_memory(), which must not
 * return (the command line exits with status 4; tests abort).
 */
#ifndef EG_BASE_ARENA_H
#define EG_BASE_ARENA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct eg_arena_block;

struct eg_arena {
    struct eg_arena_block *blocks; /* newest first */
    char *next;                    /* first free byte of the newest block */
    char *end;                     /* behind its last byte */
    size_t total;                  /* bytes of all blocks */
};

/* Makes an empty arena; allocates nothing yet. */
void eg_arena_init(struct eg_arena *arena);

/* Gives all memory back; the arena is then as after eg_arena_init. */
void eg_arena_done(struct eg_arena *arena);

/* Forgets all allocations but keeps the newest (largest) block for what comes next. */
void eg_arena_reset(struct eg_arena *arena);

/* Gives back what was allocated since ARENA->next was MARK, as far as the newest block goes: for
 * work that is done over and over and of which nothing is kept. */
void eg_arena_rewind(struct eg_arena *arena, char *mark);

enum { EG_ARENA_ALIGNMENT = 16 };

/* eg_arena_alloc where the newest block has no room. */
void *eg_arena_alloc_block(struct eg_arena *arena, size_t size);

/* SIZE zeroed bytes, aligned for any type. Never NULL, also for size 0. Here for its speed: nearly
 * everything that the program makes comes from it, mostly of a size that the compiler knows. */
static inline void *eg_arena_alloc(struct eg_arena *arena, size_t size) {
    size_t free = (size_t)((uintptr_t)arena->end - (uintptr_t)arena->next);
    if (size >= free || free - size < EG_ARENA_ALIGNMENT)
        return eg_arena_alloc_block(arena, size);
    char *memory = arena->next;
    size_t rounded = (size + EG_ARENA_ALIGNMENT - 1) & ~(size_t)(EG_ARENA_ALIGNMENT - 1);
    arena->next = memory + (size == 0 ? EG_ARENA_ALIGNMENT : rounded);
    return memset(memory, 0, size);
}

/* COUNT * SIZE zeroed bytes; an overflow of the product is treated as out of memory. */
void *eg_arena_alloc_array(struct eg_arena *arena, size_t count, size_t size);

/* A block of NEW_SIZE bytes that begins with the first OLD_SIZE bytes of OLD (which may be NULL
 * when OLD_SIZE is 0). Extends in place if OLD was the last allocation. */
void *eg_arena_grow(struct eg_arena *arena, void *old, size_t old_size, size_t new_size);

#define EG_NEW(arena, type) ((type *)eg_arena_alloc((arena), sizeof(type)))
#define EG_NEW_ARRAY(arena, type, count)                                                           \
    ((type *)eg_arena_alloc_array((arena), (count), sizeof(type)))

/* Supplied by the program (src/cli/main.c, or a test's main): reports the condition and stops. */
_Noreturn void eg_out_of_memory(void);

#endif
