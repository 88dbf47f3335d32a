/* SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/), with what GitHub's code scanning
 * reads of it
 * (https://docs.github.com/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning).
 *
 * Failures and waived failures (suppressed) are results of kind "fail", undecided ones "open";
 * passes are left out, because readers show every result as an alert. Code scanning refuses a run
 * of more than 25,000 results and shows 5,000, so the worst stand first, and what is too much is
 * left out with a notification. There is no automationDetails.id: an upload's `category` would not
 * replace it. */
#include "policy/path.h"
#include "report/compliance.h"
#include "report/escape.h"
#include "report/excerpt.h"
#include "report/formats.h"
#include "report/result_json.h"
#include "report/spool.h"

#include <stdio.h>

/* What code scanning takes at most; beyond that it refuses a file, or cuts. Lengths in characters.
 */
enum {
    MOST_RESULTS = 25000,
    MOST_TAGS = 10,
    NAME_LIMIT = 255,
    DESCRIPTION_LIMIT = 1000, /* of 1,024: cutting adds a few words */
};

/* Results from the most to the least important. */
enum rank {
    RANK_CRITICAL,
    RANK_HIGH,
    RANK_MEDIUM,
    RANK_LOW,
    RANK_INFO,
    RANK_OPEN,
    RANK_SUPPRESSED,
    RANK_COUNT
};

struct sarif {
    const struct eg_report_options *options;
    struct eg_spool artifacts, notifications;
    struct eg_spool results[RANK_COUNT]; /* one a line */
    uint32_t artifact_count, notification_count, result_count;
};

static void *begin(struct eg_arena *arena, const struct eg_report_options *options) {
    struct sarif *sarif = EG_NEW(arena, struct sarif);
    sarif->options = options;
    eg_spool_begin(&sarif->artifacts, arena);
    eg_spool_begin(&sarif->notifications, arena);
    for (int i = 0; i < RANK_COUNT; i++)
        eg_spool_begin(&sarif->results[i], arena);
    return sarif;
}

/* ---- small objects ---- */

/* Readers make a link of "[text](address)", and a text of an input must not become one. */
static cJSON *message(struct eg_str text) {
    struct eg_buf inert;
    eg_buf_init(&inert);
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] == '(' && i > 0 && text.data[i - 1] == ']')
            eg_buf_putc(&inert, ' ');
        eg_buf_putc(&inert, text.data[i]);
    }
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "text", eg_buf_str(&inert));
    eg_buf_done(&inert);
    return item;
}

static cJSON *cut_message(struct eg_str text, size_t limit) {
    struct eg_buf cut;
    eg_buf_init(&cut);
    eg_report_add_cut(&cut, eg_buf_add_str, text, limit);
    cJSON *item = message(eg_buf_str(&cut));
    eg_buf_done(&cut);
    return item;
}

/* A path as a URI reference: absolute ones with their scheme. */
static cJSON *artifact_location(struct eg_str path) {
    struct eg_buf uri;
    eg_buf_init(&uri);
    bool absolute = eg_str_starts_with(path, EG_STR("/"));
    eg_buf_puts(&uri, absolute ? "file://" : "");
    eg_report_add_uri(&uri, path);
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "uri", eg_buf_str(&uri));
    if (!absolute)
        eg_json_add_text(item, "uriBaseId", EG_STR("%SRCROOT%"));
    eg_buf_done(&uri);
    return item;
}

/* A finding without a line is about the file: line 1, where a reader can show it. END_COLUMN is the
 * one behind what is pointed at; 0 where it is not known. */
static cJSON *physical_location(struct eg_place place, uint32_t end_column) {
    cJSON *item = eg_json_object(), *region = eg_json_object();
    uint32_t line = place.line == 0 ? 1 : place.line;
    eg_json_add(item, "artifactLocation", artifact_location(place.file));
    eg_json_add_number(region, "startLine", line);
    if (place.line > 0 && place.column > 0)
        eg_json_add_number(region, "startColumn", place.column);
    eg_json_add_number(region, "endLine", line);
    if (place.line > 0 && end_column > 0)
        eg_json_add_number(region, "endColumn", end_column);
    eg_json_add(item, "region", region);
    return item;
}

