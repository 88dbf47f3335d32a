/* string.format(list): cel-spec, doc/extensions/strings.md.
 *
 *   %s any value as text   %d whole numbers       %f %e doubles, with .PRECISION
 *   %b binary              %o octal               %x %X hexadecimal, of strings and bytes too
 *
 * Elements that aren't known make holes in the text. Called by the table of string functions.
 */
#include "cel/format.h"

#include "cel/network.h"
#include "cel/number.h"
#include "cel/time.h"
#include "node/text.h"

#include <limits.h>
#include <math.h>
#include <string.h>

struct formatter {
    const struct eg_cel_call *call;
    struct eg_list_builder pieces; /* finished ones: text and holes */
    char *text;                    /* the one being written */
    size_t length;
    size_t capacity;
    bool secret;
    const struct eg_node *stop;
};

static void put(struct formatter *f, struct eg_str text) {
    if (!eg_cel_spend(f->call->eval, text.length / 64))
        return;
    if (f->length + text.length > f->capacity) {
        size_t larger = (f->length + text.length) * 2 + 64;
        f->text = eg_arena_grow(f->call->eval->arena, f->text, f->capacity, larger);
        f->capacity = larger;
    }
    if (text.length > 0)
        memcpy(f->text + f->length, text.data, text.length);
    f->length += text.length;
}

static void finish_piece(struct formatter *f) {
    struct eg_str text = eg_str_copy(f->call->eval->arena, (struct eg_str){f->text, f->length});
    eg_list_add(&f->pieces, eg_cel_string(f->call->eval, text));
    f->length = 0;
}

static bool fail(struct formatter *f, const char *clause, const struct eg_node *value) {
    struct eg_str type = eg_cel_type_name(value);
    f->stop = eg_cel_error(f->call->eval, "format(): %s, not for %.*s", clause, EG_STR_ARGS(type));
    return false;
}

/* ---- %s ---- */

static bool put_value(struct formatter *f, const struct eg_node *value, int depth);

static bool put_list(struct formatter *f, const struct eg_node *list, int depth) {
    struct eg_cel_items items = eg_cel_items(list);
    put(f, EG_STR("["));
    while (eg_cel_next(f->call->eval, &items)) {
        if (items.maybe) {
            f->stop = items.item;
            return false;
        }
        if (items.index > 0)
            put(f, EG_STR(", "));
        if (!put_value(f, items.item, depth + 1))
            return false;
    }
    put(f, EG_STR("]"));
    return true;
}

/* A key as text, for the order of the entries. */
static const struct eg_node *key_text(struct eg_cel_eval *eval, const struct eg_node *key) {
    switch ((enum eg_kind)key->kind) {
    case EG_BOOL:
        return eg_cel_string(eval, key->as.boolean ? EG_STR("true") : EG_STR("false"));
    case EG_INT:
        return eg_cel_string(eval, eg_str_format(eval->arena, "%lld", (long long)key->as.integer));
    case EG_UINT:
        return eg_cel_string(
            eval, eg_str_format(eval->arena, "%llu", (unsigned long long)key->as.unsigned_integer));
    default:
        return key;
    }
}

/* In the order of the keys' texts. */
static bool put_map(struct formatter *f, const struct eg_node *map, int depth) {
    struct eg_cel_eval *eval = f->call->eval;
    struct eg_list_builder keys;
    struct eg_list_builder order;
    eg_list_begin(&keys, eval->arena);
    eg_list_begin(&order, eval->arena);
    struct eg_cel_items items = eg_cel_items(map);
    while (eg_cel_next(eval, &items)) {
        if (items.maybe) {
            f->stop = items.item;
            return false;
        }
        eg_list_add(&keys, items.key);
        eg_list_add(&order, key_text(eval, items.key));
    }
    const struct eg_node *sorted = eg_cel_sort(eval, eg_list_end(&keys), eg_list_end(&order));
    if (sorted->kind != EG_LIST) {
        f->stop = sorted;
        return false;
    }
    put(f, EG_STR("{"));
    for (uint32_t i = 0; i < sorted->as.list.count; i++) {
        const struct eg_node *key = sorted->as.list.items[i];
        put(f, i == 0 ? EG_STR("") : EG_STR(", "));
        put(f, key_text(eval, key)->as.text);
        put(f, EG_STR(": "));
        if (!put_value(f, eg_cel_lookup(eval, map, key), depth + 1))
            return false;
    }
    put(f, EG_STR("}"));
    return true;
}

