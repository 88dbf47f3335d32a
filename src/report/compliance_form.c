/* The form of the document out of policies/report.yaml, and the rules sorted into it; see
 * compliance.h. Called by compliance.c. */
#include "report/compliance.h"

#include "base/embedded.h"
#include "read/read.h"

#define FORM "policies/report.yaml"

/* Where a rule may be at home: one entry of a topic's `rules`. */
struct claim {
    struct eg_str prefix;
    struct eg_topic *topic;
};

struct form {
    struct eg_compliance *document;
    struct eg_arena *arena;
    struct claim *claims;
    uint32_t claim_count, claim_capacity;
    struct eg_str others_chapter, others_title;
};

static struct eg_str text_of(const struct eg_node *node, const char *key) {
    return eg_node_text(eg_node_get(node, eg_str_from(key)));
}

static struct eg_list list_of(const struct eg_node *node, const char *key) {
    const struct eg_node *list = eg_node_get(node, eg_str_from(key));
    return eg_node_kind(list) == EG_LIST ? list->as.list : (struct eg_list){0};
}

/* ---- reading the form ---- */

static void claim(struct form *form, struct eg_str prefix, struct eg_topic *topic) {
    if (form->claim_count == form->claim_capacity) {
        uint32_t more = form->claim_capacity == 0 ? 64 : form->claim_capacity * 2;
        form->claims =
            eg_arena_grow(form->arena, form->claims, form->claim_count * sizeof *form->claims,
                          more * sizeof *form->claims);
        form->claim_capacity = more;
    }
    form->claims[form->claim_count++] = (struct claim){prefix, topic};
}

static void read_topic(struct form *form, const struct eg_node *node, struct eg_chapter *chapter,
                       struct eg_topic *topic) {
    topic->title = text_of(node, "title");
    topic->chapter = chapter;
    struct eg_list rules = list_of(node, "rules"), also = list_of(node, "also");
    for (uint32_t i = 0; i < rules.count; i++)
        claim(form, eg_node_text(rules.items[i]), topic);
    for (uint32_t i = 0; i < also.count; i++) {
        struct eg_rule_entry *entry =
            eg_map_get(&form->document->by_id, eg_node_text(also.items[i]));
        if (entry != NULL)
            eg_entries_add(form->arena, &topic->also, entry);
    }
}

static void read_chapter(struct form *form, const struct eg_node *node,
                         struct eg_chapter *chapter) {
    struct eg_list topics = list_of(node, "topics"), unseen = list_of(node, "unseen");
    const struct eg_node *guide = EG_GET(node, "guide");
    chapter->id = text_of(node, "id");
    chapter->title = text_of(node, "title");
    chapter->network = EG_GET(node, "network") != NULL;
    chapter->guide = (struct eg_reference_link){text_of(guide, "title"), text_of(guide, "url")};
    /* One more, for rules that belong to the chapter but to none of its topics. */
    chapter->topics = EG_NEW_ARRAY(form->arena, struct eg_topic, topics.count + 1);
    chapter->topic_count = topics.count;
    for (uint32_t i = 0; i < topics.count; i++)
        read_topic(form, topics.items[i], chapter, &chapter->topics[i]);
    chapter->unseen = EG_NEW_ARRAY(form->arena, struct eg_unseen, unseen.count);
    chapter->unseen_count = unseen.count;
    for (uint32_t i = 0; i < unseen.count; i++)
        chapter->unseen[i] =
            (struct eg_unseen){text_of(unseen.items[i], "text"), text_of(unseen.items[i], "needs")};
}

static void read_chapters(struct form *form, const struct eg_node *root) {
    struct eg_compliance *document = form->document;
    struct eg_list chapters = list_of(root, "chapters");
    document->chapters = EG_NEW_ARRAY(form->arena, struct eg_chapter, chapters.count);
    document->chapter_count = chapters.count;
    uint32_t number = 0;
    for (uint32_t i = 0; i < chapters.count; i++) {
        read_chapter(form, chapters.items[i], &document->chapters[i]);
        if (EG_GET(chapters.items[i], "unnumbered") == NULL)
            document->chapters[i].number = ++number;
    }
}

