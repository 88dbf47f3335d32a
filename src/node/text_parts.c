/* Putting text together and taking it apart; see text.h. Called by resolve, cel and model. */
#include "base/buf.h"
#include "base/limits.h"
#include "node/text.h"
#include "node/text_form.h"

#include <string.h>

/* ---- joining ---- */

enum { INHERITED_FLAGS = EG_FLAG_SECRET | EG_FLAG_DEFAULTED };

struct joiner {
    struct eg_arena *arena;
    const struct eg_node *at;
    struct eg_list_builder pieces; /* finished ones */
    struct eg_buf known;           /* known text that no hole has ended yet */
    uint8_t known_flags;
    size_t known_total;
};

static void flush_known(struct joiner *joiner) {
    if (joiner->known.length == 0)
        return;
    struct eg_node *node = eg_node_new(joiner->arena, EG_STRING, joiner->at);
    node->as.text = eg_str_copy(joiner->arena, eg_buf_str(&joiner->known));
    node->flags = joiner->known_flags;
    eg_list_add(&joiner->pieces, node);
    eg_buf_clear(&joiner->known);
    joiner->known_flags = 0;
}

static void join_text(struct joiner *joiner, struct eg_str text, uint8_t flags) {
    if (text.length <= EG_LIMIT_TEXT_BYTES - joiner->known.length)
        eg_buf_add_str(&joiner->known, text);
    joiner->known_total += text.length;
    joiner->known_flags |= flags & INHERITED_FLAGS;
}

static void join_piece(struct joiner *joiner, const struct eg_node *piece) {
    struct eg_str text;
    if (piece->kind == EG_ABSENT)
        return;
    if (eg_node_scalar_text(joiner->arena, piece, &text)) {
        join_text(joiner, text, piece->flags);
        return;
    }
    flush_known(joiner);
    eg_list_add(&joiner->pieces, piece);
}

static bool is_too_large(const struct joiner *joiner) {
    return joiner->known_total > EG_LIMIT_TEXT_BYTES || joiner->pieces.count > EG_LIMIT_PIECES;
}

/* The pieces' flags go on to the whole only if it is a string: in a partial string each keeps its
 * own. */
static const struct eg_node *join_result(struct joiner *joiner) {
    if (is_too_large(joiner))
        return eg_node_unknown(
            joiner->arena,
            (struct eg_unknown){.why = EG_WHY_LIMIT,
                                .hint = EG_STR("the text is longer than what is put together")},
            joiner->at);
    if (joiner->pieces.count == 0) {
        struct eg_node *node = eg_node_new(joiner->arena, EG_STRING, joiner->at);
        node->as.text = eg_str_copy(joiner->arena, eg_buf_str(&joiner->known));
        node->flags = joiner->known_flags;
        return node;
    }
    flush_known(joiner);
    if (joiner->pieces.count > 1) {
        struct eg_node *node = eg_node_new(joiner->arena, EG_PARTIAL, joiner->at);
        node->as.list = eg_list_end(&joiner->pieces);
        return node;
    }
    const struct eg_node *only = joiner->pieces.items[0];
    return joiner->at == NULL ? only : eg_node_moved(joiner->arena, only, joiner->at);
}

const struct eg_node *eg_text_join(struct eg_arena *arena, const struct eg_node *const *pieces,
                                   uint32_t count, const struct eg_node *at) {
    struct joiner joiner = {.arena = arena, .at = at};
    eg_list_begin(&joiner.pieces, arena);
    eg_buf_init(&joiner.known);
    for (uint32_t i = 0; i < count && !is_too_large(&joiner); i++) {
        if (pieces[i]->kind != EG_PARTIAL) {
            join_piece(&joiner, pieces[i]);
            continue;
        }
        const struct eg_list *inner = &pieces[i]->as.list;
        for (uint32_t j = 0; j < inner->count && !is_too_large(&joiner); j++)
            join_piece(&joiner, inner->items[j]);
    }
    const struct eg_node *result = join_result(&joiner);
    eg_buf_done(&joiner.known);
    return result;
}

/* ---- splitting ---- */

struct splitter {
    struct eg_arena *arena;
    struct eg_str separator;
    const struct eg_node *at;
    struct eg_list_builder parts;
    struct eg_list_builder part;   /* the pieces of the part at work */
    const struct eg_node *breaker; /* a hole in it that may hold separators, or NULL */
    bool exact;
};

/* Can the text of HOLE neither hold the separator nor a part of it? */
static bool is_whole(const struct eg_node *hole, struct eg_str separator) {
    struct eg_text_form form = eg_text_form_of(hole);
    for (size_t i = 0; i < separator.length; i++) {
        unsigned char c = (unsigned char)separator.data[i];
        if (c >= 0x80 || form.holds(c) || memchr(form.start.data, c, form.start.length) != NULL)
            return false;
    }
    return true;
}

/* A part of a text is not that text, so it has no identity. */
static const struct eg_node *unknown_part(struct splitter *splitter, const struct eg_node *hole) {
    struct eg_unknown unknown = {.why = EG_WHY_ATTRIBUTE};
    if (hole->kind == EG_UNKNOWN) {
        unknown = *hole->as.unknown;
        unknown.hint = eg_unknown_text(splitter->arena, hole->as.unknown);
    } else {
        unknown.hint = eg_str_format(splitter->arena, "%.*s is known at deployment only",
                                     EG_STR_ARGS(eg_text_show(splitter->arena, hole)));
    }
    unknown.name = EG_STR("");
    return eg_node_unknown(splitter->arena, unknown, splitter->at);
}

