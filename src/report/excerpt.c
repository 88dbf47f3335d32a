/* Excerpts of the source; see excerpt.h. Called by the text renderer and the compliance document.
 */
#include "report/excerpt.h"
#include "base/secret.h"

#include "base/utf8.h"

#include <string.h>

#define HIDDEN "(secret)"

/* ---- what is a secret ---- */

bool eg_excerpt_is_secret(const struct eg_evidence *evidence) {
    return eg_str_is(evidence->value, HIDDEN) ||
           (evidence->at != NULL && (evidence->at->flags & EG_FLAG_SECRET) != 0);
}

static bool has_secret(const struct eg_result *result) {
    for (uint32_t i = 0; i < result->evidence_count; i++)
        if (eg_excerpt_is_secret(&result->evidence[i]))
            return true;
    return false;
}

/* A value that only says where the secret is. */
static bool is_pointer(struct eg_str value) {
    return eg_str_starts_with(value, EG_STR("arn:")) ||
           eg_str_starts_with(value, EG_STR("{{resolve:")) || value.length == 0 ||
           eg_str_is(value, "true") || eg_str_is(value, "false");
}

/* ---- walking a line of JSON or YAML ---- */

/* A scalar of a line: quoted, or a run of characters that is no punctuation of either syntax. */
struct token {
    size_t start, end; /* without quotes */
    bool key;          /* a ':' follows */
    struct eg_str text;
};

static bool is_plain(char c) {
    return c != '\0' && strchr(" \t\"'{}[],", c) == NULL;
}

static size_t plain_end(struct eg_str line, size_t at) {
    while (at < line.length && is_plain(line.data[at])) {
        bool last = at + 1 == line.length;
        if (line.data[at] == ':' && (last || !is_plain(line.data[at + 1])))
            break;
        at++;
    }
    return at;
}

static size_t quoted_end(struct eg_str line, size_t at, char quote) {
    while (at < line.length && line.data[at] != quote)
        at += line.data[at] == '\\' && quote == '"' && at + 1 < line.length ? 2 : 1;
    return at;
}

static bool next_token(struct eg_str line, size_t *at, struct token *ret) {
    while (*at < line.length && (!is_plain(line.data[*at]) || line.data[*at] == ':')) {
        char c = line.data[*at];
        if (c == '"' || c == '\'')
            break;
        ++*at;
    }
    if (*at >= line.length)
        return false;
    char quote = line.data[*at];
    bool quoted = quote == '"' || quote == '\'';
    ret->start = quoted ? *at + 1 : *at;
    ret->end = quoted ? quoted_end(line, ret->start, quote) : plain_end(line, ret->start);
    if (ret->end == ret->start && !quoted)
        ret->end++;
    if (ret->end > line.length)
        ret->end = line.length;
    ret->text = eg_str_slice(line, ret->start, ret->end - ret->start);
    size_t behind = quoted && ret->end < line.length ? ret->end + 1 : ret->end;
    *at = behind;
    while (behind < line.length && line.data[behind] == ' ')
        behind++;
    ret->key = behind < line.length && line.data[behind] == ':';
    return true;
}

/* The password in an address: scheme://user:PASSWORD@host. */
static bool find_password(struct eg_str value, size_t *ret_start, size_t *ret_end) {
    size_t scheme = eg_str_find(value, EG_STR("://"), 0);
    if (scheme == SIZE_MAX)
        return false;
    size_t colon = SIZE_MAX;
    for (size_t i = scheme + 3; i < value.length && value.data[i] != '/'; i++) {
        if (value.data[i] == ':' && colon == SIZE_MAX)
            colon = i;
        if (value.data[i] == '@' && colon != SIZE_MAX) {
            *ret_start = colon + 1;
            *ret_end = i;
            return true;
        }
    }
    return false;
}

struct hiding {
    struct eg_buf *out;
    struct eg_str line;
    size_t done; /* what of the line is in out */
};

static void hide(struct hiding *hiding, size_t start, size_t end) {
    eg_buf_add_str(hiding->out, eg_str_slice(hiding->line, hiding->done, start - hiding->done));
    eg_buf_puts(hiding->out, HIDDEN);
    hiding->done = end;
}

static void hide_value(struct hiding *hiding, const struct token *token, bool named) {
    size_t start, end;
    if (named && !is_pointer(token->text))
        hide(hiding, token->start, token->end);
    else if (find_password(token->text, &start, &end))
        hide(hiding, token->start + start, token->start + end);
    else if (eg_secret_has_form(token->text))
        hide(hiding, token->start, token->end);
}

static bool mentions_secret(struct eg_str line) {
    struct token token;
    for (size_t at = 0; next_token(line, &at, &token);)
        if (!token.key && eg_secret_is_name(token.text))
            return true;
    return false;
}

