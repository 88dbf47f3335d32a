/* Compiling a rule: its expressions, in the order in which they may use each other.
 *
 * Variables are numbered as policy.h says: the object, params, the element of `each`, the lets. A
 * let that mentions the element, itself or through another let, is computed for each element;
 * `each` itself and what it rests on can't see the element. So there are two environments with the
 * same numbers: one without the element (and the lets that hang on it), one with all.
 *
 * Shipped rules were compiled when the program was built (tools/precompile.c): the same way through
 * a rule's expressions then reads each where it would compile it.
 */
#include "policy/keys.h"
#include "policy/rule.h"

#include <stdio.h>
#include <string.h>

struct compiling {
    struct eg_arena *arena;
    struct eg_rule *rule;
    struct eg_error *error;
    struct eg_cel_variable *outside; /* what can't be used yet is refused */
    struct eg_cel_variable *inside;
    struct eg_cel_env outside_env, inside_env;
    bool precompiled;       /* the programs are read … */
    struct eg_str programs; /* … here */
    struct eg_buf *written; /* NULL: nobody wants them */
};

/* ---- which lets hang on the element ---- */

static bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Does EXPRESSION hold NAME as a word that no '.' selects? Inside a literal counts too: that only
 * makes a let be computed more often. */
static bool mentions(struct eg_str expression, struct eg_str name) {
    size_t at = eg_str_find(expression, name, 0);
    while (at != SIZE_MAX) {
        size_t end = at + name.length;
        bool begins =
            at == 0 || (!is_word(expression.data[at - 1]) && expression.data[at - 1] != '.');
        bool ends = end == expression.length || !is_word(expression.data[end]);
        if (begins && ends)
            return true;
        at = eg_str_find(expression, name, at + 1);
    }
    return false;
}

static bool hangs_on_element(const struct eg_rule *rule, uint32_t number, struct eg_str text) {
    if (rule->each_name.length == 0)
        return false;
    if (mentions(text, rule->each_name))
        return true;
    for (uint32_t i = 0; i < number; i++)
        if (rule->lets[i].of_element && mentions(text, rule->lets[i].name))
            return true;
    return false;
}

/* Does any expression of the check's own hang on the element? */
static bool check_hangs_on_element(const struct compiling *compiling,
                                   const struct eg_check *check) {
    static const char *const keys[] = {"when", "assert", "message", "severity", "path"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct eg_node *node = eg_node_get(check->raw, eg_str_from(keys[i]));
        if (node != NULL && hangs_on_element(compiling->rule, compiling->rule->let_count,
                                             eg_keys_text(compiling->arena, node)))
            return true;
    }
    return false;
}

/* ---- expressions ---- */

static const char *wanted_name(enum eg_field_kind wanted) {
    switch (wanted) {
    case EG_FIELD_BOOL:
        return "bool";
    case EG_FIELD_STRING:
        return "string";
    case EG_FIELD_LIST:
        return "a list";
    default:
        return "any";
    }
}

/* Words without any quotes: meant as the text itself. */
static bool is_prose(struct eg_str text) {
    return eg_str_find(text, EG_STR("'"), 0) == SIZE_MAX &&
           eg_str_find(text, EG_STR("\""), 0) == SIZE_MAX;
}

static void add_quotes_hint(struct eg_error *error, const char *what) {
    size_t length = strlen(error->text);
    (void)snprintf(error->text + length, sizeof error->text - length,
                   "\n  '%s' is an expression; text has quotes of its own inside YAML's, as in "
                   "\"'like this'\"",
                   what);
}

/* By reading what was compiled of TEXT before, or by compiling it. */
static bool make_program(struct compiling *compiling, const struct eg_cel_env *env,
                         const struct eg_node *node, struct eg_str text, enum eg_field_kind wanted,
                         const char *what, struct eg_cel_program **ret_program) {
    if (compiling->precompiled) {
        *ret_program = eg_cel_program_read(compiling->arena, env, text, &compiling->programs);
        return *ret_program != NULL ||
               eg_keys_fail(compiling->error, node, "'%s' isn't what was compiled of it", what);
    }
    if (eg_cel_compile(compiling->arena, env, text, node, ret_program, compiling->error))
        return true;
    if (wanted == EG_FIELD_STRING && is_prose(text))
        add_quotes_hint(compiling->error, what);
    return false;
}

