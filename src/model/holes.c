/* Text with holes as one plain text; see holes.h. Called by image.c, statement.c, launchsite.c and
 * whoever reads JSON that stands in a string. */
#include "model/holes.h"

#include "base/buf.h"
#include "base/limits.h"
#include "node/text.h"
#include "read/read.h"

/* U+E000 … U+F8FF: EE 80 80 … EF A3 BF in UTF-8. */
enum { FIRST_PRIVATE = 0xE000, PRIVATE_COUNT = 0x1900 };

static bool is_private_at(struct eg_str text, size_t i, uint32_t *ret_number) {
    if (i + EG_HOLE_BYTES > text.length)
        return false;
    const unsigned char *c = (const unsigned char *)text.data + i;
    if ((c[0] != 0xEE && c[0] != 0xEF) || (c[1] & 0xC0) != 0x80 || (c[2] & 0xC0) != 0x80)
        return false;
    uint32_t code =
        (uint32_t)(c[0] & 0x0F) << 12 | (uint32_t)(c[1] & 0x3F) << 6 | (uint32_t)(c[2] & 0x3F);
    if (code < FIRST_PRIVATE || code >= FIRST_PRIVATE + PRIVATE_COUNT)
        return false;
    *ret_number = code - FIRST_PRIVATE;
    return true;
}

static void put_private(struct eg_buf *buf, uint32_t number) {
    uint32_t code = FIRST_PRIVATE + number;
    eg_buf_putc(buf, (char)(0xE0 | code >> 12));
    eg_buf_putc(buf, (char)(0x80 | (code >> 6 & 0x3F)));
    eg_buf_putc(buf, (char)(0x80 | (code & 0x3F)));
}

static bool has_private(struct eg_str text) {
    uint32_t number;
    for (size_t i = 0; i < text.length; i++)
        if (is_private_at(text, i, &number))
            return true;
    return false;
}

static bool add_piece(struct eg_holes *holes, struct eg_buf *buf, const struct eg_node *piece) {
    if (piece->kind == EG_STRING) {
        eg_buf_add_str(buf, piece->as.text);
        return !has_private(piece->as.text);
    }
    if (holes->count == PRIVATE_COUNT)
        return false;
    put_private(buf, holes->count);
    holes->nodes[holes->count++] = piece;
    return true;
}

bool eg_holes_make(struct eg_holes *holes, struct eg_arena *arena, const struct eg_node *value) {
    uint32_t pieces = value->kind == EG_PARTIAL ? value->as.list.count : 1;
    *holes = (struct eg_holes){
        .arena = arena,
        .nodes = EG_NEW_ARRAY(arena, const struct eg_node *, pieces),
        .at = value,
    };
    struct eg_buf buf;
    eg_buf_init(&buf);
    bool good = true;
    for (uint32_t i = 0; i < pieces && good; i++)
        good = add_piece(holes, &buf, value->kind == EG_PARTIAL ? value->as.list.items[i] : value);
    holes->text = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return good;
}

const struct eg_node *eg_holes_at(const struct eg_holes *holes, struct eg_str text, size_t offset) {
    uint32_t number;
    if (!is_private_at(text, offset, &number) || number >= holes->count)
        return NULL;
    return holes->nodes[number];
}

bool eg_holes_in(const struct eg_holes *holes, struct eg_str text) {
    return holes->count > 0 && has_private(text);
}

const struct eg_node *eg_holes_node(const struct eg_holes *holes, struct eg_str text) {
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, holes->arena);
    size_t start = 0;
    for (size_t i = 0; i <= text.length;) {
        const struct eg_node *hole = i < text.length ? eg_holes_at(holes, text, i) : NULL;
        if (hole == NULL && i < text.length) {
            i++;
            continue;
        }
        if (i > start)
            eg_list_add(&pieces, eg_node_string(holes->arena, eg_str_slice(text, start, i - start),
                                                holes->at));
        if (hole == NULL)
            break;
        eg_list_add(&pieces, hole);
        i += EG_HOLE_BYTES;
        start = i;
    }
    if (pieces.count == 0)
        return eg_node_string(holes->arena, EG_STR(""), holes->at);
    return eg_text_join(holes->arena, pieces.items, pieces.count, holes->at);
}

/* ---- JSON ---- */

/* Holes outside of strings stand for numbers and the like: they get quotes. */
static struct eg_str quote_bare_holes(struct eg_arena *arena, struct eg_str text) {
    struct eg_buf buf;
    eg_buf_init(&buf);
    bool inside = false;
    uint32_t number;
    for (size_t i = 0; i < text.length; i++) {
        if (is_private_at(text, i, &number)) {
            eg_buf_puts(&buf, inside ? "" : "\"");
            eg_buf_add(&buf, text.data + i, EG_HOLE_BYTES);
            eg_buf_puts(&buf, inside ? "" : "\"");
            i += EG_HOLE_BYTES - 1;
            continue;
        }
        if (text.data[i] == '"')
            inside = !inside;
        eg_buf_putc(&buf, text.data[i]);
        if (inside && text.data[i] == '\\' && i + 1 < text.length)
            eg_buf_putc(&buf, text.data[++i]);
    }
    struct eg_str quoted = eg_str_copy(arena, eg_buf_str(&buf));
    eg_buf_done(&buf);
    return quoted;
}

/* The parsed tree with values in place of texts that have holes, all at the text's own place. */
static const struct eg_node *fill_holes(const struct eg_holes *holes, const struct eg_node *node,
                                        unsigned depth) {
    struct eg_node *made = eg_node_new(holes->arena, (enum eg_kind)node->kind, holes->at);
    made->as = node->as;
    if (depth > EG_LIMIT_DEPTH)
        return made;
    if (node->kind == EG_STRING)
        return eg_holes_in(holes, node->as.text) ? eg_holes_node(holes, node->as.text) : made;
    if (node->kind == EG_LIST) {
        struct eg_list_builder list;
        eg_list_begin(&list, holes->arena);
        for (uint32_t i = 0; i < node->as.list.count; i++)
            eg_list_add(&list, fill_holes(holes, node->as.list.items[i], depth + 1));
        made->as.list = eg_list_end(&list);
    }
    if (node->kind == EG_MAP) {
        struct eg_map_builder map;
        eg_map_begin(&map, holes->arena);
        for (uint32_t i = 0; i < node->as.map.count; i++) {
            const struct eg_entry *entry = &node->as.map.items[i];
            eg_map_add(&map, entry->key, holes->at->offset,
                       fill_holes(holes, entry->value, depth + 1), NULL);
        }
        made->as.map = eg_map_end(&map);
    }
    return made;
}

const struct eg_node *eg_holes_json(struct eg_arena *arena, const struct eg_node *value,
                                    const struct eg_node **ret_unknown) {
    if (ret_unknown != NULL)
        *ret_unknown = NULL;
    if (value->kind == EG_MAP || value->kind == EG_LIST)
        return value;
    if (value->kind != EG_STRING && value->kind != EG_PARTIAL) {
        if (ret_unknown != NULL && eg_text_is(value))
            *ret_unknown = value;
        return NULL;
    }
    struct eg_holes holes;
    struct eg_document document;
    struct eg_error error = {0};
    if (!eg_holes_make(&holes, arena, value) ||
        !eg_read_json(arena, EG_STR(""), quote_bare_holes(arena, holes.text), &document, &error)) {
        if (ret_unknown != NULL && value->kind == EG_PARTIAL)
            *ret_unknown = value;
        return NULL;
    }
    return fill_holes(&holes, document.root, 0);
}
