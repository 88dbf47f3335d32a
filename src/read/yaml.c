/* The YAML reader: libyaml's events into the tree. Called by read.c and the loaders.
 *
 * libyaml is used for its events only, not for its documents: they expand no aliases, refuse what
 * is legal and lose where things are. Here are checked: the nesting, the expansion of aliases,
 * duplicate keys, a second document. Tags become the long form of intrinsic functions (tag.c),
 * plain scalars get their types (scalar.c).
 *
 * Aliases are resolved by sharing the node, so memory stays small, but who walks the tree sees all
 * of it: that is what EG_LIMIT_ALIAS_NODES and EG_LIMIT_DEPTH bound.
 */
#include "base/map.h"
#include "read/scalar.h"
#include "read/tag.h"
#include "read/tree.h"
#include "read/yaml_fault.h"

#include <string.h>

/* What `&name` stands for. */
struct anchor {
    const struct eg_node *node; /* NULL while it is being read */
    struct eg_str text;         /* a scalar as written, for use as key */
    bool scalar;
    uint32_t height;
    uint64_t nodes; /* in all, with those of aliases inside */
};

/* An open list or map of the text. */
struct level {
    struct anchor *anchor; /* to be filled when it ends; or NULL */
    uint64_t nodes_before;
    bool map;
    bool key_is_next; /* map */
    bool tagged;      /* stands in the map of an intrinsic function, which ends with it */
};

struct reader {
    struct eg_tree tree;
    struct eg_yaml_text text;
    yaml_parser_t parser;
    struct eg_map anchors; /* to struct anchor * */
    struct level levels[EG_LIMIT_DEPTH];
    uint32_t depth;
    bool nothing;         /* the root is a plain scalar without a character */
    uint64_t nodes;       /* so far, aliases expanded */
    uint64_t alias_nodes; /* of these, those that aliases added */
};

/* ---- places ---- */

static size_t mark_offset(struct reader *reader, yaml_mark_t mark) {
    return eg_yaml_text_seek(&reader->text, mark.index);
}

