/* What became of the findings of an earlier result (JSON, schemas/result.json); see compliance.h.
 * Called by compliance.c. */
#include "report/compliance.h"

#include "report/escape.h"

static struct eg_str text_of(const struct eg_node *node, const char *key) {
    return eg_node_text(eg_node_get(node, eg_str_from(key)));
}

static enum eg_outcome outcome_of(const struct eg_kept *now) {
    if (now == NULL)
        return EG_OUTCOME_RESOLVED;
    switch (now->result.verdict) {
    case EG_VERDICT_FAIL:
        return EG_OUTCOME_OPEN;
    case EG_VERDICT_UNKNOWN:
        return EG_OUTCOME_UNDECIDED;
    case EG_VERDICT_WAIVED:
        return EG_OUTCOME_WAIVED;
    case EG_VERDICT_PASS:
    case EG_VERDICT_NOT_APPLICABLE:
    case EG_VERDICT_COUNT:
        break;
    }
    return EG_OUTCOME_RESOLVED;
}

static struct eg_str place_of(struct eg_arena *arena, const struct eg_node *earlier) {
    const struct eg_node *line = EG_GET(earlier, "line");
    struct eg_str file = text_of(earlier, "file");
    if (eg_node_kind(line) != EG_INT)
        return file;
    return eg_str_format(arena, "%.*s:%lld", EG_STR_ARGS(file), (long long)line->as.integer);
}

static void add_issue(struct eg_compliance *document, const struct eg_node *earlier) {
    struct eg_issue *issue = &document->issues[document->issue_count++];
    struct eg_str message = eg_report_one_line(document->arena, text_of(earlier, "message"));
    issue->rule = text_of(earlier, "rule");
    issue->title = text_of(earlier, "title");
    issue->message = message;
    issue->resource = text_of(earlier, "resource");
    issue->object = text_of(earlier, "object");
    issue->place = place_of(document->arena, earlier);
    issue->now = eg_map_get(&document->by_fingerprint, text_of(earlier, "fingerprint"));
    issue->outcome = outcome_of(issue->now);
    if (issue->title.length == 0)
        issue->title = issue->rule;
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
    eg_map_init(&earlier, document->arena);
    document->issues = EG_NEW_ARRAY(document->arena, struct eg_issue, results->as.list.count);
    for (uint32_t i = 0; i < results->as.list.count; i++) {
        const struct eg_node *result = results->as.list.items[i];
        if (!eg_node_is_string(EG_GET(result, "verdict"), "fail"))
            continue;
        (void)eg_map_put(&earlier, text_of(result, "fingerprint"), document);
        add_issue(document, result);
    }
    add_fresh(document, &earlier);
}
