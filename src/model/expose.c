/* Values that can be read in plain text, and what their holes stand for. Called by container.c,
 * launchsite.c, stack.c and the facts of secrets and databases. */
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

/* The parameter whose value a known text is: the Ref that it was resolved from. */
static void add_origin(struct eg_list_builder *list, const struct eg_item *of,
                       const struct eg_node *value) {
    const struct eg_node *ref = EG_GET(value->origin, "Ref");
    if (eg_node_kind(ref) != EG_STRING || of->stack == NULL)
        return;
    const struct eg_node *parameter = eg_node_get(of->stack->template_->parameters, ref->as.text);
    if (parameter == NULL)
        return;
    const struct eg_node *no_echo = EG_GET(parameter, "NoEcho");
    bool secret = eg_is_true(no_echo) || eg_str_equal_nocase(eg_node_text(no_echo), EG_STR("true"));
    add_source(list, of, "parameter", ref->as.text, secret, value);
}

const struct eg_node *eg_value_sources(struct eg_scenario *scenario, const struct eg_item *of,
                                       const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
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

const struct eg_node *eg_value_text(const struct eg_item *of, struct eg_str name,
                                    const struct eg_node *value) {
    if (!eg_text_is(value))
        return eg_item_text(of, EG_STR(""), value);
    struct eg_str text =
        value->kind == EG_STRING ? value->as.text : eg_text_show(of->build->arena, value);
    const struct eg_node *node = eg_item_text(of, text, value);
    bool hide = (value->flags & EG_FLAG_SECRET) != 0 || eg_looks_secret(name, text);
    return hide ? eg_hide(of->build->arena, node) : node;
}

void eg_expose(struct eg_scenario *scenario, struct eg_list_builder *list, const struct eg_item *of,
               const char *property, struct eg_str name, uint32_t index,
               const struct eg_node *value) {
    value = eg_scenario_force(scenario, value);
    if (value->kind == EG_ABSENT)
        return;
    struct eg_item *exposed = eg_item_part(of, "ExposedValue", value);
    eg_item_set_text(exposed, "property", eg_str_from(property));
    eg_item_set_text(exposed, "name", name);
    eg_item_set_int(exposed, "index", index);
    bool secret = value->kind == EG_STRING && eg_looks_secret(name, value->as.text);
    eg_item_set(exposed, "value", secret ? eg_hide(of->build->arena, value) : value);
    eg_item_set(exposed, "text", eg_value_text(of, name, value));
    eg_item_set(exposed, "sources", eg_value_sources(scenario, exposed, value));
    eg_list_add(list, exposed->node);
}
