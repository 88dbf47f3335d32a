/* Running the cases of rules; see cases.h. Called by `ecsgate test` and by tests.
 *
 * An input that stands in the case is part of the case file's tree: it's resolved as it stands, so
 * results point into the case file. Each case has an arena of its own, reset for the next.
 */
#include "policy/cases.h"

#include "base/buf.h"
#include "base/embedded.h"
#include "base/file.h"
#include "model/shape.h"
#include "policy/expect.h"
#include "policy/keys.h"
#include "policy/library.h"
#include "policy/rule.h"

static const struct eg_key file_keys[] = {
    {"rule", EG_KEY_TEXT, false},
    {"cases", EG_KEY_LIST, true},
    {"anchors", EG_KEY_ANY, false},
    {NULL, EG_KEY_ANY, false},
};

static const struct eg_key case_keys[] = {
    {"name", EG_KEY_TEXT, true},       {"rule", EG_KEY_TEXT, false},
    {"resources", EG_KEY_MAP, false},  {"template", EG_KEY_ANY, false},
    {"templates", EG_KEY_MAP, false},  {"taskDefinition", EG_KEY_MAP, false},
    {"service", EG_KEY_MAP, false},    {"document", EG_KEY_ANY, false},
    {"file", EG_KEY_TEXT, false},      {"files", EG_KEY_TEXTS, false},
    {"parameters", EG_KEY_MAP, false}, {"params", EG_KEY_MAP, false},
    {"region", EG_KEY_TEXT, false},    {"account", EG_KEY_TEXT, false},
    {"expect", EG_KEY_ANY, true},      EG_EXPECTED_KEYS,
    {"source", EG_KEY_TEXTS, false},   {"notes", EG_KEY_TEXTS, false},
    {NULL, EG_KEY_ANY, false},
};

/* The keys of a case that hold its input. */
static const char *const input_keys[] = {"resources", "template", "templates", "taskDefinition",
                                         "service",   "document", "file",      "files"};
enum { INPUT_KEYS = sizeof input_keys / sizeof input_keys[0] };

/* ---- files ---- */

struct file_list {
    struct eg_arena *arena;
    struct eg_str *items;
    uint32_t count, capacity;
};

static void add_file(struct file_list *list, struct eg_str path) {
    if (list->count == list->capacity) {
        uint32_t wanted = list->capacity == 0 ? 64 : list->capacity * 2;
        list->items = eg_arena_grow(list->arena, list->items, list->capacity * sizeof *list->items,
                                    wanted * sizeof *list->items);
        list->capacity = wanted;
    }
    list->items[list->count++] = path;
}

static bool walk(struct file_list *list, struct eg_str folder, int depth, struct eg_error *error) {
    enum { MOST_FOLDERS = 32 };
    struct eg_str *names;
    size_t count;
    if (depth == MOST_FOLDERS || !eg_file_list(list->arena, folder, &names, &count, error))
        return depth == MOST_FOLDERS;
    for (size_t i = 0; i < count; i++) {
        if (names[i].data[0] == '.')
            continue;
        struct eg_str path = eg_file_join(list->arena, folder, names[i]);
        if (eg_library_is_cases(path))
            add_file(list, path);
        else if (eg_file_type(path) == EG_FILE_FOLDER && !walk(list, path, depth + 1, error))
            return false;
    }
    return true;
}

bool eg_cases_find(struct eg_arena *arena, const struct eg_str *paths, uint32_t count,
                   struct eg_str **ret_files, uint32_t *ret_count, struct eg_error *error) {
    struct file_list list = {.arena = arena};
    for (uint32_t i = 0; i < count; i++) {
        enum eg_file_type type = eg_file_type(paths[i]);
        if (type == EG_FILE_FOLDER) {
            if (!walk(&list, paths[i], 0, error)) {
                error->code = EG_ERROR_USAGE;
                return false;
            }
        } else if (type == EG_FILE_REGULAR) {
            add_file(&list, paths[i]);
        } else {
            return eg_error_set(error, EG_ERROR_USAGE, paths[i], 0, 0, "no such file or folder");
        }
    }
    *ret_files = list.items;
    *ret_count = list.count;
    return true;
}