/* What the keys passed so far say of the next value; it goes on from line to line. */
struct naming {
    bool secret;   /* the key before names a secret */
    bool name;     /* the key before is Name */
    bool variable; /* Value holds a secret */
    bool pointer;  /* the key before is Ref: a name follows, not the secret */
    bool held;     /* in a function's arguments for a secret: all of them are part of it … */
    int held_depth, depth; /* … until that many objects and lists are open no more */
};

static void pass_key(struct naming *naming, struct eg_str key) {
    bool is_value = eg_str_equal_nocase(key, EG_STR("value"));
    naming->pointer = eg_str_is(key, "Ref");
    bool is_function = eg_str_starts_with(key, EG_STR("Fn::"));
    if (is_function && naming->secret && !naming->held) {
        naming->held = true;
        naming->held_depth = naming->depth;
    }
    if (naming->held || naming->pointer || is_function)
        return;
    naming->secret = eg_secret_is_name(key) || (is_value && naming->variable);
    naming->name = eg_str_equal_nocase(key, EG_STR("name"));
}

/* The brackets between two tokens. */
static void pass_brackets(struct naming *naming, struct eg_str between) {
    for (size_t i = 0; i < between.length; i++) {
        char c = between.data[i];
        naming->depth += (c == '{' || c == '[') - (c == '}' || c == ']');
        naming->held = naming->held && naming->depth >= naming->held_depth;
    }
}

static struct eg_str hide_line(struct eg_arena *arena, struct eg_str line, struct eg_str neighbour,
                               struct naming *naming) {
    struct eg_buf out;
    eg_buf_init(&out);
    struct hiding hiding = {.out = &out, .line = line};
    struct token token;
    size_t at = 0, behind = 0;
    /* A `Value` may stand before its `Name`, on one line too. */
    naming->variable = mentions_secret(neighbour) || mentions_secret(line);
    for (; next_token(line, &at, &token); behind = at) {
        pass_brackets(naming, eg_str_slice(line, behind, token.start - behind));
        if (token.key) {
            pass_key(naming, token.text);
            continue;
        }
        if (naming->name)
            naming->variable = eg_secret_is_name(token.text);
        hide_value(&hiding, &token, naming->secret && !naming->pointer);
        naming->pointer = false;
    }
    pass_brackets(naming, eg_str_from_offset(line, behind));
    eg_buf_add_str(&out, eg_str_from_offset(line, hiding.done));
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&out));
    eg_buf_done(&out);
    return text;
}

struct eg_str eg_excerpt_hide(struct eg_arena *arena, struct eg_str line, struct eg_str neighbour) {
    struct naming naming = {0};
    return hide_line(arena, line, neighbour, &naming);
}

/* The line up to its first value, for a result about a secret: `"Value": (secret)`. */
static struct eg_str hide_all(struct eg_arena *arena, struct eg_str line) {
    size_t end = 0;
    while (end < line.length && strchr(" \t-{[", line.data[end]) != NULL && line.data[end] != '\0')
        end++;
    struct token token;
    size_t at = end;
    if (next_token(line, &at, &token) && token.key) {
        size_t colon = eg_str_find(line, EG_STR(":"), at);
        if (colon != SIZE_MAX)
            end = colon + 1;
    }
    return eg_str_format(arena, "%.*s%s" HIDDEN, (int)end, line.data,
                         end > 0 && line.data[end - 1] == ':' ? " " : "");
}

/* ---- the excerpt ---- */

/* Byte offset of a column (from 1, in characters). */
static size_t column_offset(struct eg_str line, uint32_t column) {
    size_t at = 0;
    for (uint32_t i = 1; i < column && at < line.length; i++) {
        unsigned length = eg_utf8_length(line.data + at, line.length - at);
        at += length == 0 ? 1 : length;
    }
    return at;
}

/* WIDTH bytes of LINE: its beginning if MARK is well inside, else around MARK. The ends lie between
 * characters. */
static struct eg_str window(struct eg_str line, size_t mark, size_t width, size_t *ret_start) {
    size_t start = 0, end = line.length;
    if (line.length > width) {
        start = mark > width / 3 * 2 ? mark - width / 3 : 0;
        if (start > line.length - width)
            start = line.length - width;
        end = start + width;
    }
    while (start > 0 && start < line.length && ((unsigned char)line.data[start] & 0xC0) == 0x80)
        start--;
    while (end < line.length && ((unsigned char)line.data[end] & 0xC0) == 0x80)
        end--;
    *ret_start = start;
    return eg_str_slice(line, start, end - start);
}

static size_t token_length(struct eg_str line, size_t mark) {
    struct token token;
    size_t at = mark;
    if (mark >= line.length)
        return 0;
    if (strchr("{}[],", line.data[mark]) != NULL || !next_token(line, &at, &token))
        return 1;
    return at - mark;
}

