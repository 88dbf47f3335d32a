/* Which branches of a rule's expressions its cases took: the programs' branches put together.
 * Called by `ecsgate test`.
 *
 * A message that several checks share is compiled for each of them: what stands at one place is one
 * branch.
 */
#include "policy/cases.h"

#include <stdlib.h>

struct gathering {
    struct eg_arena *arena;
    struct eg_cel_coverage *coverage;
    struct eg_cel_branch *items;
    uint32_t count, capacity;
};

static bool same_place(const struct eg_cel_branch *a, const struct eg_cel_branch *b) {
    return a->place.line == b->place.line && a->place.column == b->place.column &&
           eg_str_equal(a->expression, b->expression);
}

static void add(struct gathering *gathering, const struct eg_cel_branch *branch) {
    for (uint32_t i = 0; i < gathering->count; i++) {
        struct eg_cel_branch *other = &gathering->items[i];
        if (!same_place(other, branch))
            continue;
        other->was_true = other->was_true || branch->was_true;
        other->was_false = other->was_false || branch->was_false;
        return;
    }
    if (gathering->count == gathering->capacity) {
        uint32_t wanted = gathering->capacity == 0 ? 16 : gathering->capacity * 2;
        gathering->items = eg_arena_grow(gathering->arena, gathering->items,
                                         gathering->capacity * sizeof *gathering->items,
                                         wanted * sizeof *gathering->items);
        gathering->capacity = wanted;
    }
    gathering->items[gathering->count++] = *branch;
}

/* AT: the node that holds the program's text. */
static void gather(struct gathering *gathering, const struct eg_cel_program *program,
                   const struct eg_node *at) {
    uint32_t count = 0;
    if (program == NULL)
        return;
    struct eg_cel_branch *branches =
        eg_cel_branches(program, gathering->coverage, at, gathering->arena, &count);
    for (uint32_t i = 0; i < count; i++)
        add(gathering, &branches[i]);
}

static int by_place(const void *left, const void *right) {
    const struct eg_cel_branch *a = left, *b = right;
    if (a->place.line != b->place.line)
        return a->place.line < b->place.line ? -1 : 1;
    if (a->place.column != b->place.column)
        return a->place.column < b->place.column ? -1 : 1;
    return a->expression.length > b->expression.length   ? -1
           : a->expression.length < b->expression.length ? 1
                                                         : 0;
}

struct eg_cel_branch *eg_cases_branches(const struct eg_case_run *run, const struct eg_rule *rule,
                                        uint32_t *ret_count) {
    struct gathering all = {.arena = run->arena, .coverage = run->coverage[rule->number].branches};
    gather(&all, rule->when, EG_GET(rule->raw, "when"));
    for (uint32_t i = 0; i < rule->let_count; i++)
        gather(&all, rule->lets[i].program, rule->lets[i].raw);
    const struct eg_node *each = EG_GET(rule->raw, "each");
    gather(&all, rule->each, each == NULL ? NULL : each->as.map.items[0].value);
    for (uint32_t i = 0; i < rule->check_count; i++) {
        const struct eg_check *check = &rule->checks[i];
        const struct eg_node *message = EG_GET(check->raw, "message");
        gather(&all, check->when, EG_GET(check->raw, "when"));
        gather(&all, check->assertion, EG_GET(check->raw, "assert"));
        gather(&all, check->severity, EG_GET(check->raw, "severity"));
        gather(&all, check->message, message != NULL ? message : EG_GET(rule->raw, "message"));
        const struct eg_node *path = EG_GET(check->raw, "path");
        gather(&all, check->path, path != NULL ? path : EG_GET(rule->raw, "path"));
    }
    if (all.count > 0)
        qsort(all.items, all.count, sizeof *all.items, by_place);
    *ret_count = all.count;
    return all.items;
}