static bool put_hole(struct formatter *f, const struct eg_node *value) {
    finish_piece(f);
    eg_list_add(&f->pieces, value);
    return true;
}

static bool put_scalar(struct formatter *f, const struct eg_node *value) {
    struct eg_arena *arena = f->call->eval->arena;
    switch ((enum eg_kind)value->kind) {
    case EG_NULL:
        put(f, EG_STR("null"));
        return true;
    case EG_BOOL:
    case EG_INT:
    case EG_UINT:
        put(f, key_text(f->call->eval, value)->as.text);
        return true;
    case EG_DOUBLE:
        put(f, eg_cel_double_text(arena, value->as.number, INT_MIN, INT_MAX));
        return true;
    case EG_STRING:
    case EG_BYTES:
    case EG_TYPE:
        put(f, value->as.text);
        return true;
    case EG_TIMESTAMP:
        put(f, eg_cel_timestamp_text(arena, &value->as.time));
        return true;
    case EG_DURATION:
        put(f, eg_cel_duration_text(arena, &value->as.time));
        return true;
    case EG_ADDRESS:
        put(f, eg_cel_address_text(arena, value->as.address));
        return true;
    default:
        return fail(f, "%s is for text, numbers, lists, maps and the like", value);
    }
}

static bool put_value(struct formatter *f, const struct eg_node *value, int depth) {
    enum { DEEPEST = 100 };
    f->secret = f->secret || (value->flags & EG_FLAG_SECRET) != 0;
    if (depth > DEEPEST || !eg_cel_spend(f->call->eval, 1)) {
        f->stop = eg_cel_limit_error();
        return false;
    }
    if (value->kind == EG_ERROR) {
        f->stop = value;
        return false;
    }
    if (value->kind == EG_UNKNOWN || value->kind == EG_PARTIAL || value->kind == EG_REFERENCE)
        return put_hole(f, value);
    if (value->kind == EG_LIST)
        return put_list(f, value, depth);
    if (eg_cel_is_map(value))
        return put_map(f, value, depth);
    return put_scalar(f, value);
}

/* ---- numbers ---- */

static void put_based(struct formatter *f, uint64_t value, bool negative, unsigned base,
                      bool upper) {
    const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char out[65];
    size_t i = sizeof out;
    do {
        out[--i] = digits[value % base];
        value /= base;
    } while (value > 0);
    if (negative)
        put(f, EG_STR("-"));
    put(f, (struct eg_str){out + i, sizeof out - i});
}

/* The absolute value of an int or uint. */
static bool magnitude(const struct eg_node *value, uint64_t *ret, bool *ret_negative) {
    *ret_negative = value->kind == EG_INT && value->as.integer < 0;
    if (value->kind == EG_INT)
        *ret = *ret_negative ? 0 - (uint64_t)value->as.integer : (uint64_t)value->as.integer;
    else if (value->kind == EG_UINT)
        *ret = value->as.unsigned_integer;
    return value->kind == EG_INT || value->kind == EG_UINT;
}

static bool put_hexadecimal(struct formatter *f, const struct eg_node *value, bool upper) {
    uint64_t number = 0;
    bool negative = false;
    if (magnitude(value, &number, &negative)) {
        put_based(f, number, negative, 16, upper);
        return true;
    }
    if (value->kind != EG_STRING && value->kind != EG_BYTES)
        return fail(f, "%x is for whole numbers, strings and bytes", value);
    for (size_t i = 0; i < value->as.text.length; i++)
        put(f, eg_str_format(f->call->eval->arena, upper ? "%02X" : "%02x",
                             (unsigned char)value->as.text.data[i]));
    return true;
}

static bool put_whole(struct formatter *f, const struct eg_node *value, char clause) {
    uint64_t number = 0;
    bool negative = false;
    if (clause == 'b' && value->kind == EG_BOOL) {
        put(f, value->as.boolean ? EG_STR("1") : EG_STR("0"));
        return true;
    }
    if (clause == 'd' && value->kind == EG_DOUBLE)
        return put_scalar(f, value);
    if (!magnitude(value, &number, &negative))
        return fail(f,
                    clause == 'b'   ? "%b is for whole numbers and bools"
                    : clause == 'o' ? "%o is for whole numbers"
                                    : "%d is for numbers",
                    value);
    put_based(f, number, negative, clause == 'b' ? 2 : clause == 'o' ? 8 : 10, false);
    return true;
}

