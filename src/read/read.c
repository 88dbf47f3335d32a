/* Choosing the reader; see read.h. Called by the loaders, the policy loader and `eval --input`. */
#include "read/read.h"

#include "base/file.h"

static bool ends_with_nocase(struct eg_str text, struct eg_str end) {
    return text.length >= end.length &&
           eg_str_equal_nocase(eg_str_from_offset(text, text.length - end.length), end);
}

enum eg_syntax eg_read_syntax(struct eg_str name, struct eg_str text) {
    if (ends_with_nocase(name, EG_STR(".json")))
        return EG_SYNTAX_JSON;
    if (ends_with_nocase(name, EG_STR(".yaml")) || ends_with_nocase(name, EG_STR(".yml")))
        return EG_SYNTAX_YAML;
    size_t i = eg_str_starts_with(text, EG_STR("\xEF\xBB\xBF")) ? 3 : 0;
    while (i < text.length && (text.data[i] == ' ' || text.data[i] == '\t' ||
                               text.data[i] == '\n' || text.data[i] == '\r'))
        i++;
    bool json = i < text.length && (text.data[i] == '{' || text.data[i] == '[');
    return json ? EG_SYNTAX_JSON : EG_SYNTAX_YAML;
}

bool eg_read(struct eg_arena *arena, struct eg_str name, struct eg_str text,
             struct eg_document *ret_document, struct eg_error *error) {
    if (eg_read_syntax(name, text) == EG_SYNTAX_JSON)
        return eg_read_json(arena, name, text, ret_document, error);
    return eg_read_yaml(arena, name, text, ret_document, error);
}

bool eg_read_file(struct eg_arena *arena, struct eg_str path, struct eg_document *ret_document,
                  struct eg_error *error) {
    struct eg_str name = eg_str_is(path, "-") ? EG_STR("<stdin>") : eg_str_copy(arena, path);
    struct eg_str text;
    return eg_file_read(arena, path, name, &text, error) &&
           eg_read(arena, name, text, ret_document, error);
}
