/* jansson as the oracle of the JSON reader; see jansson.h. */
#include "support/jansson.h"

#include "read/read.h"

#include <jansson.h>

#include <string.h>

static bool same(const struct eg_node *node, const json_t *json) {
    const char *key;
    json_t *value;
    size_t i;
    switch (json_typeof(json)) {
    case JSON_NULL:
        return node->kind == EG_NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        return node->kind == EG_BOOL && node->as.boolean == json_is_true(json);
    case JSON_INTEGER:
        return node->kind == EG_INT && node->as.integer == json_integer_value(json);
    case JSON_REAL: {
        double number = json_real_value(json);
        return node->kind == EG_DOUBLE && memcmp(&node->as.number, &number, sizeof number) == 0;
    }
    case JSON_STRING:
        return node->kind == EG_STRING &&
               eg_str_equal(node->as.text,
                            (struct eg_str){json_string_value(json), json_string_length(json)});
    case JSON_ARRAY:
        if (node->kind != EG_LIST || node->as.list.count != json_array_size(json))
            return false;
        json_array_foreach(json, i, value) {
            if (!same(node->as.list.items[i], value))
                return false;
        }
        return true;
    case JSON_OBJECT:
        if (node->kind != EG_MAP || node->as.map.count != json_object_size(json))
            return false;
        json_object_foreach((json_t *)(uintptr_t)json, key, value) {
            const struct eg_node *found = eg_node_get(node, eg_str_from(key));
            if (found == NULL || !same(found, value))
                return false;
        }
        return true;
    }
    return false;
}

bool eg_test_agrees(struct eg_str text) {
    struct eg_document document;
    struct eg_error error = {.code = EG_ERROR_NONE};
    struct eg_arena own;
    eg_arena_init(&own);
    bool good = eg_read_json(&own, EG_STR("t"), text, &document, &error);
    json_error_t fault;
    json_t *json = json_loadb(text.data, text.length, JSON_ALLOW_NUL | JSON_DECODE_ANY, &fault);
    bool result;
    if (good && json == NULL) /* no BOM, no integer beyond 64 bits, no NUL in a key */
        result = eg_str_starts_with(text, EG_STR("\xEF\xBB\xBF")) ||
                 strstr(fault.text, "too big") != NULL || strstr(fault.text, "NUL") != NULL;
    else if (!good && json != NULL)
        result = strstr(error.text, "nested deeper") != NULL ||
                 memchr(text.data, '\0', text.length) != NULL;
    else
        result = !good || same(document.root, json);
    json_decref(json);
    eg_arena_done(&own);
    return result;
}