/* ---- sorting rules in ---- */

static bool is_prefix(struct eg_str id, struct eg_str prefix) {
    return eg_str_starts_with(id, prefix) &&
           (id.length == prefix.length || id.data[prefix.length] == '-');
}

static struct eg_topic *longest_claim(const struct form *form, struct eg_str id) {
    const struct claim *best = NULL;
    for (uint32_t i = 0; i < form->claim_count; i++)
        if (is_prefix(id, form->claims[i].prefix) &&
            (best == NULL || form->claims[i].prefix.length > best->prefix.length))
            best = &form->claims[i];
    return best == NULL ? NULL : best->topic;
}

static struct eg_chapter *chapter_named(const struct form *form, struct eg_str id) {
    struct eg_compliance *document = form->document;
    for (uint32_t i = 0; i < document->chapter_count; i++)
        if (id.length > 0 && eg_str_equal(document->chapters[i].id, id))
            return &document->chapters[i];
    return NULL;
}

static const struct eg_section *section_of(const struct eg_policy *policy, struct eg_str id) {
    const struct eg_section *best = NULL;
    for (uint32_t i = 0; i < policy->section_count; i++)
        if (is_prefix(id, policy->sections[i].prefix) &&
            (best == NULL || policy->sections[i].prefix.length > best->prefix.length))
            best = &policy->sections[i];
    return best;
}

/* The chapter that the rule's section names, else the one for all others; its topic behind those of
 * the form. */
static struct eg_topic *other_topic(struct form *form, const struct eg_rule *rule) {
    const struct eg_section *section = section_of(form->document->options->policy, rule->id);
    struct eg_chapter *chapter = section == NULL ? NULL : chapter_named(form, section->chapter);
    if (chapter == NULL)
        chapter = chapter_named(form, form->others_chapter);
    if (chapter == NULL)
        return NULL;
    struct eg_topic *topic = &chapter->topics[chapter->topic_count];
    if (chapter->topic_count == 0 ||
        chapter->topics[chapter->topic_count - 1].title.data != form->others_title.data) {
        topic->title = form->others_title;
        topic->chapter = chapter;
        chapter->topic_count++;
        return topic;
    }
    return topic - 1;
}

static void sort_rules(struct form *form) {
    struct eg_compliance *document = form->document;
    for (uint32_t i = 0; i < document->options->policy->rule_count; i++) {
        struct eg_rule_entry *entry = &document->entries[i];
        struct eg_topic *topic = longest_claim(form, entry->rule->id);
        if (topic == NULL)
            topic = other_topic(form, entry->rule);
        if (topic == NULL)
            continue;
        entry->home = topic;
        eg_entries_add(form->arena, &topic->rules, entry);
    }
}

/* ---- what stands under a chapter ---- */

/* A resource counts once, with the earliest place that is known of it. */
static void examine(struct eg_arena *arena, struct eg_chapter *chapter, struct eg_map *seen,
                    const struct eg_kept *kept) {
    const struct eg_result *result = &kept->result;
    if (result->resource.length == 0)
        return;
    struct eg_str key = eg_str_format(arena, "%.*s\n%.*s", EG_STR_ARGS(result->stack),
                                      EG_STR_ARGS(result->resource));
    struct eg_examined *examined = eg_map_get(seen, key);
    if (examined == NULL) {
        examined = &chapter->examined[chapter->examined_count++];
        *examined = (struct eg_examined){result->stack, result->resource, result->type,
                                         result->construct.path, kept->resource};
        (void)eg_map_put(seen, key, examined);
        return;
    }
    if (examined->construct.length == 0)
        examined->construct = result->construct.path;
    if (eg_str_equal(examined->place.file, kept->resource.file) &&
        kept->resource.line < examined->place.line)
        examined->place = kept->resource;
}