/* ---- one case ---- */

struct running {
    struct eg_case_run *run;
    struct eg_document *document; /* of the case file */
    struct eg_str folder;
    struct eg_arena work; /* of one case */
    struct eg_error *error;
    const struct eg_node *node; /* the case */
    uint32_t end;               /* offset behind it */
    struct eg_input **inputs;
    uint32_t input_count;
};

/* Duplicate keys inside the case: those are part of its input. */
static struct eg_duplicate *duplicates_inside(struct running *running, const struct eg_node *root) {
    struct eg_duplicate *first = NULL, **last = &first;
    for (const struct eg_duplicate *duplicate = running->document->duplicates; duplicate != NULL;
         duplicate = duplicate->next) {
        if (duplicate->second_offset < root->offset || duplicate->second_offset >= running->end)
            continue;
        struct eg_duplicate *copy = EG_NEW(&running->work, struct eg_duplicate);
        *copy = *duplicate;
        copy->next = NULL;
        *last = copy;
        last = &copy->next;
    }
    return first;
}

static bool refuse_input(struct running *running, const struct eg_node *at,
                         const struct eg_error_list *errors) {
    const struct eg_error *first = errors->count > 0 ? errors->items[0] : NULL;
    if (first != NULL && first->line > 0)
        return eg_error_set(running->error, EG_ERROR_USAGE, eg_str_from(first->file), first->line,
                            first->column, "%s", first->text);
    if (first == NULL)
        return eg_keys_fail(running->error, at, "can't use this input: nothing to judge in it");
    return eg_keys_fail(running->error, at, "can't use this input: %s%s%s", first->file,
                        first->file[0] == '\0' ? "" : ": ", first->text);
}

static bool add_document(struct running *running, const struct eg_document *document,
                         struct eg_str stack_name, const struct eg_node *at) {
    struct eg_input *input = EG_NEW(&running->work, struct eg_input);
    struct eg_error_list errors = {0};
    if (!eg_load_document(&running->work, document, stack_name, input, &errors))
        return refuse_input(running, at, &errors);
    running->inputs[running->input_count++] = input;
    return true;
}

/* An input that is a part of the case file, or a text in it. */
static bool add_inline(struct running *running, const struct eg_node *node,
                       struct eg_str stack_name) {
    struct eg_document document;
    if (node->kind == EG_STRING) {
        if (!eg_read(&running->work, running->document->source->name, node->as.text, &document,
                     running->error)) {
            running->error->code = EG_ERROR_USAGE;
            return false;
        }
    } else {
        document = (struct eg_document){.source = running->document->source,
                                        .root = node,
                                        .duplicates = duplicates_inside(running, node)};
    }
    return add_document(running, &document, stack_name, node);
}

/* `resources` is short for a template with nothing else. */
static const struct eg_node *wrapped(struct running *running, const struct eg_node *resources) {
    struct eg_map_builder map;
    eg_map_begin(&map, &running->work);
    (void)eg_map_add(&map, EG_STR("Resources"), resources->offset, resources, NULL);
    return eg_map_node(&map, resources);
}

static bool add_files(struct running *running, const struct eg_node *node) {
    uint32_t count;
    const struct eg_str *names = eg_keys_texts(&running->work, node, &count);
    struct eg_str *paths = EG_NEW_ARRAY(&running->work, struct eg_str, count);
    for (uint32_t i = 0; i < count; i++)
        paths[i] = eg_file_join(&running->work, running->folder, names[i]);
    struct eg_error_list errors = {0};
    struct eg_input_list found = eg_load_find(&running->work, paths, count, &errors);
    running->inputs = EG_NEW_ARRAY(&running->work, struct eg_input *, found.count);
    for (uint32_t i = 0; i < found.count && errors.count == 0; i++) {
        struct eg_input *input = EG_NEW(&running->work, struct eg_input);
        if (!eg_load_input(&running->work, &found.items[i], input, &errors))
            break;
        if (!input->skipped)
            running->inputs[running->input_count++] = input;
    }
    return (errors.count == 0 && running->input_count > 0) || refuse_input(running, node, &errors);
}

