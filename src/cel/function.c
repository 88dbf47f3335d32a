/* Reading signatures, finding overloads by name, and calling the one that fits the arguments.
 * Called by the checker and the evaluator. */
#include "cel/function.h"

#include "cel/macro.h"

#include <ctype.h>
#include <pthread.h>
#include <stdatomic.h>

const struct eg_cel_group *const eg_cel_groups[] = {
    &eg_cel_standard,   &eg_cel_times,  &eg_cel_optionals,
    &eg_cel_strings,    &eg_cel_math,   &eg_cel_lists,
    &eg_cel_kubernetes, &eg_cel_sets,   &eg_cel_encoders,
    &eg_cel_network,    &eg_cel_policy, &eg_cel_iam,
    &eg_cel_arn,        NULL,
};

/* ---- signatures ---- */

/* What precedes the '(' that opens the parameters: `list(T).slice` of `list(T).slice(int, int) ->
 * …`.
 */
static struct eg_str split_signature(struct eg_str text, struct eg_str *ret_parameters) {
    size_t arrow = eg_str_find(text, EG_STR(" -> "), 0);
    size_t depth = 0;
    size_t i = arrow;
    while (i > 0) {
        char c = text.data[--i];
        if (c == ')')
            depth++;
        if (c == '(' && --depth == 0)
            break;
    }
    *ret_parameters = eg_str_slice(text, i + 1, arrow - i - 2);
    return eg_str_slice(text, 0, i);
}

/* Is the word before the last dot a type, and not the first part of a name as in math.abs? */
static bool is_receiver(struct eg_str word) {
    static const char *const types[] = {"string", "bytes", "timestamp", "duration", "list",
                                        "map",    "dyn",   "optional",  "ip",       "cidr"};
    size_t length = 0;
    while (length < word.length && isalpha((unsigned char)word.data[length]))
        length++;
    if (length == 1)
        return true;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (eg_str_is(eg_str_slice(word, 0, length), types[i]))
            return true;
    return false;
}

struct eg_str eg_cel_function_name(const struct eg_cel_function *function, bool *ret_member) {
    struct eg_str parameters;
    struct eg_str head = split_signature(eg_str_from(function->signature), &parameters);
    size_t dot = eg_str_find_last(head, '.');
    /* A global function is written with a leading dot where its first word is a type's too. */
    bool global = head.data[0] == '.';
    if (global)
        head = eg_str_from_offset(head, 1);
    *ret_member = !global && dot != SIZE_MAX && is_receiver(eg_str_slice(head, 0, dot));
    return *ret_member ? eg_str_from_offset(head, dot + 1) : head;
}

/* Which kinds of values a parameter takes. */
static uint32_t kinds_of(const struct eg_cel_type *type) {
    static const uint32_t kinds[] = {
        [EG_CEL_TYPE_NULL] = 1u << EG_NULL,
        [EG_CEL_TYPE_BOOL] = 1u << EG_BOOL,
        [EG_CEL_TYPE_INT] = 1u << EG_INT,
        [EG_CEL_TYPE_UINT] = 1u << EG_UINT,
        [EG_CEL_TYPE_DOUBLE] = 1u << EG_DOUBLE,
        [EG_CEL_TYPE_STRING] = 1u << EG_STRING,
        [EG_CEL_TYPE_BYTES] = 1u << EG_BYTES,
        [EG_CEL_TYPE_TIMESTAMP] = 1u << EG_TIMESTAMP,
        [EG_CEL_TYPE_DURATION] = 1u << EG_DURATION,
        [EG_CEL_TYPE_TYPE] = 1u << EG_TYPE,
        [EG_CEL_TYPE_ADDRESS] = 1u << EG_ADDRESS,
        [EG_CEL_TYPE_NETWORK] = 1u << EG_ADDRESS,
        [EG_CEL_TYPE_LIST] = 1u << EG_LIST,
        [EG_CEL_TYPE_MAP] = 1u << EG_MAP | 1u << EG_PAIRS,
        [EG_CEL_TYPE_OPTIONAL] = 1u << EG_OPTIONAL,
    };
    if (type->kind == EG_CEL_TYPE_PARAMETER && type->parameter == 'N')
        return 1u << EG_INT | 1u << EG_UINT | 1u << EG_DOUBLE;
    if (type->kind == EG_CEL_TYPE_PARAMETER || type->kind == EG_CEL_TYPE_DYN)
        return UINT32_MAX;
    return kinds[type->kind];
}

