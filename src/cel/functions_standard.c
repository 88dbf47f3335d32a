/* The standard functions but those on times: size, string tests, conversions, types (langdef.md,
 * "List of Standard Definitions"). */
#include "base/utf8.h"
#include "cel/function.h"
#include "cel/number.h"
#include "cel/regex.h"
#include "cel/time.h"
#include "node/text.h"

#include <math.h>

/* ---- size ---- */

static const struct eg_node *size_string(const struct eg_cel_call *call) {
    struct eg_str text = call->arguments[0]->as.text;
    eg_cel_spend(call->eval, text.length / 64);
    return eg_cel_int(call->eval, (int64_t)eg_utf8_count(text));
}

static const struct eg_node *size_bytes(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, (int64_t)call->arguments[0]->as.text.length);
}

static const struct eg_node *size_items(const struct eg_cel_call *call) {
    int64_t sure;
    return eg_cel_size(call->eval, call->arguments[0], &sure);
}

/* ---- string tests ---- */

/* A test of a text that may have holes against one that may not. */
static const struct eg_node *test_text(const struct eg_cel_call *call,
                                       enum eg_truth (*test)(const struct eg_node *,
                                                             struct eg_str)) {
    const struct eg_node *text = call->arguments[0];
    const struct eg_node *part = eg_cel_known(call->eval, call->arguments[1]);
    if (part->kind != EG_STRING)
        return eg_cel_derived(call->eval, eg_cel_stop(part, text));
    if (text->kind == EG_STRING)
        eg_cel_spend(call->eval, text->as.text.length / 64);
    return eg_cel_truth(call->eval, test(text, part->as.text), text, NULL);
}

static const struct eg_node *starts_with(const struct eg_cel_call *call) {
    return test_text(call, eg_text_starts_with);
}

static const struct eg_node *ends_with(const struct eg_cel_call *call) {
    return test_text(call, eg_text_ends_with);
}

static const struct eg_node *contains(const struct eg_cel_call *call) {
    return test_text(call, eg_text_contains);
}

static const void *prepare_matches(struct eg_arena *arena, const struct eg_node *const *arguments,
                                   uint32_t count, struct eg_str *ret_message) {
    const struct eg_node *pattern = arguments[count - 1];
    if (pattern == NULL || pattern->kind != EG_STRING)
        return NULL;
    return eg_cel_regex_compile(arena, pattern->as.text, ret_message);
}

/* A pattern that isn't constant, of a rule's params as a rule: compiled once for the system. A few
 * are kept; a policy that makes up patterns as it goes compiles each anew, and pays for it. */
static const struct eg_cel_regex *compiled(struct eg_cel_eval *eval, struct eg_str pattern,
                                           struct eg_str *ret_message) {
    enum { MOST_KEPT = 200 };
    struct eg_scenario *scenario = eval->scenario;
    const struct eg_cel_regex *regex = eg_map_get(&scenario->patterns, pattern);
    if (regex != NULL)
        return regex;
    (void)eg_cel_spend(eval, 100 + pattern.length * 16);
    bool keep = scenario->patterns.count < MOST_KEPT;
    struct eg_arena *arena = keep ? scenario->lasting : eval->arena;
    regex = eg_cel_regex_compile(arena, pattern, ret_message);
    if (regex != NULL && keep)
        (void)eg_map_put(&scenario->patterns, eg_str_copy(arena, pattern), (void *)regex);
    return regex;
}

static const struct eg_node *matches(const struct eg_cel_call *call) {
    const struct eg_cel_regex *regex = call->prepared;
    struct eg_str message = EG_STR("");
    if (regex == NULL)
        regex = compiled(call->eval, call->arguments[1]->as.text, &message);
    if (regex == NULL)
        return eg_cel_error(call->eval, "%.*s", EG_STR_ARGS(message));
    return eg_cel_regex_match(call->eval, regex, call->arguments[0]->as.text);
}

/* ---- conversions ---- */

static const struct eg_node *same(const struct eg_cel_call *call) {
    return call->arguments[0];
}

static const struct eg_node *out_of_range(const struct eg_cel_call *call, const char *type) {
    struct eg_str text =
        eg_cel_show(call->eval->arena, call->eval->scenario, call->arguments[0], 60);
    return eg_cel_error(call->eval, "%.*s is out of the range of %s", EG_STR_ARGS(text), type);
}

static const struct eg_node *not_text_of(const struct eg_cel_call *call, const char *type) {
    struct eg_str text =
        eg_cel_show(call->eval->arena, call->eval->scenario, call->arguments[0], 60);
    return eg_cel_error(call->eval, "%.*s is no text of a %s", EG_STR_ARGS(text), type);
}

