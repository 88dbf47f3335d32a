/* Regular expressions; see regex.h. Called by `matches`.
 *
 * RE2's syntax (https://github.com/google/re2/wiki/Syntax) is translated to PCRE2's: what both have
 * means the same afterwards, and what RE2 lacks is refused: backreferences, look-around, atomic
 * groups, possessive quantifiers, conditions, recursion, callouts, verbs. So every accepted pattern
 * is regular. PCRE2's quick matcher, which backtracks, has a bound; beyond it its other matcher,
 * which does not, decides.
 */
#include "cel/regex.h"

#include "cel/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum {
    PATTERN_LIMIT = 10000,     /* bytes */
    REPEAT_LIMIT = 1000,       /* RE2's */
    GROUP_LIMIT = 200,         /* inside each other */
    BACKTRACK_LIMIT = 100000,  /* steps of the quick matcher */
    WORKSPACE_LIMIT = 1 << 20, /* integers for the other one */
};

struct eg_cel_regex {
    pcre2_code *code;
};

/* ---- memory: all from the arena, never given back piece by piece ---- */

static void *allocate(PCRE2_SIZE size, void *arena) {
    return eg_arena_alloc(arena, size);
}

static void no_free(void *memory, void *arena) {
    (void)memory;
    (void)arena;
}

/* ---- translation ---- */

struct translator {
    struct eg_arena *arena;
    struct eg_str pattern;
    size_t i;
    char *out;
    size_t length;
    size_t capacity;
    int depth;       /* of groups */
    bool repeatable; /* may a quantifier follow here */
    bool quantified; /* a quantifier has just been */
    struct eg_str *message;
};

static void put(struct translator *t, const char *text, size_t length) {
    if (t->length + length > t->capacity) {
        size_t larger = (t->length + length) * 2 + 64;
        t->out = eg_arena_grow(t->arena, t->out, t->capacity, larger);
        t->capacity = larger;
    }
    memcpy(t->out + t->length, text, length);
    t->length += length;
}

static void puts_text(struct translator *t, const char *text) {
    put(t, text, strlen(text));
}

static void put_code_point(struct translator *t, uint32_t code_point) {
    struct eg_str text = eg_str_format(t->arena, "\\x{%x}", code_point);
    put(t, text.data, text.length);
}

static bool refuse(struct translator *t, const char *what) {
    *t->message = eg_str_format(t->arena, "regular expression: %s, at character %zu", what,
                                eg_cel_utf8_count(eg_str_slice(t->pattern, 0, t->i)) + 1);
    return false;
}

static char look(const struct translator *t, size_t ahead) {
    return t->i + ahead < t->pattern.length ? t->pattern.data[t->i + ahead] : '\0';
}

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
static bool translate_hex(struct translator *t) {
    bool braces = look(t, 0) == '{';
    size_t digits = 0;
    uint32_t value = 0;
    t->i += braces;
    while (hex_value(look(t, 0)) >= 0 && digits < (braces ? 6u : 2u)) {
        value = value * 16 + (uint32_t)hex_value(look(t, 0));
        t->i++;
        digits++;
    }
    if (digits == 0 || (!braces && digits < 2) || (braces && look(t, 0) != '}') || value > 0x10ffff)
        return refuse(t, "a bad hexadecimal escape");
    t->i += braces;
    put_code_point(t, value);
    return true;
}

static void translate_octal(struct translator *t) {
    uint32_t value = 0;
    for (int digits = 0; digits < 3 && is_octal(look(t, 0)); digits++)
        value = value * 8 + (uint32_t)(t->pattern.data[t->i++] - '0');
    put_code_point(t, value);
}

/* \pL, \p{Greek}, \P{^Lu}; the backslash is looked at. */
static bool translate_property(struct translator *t) {
    size_t start = t->i;
    t->i += 2;
    if (look(t, 0) == '{') {
        size_t end = eg_str_find(t->pattern, EG_STR("}"), t->i);
        if (end == SIZE_MAX)
            return refuse(t, "a property without '}'");
        t->i = end;
    }
    if (t->i >= t->pattern.length)
        return refuse(t, "a property without a name");
    t->i++;
    put(t, t->pattern.data + start, t->i - start);
    return true;
}

/* An escape, in a class or outside; the backslash is looked at. */
static bool translate_escape(struct translator *t, bool in_class) {
    char c = look(t, 1);
    if (c == 'p' || c == 'P')
        return translate_property(t);
    t->i += 2;
    if (c == 'x')
        return translate_hex(t);
    if (c == '0' || (is_octal(c) && is_octal(look(t, 0)))) {
        t->i--;
        translate_octal(t);
        return true;
    }
    if (c >= '1' && c <= '9')
        return refuse(t, "backreferences are not allowed");
    /* RE2's white space has no vertical tab. */
    if (c == 's') {
        puts_text(t, in_class ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]");
        return true;
    }
    if (c == 'S') {
        puts_text(t, in_class ? "\\x00-\\x08\\x0b\\x0e-\\x1f!-\\x{10ffff}" : "[^\\t\\n\\f\\r ]");
        return true;
    }
    if (c == 'v') {
        puts_text(t, "\\x0b");
        return true;
    }
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    const char *allowed = in_class ? "aftnrdDwW" : "aftnrdDwWAbBz";
    if (c == '\0' || (letter && strchr(allowed, c) == NULL) || (unsigned char)c >= 0x80)
        return refuse(t, "there is no such escape");
    put(t, (char[]){'\\', c}, 2);
    return true;
}