static void end_part(struct splitter *splitter) {
    const struct eg_node *part;
    if (splitter->breaker != NULL)
        part = unknown_part(splitter, splitter->breaker);
    else
        part =
            eg_text_join(splitter->arena, splitter->part.items, splitter->part.count, splitter->at);
    eg_list_add(&splitter->parts, part);
    splitter->part.count = 0;
    splitter->breaker = NULL;
}

static void split_known(struct splitter *splitter, const struct eg_node *piece) {
    struct eg_str text = piece->as.text;
    for (size_t from = 0;;) {
        size_t found = eg_str_find(text, splitter->separator, from);
        size_t end = found == SIZE_MAX ? text.length : found;
        struct eg_node *slice = eg_node_new(splitter->arena, EG_STRING, piece);
        slice->as.text = eg_str_slice(text, from, end - from);
        slice->flags = piece->flags & INHERITED_FLAGS;
        eg_list_add(&splitter->part, slice);
        if (found == SIZE_MAX)
            return;
        end_part(splitter);
        from = found + splitter->separator.length;
    }
}

/* arn:partition:service:region:account:resource, where the resource may hold further colons. */
static void split_arn(struct splitter *splitter, const struct eg_node *hole) {
    enum { UNKNOWN_FIELDS = 4 };
    eg_list_add(&splitter->part, eg_node_string(splitter->arena, EG_STR("arn"), splitter->at));
    end_part(splitter);
    for (int i = 0; i < UNKNOWN_FIELDS; i++)
        eg_list_add(&splitter->parts, unknown_part(splitter, hole));
    splitter->breaker = hole;
    splitter->exact = false;
}

static void split_piece(struct splitter *splitter, const struct eg_node *piece) {
    if (piece->kind == EG_STRING) {
        split_known(splitter, piece);
    } else if (is_whole(piece, splitter->separator)) {
        eg_list_add(&splitter->part, piece);
    } else if (piece->kind == EG_REFERENCE && eg_text_form_is_arn(piece->as.reference) &&
               eg_str_is(splitter->separator, ":")) {
        split_arn(splitter, piece);
    } else {
        splitter->breaker = piece;
        splitter->exact = false;
    }
}

struct eg_list eg_text_split(struct eg_arena *arena, const struct eg_node *text,
                             struct eg_str separator, bool *ret_exact) {
    struct splitter splitter = {.arena = arena, .separator = separator, .at = text, .exact = true};
    eg_list_begin(&splitter.parts, arena);
    eg_list_begin(&splitter.part, arena);
    if (separator.length == 0) {
        eg_list_add(&splitter.parts, text);
    } else {
        struct eg_list pieces = eg_text_form_pieces(&text);
        for (uint32_t i = 0; i < pieces.count; i++)
            split_piece(&splitter, pieces.items[i]);
        end_part(&splitter);
    }
    *ret_exact = splitter.exact;
    return eg_list_end(&splitter.parts);
}

/* ---- slices ---- */

const struct eg_node *eg_text_slice(struct eg_arena *arena, const struct eg_node *text,
                                    size_t start, size_t count) {
    struct eg_str known = eg_text_known_start(text);
    if (start > known.length || count > known.length - start)
        return NULL;
    struct eg_list pieces = eg_text_form_pieces(&text);
    struct eg_node *slice = eg_node_new(arena, EG_STRING, text);
    slice->as.text = eg_str_slice(known, start, count);
    if (pieces.count > 0)
        slice->flags = pieces.items[0]->flags & INHERITED_FLAGS;
    return slice;
}

/* ---- showing ---- */

static void show_name(struct eg_buf *buf, const struct eg_node *hole) {
    if (hole->kind == EG_REFERENCE) {
        eg_buf_add_str(buf, hole->as.reference->logical_id);
        if (!eg_str_is(hole->as.reference->attribute, "Ref"))
            eg_buf_printf(buf, ".%.*s", EG_STR_ARGS(hole->as.reference->attribute));
    } else if (hole->kind == EG_UNKNOWN && hole->as.unknown->name.length > 0) {
        eg_buf_add_str(buf, hole->as.unknown->name);
    } else {
        eg_buf_puts(buf, "unknown");
    }
}

static void show_piece(struct eg_buf *buf, const struct eg_node *piece) {
    if ((piece->flags & EG_FLAG_SECRET) != 0) {
        eg_buf_puts(buf, "(secret)");
    } else if (piece->kind == EG_STRING) {
        eg_buf_add_str(buf, piece->as.text);
    } else {
        eg_buf_puts(buf, "${");
        show_name(buf, piece);
        eg_buf_putc(buf, '}');
    }
}

struct eg_str eg_text_show(struct eg_arena *arena, const struct eg_node *text) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    struct eg_list pieces = eg_text_form_pieces(&text);
    if ((text->flags & EG_FLAG_SECRET) != 0)
        eg_buf_puts(&buf, "(secret)");
    else if (text->kind == EG_REFERENCE || text->kind == EG_UNKNOWN)
        show_name(&buf, text);
    else
        for (uint32_t i = 0; i < pieces.count; i++)
            show_piece(&buf, pieces.items[i]);
    struct eg_str shown = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return shown;
}
