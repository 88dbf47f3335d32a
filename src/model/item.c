/* Making items and reading their fields; see item.h. Called by every file of src/model. */
#include "model/item.h"

#include "model/group.h"
#include "node/text.h"

#include <string.h>

/* ---- making ---- */

struct eg_item *eg_item_of(const struct eg_object *object) {
    /* The object is the item's first member. */
    return (struct eg_item *)(uintptr_t)object;
}

struct eg_item *eg_item_in(const struct eg_node *node) {
    if (node == NULL || node->kind != EG_OBJECT)
        return NULL;
    struct eg_item *item = eg_item_of(node->as.object);
    /* The empty objects of the schema are no items: they have no fields. */
    return node->as.object->fields == NULL ? NULL : item;
}

/* What a lazy field's function gets. */
struct fact_context {
    const struct eg_fact *fact;
    const struct eg_item *item;
};

static const struct eg_node *compute_fact(struct eg_scenario *scenario, const void *context) {
    const struct fact_context *self = context;
    const struct eg_node *value = self->fact->compute(scenario, self->item);
    return value != NULL ? value : eg_node_absent();
}

static void bind_facts(struct eg_item *item, const struct eg_binding *binding) {
    struct eg_arena *arena = item->build->arena;
    for (uint32_t i = 0; i < binding->type->field_count; i++) {
        const struct eg_fact *fact = binding->facts[i];
        if (fact == NULL || fact->compute == NULL)
            continue;
        struct fact_context *context = EG_NEW(arena, struct fact_context);
        *context = (struct fact_context){.fact = fact, .item = item};
        struct eg_lazy *lazy = EG_NEW(arena, struct eg_lazy);
        *lazy = (struct eg_lazy){.compute = compute_fact, .context = context};
        struct eg_node *node = eg_node_new(arena, EG_LAZY, item->object.raw);
        node->as.lazy = lazy;
        item->object.fields[i] = node;
    }
}

static struct eg_str make_id(const struct eg_item *item) {
    struct eg_arena *arena = item->build->arena;
    struct eg_str type = item->object.type->name;
    struct eg_str stack = item->stack == NULL ? EG_STR("") : item->stack->name;
    if (item->resource == NULL)
        return eg_str_format(arena, "%.*s/%.*s", EG_STR_ARGS(type), EG_STR_ARGS(stack));
    struct eg_str logical_id = item->resource->logical_id;
    if (item->path.length == 0)
        return eg_str_format(arena, "%.*s/%.*s/%.*s", EG_STR_ARGS(type), EG_STR_ARGS(stack),
                             EG_STR_ARGS(logical_id));
    return eg_str_format(arena, "%.*s/%.*s/%.*s/%.*s", EG_STR_ARGS(type), EG_STR_ARGS(stack),
                         EG_STR_ARGS(logical_id), EG_STR_ARGS(item->path));
}

struct eg_item *eg_item_new(struct eg_build *build, const struct eg_item_spec *spec) {
    struct eg_binding *binding = eg_map_get(&build->bindings, eg_str_from(spec->type));
    const struct eg_type *type = binding->type;
    struct eg_item *item = EG_NEW(build->arena, struct eg_item);
    struct eg_node *node = eg_node_new(build->arena, EG_OBJECT, spec->raw);
    node->as.object = &item->object;
    *item = (struct eg_item){
        .object = {.type = type,
                   .fields = EG_NEW_ARRAY(build->arena, const struct eg_node *, type->field_count),
                   .raw = spec->raw,
                   .owner = spec->resource},
        .build = build,
        .node = node,
        .resource = spec->resource,
        .stack = spec->stack != NULL      ? spec->stack
                 : spec->resource != NULL ? spec->resource->stack
                                          : NULL,
        .parent = spec->parent,
        .path = spec->path,
        .presence = spec->presence,
        .value = spec->value,
        .extra = spec->extra,
        .variant = spec->variant,
    };
    if (type->kind) {
        item->object.id = make_id(item);
        eg_list_add(&binding->objects, node);
    }
    bind_facts(item, binding);
    return item;
}

struct eg_item *eg_item_part(const struct eg_item *of, const char *type, const struct eg_node *at) {
    const struct eg_binding *binding = eg_map_get(&of->build->bindings, eg_str_from(type));
    struct eg_arena *arena = of->build->arena;
    struct eg_item *item = EG_NEW(arena, struct eg_item);
    struct eg_node *node = eg_node_new(arena, EG_OBJECT, at);
    node->as.object = &item->object;
    *item = (struct eg_item){
        .object = {.type = binding->type,
                   .fields =
                       EG_NEW_ARRAY(arena, const struct eg_node *, binding->type->field_count),
                   .raw = at,
                   .owner = of->resource},
        .build = of->build,
        .node = node,
        .resource = of->resource,
        .stack = of->stack,
        .parent = of,
        .presence = of->presence,
    };
    return item;
}

