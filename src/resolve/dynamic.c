/* Text that something else fills in later: CloudFormation's dynamic references, and placeholders in
 * the task definitions that a pipeline renders. Called for every text that is read or put together.
 *
 *   {{resolve:ssm:name:version}}, {{resolve:ssm-secure:…}}, {{resolve:secretsmanager:…}}
 *   https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 *
 *   <IMAGE1_NAME> (CodeDeploy's and CodePipeline's), ${IMAGE}, {{image}}, %IMAGE%
 */
#include "base/buf.h"
#include "resolve/resolver.h"

#include <string.h>

/* ---- dynamic references ---- */

static const struct eg_str opening = EG_STR_INIT("{{resolve:");
static const struct eg_str closing = EG_STR_INIT("}}");

struct scan {
    struct eg_resolver *resolver;
    struct eg_scope *scope;
    struct eg_arena *arena;
    const struct eg_node *text;
    struct eg_list pieces;
    struct eg_list_builder made;
};

/* A position in the text. */
struct mark {
    uint32_t piece;
    size_t offset;
};

static struct eg_str known_at(const struct scan *scan, uint32_t piece) {
    return eg_node_text(scan->pieces.items[piece]);
}

/* The next PART in the known pieces. */
static bool find_part(const struct scan *scan, struct mark from, struct eg_str part,
                      struct mark *ret_found) {
    for (; from.piece < scan->pieces.count; from.piece++, from.offset = 0) {
        size_t found = eg_str_find(known_at(scan, from.piece), part, from.offset);
        if (found == SIZE_MAX)
            continue;
        *ret_found = (struct mark){from.piece, found};
        return true;
    }
    return false;
}

/* Adds everything between two positions. */
static void copy(struct scan *scan, struct mark from, struct mark to) {
    for (; from.piece <= to.piece && from.piece < scan->pieces.count;
         from.piece++, from.offset = 0) {
        const struct eg_node *piece = scan->pieces.items[from.piece];
        if (piece->kind != EG_STRING) {
            if (from.piece < to.piece)
                eg_list_add(&scan->made, piece);
            continue;
        }
        size_t end = from.piece == to.piece ? to.offset : piece->as.text.length;
        struct eg_node *part = eg_node_new(scan->arena, EG_STRING, piece);
        *part = *piece;
        part->as.text = eg_str_slice(piece->as.text, from.offset, end - from.offset);
        if (part->as.text.length > 0)
            eg_list_add(&scan->made, part);
    }
}

/* The reference's text with holes as ${Name}. */
static struct eg_str show(const struct scan *scan, struct mark from, struct mark to,
                          bool *ret_whole) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    *ret_whole = true;
    for (uint32_t i = from.piece; i <= to.piece; i++) {
        const struct eg_node *piece = scan->pieces.items[i];
        size_t start = i == from.piece ? from.offset : 0;
        size_t end = i == to.piece ? to.offset : known_at(scan, i).length;
        if (piece->kind == EG_STRING) {
            eg_buf_add_str(&buf, eg_str_slice(piece->as.text, start, end - start));
            continue;
        }
        *ret_whole = false;
        struct eg_str name = eg_text_is(piece) ? eg_text_show(scan->arena, piece) : EG_STR("…");
        eg_buf_printf(&buf, "${%.*s}", EG_STR_ARGS(name));
    }
    struct eg_str text = eg_str_copy(scan->arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return text;
}

static void add_reference(struct scan *scan, struct mark from, struct mark to) {
    bool whole;
    struct eg_str name = show(scan, from, to, &whole);
    struct eg_unknown unknown = {.why = EG_WHY_DYNAMIC_REFERENCE,
                                 .name = name,
                                 .scope = whole ? eg_scope_root(scan->scope) : &scan->scope->stack,
                                 .secret = !eg_str_starts_with(name, EG_STR("{{resolve:ssm:"))};
    struct eg_node *node = eg_node_new(scan->arena, EG_UNKNOWN, scan->text);
    node->as.unknown = &eg_resolve_symbol(scan->resolver, unknown)->unknown;
    node->origin = scan->text->origin;
    eg_list_add(&scan->made, node);
}

static bool mentions_reference(const struct eg_node *text) {
    if (text->kind == EG_STRING)
        return eg_str_contains(text->as.text, opening);
    for (uint32_t i = 0; i < text->as.list.count; i++)
        if (eg_str_contains(eg_node_text(text->as.list.items[i]), opening))
            return true;
    return false;
}

const struct eg_node *eg_resolve_dynamic(struct eg_resolver *resolver, struct eg_scope *scope,
                                         struct eg_arena *arena, const struct eg_node *text) {
    if (!mentions_reference(text))
        return text;
    struct scan scan = {.resolver = resolver, .scope = scope, .arena = arena, .text = text};
    scan.pieces = text->kind == EG_PARTIAL ? text->as.list : (struct eg_list){&text, 1};
    eg_list_begin(&scan.made, arena);
    struct mark at = {0, 0}, open, close;
    while (find_part(&scan, at, opening, &open) && find_part(&scan, open, closing, &close)) {
        copy(&scan, at, open);
        close.offset += closing.length;
        add_reference(&scan, open, close);
        at = close;
    }
    copy(&scan, at, (struct mark){scan.pieces.count, 0});
    const struct eg_node *made = eg_text_join(arena, scan.made.items, scan.made.count, text);
    if (made->kind == EG_UNKNOWN)
        return made;
    struct eg_node *kept = EG_NEW(arena, struct eg_node);
    *kept = *made;
    kept->origin = text->origin;
    return kept;
}

