/* Which parts of the network's picture are at fault: a box or a wire is, if a rule of the chapter
 * that shows the picture fails for something that it stands for. See compliance.h and network.h. */
#include "report/compliance.h"

/* The failures of one resource. */
struct faults {
    const struct eg_kept *kept;
    const struct faults *next;
};

static struct eg_str key_of(struct eg_arena *arena, struct eg_str stack, struct eg_str resource) {
    return eg_str_format(arena, "%.*s\n%.*s", EG_STR_ARGS(stack), EG_STR_ARGS(resource));
}

static bool is_of_picture(const struct eg_compliance *document, const struct eg_kept *kept) {
    const struct eg_topic *home = document->entries[kept->result.rule->number].home;
    return kept->result.verdict == EG_VERDICT_FAIL && home != NULL && home->chapter->network;
}

static void collect(const struct eg_compliance *document, struct eg_map *by_resource) {
    for (uint32_t i = 0; i < document->kept_count; i++) {
        const struct eg_kept *kept = document->kept[i];
        if (!is_of_picture(document, kept))
            continue;
        struct eg_str key = key_of(document->arena, kept->result.stack, kept->result.resource);
        struct faults *first = eg_map_get(by_resource, key);
        struct faults *added = EG_NEW(document->arena, struct faults);
        /* Behind the first, so that the map's entry stays. */
        *added = (struct faults){kept, first == NULL ? NULL : first->next};
        if (first == NULL)
            (void)eg_map_put(by_resource, key, added);
        else
            first->next = added;
    }
}

static const struct eg_kept *worse(const struct eg_kept *a, const struct eg_kept *b) {
    if (a == NULL || b->result.severity > a->result.severity)
        return b;
    return a;
}

static const struct eg_kept *fault_of(const struct eg_compliance *document,
                                      const struct eg_map *by_resource,
                                      const struct eg_network_subject *subject) {
    const struct eg_kept *worst = NULL;
    for (; subject != NULL; subject = subject->next) {
        struct eg_str key = key_of(document->arena, subject->stack, subject->resource);
        const struct faults *faults = eg_map_get(by_resource, key);
        for (; faults != NULL; faults = faults->next)
            if (subject->object.length == 0 ||
                eg_str_equal(subject->object, faults->kept->result.object))
                worst = worse(worst, faults->kept);
    }
    return worst;
}

void eg_compliance_mark_network(struct eg_compliance *document) {
    struct eg_map by_resource;
    eg_map_init(&by_resource, document->arena);
    collect(document, &by_resource);
    for (uint32_t i = 0; i < document->site_count; i++) {
        struct eg_network_site *site = document->sites[i];
        for (uint32_t k = 0; k < site->box_count; k++)
            site->boxes[k].fault = fault_of(document, &by_resource, site->boxes[k].subjects);
        for (uint32_t k = 0; k < site->wire_count; k++)
            site->wires[k].fault = fault_of(document, &by_resource, site->wires[k].subjects);
    }
}