/* ---- setting ---- */

static uint32_t field_number(const struct eg_item *item, const char *name) {
    return eg_type_field(item->object.type, eg_str_from(name))->number;
}

void eg_item_set(struct eg_item *item, const char *field, const struct eg_node *value) {
    item->object.fields[field_number(item, field)] = value;
}

void eg_item_set_text(struct eg_item *item, const char *field, struct eg_str text) {
    eg_item_set(item, field, eg_item_text(item, text, item->object.raw));
}

void eg_item_set_bool(struct eg_item *item, const char *field, bool value) {
    eg_item_set(item, field, eg_node_bool(value));
}

void eg_item_set_int(struct eg_item *item, const char *field, int64_t value) {
    eg_item_set(item, field, eg_item_int(item, value));
}

void eg_item_set_truth(struct eg_item *item, const char *field, enum eg_truth truth,
                       const struct eg_node *why_unknown) {
    eg_item_set(item, field, eg_item_truth(item, truth, why_unknown));
}

/* ---- reading ---- */

const struct eg_node *eg_item_given(struct eg_scenario *scenario, const struct eg_item *item,
                                    const char *field) {
    return eg_scenario_force(scenario, item->object.fields[field_number(item, field)]);
}

const struct eg_node *eg_item_get(struct eg_scenario *scenario, const struct eg_item *item,
                                  const char *field) {
    const struct eg_node *given = eg_item_given(scenario, item, field);
    if (given->kind != EG_ABSENT)
        return given;
    /* As if the field were not there: its default. */
    struct eg_object without = {.type = item->object.type};
    return eg_object_field(&without, field_number(item, field));
}

struct eg_item *eg_item_link(struct eg_scenario *scenario, const struct eg_item *item,
                             const char *field) {
    return eg_item_in(eg_item_given(scenario, item, field));
}

bool eg_item_is(struct eg_scenario *scenario, const struct eg_item *item, const char *field) {
    return eg_is_true(eg_item_get(scenario, item, field));
}

const struct eg_node *eg_property(struct eg_scenario *scenario, const struct eg_resource *resource,
                                  const char *name) {
    if (resource->properties->kind != EG_MAP)
        return eg_scenario_force(scenario, resource->properties);
    return eg_scenario_force(scenario, eg_resource_property(resource, name));
}

const struct eg_node *eg_item_property(struct eg_scenario *scenario, const struct eg_item *item,
                                       const char *name) {
    return eg_property(scenario, item->resource, name);
}

const struct eg_node *eg_member(struct eg_scenario *scenario, const struct eg_node *map,
                                const char *key) {
    if (map == NULL)
        return eg_node_absent();
    if (map->kind == EG_UNKNOWN)
        return map;
    return eg_scenario_force(scenario, eg_node_get(map, eg_str_from(key)));
}

/* ---- values ---- */

const struct eg_node *eg_item_text(const struct eg_item *item, struct eg_str text,
                                   const struct eg_node *at) {
    return eg_node_string(item->build->arena, text, at);
}

const struct eg_node *eg_item_int(const struct eg_item *item, int64_t value) {
    return eg_node_int(item->build->arena, value, item->object.raw);
}

const struct eg_node *eg_item_unknown(const struct eg_item *item, enum eg_why why,
                                      struct eg_str name, const struct eg_node *at) {
    return eg_node_unknown(item->build->arena, (struct eg_unknown){.why = why, .name = name}, at);
}

const struct eg_node *eg_item_outside(const struct eg_item *item, const struct eg_node *value) {
    if (value->kind == EG_UNKNOWN)
        return value;
    struct eg_str name = eg_text_is(value) ? eg_text_show(item->build->arena, value) : EG_STR("");
    return eg_item_unknown(item, EG_WHY_OUTSIDE, name, value);
}

const struct eg_node *eg_item_truth(const struct eg_item *item, enum eg_truth truth,
                                    const struct eg_node *why) {
    if (truth != EG_UNDECIDED)
        return eg_node_bool(truth == EG_TRUE);
    if (why != NULL && why->kind == EG_UNKNOWN)
        return why;
    return eg_item_unknown(item, EG_WHY_ATTRIBUTE, EG_STR("a value that is not known yet"), why);
}

bool eg_is_true(const struct eg_node *node) {
    return node != NULL && node->kind == EG_BOOL && node->as.boolean;
}

enum eg_truth eg_truth_of(const struct eg_node *node) {
    if (node->kind == EG_BOOL)
        return node->as.boolean ? EG_TRUE : EG_FALSE;
    return node->kind == EG_UNKNOWN ? EG_UNDECIDED : EG_FALSE;
}

