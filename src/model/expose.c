/* Values that can be read in plain text, and what their holes stand for. Called by container.c,
 * launchsite.c, stack.c and the facts of secrets and databases. */
#include "model/facts.h"
#include "model/normalize.h"
#include "model/task.h"
#include "node/text.h"

static struct eg_item *add_source(struct eg_list_builder *list, const struct eg_item *of,
                                  const char *kind, struct eg_str name, bool secret,
                                  const struct eg_node *at) {
    struct eg_item *source = eg_item_part(of, "ValueSource", at);
    eg_item_set_text(source, "kind", eg_str_from(kind));
    eg_item_set_text(source, "name", name);
    eg_item_set_bool(source, "isSecret", secret);
    eg_list_add(list, source->node);
    return source;
}

/* "secretsmanager:prod/db:SecretString:password::" -> the service, and what is named. */
static void add_dynamic(struct eg_list_builder *list, const struct eg_item *of, struct eg_str name,
                        const struct eg_node *at) {
    static const char *const services[] = {"secretsmanager", "ssm-secure", "ssm"};
    struct eg_str start = EG_STR("{{resolve:");
    if (eg_str_starts_with(name, start))
        name = eg_str_from_offset(name, start.length);
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        struct eg_str service = eg_str_from(services[i]);
        if (!eg_str_starts_with(name, service))
            continue;
        struct eg_str rest = eg_str_from_offset(name, service.length);
        size_t end = eg_str_find(rest, EG_STR("}}"), 0);
        rest = eg_str_slice(rest, 0, end);
        if (eg_str_starts_with(rest, EG_STR(":")))
            rest = eg_str_from_offset(rest, 1);
        add_source(list, of, services[i], rest, i < 2, at);
        return;
    }
    add_source(list, of, "other", name, false, at);
}

static void add_unknown(struct eg_list_builder *list, const struct eg_item *of,
                        const struct eg_node *piece) {
    static const struct {
        enum eg_why why;
        const char *kind;
    } kinds[] = {
        {EG_WHY_PARAMETER, "parameter"},
        {EG_WHY_SSM_PARAMETER, "ssm-parameter"},
        {EG_WHY_PSEUDO_PARAMETER, "pseudo-parameter"},
        {EG_WHY_IMPORT, "import"},
        {EG_WHY_STACK_OUTPUT, "stack-output"},
        {EG_WHY_PLACEHOLDER, "placeholder"},
        {EG_WHY_ATTRIBUTE, "attribute"},
    };
    const struct eg_unknown *unknown = piece->as.unknown;
    if (unknown->why == EG_WHY_DYNAMIC_REFERENCE) {
        add_dynamic(list, of, unknown->name, piece);
        return;
    }
    const char *kind = "other";
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (kinds[i].why == unknown->why)
            kind = kinds[i].kind;
    add_source(list, of, kind, unknown->name, unknown->secret, piece);
}

static void add_reference(struct eg_list_builder *list, const struct eg_item *of,
                          const struct eg_node *piece) {
    const struct eg_reference *reference = piece->as.reference;
    bool key = eg_str_is(reference->type, "AWS::IAM::AccessKey") &&
               eg_str_is(reference->attribute, "SecretAccessKey");
    struct eg_item *source =
        add_source(list, of, key ? "access-key" : "resource", reference->logical_id, key, piece);
    eg_item_set(source, "resource", eg_item_resource_node(of->build, eg_resolve_target(piece)));
    eg_item_set_text(source, "attribute", reference->attribute);
}

/* {{resolve:…}} in text that CloudFormation never saw. */
static void add_literal(struct eg_list_builder *list, const struct eg_item *of,
                        const struct eg_node *piece) {
    struct eg_str text = piece->as.text;
    struct eg_str start = EG_STR("{{resolve:");
    for (size_t at = eg_str_find(text, start, 0); at != SIZE_MAX;
         at = eg_str_find(text, start, at + start.length))
        add_dynamic(list, of, eg_str_from_offset(text, at), piece);
}

