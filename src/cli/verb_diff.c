/* ecsgate diff: what was resolved, is new, is still open between two results. */
#include "base/map.h"
#include "cli/verbs.h"
#include "read/read.h"
#include "report/report.h"

#include <stdio.h>

static const struct eg_option options[] = {{0, NULL, NULL, NULL, NULL}};

/* What one result says, by fingerprint. */
struct side {
    struct eg_str path;
    const struct eg_node *root;
    struct eg_map failed, waived; /* to their const struct eg_node * */
    struct eg_map judged, open;   /* subjects that have a result; that have an unknown one */
};

/* What a result is about: its rule, stack and resource, and its OBJECT. */
static struct eg_str subject_of(struct eg_arena *arena, const struct eg_node *result,
                                struct eg_str object) {
    return eg_str_format(
        arena, "%.*s\n%.*s\n%.*s\n%.*s", EG_STR_ARGS(eg_node_text(EG_GET(result, "rule"))),
        EG_STR_ARGS(eg_node_text(EG_GET(result, "stack"))),
        EG_STR_ARGS(eg_node_text(EG_GET(result, "resource"))), EG_STR_ARGS(object));
}

static void note_subject(struct eg_arena *arena, struct side *side, const struct eg_node *result) {
    struct eg_str object = eg_node_text(EG_GET(result, "object"));
    struct eg_str own = subject_of(arena, result, object);
    (void)eg_map_put(&side->judged, own, (void *)result);
    if (!eg_node_is_string(EG_GET(result, "verdict"), "unknown"))
        return;
    (void)eg_map_put(&side->open, own, (void *)result);
    (void)eg_map_put(&side->open, subject_of(arena, result, EG_STR("")), (void *)result);
}

/* Can't SIDE decide the FINDING of another: is its object open, or is it not there while something
 * of its resource is open? */
static bool is_open(struct eg_arena *arena, const struct side *side,
                    const struct eg_node *finding) {
    struct eg_str own = subject_of(arena, finding, eg_node_text(EG_GET(finding, "object")));
    return eg_map_get(&side->open, own) != NULL ||
           (eg_map_get(&side->judged, own) == NULL &&
            eg_map_get(&side->open, subject_of(arena, finding, EG_STR(""))) != NULL);
}

/* The failures of OLD that are not in NEW and that NEW can't decide, by fingerprint. */
static void find_undecided(struct eg_arena *arena, const struct side *old, const struct side *new,
                           struct eg_map *ret) {
    eg_map_init(ret, arena);
    for (uint32_t i = 0; i < old->failed.count; i++) {
        const struct eg_map_entry *entry = &old->failed.entries[i];
        if (eg_map_get(&new->failed, entry->key) == NULL &&
            eg_map_get(&new->waived, entry->key) == NULL && is_open(arena, new, entry->value))
            (void)eg_map_put(ret, entry->key, entry->value);
    }
}

static bool read_side(struct eg_arena *arena, const char *path, struct side *ret_side,
                      struct eg_error *error) {
    struct eg_document document;
    *ret_side = (struct side){.path = eg_str_from(path)};
    if (!eg_read_file(arena, ret_side->path, &document, error))
        return false;
    ret_side->root = document.root;
    const struct eg_node *results = EG_GET(document.root, "results");
    if (EG_GET(document.root, "ecsgate") == NULL || eg_node_kind(results) != EG_LIST)
        return eg_error_set(error, EG_ERROR_INPUT, ret_side->path, 0, 0,
                            "is no result of ecsgate: expected what -f json writes");
    eg_map_init(&ret_side->failed, arena);
    eg_map_init(&ret_side->waived, arena);
    eg_map_init(&ret_side->judged, arena);
    eg_map_init(&ret_side->open, arena);
    for (uint32_t i = 0; i < results->as.list.count; i++) {
        const struct eg_node *result = results->as.list.items[i];
        const struct eg_node *verdict = EG_GET(result, "verdict");
        struct eg_map *map = eg_node_is_string(verdict, "fail")     ? &ret_side->failed
                             : eg_node_is_string(verdict, "waived") ? &ret_side->waived
                                                                    : NULL;
        note_subject(arena, ret_side, result);
        if (map != NULL)
            (void)eg_map_put(map, eg_node_text(EG_GET(result, "fingerprint")), (void *)result);
    }
    return true;
}

/* ---- what may be mistaken ---- */

static struct eg_str digest_of(const struct side *side) {
    return eg_node_text(EG_GET(EG_GET(side->root, "policy"), "sha256"));
}

static int64_t rules_of(const struct side *side) {
    const struct eg_node *rules = EG_GET(EG_GET(side->root, "policy"), "rules");
    return eg_node_kind(rules) == EG_INT ? rules->as.integer : 0;
}

/* What nobody judged is not resolved. */
static void tell_doubts(const struct side *old, const struct side *new) {
    const struct eg_node *errors = EG_GET(new->root, "errors");
    if (!eg_str_equal(digest_of(old), digest_of(new)) || rules_of(old) != rules_of(new))
        eg_cli_tell("diff", "the two were judged by different rules: a finding may be resolved or "
                            "new for that alone");
    if (eg_node_kind(errors) == EG_LIST && errors->as.list.count > 0)
        eg_cli_tell("diff", "%.*s: something could not be read: what it held looks resolved",
                    EG_STR_ARGS(new->path));
}

