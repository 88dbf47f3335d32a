/* The shape check (see shape.h): walks the resources of a system and, for each whose type is known,
 * its properties. Called once a system is resolved. Values are judged in shape_value.c, unknown
 * keys explained in shape_key.c. */
#include "model/shape.h"

#include "base/buf.h"
#include "model/shape_check.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- reporting ---- */

enum { LONGEST_PATH = 300, LONGEST_MESSAGE = 600 };

static void write_path(struct eg_buf *buf, const struct eg_shape_step *step) {
    if (step == NULL)
        return;
    write_path(buf, step->outer);
    if (step->key.data == NULL) {
        eg_buf_printf(buf, "[%u]", step->index);
        return;
    }
    if (buf->length > 0)
        eg_buf_putc(buf, '.');
    eg_buf_add_str(buf, step->key);
}

/* TEXT, or of a longer one what fits into LIMIT bytes, in whole characters. */
static struct eg_str cut(struct eg_str text, size_t limit) {
    if (text.length <= limit)
        return text;
    while (limit > 0 && ((unsigned char)text.data[limit] & 0xC0) == 0x80)
        limit--;
    return eg_str_slice(text, 0, limit);
}

void eg_shape_report(struct eg_shape_checker *checker, const char *code, const struct eg_node *at,
                     const struct eg_shape_place *place, const char *format, ...) {
    if (checker->problem_count++ >= EG_SHAPE_MOST_PROBLEMS)
        return;
    char message[1024];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);

    bool at_key = (at == NULL || at->source == NULL) && place->entry != NULL;
    if (at_key)
        at = place->entry->value->source != NULL ? place->entry->value : place->owner;
    struct eg_system *system = checker->system;
    struct eg_buf path;
    eg_buf_init(&path);
    write_path(&path, place->path);
    struct eg_problem *problem = eg_problem_add(
        &system->problems, system->arena, code, at, "%.*s%s%.*s",
        EG_STR_ARGS(cut(eg_buf_str(&path), LONGEST_PATH)), path.length > 0 ? ": " : "",
        EG_STR_ARGS(cut(eg_str_from(message), LONGEST_MESSAGE)));
    eg_buf_done(&path);
    eg_arena_reset(&checker->scratch);
    problem->resource = checker->resource;
    problem->template_ = checker->stack->template_;
    problem->unknown = checker->has_macro;
    if (at_key) {
        problem->has_offset = true;
        problem->offset = place->entry->key_offset;
    }
}

/* ---- structures ---- */

static enum eg_truth has(const struct eg_shape_checker *checker, const struct eg_node *map,
                         struct eg_str name) {
    return eg_shape_present(checker, eg_node_get(map, name));
}

/* Is it there, and more than an empty text, list or map, which many services take for nothing? */
static bool is_given(const struct eg_shape_checker *checker, const struct eg_node *map,
                     struct eg_str name) {
    const struct eg_node *value = eg_node_get(map, name);
    bool empty = (eg_node_kind(value) == EG_STRING && value->as.text.length == 0) ||
                 (eg_node_kind(value) == EG_LIST && value->as.list.count == 0) ||
                 (eg_node_kind(value) == EG_MAP && value->as.map.count == 0);
    return has(checker, map, name) == EG_TRUE && !empty;
}

/* "A, B or C" */
static struct eg_str join_names(struct eg_arena *arena, const struct eg_node *names) {
    struct eg_str text = EG_STR("");
    uint32_t count = names->as.list.count;
    for (uint32_t i = 0; i < count; i++)
        text = eg_str_format(arena, "%.*s%s%.*s", EG_STR_ARGS(text),
                             i == 0           ? ""
                             : i + 1 == count ? " or "
                                              : ", ",
                             EG_STR_ARGS(eg_node_text(names->as.list.items[i])));
    return text;
}

/* A required property whose value is AWS::NoValue on one side of a condition is missing then. Only
 * if nothing else is taken for granted is it sure that this side can be met. */
static void check_required(struct eg_shape_checker *checker,
                           const struct eg_structure_shape *structure, const struct eg_node *map,
                           const struct eg_shape_place *place) {
    for (uint32_t i = 0; i < structure->property_count; i++) {
        const struct eg_property_shape *property = &structure->properties[i];
        if (!property->required)
            continue;
        enum eg_truth truth = has(checker, map, property->name);
        if (truth == EG_FALSE)
            eg_shape_report(checker, "missing-property", map, place, "%.*s is missing",
                            EG_STR_ARGS(property->name));
        else if (truth == EG_UNDECIDED && checker->branch == NULL)
            eg_shape_report(checker, "missing-property", eg_node_get(map, property->name), place,
                            "%.*s is missing on one side of its condition",
                            EG_STR_ARGS(property->name));
    }
}

