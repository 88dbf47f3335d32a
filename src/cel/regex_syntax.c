/* Reading RE2's syntax; see regex_syntax.h. Called by regex.c.
 *
 * What RE2 lacks is refused: backreferences, look-around, atomic groups, possessive quantifiers,
 * conditions, recursion, callouts, verbs. Groups capture nothing, and lazy quantifiers are as good
 * as greedy ones: only whether there is a match is asked for.
 */
#include "cel/regex_syntax.h"

#include "cel/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum {
    PATTERN_LIMIT = 10000, /* bytes */
    REPEAT_LIMIT = 1000,   /* RE2's */
    GROUP_LIMIT = 200,     /* inside each other */
};

struct flags {
    bool nocase;      /* i */
    bool multi_line;  /* m: ^ and $ at lines */
    bool dot_newline; /* s */
};

struct parser {
    struct eg_arena *arena;
    struct eg_str pattern;
    size_t i;
    int depth;
    struct flags flags;
    struct eg_str *message;
    pcre2_general_context *memory; /* made when first asked */
    pcre2_match_data *data;
};

static struct eg_cel_regex_node *parse_alternatives(struct parser *parser);

static struct eg_cel_regex_node *refuse(struct parser *parser, const char *what) {
    *parser->message =
        eg_str_format(parser->arena, "regular expression: %s, at character %zu", what,
                      eg_cel_utf8_count(eg_str_slice(parser->pattern, 0, parser->i)) + 1);
    return NULL;
}

static char look(const struct parser *parser, size_t ahead) {
    return parser->i + ahead < parser->pattern.length ? parser->pattern.data[parser->i + ahead]
                                                      : '\0';
}

static bool at_end(const struct parser *parser) {
    return parser->i >= parser->pattern.length;
}

static struct eg_cel_regex_node *new_node(struct parser *parser, enum eg_cel_regex_kind kind) {
    struct eg_cel_regex_node *node = EG_NEW(parser->arena, struct eg_cel_regex_node);
    node->kind = kind;
    return node;
}

/* ---- atoms ---- */

static void *allocate(PCRE2_SIZE size, void *arena) {
    return eg_arena_alloc(arena, size);
}

static void no_free(void *memory, void *arena) {
    (void)memory;
    (void)arena;
}

/* What ATOM, a character or class in PCRE2's syntax, stands for. */
static bool ask(struct parser *parser, struct eg_str text, struct eg_cel_atom *atom) {
    if (parser->memory == NULL) {
        parser->memory = pcre2_general_context_create(allocate, no_free, parser->arena);
        parser->data = pcre2_match_data_create(1, parser->memory);
    }
    pcre2_compile_context *context = pcre2_compile_context_create(parser->memory);
    uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP |
                       (parser->flags.nocase ? PCRE2_CASELESS : 0);
    int code = 0;
    PCRE2_SIZE offset = 0;
    pcre2_code *made =
        pcre2_compile((PCRE2_SPTR)text.data, text.length, options, &code, &offset, context);
    if (made == NULL) {
        PCRE2_UCHAR why[200];
        pcre2_get_error_message(code, why, sizeof why);
        refuse(parser, (const char *)why);
        return false;
    }
    /* Found one after the other in the text of all of ASCII: the offset is the character. */
    unsigned char all[128];
    for (unsigned c = 0; c < sizeof all; c++)
        all[c] = (unsigned char)c;
    PCRE2_SIZE from = 0;
    while (from < sizeof all &&
           pcre2_match(made, all, sizeof all, from, PCRE2_NO_UTF_CHECK, parser->data, NULL) >= 0) {
        PCRE2_SIZE found = pcre2_get_ovector_pointer(parser->data)[0];
        atom->ascii[found / 64] |= (uint64_t)1 << found % 64;
        from = found + 1;
    }
    atom->wide = EG_CEL_WIDE_ASK;
    atom->code = made;
    return true;
}

static struct eg_cel_regex_node *atom_node(struct parser *parser, const struct eg_cel_atom *atom) {
    struct eg_cel_regex_node *node = new_node(parser, EG_CEL_REGEX_ATOM);
    node->atom = atom;
    return node;
}

static struct eg_cel_regex_node *asked(struct parser *parser, struct eg_str text) {
    struct eg_cel_atom *atom = EG_NEW(parser->arena, struct eg_cel_atom);
    return ask(parser, text, atom) ? atom_node(parser, atom) : NULL;
}