static void examine_chapter(struct eg_arena *arena, struct eg_chapter *chapter) {
    struct eg_map seen;
    uint32_t most = 0;
    for (uint32_t t = 0; t < chapter->topic_count; t++)
        for (uint32_t r = 0; r < chapter->topics[t].rules.count; r++)
            most += chapter->topics[t].rules.items[r]->count;
    eg_map_init(&seen, arena);
    chapter->examined = EG_NEW_ARRAY(arena, struct eg_examined, most);
    for (uint32_t t = 0; t < chapter->topic_count; t++) {
        const struct eg_entries_list *rules = &chapter->topics[t].rules;
        for (uint32_t r = 0; r < rules->count; r++)
            for (uint32_t i = 0; i < rules->items[r]->count; i++)
                examine(arena, chapter, &seen, rules->items[r]->items[i]);
    }
}

static void finish_chapter(struct eg_arena *arena, struct eg_chapter *chapter) {
    chapter->standing = EG_STANDING_UNSEEN;
    for (uint32_t t = 0; t < chapter->topic_count; t++) {
        struct eg_topic *topic = &chapter->topics[t];
        for (uint32_t r = 0; r < topic->rules.count; r++) {
            const struct eg_rule_entry *entry = topic->rules.items[r];
            eg_counts_add(&topic->counts, &entry->counts);
            if (entry->standing > topic->standing)
                topic->standing = entry->standing;
        }
        for (uint32_t r = 0; r < topic->also.count; r++)
            if (topic->also.items[r]->standing > topic->standing)
                topic->standing = topic->also.items[r]->standing;
        eg_counts_add(&chapter->counts, &topic->counts);
        if (topic->standing > chapter->standing)
            chapter->standing = topic->standing;
    }
    examine_chapter(arena, chapter);
}

/* ---- checklists ---- */

/* OTHERWISE: what would show the line where its rules only advise (empty: then it holds). */
static void judge_line(struct form *form, struct eg_checklist_line *line, struct eg_list rules,
                       struct eg_str otherwise) {
    for (uint32_t i = 0; i < rules.count; i++) {
        struct eg_str id = eg_node_text(rules.items[i]);
        struct eg_rule_entry *entry = eg_map_get(&form->document->by_id, id);
        if (entry == NULL) {
            if (line->off.length == 0)
                line->off = id;
            continue;
        }
        eg_entries_add(form->arena, &line->rules, entry);
        if (entry->standing > line->standing)
            line->standing = entry->standing;
    }
    if (line->standing == EG_STANDING_ADVICE && otherwise.length > 0)
        line->unseen = otherwise;
    /* Without one of its rules, or where no input shows it, a line can fail but not hold. */
    bool open = line->off.length > 0 || line->unseen.length > 0;
    if (open && line->standing != EG_STANDING_FAIL)
        line->standing = EG_STANDING_UNSEEN;
}

static void read_checklists(struct form *form, const struct eg_node *root) {
    struct eg_compliance *document = form->document;
    struct eg_list lists = list_of(root, "checklists");
    document->checklists = EG_NEW_ARRAY(form->arena, struct eg_checklist, lists.count);
    document->checklist_count = lists.count;
    for (uint32_t i = 0; i < lists.count; i++) {
        struct eg_checklist *checklist = &document->checklists[i];
        struct eg_list lines = list_of(lists.items[i], "lines");
        checklist->title = text_of(lists.items[i], "title");
        checklist->lines = EG_NEW_ARRAY(form->arena, struct eg_checklist_line, lines.count);
        checklist->line_count = lines.count;
        for (uint32_t k = 0; k < lines.count; k++) {
            struct eg_checklist_line *line = &checklist->lines[k];
            line->text = text_of(lines.items[k], "text");
            line->unseen = text_of(lines.items[k], "unseen");
            judge_line(form, line, list_of(lines.items[k], "rules"),
                       text_of(lines.items[k], "otherwise"));
        }
    }
}

void eg_compliance_form(struct eg_compliance *document) {
    struct form form = {.document = document, .arena = document->arena};
    const struct eg_node *root =
        eg_read_packed(document->arena, EG_STR(FORM), eg_embedded_find(FORM));
    const struct eg_node *others = EG_GET(root, "others");
    form.others_chapter = text_of(others, "chapter");
    form.others_title = text_of(others, "title");
    read_chapters(&form, root);
    sort_rules(&form);
    for (uint32_t i = 0; i < document->chapter_count; i++)
        finish_chapter(document->arena, &document->chapters[i]);
    read_checklists(&form, root);
}
