/* Results as JSON, made with cJSON; see result_json.h. Called by json.c, ndjson.c and html.c. */
#include "report/result_json.h"

#include "base/utf8.h"
#include "report/escape.h"
#include "report/excerpt.h"

#include <string.h>

/* ---- cJSON without failures ---- */

static cJSON *checked(cJSON *item) {
    if (item == NULL)
        eg_out_of_memory();
    return item;
}

/* KEY is a literal: not copied. */
void eg_json_add(cJSON *object, const char *key, cJSON *value) {
    if (!cJSON_AddItemToObjectCS(object, key, value))
        eg_out_of_memory();
}

void eg_json_append(cJSON *list, cJSON *value) {
    if (!cJSON_AddItemToArray(list, value))
        eg_out_of_memory();
}

cJSON *eg_json_object(void) {
    return checked(cJSON_CreateObject());
}

cJSON *eg_json_list(void) {
    return checked(cJSON_CreateArray());
}

/* Most texts are short and as they should be: those need no arena. */
cJSON *eg_json_text(struct eg_str text) {
    char small[256];
    if (text.length < sizeof small && eg_utf8_find_invalid(text, 0) == SIZE_MAX &&
        (text.length == 0 || memchr(text.data, '\0', text.length) == NULL)) {
        if (text.length > 0)
            memcpy(small, text.data, text.length);
        small[text.length] = '\0';
        return checked(cJSON_CreateString(small));
    }
    struct eg_arena arena;
    eg_arena_init(&arena);
    cJSON *item = checked(cJSON_CreateString(eg_report_utf8(&arena, text)));
    eg_arena_done(&arena);
    return item;
}

cJSON *eg_json_text_or_null(struct eg_str text) {
    return text.length > 0 ? eg_json_text(text) : checked(cJSON_CreateNull());
}

cJSON *eg_json_number(double number) {
    return checked(cJSON_CreateNumber(number));
}

void eg_json_add_text(cJSON *object, const char *key, struct eg_str text) {
    eg_json_add(object, key, eg_json_text(text));
}

void eg_json_add_text_or_null(cJSON *object, const char *key, struct eg_str text) {
    eg_json_add(object, key, eg_json_text_or_null(text));
}

void eg_json_add_number(cJSON *object, const char *key, double number) {
    eg_json_add(object, key, eg_json_number(number));
}

void eg_json_add_bool(cJSON *object, const char *key, bool value) {
    eg_json_add(object, key, checked(cJSON_CreateBool(value)));
}

void eg_json_write(struct eg_buf *out, cJSON *item) {
    char *text = cJSON_PrintUnformatted(item);
    if (text == NULL)
        eg_out_of_memory();
    eg_report_add_json(out, eg_str_from(text));
    cJSON_free(text);
    cJSON_Delete(item);
}

/* ---- parts of the contract ---- */

static void add_null(cJSON *object, const char *key) {
    eg_json_add(object, key, checked(cJSON_CreateNull()));
}

/* Line and column: null where there is no place inside the file. */
static void add_place(cJSON *object, struct eg_place place) {
    eg_json_add_text_or_null(object, "file", place.file);
    if (place.line == 0) {
        add_null(object, "line");
        add_null(object, "column");
    } else {
        eg_json_add_number(object, "line", place.line);
        eg_json_add_number(object, "column", place.column);
    }
}

static cJSON *evidence_json(const struct eg_evidence *evidence) {
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "expression", evidence->expression);
    eg_json_add_text_or_null(item, "value",
                             eg_excerpt_is_secret(evidence) ? EG_STR("(secret)") : evidence->value);
    eg_json_add_bool(item, "absent", evidence->absent);
    add_place(item, eg_node_place(evidence->at));
    return item;
}

