/* Functions of our own, for policies: what can't be decided, and texts against patterns as AWS has
 * them. All of them take text with holes. */
#include "cel/function.h"
#include "node/text.h"

#include <limits.h>
#include <math.h>

/* ---- unknown ---- */

static const struct eg_node *unknown(const struct eg_cel_call *call) {
    struct eg_unknown unknown = {.why = EG_WHY_POLICY,
                                 .name = call->arguments[0]->as.text,
                                 .hint = call->arguments[0]->as.text};
    return eg_node_unknown(call->eval->arena, unknown, NULL);
}

static bool is_open(const struct eg_cel_call *call, const struct eg_node *value) {
    return value->kind == EG_UNKNOWN &&
           eg_scenario_is_open(call->eval->scenario, value->as.unknown);
}

/* An undecided variable is left to the exploring: in each scenario the value is known or isn't. */
static const struct eg_node *known(const struct eg_cel_call *call) {
    const struct eg_node *value = call->arguments[0];
    if (is_open(call, value))
        return eg_cel_derived(call->eval, value);
    for (uint32_t i = 0; value->kind == EG_PARTIAL && i < value->as.list.count; i++)
        if (is_open(call, value->as.list.items[i]))
            return eg_cel_derived(call->eval, value->as.list.items[i]);
    return eg_node_bool(value->kind != EG_UNKNOWN && value->kind != EG_REFERENCE &&
                        value->kind != EG_PARTIAL);
}

/* ---- patterns ---- */

static const struct eg_node *matches_glob(const struct eg_cel_call *call, uint32_t text_argument,
                                          bool nocase) {
    const struct eg_node *text = call->arguments[text_argument];
    const struct eg_node *pattern =
        eg_cel_known(call->eval, call->arguments[text_argument == 0 ? 1 : 0]);
    if (pattern->kind != EG_STRING)
        return eg_cel_derived(call->eval, eg_cel_stop(pattern, text));
    eg_cel_spend(call->eval, pattern->as.text.length / 8);
    enum eg_truth truth = eg_text_matches_glob(text, pattern->as.text, nocase);
    return eg_cel_truth(call->eval, truth, text, NULL);
}

static const struct eg_node *string_glob(const struct eg_cel_call *call) {
    return matches_glob(call, 0, false);
}

static const struct eg_node *iam_matches(const struct eg_cel_call *call) {
    return matches_glob(call, 1, true);
}

/* Shannon's: how many bits each byte of the text tells, if bytes come as often as they do here. */
static const struct eg_node *entropy(const struct eg_cel_call *call) {
    struct eg_str text = call->arguments[0]->as.text;
    uint32_t counts[UCHAR_MAX + 1] = {0};
    for (size_t i = 0; i < text.length; i++)
        counts[(unsigned char)text.data[i]]++;
    double bits = 0.0;
    for (size_t i = 0; i <= UCHAR_MAX; i++)
        if (counts[i] > 0)
            bits -= counts[i] * log2((double)counts[i] / (double)text.length);
    return eg_cel_double(call->eval, text.length == 0 ? 0.0 : bits / (double)text.length);
}

/* ---- ARNs ---- */

/* The parts that an ARN has between its colons; the last one may hold colons itself.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html */
static const struct eg_str arn_parts[] = {
    EG_STR_INIT("partition"), EG_STR_INIT("service"),  EG_STR_INIT("region"),
    EG_STR_INIT("account"),   EG_STR_INIT("resource"),
};
enum { ARN_PARTS = sizeof arn_parts / sizeof *arn_parts };

/* A text at its fifth colon, counted in what is known of it. */
struct arn {
    struct eg_list parts;           /* "arn", partition, service, region, account */
    const struct eg_node *resource; /* the rest, which may have holes and colons */
};

/* Offset of colon number *COUNT in TEXT, *COUNT made smaller by those that came before; SIZE_MAX if
 * there are fewer. */
static size_t find_colon(struct eg_str text, uint32_t *count) {
    for (size_t i = 0; i < text.length; i++)
        if (text.data[i] == ':' && --*count == 0)
            return i;
    return SIZE_MAX;
}

/* The pieces of a text: of a string, itself. */
static struct eg_list pieces_of(const struct eg_node *const *text) {
    return (*text)->kind == EG_PARTIAL ? (*text)->as.list : (struct eg_list){text, 1};
}