enum eg_truth eg_truth_and(enum eg_truth a, enum eg_truth b) {
    if (a == EG_FALSE || b == EG_FALSE)
        return EG_FALSE;
    return a == EG_TRUE && b == EG_TRUE ? EG_TRUE : EG_UNDECIDED;
}

enum eg_truth eg_truth_or(enum eg_truth a, enum eg_truth b) {
    if (a == EG_TRUE || b == EG_TRUE)
        return EG_TRUE;
    return a == EG_FALSE && b == EG_FALSE ? EG_FALSE : EG_UNDECIDED;
}

enum eg_truth eg_truth_not(enum eg_truth a) {
    return a == EG_UNDECIDED ? EG_UNDECIDED : a == EG_TRUE ? EG_FALSE : EG_TRUE;
}

bool eg_is_blank(const struct eg_node *node) {
    return node->kind == EG_ABSENT || node->kind == EG_NULL ||
           (node->kind == EG_STRING && node->as.text.length == 0);
}

/* ---- links ---- */

static bool is_sure_of(const struct eg_item *self, const struct eg_presence *presence) {
    for (const struct eg_presence *own = self->presence; own != NULL; own = own->outer)
        if (own->condition == presence->condition && own->wanted == presence->wanted)
            return true;
    return false;
}

const struct eg_node *eg_item_seen(const struct eg_item *self, const struct eg_item *other) {
    const struct eg_node *node = other->node;
    struct eg_arena *arena = self->build->arena;
    for (const struct eg_presence *p = other->presence; p != NULL; p = p->outer) {
        if (is_sure_of(self, p))
            continue;
        struct eg_choice *choice = EG_NEW(arena, struct eg_choice);
        *choice = (struct eg_choice){
            .condition = p->condition,
            .if_true = p->wanted ? node : eg_node_absent(),
            .if_false = p->wanted ? eg_node_absent() : node,
        };
        struct eg_node *wrapped = eg_node_new(arena, EG_CHOICE, other->object.raw);
        wrapped->as.choice = choice;
        node = wrapped;
    }
    return node;
}

void eg_links_begin(struct eg_links *links, const struct eg_item *self) {
    *links = (struct eg_links){.self = self};
    eg_list_begin(&links->list, self->build->arena);
    eg_map_init(&links->seen, self->build->arena);
}

void eg_links_add(struct eg_links *links, const struct eg_item *other) {
    if (other == NULL)
        return;
    if (other->object.id.length > 0 &&
        eg_map_put(&links->seen, other->object.id, (void *)(uintptr_t)other) != NULL)
        return;
    eg_list_add(&links->list, eg_item_seen(links->self, other));
}

void eg_links_add_node(struct eg_links *links, const struct eg_node *node) {
    const struct eg_item *item = eg_item_in(node);
    if (item != NULL)
        eg_links_add(links, item);
    else if (node->kind != EG_ABSENT)
        eg_list_add(&links->list, node);
}

void eg_links_add_maybe(struct eg_links *links, const struct eg_node *unknown) {
    struct eg_node *maybe = EG_NEW(links->list.arena, struct eg_node);
    *maybe = *unknown;
    maybe->flags |= EG_FLAG_MAYBE;
    eg_list_add(&links->list, maybe);
}

/* Does the link or list of links lead to ITEM? Else *RET_HIDDEN is an element that a condition
 * hides, or NULL. */
static bool leads_to(struct eg_scenario *scenario, const struct eg_node *value,
                     const struct eg_item *item, const struct eg_node **ret_hidden) {
    struct eg_walk walk;
    *ret_hidden = NULL;
    eg_walk_begin(&walk, scenario, value);
    while (eg_walk_next(&walk)) {
        if (eg_item_in(walk.element) == item)
            return true;
        if (walk.element->kind == EG_UNKNOWN && walk.element->as.unknown->why == EG_WHY_CONDITION)
            *ret_hidden = walk.element;
    }
    return false;
}

void eg_links_add_back(struct eg_links *links, struct eg_scenario *scenario,
                       const struct eg_item *other, const char *field) {
    const struct eg_node *hidden;
    if (other == NULL)
        return;
    if (leads_to(scenario, eg_item_given(scenario, other, field), links->self, &hidden))
        eg_links_add(links, other);
    else if (hidden != NULL)
        eg_links_add_maybe(links, hidden);
}

const struct eg_node *eg_links_end(struct eg_links *links) {
    return eg_list_node(&links->list, links->self->object.raw);
}

/* ---- walking ---- */

void eg_walk_begin(struct eg_walk *walk, struct eg_scenario *scenario, const struct eg_node *list) {
    *walk = (struct eg_walk){.scenario = scenario, .list = list};
}