static void read_overload(struct eg_arena *arena, const struct eg_cel_function *function,
                          struct eg_cel_overload *overload) {
    struct eg_str text = eg_str_from(function->signature);
    struct eg_str rest;
    struct eg_str head = split_signature(text, &rest);
    eg_cel_function_name(function, &overload->member);
    overload->function = function;
    overload->variadic = eg_str_ends_with(rest, EG_STR("..."));
    enum { MOST = 8 };
    overload->parameters = EG_NEW_ARRAY(arena, const struct eg_cel_type *, MOST);
    overload->kinds = EG_NEW_ARRAY(arena, uint32_t, MOST);
    if (overload->member)
        overload->parameters[overload->count++] = eg_cel_type_parse(arena, &head);
    while (rest.length > 0 && rest.data[0] != '.' && overload->count < MOST) {
        overload->parameters[overload->count++] = eg_cel_type_parse(arena, &rest);
        if (rest.length > 0 && rest.data[0] == ',')
            rest = eg_str_from_offset(rest, 1);
    }
    for (uint32_t i = 0; i < overload->count; i++)
        overload->kinds[i] = kinds_of(overload->parameters[i]);
    struct eg_str result = eg_str_from_offset(text, eg_str_find(text, EG_STR(" -> "), 0) + 4);
    overload->result = eg_cel_type_parse(arena, &result);
}

/* ---- finding by name ---- */

/* A name: the functions that have it, and their signatures once somebody asked for them. */
struct named {
    const struct eg_cel_function **functions;
    uint32_t count;
    struct eg_cel_overload *overloads;
};

struct eg_cel_signatures {
    struct eg_arena *arena;
    struct eg_map functions, members; /* to struct named * */
    struct eg_map spaces;             /* what stands before the dot: math */
    pthread_mutex_t lock;             /* while a program that was read is unpacked */
};

static void add_name(struct eg_cel_signatures *signatures, const struct eg_cel_function *function) {
    bool member = false;
    struct eg_str name = eg_cel_function_name(function, &member);
    struct eg_map *map = member ? &signatures->members : &signatures->functions;
    struct named *named = eg_map_get(map, name);
    if (named == NULL) {
        named = EG_NEW(signatures->arena, struct named);
        (void)eg_map_put(map, name, named);
        size_t dot = member ? SIZE_MAX : eg_str_find_last(name, '.');
        if (dot != SIZE_MAX)
            (void)eg_map_put(&signatures->spaces, eg_str_slice(name, 0, dot), named);
    }
    size_t size = named->count * sizeof *named->functions;
    named->functions =
        eg_arena_grow(signatures->arena, named->functions, size, size + sizeof *named->functions);
    named->functions[named->count++] = function;
}

struct eg_cel_signatures *eg_cel_signatures_new(struct eg_arena *arena) {
    struct eg_cel_signatures *signatures = EG_NEW(arena, struct eg_cel_signatures);
    signatures->arena = arena;
    (void)pthread_mutex_init(&signatures->lock,
                             NULL); /* it holds nothing that outlives the arena */
    eg_map_init(&signatures->functions, arena);
    eg_map_init(&signatures->members, arena);
    eg_map_init(&signatures->spaces, arena);
    for (const struct eg_cel_group *const *group = eg_cel_groups; *group != NULL; group++)
        for (const struct eg_cel_function *f = (*group)->functions; f->signature != NULL; f++)
            add_name(signatures, f);
    return signatures;
}

bool eg_cel_function_is_space(const struct eg_cel_signatures *signatures, struct eg_str name) {
    return eg_map_get(&signatures->spaces, name) != NULL;
}

uint32_t eg_cel_function_overloads(struct eg_cel_signatures *signatures, struct eg_str name,
                                   bool member, const struct eg_cel_overload **ret_overloads) {
    struct named *named = eg_map_get(member ? &signatures->members : &signatures->functions, name);
    if (named == NULL)
        return 0;
    if (named->overloads == NULL) {
        named->overloads = EG_NEW_ARRAY(signatures->arena, struct eg_cel_overload, named->count);
        for (uint32_t i = 0; i < named->count; i++)
            read_overload(signatures->arena, named->functions[i], &named->overloads[i]);
    }
    *ret_overloads = named->overloads;
    return named->count;
}

