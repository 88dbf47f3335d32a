/* A hash map from text to a pointer, in an arena. Iteration is in the order of insertion. Keys are
 * not copied: they must live as long as the map. */
#ifndef EG_BASE_MAP_H
#define EG_BASE_MAP_H

#include "base/str.h"

struct eg_map_entry {
    struct eg_str key;
    void *value;
    uint32_t hash;
};

struct eg_map {
    struct eg_arena *arena;
    struct eg_map_entry *entries; /* in the order of insertion */
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* entry number + 1, 0 = free; a power of two of them */
    uint32_t slot_count;
};

void eg_map_init(struct eg_map *map, struct eg_arena *arena);
/* Makes room for COUNT entries in all, so that adding them grows nothing. For a new map. */
void eg_map_reserve(struct eg_map *map, uint32_t count);
/* The value, or NULL. */
void *eg_map_get(const struct eg_map *map, struct eg_str key);
/* Adds or replaces; returns the value that was there, or NULL. */
void *eg_map_put(struct eg_map *map, struct eg_str key, void *value);

#endif