bool eg_walk_next(struct eg_walk *walk) {
    bool is_list = walk->list->kind == EG_LIST;
    uint32_t count = is_list ? walk->list->as.list.count : eg_is_blank(walk->list) ? 0 : 1;
    while (walk->next < count) {
        walk->index = walk->next++;
        walk->given = is_list ? walk->list->as.list.items[walk->index] : walk->list;
        walk->element = eg_scenario_force(walk->scenario, walk->given);
        if (walk->element->kind != EG_ABSENT)
            return true;
    }
    return false;
}

const struct eg_node *eg_item_has_elements(struct eg_scenario *scenario,
                                           const struct eg_node *list) {
    struct eg_walk walk;
    const struct eg_node *hidden = NULL;
    eg_walk_begin(&walk, scenario, list);
    while (eg_walk_next(&walk)) {
        if (walk.element->kind != EG_UNKNOWN || walk.element->as.unknown->why != EG_WHY_CONDITION)
            return eg_node_bool(true);
        hidden = walk.element;
    }
    return hidden != NULL ? hidden : eg_node_bool(false);
}

/* ---- resources and their items ---- */

struct eg_item *eg_item_for(const struct eg_build *build, const struct eg_resource *resource) {
    return resource == NULL ? NULL : build->kind_items[resource->number];
}

const struct eg_node *eg_item_resource_node(const struct eg_build *build,
                                            const struct eg_resource *resource) {
    if (resource == NULL || build->resource_items[resource->number] == NULL)
        return eg_node_absent();
    return build->resource_items[resource->number]->node;
}

struct eg_item *eg_item_target(const struct eg_item *from, const struct eg_node *value) {
    return eg_item_for(from->build, eg_resolve_target(value));
}

bool eg_item_is_type(const struct eg_item *item, const char *type) {
    return item != NULL && eg_str_is(item->object.type->name, type);
}

const struct eg_node *eg_item_follow(struct eg_scenario *scenario, const struct eg_item *self,
                                     const struct eg_node *value, const char *kind) {
    value = eg_scenario_force(scenario, value);
    if (eg_is_blank(value))
        return eg_node_absent();
    const struct eg_item *item = eg_item_target(self, value);
    if (!eg_item_is_type(item, kind) && strcmp(kind, "securityGroup") == 0)
        item = eg_group_outside(self, value);
    /* Named, so it exists whenever self does: a reference to what isn't created is an error. */
    return eg_item_is_type(item, kind) ? item->node : eg_item_outside(self, value);
}

const struct eg_node *eg_item_follow_list(struct eg_scenario *scenario, const struct eg_item *self,
                                          const struct eg_node *list, const char *kind) {
    list = eg_scenario_force(scenario, list);
    if (list->kind == EG_UNKNOWN)
        return list;
    struct eg_list_builder builder;
    eg_list_begin(&builder, self->build->arena);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, list);
    while (eg_walk_next(&walk))
        eg_list_add(&builder, eg_item_follow(scenario, self, walk.element, kind));
    return eg_list_node(&builder, list->kind == EG_ABSENT ? self->object.raw : list);
}

enum eg_truth eg_names(const struct eg_node *value, const struct eg_resource *resource) {
    const struct eg_resource *target = eg_resolve_target(value);
    if (target != NULL)
        return target == resource ? EG_TRUE : EG_FALSE;
    return value->kind == EG_UNKNOWN && value->as.unknown->why == EG_WHY_CONDITION ? EG_UNDECIDED
                                                                                   : EG_FALSE;
}

enum eg_truth eg_list_names(struct eg_scenario *scenario, const struct eg_node *list,
                            const struct eg_resource *resource) {
    enum eg_truth any = EG_FALSE;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, list);
    while (any != EG_TRUE && eg_walk_next(&walk))
        any = eg_truth_or(any, eg_names(walk.element, resource));
    return any;
}

void eg_site_walk_begin(struct eg_site_walk *walk, const struct eg_build *build,
                        const struct eg_resource *resource) {
    *walk = (struct eg_site_walk){.next = build->first_sites[resource->number]};
}

bool eg_site_walk_next(struct eg_site_walk *walk) {
    walk->site = walk->next;
    if (walk->site != NULL)
        walk->next = walk->site->next;
    return walk->site != NULL;
}

const struct eg_str *eg_item_parameter(const struct eg_build *build, const struct eg_node *node) {
    struct eg_str key = {(const char *)&node, sizeof node};
    return eg_map_get(&build->parameter_names, key);
}

/* The pointer itself is the key. */
const struct eg_item *eg_item_stack(const struct eg_build *build, const struct eg_stack *stack) {
    struct eg_str key = {(const char *)&stack, sizeof stack};
    uintptr_t number = (uintptr_t)eg_map_get(&build->stack_numbers, key);
    return number == 0 ? NULL : build->stack_items[number - 1];
}
