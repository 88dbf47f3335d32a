/* Compiling: parse, check, and errors that point into the policy's file. Called by src/policy and
 * the command line. */
#include "base/utf8.h"
#include "cel/expr.h"

#include <stdarg.h>
#include <stdio.h>

struct eg_str eg_cel_expr_text(const struct eg_cel_program *program,
                               const struct eg_cel_expr *expr) {
    return eg_str_slice(program->text, expr->start, expr->end - expr->start);
}

/* ---- the place in the file ---- */

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Behind the header of a block scalar ("|-"), or the opening quote. */
static uint32_t content_start(struct eg_str source, uint32_t offset) {
    char c = offset < source.length ? source.data[offset] : '\0';
    if (c == '"' || c == '\'')
        return offset + 1;
    if (c != '|' && c != '>')
        return offset;
    while (offset < source.length && source.data[offset] != '\n')
        offset++;
    return offset;
}

/* The escape of a double-quoted scalar at OFFSET: its length, and whether it stands for white space
 * or, at the end of a line, for nothing. YAML 1.2, section 5.7. */
static uint32_t escape_length(struct eg_str source, uint32_t offset, bool *ret_blank) {
    char c = offset + 1 < source.length ? source.data[offset + 1] : '\0';
    uint32_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    uint32_t code = 0;
    for (uint32_t i = 0; i < digits && offset + 2 + i < source.length; i++) {
        char digit = source.data[offset + 2 + i];
        code = code * 16 + (uint32_t)(digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
    }
    bool blank_code = code == ' ' || code == '\t' || code == '\n' || code == '\r';
    *ret_blank = digits > 0 ? blank_code : is_blank(c) || c == 'n' || c == 't' || c == 'r';
    return 2 + digits;
}

/* Steps over what stands for nothing or for white space. */
static uint32_t skip_blanks(struct eg_str source, uint32_t offset, char quote) {
    bool blank = true;
    while (offset < source.length && blank) {
        uint32_t length = 1;
        if (quote == '"' && source.data[offset] == '\\')
            length = escape_length(source, offset, &blank);
        else
            blank = is_blank(source.data[offset]);
        if (blank)
            offset += length;
    }
    return offset;
}

/* Where character WANTED of TEXT stands in SOURCE: plain, quoted, literal and folded scalars all
 * hold the characters that are no white space in the order of the text. */
static uint32_t source_offset(struct eg_str source, uint32_t offset, struct eg_str text,
                              uint32_t wanted) {
    char quote = offset < source.length ? source.data[offset] : '\0';
    uint32_t s = content_start(source, offset);
    for (uint32_t t = 0; t < text.length; t += (uint32_t)eg_utf8_step(text, t)) {
        if (is_blank(text.data[t])) {
            if (t == wanted)
                break;
            continue;
        }
        s = skip_blanks(source, s, quote);
        if (s >= source.length || t == wanted)
            break;
        bool blank;
        if (quote == '"' && source.data[s] == '\\')
            s += escape_length(source, s, &blank);
        else if (quote == '\'' && source.data[s] == '\'')
            s += 2;
        else
            s += (uint32_t)eg_utf8_step(source, s);
    }
    return s < source.length ? s : (uint32_t)source.length;
}

struct eg_place eg_cel_place(const struct eg_node *at, struct eg_str text, uint32_t start) {
    if (at != NULL && at->source != NULL) {
        uint32_t offset = source_offset(at->source->text, at->offset, text, start);
        return eg_source_place(at->source, offset);
    }
    struct eg_place place = {.line = 1, .column = 1};
    for (uint32_t i = 0; i < start && i < text.length;) {
        bool end_of_line = text.data[i] == '\n';
        place.line += end_of_line;
        place.column = end_of_line ? 1 : place.column + 1;
        i += (uint32_t)eg_utf8_step(text, i);
    }
    return place;
}

/* ---- the expression with carets ---- */

/* The row of TEXT around START. */
static struct eg_str row_at(struct eg_str text, uint32_t start, uint32_t *ret_first) {
    uint32_t first = start < text.length ? start : (uint32_t)text.length;
    uint32_t end = first;
    while (first > 0 && text.data[first - 1] != '\n')
        first--;
    while (end < text.length && text.data[end] != '\n')
        end++;
    *ret_first = first;
    return eg_str_slice(text, first, end - first);
}

/* Cuts a long row so that its part from START on is in sight. */
static struct eg_str shorten(struct eg_str row, size_t start, size_t *ret_cut) {
    enum { WIDTH = 100, BEFORE = 60 };
    *ret_cut = 0;
    if (start > BEFORE && row.length > WIDTH)
        *ret_cut = start - BEFORE;
    while (*ret_cut < row.length && ((unsigned char)row.data[*ret_cut] & 0xc0) == 0x80)
        ++*ret_cut;
    size_t end = *ret_cut + WIDTH < row.length ? *ret_cut + WIDTH : row.length;
    while (end < row.length && ((unsigned char)row.data[end] & 0xc0) == 0x80)
        end++;
    return eg_str_slice(row, *ret_cut, end - *ret_cut);
}

/* "    a.b\n      ^" */
static struct eg_str underline(struct eg_arena *arena, struct eg_str text,
                               const struct eg_cel_fault *fault) {
    uint32_t first = 0;
    size_t cut = 0;
    struct eg_str row = row_at(text, fault->start, &first);
    size_t start = fault->start - first < row.length ? fault->start - first : row.length;
    row = shorten(row, start, &cut);
    start -= cut;
    size_t length = fault->end > fault->start ? fault->end - fault->start : 0;
    size_t indent = eg_utf8_count(eg_str_slice(row, 0, start));
    size_t carets = eg_utf8_count(eg_str_slice(row, start, length));
    char *line = eg_arena_alloc(arena, indent + carets + 2);
    for (size_t i = 0; i < indent; i++)
        line[i] = ' ';
    line[indent] = '^';
    for (size_t i = 1; i < carets; i++)
        line[indent + i] = '^';
    return eg_str_format(arena, "    %.*s\n    %s", EG_STR_ARGS(row), line);
}

bool eg_cel_fault_fail(struct eg_arena *arena, struct eg_str text, const struct eg_node *at,
                       const struct eg_cel_fault *fault, struct eg_error *error) {
    struct eg_place place = eg_cel_place(at, text, fault->start);
    struct eg_str shown = underline(arena, text, fault);
    return eg_error_set(error, EG_ERROR_USAGE, place.file, place.line, place.column, "%s\n%.*s",
                        fault->message, EG_STR_ARGS(shown));
}

bool eg_cel_fail(struct eg_arena *arena, struct eg_str text, const struct eg_node *at,
                 struct eg_error *error, const char *format, ...) {
    struct eg_cel_fault fault = {.end = (uint32_t)text.length};
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(fault.message, sizeof fault.message, format, arguments);
    va_end(arguments);
    return eg_cel_fault_fail(arena, text, at, &fault, error);
}

bool eg_cel_compile(struct eg_arena *arena, const struct eg_cel_env *env, struct eg_str text,
                    const struct eg_node *at, struct eg_cel_program **ret_program,
                    struct eg_error *error) {
    struct eg_cel_fault fault = {0};
    struct eg_cel_expr *root = NULL;
    text = eg_str_copy(arena, text);
    const struct eg_cel_type *type = NULL;
    if (eg_cel_parse(arena, text, &root, &fault))
        type = eg_cel_check(arena, env, text, root, &fault);
    if (type == NULL || (!env->unchecked && !eg_cel_is_affordable(root, &fault)))
        return eg_cel_fault_fail(arena, text, at, &fault, error);
    struct eg_cel_program *program = EG_NEW(arena, struct eg_cel_program);
    *program = (struct eg_cel_program){.text = text, .root = root, .env = env, .type = type};
    program->shape = eg_cel_type_shape(arena, type);
    *ret_program = program;
    return true;
}

struct eg_str eg_cel_program_type(const struct eg_cel_program *program, struct eg_arena *arena) {
    return eg_cel_type_text(arena, program->type);
}

struct eg_shape eg_cel_program_shape(const struct eg_cel_program *program) {
    return program->shape;
}
