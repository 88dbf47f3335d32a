/* Keeping a result behind its batch; see compliance.h. Called by compliance.c. */
#include "report/compliance.h"

#include "policy/path.h"
#include "report/escape.h"

#include <string.h>

enum { EXCERPT_WIDTH = 110 };

static struct eg_construct keep_construct(struct eg_arena *arena,
                                          const struct eg_construct *construct) {
    return (struct eg_construct){
        .path = eg_str_copy(arena, construct->path),
        .source_file = eg_str_copy(arena, construct->source_file),
        .source_line = construct->source_line,
        .source_column = construct->source_column,
    };
}

static void keep_evidence(struct eg_arena *arena, const struct eg_result *result,
                          struct eg_kept *kept) {
    uint32_t count = result->evidence_count;
    struct eg_evidence *evidence = EG_NEW_ARRAY(arena, struct eg_evidence, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_evidence *from = &result->evidence[i];
        bool secret = eg_excerpt_is_secret(from);
        evidence[i] = (struct eg_evidence){
            .expression = eg_str_copy(arena, from->expression),
            .value = secret ? EG_STR("(secret)") : eg_str_copy(arena, from->value),
            .absent = from->absent,
        };
    }
    kept->result.evidence = evidence;
}

static struct eg_waiver *keep_waiver(struct eg_arena *arena, const struct eg_waiver *waiver) {
    struct eg_waiver *kept = EG_NEW(arena, struct eg_waiver);
    kept->reason = eg_str_copy(arena, waiver->reason);
    kept->owner = eg_str_copy(arena, waiver->owner);
    kept->until = eg_str_copy(arena, waiver->until);
    kept->tool = eg_str_copy(arena, waiver->tool);
    kept->place = waiver->place;
    kept->place.file = eg_str_copy(arena, waiver->place.file);
    return kept;
}

/* A fingerprint is an anchor as it is; a result without one has no link of its own. */
static struct eg_str make_anchor(struct eg_arena *arena, const struct eg_result *result) {
    size_t length = strlen(result->fingerprint);
    for (size_t i = 0; i < length; i++)
        if (strchr("0123456789abcdefABCDEF", result->fingerprint[i]) == NULL)
            return EG_STR("");
    return length == 0 ? EG_STR("") : eg_str_format(arena, "f-%s", result->fingerprint);
}

struct eg_kept *eg_compliance_keep(struct eg_arena *arena, const struct eg_result *result) {
    struct eg_kept *kept = EG_NEW(arena, struct eg_kept);
    struct eg_result *copy = &kept->result;
    kept->excerpt_count = eg_excerpts_of(arena, result, EXCERPT_WIDTH, &kept->excerpts);
    for (uint32_t i = 0; i < kept->excerpt_count; i++)
        kept->excerpts[i].file = eg_str_copy(arena, kept->excerpts[i].file);
    *copy = *result;
    copy->stack = eg_str_copy(arena, result->stack);
    copy->resource = eg_str_copy(arena, result->resource);
    copy->type = eg_str_copy(arena, result->type);
    copy->object = eg_str_copy(arena, result->object);
    copy->object_name = eg_str_copy(arena, result->object_name);
    copy->place.file = eg_str_copy(arena, result->place.file);
    copy->source = NULL;
    copy->name_at = NULL;
    copy->path = NULL;
    copy->path_count = 0;
    kept->way = eg_path_text(arena, result);
    copy->construct = keep_construct(arena, &result->construct);
    copy->message = eg_report_one_line(arena, result->message);
    copy->reason = eg_report_one_line(arena, result->reason);
    copy->scenario = eg_str_copy(arena, result->scenario);
    copy->condition = eg_str_copy(arena, result->condition);
    keep_evidence(arena, result, kept);
    if (result->waiver != NULL)
        kept->waiver = keep_waiver(arena, result->waiver);
    copy->waiver = kept->waiver;
    kept->anchor = make_anchor(arena, result);
    return kept;
}
