/* Parameter values from the command line and from files. Called by the command line; resolving
 * looks them up. ("create-stack" in the CLI's reference for the file's form, "CloudFormation
 * artifacts" in CodePipeline's user guide for the template configuration file.)
 */
#include "load/loader.h"

#include "base/file.h"

#include <string.h>

void eg_parameters_init(struct eg_parameter_values *parameters, struct eg_arena *arena) {
    eg_map_init(&parameters->values, arena);
}

static struct eg_source *shared_source(struct eg_arena *arena, struct eg_str name,
                                       struct eg_str text) {
    struct eg_source *source = eg_source_new(arena, name, text);
    source->shared = true;
    return source;
}

static void put(struct eg_parameter_values *parameters, struct eg_str name,
                const struct eg_node *value) {
    (void)eg_map_put(&parameters->values, name, (void *)(uintptr_t)value);
}

static bool is_name(struct eg_str name) {
    if (name.length == 0)
        return false;
    for (size_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '.' || c == ':' || c == '_' || c == '-' || c == '/'))
            return false;
    }
    return true;
}

/* "Stack:Name" as the key "Stack.Name". AWS::Region holds colons of its own. */
static struct eg_str stack_key(struct eg_arena *arena, struct eg_str name) {
    for (size_t i = 0; i + 1 < name.length; i++) {
        if (name.data[i] != ':')
            continue;
        if (name.data[i + 1] == ':') {
            i++;
            continue;
        }
        return eg_str_format(arena, "%.*s.%.*s", EG_STR_ARGS(eg_str_slice(name, 0, i)),
                             EG_STR_ARGS(eg_str_from_offset(name, i + 1)));
    }
    return name;
}

/* One NAME=VALUE in SOURCE's text at AT. */
static bool add_assignment(struct eg_parameter_values *parameters, struct eg_arena *arena,
                           struct eg_source *source, struct eg_str assignment,
                           enum eg_error_code code, struct eg_error *error) {
    size_t equals = eg_str_find(assignment, EG_STR("="), 0);
    struct eg_str name = eg_str_trim(eg_str_slice(assignment, 0, equals));
    uint32_t offset = (uint32_t)(assignment.data - source->text.data);
    if (equals == SIZE_MAX || !is_name(name)) {
        struct eg_place place = eg_source_place(source, offset);
        return eg_error_set(error, code, EG_AT(place), "expected NAME=VALUE, found '%.*s'",
                            EG_STR_ARGS(eg_str_slice(assignment, 0, 100)));
    }
    struct eg_node place = {.source = source, .offset = offset};
    struct eg_str value = eg_str_from_offset(assignment, equals + 1);
    put(parameters, stack_key(arena, name), eg_node_string(arena, value, &place));
    return true;
}

bool eg_parameters_add(struct eg_parameter_values *parameters, struct eg_arena *arena,
                       struct eg_str assignment, struct eg_error *error) {
    struct eg_str text = eg_str_copy(arena, assignment);
    struct eg_source *source = shared_source(arena, EG_STR("<command line>"), text);
    return add_assignment(parameters, arena, source, text, EG_ERROR_USAGE, error);
}

/* ---- files ---- */

static bool expect(const struct eg_node *node, const char *expected, struct eg_error *error) {
    struct eg_place place = eg_node_place(node);
    return eg_error_set(error, EG_ERROR_USAGE, EG_AT(place), "expected %s, found %s", expected,
                        eg_kind_name(eg_node_kind(node)));
}

static bool is_scalar(const struct eg_node *value) {
    enum eg_kind kind = eg_node_kind(value);
    return kind == EG_STRING || kind == EG_BOOL || kind == EG_INT || kind == EG_DOUBLE;
}

/* A value in a map: a scalar, or a list of them for a list parameter. */
static bool is_value(const struct eg_node *value) {
    if (eg_node_kind(value) != EG_LIST)
        return is_scalar(value);
    for (uint32_t i = 0; i < value->as.list.count; i++)
        if (!is_scalar(value->as.list.items[i]))
            return false;
    return true;
}

