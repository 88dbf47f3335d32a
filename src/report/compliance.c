/* Collecting what the compliance document says; see compliance.h. Called by markdown.c and html.c.
 */
#include "report/compliance.h"

#include "report/escape.h"
#include "report/result_json.h"

/* ---- lists that grow ---- */

void eg_kept_add(struct eg_arena *arena, struct eg_kept ***items, uint32_t *count,
                 uint32_t *capacity, struct eg_kept *kept) {
    if (*count == *capacity) {
        uint32_t more = *capacity == 0 ? 4 : *capacity * 2;
        *items = eg_arena_grow(arena, *items, *count * sizeof **items, more * sizeof **items);
        *capacity = more;
    }
    (*items)[(*count)++] = kept;
}

void eg_entries_add(struct eg_arena *arena, struct eg_entries_list *list,
                    struct eg_rule_entry *entry) {
    if (list->count == list->capacity) {
        uint32_t more = list->capacity == 0 ? 4 : list->capacity * 2;
        list->items = eg_arena_grow(arena, list->items, list->count * sizeof *list->items,
                                    more * sizeof *list->items);
        list->capacity = more;
    }
    list->items[list->count++] = entry;
}

/* ---- counts and standings ---- */

void eg_counts_add(struct eg_counts *sum, const struct eg_counts *part) {
    for (int i = 0; i < EG_VERDICT_COUNT; i++)
        sum->verdicts[i] += part->verdicts[i];
    for (int i = 0; i < EG_SEVERITY_COUNT; i++) {
        sum->failed[i] += part->failed[i];
        sum->open[i] += part->open[i];
    }
}

enum eg_standing eg_standing_of(const struct eg_counts *counts) {
    uint32_t failed = counts->verdicts[EG_VERDICT_FAIL];
    uint32_t open = counts->verdicts[EG_VERDICT_UNKNOWN];
    return failed > counts->failed[EG_SEVERITY_INFO] ? EG_STANDING_FAIL
           : open > counts->open[EG_SEVERITY_INFO]   ? EG_STANDING_UNKNOWN
           : counts->verdicts[EG_VERDICT_WAIVED] > 0 ? EG_STANDING_WAIVED
           : failed + open > 0                       ? EG_STANDING_ADVICE
           : counts->verdicts[EG_VERDICT_PASS] > 0   ? EG_STANDING_PASS
                                                     : EG_STANDING_NOT_APPLICABLE;
}

/* ---- begin ---- */

struct eg_compliance *eg_compliance_begin(struct eg_arena *arena,
                                          const struct eg_report_options *options) {
    struct eg_compliance *document = EG_NEW(arena, struct eg_compliance);
    const struct eg_policy *policy = options->policy;
    document->arena = arena;
    document->options = options;
    document->title = options->title.length > 0
                          ? options->title
                          : EG_STR("Amazon ECS Best Practices Validation Report");
    document->inputs_end = &document->inputs;
    document->entries = EG_NEW_ARRAY(arena, struct eg_rule_entry, policy->rule_count);
    eg_map_init(&document->by_id, arena);
    eg_map_init(&document->by_fingerprint, arena);
    eg_map_init(&document->hidden, arena);
    for (uint32_t i = 0; i < policy->rule_count; i++) {
        struct eg_rule_entry *entry = &document->entries[i];
        entry->rule = policy->rules[i];
        entry->severity = policy->rules[i]->severity;
        entry->standing = EG_STANDING_NOT_APPLICABLE;
        (void)eg_map_put(&document->by_id, entry->rule->id, entry);
    }
    return document;
}

/* ---- batches ---- */

/* Parameters that a template declares as secrets: their given values are not printed. */
static void note_hidden(struct eg_compliance *document, const struct eg_template *template_) {
    if (eg_node_kind(template_->parameters) != EG_MAP)
        return;
    const struct eg_entries *parameters = &template_->parameters->as.map;
    for (uint32_t i = 0; i < parameters->count; i++) {
        const struct eg_node *no_echo = EG_GET(parameters->items[i].value, "NoEcho");
        if ((eg_node_kind(no_echo) == EG_BOOL && no_echo->as.boolean) ||
            eg_str_equal_nocase(eg_node_text(no_echo), EG_STR("true"))) {
            struct eg_str name = eg_str_copy(document->arena, parameters->items[i].key);
            (void)eg_map_put(&document->hidden, name, document);
        }
    }
}

