/* Reading RE2's syntax; see regex_syntax.h. Called by regex.c.
 *
 * What RE2 lacks is refused: backreferences, look-around, atomic groups, possessive quantifiers,
 * conditions, recursion, callouts, verbs. Groups capture nothing, and lazy quantifiers are as good
 * as greedy ones: only whether there is a match is asked for.
 */
#include "cel/regex_syntax.h"

#include "base/utf8.h"
#include "cel/regex_class.h"

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
    bool quoting; /* between \Q and \E */
    struct eg_str *message;
};

static struct eg_cel_regex_node *parse_alternatives(struct parser *parser);

static struct eg_cel_regex_node *refuse(struct parser *parser, const char *what) {
    *parser->message =
        eg_str_format(parser->arena, "regular expression: %s, at character %zu", what,
                      eg_utf8_count(eg_str_slice(parser->pattern, 0, parser->i)) + 1);
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

static struct eg_cel_regex_node *atom_node(struct parser *parser, const struct eg_cel_atom *atom) {
    struct eg_cel_regex_node *node = new_node(parser, EG_CEL_REGEX_ATOM);
    node->atom = atom;
    return node;
}

static struct eg_cel_regex_node *class_node(struct parser *parser, struct eg_cel_class *class) {
    struct eg_cel_atom *atom = EG_NEW(parser->arena, struct eg_cel_atom);
    const char *wrong = eg_cel_class_finish(class, atom);
    return wrong == NULL ? atom_node(parser, atom) : refuse(parser, wrong);
}

static struct eg_cel_class begin_class(const struct parser *parser) {
    return (struct eg_cel_class){.arena = parser->arena, .nocase = parser->flags.nocase};
}

static struct eg_cel_regex_node *literal(struct parser *parser, uint32_t code_point) {
    struct eg_cel_class class = begin_class(parser);
    eg_cel_class_add(&class, code_point, code_point);
    return class_node(parser, &class);
}

static struct eg_cel_regex_node *any(struct parser *parser) {
    struct eg_cel_atom *atom = EG_NEW(parser->arena, struct eg_cel_atom);
    *atom = (struct eg_cel_atom){.ascii = {~(uint64_t)0, ~(uint64_t)0}, .others = true};
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

/* \d \s \w, \pL, \p{Greek} and their opposites, into CLASS; nothing is taken if it is none of
 * these. */
static bool read_set(struct parser *parser, struct eg_cel_class *class) {
    size_t start = parser->i;
    char c = look(parser, 1);
    if (c == 'p' || c == 'P') {
        size_t end = parser->i + 3;
        if (look(parser, 2) == '{')
            end = eg_str_find(parser->pattern, EG_STR("}"), parser->i) + 1;
        if (end == 0 || end > parser->pattern.length)
            return false;
        parser->i = end;
        eg_cel_class_add_asked(class, eg_str_slice(parser->pattern, start, end - start));
        return true;
    }
    if (!eg_cel_class_add_perl(class, c))
        return false;
    parser->i += 2;
    return true;
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
    struct eg_cel_class class = begin_class(parser);
    return read_set(parser, &class) ? class_node(parser, &class)
                                    : refuse(parser, "there is no such escape");
}

/* ---- classes ---- */

/* One member of a class: a character, which is left to the caller, or a set or [:alpha:]: *SET. */
static bool parse_member(struct parser *parser, struct eg_cel_class *class, uint32_t *code_point,
                         bool *set) {
    bool known = false;
    *set = false;
    if (look(parser, 0) == '\\' && read_character(parser, code_point, &known))
        return true;
    if (known)
        return false;
    if (look(parser, 0) == '\\') {
        *set = true;
        return read_set(parser, class) || refuse(parser, "there is no such escape") != NULL;
    }
    if (look(parser, 0) == '[' && look(parser, 1) == ':') {
        size_t end = eg_str_find(parser->pattern, EG_STR(":]"), parser->i + 2);
        if (end == SIZE_MAX)
            return refuse(parser, "a class without ':]'") != NULL;
        *set = true;
        eg_cel_class_add_asked(class,
                               eg_str_slice(parser->pattern, parser->i, end + 2 - parser->i));
        parser->i = end + 2;
        return true;
    }
    *code_point = eg_utf8_at(parser->pattern, parser->i);
    parser->i += eg_utf8_step(parser->pattern, parser->i);
    return true;
}

/* A member, or two with '-' between. */
static bool parse_range(struct parser *parser, struct eg_cel_class *class) {
    uint32_t first = 0, last = 0;
    bool set = false;
    if (!parse_member(parser, class, &first, &set))
        return false;
    if (set)
        return true;
    last = first;
    if (look(parser, 0) == '-' && look(parser, 1) != ']' && look(parser, 1) != '\0') {
        parser->i++;
        if (!parse_member(parser, class, &last, &set))
            return false;
        if (set)
            return refuse(parser, "a range that ends in a set") != NULL;
    }
    eg_cel_class_add(class, first, last);
    return true;
}

static struct eg_cel_regex_node *parse_class(struct parser *parser) {
    struct eg_cel_class class = begin_class(parser);
    parser->i++;
    if (look(parser, 0) == '^') {
        class.negated = true;
        parser->i++;
    }
    for (bool first = true; first || look(parser, 0) != ']'; first = false) {
        if (at_end(parser))
            return refuse(parser, "a class without ']'");
        if (!parse_range(parser, &class))
            return NULL;
    }
    parser->i++;
    return class_node(parser, &class);
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

/* What follows "(?": false if it is wrong. */
static bool read_group_kind(struct parser *parser) {
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
    if (look(parser, 0) != ':')
        return refuse(parser, "there is no such group") != NULL;
    parser->i++;
    return true;
}

static struct eg_cel_regex_node *parse_group(struct parser *parser) {
    struct flags outside = parser->flags;
    if (++parser->depth > GROUP_LIMIT)
        return refuse(parser, "too many groups inside each other");
    parser->i++;
    if (look(parser, 0) == '*')
        return refuse(parser, "nothing to repeat");
    if (look(parser, 0) == '?') {
        parser->i++;
        if (!read_group_kind(parser))
            return NULL;
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

/* Takes what stands between parts and is none itself: \Q and \E, which literal text begins and ends
 * with, and (?i), from which on flags are others. */
static void take_marks(struct parser *parser) {
    for (;;) {
        size_t before = parser->i;
        if (look(parser, 0) == '\\' && look(parser, 1) == (parser->quoting ? 'E' : 'Q')) {
            parser->quoting = !parser->quoting;
            parser->i += 2;
        } else if (!parser->quoting && look(parser, 0) == '(' && look(parser, 1) == '?') {
            struct flags outside = parser->flags;
            parser->i += 2;
            read_flags(parser);
            if (parser->i > before + 2 && look(parser, 0) == ')') {
                parser->i++;
            } else {
                parser->flags = outside;
                parser->i = before;
            }
        }
        if (parser->i == before)
            return;
    }
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

static struct eg_cel_regex_node *parse_literal(struct parser *parser) {
    uint32_t code_point = eg_utf8_at(parser->pattern, parser->i);
    parser->i += eg_utf8_step(parser->pattern, parser->i);
    return literal(parser, code_point);
}

static struct eg_cel_regex_node *parse_part(struct parser *parser) {
    char c = look(parser, 0);
    int least = 0;
    int most = 0;
    if (parser->quoting)
        return parse_literal(parser);
    if (read_quantifier(parser, &least, &most) > 0)
        return refuse(parser, "nothing to repeat");
    switch (c) {
    case '(':
        return parse_group(parser);
    case '[':
        return parse_class(parser);
    case '\\':
        return parse_escape(parser);
    case '^':
        return assertion(parser, parser->flags.multi_line ? EG_CEL_LINE_START : EG_CEL_TEXT_START,
                         1);
    case '$':
        return assertion(parser, parser->flags.multi_line ? EG_CEL_LINE_END : EG_CEL_TEXT_END, 1);
    case '.':
        parser->i++;
        return any(parser);
    default:
        return parse_literal(parser);
    }
}

static struct eg_cel_regex_node *parse_sequence(struct parser *parser) {
    struct eg_cel_regex_node *sequence = new_node(parser, EG_CEL_REGEX_SEQUENCE);
    struct eg_cel_regex_node **last = &sequence->parts;
    take_marks(parser);
    while (!at_end(parser) &&
           (parser->quoting || (look(parser, 0) != '|' && look(parser, 0) != ')'))) {
        struct eg_cel_regex_node *part = parse_part(parser);
        take_marks(parser);
        if (part != NULL && !parser->quoting)
            part = parse_repeat(parser, part);
        if (part == NULL)
            return NULL;
        take_marks(parser);
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
    if (pattern.length > PATTERN_LIMIT || eg_utf8_find_invalid(pattern, 0) != SIZE_MAX) {
        *ret_message = EG_STR("regular expression: longer than 10000 bytes, or not UTF-8");
        return NULL;
    }
    struct parser parser = {.arena = arena, .pattern = pattern, .message = ret_message};
    struct eg_cel_regex_node *root = parse_alternatives(&parser);
    if (root != NULL && !at_end(&parser))
        return refuse(&parser, "a ')' that closes nothing");
    return root;
}
