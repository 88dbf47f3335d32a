/* Escaping; see report.h and escape.h. Called by every renderer.
 *
 * A text is walked character by character. What no output may carry (controls, terminal escapes,
 * bidirectional and invisible characters, broken UTF-8) is shown the same way everywhere, as
 * \u{1b}; what only one output treats specially is that output's own function. */
#include "report/escape.h"

#include "base/utf8.h"

#include <string.h>

/* ---- characters ---- */

struct range {
    uint32_t first, last;
};

static bool is_in(uint32_t code, const struct range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

#define IS_IN(code, ranges) is_in((code), (ranges), sizeof(ranges) / sizeof(ranges)[0])

/* Controls (C0, DEL, C1) and what changes how the text around it looks without being seen itself:
 * UAX #9's explicit directions, zero-width and invisible characters, tags, line separators. The
 * joiners U+200C and U+200D stay: scripts and emoji need them. */
static bool is_hidden(uint32_t code) {
    static const struct range hidden[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0xAD, 0xAD},       {0x061C, 0x061C}, {0x180E, 0x180E},
        {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F}, {0xFEFF, 0xFEFF},
        {0xFFF9, 0xFFFB}, {0xFFFE, 0xFFFF}, {0xE0000, 0xE0FFF},
    };
    if (code >= 0x20 && code < 0x7F)
        return false;
    return IS_IN(code, hidden) || (code & 0xFFFE) == 0xFFFE;
}