/* Compiles the text of NODE (NULL: none, and that is fine), whose value must be WANTED. */
static bool compile(struct compiling *compiling, const struct eg_cel_env *env,
                    const struct eg_node *node, enum eg_field_kind wanted, const char *what,
                    struct eg_cel_program **ret_program) {
    if (node == NULL)
        return true;
    struct eg_cel_program *program;
    struct eg_str text = eg_keys_text(compiling->arena, node);
    if (!make_program(compiling, env, node, text, wanted, what, &program))
        return false;
    if (compiling->written != NULL)
        eg_cel_program_write(compiling->written, program);
    struct eg_shape shape = eg_cel_program_shape(program);
    if (wanted != EG_FIELD_ANY && shape.kind != EG_FIELD_ANY && shape.kind != wanted)
        return eg_cel_fail(compiling->arena, text, node, compiling->error,
                           "'%s' must be %s, but the expression is %.*s", what, wanted_name(wanted),
                           EG_STR_ARGS(eg_cel_program_type(program, compiling->arena)));
    *ret_program = program;
    return true;
}

/* `path`, of a check or else the rule's: steps of a way. */
static bool compile_path(struct compiling *compiling, const struct eg_check *check,
                         struct eg_cel_program **ret_program) {
    const struct eg_node *node = EG_GET(check->raw, "path");
    if (node == NULL)
        node = EG_GET(compiling->rule->raw, "path");
    if (!compile(compiling, &compiling->inside_env, node, EG_FIELD_LIST, "path", ret_program))
        return false;
    if (*ret_program == NULL)
        return true;
    struct eg_shape shape = eg_cel_program_shape(*ret_program);
    if (shape.kind != EG_FIELD_LIST || shape.element == NULL ||
        shape.element->kind == EG_FIELD_ANY ||
        (shape.element->kind == EG_FIELD_OBJECT &&
         eg_str_is(shape.element->object->name, "PathStep")))
        return true;
    return eg_keys_fail(compiling->error, node,
                        "'path' must be list(PathStep), but the expression is %.*s",
                        EG_STR_ARGS(eg_cel_program_type(*ret_program, compiling->arena)));
}

static void define(struct eg_cel_variable *variables, uint32_t number, struct eg_str name,
                   struct eg_shape shape) {
    variables[number] = (struct eg_cel_variable){.name = name, .shape = shape};
}

static void refuse(struct eg_cel_variable *variables, uint32_t number, struct eg_str name,
                   const char *why) {
    variables[number] = (struct eg_cel_variable){.name = name, .refusal = why};
}

static bool compile_let(struct compiling *compiling, uint32_t number) {
    struct eg_let *let = &compiling->rule->lets[number];
    if (!compile(compiling, let->of_element ? &compiling->inside_env : &compiling->outside_env,
                 let->raw, EG_FIELD_ANY, "let", &let->program))
        return false;
    struct eg_shape shape = eg_cel_program_shape(let->program);
    define(compiling->inside, EG_VARIABLE_FIRST_LET + number, let->name, shape);
    if (!let->of_element)
        define(compiling->outside, EG_VARIABLE_FIRST_LET + number, let->name, shape);
    return true;
}

static bool compile_lets(struct compiling *compiling, bool of_element) {
    struct eg_rule *rule = compiling->rule;
    for (uint32_t i = 0; i < rule->let_count; i++) {
        struct eg_let *let = &rule->lets[i];
        if (let->of_element == of_element && !compile_let(compiling, i))
            return false;
    }
    return true;
}