const struct eg_cel_expr *eg_cel_program_root(const struct eg_cel_program *program) {
    const struct eg_cel_expr *root = atomic_load_explicit(&program->root, memory_order_acquire);
    if (root != NULL)
        return root;
    struct eg_cel_signatures *signatures = program->env->signatures;
    (void)pthread_mutex_lock(&signatures->lock);
    root = atomic_load(&program->root);
    if (root == NULL) {
        root = eg_cel_program_unpack(program, signatures->arena);
        /* The one change that a program ever sees; its value was settled when it was written. */
        atomic_store_explicit(&((struct eg_cel_program *)program)->root, root,
                              memory_order_release);
    }
    (void)pthread_mutex_unlock(&signatures->lock);
    return root;
}

bool eg_cel_function_prepare(struct eg_arena *arena, struct eg_cel_expr *expr,
                             struct eg_str *ret_message) {
    const struct eg_cel_function *function = NULL;
    for (uint32_t i = 0; i < expr->overload_count && function == NULL; i++)
        if (expr->overloads[i].count == expr->count && expr->overloads[i].function->prepare != NULL)
            function = expr->overloads[i].function;
    *ret_message = EG_STR("");
    if (function == NULL)
        return true;
    const struct eg_node **constants = EG_NEW_ARRAY(arena, const struct eg_node *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++)
        if (expr->operands[i]->kind == EG_CEL_LITERAL)
            constants[i] = expr->operands[i]->value;
    expr->prepared = function->prepare(arena, constants, expr->count, ret_message);
    return expr->prepared != NULL || ret_message->length == 0;
}

struct eg_str eg_cel_function_nearest(struct eg_str name, bool member) {
    enum { FARTHEST = 3 };
    struct eg_str nearest = EG_STR("");
    unsigned smallest = FARTHEST + 1;
    for (const struct eg_cel_group *const *group = eg_cel_groups; *group != NULL; group++) {
        for (const struct eg_cel_function *f = (*group)->functions; f->signature != NULL; f++) {
            bool is_member = false;
            struct eg_str candidate = eg_cel_function_name(f, &is_member);
            unsigned distance =
                is_member == member ? eg_str_distance(name, candidate, FARTHEST) : FARTHEST + 1;
            if (distance < smallest && distance < candidate.length) {
                smallest = distance;
                nearest = candidate;
            }
        }
    }
    return nearest;
}

/* ---- calls ---- */

/* Does a value fit a parameter? Text that isn't known fits where a string is wanted. */
static bool fits(const struct eg_cel_overload *overload, uint32_t parameter,
                 const struct eg_node *value) {
    enum { TEXT = 1u << EG_UNKNOWN | 1u << EG_PARTIAL | 1u << EG_REFERENCE };
    uint32_t kinds = overload->kinds[parameter];
    if (overload->function->open && (kinds & 1u << EG_STRING) != 0)
        kinds |= TEXT;
    if (overload->function->open)
        kinds |= 1u << EG_UNKNOWN;
    if ((kinds & 1u << value->kind) == 0)
        return false;
    if (value->kind != EG_ADDRESS)
        return true;
    enum eg_cel_type_kind type = overload->parameters[parameter]->kind;
    bool network = value->as.address->prefix >= 0;
    return type != (network ? EG_CEL_TYPE_ADDRESS : EG_CEL_TYPE_NETWORK);
}

static bool fit(const struct eg_cel_overload *overload, const struct eg_node *const *arguments,
                uint32_t count) {
    if (count != overload->count && !(overload->variadic && count > overload->count))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t parameter = i < overload->count ? i : overload->count - 1;
        if (!fits(overload, parameter, arguments[i]))
            return false;
    }
    return true;
}

static const struct eg_node *no_overload(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                         const struct eg_node *const *arguments) {
    struct eg_str list = EG_STR("");
    for (uint32_t i = 0; i < expr->count; i++) {
        struct eg_str type = eg_cel_type_name(arguments[i]);
        list = eg_str_format(eval->arena, "%.*s%s%.*s", EG_STR_ARGS(list), i == 0 ? "" : ", ",
                             EG_STR_ARGS(type));
    }
    return eg_cel_error(eval, "no such overload: %.*s(%.*s)", EG_STR_ARGS(expr->name),
                        EG_STR_ARGS(list));
}

