/* Reading one rule from its map; see rule.h. The format is docs/policies.md's, its JSON Schema
 * schemas/policy.json. Called by the library of policy files. */
#include "policy/rule.h"

#include "policy/keys.h"

static const struct eg_key rule_keys[] = {
    {"id", EG_KEY_TEXT, true},           {"name", EG_KEY_TEXT, true},
    {"title", EG_KEY_TEXT, true},        {"severity", EG_KEY_TEXT, true},
    {"why", EG_KEY_TEXT, false},         {"match", EG_KEY_TEXT, true},
    {"when", EG_KEY_TEXT, false},        {"let", EG_KEY_EXPRESSIONS, false},
    {"params", EG_KEY_MAP, false},       {"each", EG_KEY_EXPRESSIONS, false},
    {"assert", EG_KEY_TEXT, false},      {"checks", EG_KEY_LIST, false},
    {"message", EG_KEY_TEXT, false},     {"path", EG_KEY_TEXT, false},
    {"remediation", EG_KEY_TEXT, false}, {"references", EG_KEY_LIST, false},
    {"same-as", EG_KEY_MAP, false},      {"profiles", EG_KEY_TEXTS, false},
    {"opt-in", EG_KEY_FLAG, false},      {"source", EG_KEY_TEXTS, false},
    {"notes", EG_KEY_TEXTS, false},      {"shared-params", EG_KEY_TEXTS, false},
    {NULL, EG_KEY_ANY, false},
};

static const struct eg_key check_keys[] = {
    {"name", EG_KEY_TEXT, true},         {"title", EG_KEY_TEXT, false},
    {"when", EG_KEY_TEXT, false},        {"assert", EG_KEY_TEXT, true},
    {"message", EG_KEY_TEXT, false},     {"severity", EG_KEY_TEXT, false},
    {"remediation", EG_KEY_TEXT, false}, {"path", EG_KEY_TEXT, false},
    {NULL, EG_KEY_ANY, false},
};

static const struct eg_key reference_keys[] = {
    {"title", EG_KEY_TEXT, true},
    {"url", EG_KEY_TEXT, true},
    {NULL, EG_KEY_ANY, false},
};

/* ---- forms of names ---- */

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool eg_rule_is_section(struct eg_str text) {
    if (text.length == 0 || !is_capital(text.data[0]) || text.data[text.length - 1] == '-')
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!is_capital(c) && !is_digit(c) && !(c == '-' && text.data[i + 1] != '-'))
            return false;
    }
    return true;
}

bool eg_rule_is_id(struct eg_str text) {
    size_t dash = eg_str_find_last(text, '-');
    if (dash == SIZE_MAX || dash + 1 == text.length ||
        !eg_rule_is_section(eg_str_slice(text, 0, dash)))
        return false;
    for (size_t i = dash + 1; i < text.length; i++)
        if (!is_digit(text.data[i]))
            return false;
    return true;
}

bool eg_rule_is_name(struct eg_str text) {
    if (text.length == 0 || !is_small(text.data[0]))
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!is_small(text.data[i]) && !is_digit(text.data[i]) && text.data[i] != '-')
            return false;
    return true;
}

/* A variable's name in CEL. */
static bool is_identifier(struct eg_str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!is_small(c) && !is_capital(c) && c != '_' && !(i > 0 && is_digit(c)))
            return false;
    }
    return text.length > 0;
}

/* ---- the parts of a rule ---- */

struct reading {
    struct eg_arena *arena;
    struct eg_rule *rule;
    struct eg_error *error;
};

static struct eg_str text_of(const struct reading *reading, const struct eg_node *map,
                             const char *key) {
    return eg_keys_text(reading->arena, eg_node_get(map, eg_str_from(key)));
}