static const struct eg_node *int_from_uint(const struct eg_cel_call *call) {
    uint64_t value = call->arguments[0]->as.unsigned_integer;
    return value > INT64_MAX ? out_of_range(call, "int") : eg_cel_int(call->eval, (int64_t)value);
}

static const struct eg_node *int_from_double(const struct eg_cel_call *call) {
    double value = call->arguments[0]->as.number;
    /* -2^63 itself is refused too, as the specification's conformance cases ask. */
    if (!(value > -9223372036854775808.0 && value < 9223372036854775808.0))
        return out_of_range(call, "int");
    return eg_cel_int(call->eval, (int64_t)value);
}

static const struct eg_node *int_from_string(const struct eg_cel_call *call) {
    int64_t value = 0;
    if (!eg_str_to_int(call->arguments[0]->as.text, &value))
        return not_text_of(call, "int");
    return eg_cel_int(call->eval, value);
}

static const struct eg_node *int_from_timestamp(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, call->arguments[0]->as.time.seconds);
}

static const struct eg_node *uint_from_int(const struct eg_cel_call *call) {
    int64_t value = call->arguments[0]->as.integer;
    return value < 0 ? out_of_range(call, "uint") : eg_cel_uint(call->eval, (uint64_t)value);
}

static const struct eg_node *uint_from_double(const struct eg_cel_call *call) {
    double value = call->arguments[0]->as.number;
    if (!(value >= 0 && value < 18446744073709551616.0))
        return out_of_range(call, "uint");
    return eg_cel_uint(call->eval, (uint64_t)value);
}

static const struct eg_node *uint_from_string(const struct eg_cel_call *call) {
    struct eg_str text = call->arguments[0]->as.text;
    uint64_t value = 0;
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] < '0' || text.data[i] > '9' ||
            __builtin_mul_overflow(value, 10u, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.data[i] - '0'), &value))
            return not_text_of(call, "uint");
    return text.length == 0 ? not_text_of(call, "uint") : eg_cel_uint(call->eval, value);
}

static const struct eg_node *double_from_int(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, (double)call->arguments[0]->as.integer);
}

static const struct eg_node *double_from_uint(const struct eg_cel_call *call) {
    return eg_cel_double(call->eval, (double)call->arguments[0]->as.unsigned_integer);
}

static const struct eg_node *double_from_string(const struct eg_cel_call *call) {
    double value = 0;
    if (!eg_cel_double_parse(call->eval->arena, call->arguments[0]->as.text, &value))
        return not_text_of(call, "double");
    return eg_cel_double(call->eval, value);
}

static const struct eg_node *bool_from_string(const struct eg_cel_call *call) {
    static const char *const yes[] = {"1", "t", "true", "TRUE", "True"};
    static const char *const no[] = {"0", "f", "false", "FALSE", "False"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        if (eg_str_is(call->arguments[0]->as.text, yes[i]))
            return eg_node_bool(true);
        if (eg_str_is(call->arguments[0]->as.text, no[i]))
            return eg_node_bool(false);
    }
    return not_text_of(call, "bool");
}

static const struct eg_node *bytes_from_string(const struct eg_cel_call *call) {
    return eg_cel_bytes(call->eval, call->arguments[0]->as.text);
}

/* Text, also that with holes, is itself. */
static const struct eg_node *string_from_text(const struct eg_cel_call *call) {
    return call->arguments[0];
}

static const struct eg_node *string_from_bool(const struct eg_cel_call *call) {
    return eg_cel_string(call->eval,
                         call->arguments[0]->as.boolean ? EG_STR("true") : EG_STR("false"));
}

static const struct eg_node *string_from_int(const struct eg_cel_call *call) {
    return eg_cel_string(call->eval, eg_str_format(call->eval->arena, "%lld",
                                                   (long long)call->arguments[0]->as.integer));
}

static const struct eg_node *string_from_uint(const struct eg_cel_call *call) {
    return eg_cel_string(
        call->eval, eg_str_format(call->eval->arena, "%llu",
                                  (unsigned long long)call->arguments[0]->as.unsigned_integer));
}

/* As cel-go has it: 100000.0 is '100000', 1000000.0 is '1e+06'. */
static const struct eg_node *string_from_double(const struct eg_cel_call *call) {
    double value = call->arguments[0]->as.number;
    if (isinf(value))
        return eg_cel_string(call->eval, value < 0 ? EG_STR("-Inf") : EG_STR("+Inf"));
    return eg_cel_string(call->eval, eg_cel_double_text(call->eval->arena, value, -4, 5));
}