/* What comes of a secret is one. */
static const struct eg_node *keep_secret(struct eg_cel_eval *eval,
                                         const struct eg_node *const *arguments, uint32_t count,
                                         const struct eg_node *result) {
    unsigned flags = 0;
    for (uint32_t i = 0; i < count; i++)
        flags |= arguments[i]->flags;
    if ((flags & EG_FLAG_SECRET) == 0 || (result->kind != EG_STRING && result->kind != EG_BYTES))
        return result;
    struct eg_node *secret = EG_NEW(eval->arena, struct eg_node);
    *secret = *result;
    secret->flags |= EG_FLAG_SECRET;
    return secret;
}

static const struct eg_node *call_overload(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                           const struct eg_cel_overload *overload,
                                           const struct eg_node *const *arguments) {
    struct eg_cel_call call = {eval, arguments, expr->count, expr->prepared};
    const struct eg_node *result = overload->function->call(&call);
    return keep_secret(eval, arguments, expr->count, result);
}

const struct eg_node *eg_cel_function_call(struct eg_cel_eval *eval, const struct eg_cel_expr *expr,
                                           const struct eg_node *const *arguments) {
    const struct eg_node *stop = NULL;
    for (uint32_t i = 0; i < expr->count; i++)
        if (eg_cel_is_stop(arguments[i]))
            stop = eg_cel_stop(stop, arguments[i]);
    if (stop == NULL || stop->kind == EG_UNKNOWN)
        for (uint32_t i = 0; i < expr->overload_count; i++)
            if (expr->overloads[i].function->open &&
                fit(&expr->overloads[i], arguments, expr->count))
                return call_overload(eval, expr, &expr->overloads[i], arguments);
    if (stop != NULL)
        return eg_cel_derived(eval, stop);
    const struct eg_node *small[4];
    const struct eg_node **known =
        expr->count <= 4 ? small : EG_NEW_ARRAY(eval->arena, const struct eg_node *, expr->count);
    for (uint32_t i = 0; i < expr->count; i++) {
        known[i] = eg_cel_known(eval, arguments[i]);
        if (known[i]->kind == EG_UNKNOWN)
            stop = eg_cel_stop(stop, known[i]);
    }
    if (stop != NULL)
        return stop;
    for (uint32_t i = 0; i < expr->overload_count; i++)
        if (!expr->overloads[i].function->open && fit(&expr->overloads[i], known, expr->count))
            return eg_cel_derived(eval, call_overload(eval, expr, &expr->overloads[i], known));
    return no_overload(eval, expr, known);
}

/* ---- the reference page ---- */

static void add_doc(struct eg_arena *arena, struct eg_cel_function_doc **docs, uint32_t *count,
                    struct eg_cel_function_doc doc) {
    *docs = eg_arena_grow(arena, *docs, *count * sizeof **docs, (*count + 1) * sizeof **docs);
    (*docs)[(*count)++] = doc;
}

const struct eg_cel_function_doc *eg_cel_functions(struct eg_arena *arena, uint32_t *ret_count) {
    struct eg_cel_function_doc *docs = NULL;
    uint32_t count = 0;
    for (const struct eg_cel_function *f = eg_cel_operators.functions; f->signature != NULL; f++)
        add_doc(arena, &docs, &count,
                (struct eg_cel_function_doc){eg_cel_operators.name, f->signature, f->doc});
    for (const struct eg_cel_macro_form *form = eg_cel_macro_forms; form->name != NULL; form++)
        add_doc(arena, &docs, &count,
                (struct eg_cel_function_doc){"macros", form->signature, form->doc});
    for (const struct eg_cel_group *const *group = eg_cel_groups; *group != NULL; group++) {
        for (const struct eg_cel_function *f = (*group)->functions; f->signature != NULL; f++) {
            const char *signature = f->signature[0] == '.' ? f->signature + 1 : f->signature;
            add_doc(arena, &docs, &count,
                    (struct eg_cel_function_doc){(*group)->name, signature, f->doc});
        }
    }
    *ret_count = count;
    return docs;
}
