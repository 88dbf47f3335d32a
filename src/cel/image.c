/* Programs as bytes; see cel.h. Written when the program is built, for the policies that it
 * carries, and read at its start: so shipped rules need no parsing and no checking then.
 *
 * An expression is its kind, flags, its place in the text and that of its anchor, what its kind
 * needs, and its operands. A name that stands at the anchor is not repeated; types are numbers in
 * the schema; a function is found by its name again, and prepared again for constant arguments.
 */
#include "base/buf.h"
#include "base/number.h"
#include "cel/function.h"

#include <string.h>

enum {
    FLAG_OPTIONAL = 1,
    FLAG_MEMBER = 2,
    FLAG_ROOT = 4,
    FLAG_MARKS = 8,
    FLAG_NAMED = 16,     /* the name follows */
    FLAG_NAME_THERE = 32 /* the name stands at the anchor */
};

/* ---- types, by number ---- */

/* 0: none; then those of the schema; then those that only a variable has (params). One that is not
 * among them counts as none: its fields are then found by name. */
static uint64_t type_number(const struct eg_cel_env *env, const struct eg_type *type) {
    const struct eg_map *types = &env->schema->types;
    for (uint32_t i = 0; type != NULL && i < types->count; i++)
        if (types->entries[i].value == type)
            return 1 + i;
    for (uint32_t i = 0; type != NULL && i < env->variable_count; i++)
        if (env->variables[i].shape.object == type)
            return 1 + types->count + i;
    return 0;
}

static const struct eg_type *type_by_number(const struct eg_cel_env *env, uint64_t number) {
    const struct eg_map *types = &env->schema->types;
    if (number == 0)
        return NULL;
    return number <= types->count ? types->entries[number - 1].value
                                  : env->variables[number - 1 - types->count].shape.object;
}

/* ---- writing ---- */

struct writer {
    struct eg_buf *buf;
    const struct eg_cel_program *program;
};

static void put_text(struct eg_buf *buf, struct eg_str text) {
    eg_number_put(buf, text.length);
    eg_buf_add_str(buf, text);
}

static void put_value(struct eg_buf *buf, const struct eg_node *value) {
    eg_buf_putc(buf, (char)value->kind);
    switch ((enum eg_kind)value->kind) {
    case EG_BOOL:
        eg_number_put(buf, value->as.boolean);
        break;
    case EG_INT:
    case EG_UINT:
    case EG_DOUBLE:
        eg_number_put(buf, value->as.unsigned_integer); /* the bits of each */
        break;
    case EG_STRING:
    case EG_BYTES:
    case EG_TYPE:
        put_text(buf, value->as.text);
        break;
    case EG_LIST:
        eg_number_put(buf, value->as.list.count);
        for (uint32_t i = 0; i < value->as.list.count; i++)
            put_value(buf, value->as.list.items[i]);
        break;
    default: /* null: there are no other constants */
        break;
    }
}

static struct eg_str anchor_text(struct eg_str text, const struct eg_cel_expr *expr) {
    return eg_str_slice(text, expr->anchor, expr->anchor_end - expr->anchor);
}

static unsigned flags_of(const struct writer *writer, const struct eg_cel_expr *expr) {
    unsigned flags = (expr->optional ? FLAG_OPTIONAL : 0u) | (expr->member ? FLAG_MEMBER : 0u) |
                     (expr->root ? FLAG_ROOT : 0u) | (expr->marks != NULL ? FLAG_MARKS : 0u);
    if (expr->name.length == 0)
        return flags;
    bool there = eg_str_equal(expr->name, anchor_text(writer->program->text, expr));
    return flags | (there ? FLAG_NAME_THERE : FLAG_NAMED);
}

