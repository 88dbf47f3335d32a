/* The ends of paths that tell inputs apart; see apart.h. Called by the engine once the inputs are
 * found. */
#include "engine/apart.h"

/* Parts of a path that are looked at: as deep as folders are walked, and some more. */
enum { MOST_PARTS = 100 };

/* Inputs that bring a stack of one name; an input whose stacks share a name counts once. */
struct namesakes {
    uint32_t *inputs;
    uint32_t count, capacity;
    struct namesakes *next;
};

static void add(struct eg_arena *arena, struct namesakes *group, uint32_t input) {
    if (group->count > 0 && group->inputs[group->count - 1] == input)
        return;
    if (group->count == group->capacity) {
        uint32_t larger = group->capacity == 0 ? 2 : group->capacity * 2;
        group->inputs = eg_arena_grow(arena, group->inputs, group->count * sizeof *group->inputs,
                                      larger * sizeof *group->inputs);
        group->capacity = larger;
    }
    group->inputs[group->count++] = input;
}

/* All groups, those of one input too. */
static struct namesakes *group_by_name(struct eg_arena *arena, const struct eg_input_list *inputs) {
    struct eg_map by_name;
    struct namesakes *first = NULL;
    eg_map_init(&by_name, arena);
    for (uint32_t i = 0; i < inputs->count; i++) {
        uint32_t count;
        struct eg_str *names = eg_load_stack_names(arena, &inputs->items[i], &count);
        for (uint32_t k = 0; k < count; k++) {
            struct namesakes *group = eg_map_get(&by_name, names[k]);
            if (group == NULL) {
                group = EG_NEW(arena, struct namesakes);
                group->next = first;
                first = group;
                (void)eg_map_put(&by_name, names[k], group);
            }
            add(arena, group, i);
        }
    }
    return first;
}

/* The last PARTS parts of PATH; all of it if it has no more. */
static struct eg_str end_of(struct eg_str path, uint32_t parts) {
    size_t at = path.length;
    while (at > 0 && (path.data[at - 1] != '/' || --parts > 0))
        at--;
    return eg_str_from_offset(path, at);
}

/* One round: who of the COUNT members in LEFT is alone with an end of PARTS parts is settled, the
 * others stay in LEFT. Returns how many. */
static uint32_t settle(struct eg_input_list *inputs, uint32_t *left, uint32_t count,
                       uint32_t parts) {
    static char once, twice; /* values of the map */
    struct eg_arena scratch;
    struct eg_map seen;
    uint32_t kept = 0;
    eg_arena_init(&scratch);
    eg_map_init(&seen, &scratch);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str end = end_of(inputs->items[left[i]].path, parts);
        (void)eg_map_put(&seen, end, eg_map_get(&seen, end) == NULL ? &once : &twice);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct eg_input_path *input = &inputs->items[left[i]];
        struct eg_str end = end_of(input->path, parts);
        if (end.length > input->apart.length) /* another name may have asked for more */
            input->apart = end;
        if (eg_map_get(&seen, end) == &twice)
            left[kept++] = left[i];
    }
    eg_arena_done(&scratch);
    return kept;
}

/* Lengthens the ends of the paths of GROUP until no two are alike. */
static void tell_group_apart(struct eg_input_list *inputs, struct namesakes *group) {
    uint32_t left = group->count;
    for (uint32_t parts = 1; left > 0 && parts <= MOST_PARTS; parts++)
        left = settle(inputs, group->inputs, left, parts);
}

void eg_tell_apart(struct eg_arena *scratch, struct eg_input_list *inputs) {
    if (inputs->count < 2)
        return;
    for (struct namesakes *group = group_by_name(scratch, inputs); group != NULL;
         group = group->next)
        if (group->count > 1)
            tell_group_apart(inputs, group);
}