static void keep_parts(struct eg_compliance *document, struct eg_compliance_input *kept,
                       const struct eg_input *input) {
    struct eg_arena *arena = document->arena;
    kept->parts = EG_NEW_ARRAY(arena, struct eg_compliance_input, input->template_count);
    kept->part_count = input->template_count;
    for (uint32_t i = 0; i < input->template_count; i++) {
        const struct eg_template *template_ = input->templates[i];
        struct eg_str name =
            template_->display_name.length > 0 ? template_->display_name : template_->stack_name;
        kept->parts[i] = (struct eg_compliance_input){
            .path = eg_str_copy(arena, template_->path),
            .kind = eg_str_copy(arena, name),
            .digest = eg_str_copy(arena, eg_str_from(template_->digest)),
        };
        note_hidden(document, template_);
    }
}

static void keep_input(struct eg_compliance *document, const struct eg_input *input) {
    struct eg_compliance_input *kept = EG_NEW(document->arena, struct eg_compliance_input);
    kept->path = eg_str_copy(document->arena, input->path);
    kept->kind = eg_str_from(eg_report_input_kind(input->kind));
    kept->digest = eg_str_copy(document->arena, eg_str_from(input->digest));
    keep_parts(document, kept, input);
    *document->inputs_end = kept;
    document->inputs_end = &kept->next;
}

static void keep_error(struct eg_compliance *document, const struct eg_error *error) {
    if (document->error_count == document->error_capacity) {
        uint32_t more = document->error_capacity == 0 ? 4 : document->error_capacity * 2;
        document->errors = eg_arena_grow(document->arena, document->errors,
                                         document->error_count * sizeof *document->errors,
                                         more * sizeof *document->errors);
        document->error_capacity = more;
    }
    struct eg_error *kept = EG_NEW(document->arena, struct eg_error);
    *kept = *error;
    document->errors[document->error_count++] = kept;
}

/* Where the resource's logical id stands; the finding's own place if the system does not tell. */
static struct eg_place resource_place(const struct eg_system *system,
                                      const struct eg_result *result) {
    for (uint32_t i = 0; system != NULL && i < system->stack_count; i++) {
        if (!eg_str_equal(system->stacks[i]->name, result->stack))
            continue;
        const struct eg_resource *resource =
            eg_map_get(&system->stacks[i]->by_logical_id, result->resource);
        if (resource != NULL && resource->raw != NULL && resource->raw->source != NULL)
            return eg_source_place(resource->raw->source, resource->key_offset);
    }
    return result->place;
}

/* Stacks of the same name, from two files, may have results that are told apart by nothing else:
 * the worst stands for the fingerprint, and each keeps an anchor of its own. */
static void note_fingerprint(struct eg_compliance *document, struct eg_kept *kept) {
    struct eg_str fingerprint = eg_str_from(kept->result.fingerprint);
    const struct eg_kept *other = eg_map_get(&document->by_fingerprint, fingerprint);
    if (other == NULL || other->result.verdict < kept->result.verdict)
        (void)eg_map_put(&document->by_fingerprint, fingerprint, kept);
    if (other != NULL && kept->anchor.length > 0)
        kept->anchor = eg_str_format(document->arena, "%.*s-%u", EG_STR_ARGS(kept->anchor),
                                     document->kept_count);
}

static void keep_result(struct eg_compliance *document, const struct eg_system *system,
                        const struct eg_result *result) {
    struct eg_arena *arena = document->arena;
    struct eg_rule_entry *entry = &document->entries[result->rule->number];
    struct eg_kept *kept = eg_compliance_keep(arena, result);
    kept->resource = resource_place(system, result);
    kept->resource.file = eg_str_equal(kept->resource.file, kept->result.place.file)
                              ? kept->result.place.file
                              : eg_str_copy(arena, kept->resource.file);
    eg_kept_add(arena, &entry->items, &entry->count, &entry->capacity, kept);
    eg_kept_add(arena, &document->kept, &document->kept_count, &document->kept_capacity, kept);
    note_fingerprint(document, kept);
    entry->counts.verdicts[result->verdict]++;
    if (result->verdict == EG_VERDICT_FAIL)
        entry->counts.failed[result->severity]++;
    if (result->verdict == EG_VERDICT_UNKNOWN)
        entry->counts.open[result->severity]++;
}