static bool is_letter(uint32_t code_point) {
    return (code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z';
}

/* Has the character no other case than ASCII's? (K and s have: the Kelvin sign, the long s.) */
static bool is_plain_case(uint32_t code_point) {
    return code_point < 128 && (code_point | 0x20) != 'k' && (code_point | 0x20) != 's';
}

static struct eg_cel_regex_node *literal(struct parser *parser, uint32_t code_point) {
    if (parser->flags.nocase && !is_plain_case(code_point))
        return asked(parser, eg_str_format(parser->arena, "\\x{%x}", code_point));
    struct eg_cel_atom *atom = EG_NEW(parser->arena, struct eg_cel_atom);
    if (code_point < 128) {
        atom->ascii[code_point / 64] = (uint64_t)1 << code_point % 64;
        if (parser->flags.nocase && is_letter(code_point))
            atom->ascii[1] |= (uint64_t)1 << (code_point ^ 0x20) % 64;
    } else {
        atom->wide = EG_CEL_WIDE_ONE;
        atom->code_point = code_point;
    }
    return atom_node(parser, atom);
}

static struct eg_cel_regex_node *any(struct parser *parser) {
    struct eg_cel_atom *atom = EG_NEW(parser->arena, struct eg_cel_atom);
    *atom = (struct eg_cel_atom){.ascii = {~(uint64_t)0, ~(uint64_t)0}, .wide = EG_CEL_WIDE_ALL};
    if (!parser->flags.dot_newline)
        atom->ascii[0] &= ~((uint64_t)1 << '\n');
    return atom_node(parser, atom);
}

/* ---- escapes ---- */

static bool is_octal(char c) {
    return c >= '0' && c <= '7';
}

static int hex_value(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* \x7F and \x{10FFFF}; the backslash and x are taken. */
static bool read_hex(struct parser *parser, uint32_t *ret) {
    bool braces = look(parser, 0) == '{';
    size_t digits = 0;
    *ret = 0;
    parser->i += braces;
    while (hex_value(look(parser, 0)) >= 0 && digits < (braces ? 6u : 2u)) {
        *ret = *ret * 16 + (uint32_t)hex_value(look(parser, 0));
        parser->i++;
        digits++;
    }
    bool wrong = digits == 0 || (!braces && digits < 2) || (braces && look(parser, 0) != '}') ||
                 *ret > 0x10ffff || (*ret >= 0xd800 && *ret < 0xe000);
    parser->i += braces;
    return !wrong || refuse(parser, "a bad hexadecimal escape") != NULL;
}

/* An escape that stands for one character; the backslash is looked at. False with *KNOWN true: it
 * is wrong; with *KNOWN false: it is none of these, and nothing is taken. */
static bool read_character(struct parser *parser, uint32_t *ret, bool *known) {
    static const char from[] = "aftnrv";
    static const char to[] = "\a\f\t\n\r\v";
    char c = look(parser, 1);
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const char *simple = c == '\0' ? NULL : strchr(from, c);
    *known = true;
    parser->i += 2;
    if (c == 'x')
        return read_hex(parser, ret);
    if (c == '0' || (is_octal(c) && is_octal(look(parser, 0)))) {
        *ret = 0;
        parser->i--;
        for (int digits = 0; digits < 3 && is_octal(look(parser, 0)); digits++)
            *ret = *ret * 8 + (uint32_t)(parser->pattern.data[parser->i++] - '0');
        return true;
    }
    if (c >= '1' && c <= '9')
        return refuse(parser, "backreferences are not allowed") != NULL;
    if (simple != NULL) {
        *ret = (uint32_t)to[simple - from];
        return true;
    }
    if (c != '\0' && !letter && (unsigned char)c < 0x80) {
        *ret = (uint32_t)c;
        return true;
    }
    parser->i -= 2;
    *known = false;
    return false;
}

/* \d \s \w, \pL, \p{Greek} and their opposites as PCRE2 has them; the empty text for others.
 * IN_CLASS: to stand between brackets. RE2's white space has no vertical tab. */
static struct eg_str read_set(struct parser *parser, bool in_class) {
    size_t start = parser->i;
    char c = look(parser, 1);
    if (c == 'p' || c == 'P') {
        size_t end = parser->i + 3;
        if (look(parser, 2) == '{')
            end = eg_str_find(parser->pattern, EG_STR("}"), parser->i) + 1;
        if (end == 0 || end > parser->pattern.length)
            return EG_STR("");
        parser->i = end;
        return eg_str_slice(parser->pattern, start, end - start);
    }
    if (c == '\0' || strchr("dDwWsS", c) == NULL)
        return EG_STR("");
    parser->i += 2;
    if (c == 's')
        return in_class ? EG_STR("\\t\\n\\f\\r ") : EG_STR("[\\t\\n\\f\\r ]");
    if (c == 'S')
        return in_class ? EG_STR("\\x00-\\x08\\x0b\\x0e-\\x1f!-\\x{10ffff}")
                        : EG_STR("[^\\t\\n\\f\\r ]");
    return eg_str_slice(parser->pattern, start, 2);
}

static struct eg_cel_regex_node *assertion(struct parser *parser, enum eg_cel_assertion kind,
                                           size_t length) {
    struct eg_cel_regex_node *node = new_node(parser, EG_CEL_REGEX_ASSERTION);
    node->assertion = kind;
    parser->i += length;
    return node;
}

static struct eg_cel_regex_node *parse_escape(struct parser *parser) {
    switch (look(parser, 1)) {
    case 'A':
        return assertion(parser, EG_CEL_TEXT_START, 2);
    case 'z':
        return assertion(parser, EG_CEL_TEXT_END, 2);
    case 'b':
        return assertion(parser, EG_CEL_WORD_EDGE, 2);
    case 'B':
        return assertion(parser, EG_CEL_NO_WORD_EDGE, 2);
    default:
        break;
    }
    uint32_t code_point = 0;
    bool known = false;
    if (read_character(parser, &code_point, &known))
        return literal(parser, code_point);
    if (known)
        return NULL;
    struct eg_str set = read_set(parser, false);
    return set.length > 0 ? asked(parser, set) : refuse(parser, "there is no such escape");
}

/* ---- classes ---- */

/* Text of a class, in PCRE2's syntax. */
struct class_text {
    char *data;
    size_t length;
    size_t capacity;
};

static void put(struct parser *parser, struct class_text *out, struct eg_str text) {
    if (out->length + text.length > out->capacity) {
        size_t larger = (out->length + text.length) * 2 + 64;
        out->data = eg_arena_grow(parser->arena, out->data, out->capacity, larger);
        out->capacity = larger;
    }
    memcpy(out->data + out->length, text.data, text.length);
    out->length += text.length;
}

static void put_code_point(struct parser *parser, struct class_text *out, uint32_t code_point) {
    put(parser, out, eg_str_format(parser->arena, "\\x{%x}", code_point));
}

/* One member of a class: a character, a set, [:alpha:]. *RANGE: a '-' may follow. */
static bool parse_member(struct parser *parser, struct class_text *out, bool *range) {
    uint32_t code_point = 0;
    bool known = false;
    *range = true;
    if (look(parser, 0) == '\\' && read_character(parser, &code_point, &known)) {
        put_code_point(parser, out, code_point);
        return true;
    }
    if (known)
        return false;
    *range = false;
    if (look(parser, 0) == '\\') {
        struct eg_str set = read_set(parser, true);
        if (set.length == 0)
            return refuse(parser, "there is no such escape") != NULL;
        put(parser, out, set);
        return true;
    }
    if (look(parser, 0) == '[' && look(parser, 1) == ':') {
        size_t end = eg_str_find(parser->pattern, EG_STR(":]"), parser->i + 2);
        if (end == SIZE_MAX)
            return refuse(parser, "a class without ':]'") != NULL;
        put(parser, out, eg_str_slice(parser->pattern, parser->i, end + 2 - parser->i));
        parser->i = end + 2;
        return true;
    }
    *range = true;
    put_code_point(parser, out, eg_cel_utf8_decode(parser->pattern, parser->i));
    parser->i += eg_cel_utf8_length(parser->pattern, parser->i);
    return true;
}

static struct eg_cel_regex_node *parse_class(struct parser *parser) {
    struct class_text out = {0};
    put(parser, &out, EG_STR("["));
    parser->i++;
    if (look(parser, 0) == '^') {
        put(parser, &out, EG_STR("^"));
        parser->i++;
    }
    for (bool first = true; first || look(parser, 0) != ']'; first = false) {
        bool range = false;
        if (at_end(parser))
            return refuse(parser, "a class without ']'");
        if (!parse_member(parser, &out, &range))
            return NULL;
        if (range && look(parser, 0) == '-' && look(parser, 1) != ']' && look(parser, 1) != '\0') {
            put(parser, &out, EG_STR("-"));
            parser->i++;
            if (!parse_member(parser, &out, &range))
                return NULL;
            if (!range)
                return refuse(parser, "a range that ends in a set");
        }
    }
    put(parser, &out, EG_STR("]"));
    parser->i++;
    return asked(parser, (struct eg_str){out.data, out.length});
}

/* ---- groups ---- */

/* "i", "im-s", behind "(?". */
static void read_flags(struct parser *parser) {
    bool on = true;
    while (look(parser, 0) != '\0' && strchr("imsU-", look(parser, 0)) != NULL) {
        switch (look(parser, 0)) {
        case '-':
            on = false;
            break;
        case 'i':
            parser->flags.nocase = on;
            break;
        case 'm':
            parser->flags.multi_line = on;
            break;
        case 's':
            parser->flags.dot_newline = on;
            break;
        default: /* U: which quantifiers are lazy */
            break;
        }
        parser->i++;
    }
}

/* What follows "(?": false if it is wrong; *EMPTY: it was "(?i)", which holds nothing. */
static bool read_group_kind(struct parser *parser, bool *empty) {
    *empty = false;
    char c = look(parser, 0);
    size_t name = c == '<' ? 1 : c == 'P' && look(parser, 1) == '<' ? 2 : 0;
    if (name > 0 && (look(parser, name) == '=' || look(parser, name) == '!'))
        return refuse(parser, "look-behind is not allowed") != NULL;
    if (name > 0) {
        size_t end = eg_str_find(parser->pattern, EG_STR(">"), parser->i);
        if (end == SIZE_MAX || end == parser->i + name)
            return refuse(parser, "a group without a name") != NULL;
        parser->i = end + 1;
        return true;
    }
    if (c == '=' || c == '!')
        return refuse(parser, "look-ahead is not allowed") != NULL;
    if (c == '>')
        return refuse(parser, "atomic groups are not allowed") != NULL;
    read_flags(parser);
    *empty = look(parser, 0) == ')';
    if (!*empty && look(parser, 0) != ':')
        return refuse(parser, "there is no such group") != NULL;
    parser->i++;
    return true;
}

static struct eg_cel_regex_node *parse_group(struct parser *parser) {
    struct flags outside = parser->flags;
    if (++parser->depth > GROUP_LIMIT)
        return refuse(parser, "too many groups inside each other");
    parser->i++;
    bool empty = false;
    if (look(parser, 0) == '*')
        return refuse(parser, "nothing to repeat");
    if (look(parser, 0) == '?') {
        parser->i++;
        if (!read_group_kind(parser, &empty))
            return NULL;
    }
    if (empty) {
        parser->depth--;
        return new_node(parser, EG_CEL_REGEX_SEQUENCE);
    }
    struct eg_cel_regex_node *inside = parse_alternatives(parser);
    if (inside == NULL)
        return NULL;
    if (look(parser, 0) != ')')
        return refuse(parser, "missing ')'");
    parser->i++;
    parser->depth--;
    parser->flags = outside;
    return inside;
}

/* \Q…\E: literal text. */
static struct eg_cel_regex_node *parse_quoted(struct parser *parser) {
    struct eg_cel_regex_node *sequence = new_node(parser, EG_CEL_REGEX_SEQUENCE);
    struct eg_cel_regex_node **last = &sequence->parts;
    size_t end = eg_str_find(parser->pattern, EG_STR("\\E"), parser->i + 2);
    size_t stop = end == SIZE_MAX ? parser->pattern.length : end;
    for (parser->i += 2; parser->i < stop;) {
        *last = literal(parser, eg_cel_utf8_decode(parser->pattern, parser->i));
        if (*last == NULL)
            return NULL;
        last = &(*last)->next;
        parser->i += eg_cel_utf8_length(parser->pattern, parser->i);
    }
    parser->i = end == SIZE_MAX ? stop : end + 2;
    return sequence;
}

/* ---- repeats, sequences ---- */

static int read_count(struct parser *parser, size_t *k) {
    int count = -1;
    for (; look(parser, *k) >= '0' && look(parser, *k) <= '9'; ++*k)
        count = (count < 0              ? 0
                 : count > REPEAT_LIMIT ? REPEAT_LIMIT
                                        : count) *
                    10 +
                (look(parser, *k) - '0');
    return count;
}

/* *, +, ?, {2}, {2,}, {2,5}: the length, 0 if there is none: a brace may be an ordinary character.
 */
static size_t read_quantifier(struct parser *parser, int *least, int *most) {
    char c = look(parser, 0);
    *least = c == '+' ? 1 : 0;
    *most = c == '?' ? 1 : -1;
    if (c == '*' || c == '+' || c == '?')
        return 1;
    size_t k = 1;
    if (c != '{' || (*least = read_count(parser, &k)) < 0)
        return 0;
    *most = *least;
    if (look(parser, k) == ',') {
        k++;
        *most = read_count(parser, &k);
    }
    return look(parser, k) == '}' ? k + 1 : 0;
}

static struct eg_cel_regex_node *parse_repeat(struct parser *parser,
                                              struct eg_cel_regex_node *part) {
    int least = 0;
    int most = 0;
    size_t length = read_quantifier(parser, &least, &most);
    if (length == 0)
        return part;
    if (least > REPEAT_LIMIT || most > REPEAT_LIMIT || (most >= 0 && most < least))
        return refuse(parser, "more than 1000 repetitions, or fewer than none");
    struct eg_cel_regex_node *repeat = new_node(parser, EG_CEL_REGEX_REPEAT);
    repeat->least = least;
    repeat->most = most;
    repeat->parts = part;
    parser->i += length;
    if (look(parser, 0) == '?')
        parser->i++;
    bool possessive = look(parser, 0) == '+';
    if (read_quantifier(parser, &least, &most) > 0)
        return refuse(parser, possessive ? "possessive quantifiers are not allowed"
                                         : "a repetition of a repetition");
    return repeat;
}

static struct eg_cel_regex_node *parse_part(struct parser *parser) {
    char c = look(parser, 0);
    int least = 0;
    int most = 0;
    if (read_quantifier(parser, &least, &most) > 0)
        return refuse(parser, "nothing to repeat");
    switch (c) {
    case '(':
        return parse_group(parser);
    case '[':
        return parse_class(parser);
    case '\\':
        return look(parser, 1) == 'Q' ? parse_quoted(parser) : parse_escape(parser);
    case '^':
        return assertion(parser, parser->flags.multi_line ? EG_CEL_LINE_START : EG_CEL_TEXT_START,
                         1);
    case '$':
        return assertion(parser, parser->flags.multi_line ? EG_CEL_LINE_END : EG_CEL_TEXT_END, 1);
    case '.':
        parser->i++;
        return any(parser);
    default:
        break;
    }
    uint32_t code_point = eg_cel_utf8_decode(parser->pattern, parser->i);
    parser->i += eg_cel_utf8_length(parser->pattern, parser->i);
    return literal(parser, code_point);
}

static struct eg_cel_regex_node *parse_sequence(struct parser *parser) {
    struct eg_cel_regex_node *sequence = new_node(parser, EG_CEL_REGEX_SEQUENCE);
    struct eg_cel_regex_node **last = &sequence->parts;
    while (!at_end(parser) && look(parser, 0) != '|' && look(parser, 0) != ')') {
        struct eg_cel_regex_node *part = parse_part(parser);
        part = part == NULL ? NULL : parse_repeat(parser, part);
        if (part == NULL)
            return NULL;
        *last = part;
        last = &part->next;
    }
    return sequence;
}

static struct eg_cel_regex_node *parse_alternatives(struct parser *parser) {
    struct eg_cel_regex_node *alternate = new_node(parser, EG_CEL_REGEX_ALTERNATE);
    struct eg_cel_regex_node **last = &alternate->parts;
    for (;;) {
        *last = parse_sequence(parser);
        if (*last == NULL)
            return NULL;
        last = &(*last)->next;
        if (look(parser, 0) != '|')
            break;
        parser->i++;
    }
    /* A sequence of its own, so that `next` is free for what the group stands in. */
    if (alternate->parts->next == NULL)
        return alternate->parts;
    return alternate;
}

const struct eg_cel_regex_node *eg_cel_regex_parse(struct eg_arena *arena, struct eg_str pattern,
                                                   struct eg_str *ret_message) {
    if (pattern.length > PATTERN_LIMIT || !eg_cel_utf8_valid(pattern)) {
        *ret_message = EG_STR("regular expression: longer than 10000 bytes, or not UTF-8");
        return NULL;
    }
    struct parser parser = {.arena = arena, .pattern = pattern, .message = ret_message};
    struct eg_cel_regex_node *root = parse_alternatives(&parser);
    if (root != NULL && !at_end(&parser))
        return refuse(&parser, "a ')' that closes nothing");
    return root;
}
