/* Parts of lists and maps, as a scenario shows them: elements that are absent in it are not there.
 * Called by the evaluator, equality and the functions. */
#include "cel/eval.h"

bool eg_cel_is_map(const struct eg_node *node) {
    return node->kind == EG_MAP || node->kind == EG_PAIRS;
}

enum eg_truth eg_cel_present(struct eg_cel_eval *eval, const struct eg_node *raw) {
    if (raw == NULL || raw->kind == EG_ABSENT)
        return EG_FALSE;
    if (raw->kind == EG_CHOICE) {
        if (!eg_cel_spend(eval, 1))
            return EG_UNDECIDED;
        enum eg_truth decided = eg_scenario_decide(eval->scenario, raw->as.choice->condition, NULL);
        if (decided == EG_TRUE)
            return eg_cel_present(eval, raw->as.choice->if_true);
        if (decided == EG_FALSE)
            return eg_cel_present(eval, raw->as.choice->if_false);
        enum eg_truth yes = eg_cel_present(eval, raw->as.choice->if_true);
        enum eg_truth no = eg_cel_present(eval, raw->as.choice->if_false);
        return yes == no ? yes : EG_UNDECIDED;
    }
    if (raw->kind == EG_LAZY) {
        const struct eg_node *value = eg_scenario_force(eval->scenario, raw);
        if (value->kind == EG_UNKNOWN && value->as.unknown->why == EG_WHY_CONDITION)
            return EG_UNDECIDED;
        return value->kind == EG_ABSENT ? EG_FALSE : EG_TRUE;
    }
    return EG_TRUE;
}

struct eg_cel_items eg_cel_items(const struct eg_node *of) {
    return (struct eg_cel_items){.of = of};
}

/* The next place of the list or map, there or not. */
static bool step(struct eg_cel_eval *eval, struct eg_cel_items *items) {
    const struct eg_node *of = items->of;
    uint32_t i = items->next++;
    if (of->kind == EG_MAP) {
        if (i >= of->as.map.count)
            return false;
        items->key = eg_cel_string(eval, of->as.map.items[i].key);
        items->raw = of->as.map.items[i].value;
        return true;
    }
    uint32_t width = of->kind == EG_PAIRS ? 2 : 1;
    if (i >= of->as.list.count / width)
        return false;
    items->key = width == 2 ? of->as.list.items[i * 2] : NULL;
    items->raw = of->as.list.items[i * width + width - 1];
    return true;
}

bool eg_cel_is_maybe(const struct eg_node *item) {
    return item->kind == EG_UNKNOWN && (item->flags & EG_FLAG_MAYBE) != 0;
}

const struct eg_node *eg_cel_maybe(struct eg_cel_eval *eval, const struct eg_node *stop) {
    if (eg_cel_is_maybe(stop))
        return stop;
    struct eg_node *maybe = EG_NEW(eval->arena, struct eg_node);
    *maybe = *eg_cel_derived(eval, stop);
    maybe->flags |= EG_FLAG_MAYBE;
    return maybe;
}

bool eg_cel_next(struct eg_cel_eval *eval, struct eg_cel_items *items) {
    if (items->item != NULL)
        items->index++;
    if (items->maybe)
        items->unsure = items->item;
    while (eg_cel_spend(eval, 1) && step(eval, items)) {
        items->item = eg_cel_force(eval, items->raw);
        if (items->item->kind == EG_ABSENT)
            continue;
        enum eg_truth present = EG_TRUE;
        if (items->item->kind == EG_UNKNOWN && items->raw->kind != EG_UNKNOWN)
            present = eg_cel_present(eval, items->raw);
        items->maybe = present == EG_UNDECIDED || eg_cel_is_maybe(items->item);
        if (present != EG_FALSE)
            return true;
    }
    return false;
}

const struct eg_node *eg_cel_size(struct eg_cel_eval *eval, const struct eg_node *of,
                                  int64_t *ret_sure) {
    const struct eg_node *stop = NULL;
    *ret_sure = 0;
    struct eg_cel_items items = eg_cel_items(of);
    while (eg_cel_next(eval, &items)) {
        if (items.maybe)
            stop = eg_cel_stop(stop, items.item);
        else
            ++*ret_sure;
    }
    return stop != NULL ? stop : eg_cel_int(eval, *ret_sure);
}

/* ---- maps ---- */

const struct eg_node *eg_cel_lookup_raw(struct eg_cel_eval *eval, const struct eg_node *map,
                                        const struct eg_node *key) {
    if (map->kind == EG_MAP)
        return key->kind == EG_STRING ? eg_node_get(map, key->as.text) : NULL;
    for (uint32_t i = 0; i + 1 < map->as.list.count; i += 2)
        if (eg_cel_equal(eval, map->as.list.items[i], key) == EG_TRUE)
            return map->as.list.items[i + 1];
    return NULL;
}

const struct eg_node *eg_cel_lookup(struct eg_cel_eval *eval, const struct eg_node *map,
                                    const struct eg_node *key) {
    return eg_cel_force(eval, eg_cel_lookup_raw(eval, map, key));
}

void eg_cel_map_begin(struct eg_cel_eval *eval, struct eg_cel_map_builder *builder) {
    eg_map_begin(&builder->texts, eval->arena);
    eg_list_begin(&builder->pairs, eval->arena);
    builder->mixed = false;
}

/* The keys so far were all text; now comes one that is not. */
static void mix(struct eg_cel_eval *eval, struct eg_cel_map_builder *builder) {
    builder->mixed = true;
    for (uint32_t i = 0; i < builder->texts.count; i++) {
        eg_list_add(&builder->pairs, eg_cel_string(eval, builder->texts.items[i].key));
        eg_list_add(&builder->pairs, builder->texts.items[i].value);
    }
}

static bool has_key(struct eg_cel_eval *eval, const struct eg_cel_map_builder *builder,
                    const struct eg_node *key) {
    for (uint32_t i = 0; i < builder->pairs.count; i += 2)
        if (eg_cel_equal(eval, builder->pairs.items[i], key) == EG_TRUE)
            return true;
    return false;
}

const struct eg_node *eg_cel_map_add(struct eg_cel_eval *eval, struct eg_cel_map_builder *builder,
                                     const struct eg_node *key, const struct eg_node *value) {
    key = eg_cel_known(eval, key);
    if (eg_cel_is_stop(key))
        return key;
    bool repeated;
    if (key->kind == EG_STRING && !builder->mixed) {
        repeated = eg_map_add(&builder->texts, key->as.text, 0, value, NULL);
    } else if (key->kind == EG_STRING || key->kind == EG_INT || key->kind == EG_UINT ||
               key->kind == EG_BOOL) {
        if (!builder->mixed)
            mix(eval, builder);
        repeated = has_key(eval, builder, key);
        eg_list_add(&builder->pairs, key);
        eg_list_add(&builder->pairs, value);
    } else {
        struct eg_str type = eg_cel_type_name(key);
        return eg_cel_error(eval, "unsupported key type: %.*s", EG_STR_ARGS(type));
    }
    return repeated ? eg_cel_error(eval, "repeated key in a map") : NULL;
}

const struct eg_node *eg_cel_map_end(struct eg_cel_map_builder *builder) {
    if (!builder->mixed)
        return eg_map_node(&builder->texts, NULL);
    struct eg_node *node = eg_node_new(builder->pairs.arena, EG_PAIRS, NULL);
    node->as.list = eg_list_end(&builder->pairs);
    return node;
}