static void put_kind(const struct writer *writer, const struct eg_cel_expr *expr) {
    switch ((enum eg_cel_kind)expr->kind) {
    case EG_CEL_LITERAL:
        put_value(writer->buf, expr->value);
        break;
    case EG_CEL_VARIABLE:
    case EG_CEL_LOCAL:
        eg_number_put(writer->buf, expr->number);
        break;
    case EG_CEL_SELECT:
    case EG_CEL_HAS:
        eg_number_put(writer->buf, type_number(writer->program->env, expr->object));
        eg_number_put(writer->buf, expr->field);
        break;
    case EG_CEL_BINARY:
        eg_number_put(writer->buf, expr->op);
        break;
    case EG_CEL_MACRO:
        eg_number_put(writer->buf, expr->op);
        eg_number_put(writer->buf, expr->number);
        put_text(writer->buf, expr->bound[0]);
        put_text(writer->buf, expr->bound[1]);
        break;
    default:
        break;
    }
}

/* The tree's height has a bound. */
static void put_expr(const struct writer *writer, const struct eg_cel_expr *expr) {
    struct eg_buf *buf = writer->buf;
    unsigned flags = flags_of(writer, expr);
    eg_buf_putc(buf, (char)expr->kind);
    eg_buf_putc(buf, (char)flags);
    eg_number_put(buf, expr->start);
    eg_number_put(buf, expr->end - expr->start);
    eg_number_put(buf, expr->anchor);
    eg_number_put(buf, expr->anchor_end - expr->anchor);
    if ((flags & FLAG_NAMED) != 0)
        put_text(buf, expr->name);
    put_kind(writer, expr);
    eg_number_put(buf, expr->count);
    for (uint32_t i = 0; expr->marks != NULL && i < expr->count; i++)
        eg_buf_putc(buf, (char)expr->marks[i]);
    for (uint32_t i = 0; i < expr->count; i++)
        put_expr(writer, expr->operands[i]);
}

/* The text's hash, the number of bytes of the expression, and they. */
void eg_cel_program_write(struct eg_buf *buf, const struct eg_cel_program *program) {
    struct eg_buf expression;
    eg_buf_init(&expression);
    struct writer writer = {&expression, program};
    put_expr(&writer, eg_cel_program_root(program));
    eg_number_put(buf, eg_str_checksum(program->text));
    put_text(buf, eg_buf_str(&expression));
    eg_buf_done(&expression);
}

/* ---- reading ---- */

struct reader {
    struct eg_arena *arena;
    const struct eg_cel_env *env;
    struct eg_str text;
    const unsigned char *at;
};

static struct eg_str take_text(struct reader *reader) {
    size_t length = eg_number_take(&reader->at);
    struct eg_str text = {(const char *)reader->at, length};
    reader->at += length;
    return text;
}

static const struct eg_node *take_value(struct reader *reader);

static struct eg_list take_list(struct reader *reader) {
    uint32_t count = (uint32_t)eg_number_take(&reader->at);
    const struct eg_node **items = EG_NEW_ARRAY(reader->arena, const struct eg_node *, count);
    for (uint32_t i = 0; i < count; i++)
        items[i] = take_value(reader);
    return (struct eg_list){items, count};
}

static const struct eg_node *take_value(struct reader *reader) {
    enum eg_kind kind = *reader->at++;
    struct eg_node *node = NULL;
    switch (kind) {
    case EG_BOOL:
        return eg_node_bool(eg_number_take(&reader->at) != 0);
    case EG_INT:
    case EG_UINT:
    case EG_DOUBLE:
        node = eg_node_new(reader->arena, kind, NULL);
        node->as.unsigned_integer = eg_number_take(&reader->at);
        return node;
    case EG_STRING:
    case EG_BYTES:
    case EG_TYPE:
        node = eg_node_new(reader->arena, kind, NULL);
        node->as.text = take_text(reader);
        return node;
    case EG_LIST:
        node = eg_node_new(reader->arena, kind, NULL);
        node->as.list = take_list(reader);
        return node;
    default:
        return eg_node_null();
    }
}

static void take_bound(struct reader *reader, struct eg_cel_expr *expr) {
    expr->bound = EG_NEW_ARRAY(reader->arena, struct eg_str, 2);
    expr->bound[0] = take_text(reader);
    expr->bound[1] = take_text(reader);
}

