/* The hash map: open addressing over an array of entries in insertion order. */
#include "base/map.h"

void eg_map_init(struct eg_map *map, struct eg_arena *arena) {
    *map = (struct eg_map){.arena = arena};
}

/* The slot that holds KEY, or the free one where it belongs. Needs at least one free slot. */
static uint32_t *find_slot(const struct eg_map *map, struct eg_str key, uint32_t hash) {
    uint32_t mask = map->slot_count - 1;
    for (uint32_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t number = map->slots[i];
        if (number == 0)
            return &map->slots[i];
        const struct eg_map_entry *entry = &map->entries[number - 1];
        if (entry->hash == hash && eg_str_equal(entry->key, key))
            return &map->slots[i];
    }
}

static void grow(struct eg_map *map, uint32_t capacity) {
    map->entries = eg_arena_grow(map->arena, map->entries, map->capacity * sizeof *map->entries,
                                 capacity * sizeof *map->entries);
    map->capacity = capacity;
    map->slot_count = capacity * 2;
    map->slots = EG_NEW_ARRAY(map->arena, uint32_t, map->slot_count);
    for (uint32_t i = 0; i < map->count; i++)
        *find_slot(map, map->entries[i].key, map->entries[i].hash) = i + 1;
}

void eg_map_reserve(struct eg_map *map, uint32_t count) {
    uint32_t capacity = 8;
    while (capacity < count)
        capacity *= 2;
    grow(map, capacity);
}

void *eg_map_get(const struct eg_map *map, struct eg_str key) {
    if (map->count == 0)
        return NULL;
    uint32_t number = *find_slot(map, key, eg_str_hash(key));
    return number == 0 ? NULL : map->entries[number - 1].value;
}

void *eg_map_put(struct eg_map *map, struct eg_str key, void *value) {
    if (map->count == map->capacity)
        grow(map, map->capacity == 0 ? 8 : map->capacity * 2);
    uint32_t hash = eg_str_hash(key);
    uint32_t *slot = find_slot(map, key, hash);
    if (*slot != 0) {
        struct eg_map_entry *entry = &map->entries[*slot - 1];
        void *earlier = entry->value;
        entry->value = value;
        return earlier;
    }
    map->entries[map->count++] = (struct eg_map_entry){key, value, hash};
    *slot = map->count;
    return NULL;
}