static bool read_map(struct eg_parameter_values *parameters, struct eg_arena *arena,
                     const struct eg_node *map, struct eg_error *error) {
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        if (!is_value(entry->value))
            return expect(entry->value, "a parameter's value (text, number, boolean or a list)",
                          error);
        put(parameters, stack_key(arena, entry->key), entry->value);
    }
    return true;
}

/* {"ParameterKey", "ParameterValue"}; describe-stacks also tells a "ResolvedValue" where the value
 * is the name of a parameter in Parameter Store. */
static bool read_item(struct eg_parameter_values *parameters, struct eg_arena *arena,
                      const struct eg_node *item, struct eg_error *error) {
    struct eg_str key = eg_node_text(EG_GET(item, "ParameterKey"));
    const struct eg_node *value = EG_GET(item, "ParameterValue");
    const struct eg_node *resolved = EG_GET(item, "ResolvedValue");
    if (key.length == 0)
        return expect(item, "{\"ParameterKey\": …, \"ParameterValue\": …}", error);
    if (resolved != NULL && is_value(resolved))
        put(parameters, eg_str_concat(arena, key, EG_STR(".ResolvedValue")), resolved);
    if (value == NULL) /* "UsePreviousValue": true */
        return true;
    if (!is_value(value))
        return expect(value, "a parameter's value (text, number or boolean)", error);
    put(parameters, key, value);
    return true;
}

static bool read_list(struct eg_parameter_values *parameters, struct eg_arena *arena,
                      const struct eg_node *list, struct eg_error *error) {
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        struct eg_source *source = item->kind == EG_STRING
                                       ? shared_source(arena, item->source->name, item->as.text)
                                       : NULL;
        bool good = source != NULL ? add_assignment(parameters, arena, source, item->as.text,
                                                    EG_ERROR_USAGE, error)
                                   : read_item(parameters, arena, item, error);
        if (!good)
            return false;
    }
    return true;
}

/* NAME=VALUE lines; '#' begins a comment. */
static bool read_lines(struct eg_parameter_values *parameters, struct eg_arena *arena,
                       struct eg_str path, struct eg_str text, struct eg_error *error) {
    struct eg_source *source = shared_source(arena, path, text);
    for (size_t at = 0; at < text.length;) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        if (end == SIZE_MAX)
            end = text.length;
        struct eg_str line = eg_str_trim(eg_str_slice(text, at, end - at));
        at = end + 1;
        if (line.length > 0 && line.data[0] != '#' &&
            !add_assignment(parameters, arena, source, line, EG_ERROR_USAGE, error))
            return false;
    }
    return true;
}

/* Does the first line that says something assign? (YAML's is "Name: value".) */
static bool has_lines(struct eg_str text) {
    for (size_t at = 0; at < text.length;) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        if (end == SIZE_MAX)
            end = text.length;
        struct eg_str line = eg_str_trim(eg_str_slice(text, at, end - at));
        at = end + 1;
        if (line.length == 0 || line.data[0] == '#')
            continue;
        size_t equals = eg_str_find(line, EG_STR("="), 0);
        return equals != SIZE_MAX && is_name(eg_str_trim(eg_str_slice(line, 0, equals))) &&
               !eg_str_contains(eg_str_slice(line, 0, equals), EG_STR(": "));
    }
    return false;
}

bool eg_parameters_read(struct eg_parameter_values *parameters, struct eg_arena *arena,
                        struct eg_str path, struct eg_error *error) {
    struct eg_str text;
    if (!eg_file_read(arena, path, path, &text, error))
        return false;
    if (has_lines(text))
        return read_lines(parameters, arena, path, text, error);
    struct eg_document document;
    if (!eg_read(arena, path, text, &document, error))
        return false;
    document.root->source->shared = true;
    const struct eg_node *inner = EG_GET(document.root, "Parameters");
    if (eg_node_kind(inner) == EG_MAP || eg_node_kind(inner) == EG_LIST)
        document.root = inner;
    if (document.root->kind == EG_LIST)
        return read_list(parameters, arena, document.root, error);
    if (document.root->kind == EG_MAP)
        return read_map(parameters, arena, document.root, error);
    return expect(document.root, "parameters: a list, a map or lines NAME=VALUE", error);
}
