/* What became of the findings of an earlier result (JSON, schemas/result.json); see compliance.h.
 * Called by compliance.c. */
#include "report/compliance.h"

#include "report/escape.h"

#include <stdlib.h>

static struct eg_str text_of(const struct eg_node *node, const char *key) {
    return eg_node_text(eg_node_get(node, eg_str_from(key)));
}

const char *eg_outcome_words(enum eg_outcome outcome) {
    static const char *const words[EG_OUTCOME_COUNT] = {
        [EG_OUTCOME_OPEN] = "STILL OPEN", [EG_OUTCOME_UNDECIDED] = "CAN NOT BE DECIDED NOW",
        [EG_OUTCOME_WAIVED] = "WAIVED",   [EG_OUTCOME_PASSES] = "RESOLVED",
        [EG_OUTCOME_GONE] = "RESOLVED",
    };
    return words[outcome];
}

enum eg_standing eg_outcome_standing(enum eg_outcome outcome) {
    static const enum eg_standing standings[EG_OUTCOME_COUNT] = {
        [EG_OUTCOME_OPEN] = EG_STANDING_FAIL,     [EG_OUTCOME_UNDECIDED] = EG_STANDING_UNKNOWN,
        [EG_OUTCOME_WAIVED] = EG_STANDING_WAIVED, [EG_OUTCOME_PASSES] = EG_STANDING_PASS,
        [EG_OUTCOME_GONE] = EG_STANDING_PASS,
    };
    return standings[outcome];
}

/* ---- what stands now where a finding was ---- */

/* What there is today, by rule, stack and resource, and by object as well; each the worst (enum
 * eg_outcome *). */
struct today {
    struct eg_map resources, objects;
};

/* What a result is about, whatever its verdict: a pass has another fingerprint than the failure. */
static struct eg_str resource_key(struct eg_arena *arena, struct eg_str rule, struct eg_str stack,
                                  struct eg_str resource) {
    return eg_str_format(arena, "%.*s\n%.*s\n%.*s", EG_STR_ARGS(rule), EG_STR_ARGS(stack),
                         EG_STR_ARGS(resource));
}

static struct eg_str object_key(struct eg_arena *arena, struct eg_str key, struct eg_str object) {
    return eg_str_format(arena, "%.*s\n%.*s", EG_STR_ARGS(key), EG_STR_ARGS(object));
}

static enum eg_outcome outcome_of(enum eg_verdict verdict) {
    switch (verdict) {
    case EG_VERDICT_FAIL:
        return EG_OUTCOME_OPEN;
    case EG_VERDICT_UNKNOWN:
        return EG_OUTCOME_UNDECIDED;
    case EG_VERDICT_WAIVED:
        return EG_OUTCOME_WAIVED;
    default:
        return EG_OUTCOME_PASSES;
    }
}

static void note_worst(struct eg_arena *arena, struct eg_map *map, struct eg_str key,
                       enum eg_outcome outcome) {
    enum eg_outcome *worst = eg_map_get(map, key);
    if (worst == NULL) {
        worst = EG_NEW(arena, enum eg_outcome);
        *worst = outcome;
        (void)eg_map_put(map, key, worst);
    }
    if (outcome < *worst)
        *worst = outcome;
}

/* A finding that is among the earlier ones speaks for itself, not for another of its object that
 * may be mended. */
static void read_today(struct eg_compliance *document, const struct eg_map *earlier,
                       struct today *ret) {
    struct eg_arena *arena = document->arena;
    eg_map_init(&ret->resources, arena);
    eg_map_init(&ret->objects, arena);
    for (uint32_t i = 0; i < document->kept_count; i++) {
        const struct eg_result *result = &document->kept[i]->result;
        struct eg_str key = resource_key(arena, result->rule->id, result->stack, result->resource);
        enum eg_outcome outcome = eg_map_get(earlier, eg_str_from(result->fingerprint)) != NULL
                                      ? EG_OUTCOME_PASSES
                                      : outcome_of(result->verdict);
        note_worst(arena, &ret->resources, key, outcome);
        note_worst(arena, &ret->objects, object_key(arena, key, result->object), outcome);
    }
}

/* What became of a finding whose fingerprint nothing has today. Resolved is what was judged and
 * holds, or is gone though all was read and judged; anything else is not known. */