static cJSON *related_location(struct eg_place place, struct eg_str text, uint32_t id) {
    cJSON *item = eg_json_object();
    eg_json_add_number(item, "id", id);
    eg_json_add(item, "physicalLocation", physical_location(place, 0));
    eg_json_add(item, "message", message(text));
    return item;
}

static const char *level(enum eg_severity severity) {
    return severity >= EG_SEVERITY_HIGH     ? "error"
           : severity == EG_SEVERITY_MEDIUM ? "warning"
                                            : "note";
}

/* GitHub sorts alerts by this number: above 9 critical, 7 high, 4 medium, below low. */
static const char *security_severity(enum eg_severity severity) {
    static const char *const numbers[] = {"1.0", "3.0", "5.5", "8.0", "9.5"};
    return numbers[severity];
}

/* ---- rules ---- */

static void add_help(cJSON *item, const struct eg_rule *rule) {
    struct eg_buf plain, markdown;
    eg_buf_init(&plain);
    eg_buf_init(&markdown);
    eg_report_add_plain(&plain, rule->title);
    eg_buf_puts(&markdown, "**");
    eg_report_add_markdown(&markdown, rule->title);
    eg_buf_puts(&markdown, "**");
    const struct eg_str parts[] = {rule->why, rule->remediation};
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i].length == 0)
            continue;
        struct eg_str line = eg_report_one_line(&arena, parts[i]);
        eg_buf_puts(&plain, "\n\n");
        eg_report_add_plain(&plain, line);
        eg_buf_puts(&markdown, i == 0 ? "\n\n" : "\n\n**Remedy**: ");
        eg_report_add_markdown(&markdown, line);
    }
    for (uint32_t i = 0; i < rule->reference_count; i++) {
        struct eg_str url = eg_report_safe_url(rule->references[i].url);
        if (url.length == 0)
            continue;
        eg_buf_puts(&markdown, "\n\n[");
        eg_report_add_markdown(&markdown, rule->references[i].title);
        eg_buf_puts(&markdown, "](<");
        eg_buf_add_str(&markdown, url);
        eg_buf_puts(&markdown, ">)");
    }
    cJSON *help = eg_json_object();
    eg_json_add_text(help, "text", eg_buf_str(&plain));
    eg_json_add_text(help, "markdown", eg_buf_str(&markdown));
    eg_json_add(item, "help", help);
    eg_arena_done(&arena);
    eg_buf_done(&markdown);
    eg_buf_done(&plain);
}

/* The numbers of the same demand elsewhere, as many as there is room for among the tags. */
static void add_same_as(cJSON *tags, const struct eg_rule *rule, uint32_t room) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (uint32_t i = 0; i < rule->same_as_count; i++)
        for (uint32_t k = 0; k < rule->same_as[i].count && room > 0; k++, room--)
            eg_json_append(tags, eg_json_text(eg_str_format(&arena, "external/%.*s/%.*s",
                                                            EG_STR_ARGS(rule->same_as[i].tool),
                                                            EG_STR_ARGS(rule->same_as[i].ids[k]))));
    eg_arena_done(&arena);
}

static void add_rule_properties(cJSON *item, const struct eg_rule *rule) {
    cJSON *properties = eg_json_object(), *tags = eg_json_list();
    eg_json_append(tags, eg_json_text(EG_STR("security")));
    eg_json_append(tags, eg_json_text(rule->section));
    add_same_as(tags, rule, MOST_TAGS - 2);
    eg_json_add(properties, "tags", tags);
    eg_json_add_text(properties, "precision", EG_STR("very-high"));
    eg_json_add_text(properties, "security-severity",
                     eg_str_from(security_severity(rule->severity)));
    eg_json_add(item, "properties", properties);
}