unsigned eg_report_columns(uint32_t code) {
    static const struct range none[] = {
        {0x0300, 0x036F}, {0x200C, 0x200D}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
    static const struct range two[] = {{0x1100, 0x115F},   {0x2E80, 0xA4CF},   {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF01, 0xFF60},
                                       {0xFFE0, 0xFFE6},   {0x1F300, 0x1F64F}, {0x1F680, 0x1F6FF},
                                       {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (code < 0x300)
        return 1;
    return IS_IN(code, none) ? 0 : IS_IN(code, two) ? 2 : 1;
}

/* One step through a text: the character at *AT, which moves behind it. False at the end. A byte
 * that begins no character stands alone. */
struct step {
    struct eg_str bytes;
    uint32_t code;
    bool broken;
};

static bool next(struct eg_str text, size_t *at, struct step *ret) {
    if (*at >= text.length)
        return false;
    unsigned length = eg_utf8_length(text.data + *at, text.length - *at);
    ret->broken = length == 0;
    if (length == 0)
        length = 1;
    ret->bytes = (struct eg_str){text.data + *at, length};
    ret->code =
        ret->broken ? (unsigned char)text.data[*at] : eg_utf8_decode(text.data + *at, length);
    *at += length;
    return true;
}

/* Appends what must be shown instead of the character; false if it may stand as it is. */
static bool add_shown(struct eg_buf *out, const struct step *step) {
    if (step->broken)
        eg_buf_printf(out, "\\x{%x}", step->code);
    else if (is_hidden(step->code))
        eg_buf_printf(out, "\\u{%x}", step->code);
    else
        return false;
    return true;
}

/* Appends TEXT with the characters of SPECIAL (ASCII) replaced by the text at the same index. */
static void add_replacing(struct eg_buf *out, struct eg_str text, const char *special,
                          const char *const *replacements) {
    struct step step;
    for (size_t at = 0; next(text, &at, &step);) {
        if (add_shown(out, &step))
            continue;
        const char *found = step.code < 0x80 ? strchr(special, (int)step.code) : NULL;
        if (found != NULL)
            eg_buf_puts(out, replacements[found - special]);
        else
            eg_buf_add_str(out, step.bytes);
    }
}

/* ---- the kinds of output ---- */

/* "##[" begins a command of GitHub's and Azure's runners anywhere in a line of a log. */
void eg_report_add_plain(struct eg_buf *out, struct eg_str text) {
    struct step step;
    for (size_t at = 0; next(text, &at, &step);) {
        if (add_shown(out, &step))
            continue;
        if (step.code == '[' && out->length >= 2 &&
            memcmp(out->data + out->length - 2, "##", 2) == 0)
            eg_buf_puts(out, "\\u{5b}");
        else
            eg_buf_add_str(out, step.bytes);
    }
}

void eg_report_add_html(struct eg_buf *out, struct eg_str text) {
    static const char *const replacements[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#96;"};
    add_replacing(out, text, "&<>\"'`", replacements);
}

void eg_report_add_xml(struct eg_buf *out, struct eg_str text) {
    static const char *const replacements[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    add_replacing(out, text, "&<>\"'", replacements);
}

static bool is_alphanumeric(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static unsigned char byte_at(struct eg_str text, size_t at) {
    return at < text.length ? (unsigned char)text.data[at] : 0;
}

/* Does the character C at AT mean something in running text of GFM? What only means something at
 * the start of a line does so at the start of TEXT, which may stand there. */
static bool is_markup(struct eg_str text, size_t at, uint32_t c) {
    unsigned char before = at > 0 ? byte_at(text, at - 1) : 0, behind = byte_at(text, at + 1);
    switch (c) {
    case '\\':
    case '`':
    case '*':
    case '[':
    case ']':
    case '|':
    case '$': /* GitHub's mathematics */
        return true;
    case '_':
        return !(is_alphanumeric(before) && is_alphanumeric(behind));
    case '~':
        return before == '~' || behind == '~';
    case '!':
        return behind == '[';
    case '#':
        return at == 0 && (behind == ' ' || behind == '#' || behind == 0);
    case '-':
    case '+':
        return at == 0;
    case ':': /* a link by itself: https://… */
        return behind == '/' && byte_at(text, at + 2) == '/';
    case '.': /* a link by itself: www.… */
        return at >= 3 && eg_str_equal_nocase(eg_str_slice(text, at - 3, 3), EG_STR("www"));
    default:
        return false;
    }
}

/* A mention (@name) would send a message to somebody where GitHub shows the text: an empty comment
 * keeps it from being one. Addresses (a@b) are none. */
void eg_report_add_markdown(struct eg_buf *out, struct eg_str text) {
    struct step step;
    for (size_t at = 0, start = 0; next(text, &at, &step); start = at) {
        if (add_shown(out, &step))
            continue;
        if (step.code == '<')
            eg_buf_puts(out, "&lt;");
        else if (step.code == '>')
            eg_buf_puts(out, "&gt;");
        else if (step.code == '&')
            eg_buf_puts(out, "&amp;");
        else if (step.code == '@' && (start == 0 || !is_alphanumeric(byte_at(text, start - 1))))
            eg_buf_puts(out, "@<!-- -->");
        else {
            if (is_markup(text, start, step.code))
                eg_buf_putc(out, '\\');
            eg_buf_add_str(out, step.bytes);
        }
    }
}

static size_t longest_run(struct eg_str text, char c) {
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.length; i++) {
        run = text.data[i] == c ? run + 1 : 0;
        if (run > longest)
            longest = run;
    }
    return longest;
}

void eg_report_add_code(struct eg_buf *out, struct eg_str text) {
    static const char *const pipe[] = {"\\|"};
    if (text.length == 0)
        return;
    size_t fence = longest_run(text, '`') + 1;
    /* A span that begins or ends with a backtick needs the space that the reader then strips. */
    bool padded = fence > 1 || text.data[0] == ' ';
    for (size_t i = 0; i < fence; i++)
        eg_buf_putc(out, '`');
    if (padded)
        eg_buf_putc(out, ' ');
    add_replacing(out, text, "|", pipe);
    if (padded)
        eg_buf_putc(out, ' ');
    for (size_t i = 0; i < fence; i++)
        eg_buf_putc(out, '`');
}

/* '=', '+', '-', '@' and their full-width forms. Tabs and line ends are shown as \u{9} anyway. */
static bool is_formula(struct eg_str text) {
    size_t at = 0;
    struct step step;
    do {
        if (!next(text, &at, &step))
            return false;
    } while (step.code == ' ');
    static const uint32_t begins[] = {'=', '+', '-', '@', 0xFF1D, 0xFF0B, 0xFF0D, 0xFF20};
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (step.code == begins[i])
            return true;
    return false;
}

void eg_report_add_csv(struct eg_buf *out, struct eg_str text) {
    static const char *const quote[] = {"\"\""};
    eg_buf_puts(out, is_formula(text) ? "\"'" : "\"");
    add_replacing(out, text, "\"", quote);
    eg_buf_putc(out, '"');
}

/* Such characters stand in strings only: everything else in JSON is ASCII. */
void eg_report_add_json(struct eg_buf *out, struct eg_str json) {
    struct step step;
    for (size_t at = 0; next(json, &at, &step);) {
        if (step.broken || step.code < 0x7F || !is_hidden(step.code))
            eg_buf_add_str(out, step.bytes);
        else if (step.code < 0x10000)
            eg_buf_printf(out, "\\u%04x", step.code);
        else
            eg_buf_printf(out, "\\u%04x\\u%04x", 0xD7C0 + (step.code >> 10),
                          0xDC00 + (step.code & 0x3FF));
    }
}

void eg_report_add_uri(struct eg_buf *out, struct eg_str path) {
    for (size_t i = 0; i < path.length; i++) {
        unsigned char c = (unsigned char)path.data[i];
        if (is_alphanumeric(c) || (c != 0 && strchr("-._~/", c) != NULL))
            eg_buf_putc(out, (char)c);
        else
            eg_buf_printf(out, "%%%02X", c);
    }
}

struct eg_str eg_report_safe_url(struct eg_str url) {
    if (!eg_str_starts_with(url, EG_STR("https://")) && !eg_str_starts_with(url, EG_STR("http://")))
        return EG_STR("");
    for (size_t i = 0; i < url.length; i++) {
        unsigned char c = (unsigned char)url.data[i];
        if (!is_alphanumeric(c) && (c == 0 || strchr("-._~:/?#@!$&*+,;=%", c) == NULL))
            return EG_STR("");
    }
    return url;
}

/* ---- lengths ---- */

/* Offset behind the first LIMIT characters; *RET_LEFT characters follow it. */
static size_t cut(struct eg_str text, size_t limit, size_t *ret_left) {
    struct step step;
    size_t end = 0, count = 0;
    for (size_t at = 0; next(text, &at, &step); count++)
        if (count < limit)
            end = at;
    *ret_left = count > limit ? count - limit : 0;
    return end;
}

void eg_report_add_cut(struct eg_buf *out, eg_report_add *add, struct eg_str text, size_t limit) {
    size_t left;
    size_t end = cut(text, limit, &left);
    if (left == 0) {
        add(out, text);
        return;
    }
    struct eg_buf shown;
    eg_buf_init(&shown);
    eg_buf_add_str(&shown, eg_str_slice(text, 0, end));
    eg_buf_printf(&shown, "\xE2\x80\xA6 (+%zu characters)", left);
    add(out, eg_buf_str(&shown));
    eg_buf_done(&shown);
}

size_t eg_report_width(struct eg_str text) {
    struct eg_buf shown;
    eg_buf_init(&shown);
    eg_report_add_plain(&shown, text);
    struct step step;
    size_t width = 0;
    for (size_t at = 0; next(eg_buf_str(&shown), &at, &step);)
        width += eg_report_columns(step.code);
    eg_buf_done(&shown);
    return width;
}

/* ---- texts in an arena ---- */

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct eg_str eg_report_one_line(struct eg_arena *arena, struct eg_str text) {
    char *line = eg_arena_alloc(arena, text.length + 1);
    size_t length = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (!is_space(text.data[i]))
            line[length++] = text.data[i];
        else if (length > 0 && line[length - 1] != ' ')
            line[length++] = ' ';
    }
    if (length > 0 && line[length - 1] == ' ')
        length--;
    line[length] = '\0';
    return (struct eg_str){line, length};
}

const char *eg_report_utf8(struct eg_arena *arena, struct eg_str text) {
    struct step step;
    size_t length = 0;
    for (size_t at = 0; next(text, &at, &step);)
        length += step.broken || step.code == 0 ? 3 : step.bytes.length;
    char *copy = eg_arena_alloc(arena, length + 1);
    char *end = copy;
    for (size_t at = 0; next(text, &at, &step);) {
        struct eg_str bytes = step.broken || step.code == 0 ? EG_STR("\xEF\xBF\xBD") : step.bytes;
        memcpy(end, bytes.data, bytes.length);
        end += bytes.length;
    }
    *end = '\0';
    return copy;
}

void eg_report_add_place(struct eg_buf *out, struct eg_place place) {
    eg_report_add_plain(out, place.file);
    if (place.line > 0)
        eg_buf_printf(out, place.file.length > 0 ? ":%u:%u" : "%u:%u", place.line, place.column);
}

/* ---- places ---- */

struct eg_place eg_report_repository_place(const struct eg_report_options *options,
                                           const struct eg_result *result) {
    struct eg_str file = result->construct.source_file, folder = options->folder;
    bool inside = folder.length > 0 && file.length > folder.length + 1 &&
                  eg_str_starts_with(file, folder) && file.data[folder.length] == '/';
    if (!inside || result->construct.source_line == 0)
        return result->place;
    return (struct eg_place){eg_str_from_offset(file, folder.length + 1),
                             result->construct.source_line, result->construct.source_column};
}
