/* Facts about the texts of a template, wherever they stand: access keys, and what can be read in
 * plain text beside the properties of resources. */
#include "base/base64.h"
#include "base/limits.h"
#include "model/facts.h"
#include "model/task.h"

#include <string.h>

/* ---- access keys ---- */

enum { KEY_ID_LENGTH = 20, SECRET_KEY_LENGTH = 40 };

static bool is_upper_or_digit(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* AKIA or ASIA and 16 characters more, standing alone: "Understanding unique ID prefixes" in AWS's
 * IAM user guide. */
static bool has_key_id(struct eg_str text, bool *ret_example) {
    for (size_t i = 0; i + KEY_ID_LENGTH <= text.length; i++) {
        const char *found = memchr(text.data + i, 'A', text.length - i);
        if (found == NULL)
            return false;
        i = (size_t)(found - text.data);
        struct eg_str start = eg_str_slice(text, i, 4);
        if (!eg_str_equal(start, EG_STR("AKIA")) && !eg_str_equal(start, EG_STR("ASIA")))
            continue;
        size_t length = 0;
        while (i + length < text.length && is_upper_or_digit(text.data[i + length]))
            length++;
        if (length != KEY_ID_LENGTH || (i > 0 && is_upper_or_digit(text.data[i - 1])))
            continue;
        *ret_example = eg_str_ends_with(eg_str_slice(text, i, length), EG_STR("EXAMPLE"));
        return true;
    }
    return false;
}

static bool is_secret_key(struct eg_str key, struct eg_str text, bool *ret_example) {
    if (text.length != SECRET_KEY_LENGTH)
        return false;
    bool digit = false;
    bool upper = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        digit = digit || (c >= '0' && c <= '9');
        upper = upper || (c >= 'A' && c <= 'Z');
        if (!is_upper_or_digit(c) && !(c >= 'a' && c <= 'z') && c != '/' && c != '+')
            return false;
    }
    bool named = false;
    struct eg_str word = EG_STR("secret");
    for (size_t i = 0; i + word.length <= key.length && !named; i++)
        named = eg_str_equal_nocase(eg_str_slice(key, i, word.length), word);
    *ret_example = eg_str_ends_with(text, EG_STR("EXAMPLEKEY"));
    return named && digit && upper;
}

struct key_search {
    const struct eg_item *item;
    struct eg_list_builder *list;
};

/* The way from the root to a value; its text is made only for what is found. */
struct key_step {
    const struct key_step *before;
    bool element; /* of a list, by its number; else an entry of a map, by its key */
    uint32_t number;
    struct eg_str key;
};

static struct eg_str step_path(struct eg_arena *arena, const struct key_step *step) {
    if (step == NULL)
        return EG_STR("");
    struct eg_str path = step_path(arena, step->before);
    if (step->element)
        return eg_str_format(arena, "%.*s[%u]", EG_STR_ARGS(path), step->number);
    return path.length == 0
               ? step->key
               : eg_str_format(arena, "%.*s.%.*s", EG_STR_ARGS(path), EG_STR_ARGS(step->key));
}

static void search(struct key_search *search_, const struct eg_node *node, struct eg_str key,
                   const struct key_step *step, unsigned depth);

static void add_found(struct key_search *search_, const char *form, const struct eg_node *node,
                      const struct key_step *step, bool example) {
    struct eg_item *found = eg_item_part(search_->item, "FoundText", node);
    eg_item_set_text(found, "form", eg_str_from(form));
    eg_item_set_text(found, "path", step_path(search_->item->build->arena, step));
    eg_item_set_bool(found, "isExample", example);
    eg_list_add(search_->list, found->node);
}

/* What the value of ENTRY is called: {"Name": NAME, "Value": …} has the name beside it. */
static struct eg_str name_of_value(const struct eg_node *map, const struct eg_entry *entry) {
    if (!eg_str_equal_nocase(entry->key, EG_STR("value")))
        return entry->key;
    const struct eg_node *name = EG_GET(map, "Name");
    struct eg_str called = eg_node_text(name != NULL ? name : EG_GET(map, "name"));
    return called.length > 0 ? called : entry->key;
}

/* What instances run at their start may be written in base64. */
static struct eg_str plain_text(const struct key_search *search_, struct eg_str key,
                                struct eg_str text) {
    struct eg_str plain;
    return eg_str_is(key, "UserData") && eg_base64_decode(search_->item->build->arena, text, &plain)
               ? plain
               : text;
}

static void search_text(struct key_search *search_, const struct eg_node *node, struct eg_str key,
                        const struct key_step *step) {
    bool example = false;
    struct eg_str text = plain_text(search_, key, node->as.text);
    if (has_key_id(text, &example))
        add_found(search_, "access-key-id", node, step, example);
    else if (is_secret_key(key, text, &example))
        add_found(search_, "secret-access-key", node, step, example);
}