/* \Q…\E: literal text. */
static void translate_quoted(struct translator *t) {
    t->i += 2;
    size_t end = eg_str_find(t->pattern, EG_STR("\\E"), t->i);
    size_t stop = end == SIZE_MAX ? t->pattern.length : end;
    while (t->i < stop) {
        put_code_point(t, eg_cel_utf8_decode(t->pattern, t->i));
        t->i += eg_cel_utf8_length(t->pattern, t->i);
    }
    t->i = end == SIZE_MAX ? stop : end + 2;
}

/* [:alpha:] inside a class. */
static bool translate_posix_class(struct translator *t) {
    size_t end = eg_str_find(t->pattern, EG_STR(":]"), t->i + 2);
    if (end == SIZE_MAX)
        return refuse(t, "a class without ':]'");
    put(t, t->pattern.data + t->i, end + 2 - t->i);
    t->i = end + 2;
    return true;
}

static bool translate_class(struct translator *t) {
    puts_text(t, "[");
    t->i++;
    if (look(t, 0) == '^') {
        puts_text(t, "^");
        t->i++;
    }
    for (bool first = true; first || look(t, 0) != ']'; first = false) {
        if (t->i >= t->pattern.length)
            return refuse(t, "a class without ']'");
        char c = look(t, 0);
        if (c == '\\') {
            if (!translate_escape(t, true))
                return false;
        } else if (c == '[' && look(t, 1) == ':') {
            if (!translate_posix_class(t))
                return false;
        } else if (c == '[' || c == ']') {
            put(t, (char[]){'\\', c}, 2);
            t->i++;
        } else {
            put(t, &c, 1);
            t->i++;
        }
    }
    puts_text(t, "]");
    t->i++;
    return true;
}

/* What stands behind "(?": flags, a name, ':'; the '(' is looked at. */
static bool translate_group(struct translator *t) {
    size_t start = t->i;
    if (++t->depth > GROUP_LIMIT)
        return refuse(t, "too many groups inside each other");
    t->i++;
    if (look(t, 0) == '*')
        return refuse(t, "nothing to repeat");
    if (look(t, 0) != '?') {
        puts_text(t, "(");
        return true;
    }
    t->i++;
    if ((look(t, 0) == 'P' && look(t, 1) == '<') || look(t, 0) == '<') {
        size_t name = t->i + (look(t, 0) == 'P' ? 2 : 1);
        if (name < t->pattern.length &&
            (t->pattern.data[name] == '=' || t->pattern.data[name] == '!'))
            return refuse(t, "look-behind is not allowed");
        size_t end = eg_str_find(t->pattern, EG_STR(">"), name);
        if (end == SIZE_MAX)
            return refuse(t, "a name without '>'");
        t->i = end + 1;
    } else if (look(t, 0) == '=' || look(t, 0) == '!') {
        return refuse(t, "look-ahead is not allowed");
    } else if (look(t, 0) == '>') {
        return refuse(t, "atomic groups are not allowed");
    } else {
        while (look(t, 0) != '\0' && strchr("imsU-", look(t, 0)) != NULL)
            t->i++;
        if (look(t, 0) != ':' && look(t, 0) != ')')
            return refuse(t, "there is no such group");
        if (look(t, 0) == ')')
            t->depth--;
        t->i++;
    }
    put(t, t->pattern.data + start, t->i - start);
    return true;
}

/* {2}, {2,}, {2,5}: its length, or 0 if the brace is an ordinary character. */
static size_t repeat_length(const struct translator *t, int *ret_most) {
    size_t k = 1;
    int most = 0;
    bool digits = false;
    for (; look(t, k) >= '0' && look(t, k) <= '9'; k++, digits = true)
        most = most > REPEAT_LIMIT ? most : most * 10 + (look(t, k) - '0');
    if (!digits)
        return 0;
    if (look(t, k) == ',') {
        int second = 0;
        for (k++; look(t, k) >= '0' && look(t, k) <= '9'; k++)
            second = second > REPEAT_LIMIT ? second : second * 10 + (look(t, k) - '0');
        most = second > most ? second : most;
    }
    *ret_most = most;
    return look(t, k) == '}' ? k + 1 : 0;
}