static bool compile_each(struct compiling *compiling) {
    struct eg_rule *rule = compiling->rule;
    const struct eg_node *each = EG_GET(rule->raw, "each");
    if (each == NULL)
        return true;
    if (!compile(compiling, &compiling->outside_env, each->as.map.items[0].value, EG_FIELD_LIST,
                 "each", &rule->each))
        return false;
    struct eg_shape list = eg_cel_program_shape(rule->each);
    struct eg_shape element = {.kind = EG_FIELD_ANY};
    if (list.kind == EG_FIELD_LIST && list.element != NULL)
        element = *list.element;
    define(compiling->inside, EG_VARIABLE_ELEMENT, rule->each_name, element);
    return true;
}

static bool compile_check(struct compiling *compiling, struct eg_check *check) {
    const struct eg_rule *rule = compiling->rule;
    const struct eg_cel_env *env = &compiling->inside_env;
    bool plain = check->raw == rule->raw;
    const struct eg_node *message = EG_GET(check->raw, "message");
    const struct eg_node *severity = plain ? NULL : EG_GET(check->raw, "severity");
    enum eg_severity constant;
    if (eg_severity_parse(eg_keys_text(compiling->arena, severity), &constant))
        severity = NULL;
    /* Set last: a compiled check is one with an assertion. */
    struct eg_cel_program *assertion = NULL;
    if (!compile(compiling, env, plain ? NULL : EG_GET(check->raw, "when"), EG_FIELD_BOOL, "when",
                 &check->when) ||
        !compile(compiling, env, EG_GET(check->raw, "assert"), EG_FIELD_BOOL, "assert",
                 &assertion) ||
        !compile(compiling, env, message != NULL ? message : EG_GET(rule->raw, "message"),
                 EG_FIELD_STRING, "message", &check->message) ||
        !compile(compiling, env, severity, EG_FIELD_STRING, "severity", &check->severity) ||
        !compile_path(compiling, check, &check->path))
        return false;
    if (rule->severity_is_set)
        check->severity = NULL;
    check->assertion = assertion;
    check->of_element = check_hangs_on_element(compiling, check);
    return true;
}

/* ---- params and lets that nobody reads ---- */

static bool reads(const struct eg_cel_program *program, uint32_t variable, struct eg_str field) {
    return program != NULL && eg_cel_program_reads(program, variable, field);
}

static bool is_read(const struct eg_rule *rule, uint32_t variable, struct eg_str field) {
    bool read = reads(rule->when, variable, field) || reads(rule->each, variable, field);
    for (uint32_t i = 0; i < rule->let_count && !read; i++)
        read = reads(rule->lets[i].program, variable, field);
    for (uint32_t i = 0; i < rule->check_count && !read; i++) {
        const struct eg_check *check = &rule->checks[i];
        read = reads(check->when, variable, field) || reads(check->assertion, variable, field) ||
               reads(check->message, variable, field) || reads(check->severity, variable, field) ||
               reads(check->path, variable, field);
    }
    return read;
}

/* Whoever sets such a param would believe that the rule minds it. */
static bool check_params(const struct compiling *compiling) {
    const struct eg_rule *rule = compiling->rule;
    for (uint32_t i = 0; i < rule->param_count; i++) {
        const struct eg_param *param = &rule->param_list[i];
        const struct eg_node *at =
            param->shared ? EG_GET(rule->raw, "shared-params") : EG_GET(rule->raw, "params");
        if (!is_read(rule, EG_VARIABLE_PARAMS, param->name))
            return eg_keys_fail(compiling->error, at, "nothing in rule %.*s reads the param '%.*s'",
                                EG_STR_ARGS(rule->id), EG_STR_ARGS(param->name));
    }
    return true;
}

/* A demand that was thought of and then not made. */
static bool check_lets(const struct compiling *compiling) {
    const struct eg_rule *rule = compiling->rule;
    for (uint32_t i = 0; i < rule->let_count; i++)
        if (!is_read(rule, EG_VARIABLE_FIRST_LET + i, EG_STR("")))
            return eg_keys_fail(compiling->error, rule->lets[i].raw,
                                "nothing in rule %.*s reads the let '%.*s'", EG_STR_ARGS(rule->id),
                                EG_STR_ARGS(rule->lets[i].name));
    return true;
}