/* Tabs as two spaces: a tab's width is the terminal's own affair, and the caret must fit. */
static struct eg_str expand_tabs(struct eg_arena *arena, struct eg_str line, size_t *mark) {
    size_t tabs = 0, before = 0;
    for (size_t i = 0; i < line.length; i++)
        if (line.data[i] == '\t') {
            tabs++;
            before += i < *mark;
        }
    if (tabs == 0)
        return line;
    char *text = eg_arena_alloc(arena, line.length + tabs);
    size_t length = 0;
    for (size_t i = 0; i < line.length; i++) {
        text[length++] = line.data[i] == '\t' ? ' ' : line.data[i];
        if (line.data[i] == '\t')
            text[length++] = ' ';
    }
    *mark += before;
    return (struct eg_str){text, length};
}

/* A template in one line is not walked from its beginning for every finding: what is shown of it
 * begins at the key of the value that is pointed at, a place where the syntax is known. */
enum { LONG_LINE = 4096 };

static size_t key_start(struct eg_str line, size_t mark) {
    size_t at = mark;
    while (at > 0 && (line.data[at - 1] == ' ' || line.data[at - 1] == ':'))
        at--;
    if (at == mark || at == 0 || line.data[at - 1] != '"')
        return mark;
    for (at--; at > 0 && line.data[at - 1] != '"'; at--)
        if (mark - at > 200)
            return mark;
    return at > 0 ? at - 1 : mark;
}

/* The line beside that of NUMBER which says what a `Value` holds. */
static struct eg_str neighbour_of(struct eg_source *source, uint32_t number) {
    struct eg_str above = eg_str_slice(eg_source_line(source, number - 1), 0, LONG_LINE);
    if (mentions_secret(above))
        return above;
    return eg_str_slice(eg_source_line(source, number + 1), 0, LONG_LINE);
}

/* Does the line above that of NUMBER end in the key of a secret: `"Password": {`? */
static bool follows_secret(struct eg_source *source, uint32_t number) {
    struct naming naming = {0};
    struct token token = {0};
    if (number < 2)
        return false;
    struct eg_str above = eg_str_slice(eg_source_line(source, number - 1), 0, LONG_LINE);
    naming.variable = mentions_secret(neighbour_of(source, number - 1));
    for (size_t at = 0; next_token(above, &at, &token);)
        if (token.key)
            pass_key(&naming, token.text);
    return token.key && naming.secret;
}

/* How many objects and lists LINE opens from FROM on and leaves open; negative: closes. */
static int open_count(struct eg_str line, size_t from) {
    int count = 0;
    for (size_t at = from; at < line.length; at++) {
        char c = line.data[at];
        if (c == '"')
            at = quoted_end(line, at + 1, c);
        else if (c == '{' || c == '[')
            count++;
        else if (c == '}' || c == ']')
            count--;
    }
    return count;
}

/* A line that opens an object or a list at MARK is continued by those below it, as far as that or
 * WIDTH goes. The name of a variable tells what its own `Value` holds, no other; a value that was
 * opened in one line goes on in the next. */
static struct eg_str with_lines_below(struct eg_arena *arena, struct eg_source *source,
                                      uint32_t number, struct eg_str line, size_t mark,
                                      size_t width, struct naming *naming) {
    int open = open_count(line, mark);
    if (open <= 0)
        return line;
    struct eg_buf out;
    eg_buf_init(&out);
    eg_buf_add_str(&out, line);
    for (uint32_t at = number + 1; open > 0 && out.length < mark + width; at++) {
        struct eg_str below = eg_str_trim(eg_source_line(source, at));
        if (below.length == 0 || below.length > LONG_LINE)
            break;
        open += open_count(below, 0);
        eg_buf_putc(&out, ' ');
        eg_buf_add_str(&out, hide_line(arena, below, neighbour_of(source, at), naming));
    }
    struct eg_str text = eg_str_copy(arena, eg_buf_str(&out));
    eg_buf_done(&out);
    return text;
}

/* Hiding moves what stands behind it: the mark is found again by hiding what is before it alone. */
static struct eg_str without_secrets(struct eg_arena *arena, struct eg_str line,
                                     struct eg_str neighbour, bool all, size_t *mark,
                                     struct naming *naming) {
    struct naming before = *naming;
    if (all) {
        struct eg_str text = hide_all(arena, line);
        if (*mark > text.length - (sizeof HIDDEN - 1))
            *mark = text.length - (sizeof HIDDEN - 1);
        return text;
    }
    struct eg_str text = hide_line(arena, line, neighbour, naming);
    if (!eg_str_equal(text, line))
        *mark = hide_line(arena, eg_str_slice(line, 0, *mark), neighbour, &before).length;
    return text;
}