static cJSON *rule_json(const struct eg_rule *rule) {
    cJSON *item = eg_json_object(), *configuration = eg_json_object();
    eg_json_add_text(item, "id", rule->id);
    eg_json_add_text(item, "name", eg_str_slice(rule->name, 0, NAME_LIMIT));
    eg_json_add(item, "shortDescription", cut_message(rule->title, DESCRIPTION_LIMIT));
    eg_json_add(item, "fullDescription",
                cut_message(rule->why.length > 0 ? rule->why : rule->title, DESCRIPTION_LIMIT));
    add_help(item, rule);
    if (rule->reference_count > 0) {
        struct eg_str url = eg_report_safe_url(rule->references[0].url);
        if (url.length > 0)
            eg_json_add_text(item, "helpUri", url);
    }
    eg_json_add_text(configuration, "level", eg_str_from(level(rule->severity)));
    eg_json_add(item, "defaultConfiguration", configuration);
    add_rule_properties(item, rule);
    return item;
}

/* ---- results ---- */

/* Shop/WebTask/containerDefinitions[0] */
static cJSON *logical_location(const struct eg_result *result) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_str name = eg_str_format(
        &arena, "%.*s/%.*s%s%.*s", EG_STR_ARGS(result->stack), EG_STR_ARGS(result->resource),
        result->object.length > 0 ? "/" : "", EG_STR_ARGS(result->object));
    cJSON *item = eg_json_object();
    eg_json_add_text(item, "fullyQualifiedName", name);
    eg_json_add_text(item, "kind", EG_STR("resource"));
    eg_arena_done(&arena);
    return item;
}

static void add_locations(cJSON *item, const struct eg_report_options *options,
                          const struct eg_result *result) {
    cJSON *locations = eg_json_list(), *location = eg_json_object(), *logical = eg_json_list();
    struct eg_place place = eg_report_repository_place(options, result);
    bool own = place.file.data == result->place.file.data;
    eg_json_add(location, "physicalLocation",
                physical_location(place, own ? eg_excerpt_end_column(result) : 0));
    eg_json_append(logical, logical_location(result));
    eg_json_add(location, "logicalLocations", logical);
    eg_json_append(locations, location);
    eg_json_add(item, "locations", locations);
}

/* Where the app made the resource, and the values that decided the verdict. */
static void add_related(cJSON *item, const struct eg_report_options *options,
                        const struct eg_result *result) {
    cJSON *related = eg_json_list();
    uint32_t id = 0;
    bool moved = eg_report_repository_place(options, result).file.data != result->place.file.data;
    if (moved)
        eg_json_append(related, related_location(result->place, EG_STR("in the template"), ++id));
    else if (result->construct.source_file.length > 0)
        eg_json_append(related, related_location((struct eg_place){result->construct.source_file,
                                                                   result->construct.source_line,
                                                                   result->construct.source_column},
                                                 EG_STR("made here"), ++id));
    for (uint32_t i = 0; i < result->evidence_count; i++) {
        const struct eg_evidence *evidence = &result->evidence[i];
        struct eg_place place = eg_node_place(evidence->at);
        if (place.line == 0)
            continue;
        struct eg_arena arena;
        eg_arena_init(&arena);
        struct eg_str text = eg_compliance_evidence(&arena, evidence);
        eg_json_append(related, related_location(place, text, ++id));
        eg_arena_done(&arena);
    }
    if (id > 0)
        eg_json_add(item, "relatedLocations", related);
    else
        cJSON_Delete(related);
}

/* The way that leads there as a code flow. Readers go from place to place: a step that stands
 * nowhere, as the internet, is shown at the next one that does. */
static void add_flow(cJSON *item, const struct eg_result *result) {
    cJSON *steps = eg_json_list();
    uint32_t count = 0;
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (uint32_t i = 0; i < result->path_count; i++) {
        uint32_t k = i;
        while (k < result->path_count && eg_node_place(result->path[k].at).line == 0)
            k++;
        struct eg_place place =
            k < result->path_count ? eg_node_place(result->path[k].at) : result->place;
        cJSON *step = eg_json_object(), *location = eg_json_object();
        eg_json_add(location, "physicalLocation", physical_location(place, 0));
        eg_json_add(location, "message", message(eg_path_step_text(&arena, &result->path[i])));
        eg_json_add(step, "location", location);
        eg_json_add_number(step, "executionOrder", ++count);
        eg_json_append(steps, step);
    }
    eg_arena_done(&arena);
    cJSON *flow = eg_json_object(), *flows = eg_json_list(), *thread = eg_json_object();
    cJSON *threads = eg_json_list();
    eg_json_add(thread, "locations", steps);
    eg_json_append(threads, thread);
    eg_json_add(flow, "threadFlows", threads);
    eg_json_append(flows, flow);
    eg_json_add(item, "codeFlows", flows);
}