/* ---- the rule ---- */

static void begin(struct compiling *compiling, const struct eg_policy *policy) {
    const struct eg_rule *rule = compiling->rule;
    uint32_t count = EG_VARIABLE_FIRST_LET + rule->let_count;
    struct eg_shape object = {.kind = EG_FIELD_OBJECT, .object = rule->type};
    struct eg_shape params = {.kind = EG_FIELD_OBJECT,
                              .object = rule->params_object->as.object->type};
    compiling->outside = EG_NEW_ARRAY(compiling->arena, struct eg_cel_variable, count);
    compiling->inside = EG_NEW_ARRAY(compiling->arena, struct eg_cel_variable, count);
    define(compiling->outside, EG_VARIABLE_OBJECT, rule->type->name, object);
    define(compiling->outside, EG_VARIABLE_PARAMS, EG_STR("params"), params);
    if (rule->each_name.length > 0)
        refuse(compiling->outside, EG_VARIABLE_ELEMENT, rule->each_name,
               "is the element of 'each', which isn't there yet");
    for (uint32_t i = 0; i < rule->let_count; i++)
        refuse(compiling->outside, EG_VARIABLE_FIRST_LET + i, rule->lets[i].name,
               rule->lets[i].of_element
                   ? "hangs on the element of 'each', which isn't there yet"
                   : "comes later or is this very let; a let may use those before it");
    memcpy(compiling->inside, compiling->outside, count * sizeof *compiling->inside);
    for (uint32_t i = 0; i < rule->let_count; i++)
        compiling->inside[EG_VARIABLE_FIRST_LET + i].refusal =
            "comes later or is this very let; a let may use those before it";
    compiling->outside_env = (struct eg_cel_env){.schema = policy->schema,
                                                 .signatures = policy->signatures,
                                                 .variables = compiling->outside,
                                                 .variable_count = count};
    compiling->inside_env = compiling->outside_env;
    compiling->inside_env.variables = compiling->inside;
}

static bool compile_rule(const struct eg_policy *policy, struct eg_rule *rule,
                         struct eg_buf *written, struct eg_error *error) {
    struct eg_arena *arena = policy->arena;
    /* Programs may look into the environment for as long as they live. */
    struct compiling *compiling = EG_NEW(arena, struct compiling);
    *compiling = (struct compiling){.arena = arena,
                                    .rule = rule,
                                    .error = error,
                                    .precompiled = rule->programs.length > 0,
                                    .programs = rule->programs,
                                    .written = written};
    for (uint32_t i = 0; i < rule->let_count; i++)
        rule->lets[i].of_element =
            hangs_on_element(rule, i, eg_keys_text(arena, rule->lets[i].raw));
    begin(compiling, policy);
    if (!compile_lets(compiling, false) || !compile_each(compiling) ||
        !compile_lets(compiling, true) ||
        !compile(compiling, &compiling->outside_env, EG_GET(rule->raw, "when"), EG_FIELD_BOOL,
                 "when", &rule->when))
        return false;
    for (uint32_t i = 0; i < rule->check_count; i++)
        if (!compile_check(compiling, &rule->checks[i]))
            return false;
    /* An expression for the severity is let go where a profile sets another one. */
    return compiling->precompiled || rule->severity_is_set ||
           (check_params(compiling) && check_lets(compiling));
}

bool eg_rule_compile(const struct eg_policy *policy, struct eg_rule *rule, struct eg_error *error) {
    return compile_rule(policy, rule, NULL, error);
}

bool eg_rule_precompile(const struct eg_policy *policy, struct eg_rule *rule, struct eg_buf *buf,
                        struct eg_error *error) {
    return compile_rule(policy, rule, buf, error);
}