static enum eg_outcome outcome_without(const struct eg_compliance *document,
                                       const struct today *today, const struct eg_issue *issue,
                                       struct eg_str stack) {
    struct eg_str key = resource_key(document->arena, issue->rule, stack, issue->resource);
    const enum eg_outcome *resource = eg_map_get(&today->resources, key);
    const enum eg_outcome *object =
        eg_map_get(&today->objects, object_key(document->arena, key, issue->object));
    if (object != NULL)
        return *object;
    if (document->error_count > 0 || eg_map_get(&document->by_id, issue->rule) == NULL)
        return EG_OUTCOME_UNDECIDED;
    if (resource == NULL)
        return EG_OUTCOME_GONE;
    return *resource <= EG_OUTCOME_UNDECIDED ? EG_OUTCOME_UNDECIDED : EG_OUTCOME_PASSES;
}

static struct eg_str place_of(struct eg_arena *arena, const struct eg_node *earlier) {
    const struct eg_node *line = EG_GET(earlier, "line");
    struct eg_str file = text_of(earlier, "file");
    if (eg_node_kind(line) != EG_INT)
        return file;
    return eg_str_format(arena, "%.*s:%lld", EG_STR_ARGS(file), (long long)line->as.integer);
}

static void add_issue(struct eg_compliance *document, const struct today *today,
                      const struct eg_node *earlier) {
    struct eg_issue *issue = &document->issues[document->issue_count];
    struct eg_str message = eg_report_one_line(document->arena, text_of(earlier, "message"));
    const struct eg_kept *now =
        eg_map_get(&document->by_fingerprint, text_of(earlier, "fingerprint"));
    *issue = (struct eg_issue){.rule = text_of(earlier, "rule"),
                               .title = text_of(earlier, "title"),
                               .message = message,
                               .resource = text_of(earlier, "resource"),
                               .object = text_of(earlier, "object"),
                               .place = place_of(document->arena, earlier),
                               .number = document->issue_count++};
    const struct eg_rule_entry *entry = eg_map_get(&document->by_id, issue->rule);
    if (entry != NULL)
        issue->title = entry->rule->title;
    else if (issue->title.length == 0)
        issue->title = issue->rule;
    if (!eg_severity_parse(text_of(earlier, "severity"), &issue->severity))
        issue->severity = EG_SEVERITY_INFO;
    issue->outcome = now != NULL
                         ? outcome_of(now->result.verdict)
                         : outcome_without(document, today, issue, text_of(earlier, "stack"));
    document->resolved_count += issue->outcome >= EG_OUTCOME_PASSES;
}

static int compare_issues(const void *a, const void *b) {
    const struct eg_issue *left = a, *right = b;
    bool resolved = left->outcome >= EG_OUTCOME_PASSES;
    if (resolved != (right->outcome >= EG_OUTCOME_PASSES))
        return resolved ? 1 : -1;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    return left->number < right->number ? -1 : 1;
}

static void add_fresh(struct eg_compliance *document, const struct eg_map *earlier) {
    document->fresh = EG_NEW_ARRAY(document->arena, struct eg_kept *, document->kept_count);
    for (uint32_t i = 0; i < document->kept_count; i++) {
        struct eg_kept *kept = document->kept[i];
        if (kept->result.verdict == EG_VERDICT_FAIL &&
            eg_map_get(earlier, eg_str_from(kept->result.fingerprint)) == NULL)
            document->fresh[document->fresh_count++] = kept;
    }
}

void eg_compliance_compare(struct eg_compliance *document) {
    const struct eg_node *results = EG_GET(document->options->previous, "results");
    if (eg_node_kind(results) != EG_LIST)
        return;
    struct eg_map earlier;
    struct today today;
    eg_map_init(&earlier, document->arena);
    for (uint32_t i = 0; i < results->as.list.count; i++)
        if (eg_node_is_string(EG_GET(results->as.list.items[i], "verdict"), "fail"))
            (void)eg_map_put(&earlier, text_of(results->as.list.items[i], "fingerprint"), document);
    read_today(document, &earlier, &today);
    document->issues = EG_NEW_ARRAY(document->arena, struct eg_issue, results->as.list.count);
    for (uint32_t i = 0; i < results->as.list.count; i++)
        if (eg_node_is_string(EG_GET(results->as.list.items[i], "verdict"), "fail"))
            add_issue(document, &today, results->as.list.items[i]);
    if (document->issue_count > 0)
        qsort(document->issues, document->issue_count, sizeof *document->issues, compare_issues);
    add_fresh(document, &earlier);
}