static bool translate_quantifier(struct translator *t, size_t length) {
    if (t->quantified)
        return refuse(t, look(t, 0) == '+' ? "possessive quantifiers are not allowed"
                                           : "a repetition of a repetition");
    if (!t->repeatable)
        return refuse(t, "nothing to repeat");
    put(t, t->pattern.data + t->i, length);
    t->i += length;
    if (look(t, 0) == '?') {
        puts_text(t, "?");
        t->i++;
    }
    t->quantified = true;
    return true;
}

static bool translate_one(struct translator *t) {
    char c = look(t, 0);
    int most = 0;
    size_t braces = c == '{' ? repeat_length(t, &most) : 0;
    if (most > REPEAT_LIMIT)
        return refuse(t, "more than 1000 repetitions");
    if (c == '*' || c == '+' || c == '?' || braces > 0)
        return translate_quantifier(t, braces > 0 ? braces : 1);
    t->quantified = false;
    t->repeatable = c != '(' && c != '|';
    if (c == '\\' && look(t, 1) == 'Q') {
        translate_quoted(t);
        return true;
    }
    if (c == '\\')
        return translate_escape(t, false);
    if (c == '[')
        return translate_class(t);
    if (c == '(')
        return translate_group(t);
    if (c == ')')
        t->depth--;
    if (c == '{')
        puts_text(t, "\\");
    put(t, &c, 1);
    t->i++;
    return true;
}

static bool translate(struct translator *t) {
    while (t->i < t->pattern.length)
        if (!translate_one(t))
            return false;
    return true;
}

/* ---- compiling and matching ---- */

static struct eg_str library_message(struct eg_arena *arena, int code) {
    PCRE2_UCHAR text[200];
    pcre2_get_error_message(code, text, sizeof text);
    return eg_str_format(arena, "regular expression: %s", (const char *)text);
}

const struct eg_cel_regex *eg_cel_regex_compile(struct eg_arena *arena, struct eg_str pattern,
                                                struct eg_str *ret_message) {
    if (pattern.length > PATTERN_LIMIT || !eg_cel_utf8_valid(pattern)) {
        *ret_message = EG_STR("regular expression: longer than 10000 bytes, or not UTF-8");
        return NULL;
    }
    struct translator t = {.arena = arena, .pattern = pattern, .message = ret_message};
    if (!translate(&t))
        return NULL;
    pcre2_general_context *memory = pcre2_general_context_create(allocate, no_free, arena);
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_parens_nest_limit(context, GROUP_LIMIT + 1);
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_CIRCUMFLEX |
                       PCRE2_NO_AUTO_CAPTURE | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP;
    int code = 0;
    PCRE2_SIZE offset = 0;
    struct eg_cel_regex *regex = EG_NEW(arena, struct eg_cel_regex);
    regex->code = pcre2_compile((PCRE2_SPTR)(t.out == NULL ? "" : t.out), t.length, options, &code,
                                &offset, context);
    if (regex->code != NULL)
        return regex;
    *ret_message = library_message(arena, code);
    return NULL;
}

/* The matcher that does not backtrack: all ways at once. */
static int match_breadth_first(struct eg_cel_eval *eval, const struct eg_cel_regex *regex,
                               struct eg_str text, pcre2_match_data *data,
                               pcre2_match_context *context) {
    for (size_t count = 1000; count <= WORKSPACE_LIMIT; count *= 8) {
        int *workspace = EG_NEW_ARRAY(eval->arena, int, count);
        int code = pcre2_dfa_match(regex->code, (PCRE2_SPTR)text.data, text.length, 0,
                                   PCRE2_DFA_SHORTEST, data, context, workspace, count);
        if (code != PCRE2_ERROR_DFA_WSSIZE)
            return code;
    }
    return PCRE2_ERROR_DFA_WSSIZE;
}

const struct eg_node *eg_cel_regex_match(struct eg_cel_eval *eval, const struct eg_cel_regex *regex,
                                         struct eg_str text) {
    if (text.length == 0)
        text = EG_STR("");
    eg_cel_spend(eval, 4 + text.length / 16);
    pcre2_general_context *memory = pcre2_general_context_create(allocate, no_free, eval->arena);
    pcre2_match_context *context = pcre2_match_context_create(memory);
    pcre2_set_match_limit(context, BACKTRACK_LIMIT);
    pcre2_set_heap_limit(context, 4096);
    pcre2_match_data *data = pcre2_match_data_create(1, memory);
    int code = pcre2_match(regex->code, (PCRE2_SPTR)text.data, text.length, 0, 0, data, context);
    if (code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_DEPTHLIMIT ||
        code == PCRE2_ERROR_HEAPLIMIT) {
        eg_cel_spend(eval, BACKTRACK_LIMIT / 16);
        code = match_breadth_first(eval, regex, text, data, context);
    }
    if (code >= 0 || code == PCRE2_ERROR_NOMATCH)
        return eg_node_bool(code >= 0);
    struct eg_str message = library_message(eval->arena, code);
    return eg_cel_error(eval, "%.*s", EG_STR_ARGS(message));
}