static cJSON *step_json(const struct eg_step *step) {
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "role", step->role);
    eg_json_add_text_or_null(item, "name", step->name);
    eg_json_add_text_or_null(item, "id", step->id);
    eg_json_add_text_or_null(item, "protocol", step->protocol);
    eg_json_add_text_or_null(item, "ports", step->ports);
    eg_json_add_text_or_null(item, "source", step->source);
    add_place(item, eg_node_place(step->at));
    return item;
}

/* What a result tells of its waiver. */
static cJSON *waiver_json(const struct eg_waiver *waiver) {
    cJSON *item = eg_json_object();
    eg_json_add_text_or_null(item, "rule", waiver->rule);
    eg_json_add_text_or_null(item, "owner", waiver->owner);
    eg_json_add_text_or_null(item, "reason", waiver->reason);
    eg_json_add_text_or_null(item, "until", waiver->until);
    eg_json_add_text_or_null(item, "tool", waiver->tool);
    add_place(item, waiver->place);
    return item;
}

cJSON *eg_json_waiver(const struct eg_waiver *waiver) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    cJSON *item = waiver_json(waiver);
    eg_json_add_text_or_null(item, "stack", waiver->stack);
    eg_json_add_text_or_null(item, "resource", waiver->resource);
    eg_json_add_text_or_null(item, "construct", waiver->construct);
    eg_json_add_text_or_null(item, "object", waiver->object);
    eg_json_add_number(item, "used", atomic_load(&waiver->used));
    eg_json_add_text(item, "state", eg_str_from(eg_waiver_state_name(eg_waiver_state(waiver))));
    eg_json_add_text_or_null(item, "trouble", eg_waiver_trouble(&arena, waiver));
    eg_arena_done(&arena);
    return item;
}

static void add_rule(cJSON *item, const struct eg_rule *rule, const struct eg_check *check,
                     enum eg_severity severity, enum eg_verdict verdict) {
    eg_json_add_text(item, "rule", rule->id);
    eg_json_add_text(item, "name", rule->name);
    eg_json_add_text_or_null(item, "check", check != NULL ? check->name : EG_STR(""));
    eg_json_add_text(item, "title",
                     check != NULL && check->title.length > 0 ? check->title : rule->title);
    eg_json_add_text(item, "severity", eg_str_from(eg_severity_name(severity)));
    eg_json_add_text(item, "verdict", eg_str_from(eg_verdict_name(verdict)));
}

static void add_construct(cJSON *item, const struct eg_construct *construct) {
    eg_json_add_text_or_null(item, "constructPath", construct->path);
    if (construct->source_file.length == 0) {
        add_null(item, "source");
        return;
    }
    cJSON *source = eg_json_object();
    eg_json_add_text(source, "file", construct->source_file);
    eg_json_add_number(source, "line", construct->source_line);
    eg_json_add_number(source, "column", construct->source_column);
    eg_json_add(item, "source", source);
}

cJSON *eg_json_result(const struct eg_result *result) {
    cJSON *item = eg_json_object();
    add_rule(item, result->rule, result->check, result->severity, result->verdict);
    eg_json_add_text_or_null(item, "stack", result->stack);
    eg_json_add_text_or_null(item, "resource", result->resource);
    eg_json_add_text_or_null(item, "type", result->type);
    eg_json_add_text_or_null(item, "object", result->object);
    eg_json_add_text_or_null(item, "objectName", result->object_name);
    add_place(item, result->place);
    add_construct(item, &result->construct);
    eg_json_add_text_or_null(item, "message", result->message);
    eg_json_add_text_or_null(item, "reason", result->reason);
    eg_json_add_text_or_null(item, "scenario", result->scenario);
    eg_json_add_text_or_null(item, "condition", result->condition);
    eg_json_add_bool(item, "overridable", result->overridable);
    cJSON *evidence = eg_json_list();
    for (uint32_t i = 0; i < result->evidence_count; i++)
        eg_json_append(evidence, evidence_json(&result->evidence[i]));
    eg_json_add(item, "evidence", evidence);
    cJSON *path = eg_json_list();
    for (uint32_t i = 0; i < result->path_count; i++)
        eg_json_append(path, step_json(&result->path[i]));
    eg_json_add(item, "path", path);
    if (result->waiver != NULL)
        eg_json_add(item, "waiver", waiver_json(result->waiver));
    else
        add_null(item, "waiver");
    eg_json_add_bool(item, "known", result->known);
    eg_json_add_text_or_null(item, "fingerprint", eg_str_from(result->fingerprint));
    return item;
}