/* ---- parameters whose values are known, so that no hole is left of them ---- */

struct origin_walk {
    struct eg_list_builder *list;
    const struct eg_item *of;
    const struct eg_node *at;
};

static void add_parameter(const struct origin_walk *walk, struct eg_str name) {
    const struct eg_item *of = walk->of;
    const struct eg_node *parameter = eg_node_get(of->stack->template_->parameters, name);
    const struct eg_node *value = eg_map_get(&of->stack->parameters, name);
    if (parameter == NULL || value == NULL || value->kind == EG_UNKNOWN)
        return;
    add_source(walk->list, of, "parameter", name, (value->flags & EG_FLAG_SECRET) != 0, walk->at);
}

/* ${Name} in the text of an Fn::Sub. */
static void add_substituted(const struct origin_walk *walk, struct eg_str text) {
    for (size_t start = eg_str_find(text, EG_STR("${"), 0); start != SIZE_MAX;
         start = eg_str_find(text, EG_STR("${"), start + 2)) {
        size_t end = eg_str_find(text, EG_STR("}"), start);
        if (end == SIZE_MAX)
            return;
        add_parameter(walk, eg_str_slice(text, start + 2, end - start - 2));
    }
}

/* The parameters that an intrinsic function as written names. */
static void walk_origin(const struct origin_walk *walk, const struct eg_node *node,
                        unsigned depth) {
    enum { DEEPEST = 32 };
    if (node == NULL || depth > DEEPEST)
        return;
    for (uint32_t i = 0; node->kind == EG_LIST && i < node->as.list.count; i++)
        walk_origin(walk, node->as.list.items[i], depth + 1);
    for (uint32_t i = 0; node->kind == EG_MAP && i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        const struct eg_node *text = entry->value;
        if (eg_str_is(entry->key, "Fn::Sub") && text->kind == EG_LIST && text->as.list.count > 0)
            text = text->as.list.items[0];
        if (eg_str_is(entry->key, "Ref"))
            add_parameter(walk, eg_node_text(entry->value));
        else if (eg_str_is(entry->key, "Fn::Sub") && text->kind == EG_STRING)
            add_substituted(walk, text->as.text);
        walk_origin(walk, entry->value, depth + 1);
    }
}

static void add_origin(struct eg_list_builder *list, const struct eg_item *of,
                       const struct eg_node *value) {
    struct origin_walk walk = {.list = list, .of = of, .at = value};
    const struct eg_str *name =
        value->origin == NULL ? NULL : eg_item_parameter(of->build, value->origin);
    if (name != NULL && value->kind != EG_UNKNOWN)
        add_source(list, of, "parameter", *name, (value->flags & EG_FLAG_SECRET) != 0, value);
    else if (of->stack != NULL)
        walk_origin(&walk, value->origin, 0);
}

/* The undecided condition that VALUE hangs on, if any: what is told of it before the condition is
 * decided would be neither branch's. */
static const struct eg_node *undecided(struct eg_scenario *scenario, const struct eg_node *value) {
    if (value->kind == EG_UNKNOWN)
        return eg_scenario_is_open(scenario, value->as.unknown) ? value : NULL;
    for (uint32_t i = 0; value->kind == EG_PARTIAL && i < value->as.list.count; i++) {
        const struct eg_node *piece = eg_scenario_force(scenario, value->as.list.items[i]);
        if (piece->kind == EG_UNKNOWN && eg_scenario_is_open(scenario, piece->as.unknown))
            return piece;
    }
    return NULL;
}