static bool read_names(const struct reading *reading) {
    struct eg_rule *rule = reading->rule;
    rule->id = text_of(reading, rule->raw, "id");
    rule->name = text_of(reading, rule->raw, "name");
    rule->title = text_of(reading, rule->raw, "title");
    rule->why = text_of(reading, rule->raw, "why");
    rule->remediation = text_of(reading, rule->raw, "remediation");
    if (!eg_rule_is_id(rule->id))
        return eg_keys_fail(reading->error, EG_GET(rule->raw, "id"),
                            "'%.*s' is no rule id; expected capital letters, hyphens and a number "
                            "at the end, as in ACME-TAG-001",
                            EG_STR_ARGS(rule->id));
    if (!eg_rule_is_name(rule->name))
        return eg_keys_fail(reading->error, EG_GET(rule->raw, "name"),
                            "'%.*s' is no rule name; expected small letters, digits and hyphens",
                            EG_STR_ARGS(rule->name));
    rule->section = eg_str_slice(rule->id, 0, eg_str_find_last(rule->id, '-'));
    struct eg_str severity = text_of(reading, rule->raw, "severity");
    if (!eg_severity_parse(severity, &rule->severity))
        return eg_keys_fail(reading->error, EG_GET(rule->raw, "severity"),
                            "'%.*s' is no severity; expected critical, high, medium, low or info",
                            EG_STR_ARGS(severity));
    rule->profiles =
        eg_keys_texts(reading->arena, EG_GET(rule->raw, "profiles"), &rule->profile_count);
    const struct eg_node *opt_in = EG_GET(rule->raw, "opt-in");
    rule->opt_in = opt_in != NULL && opt_in->as.boolean;
    return true;
}

static bool check_variable(const struct reading *reading, const struct eg_entry *entry,
                           const char *what) {
    bool named = is_identifier(entry->key);
    bool taken = eg_str_is(entry->key, "params") ||
                 eg_str_equal(entry->key, reading->rule->type->name) ||
                 eg_str_equal(entry->key, reading->rule->each_name);
    if (named && !taken)
        return true;
    struct eg_place place = eg_entry_place(entry);
    if (!named)
        return eg_error_set(reading->error, EG_ERROR_USAGE, place.file, place.line, place.column,
                            "%s needs a name of letters, digits and '_', found '%.*s'", what,
                            EG_STR_ARGS(entry->key));
    return eg_error_set(reading->error, EG_ERROR_USAGE, place.file, place.line, place.column,
                        "%s '%.*s' has the name of another variable of this rule", what,
                        EG_STR_ARGS(entry->key));
}

static bool read_each(const struct reading *reading) {
    const struct eg_node *each = EG_GET(reading->rule->raw, "each");
    if (each == NULL)
        return true;
    if (each->as.map.count != 1)
        return eg_keys_fail(reading->error, each,
                            "'each' needs one name with the list whose elements are judged, found "
                            "%u",
                            each->as.map.count);
    if (!check_variable(reading, &each->as.map.items[0], "the element of 'each'"))
        return false;
    reading->rule->each_name = each->as.map.items[0].key;
    return true;
}

static bool read_lets(const struct reading *reading) {
    struct eg_rule *rule = reading->rule;
    const struct eg_node *lets = EG_GET(rule->raw, "let");
    if (lets == NULL)
        return true;
    rule->let_count = lets->as.map.count;
    rule->lets = EG_NEW_ARRAY(reading->arena, struct eg_let, rule->let_count);
    for (uint32_t i = 0; i < rule->let_count; i++) {
        const struct eg_entry *entry = &lets->as.map.items[i];
        if (!check_variable(reading, entry, "'let'"))
            return false;
        rule->lets[i] = (struct eg_let){.name = entry->key, .raw = entry->value};
    }
    return true;
}

/* The plain form: the rule's own `assert` is its one check. */
static struct eg_check plain_check(const struct eg_rule *rule) {
    return (struct eg_check){
        .title = rule->title,
        .fixed = rule->severity,
        .remediation = rule->remediation,
        .raw = rule->raw,
    };
}

static bool read_check(const struct reading *reading, const struct eg_node *node,
                       struct eg_check *check) {
    if (!eg_keys_check(node, check_keys, "a check", reading->error))
        return false;
    *check = plain_check(reading->rule);
    check->raw = node;
    check->name = text_of(reading, node, "name");
    if (!eg_rule_is_name(check->name))
        return eg_keys_fail(reading->error, EG_GET(node, "name"),
                            "'%.*s' is no name of a check; expected small letters, digits and "
                            "hyphens",
                            EG_STR_ARGS(check->name));
    if (EG_GET(node, "title") != NULL)
        check->title = text_of(reading, node, "title");
    if (EG_GET(node, "remediation") != NULL)
        check->remediation = text_of(reading, node, "remediation");
    /* Anything else than the name of a severity is an expression, compiled later. */
    enum eg_severity constant;
    if (eg_severity_parse(text_of(reading, node, "severity"), &constant))
        check->fixed = constant;
    return true;
}

