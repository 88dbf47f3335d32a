/* What libyaml refuses, said in terms of the file; see yaml_fault.h. Called by yaml.c. */
#include "read/yaml_fault.h"

#include <stdio.h>
#include <string.h>

/* libyaml's problem, and ours: $L is the line where what it was in began, $F what stands there. */
static const struct {
    const char *problem;
    const char *context; /* NULL: any */
    const char *message;
    bool at_context; /* the place to go to is where it began */
} faults[] = {
    {"mapping values are not allowed in this context", NULL,
     "found ':' where no key can stand; put text that holds ': ' in quotes, or check the "
     "indentation",
     false},
    {"could not find expected ':'", NULL, "expected ':' behind what stands here", true},
    {"did not find expected key", NULL,
     "expected a key of the map that begins in line $L, or its end, found $F; check the "
     "indentation and quotes",
     false},
    {"did not find expected '-' indicator", NULL,
     "expected '-' of the list that begins in line $L, or its end, found $F; check the "
     "indentation",
     false},
    {"did not find expected ',' or ']'", NULL,
     "expected ',' or ']' in the list that begins in line $L, found $F", false},
    {"did not find expected ',' or '}'", NULL,
     "expected ',' or '}' in the map that begins in line $L, found $F", false},
    {"did not find expected node content", NULL, "expected a value, found $F", false},
    {"did not find expected <document start>", NULL, "expected end of file, found $F", false},
    {"found unexpected end of stream", "while scanning a quoted scalar",
     "the quoted text that begins here has no end", true},
    {"found unexpected document indicator", "while scanning a quoted scalar",
     "the quoted text that begins here has no end before the next document", true},
    {"found unknown escape character", NULL,
     "found an escape that YAML does not have in double-quoted text", false},
    {"did not find expected alphabetic or numeric character", "while scanning an alias",
     "expected a name behind '*'; put text that begins with '*' in quotes", true},
    {"did not find expected alphabetic or numeric character", "while scanning an anchor",
     "expected a name behind '&'; put text that begins with '&' in quotes", true},
    {"found undefined tag handle", NULL, "found a tag with a handle that is not declared", true},
    {"found a tab character where an indentation space is expected", NULL,
     "found a tab; YAML is indented with spaces only", false},
    {"found a tab character that violates indentation", NULL,
     "found a tab; YAML is indented with spaces only", false},
};

static int find_fault(const yaml_parser_t *parser) {
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (strcmp(parser->problem, faults[i].problem) == 0 &&
            (faults[i].context == NULL ||
             (parser->context != NULL && strcmp(parser->context, faults[i].context) == 0)))
            return (int)i;
    return -1;
}

/* MESSAGE with its $L and $F filled in. */
static void fill(char *target, size_t size, const char *message, uint32_t line, const char *found) {
    size_t length = 0;
    for (const char *at = message; *at != '\0' && length + 1 < size; at++) {
        char number[16];
        const char *piece = NULL;
        (void)snprintf(number, sizeof number, "%u", line);
        if (at[0] == '$' && (at[1] == 'L' || at[1] == 'F'))
            piece = *++at == 'L' ? number : found;
        if (piece == NULL)
            target[length++] = *at;
        else
            length += (size_t)snprintf(target + length, size - length, "%s", piece);
        if (length >= size)
            length = size - 1;
    }
    target[length] = '\0';
}

/* The reader stopped at bytes that are no text: it gives an offset in bytes and no mark. */
static bool set_reader_fault(struct eg_tree *tree, const struct eg_yaml_text *text,
                             const yaml_parser_t *parser) {
    char buffer[64];
    uint32_t offset = eg_yaml_text_source(text, parser->problem_offset);
    return eg_tree_fail(tree, offset, "expected text in UTF-8 without control characters, found %s",
                        eg_tree_found(tree, offset, buffer));
}

static bool set_start_fault(struct eg_tree *tree, uint32_t offset) {
    struct eg_str source = tree->source->text;
    char buffer[64];
    if (offset < source.length && source.data[offset] == '\t')
        return eg_tree_fail(tree, offset, "found a tab; YAML is indented with spaces only");
    return eg_tree_fail(tree, offset,
                        "found %s, with which no plain text can begin; put the text in quotes",
                        eg_tree_found(tree, offset, buffer));
}

bool eg_yaml_fault_set(struct eg_tree *tree, struct eg_yaml_text *text,
                       const yaml_parser_t *parser) {
    if (parser->error == YAML_MEMORY_ERROR)
        eg_out_of_memory();
    if (parser->error == YAML_READER_ERROR)
        return set_reader_fault(tree, text, parser);
    uint32_t offset =
        eg_yaml_text_source(text, eg_yaml_text_seek(text, parser->problem_mark.index));
    if (strcmp(parser->problem, "found character that cannot start any token") == 0)
        return set_start_fault(tree, offset);
    uint32_t context = offset;
    if (parser->context != NULL)
        context = eg_yaml_text_source(text, eg_yaml_text_seek(text, parser->context_mark.index));
    uint32_t line = eg_source_place(tree->source, context).line;
    int fault = find_fault(parser);
    if (fault < 0)
        return eg_tree_fail(tree, offset, "%s%s%s", parser->problem,
                            parser->context == NULL ? "" : " ",
                            parser->context == NULL ? "" : parser->context);
    char message[256], buffer[64];
    fill(message, sizeof message, faults[fault].message, line, eg_tree_found(tree, offset, buffer));
    return eg_tree_fail(tree, faults[fault].at_context ? context : offset, "%s", message);
}