static bool add_templates(struct running *running, const struct eg_node *map) {
    running->inputs = EG_NEW_ARRAY(&running->work, struct eg_input *, map->as.map.count);
    for (uint32_t i = 0; i < map->as.map.count; i++)
        if (!add_inline(running, map->as.map.items[i].value, map->as.map.items[i].key))
            return false;
    return true;
}

static bool add_inputs(struct running *running) {
    const char *key = NULL;
    for (size_t i = 0; i < INPUT_KEYS; i++) {
        if (eg_node_get(running->node, eg_str_from(input_keys[i])) == NULL)
            continue;
        if (key != NULL)
            return eg_keys_fail(running->error, running->node,
                                "a case needs one input, found '%s' and '%s'", key, input_keys[i]);
        key = input_keys[i];
    }
    if (key == NULL)
        return eg_keys_fail(running->error, running->node,
                            "a case needs an input: 'resources', 'template', 'taskDefinition', "
                            "'file' …");
    const struct eg_node *input = eg_node_get(running->node, eg_str_from(key));
    if (eg_str_starts_with(eg_str_from(key), EG_STR("file")))
        return add_files(running, input);
    if (eg_str_is(eg_str_from(key), "templates"))
        return add_templates(running, input);
    running->inputs = EG_NEW_ARRAY(&running->work, struct eg_input *, 1);
    if (eg_str_is(eg_str_from(key), "resources"))
        input = wrapped(running, input);
    return add_inline(running, input, EG_STR(""));
}

/* "a,b" of a list, as CloudFormation takes lists. */
static struct eg_str joined(struct eg_arena *arena, const struct eg_node *node) {
    uint32_t count;
    const struct eg_str *texts = eg_keys_texts(arena, node, &count);
    struct eg_str text = count > 0 ? texts[0] : EG_STR("");
    for (uint32_t i = 1; i < count; i++)
        text = eg_str_format(arena, "%.*s,%.*s", EG_STR_ARGS(text), EG_STR_ARGS(texts[i]));
    return text;
}

static struct eg_system *resolve(struct running *running) {
    struct eg_parameter_values values;
    eg_parameters_init(&values, &running->work);
    const struct eg_node *parameters = EG_GET(running->node, "parameters");
    for (uint32_t i = 0; parameters != NULL && i < parameters->as.map.count; i++) {
        const struct eg_entry *entry = &parameters->as.map.items[i];
        const struct eg_node *value =
            eg_node_string(&running->work, joined(&running->work, entry->value), entry->value);
        (void)eg_map_put(&values.values, entry->key, (void *)(uintptr_t)value);
    }
    struct eg_resolve_options options = {
        .parameters = &values,
        .region = eg_keys_text(&running->work, EG_GET(running->node, "region")),
        .account = eg_keys_text(&running->work, EG_GET(running->node, "account")),
    };
    return eg_resolve(&running->work, running->inputs, running->input_count, &options);
}

/* Does the case show an object that the rule doesn't apply to? */
static bool shows_not_applicable(const struct eg_expectations *expectations,
                                 const struct eg_results *results) {
    for (uint32_t i = 0; i < expectations->count; i++)
        if (expectations->items[i].verdict == EG_VERDICT_NOT_APPLICABLE)
            return true;
    return results->count == 0;
}

static void note_case(struct eg_case_run *run, const struct eg_rule *rule,
                      const struct eg_expectations *expectations, const struct eg_results *results,
                      struct eg_case *ran) {
    struct eg_case_coverage *coverage = &run->coverage[rule->number];
    for (uint32_t i = 0; i < results->count; i++)
        ran->verdicts[results->items[i].verdict]++;
    coverage->cases++;
    coverage->passed += ran->verdicts[EG_VERDICT_PASS] > 0;
    coverage->failed += ran->verdicts[EG_VERDICT_FAIL] > 0;
    coverage->unknown += ran->verdicts[EG_VERDICT_UNKNOWN] > 0;
    coverage->not_applicable += shows_not_applicable(expectations, results);
}