static bool read_checks(const struct reading *reading) {
    struct eg_rule *rule = reading->rule;
    const struct eg_node *checks = EG_GET(rule->raw, "checks");
    if ((checks == NULL) == (EG_GET(rule->raw, "assert") == NULL))
        return eg_keys_fail(reading->error, checks == NULL ? rule->raw : checks,
                            "a rule needs either 'assert' or 'checks', found %s",
                            checks == NULL ? "neither" : "both");
    rule->check_count = checks == NULL ? 1 : checks->as.list.count;
    if (rule->check_count == 0)
        return eg_keys_fail(reading->error, checks, "'checks' of a rule is empty");
    rule->checks = EG_NEW_ARRAY(reading->arena, struct eg_check, rule->check_count);
    if (checks == NULL) {
        rule->checks[0] = plain_check(rule);
        return true;
    }
    for (uint32_t i = 0; i < rule->check_count; i++) {
        if (!read_check(reading, checks->as.list.items[i], &rule->checks[i]))
            return false;
        for (uint32_t j = 0; j < i; j++)
            if (eg_str_equal(rule->checks[i].name, rule->checks[j].name))
                return eg_keys_fail(reading->error, EG_GET(rule->checks[i].raw, "name"),
                                    "the rule has another check '%.*s' in line %u",
                                    EG_STR_ARGS(rule->checks[i].name),
                                    eg_node_place(rule->checks[j].raw).line);
    }
    return true;
}

static bool read_references(const struct reading *reading) {
    struct eg_rule *rule = reading->rule;
    const struct eg_node *list = EG_GET(rule->raw, "references");
    if (list == NULL)
        return true;
    rule->references = EG_NEW_ARRAY(reading->arena, struct eg_reference_link, list->as.list.count);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        if (!eg_keys_check(item, reference_keys, "a reference", reading->error))
            return false;
        rule->references[rule->reference_count++] = (struct eg_reference_link){
            .title = text_of(reading, item, "title"), .url = text_of(reading, item, "url")};
    }
    return true;
}

static bool read_same_as(const struct reading *reading) {
    struct eg_rule *rule = reading->rule;
    const struct eg_node *map = EG_GET(rule->raw, "same-as");
    if (map == NULL)
        return true;
    rule->same_as = EG_NEW_ARRAY(reading->arena, struct eg_same_as, map->as.map.count);
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct eg_same_as *same = &rule->same_as[rule->same_as_count++];
        same->tool = entry->key;
        same->ids = eg_keys_texts(reading->arena, entry->value, &same->count);
        for (uint32_t j = 0; j < same->count; j++)
            if (same->ids[j].length == 0)
                return eg_keys_fail(reading->error, entry->value,
                                    "'same-as' needs a list of ids, as in [ECS.5]");
    }
    return true;
}

/* ---- the whole ---- */

bool eg_rule_read(struct eg_arena *arena, const struct eg_schema *schema,
                  const struct eg_node *node, struct eg_str path, struct eg_rule **ret_rule,
                  struct eg_error *error) {
    if (!eg_keys_check(node, rule_keys, "a rule", error))
        return false;
    struct eg_rule *rule = EG_NEW(arena, struct eg_rule);
    rule->raw = node;
    rule->path = path;
    struct reading reading = {arena, rule, error};
    if (!read_names(&reading) || !eg_rule_read_match(arena, schema, rule, error) ||
        !read_each(&reading) || !read_lets(&reading) || !read_checks(&reading) ||
        !read_references(&reading) || !read_same_as(&reading))
        return false;
    *ret_rule = rule;
    return true;
}

void eg_rule_set_severity(struct eg_rule *rule, enum eg_severity severity) {
    rule->severity = severity;
    for (uint32_t i = 0; i < rule->check_count; i++) {
        rule->checks[i].fixed = severity;
        rule->checks[i].severity = NULL;
    }
    rule->severity_is_set = true;
}

bool eg_rule_is_compiled(const struct eg_rule *rule) {
    return rule->checks[0].assertion != NULL;
}