/* GitHub recognizes an alert by primaryLocationLineHash: with our own value there, an alert stays
 * the same when lines move. */
static void add_fingerprints(cJSON *item, const struct eg_result *result) {
    if (result->fingerprint[0] == '\0')
        return;
    struct eg_arena arena;
    eg_arena_init(&arena);
    cJSON *fingerprints = eg_json_object();
    eg_json_add_text(fingerprints, "ecsgate/v1", eg_str_from(result->fingerprint));
    eg_json_add_text(fingerprints, "primaryLocationLineHash",
                     eg_str_format(&arena, "%s:1", result->fingerprint));
    eg_json_add(item, "partialFingerprints", fingerprints);
    eg_arena_done(&arena);
}

/* "reason (owner, until 2027-01-31)"; another tool's: "reason (checkov CKV_AWS_336)". */
static struct eg_str justification(struct eg_arena *arena, const struct eg_waiver *waiver) {
    if (waiver->tool.length > 0)
        return eg_str_format(arena, "%.*s (%.*s %.*s)", EG_STR_ARGS(waiver->reason),
                             EG_STR_ARGS(waiver->tool), EG_STR_ARGS(waiver->rule));
    return eg_str_format(arena, "%.*s (%.*s%suntil %.*s)", EG_STR_ARGS(waiver->reason),
                         EG_STR_ARGS(waiver->owner), waiver->owner.length > 0 ? ", " : "",
                         EG_STR_ARGS(waiver->until));
}

/* One in a waiver file is external, one in the template's Metadata stands in the source. */
static void add_suppression(cJSON *item, const struct eg_result *result) {
    cJSON *list = eg_json_list(), *suppression = eg_json_object();
    bool in_source = eg_str_equal(result->waiver->place.file, result->place.file);
    struct eg_arena arena;
    eg_arena_init(&arena);
    eg_json_add_text(suppression, "kind", in_source ? EG_STR("inSource") : EG_STR("external"));
    eg_json_add_text(suppression, "status", EG_STR("accepted"));
    eg_json_add_text(suppression, "justification", justification(&arena, result->waiver));
    eg_json_append(list, suppression);
    eg_json_add(item, "suppressions", list);
    eg_arena_done(&arena);
}

static void add_message(cJSON *item, const struct eg_result *result) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    struct eg_str text = eg_report_one_line(&arena, result->message);
    if (result->verdict == EG_VERDICT_UNKNOWN && result->reason.length > 0)
        text = eg_str_format(&arena, "undecided: %.*s (%.*s)", EG_STR_ARGS(text),
                             EG_STR_ARGS(eg_report_one_line(&arena, result->reason)));
    if (result->scenario.length > 0)
        text = eg_str_format(&arena, "%.*s, when %.*s", EG_STR_ARGS(text),
                             EG_STR_ARGS(result->scenario));
    eg_json_add(item, "message", message(text));
    eg_arena_done(&arena);
}