static void report_excluded(struct eg_shape_checker *checker, const struct eg_node *map,
                            struct eg_str name, struct eg_str other,
                            const struct eg_shape_place *place) {
    const struct eg_entry *entry = eg_node_entry(map, name);
    struct eg_shape_step step = {.outer = place->path, .key = name};
    struct eg_shape_place inside = {map, entry, &step};
    eg_shape_report(checker, "exclusive-properties", NULL, &inside, "not together with %.*s",
                    EG_STR_ARGS(other));
}

/* One of a group (at least, or just one) must be there. */
static void check_group(struct eg_shape_checker *checker, const struct eg_node *names,
                        bool just_one, const struct eg_node *map,
                        const struct eg_shape_place *place) {
    struct eg_str first = EG_STR("");
    bool possible = false;
    for (uint32_t i = 0; i < names->as.list.count; i++) {
        struct eg_str name = eg_node_text(names->as.list.items[i]);
        possible = possible || has(checker, map, name) != EG_FALSE;
        if (!is_given(checker, map, name))
            continue;
        if (first.length == 0)
            first = name;
        else if (just_one)
            report_excluded(checker, map, name, first, place);
    }
    if (!possible)
        eg_shape_report(checker, "missing-property", map, place, "%.*s must be there",
                        EG_STR_ARGS(join_names(&checker->scratch, names)));
}

/* Does NAME exclude OTHER as well? */
static bool excludes(const struct eg_structure_shape *structure, struct eg_str name,
                     struct eg_str other) {
    for (uint32_t i = 0; i < structure->without.count; i++) {
        const struct eg_property_group *group = &structure->without.items[i];
        for (uint32_t j = 0; eg_str_equal(group->owner, name) && j < group->names->as.list.count;
             j++)
            if (eg_str_equal(eg_node_text(group->names->as.list.items[j]), other))
                return true;
    }
    return false;
}

/* What a property that is there excludes. Two that exclude each other are told once. */
static void check_without(struct eg_shape_checker *checker,
                          const struct eg_structure_shape *structure,
                          const struct eg_property_group *group, const struct eg_node *map,
                          const struct eg_shape_place *place) {
    if (!is_given(checker, map, group->owner))
        return;
    for (uint32_t i = 0; i < group->names->as.list.count; i++) {
        struct eg_str name = eg_node_text(group->names->as.list.items[i]);
        bool told =
            excludes(structure, name, group->owner) && eg_str_compare(group->owner, name) > 0;
        if (!told && is_given(checker, map, name))
            report_excluded(checker, map, name, group->owner, place);
    }
}

/* What a property that is there demands. */
static void check_with(struct eg_shape_checker *checker, const struct eg_property_group *group,
                       const struct eg_node *map, const struct eg_shape_place *place) {
    if (!is_given(checker, map, group->owner))
        return;
    for (uint32_t i = 0; i < group->names->as.list.count; i++) {
        struct eg_str name = eg_node_text(group->names->as.list.items[i]);
        if (has(checker, map, name) == EG_FALSE)
            eg_shape_report(checker, "missing-property", map, place,
                            "%.*s is missing; %.*s needs it", EG_STR_ARGS(name),
                            EG_STR_ARGS(group->owner));
    }
}

static void check_groups(struct eg_shape_checker *checker,
                         const struct eg_structure_shape *structure, const struct eg_node *map,
                         const struct eg_shape_place *place) {
    for (uint32_t i = 0; i < structure->one.count; i++)
        check_group(checker, structure->one.items[i].names, true, map, place);
    for (uint32_t i = 0; i < structure->some.count; i++)
        check_group(checker, structure->some.items[i].names, false, map, place);
    for (uint32_t i = 0; i < structure->without.count; i++)
        check_without(checker, structure, &structure->without.items[i], map, place);
    for (uint32_t i = 0; i < structure->with.count; i++)
        check_with(checker, &structure->with.items[i], map, place);
}

static void check_entry(struct eg_shape_checker *checker,
                        const struct eg_structure_shape *structure,
                        const struct eg_shape_place *place) {
    const struct eg_entry *entry = place->entry;
    const struct eg_property_shape *property = eg_shape_property(structure, entry->key);
    if (eg_shape_present(checker, entry->value) == EG_FALSE)
        return;
    if (property == NULL) {
        if (!structure->open)
            eg_shape_report_key(checker, structure, place);
    } else if (property->read_only) {
        eg_shape_report(checker, "read-only-property", NULL, place,
                        "set by AWS; a template can't give it");
    } else {
        eg_shape_check_value(checker, property->value, entry->value, place);
    }
}

void eg_shape_check_structure(struct eg_shape_checker *checker,
                              const struct eg_structure_shape *structure, const struct eg_node *map,
                              const struct eg_shape_place *place) {
    bool whole = true;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        if (eg_str_starts_with(entry->key, EG_STR("Fn::"))) {
            whole = false; /* Fn::Transform adds what is not known */
            continue;
        }
        struct eg_shape_step step = {.outer = place->path, .key = entry->key};
        struct eg_shape_place inside = {map, entry, &step};
        check_entry(checker, structure, &inside);
    }
    if (!whole)
        return;
    check_required(checker, structure, map, place);
    check_groups(checker, structure, map, place);
}