static bool put_double(struct formatter *f, const struct eg_node *value, char clause,
                       int precision) {
    double number = value->as.number;
    uint64_t whole = 0;
    bool negative = false;
    if (magnitude(value, &whole, &negative))
        number = negative ? -(double)whole : (double)whole;
    else if (value->kind != EG_DOUBLE)
        return fail(f, clause == 'e' ? "%e is for numbers" : "%f is for numbers", value);
    if (!isfinite(number))
        return put_scalar(f, value);
    put(f, eg_str_format(f->call->eval->arena, clause == 'e' ? "%.*e" : "%.*f", precision, number));
    return true;
}

/* ---- clauses ---- */

/* ".3": the precision; 6 without. */
static int take_precision(struct eg_str format, size_t *i) {
    enum { MOST = 1000 };
    if (*i >= format.length || format.data[*i] != '.')
        return 6;
    int precision = 0;
    for (++*i; *i < format.length && format.data[*i] >= '0' && format.data[*i] <= '9'; ++*i)
        precision = precision > MOST ? precision : precision * 10 + (format.data[*i] - '0');
    return precision < MOST ? precision : MOST;
}

static bool put_clause(struct formatter *f, char clause, int precision,
                       const struct eg_node *value) {
    if (clause == 's')
        return put_value(f, value, 0);
    value = eg_cel_known(f->call->eval, value);
    f->secret = f->secret || (value->flags & EG_FLAG_SECRET) != 0;
    if (value->kind == EG_ERROR) {
        f->stop = value;
        return false;
    }
    if (value->kind == EG_UNKNOWN)
        return put_hole(f, value);
    switch (clause) {
    case 'd':
    case 'b':
    case 'o':
        return put_whole(f, value, clause);
    case 'x':
    case 'X':
        return put_hexadecimal(f, value, clause == 'X');
    default:
        return put_double(f, value, clause, precision);
    }
}

static bool put_next(struct formatter *f, struct eg_str format, size_t *i,
                     struct eg_cel_items *arguments) {
    struct eg_cel_eval *eval = f->call->eval;
    ++*i;
    if (*i < format.length && format.data[*i] == '%') {
        ++*i;
        put(f, EG_STR("%"));
        return true;
    }
    int precision = take_precision(format, i);
    char clause = *i < format.length ? format.data[*i] : '\0';
    ++*i;
    if (clause == '\0' || strchr("sdfebxXo", clause) == NULL) {
        f->stop = eg_cel_error(eval, "format(): there is no clause '%%%.*s'",
                               clause == '\0' ? 0 : 1, &clause);
        return false;
    }
    if (!eg_cel_next(eval, arguments)) {
        f->stop = eg_cel_error(eval, "format(): more clauses than values");
        return false;
    }
    if (arguments->maybe) {
        f->stop = arguments->item;
        return false;
    }
    return put_clause(f, clause, precision, arguments->item);
}

const struct eg_node *eg_cel_format(const struct eg_cel_call *call) {
    struct eg_str format = call->arguments[0]->as.text;
    struct formatter f = {.call = call};
    eg_list_begin(&f.pieces, call->eval->arena);
    struct eg_cel_items arguments = eg_cel_items(call->arguments[1]);
    size_t i = 0;
    while (i < format.length) {
        size_t percent = eg_str_find(format, EG_STR("%"), i);
        size_t end = percent == SIZE_MAX ? format.length : percent;
        put(&f, eg_str_slice(format, i, end - i));
        i = end;
        if (i < format.length && !put_next(&f, format, &i, &arguments))
            return f.stop;
    }
    if (!eg_cel_spend(call->eval, 0))
        return eg_cel_limit_error();
    finish_piece(&f);
    const struct eg_node *text = eg_text_join(call->eval->arena, f.pieces.items, f.pieces.count,
                                              f.pieces.items[f.pieces.count - 1]);
    if (!f.secret || text->kind != EG_STRING)
        return text;
    struct eg_node *secret = EG_NEW(call->eval->arena, struct eg_node);
    *secret = *text;
    secret->flags |= EG_FLAG_SECRET;
    return secret;
}