static void take_kind(struct reader *reader, struct eg_cel_expr *expr) {
    switch ((enum eg_cel_kind)expr->kind) {
    case EG_CEL_LITERAL:
        expr->value = take_value(reader);
        break;
    case EG_CEL_VARIABLE:
    case EG_CEL_LOCAL:
        expr->number = (uint32_t)eg_number_take(&reader->at);
        break;
    case EG_CEL_SELECT:
    case EG_CEL_HAS:
        expr->object = type_by_number(reader->env, eg_number_take(&reader->at));
        expr->field = (uint32_t)eg_number_take(&reader->at);
        break;
    case EG_CEL_BINARY:
        expr->op = (uint8_t)eg_number_take(&reader->at);
        break;
    case EG_CEL_MACRO:
        expr->op = (uint8_t)eg_number_take(&reader->at);
        expr->number = (uint32_t)eg_number_take(&reader->at);
        take_bound(reader, expr);
        break;
    default:
        break;
    }
}

static void find_function(struct reader *reader, struct eg_cel_expr *expr) {
    struct eg_str message;
    expr->overload_count = eg_cel_function_overloads(reader->env->signatures, expr->name,
                                                     expr->member, &expr->overloads);
    (void)eg_cel_function_prepare(reader->arena, expr, &message);
}

static struct eg_cel_expr *take_expr(struct reader *reader) {
    struct eg_cel_expr head = {.kind = *reader->at++};
    unsigned flags = *reader->at++;
    head.optional = (flags & FLAG_OPTIONAL) != 0;
    head.member = (flags & FLAG_MEMBER) != 0;
    head.root = (flags & FLAG_ROOT) != 0;
    head.start = (uint32_t)eg_number_take(&reader->at);
    head.end = head.start + (uint32_t)eg_number_take(&reader->at);
    head.anchor = (uint32_t)eg_number_take(&reader->at);
    head.anchor_end = head.anchor + (uint32_t)eg_number_take(&reader->at);
    if ((flags & FLAG_NAME_THERE) != 0)
        head.name = anchor_text(reader->text, &head);
    else if ((flags & FLAG_NAMED) != 0)
        head.name = take_text(reader);
    take_kind(reader, &head);
    head.count = (uint32_t)eg_number_take(&reader->at);
    struct eg_cel_expr *expr = eg_cel_expr_new(reader->arena, head.count);
    head.operands = expr->operands;
    *expr = head;
    if ((flags & FLAG_MARKS) != 0)
        expr->marks = EG_NEW_ARRAY(reader->arena, bool, expr->count);
    for (uint32_t i = 0; expr->marks != NULL && i < expr->count; i++)
        expr->marks[i] = *reader->at++ != 0;
    for (uint32_t i = 0; i < expr->count; i++)
        expr->operands[i] = take_expr(reader);
    if (expr->kind == EG_CEL_CALL)
        find_function(reader, expr);
    return expr;
}

const struct eg_cel_expr *eg_cel_program_unpack(const struct eg_cel_program *program,
                                                struct eg_arena *arena) {
    struct reader reader = {arena, program->env, program->text,
                            (const unsigned char *)program->image.data};
    return take_expr(&reader);
}

struct eg_cel_program *eg_cel_program_read(struct eg_arena *arena, const struct eg_cel_env *env,
                                           struct eg_str text, struct eg_str *image) {
    struct reader reader = {.at = (const unsigned char *)image->data};
    if (image->length == 0 || eg_number_take(&reader.at) != eg_str_checksum(text))
        return NULL;
    struct eg_cel_program *program = EG_NEW(arena, struct eg_cel_program);
    *program = (struct eg_cel_program){.text = text,
                                       .image = take_text(&reader),
                                       .env = env,
                                       .type = eg_cel_type_of(EG_CEL_TYPE_DYN)};
    *image = eg_str_from_offset(*image, (size_t)((const char *)reader.at - image->data));
    return program;
}