/* False: there is no such colon. Else *RET_EXACT: no hole before it may hold a colon. */
static bool split_arn(struct eg_cel_eval *eval, const struct eg_node *text, struct arn *ret,
                      bool *ret_exact) {
    struct eg_list pieces = pieces_of(&text);
    struct eg_list_builder before;
    eg_list_begin(&before, eval->arena);
    uint32_t colons = ARN_PARTS;
    for (uint32_t i = 0; i < pieces.count; i++) {
        struct eg_str known = eg_node_text(pieces.items[i]);
        size_t colon = find_colon(known, &colons);
        if (colon == SIZE_MAX) {
            eg_list_add(&before, pieces.items[i]);
            continue;
        }
        eg_list_add(&before, eg_cel_string(eval, eg_str_slice(known, 0, colon)));
        struct eg_list_builder behind;
        eg_list_begin(&behind, eval->arena);
        eg_list_add(&behind, eg_cel_string(eval, eg_str_from_offset(known, colon + 1)));
        while (++i < pieces.count)
            eg_list_add(&behind, pieces.items[i]);
        ret->resource = eg_text_join(eval->arena, behind.items, behind.count, text);
        ret->parts =
            eg_text_split(eval->arena, eg_text_join(eval->arena, before.items, before.count, text),
                          EG_STR(":"), ret_exact);
        return true;
    }
    return false;
}

/* Is it the text of an ARN? Undecided if it isn't known well enough. */
static enum eg_truth check_arn(struct eg_cel_eval *eval, const struct eg_node *text,
                               struct arn *ret) {
    if (text->kind == EG_UNKNOWN || text->kind == EG_REFERENCE)
        return EG_UNDECIDED;
    bool exact = false;
    if (eg_text_starts_with(text, EG_STR("arn:")) == EG_FALSE)
        return EG_FALSE;
    if (!split_arn(eval, text, ret, &exact))
        return text->kind == EG_STRING ? EG_FALSE : EG_UNDECIDED;
    if (!exact)
        return EG_UNDECIDED;
    bool empty = eg_text_is_empty(ret->parts.items[1]) == EG_TRUE ||
                 eg_text_is_empty(ret->parts.items[2]) == EG_TRUE ||
                 eg_text_is_empty(ret->resource) == EG_TRUE;
    return empty ? EG_FALSE : EG_TRUE;
}

static const struct eg_node *is_arn(const struct eg_cel_call *call) {
    struct arn arn = {0};
    const struct eg_node *text = call->arguments[0];
    return eg_cel_truth(call->eval, check_arn(call->eval, text, &arn), text, NULL);
}

static const struct eg_node *arn_of(const struct eg_cel_call *call) {
    struct eg_cel_eval *eval = call->eval;
    const struct eg_node *text = call->arguments[0];
    struct arn arn = {0};
    enum eg_truth truth = check_arn(eval, text, &arn);
    if (truth == EG_UNDECIDED)
        return eg_cel_truth(eval, truth, text, NULL);
    if (truth == EG_FALSE) {
        struct eg_str shown = eg_cel_show(eval->arena, eval->scenario, text, 100);
        return eg_cel_error(eval, "%.*s is no ARN", EG_STR_ARGS(shown));
    }
    struct eg_map_builder map;
    eg_map_begin(&map, eval->arena);
    for (uint32_t i = 0; i < ARN_PARTS; i++) {
        bool last = i + 1 == ARN_PARTS;
        eg_map_add(&map, arn_parts[i], 0, last ? arn.resource : arn.parts.items[i + 1], NULL);
    }
    return eg_map_node(&map, text);
}

static const struct eg_cel_function policy_functions[] = {
    {"unknown(string) -> dyn", "can't be decided, for that reason: takes part as an unknown value",
     unknown, false, NULL},
    {"known(T) -> bool",
     "is the value known before a deployment: for what is worth saying of known values only", known,
     true, NULL},
    {"string.matchesGlob(string) -> bool",
     "does all of it match the pattern: * is any text, ? any character", string_glob, true, NULL},
    {"string.entropy() -> double",
     "bits of information in a character (Shannon): words have 3 to 4, random keys more", entropy,
     false, NULL},
    {0},
};

static const struct eg_cel_function iam_functions[] = {
    {"iam.matches(string, string) -> bool",
     "does the pattern of a policy (s3:Get*) cover the action; case does not count", iam_matches,
     true, NULL},
    {0},
};

static const struct eg_cel_function arn_functions[] = {
    {"arn(string) -> map(string, string)",
     "the ARN's parts: partition, service, region, account, resource; an error if it is none",
     arn_of, true, NULL},
    {"isARN(string) -> bool", "is the text an ARN", is_arn, true, NULL},
    {0},
};

const struct eg_cel_group eg_cel_policy = {"policy", policy_functions};
const struct eg_cel_group eg_cel_iam = {"iam", iam_functions};
const struct eg_cel_group eg_cel_arn = {"arn", arn_functions};