static void search(struct key_search *search_, const struct eg_node *node, struct eg_str key,
                   const struct key_step *step, unsigned depth) {
    struct key_step inner = {.before = step, .element = node->kind == EG_LIST};
    if (depth > EG_LIMIT_DEPTH)
        return;
    if (node->kind == EG_STRING) {
        search_text(search_, node, key, step);
    } else if (node->kind == EG_LIST) {
        for (; inner.number < node->as.list.count; inner.number++)
            search(search_, node->as.list.items[inner.number], key, &inner, depth + 1);
    } else if (node->kind == EG_MAP) {
        for (uint32_t i = 0; i < node->as.map.count; i++) {
            const struct eg_entry *entry = &node->as.map.items[i];
            inner.key = entry->key;
            search(search_, entry->value, name_of_value(node, entry), &inner, depth + 1);
        }
    }
}

static const struct eg_node *stack_access_keys(struct eg_scenario *scenario,
                                               const struct eg_item *item) {
    (void)scenario;
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    struct key_search search_ = {.item = item, .list = &list};
    search(&search_, item->stack->template_->document.root, EG_STR(""), NULL, 0);
    return eg_list_node(&list, item->object.raw);
}

/* ---- outputs, metadata and descriptions ---- */

struct text_walk {
    struct eg_scenario *scenario;
    const struct eg_item *item;
    struct eg_list_builder *list;
};

/* What the CDK notes of its own constructs and assets. */
static bool is_cdk_note(struct eg_str key) {
    return eg_str_starts_with(key, EG_STR("aws:"));
}

static void expose_metadata(const struct text_walk *walk, const struct eg_node *node,
                            const struct key_step *step, unsigned depth) {
    struct key_step inner = {.before = step, .element = eg_node_kind(node) == EG_LIST};
    if (node == NULL || depth > EG_LIMIT_DEPTH)
        return;
    if (node->kind == EG_STRING)
        eg_expose(walk->scenario, walk->list, walk->item, "metadata",
                  step_path(walk->item->build->arena, step), 0, node);
    for (; node->kind == EG_LIST && inner.number < node->as.list.count; inner.number++)
        expose_metadata(walk, node->as.list.items[inner.number], &inner, depth + 1);
    for (uint32_t i = 0; node->kind == EG_MAP && i < node->as.map.count; i++) {
        inner.key = node->as.map.items[i].key;
        if (!is_cdk_note(inner.key))
            expose_metadata(walk, node->as.map.items[i].value, &inner, depth + 1);
    }
}

static void expose_description(const struct text_walk *walk, const struct eg_node *of,
                               const char *section, struct eg_str name) {
    const struct eg_node *text = EG_GET(of, "Description");
    if (eg_node_kind(text) == EG_STRING)
        eg_expose(walk->scenario, walk->list, walk->item, "description",
                  eg_str_format(walk->item->build->arena, "%s%.*s", section, EG_STR_ARGS(name)), 0,
                  text);
}

static void expose_descriptions(const struct text_walk *walk, const struct eg_node *map,
                                const char *section) {
    for (uint32_t i = 0; eg_node_kind(map) == EG_MAP && i < map->as.map.count; i++)
        expose_description(walk, map->as.map.items[i].value, section, map->as.map.items[i].key);
}

static const struct eg_node *stack_exposed(struct eg_scenario *scenario,
                                           const struct eg_item *item) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    const struct text_walk walk = {scenario, item, &list};
    const struct eg_stack *stack = item->stack;
    const struct eg_node *root = stack->template_->document.root;
    for (uint32_t i = 0; i < stack->outputs.count; i++) {
        const struct eg_output *output = stack->outputs.entries[i].value;
        eg_expose(scenario, &list, item, "output", output->name, i, output->value);
    }
    expose_description(&walk, root, "template", EG_STR(""));
    expose_descriptions(&walk, EG_GET(root, "Outputs"), "output ");
    expose_descriptions(&walk, EG_GET(root, "Parameters"), "parameter ");
    struct key_step step = {.key = EG_STR("Metadata")};
    expose_metadata(&walk, EG_GET(root, "Metadata"), &step, 0);
    for (uint32_t i = 0; i < stack->resource_count; i++) {
        step.key = stack->resources[i]->logical_id;
        expose_metadata(&walk, stack->resources[i]->metadata, &step, 0);
    }
    return eg_list_node(&list, item->object.raw);
}

/* CloudFormation makes no SecureString: whoever may read the parameter reads its value. */
static const struct eg_node *resource_exposed(struct eg_scenario *scenario,
                                              const struct eg_item *item) {
    struct eg_list_builder list;
    eg_list_begin(&list, item->build->arena);
    const struct eg_node *properties = eg_scenario_force(scenario, item->resource->properties);
    if (eg_str_is(item->resource->type, "AWS::SSM::Parameter") && properties->kind == EG_MAP) {
        struct eg_str name = eg_node_text(eg_item_property(scenario, item, "Name"));
        eg_expose(scenario, &list, item, "value",
                  name.length > 0 ? name : item->resource->logical_id, 0,
                  EG_GET(properties, "Value"));
    }
    return eg_list_node(&list, item->object.raw);
}

const struct eg_fact eg_facts_texts[] = {
    {"resource", "exposedValues", resource_exposed},
    {"stack", "accessKeys", stack_access_keys},
    {"stack", "exposedValues", stack_exposed},
    {NULL, NULL, NULL},
};