static const struct eg_node *string_from_bytes(const struct eg_cel_call *call) {
    struct eg_str text = call->arguments[0]->as.text;
    if (eg_utf8_find_invalid(text, 0) != SIZE_MAX)
        return eg_cel_error(call->eval, "invalid UTF-8 in bytes");
    return eg_cel_string(call->eval, text);
}

static const struct eg_node *string_from_timestamp(const struct eg_cel_call *call) {
    return eg_cel_string(call->eval,
                         eg_cel_timestamp_text(call->eval->arena, &call->arguments[0]->as.time));
}

static const struct eg_node *string_from_duration(const struct eg_cel_call *call) {
    return eg_cel_string(call->eval,
                         eg_cel_duration_text(call->eval->arena, &call->arguments[0]->as.time));
}

static const struct eg_node *type_of(const struct eg_cel_call *call) {
    if (call->arguments[0]->kind == EG_UNKNOWN)
        return eg_cel_derived(call->eval, call->arguments[0]);
    return eg_cel_type_value(call->eval, call->arguments[0]);
}

static const struct eg_cel_function functions[] = {
    {"size(string) -> int", "the number of characters (code points)", size_string, false, NULL},
    {"size(bytes) -> int", "the number of bytes", size_bytes, false, NULL},
    {"size(list(T)) -> int", "the number of elements", size_items, false, NULL},
    {"size(map(K, V)) -> int", "the number of entries", size_items, false, NULL},
    {"string.size() -> int", "the number of characters (code points)", size_string, false, NULL},
    {"bytes.size() -> int", "the number of bytes", size_bytes, false, NULL},
    {"list(T).size() -> int", "the number of elements", size_items, false, NULL},
    {"map(K, V).size() -> int", "the number of entries", size_items, false, NULL},
    {"string.startsWith(string) -> bool", "does it begin with that text", starts_with, true, NULL},
    {"string.endsWith(string) -> bool", "does it end with that text", ends_with, true, NULL},
    {"string.contains(string) -> bool", "is that text a part of it", contains, true, NULL},
    {"string.matches(string) -> bool", "does the regular expression (RE2) match a part of it",
     matches, false, prepare_matches},
    {"matches(string, string) -> bool", "the same, called with the text and the expression",
     matches, false, prepare_matches},
    {"int(int) -> int", "itself", same, false, NULL},
    {"int(uint) -> int", "the number as an int", int_from_uint, false, NULL},
    {"int(double) -> int", "the number without what follows the point", int_from_double, false,
     NULL},
    {"int(string) -> int", "the number in decimal digits", int_from_string, false, NULL},
    {"int(timestamp) -> int", "seconds since 1970", int_from_timestamp, false, NULL},
    {"uint(uint) -> uint", "itself", same, false, NULL},
    {"uint(int) -> uint", "the number as a uint", uint_from_int, false, NULL},
    {"uint(double) -> uint", "the number without what follows the point", uint_from_double, false,
     NULL},
    {"uint(string) -> uint", "the number in decimal digits", uint_from_string, false, NULL},
    {"double(double) -> double", "itself", same, false, NULL},
    {"double(int) -> double", "the double nearest to it", double_from_int, false, NULL},
    {"double(uint) -> double", "the double nearest to it", double_from_uint, false, NULL},
    {"double(string) -> double", "the number as text", double_from_string, false, NULL},
    {"bool(bool) -> bool", "itself", same, false, NULL},
    {"bool(string) -> bool", "'true', 't', '1', 'false', 'f', '0' and their capitalized forms",
     bool_from_string, false, NULL},
    {"bytes(bytes) -> bytes", "itself", same, false, NULL},
    {"bytes(string) -> bytes", "the text in UTF-8", bytes_from_string, false, NULL},
    {"string(string) -> string", "itself", string_from_text, true, NULL},
    {"string(bool) -> string", "'true' or 'false'", string_from_bool, false, NULL},
    {"string(int) -> string", "decimal digits", string_from_int, false, NULL},
    {"string(uint) -> string", "decimal digits", string_from_uint, false, NULL},
    {"string(double) -> string", "the shortest text that gives the same double", string_from_double,
     false, NULL},
    {"string(bytes) -> string", "the text that the bytes are in UTF-8", string_from_bytes, false,
     NULL},
    {"string(timestamp) -> string", "as RFC 3339 has it", string_from_timestamp, false, NULL},
    {"string(duration) -> string", "in seconds: '5400s'", string_from_duration, false, NULL},
    {"type(dyn) -> type", "the type of the value", type_of, true, NULL},
    {"dyn(T) -> dyn", "the value, not checked before it is evaluated", same, true, NULL},
    {0},
};

const struct eg_cel_group eg_cel_standard = {"standard", functions};