static cJSON *result_json(const struct sarif *sarif, const struct eg_result *result) {
    cJSON *item = eg_json_object();
    bool open = result->verdict == EG_VERDICT_UNKNOWN;
    eg_json_add_text(item, "ruleId", result->rule->id);
    eg_json_add_number(item, "ruleIndex", result->rule->number);
    eg_json_add_text(item, "kind", open ? EG_STR("open") : EG_STR("fail"));
    eg_json_add_text(item, "level", eg_str_from(open ? "none" : level(result->severity)));
    add_message(item, result);
    add_locations(item, sarif->options, result);
    if (result->path_count > 0)
        add_flow(item, result);
    add_related(item, sarif->options, result);
    add_fingerprints(item, result);
    if (result->waiver != NULL)
        add_suppression(item, result);
    if (sarif->options->baseline)
        eg_json_add_text(item, "baselineState",
                         result->known ? EG_STR("unchanged") : EG_STR("new"));
    cJSON *properties = eg_json_object();
    eg_json_add_text(properties, "severity", eg_str_from(eg_severity_name(result->severity)));
    eg_json_add_text(properties, "verdict", eg_str_from(eg_verdict_name(result->verdict)));
    eg_json_add_text_or_null(properties, "constructPath", result->construct.path);
    eg_json_add(item, "properties", properties);
    return item;
}

/* ---- the log ---- */

static void write_head(const struct sarif *sarif, struct eg_buf *out) {
    const struct eg_policy *policy = sarif->options->policy;
    eg_buf_puts(out, "{\"$schema\": \"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/"
                     "schemas/sarif-schema-2.1.0.json\",\n \"version\": \"2.1.0\",\n \"runs\": [{\n"
                     "  \"tool\": {\"driver\": {\"name\": \"ecsgate\", \"semanticVersion\": \"");
    eg_buf_puts(out, EG_VERSION "\", \"rules\": [");
    for (uint32_t i = 0; i < policy->rule_count; i++) {
        eg_buf_puts(out, i == 0 ? "\n   " : ",\n   ");
        eg_json_write(out, rule_json(policy->rules[i]));
    }
    eg_buf_puts(out, "\n  ]}},\n  \"columnKind\": \"unicodeCodePoints\",\n  \"results\": [");
}

/* The lines of SPOOL as further items of the list, the first WRITTEN of which are there. */
static uint32_t write_ranked(const struct eg_spool *spool, struct eg_buf *out, uint32_t written) {
    struct eg_buf lines;
    eg_buf_init(&lines);
    eg_spool_write(spool, &lines);
    struct eg_str text = eg_buf_str(&lines);
    for (size_t at = 0; at < text.length && written < MOST_RESULTS; written++) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        eg_buf_puts(out, written == 0 ? "\n   " : ",\n   ");
        eg_buf_add_str(out, eg_str_slice(text, at, end - at));
        at = end + 1;
    }
    eg_buf_done(&lines);
    return written;
}

static void keep(struct eg_spool *spool, uint32_t *count, cJSON *item) {
    struct eg_buf line;
    eg_buf_init(&line);
    eg_buf_puts(&line, (*count)++ == 0 ? "\n   " : ",\n   ");
    eg_json_write(&line, item);
    eg_spool_add(spool, eg_buf_str(&line));
    eg_buf_done(&line);
}

static void keep_artifact(struct sarif *sarif, const struct eg_template *template_) {
    cJSON *item = eg_json_object(), *roles = eg_json_list();
    eg_json_add(item, "location", artifact_location(template_->path));
    eg_json_append(roles, eg_json_text(EG_STR("analysisTarget")));
    eg_json_add(item, "roles", roles);
    if (template_->digest[0] != '\0') {
        cJSON *hashes = eg_json_object();
        eg_json_add_text(hashes, "sha-256", eg_str_from(template_->digest));
        eg_json_add(item, "hashes", hashes);
    }
    keep(&sarif->artifacts, &sarif->artifact_count, item);
}

static void keep_notification(struct sarif *sarif, const char *severity, struct eg_place place,
                              struct eg_str text) {
    cJSON *item = eg_json_object(), *locations = eg_json_list(), *location = eg_json_object();
    eg_json_add_text(item, "level", eg_str_from(severity));
    eg_json_add(item, "message", message(text));
    if (place.file.length > 0) {
        eg_json_add(location, "physicalLocation", physical_location(place, 0));
        eg_json_append(locations, location);
        eg_json_add(item, "locations", locations);
    } else {
        cJSON_Delete(location);
        cJSON_Delete(locations);
    }
    keep(&sarif->notifications, &sarif->notification_count, item);
}