cJSON *eg_json_not_applicable(const struct eg_rule *rule) {
    struct eg_result none = {
        .rule = rule, .verdict = EG_VERDICT_NOT_APPLICABLE, .severity = rule->severity};
    return eg_json_result(&none);
}

const char *eg_report_input_kind(enum eg_input_kind kind) {
    switch (kind) {
    case EG_INPUT_TASK_DEFINITION:
        return "task-definition";
    case EG_INPUT_ASSEMBLY:
        return "cdk";
    case EG_INPUT_TEMPLATE:
        break;
    }
    return "cloudformation";
}

static struct eg_str stack_name(const struct eg_template *template_) {
    return template_->display_name.length > 0 ? template_->display_name : template_->stack_name;
}

/* The other files that were judged with the input: an assembly's templates, nested stacks'. */
static cJSON *files_of(const struct eg_input *input) {
    cJSON *files = eg_json_list();
    for (uint32_t i = 0; i < input->template_count; i++) {
        const struct eg_template *template_ = input->templates[i];
        if (eg_str_equal(template_->path, input->path))
            continue;
        cJSON *file = eg_json_object();
        eg_json_add_text(file, "path", template_->path);
        eg_json_add_text_or_null(file, "sha256", eg_str_from(template_->digest));
        eg_json_append(files, file);
    }
    return files;
}

cJSON *eg_json_input(const struct eg_input *input) {
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "path", input->path);
    eg_json_add_text(item, "kind", eg_str_from(eg_report_input_kind(input->kind)));
    eg_json_add_text_or_null(item, "sha256", eg_str_from(input->digest));
    cJSON *stacks = eg_json_list();
    for (uint32_t i = 0; i < input->template_count; i++)
        eg_json_append(stacks, eg_json_text(stack_name(input->templates[i])));
    eg_json_add(item, "stacks", stacks);
    eg_json_add(item, "files", files_of(input));
    return item;
}

cJSON *eg_json_error(const struct eg_error *error) {
    cJSON *item = eg_json_object();
    add_place(item, (struct eg_place){eg_str_from(error->file), error->line, error->column});
    eg_json_add_text(item, "message", eg_str_from(error->text));
    return item;
}

cJSON *eg_json_summary(const struct eg_summary *summary) {
    static const enum eg_verdict order[] = {EG_VERDICT_PASS, EG_VERDICT_FAIL, EG_VERDICT_UNKNOWN,
                                            EG_VERDICT_WAIVED};
    cJSON *item = eg_json_object();
    for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
        eg_json_add_number(item, eg_verdict_name(order[i]), summary->verdicts[order[i]]);
    eg_json_add_number(item, "not-applicable", summary->not_applicable_count);
    eg_json_add_number(item, "inputs", summary->inputs);
    eg_json_add_number(item, "stacks", summary->stacks);
    eg_json_add_number(item, "errors", summary->errors);
    eg_json_add_number(item, "known", summary->known);
    cJSON *failed = eg_json_object(), *unknown = eg_json_object();
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--) {
        const char *name = eg_severity_name((enum eg_severity)i);
        eg_json_add_number(failed, name, summary->failed[i]);
        eg_json_add_number(unknown, name, summary->unknown[i]);
    }
    eg_json_add(item, "failed-by-severity", failed);
    eg_json_add(item, "unknown-by-severity", unknown);
    return item;
}