/* ---- the lists ---- */

static void add_failure(struct eg_buf *out, const struct eg_node *result, const char *note) {
    static const struct {
        const char *before, *key, *behind;
    } parts[] = {{" ", "severity", ":"}, {" ", "message", ""}, {" [", "rule", "]"}};
    struct eg_place place = {eg_node_text(EG_GET(result, "file")), 0, 0};
    const struct eg_node *line = EG_GET(result, "line"), *column = EG_GET(result, "column");
    if (eg_node_kind(line) == EG_INT && eg_node_kind(column) == EG_INT) {
        place.line = (uint32_t)line->as.integer;
        place.column = (uint32_t)column->as.integer;
    }
    eg_buf_puts(out, "  ");
    eg_report_add_place(out, place);
    eg_buf_putc(out, ':');
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        eg_buf_puts(out, parts[i].before);
        eg_report_add_plain(out, eg_node_text(eg_node_get(result, eg_str_from(parts[i].key))));
        eg_buf_puts(out, parts[i].behind);
    }
    eg_buf_printf(out, "%s\n", note);
}

/* A list under a title, the worst first. */
struct group {
    const char *title;
    const struct eg_map *from; /* the failures of one side … */
    const struct eg_map *in,
        *not_in[3];             /* … that are in the one and not in the others; may be NULL */
    const struct eg_map *noted; /* those of them that are here get the note */
    const char *note;
};

static bool is_in(const struct group *group, struct eg_str print) {
    bool in = group->in == NULL || eg_map_get(group->in, print) != NULL;
    for (size_t i = 0; i < sizeof group->not_in / sizeof group->not_in[0]; i++)
        in = in && (group->not_in[i] == NULL || eg_map_get(group->not_in[i], print) == NULL);
    return in;
}

static uint32_t add_group(struct eg_buf *out, const struct group *group) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < group->from->count; i++)
        count += is_in(group, group->from->entries[i].key);
    eg_buf_printf(out, "%s: %u\n", group->title, count);
    for (int severity = EG_SEVERITY_COUNT - 1; severity >= 0; severity--)
        for (uint32_t i = 0; i < group->from->count; i++) {
            const struct eg_map_entry *entry = &group->from->entries[i];
            const char *name = eg_severity_name((enum eg_severity)severity);
            bool noted = group->noted != NULL && eg_map_get(group->noted, entry->key) != NULL;
            if (eg_node_is_string(EG_GET(entry->value, "severity"), name) &&
                is_in(group, entry->key))
                add_failure(out, entry->value, noted ? group->note : "");
        }
    return count;
}

static enum eg_status diff(struct eg_arena *arena, const char *old_path, const char *new_path) {
    struct eg_error error = {0};
    struct side old, new;
    if (!read_side(arena, old_path, &old, &error) || !read_side(arena, new_path, &new, &error))
        return eg_cli_fail(&error);
    struct eg_map undecided;
    find_undecided(arena, &old, &new, &undecided);
    const struct group groups[] = {
        {.title = "resolved",
         .from = &old.failed,
         .not_in = {&new.failed, &new.waived, &undecided}},
        {.title = "waived since", .from = &old.failed, .in = &new.waived},
        {.title = "can not be decided now", .from = &undecided},
        {.title = "new",
         .from = &new.failed,
         .not_in = {&old.failed},
         .noted = &old.waived,
         .note = " (was waived)"},
        {.title = "still open", .from = &new.failed, .in = &old.failed},
    };
    enum { GROUPS = sizeof groups / sizeof groups[0], FRESH = 3 };
    uint32_t counts[GROUPS];
    struct eg_buf out;
    tell_doubts(&old, &new);
    eg_buf_init(&out);
    for (int i = 0; i < GROUPS; i++)
        counts[i] = add_group(&out, &groups[i]);
    (void)fwrite(out.data, 1, out.length, stdout); /* main() sees whether it arrived */
    eg_buf_done(&out);
    return counts[FRESH] == 0 ? EG_STATUS_HOLDS : EG_STATUS_FAILS;
}

static int run_diff(int argc, char **argv) {
    struct eg_arena arena;
    eg_arena_init(&arena);
    enum eg_status status;
    int operands;
    if (eg_options_parse(&eg_verb_diff, options, NULL, argc, argv, &operands, &status)) {
        if (operands == 2) {
            status = diff(&arena, argv[0], argv[1]);
        } else {
            fputs("ecsgate diff: expected OLD and NEW\n", stderr);
            status = EG_STATUS_USAGE;
        }
    }
    eg_arena_done(&arena);
    return (int)status;
}

const struct eg_command eg_verb_diff = {
    .name = "diff",
    .arguments = "OLD NEW",
    .doc = "compare two results: resolved, new, still open",
    .more = "OLD and NEW are files that `ecsgate check -f json=FILE` wrote. Findings are told\n"
            "apart by their fingerprints.\n"
            "Exit status: 0 nothing is new, 1 something is.",
    .run = run_diff,
};