/* The excerpt at PLACE of SOURCE; ALL: it is about a secret. */
static struct eg_excerpt excerpt_at(struct eg_arena *arena, struct eg_source *source,
                                    struct eg_place place, bool all, size_t width) {
    struct eg_excerpt excerpt = {.file = EG_STR(""), .text = EG_STR("")};
    if (source == NULL || place.line == 0)
        return excerpt;
    struct eg_str line = eg_source_line(source, place.line);
    size_t mark = column_offset(line, place.column), begin = 0, start;
    bool is_long = line.length > LONG_LINE;
    if (is_long) {
        begin = key_start(line, mark);
        line = eg_str_slice(line, begin, LONG_LINE);
        mark -= begin;
    }
    /* What stands beside a long line is not looked up: it might name a secret. */
    struct eg_str neighbour = is_long ? EG_STR("password") : neighbour_of(source, place.line);
    struct naming naming = {.secret = is_long ? eg_str_starts_with(line, EG_STR("\"Fn::"))
                                              : follows_secret(source, place.line)};
    line = without_secrets(arena, line, neighbour, all, &mark, &naming);
    if (!is_long && !all)
        line = with_lines_below(arena, source, place.line, line, mark, width, &naming);
    line = expand_tabs(arena, line, &mark);
    struct eg_str text = window(line, mark, width, &start);
    bool before = start > 0 || begin > 0, behind = start + text.length < line.length || is_long;
    excerpt.file = place.file;
    excerpt.line = place.line;
    excerpt.text = eg_str_format(arena, "%s%.*s%s", before ? "\xE2\x80\xA6" : "", EG_STR_ARGS(text),
                                 behind ? "\xE2\x80\xA6" : "");
    excerpt.mark = mark - start + (before ? 3 : 0);
    if (excerpt.mark > excerpt.text.length)
        excerpt.mark = excerpt.text.length;
    excerpt.mark_length = token_length(excerpt.text, excerpt.mark);
    return excerpt;
}

struct eg_excerpt eg_excerpt_of(struct eg_arena *arena, const struct eg_result *result,
                                size_t width) {
    return excerpt_at(arena, result->source, result->place, has_secret(result), width);
}

/* ---- all lines that a result rests on ---- */

enum { MOST_LINES = 6 };

struct lines {
    struct eg_excerpt *items;
    uint32_t count;
};

static void add_line(struct lines *lines, const struct eg_excerpt *excerpt) {
    uint32_t at = 0;
    if (excerpt->line == 0 || lines->count == MOST_LINES)
        return;
    for (; at < lines->count; at++) {
        const struct eg_excerpt *other = &lines->items[at];
        int files = eg_str_compare(excerpt->file, other->file);
        if (files == 0 && excerpt->line == other->line)
            return;
        if (files < 0 || (files == 0 && excerpt->line < other->line))
            break;
    }
    memmove(&lines->items[at + 1], &lines->items[at], (lines->count - at) * sizeof *lines->items);
    lines->items[at] = *excerpt;
    lines->count++;
}

static void add_node(struct eg_arena *arena, struct lines *lines, const struct eg_node *node,
                     bool all, size_t width) {
    if (node == NULL || node->source == NULL)
        return;
    struct eg_excerpt excerpt = excerpt_at(arena, node->source, eg_node_place(node), all, width);
    add_line(lines, &excerpt);
}

uint32_t eg_excerpts_of(struct eg_arena *arena, const struct eg_result *result, size_t width,
                        struct eg_excerpt **ret) {
    struct lines lines = {EG_NEW_ARRAY(arena, struct eg_excerpt, MOST_LINES + 1), 0};
    bool all = has_secret(result);
    struct eg_excerpt own = eg_excerpt_of(arena, result, width);
    if (result->verdict != EG_VERDICT_PASS)
        add_line(&lines, &own);
    for (uint32_t i = 0; i < result->evidence_count; i++)
        if (result->verdict != EG_VERDICT_PASS || !result->evidence[i].absent)
            add_node(arena, &lines, result->evidence[i].at, all, width);
    if (lines.count == 0)
        add_line(&lines, &own);
    if (result->object.length > 0)
        add_node(arena, &lines, result->name_at, false, width);
    *ret = lines.items;
    return lines.count;
}

/* In a line that is too long to be counted through for every finding: one character. */
uint32_t eg_excerpt_end_column(const struct eg_result *result) {
    if (result->source == NULL || result->place.line == 0 || result->place.column == 0)
        return 0;
    struct eg_str line = eg_source_line(result->source, result->place.line);
    if (line.length > LONG_LINE)
        return result->place.column + 1;
    size_t start = column_offset(line, result->place.column);
    size_t end = start + token_length(line, start);
    uint32_t column = result->place.column;
    for (size_t at = start; at < end; column++) {
        unsigned length = eg_utf8_length(line.data + at, line.length - at);
        at += length == 0 ? 1 : length;
    }
    return column;
}
