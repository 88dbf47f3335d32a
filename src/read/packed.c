/* Trees as bytes, for the files that the program carries; see read.h. Written when the program is
 * built (tools/embed.c), read at its start: lengths come first, so texts aren't looked at.
 *
 *     node = 'n' | 'f' | 't'                   null, false, true
 *          | 'i' number                        an integer, its sign in the lowest bit
 *          | 'd' number                        a double's 64 bits
 *          | 's' text | 'l' count node…        text = length bytes
 *          | 'm' count (text node)…
 *
 * Numbers are those of base/number.h.
 */
#include "base/number.h"
#include "read/read.h"

#include <string.h>

/* ---- writing ---- */

static void put_text(struct eg_buf *buf, struct eg_str text) {
    eg_number_put(buf, text.length);
    eg_buf_add_str(buf, text);
}

static void put_double(struct eg_buf *buf, double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    eg_number_put(buf, bits);
}

/* Read trees only: what JSON can say. Their depth has a bound. */
static void put_node(struct eg_buf *buf, const struct eg_node *node) {
    switch ((enum eg_kind)node->kind) {
    case EG_BOOL:
        eg_buf_putc(buf, node->as.boolean ? 't' : 'f');
        break;
    case EG_INT:
        eg_buf_putc(buf, 'i');
        eg_number_put(buf,
                      (uint64_t)node->as.integer << 1 ^ (node->as.integer < 0 ? UINT64_MAX : 0));
        break;
    case EG_DOUBLE:
        eg_buf_putc(buf, 'd');
        put_double(buf, node->as.number);
        break;
    case EG_STRING:
        eg_buf_putc(buf, 's');
        put_text(buf, node->as.text);
        break;
    case EG_LIST:
        eg_buf_putc(buf, 'l');
        eg_number_put(buf, node->as.list.count);
        for (uint32_t i = 0; i < node->as.list.count; i++)
            put_node(buf, node->as.list.items[i]);
        break;
    case EG_MAP:
        eg_buf_putc(buf, 'm');
        eg_number_put(buf, node->as.map.count);
        for (uint32_t i = 0; i < node->as.map.count; i++) {
            put_text(buf, node->as.map.items[i].key);
            put_node(buf, node->as.map.items[i].value);
        }
        break;
    default:
        eg_buf_putc(buf, 'n');
        break;
    }
}

void eg_write_packed(struct eg_buf *buf, const struct eg_node *node) {
    put_node(buf, node);
}

/* ---- reading ---- */

struct unpacking {
    struct eg_arena *arena;
    struct eg_source *source;
    const unsigned char *at;
};

static struct eg_str take_text(struct unpacking *unpacking) {
    size_t length = eg_number_take(&unpacking->at);
    struct eg_str text = {(const char *)unpacking->at, length};
    unpacking->at += length;
    return text;
}

static const struct eg_node *take_node(struct unpacking *unpacking);

static struct eg_list take_list(struct unpacking *unpacking) {
    uint32_t count = (uint32_t)eg_number_take(&unpacking->at);
    const struct eg_node **items = EG_NEW_ARRAY(unpacking->arena, const struct eg_node *, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = take_node(unpacking);
    return (struct eg_list){items, count};
}

static struct eg_entries take_map(struct unpacking *unpacking) {
    uint32_t count = (uint32_t)eg_number_take(&unpacking->at);
    struct eg_entry *items = eg_entries_new(unpacking->arena, count);
    for (uint32_t i = 0; i < count; i++) {
        items[i].key = take_text(unpacking);
        items[i].value = take_node(unpacking);
    }
    return eg_entries_done(items, count);
}

static struct eg_node *new_node(struct unpacking *unpacking, enum eg_kind kind) {
    struct eg_node *node = eg_node_new(unpacking->arena, kind, NULL);
    node->source = unpacking->source;
    return node;
}

static const struct eg_node *take_node(struct unpacking *unpacking) {
    struct eg_node *node = new_node(unpacking, EG_NULL);
    uint64_t number = 0;
    switch (*unpacking->at++) {
    case 't':
    case 'f':
        node->kind = EG_BOOL;
        node->as.boolean = unpacking->at[-1] == 't';
        break;
    case 'i':
        node->kind = EG_INT;
        number = eg_number_take(&unpacking->at);
        node->as.integer = (int64_t)(number >> 1 ^ (0 - (number & 1)));
        break;
    case 'd':
        node->kind = EG_DOUBLE;
        number = eg_number_take(&unpacking->at);
        memcpy(&node->as.number, &number, sizeof number);
        break;
    case 's':
        node->kind = EG_STRING;
        node->as.text = take_text(unpacking);
        break;
    case 'l':
        node->kind = EG_LIST;
        node->as.list = take_list(unpacking);
        break;
    case 'm':
        node->kind = EG_MAP;
        node->as.map = take_map(unpacking);
        break;
    default:
        break;
    }
    return node;
}

const struct eg_node *eg_read_packed(struct eg_arena *arena, struct eg_str name,
                                     struct eg_str packed) {
    struct unpacking unpacking = {
        .arena = arena,
        .source = eg_source_new(arena, name, EG_STR("")),
        .at = (const unsigned char *)packed.data,
    };
    unpacking.source->shared = true;
    return packed.length == 0 ? NULL : take_node(&unpacking);
}