static struct eg_case *add_case(struct running *running, const struct eg_rule *rule) {
    struct eg_case_run *run = running->run;
    if (run->count == run->capacity) {
        uint32_t wanted = run->capacity == 0 ? 256 : run->capacity * 2;
        run->cases = eg_arena_grow(run->arena, run->cases, run->capacity * sizeof *run->cases,
                                   wanted * sizeof *run->cases);
        run->capacity = wanted;
    }
    struct eg_case *ran = &run->cases[run->count++];
    *ran = (struct eg_case){
        .name = eg_keys_text(run->arena, EG_GET(running->node, "name")),
        .place = eg_node_place(EG_GET(running->node, "name")),
        .rule = rule,
    };
    return ran;
}

static struct eg_str explanation(struct eg_arena *arena, const struct eg_rule *rule,
                                 struct eg_model *model) {
    struct eg_buf text;
    eg_buf_init(&text);
    eg_judge_explain(rule, model, 0, &text);
    struct eg_str copy = eg_str_copy(arena, eg_buf_str(&text));
    eg_buf_done(&text);
    return copy;
}

/* Judges the case's input by RULE, a copy with the case's params. */
static void judge(struct running *running, struct eg_rule *rule,
                  const struct eg_expectations *expectations, struct eg_case *ran) {
    struct eg_case_run *run = running->run;
    struct eg_system *system = resolve(running);
    eg_shape_check(system, NULL);
    struct eg_model *model = eg_model_build(run->policy->schema, system);
    struct eg_policy one = *run->policy;
    one.rules = &rule;
    one.rule_count = 1;
    const struct eg_judge_options options = {.coverage = run->coverage[rule->number].branches};
    struct eg_results results = eg_judge(&one, model, &options);
    struct eg_failures failures = {.arena = run->arena};
    eg_expect_compare(expectations, rule, model, &results, &failures);
    ran->failures = failures.items;
    ran->failure_count = failures.count;
    run->failed += failures.count > 0;
    if (run->explain && failures.count > 0)
        ran->explanation = explanation(run->arena, rule, model);
    note_case(run, rule, expectations, &results, ran);
}

static bool run_case(struct running *running, struct eg_rule *rule) {
    struct eg_expectations expectations;
    running->input_count = 0;
    eg_arena_reset(&running->work);
    if (!eg_policy_compile(running->run->policy, rule, running->error) ||
        !eg_expect_read(&running->work, running->node, &expectations, running->error) ||
        !add_inputs(running))
        return false;
    struct eg_rule tuned = *rule;
    if (!eg_rule_set_params(&running->work, &tuned, EG_GET(running->node, "params"),
                            running->error))
        return false;
    judge(running, &tuned, &expectations, add_case(running, rule));
    return true;
}

/* ---- a file of cases ---- */

static bool find_rule(const struct running *running, const struct eg_node *name,
                      struct eg_rule **ret_rule) {
    *ret_rule = eg_map_get(&running->run->policy->by_id_or_name, eg_node_text(name));
    if (*ret_rule != NULL)
        return true;
    struct eg_str nearest = eg_policy_nearest(running->run->policy, eg_node_text(name));
    return eg_keys_fail(running->error, name, "there is no rule '%.*s'%.*s",
                        EG_STR_ARGS(eg_node_text(name)),
                        EG_STR_ARGS(eg_keys_hint(running->run->arena, nearest)));
}

/* The rule whose file stands in the same folder: rule.yaml, or X.yaml for X.cases.yaml. NULL if
 * there is none, or several. */
static struct eg_rule *rule_beside(const struct running *running, struct eg_str path) {
    const struct eg_policy *policy = running->run->policy;
    struct eg_rule *found = NULL;
    for (uint32_t i = 0; i < policy->known_count; i++) {
        struct eg_rule *rule = policy->known[i];
        if (!eg_str_equal(eg_file_folder(rule->path), eg_file_folder(path)))
            continue;
        struct eg_str name = eg_file_name(rule->path);
        struct eg_str stem = eg_str_slice(name, 0, eg_str_find_last(name, '.'));
        if (eg_str_starts_with(eg_file_name(path), eg_str_format(running->run->arena, "%.*s.cases.",
                                                                 EG_STR_ARGS(stem))))
            return rule;
        if (found != NULL)
            return NULL;
        found = rule;
    }
    return found;
}