/* What is wrong with waivers. */
static void keep_troubles(struct sarif *sarif, const struct eg_waiver *waivers, uint32_t count) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    for (uint32_t i = 0; i < count; i++) {
        struct eg_str trouble = eg_waiver_trouble(&arena, &waivers[i]);
        if (trouble.length > 0)
            keep_notification(sarif, "warning", waivers[i].place, trouble);
    }
    eg_arena_done(&arena);
}

static enum rank rank_of(const struct eg_result *result) {
    static const enum rank by_severity[] = {RANK_INFO, RANK_LOW, RANK_MEDIUM, RANK_HIGH,
                                            RANK_CRITICAL};
    return result->verdict == EG_VERDICT_WAIVED    ? RANK_SUPPRESSED
           : result->verdict == EG_VERDICT_UNKNOWN ? RANK_OPEN
                                                   : by_severity[result->severity];
}

static void keep_result(struct sarif *sarif, const struct eg_result *result) {
    struct eg_buf line;
    eg_buf_init(&line);
    eg_json_write(&line, result_json(sarif, result));
    eg_buf_putc(&line, '\n');
    eg_spool_add(&sarif->results[rank_of(result)], eg_buf_str(&line));
    eg_buf_done(&line);
    sarif->result_count++;
}

static void batch(void *state, const struct eg_batch *batch, struct eg_buf *out) {
    struct sarif *sarif = state;
    (void)out;
    for (uint32_t i = 0; i < batch->input_count; i++)
        for (uint32_t k = 0; k < batch->inputs[i]->template_count; k++)
            keep_artifact(sarif, batch->inputs[i]->templates[k]);
    for (uint32_t i = 0; batch->errors != NULL && i < batch->errors->count; i++) {
        const struct eg_error *error = batch->errors->items[i];
        keep_notification(sarif, "error",
                          (struct eg_place){eg_str_from(error->file), error->line, error->column},
                          eg_str_from(error->text));
    }
    for (uint32_t i = 0; i < batch->results.count; i++) {
        const struct eg_result *result = &batch->results.items[i];
        if (result->verdict != EG_VERDICT_PASS && result->verdict != EG_VERDICT_NOT_APPLICABLE)
            keep_result(sarif, result);
    }
    keep_troubles(sarif, batch->waivers.items, batch->waivers.count);
}

static void keep_left_out(struct sarif *sarif) {
    char text[120];
    (void)snprintf(text, sizeof text,
                   "%u results of the least importance are left out: code scanning takes %d",
                   sarif->result_count - MOST_RESULTS, MOST_RESULTS);
    keep_notification(sarif, "warning", (struct eg_place){EG_STR(""), 0, 0}, eg_str_from(text));
}

static void end(void *state, const struct eg_summary *summary, struct eg_buf *out) {
    struct sarif *sarif = state;
    const struct eg_waivers *waivers = sarif->options->waivers;
    uint32_t written = 0;
    if (waivers != NULL)
        keep_troubles(sarif, waivers->items, waivers->count);
    if (sarif->result_count > MOST_RESULTS)
        keep_left_out(sarif);
    write_head(sarif, out);
    for (int i = 0; i < RANK_COUNT; i++)
        written = write_ranked(&sarif->results[i], out, written);
    eg_buf_puts(out, "\n  ],\n  \"artifacts\": [");
    eg_spool_write(&sarif->artifacts, out);
    eg_buf_printf(out,
                  "\n  ],\n  \"invocations\": [{\"executionSuccessful\": %s, "
                  "\"toolExecutionNotifications\": [",
                  summary->errors == 0 ? "true" : "false");
    eg_spool_write(&sarif->notifications, out);
    eg_buf_printf(out, "]}],\n  \"properties\": {\"verdict\": \"%s\", \"counts\": ",
                  eg_verdict_name(summary->verdict));
    eg_json_write(out, eg_json_summary(summary));
    eg_buf_puts(out, "}\n }]\n}\n");
}

const struct eg_renderer eg_format_sarif = {
    .name = "sarif",
    .doc = "SARIF 2.1.0, for code scanning",
    .begin = begin,
    .batch = batch,
    .end = end,
};
