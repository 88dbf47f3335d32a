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

/* What a result is about, whatever its verdict: a pass has another fingerprint than the failure. */
static struct eg_str subject_key(struct eg_arena *arena, struct eg_str rule, struct eg_str stack,
                                 struct eg_str resource) {
    return eg_str_format(arena, "%.*s\n%.*s\n%.*s", EG_STR_ARGS(rule), EG_STR_ARGS(stack),
                         EG_STR_ARGS(resource));
}

static enum eg_outcome outcome_of(const struct eg_kept *now, bool is_judged) {
    enum eg_verdict verdict = now == NULL ? EG_VERDICT_PASS : now->result.verdict;
    if (verdict == EG_VERDICT_FAIL)
        return EG_OUTCOME_OPEN;
    if (verdict == EG_VERDICT_UNKNOWN)
        return EG_OUTCOME_UNDECIDED;
    if (verdict == EG_VERDICT_WAIVED)
        return EG_OUTCOME_WAIVED;
    return now != NULL || is_judged ? EG_OUTCOME_PASSES : EG_OUTCOME_GONE;
}

static struct eg_str place_of(struct eg_arena *arena, const struct eg_node *earlier) {
    const struct eg_node *line = EG_GET(earlier, "line");
    struct eg_str file = text_of(earlier, "file");
    if (eg_node_kind(line) != EG_INT)
        return file;
    return eg_str_format(arena, "%.*s:%lld", EG_STR_ARGS(file), (long long)line->as.integer);
}

static void add_issue(struct eg_compliance *document, const struct eg_map *judged,
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
    struct eg_str subject =
        subject_key(document->arena, issue->rule, text_of(earlier, "stack"), issue->resource);
    if (entry != NULL)
        issue->title = entry->rule->title;
    else if (issue->title.length == 0)
        issue->title = issue->rule;
    if (!eg_severity_parse(text_of(earlier, "severity"), &issue->severity))
        issue->severity = EG_SEVERITY_INFO;
    issue->outcome = outcome_of(now, eg_map_get(judged, subject) != NULL);
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
    struct eg_map earlier, judged;
    eg_map_init(&earlier, document->arena);
    eg_map_init(&judged, document->arena);
    for (uint32_t i = 0; i < document->kept_count; i++) {
        const struct eg_result *result = &document->kept[i]->result;
        (void)eg_map_put(
            &judged,
            subject_key(document->arena, result->rule->id, result->stack, result->resource),
            document->kept[i]);
    }
    document->issues = EG_NEW_ARRAY(document->arena, struct eg_issue, results->as.list.count);
    for (uint32_t i = 0; i < results->as.list.count; i++) {
        const struct eg_node *result = results->as.list.items[i];
        if (!eg_node_is_string(EG_GET(result, "verdict"), "fail"))
            continue;
        (void)eg_map_put(&earlier, text_of(result, "fingerprint"), document);
        add_issue(document, &judged, result);
    }
    if (document->issue_count > 0)
        qsort(document->issues, document->issue_count, sizeof *document->issues, compare_issues);
    add_fresh(document, &earlier);
}