static bool choose_rule(const struct running *running, const struct eg_node *file,
                        struct eg_rule *beside, struct eg_rule **ret_rule) {
    const struct eg_node *name = EG_GET(running->node, "rule");
    if (name == NULL)
        name = EG_GET(file, "rule");
    if (name != NULL)
        return find_rule(running, name, ret_rule);
    *ret_rule = beside;
    return beside != NULL || eg_keys_fail(running->error, running->node,
                                          "which rule is this a case of? There is none beside the "
                                          "file: say 'rule: ID'");
}

/* A key given twice is the input's own affair inside an input, and a mistake elsewhere. */
static bool check_case(const struct running *running, const struct eg_list *cases,
                       uint32_t number) {
    const struct eg_node *node = running->node;
    if (!eg_keys_check(node, case_keys, "a case", running->error) ||
        !eg_keys_once(running->document, node, false, running->error) ||
        !eg_keys_once(running->document, EG_GET(node, "expect"), true, running->error) ||
        !eg_keys_once(running->document, EG_GET(node, "params"), true, running->error) ||
        !eg_keys_once(running->document, EG_GET(node, "parameters"), true, running->error))
        return false;
    const struct eg_node *name = EG_GET(node, "name");
    for (uint32_t i = 0; i < number; i++)
        if (eg_str_equal(eg_node_text(EG_GET(cases->items[i], "name")), eg_node_text(name)))
            return eg_keys_fail(running->error, name, "there is another case '%.*s' in line %u",
                                EG_STR_ARGS(eg_node_text(name)),
                                eg_node_place(cases->items[i]).line);
    return true;
}

static bool run_cases(struct running *running, const struct eg_node *file, struct eg_str path) {
    if (!eg_keys_check(file, file_keys, "a file of cases", running->error) ||
        !eg_keys_once(running->document, file, false, running->error))
        return false;
    const struct eg_list *cases = &EG_GET(file, "cases")->as.list;
    struct eg_rule *beside = rule_beside(running, path), *rule;
    for (uint32_t i = 0; i < cases->count; i++) {
        running->node = cases->items[i];
        running->end = i + 1 < cases->count ? cases->items[i + 1]->offset : UINT32_MAX;
        if (!check_case(running, cases, i) || !choose_rule(running, file, beside, &rule))
            return false;
        const struct eg_case_run *run = running->run;
        bool wanted = eg_policy_selects(run->only, run->only_count, rule);
        if (wanted && !run_case(running, rule))
            return false;
    }
    return true;
}

void eg_cases_init(struct eg_case_run *run, struct eg_arena *arena, struct eg_policy *policy) {
    *run = (struct eg_case_run){.arena = arena, .policy = policy};
    run->coverage = EG_NEW_ARRAY(arena, struct eg_case_coverage, policy->known_count);
    for (uint32_t i = 0; i < policy->known_count; i++)
        run->coverage[policy->known[i]->number].branches = eg_cel_coverage_new(arena);
}

bool eg_cases_run_file(struct eg_case_run *run, struct eg_str path, struct eg_error *error) {
    struct eg_document document;
    if (!eg_read_file(run->arena, path, &document, error)) {
        error->code = EG_ERROR_USAGE;
        return false;
    }
    struct running running = {
        .run = run, .document = &document, .folder = eg_file_folder(path), .error = error};
    eg_arena_init(&running.work);
    bool good = run_cases(&running, document.root, path);
    eg_arena_done(&running.work);
    return good;
}

/* ---- for pages ---- */

const struct eg_node *eg_cases_of_rule(struct eg_arena *arena, const struct eg_rule *rule) {
    struct eg_str path = eg_file_join(arena, eg_file_folder(rule->path), EG_STR("cases.yaml"));
    struct eg_document document;
    struct eg_error error = {0};
    if (!rule->builtin)
        return eg_file_type(path) == EG_FILE_REGULAR && eg_read_file(arena, path, &document, &error)
                   ? document.root
                   : NULL;
    return eg_read_packed(arena, path, eg_embedded_find(eg_str_copy(arena, path).data));
}