/* ---- placeholders ---- */

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_name_character(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

/* The length of the placeholder that TEXT begins with; 0: none. */
static size_t between(struct eg_str text, const char *start, const char *end, bool spaces,
                      bool upper) {
    struct eg_str first = eg_str_from(start), last = eg_str_from(end);
    if (!eg_str_starts_with(text, first))
        return 0;
    size_t at = first.length, letters = 0;
    while (at < text.length && spaces && text.data[at] == ' ')
        at++;
    for (; at < text.length &&
           (is_name_character(text.data[at]) || (spaces && letters > 0 && text.data[at] == ' '));
         at++) {
        char c = text.data[at];
        if (letters == 0 && !is_letter(c))
            return 0;
        if (upper && (c < 'A' || c > 'Z') && c != '_' && (c < '0' || c > '9'))
            return 0;
        letters++;
    }
    if (letters == 0 || (upper && letters < 2) ||
        !eg_str_starts_with(eg_str_from_offset(text, at), last))
        return 0;
    return at + last.length;
}

/* "<name>" is a tag if a closing one is there too. */
static bool is_markup(struct eg_str text) {
    return eg_str_contains(text, EG_STR("</")) || eg_str_contains(text, EG_STR("/>"));
}

/* "$NAME" is one if the text is nothing else. */
static size_t dollar_length(struct eg_str rest, struct eg_str whole) {
    size_t length = between(rest, "$", "", false, true);
    return length == whole.length ? length : between(rest, "${", "}", false, false);
}

static size_t placeholder_length(struct eg_str rest, struct eg_str whole) {
    switch (rest.data[0]) {
    case '$':
        return dollar_length(rest, whole);
    case '{':
        return between(rest, "{{", "}}", true, false);
    case '%':
        return between(rest, "%", "%", false, true);
    case '<':
        return is_markup(whole) ? 0 : between(rest, "<", ">", true, false);
    default:
        return 0;
    }
}

struct filler {
    const struct eg_context *context;
    bool shell; /* a command: ${NAME} is the shell's own */
};

static const struct eg_node *placeholder_node(const struct filler *filler, struct eg_str name,
                                              const struct eg_node *at) {
    return eg_resolve_symbol_node(
        filler->context->resolver,
        (struct eg_unknown){.why = EG_WHY_PLACEHOLDER,
                            .name = name,
                            .scope = &filler->context->scope->stack,
                            .hint = EG_STR("judge the file after it has been filled in")},
        at);
}

/* TEXT with its placeholders as unknowns; in a command only a text that is nothing else. */
static const struct eg_node *fill_text(const struct filler *filler, const struct eg_node *text) {
    struct eg_arena *arena = filler->context->resolver->arena;
    struct eg_str whole = text->as.text;
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, arena);
    size_t start = 0;
    for (size_t at = 0; at < whole.length;) {
        size_t length = placeholder_length(eg_str_from_offset(whole, at), whole);
        if (length == 0 || (filler->shell && (length < whole.length || whole.data[0] == '$'))) {
            at++;
            continue;
        }
        if (at > start)
            eg_list_add(&pieces,
                        eg_node_string(arena, eg_str_slice(whole, start, at - start), text));
        eg_list_add(&pieces, placeholder_node(filler, eg_str_slice(whole, at, length), text));
        at += length;
        start = at;
    }
    if (pieces.count == 0)
        return text;
    if (start < whole.length)
        eg_list_add(&pieces, eg_node_string(arena, eg_str_from_offset(whole, start), text));
    return eg_text_join(arena, pieces.items, pieces.count, text);
}

static const struct eg_node *fill(const struct filler *filler, const struct eg_node *node);

static const struct eg_node *fill_list(const struct filler *filler, const struct eg_node *list) {
    struct eg_list_builder builder;
    eg_list_begin(&builder, filler->context->resolver->arena);
    bool changed = false;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = fill(filler, list->as.list.items[i]);
        changed = changed || item != list->as.list.items[i];
        eg_list_add(&builder, item);
    }
    return changed ? eg_list_node(&builder, list) : list;
}

/* Patterns for log lines are no placeholders. */
static bool is_pattern(struct eg_str key) {
    return eg_str_is(key, "awslogs-datetime-format") || eg_str_is(key, "awslogs-multiline-pattern");
}

static const struct eg_node *fill_map(const struct filler *filler, const struct eg_node *map) {
    struct eg_map_builder builder;
    eg_map_begin(&builder, filler->context->resolver->arena);
    bool changed = false;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        struct filler inner = *filler;
        inner.shell =
            inner.shell || eg_str_is(entry->key, "command") || eg_str_is(entry->key, "entryPoint");
        const struct eg_node *value =
            is_pattern(entry->key) ? entry->value : fill(&inner, entry->value);
        changed = changed || value != entry->value;
        (void)eg_map_add(&builder, entry->key, entry->key_offset, value, NULL);
    }
    return changed ? eg_map_node(&builder, map) : map;
}

/* As deep as the document, which the readers bound. */
static const struct eg_node *fill(const struct filler *filler, const struct eg_node *node) {
    if (node->kind == EG_MAP)
        return fill_map(filler, node);
    if (node->kind == EG_LIST)
        return fill_list(filler, node);
    return node->kind == EG_STRING ? fill_text(filler, node) : node;
}

const struct eg_node *eg_resolve_placeholders(const struct eg_context *context,
                                              const struct eg_node *document) {
    const struct filler filler = {.context = context};
    return fill(&filler, document);
}