static void keep_network(struct eg_compliance *document, const struct eg_model *model) {
    uint32_t count;
    struct eg_network_site *sites = eg_network_collect(document->arena, model, &count);
    for (uint32_t i = 0; i < count; i++) {
        if (document->site_count == document->site_capacity) {
            uint32_t more = document->site_capacity == 0 ? 16 : document->site_capacity * 2;
            document->sites = eg_arena_grow(document->arena, document->sites,
                                            document->site_count * sizeof *document->sites,
                                            more * sizeof *document->sites);
            document->site_capacity = more;
        }
        document->sites[document->site_count++] = &sites[i];
    }
}

static void note_waiver(struct eg_compliance *document, const struct eg_waiver *waiver) {
    struct eg_arena *arena = document->arena;
    struct eg_str trouble = eg_waiver_trouble(arena, waiver);
    if (trouble.length == 0)
        return;
    if (document->waiver_note_count == document->waiver_note_capacity) {
        uint32_t count = document->waiver_note_count, more = count == 0 ? 4 : count * 2;
        document->waiver_notes =
            eg_arena_grow(arena, document->waiver_notes, count * sizeof *document->waiver_notes,
                          more * sizeof *document->waiver_notes);
        document->waiver_note_capacity = more;
    }
    struct eg_waiver_note *note = &document->waiver_notes[document->waiver_note_count++];
    *note = (struct eg_waiver_note){waiver->place, trouble};
    note->place.file = eg_str_copy(arena, waiver->place.file);
}

void eg_compliance_add(struct eg_compliance *document, const struct eg_batch *batch) {
    for (uint32_t i = 0; i < batch->input_count; i++)
        if (!batch->inputs[i]->skipped)
            keep_input(document, batch->inputs[i]);
    for (uint32_t i = 0; batch->errors != NULL && i < batch->errors->count; i++)
        keep_error(document, batch->errors->items[i]);
    for (uint32_t i = 0; i < batch->results.count; i++)
        keep_result(document, batch->system, &batch->results.items[i]);
    for (uint32_t i = 0; i < batch->waivers.count; i++)
        note_waiver(document, &batch->waivers.items[i]);
    keep_network(document, batch->model);
}

/* ---- the end ---- */

static void collect_remedies(struct eg_arena *arena, struct eg_rule_entry *entry) {
    struct eg_map seen;
    eg_map_init(&seen, arena);
    entry->remedies = EG_NEW_ARRAY(arena, struct eg_str, entry->counts.verdicts[EG_VERDICT_FAIL]);
    for (uint32_t i = 0; i < entry->count; i++) {
        const struct eg_result *result = &entry->items[i]->result;
        struct eg_str remedy = eg_compliance_remediation(result);
        if (result->verdict == EG_VERDICT_FAIL && remedy.length > 0 &&
            eg_map_put(&seen, remedy, entry) == NULL)
            entry->remedies[entry->remedy_count++] = eg_report_one_line(arena, remedy);
    }
}

static void finish_entry(struct eg_arena *arena, struct eg_rule_entry *entry) {
    collect_remedies(arena, entry);
    entry->standing = eg_standing_of(&entry->counts);
    for (int i = EG_SEVERITY_COUNT - 1; i >= 0; i--)
        if (entry->counts.failed[i] > 0) {
            entry->severity = (enum eg_severity)i;
            return;
        }
}

void eg_compliance_end(struct eg_compliance *document, const struct eg_summary *summary) {
    const struct eg_waivers *waivers = document->options->waivers;
    document->summary = summary;
    for (uint32_t i = 0; waivers != NULL && i < waivers->count; i++)
        note_waiver(document, &waivers->items[i]);
    for (uint32_t i = 0; i < document->options->policy->rule_count; i++)
        finish_entry(document->arena, &document->entries[i]);
    eg_compliance_form(document);
    eg_compliance_mark_network(document);
    eg_compliance_compare(document);
    eg_compliance_trace(document);
    eg_compliance_conclude(document);
}