/* An offset in the text given to libyaml as one in the source. */
static uint32_t place(const struct reader *reader, size_t offset) {
    return eg_yaml_text_source(&reader->text, offset);
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_anchor_character(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '-';
}

/* Offset behind blanks, line breaks and comments. */
static size_t skip_blanks(struct eg_str text, size_t i) {
    while (i < text.length && (is_blank(text.data[i]) || text.data[i] == '#')) {
        bool comment = text.data[i] == '#';
        i++;
        while (comment && i < text.length && text.data[i] != '\n' && text.data[i] != '\r')
            i++;
    }
    return i;
}

/* Offset of the value behind the tag and anchor, in either order, that may stand at OFFSET. */
static size_t skip_properties(const struct reader *reader, size_t offset) {
    struct eg_str text = reader->text.text;
    size_t i = offset;
    while (i < text.length && (text.data[i] == '!' || text.data[i] == '&')) {
        bool anchor = text.data[i++] == '&';
        while (i < text.length &&
               (anchor ? is_anchor_character(text.data[i]) : !is_blank(text.data[i])))
            i++;
        i = skip_blanks(text, i);
    }
    return i < text.length ? i : offset;
}

/* ---- anchors ---- */

static struct eg_str from_yaml(const yaml_char_t *text) {
    return eg_str_from((const char *)text);
}

/* An anchor begins; NULL if NAME is. A name may be given again: the last one counts. */
static struct anchor *begin_anchor(struct reader *reader, const yaml_char_t *name) {
    if (name == NULL)
        return NULL;
    struct anchor *anchor = EG_NEW(reader->tree.arena, struct anchor);
    (void)eg_map_put(&reader->anchors, eg_str_copy(reader->tree.arena, from_yaml(name)), anchor);
    return anchor;
}

/* The value added last is the anchor's. */
static void end_anchor(struct reader *reader, struct anchor *anchor, uint64_t nodes_before) {
    if (anchor == NULL)
        return;
    anchor->node = reader->tree.last;
    anchor->height = reader->tree.last_height;
    anchor->nodes = reader->nodes - nodes_before;
}

/* ---- what a value stands in ---- */

static struct level *top(struct reader *reader) {
    return reader->depth == 0 ? NULL : &reader->levels[reader->depth - 1];
}

static bool key_is_next(struct reader *reader) {
    return reader->depth > 0 && top(reader)->map && top(reader)->key_is_next;
}

static void value_is_done(struct reader *reader) {
    if (reader->depth > 0)
        top(reader)->key_is_next = true;
}

static bool add_key(struct reader *reader, struct eg_str key, bool merge, uint32_t offset) {
    if (merge)
        eg_tree_merge_key(&reader->tree, offset);
    else
        eg_tree_key(&reader->tree, key, offset);
    top(reader)->key_is_next = false;
    return true;
}

static bool fail_key(struct reader *reader, size_t offset, const char *found) {
    return eg_tree_fail(&reader->tree, place(reader, offset), "expected text as key, found %s",
                        found);
}

static bool fail_tag(struct reader *reader, size_t offset, struct eg_str tag) {
    /* !has(container.user) was meant as text. */
    bool is_text = eg_str_find(tag, EG_STR("("), 0) != SIZE_MAX;
    return eg_tree_fail(&reader->tree, place(reader, offset),
                        "found tag %.*s, which is no intrinsic function that CloudFormation has%s",
                        (int)(tag.length > 80 ? 80 : tag.length), tag.data,
                        is_text ? "; text that begins with '!' stands in quotes" : "");
}

/* ---- aliases ---- */

static bool count_alias(struct reader *reader, const struct anchor *anchor, uint32_t offset) {
    if (!eg_tree_check_depth(&reader->tree, anchor->height, offset))
        return false;
    reader->nodes += anchor->nodes;
    reader->alias_nodes += anchor->nodes;
    return reader->alias_nodes <= EG_LIMIT_ALIAS_NODES ||
           eg_tree_fail(&reader->tree, offset,
                        "aliases add more than %d values, the most that is "
                        "read",
                        EG_LIMIT_ALIAS_NODES);
}

static bool read_alias(struct reader *reader, const yaml_event_t *event) {
    size_t offset = mark_offset(reader, event->start_mark);
    struct eg_str name = from_yaml(event->data.alias.anchor);
    const struct anchor *anchor = eg_map_get(&reader->anchors, name);
    int shown = (int)(name.length > 80 ? 80 : name.length);
    if (anchor == NULL)
        return eg_tree_fail(&reader->tree, place(reader, offset),
                            "no anchor &%.*s stands before this alias", shown, name.data);
    if (anchor->node == NULL)
        return eg_tree_fail(&reader->tree, place(reader, offset),
                            "alias *%.*s stands in the value that it names", shown, name.data);
    if (key_is_next(reader)) {
        if (!anchor->scalar)
            return fail_key(reader, offset, "an alias of a list or map");
        return add_key(reader, anchor->text, false, place(reader, offset));
    }
    if (!count_alias(reader, anchor, place(reader, offset)))
        return false;
    eg_tree_add(&reader->tree, anchor->node, anchor->height);
    value_is_done(reader);
    return true;
}

/* ---- scalars ---- */

struct scalar {
    struct eg_str text;
    size_t start;  /* of the tag or anchor, if there is one */
    size_t offset; /* of the value */
    bool plain;
    bool quoted;
    enum eg_tag_kind tag;
    struct eg_str function;
};

static void add_text(struct reader *reader, struct eg_str text, size_t offset) {
    struct eg_node *node = eg_tree_node(&reader->tree, EG_STRING, place(reader, offset));
    node->as.text = text;
    eg_tree_add(&reader->tree, node, 0);
    reader->nodes++;
}

/* `!GetAtt Name.Attribute`: a resource's name has no dot, an attribute's may have some. */
static bool add_get_att(struct reader *reader, const struct scalar *scalar) {
    struct eg_tree *tree = &reader->tree;
    if (!eg_tree_open(tree, EG_LIST, place(reader, scalar->offset)))
        return false;
    size_t begin = scalar->offset + (scalar->quoted ? 1 : 0);
    size_t dot = eg_str_find(scalar->text, EG_STR("."), 0);
    add_text(reader, eg_str_slice(scalar->text, 0, dot), scalar->offset);
    if (dot != SIZE_MAX)
        add_text(reader, eg_str_from_offset(scalar->text, dot + 1), begin + dot + 1);
    reader->nodes++;
    return eg_tree_close(tree);
}

/* `!Function text`. The text is text, whatever it looks like. */
static bool add_function(struct reader *reader, const struct scalar *scalar) {
    struct eg_tree *tree = &reader->tree;
    uint32_t offset = place(reader, scalar->start);
    if (!eg_tree_open(tree, EG_MAP, offset))
        return false;
    eg_tree_key(tree, scalar->function, offset);
    if (!eg_str_is(scalar->function, "Fn::GetAtt"))
        add_text(reader, scalar->text, scalar->offset);
    else if (!add_get_att(reader, scalar))
        return false;
    reader->nodes++;
    return eg_tree_close(tree);
}

static void add_plain(struct reader *reader, const struct scalar *scalar) {
    struct eg_node *node = eg_tree_node(&reader->tree, EG_STRING, place(reader, scalar->offset));
    eg_scalar_resolve(reader->tree.arena, scalar->text, node);
    eg_tree_add(&reader->tree, node, 0);
    reader->nodes++;
}

static bool add_scalar(struct reader *reader, const struct scalar *scalar, struct eg_str tag) {
    switch (scalar->tag) {
    case EG_TAG_FUNCTION:
        return add_function(reader, scalar);
    case EG_TAG_TEXT:
        add_text(reader, scalar->text, scalar->offset);
        return true;
    case EG_TAG_RESOLVE:
        add_plain(reader, scalar);
        return true;
    case EG_TAG_NONE:
        if (scalar->plain)
            add_plain(reader, scalar);
        else
            add_text(reader, scalar->text, scalar->offset);
        return true;
    case EG_TAG_MAP:
    case EG_TAG_LIST:
    case EG_TAG_UNKNOWN:
        break;
    }
    return fail_tag(reader, scalar->start, tag);
}

static bool read_key(struct reader *reader, const struct scalar *scalar, struct anchor *anchor) {
    if (scalar->tag == EG_TAG_FUNCTION)
        return fail_key(reader, scalar->start, "an intrinsic function");
    if (anchor != NULL) {
        struct eg_node *node =
            eg_tree_node(&reader->tree, EG_STRING, place(reader, scalar->offset));
        node->as.text = scalar->text;
        *anchor = (struct anchor){.node = node, .text = scalar->text, .scalar = true, .nodes = 1};
    }
    bool merge = scalar->plain && eg_str_is(scalar->text, "<<");
    return add_key(reader, scalar->text, merge, place(reader, scalar->offset));
}

static bool read_scalar(struct reader *reader, const yaml_event_t *event) {
    struct scalar scalar = {.start = mark_offset(reader, event->start_mark)};
    yaml_scalar_style_t style = event->data.scalar.style;
    struct eg_str tag = from_yaml(event->data.scalar.tag);
    bool properties = tag.length > 0 || event->data.scalar.anchor != NULL;
    scalar.text =
        eg_str_copy(reader->tree.arena, (struct eg_str){(const char *)event->data.scalar.value,
                                                        event->data.scalar.length});
    scalar.offset =
        properties && scalar.text.length > 0 ? skip_properties(reader, scalar.start) : scalar.start;
    bool repaired = eg_yaml_text_is_inserted(&reader->text, scalar.offset);
    scalar.plain = (style == YAML_PLAIN_SCALAR_STYLE || repaired) && tag.length == 0;
    scalar.quoted = !repaired && (style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                                  style == YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    scalar.tag = eg_tag_find(tag, &scalar.function);
    reader->nothing = reader->depth == 0 && scalar.plain && scalar.text.length == 0;
    struct anchor *anchor = begin_anchor(reader, event->data.scalar.anchor);
    if (key_is_next(reader))
        return read_key(reader, &scalar, anchor);
    uint64_t nodes_before = reader->nodes;
    if (!add_scalar(reader, &scalar, tag))
        return false;
    end_anchor(reader, anchor, nodes_before);
    if (anchor != NULL && scalar.tag != EG_TAG_FUNCTION) {
        anchor->scalar = true;
        anchor->text = scalar.text;
    }
    value_is_done(reader);
    return true;
}

/* ---- lists and maps ---- */

/* The event that begins a list or map, whichever it is. */
struct start {
    enum eg_kind kind;
    const yaml_char_t *anchor;
    struct eg_str tag;
    size_t offset;
};

static struct start take_start(struct reader *reader, const yaml_event_t *event) {
    struct start start = {.offset = mark_offset(reader, event->start_mark)};
    bool map = event->type == YAML_MAPPING_START_EVENT;
    start.kind = map ? EG_MAP : EG_LIST;
    start.anchor = map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    start.tag = from_yaml(map ? event->data.mapping_start.tag : event->data.sequence_start.tag);
    return start;
}

/* Opens the map of the intrinsic function whose argument begins. */
static bool open_function(struct reader *reader, struct eg_str function, uint32_t offset) {
    if (!eg_tree_open(&reader->tree, EG_MAP, offset))
        return false;
    eg_tree_key(&reader->tree, function, offset);
    reader->nodes++;
    return true;
}

/* `{{ name }}` reads as a map in a map, as its key; it is the mark of many a template language. */
static bool fail_collection_key(struct reader *reader, const struct start *start) {
    struct eg_str text = reader->text.text;
    if (start->kind == EG_MAP && start->offset > 0 && start->offset < text.length &&
        text.data[start->offset] == '{' && text.data[start->offset - 1] == '{')
        return fail_key(reader, start->offset,
                        "a map; put {{…}} in quotes, or fill it in first if it belongs to another "
                        "template language");
    return fail_key(reader, start->offset, start->kind == EG_MAP ? "a map" : "a list");
}

static bool begin_collection(struct reader *reader, const yaml_event_t *event) {
    struct start start = take_start(reader, event);
    if (key_is_next(reader))
        return fail_collection_key(reader, &start);
    struct eg_str function;
    enum eg_tag_kind tag = eg_tag_find(start.tag, &function);
    if (tag == EG_TAG_UNKNOWN || tag == EG_TAG_RESOLVE ||
        tag == (start.kind == EG_MAP ? EG_TAG_LIST : EG_TAG_MAP) ||
        (tag == EG_TAG_TEXT && start.tag.length > 1))
        return fail_tag(reader, start.offset, start.tag);
    struct level level = {.nodes_before = reader->nodes,
                          .map = start.kind == EG_MAP,
                          .key_is_next = true,
                          .tagged = tag == EG_TAG_FUNCTION};
    level.anchor = begin_anchor(reader, start.anchor);
    if (level.tagged && !open_function(reader, function, place(reader, start.offset)))
        return false;
    size_t offset = start.offset;
    if (start.tag.length > 0 || start.anchor != NULL)
        offset = skip_properties(reader, start.offset);
    if (!eg_tree_open(&reader->tree, start.kind, place(reader, offset)))
        return false;
    reader->nodes++;
    reader->levels[reader->depth++] = level;
    return true;
}

static bool end_collection(struct reader *reader) {
    struct level level = reader->levels[--reader->depth];
    if (!eg_tree_close(&reader->tree))
        return false;
    if (level.tagged && !eg_tree_close(&reader->tree))
        return false;
    end_anchor(reader, level.anchor, level.nodes_before);
    value_is_done(reader);
    return true;
}

/* ---- documents ---- */

static bool fail_empty(struct reader *reader) {
    return eg_error_set(reader->tree.error, EG_ERROR_INPUT, reader->tree.source->name, 0, 0,
                        "is empty, expected a YAML document");
}

static bool end_document(struct reader *reader) {
    return !reader->nothing || fail_empty(reader);
}

static bool begin_document(struct reader *reader, const yaml_event_t *event) {
    if (reader->tree.root == NULL)
        return true;
    return eg_tree_fail(&reader->tree, place(reader, mark_offset(reader, event->start_mark)),
                        "a second document begins here, expected end of file");
}

static bool read_event(struct reader *reader, const yaml_event_t *event) {
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return begin_document(reader, event);
    case YAML_DOCUMENT_END_EVENT:
        return end_document(reader);
    case YAML_ALIAS_EVENT:
        return read_alias(reader, event);
    case YAML_SCALAR_EVENT:
        return read_scalar(reader, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return begin_collection(reader, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return end_collection(reader);
    case YAML_STREAM_END_EVENT:
        return reader->tree.root != NULL || fail_empty(reader);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
        break;
    }
    return true;
}

static bool read_stream(struct reader *reader) {
    bool good = true, ended = false;
    while (good && !ended) {
        yaml_event_t event;
        if (!yaml_parser_parse(&reader->parser, &event))
            return eg_yaml_fault_set(&reader->tree, &reader->text, &reader->parser);
        good = read_event(reader, &event);
        ended = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    return good;
}

/* One reading of the text as it is now. *RET_COLON: it failed for what can be repaired. */
static bool read_once(struct reader *reader, bool *ret_colon) {
    reader->depth = 0;
    reader->nothing = false;
    reader->nodes = reader->alias_nodes = 0;
    eg_map_init(&reader->anchors, reader->tree.arena);
    eg_yaml_text_begin(&reader->text, &reader->parser);
    bool good = read_stream(reader);
    *ret_colon = !good && eg_yaml_text_is_colon(&reader->text, &reader->parser);
    yaml_parser_delete(&reader->parser);
    return good;
}

/* TEXT as it is; should libyaml stop at what only needs quotes, with them. */
static bool read_repaired(struct reader *reader, struct eg_arena *arena, struct eg_str name,
                          struct eg_str text, struct eg_error *error) {
    struct eg_error first = {.code = EG_ERROR_NONE};
    bool good = eg_tree_begin(&reader->tree, arena, name, text, &first), colon = false;
    if (good) {
        uint32_t start = eg_tree_start(&reader->tree);
        reader->text =
            (struct eg_yaml_text){.text = eg_str_from_offset(text, start), .start = start};
        good = read_once(reader, &colon);
    }
    if (good)
        return true;
    if (!colon || !eg_yaml_text_repair(arena, &reader->text)) {
        if (error->code == EG_ERROR_NONE)
            *error = first;
        return false;
    }
    eg_tree_done(&reader->tree);
    return eg_tree_begin(&reader->tree, arena, name, text, error) && read_once(reader, &colon);
}

bool eg_read_yaml(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                  struct eg_document *ret_document, struct eg_error *error) {
    struct reader reader;
    bool good = read_repaired(&reader, arena, name, text, error);
    if (good)
        eg_tree_end(&reader.tree, ret_document);
    eg_tree_done(&reader.tree);
    return good;
}