/* ---- resources ---- */

/* The keys of a resource ("Resource attribute reference" in CloudFormation's user guide). */
static const char *const resource_keys[] = {
    "Type",           "Properties",          "DependsOn",     "Condition",      "Metadata",
    "DeletionPolicy", "UpdateReplacePolicy", "UpdatePolicy",  "CreationPolicy", "Description",
    "Version",        "Connectors",          "IgnoreGlobals", "Fn::Transform"};
enum { RESOURCE_KEY_COUNT = sizeof resource_keys / sizeof *resource_keys };

static bool is_resource_key(struct eg_str key) {
    for (size_t i = 0; i < RESOURCE_KEY_COUNT; i++)
        if (eg_str_is(key, resource_keys[i]))
            return true;
    return false;
}

static void report_resource_key(struct eg_shape_checker *checker, struct eg_str key,
                                const struct eg_shape_place *place) {
    for (size_t i = 0; i < RESOURCE_KEY_COUNT; i++)
        if (eg_str_distance(key, eg_str_from(resource_keys[i]), 2) <= 2) {
            eg_shape_report(checker, "unknown-property", NULL, place,
                            "'%.*s' is no attribute of a resource; did you mean '%s'?",
                            EG_STR_ARGS(key), resource_keys[i]);
            return;
        }
    eg_shape_report(checker, "unknown-property", NULL, place,
                    "'%.*s' is no attribute of a resource; properties belong under Properties",
                    EG_STR_ARGS(key));
}

static void check_keys(struct eg_shape_checker *checker, const struct eg_node *raw) {
    for (uint32_t i = 0; eg_node_kind(raw) == EG_MAP && i < raw->as.map.count; i++) {
        const struct eg_entry *entry = &raw->as.map.items[i];
        struct eg_shape_place place = {.owner = raw, .entry = entry};
        if (!is_resource_key(entry->key))
            report_resource_key(checker, entry->key, &place);
    }
}

/* Does a template name a macro other than those that AWS hosts? */
static bool names_macro(const struct eg_node *transform) {
    if (eg_node_kind(transform) == EG_STRING)
        return !eg_str_starts_with(transform->as.text, EG_STR("AWS::"));
    if (eg_node_kind(transform) == EG_MAP)
        return names_macro(EG_GET(transform, "Name"));
    for (uint32_t i = 0; eg_node_kind(transform) == EG_LIST && i < transform->as.list.count; i++) {
        const struct eg_node *item = transform->as.list.items[i];
        if (eg_node_kind(item) != EG_LIST && names_macro(item))
            return true;
    }
    return false;
}

static void check_resource(struct eg_shape_checker *checker, const struct eg_resource *resource) {
    bool api = checker->stack->template_->api_names;
    struct eg_shape_branch created = {.condition = resource->condition, .side = true};
    checker->resource = resource;
    checker->problem_count = 0;
    if (!api)
        check_keys(checker, resource->raw);
    eg_shape_check_attributes(checker, resource->properties);
    checker->shape = eg_shapes_find(checker->shapes, resource->type, api);
    if (checker->shape == NULL)
        return;
    checker->branch = resource->condition != NULL ? &created : NULL;
    struct eg_value_shape properties = {.kind = EG_VALUE_STRUCTURE,
                                        .structure = &checker->shape->structures[0]};
    struct eg_shape_place place = {.owner = resource->raw};
    eg_shape_check_value(checker, &properties, resource->properties, &place);
    checker->branch = NULL;
}

static void check_outputs(struct eg_shape_checker *checker) {
    checker->resource = NULL;
    checker->problem_count = 0;
    for (uint32_t i = 0; i < checker->stack->outputs.count; i++) {
        const struct eg_output *output = checker->stack->outputs.entries[i].value;
        eg_shape_check_attributes(checker, output->value);
    }
}

static void check_stack(struct eg_shape_checker *checker, const struct eg_stack *stack) {
    checker->stack = stack;
    checker->has_macro = names_macro(stack->template_->transform);
    for (uint32_t i = 0; i < stack->resource_count; i++) {
        const struct eg_resource *resource = stack->resources[i];
        if (!resource->never && !resource->skipped)
            check_resource(checker, resource);
    }
    check_outputs(checker);
}

void eg_shape_check(struct eg_system *system, struct eg_shapes *shapes) {
    struct eg_shapes own;
    struct eg_shape_checker checker = {.system = system, .shapes = shapes};
    eg_arena_init(&checker.scratch);
    if (shapes == NULL) {
        eg_shapes_init(&own);
        checker.shapes = &own;
    }
    for (uint32_t i = 0; i < system->stack_count; i++)
        check_stack(&checker, system->stacks[i]);
    if (shapes == NULL)
        eg_shapes_done(&own);
    eg_arena_done(&checker.scratch);
}