const struct eg_node *eg_value_sources(struct eg_scenario *scenario, const struct eg_item *of,
                                       const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (undecided(scenario, value) != NULL)
        return undecided(scenario, value);
    struct eg_list_builder list;
    eg_list_begin(&list, of->build->arena);
    uint32_t count = value->kind == EG_PARTIAL ? value->as.list.count : 1;
    add_origin(&list, of, value);
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_node *piece = value->kind == EG_PARTIAL
                                          ? eg_scenario_force(scenario, value->as.list.items[i])
                                          : value;
        if (piece->kind == EG_UNKNOWN)
            add_unknown(&list, of, piece);
        else if (piece->kind == EG_REFERENCE)
            add_reference(&list, of, piece);
        else if (piece->kind == EG_STRING)
            add_literal(&list, of, piece);
    }
    return eg_list_node(&list, value);
}

const struct eg_node *eg_value_text(struct eg_scenario *scenario, const struct eg_item *of,
                                    struct eg_str name, const struct eg_node *value) {
    if (undecided(scenario, value) != NULL)
        return undecided(scenario, value);
    if (!eg_text_is(value))
        return eg_item_text(of, EG_STR(""), value);
    struct eg_arena *arena = of->build->arena;
    struct eg_str text = value->kind == EG_STRING ? value->as.text : eg_text_show(arena, value);
    if (value->kind != EG_STRING && value->kind != EG_PARTIAL)
        text = eg_str_format(arena, "${%.*s}", EG_STR_ARGS(text)); /* one hole */
    const struct eg_node *node = eg_item_text(of, text, value);
    bool hide = (value->flags & EG_FLAG_SECRET) != 0 || eg_looks_secret(name, text);
    return hide ? eg_hide(arena, node) : node;
}

void eg_expose(struct eg_scenario *scenario, struct eg_list_builder *list, const struct eg_item *of,
               const char *property, struct eg_str name, uint32_t index,
               const struct eg_node *value) {
    if (eg_scenario_force(scenario, value)->kind == EG_ABSENT)
        return;
    struct eg_item *exposed = eg_item_new(of->build, &(struct eg_item_spec){
                                                         .type = "ExposedValue",
                                                         .resource = of->resource,
                                                         .stack = of->stack,
                                                         .parent = of,
                                                         .presence = of->presence,
                                                         .raw = value,
                                                         .value = value,
                                                     });
    eg_item_set_text(exposed, "property", eg_str_from(property));
    eg_item_set_text(exposed, "name", name);
    eg_item_set_int(exposed, "index", index);
    eg_list_add(list, exposed->node);
}

/* ---- facts of one: an element of a rule's `each` is asked under many scenarios ---- */

/* Of a command's words only their order tells which are secrets: none is printed. */
static const struct eg_node *hidden(struct eg_scenario *scenario, const struct eg_item *exposed,
                                    const struct eg_node *value) {
    struct eg_str name = eg_node_text(eg_item_get(scenario, exposed, "name"));
    bool secret =
        value->kind == EG_STRING && (name.length == 0 || eg_looks_secret(name, value->as.text));
    return secret ? eg_hide(exposed->build->arena, value) : value;
}

static const struct eg_node *exposed_value(struct eg_scenario *scenario,
                                           const struct eg_item *exposed) {
    return hidden(scenario, exposed, eg_scenario_force(scenario, exposed->value));
}

static const struct eg_node *exposed_text(struct eg_scenario *scenario,
                                          const struct eg_item *exposed) {
    struct eg_str name = eg_node_text(eg_item_get(scenario, exposed, "name"));
    return hidden(
        scenario, exposed,
        eg_value_text(scenario, exposed, name, eg_scenario_force(scenario, exposed->value)));
}

static const struct eg_node *exposed_sources(struct eg_scenario *scenario,
                                             const struct eg_item *exposed) {
    return eg_value_sources(scenario, exposed, exposed->value);
}

const struct eg_fact eg_facts_expose[] = {
    {"ExposedValue", "value", exposed_value},
    {"ExposedValue", "text", exposed_text},
    {"ExposedValue", "sources", exposed_sources},
    {NULL, NULL, NULL},
};
