/* Reading the network out of the model; see network.h. Called by compliance.c. */
#include "report/network.h"

#include "base/buf.h"

enum { BOX_LIMIT = 64 }; /* in one picture */

struct reader {
    struct eg_arena *arena; /* of the document */
    struct eg_scenario *scenario;
    const struct eg_model *model;
    struct eg_network_site *site; /* that is being read */
};

/* ---- fields of the model ---- */

/* A field under the empty scenario; EG_ABSENT if it is not given or not an object's. */
static const struct eg_node *field(const struct reader *reader, const struct eg_node *object,
                                   const char *name) {
    if (eg_node_kind(object) != EG_OBJECT)
        return eg_node_absent();
    return eg_scenario_force(reader->scenario,
                             eg_object_given(object->as.object, eg_str_from(name)));
}

static struct eg_list list_field(const struct reader *reader, const struct eg_node *object,
                                 const char *name) {
    const struct eg_node *list = field(reader, object, name);
    return list->kind == EG_LIST ? list->as.list : (struct eg_list){0};
}

static const struct eg_node *item(const struct reader *reader, struct eg_list list, uint32_t i) {
    return eg_scenario_force(reader->scenario, list.items[i]);
}

static struct eg_str text_field(const struct reader *reader, const struct eg_node *object,
                                const char *name) {
    return eg_node_text(field(reader, object, name));
}

static bool int_field(const struct reader *reader, const struct eg_node *object, const char *name,
                      int64_t *ret) {
    const struct eg_node *value = field(reader, object, name);
    if (value->kind != EG_INT)
        return false;
    *ret = value->as.integer;
    return true;
}

static struct eg_str kept(const struct reader *reader, struct eg_str text) {
    return eg_str_copy(reader->arena, text);
}

/* Is OBJECT in LIST? Objects are one node each. */
static bool is_in(const struct reader *reader, struct eg_list list, const struct eg_node *object) {
    for (uint32_t i = 0; i < list.count; i++) {
        const struct eg_node *other = item(reader, list, i);
        if (other->kind == EG_OBJECT && object->kind == EG_OBJECT &&
            other->as.object == object->as.object)
            return true;
    }
    return false;
}

static struct eg_list objects_of(const struct reader *reader, const char *kind) {
    const struct eg_model_kind *objects = eg_model_kind(reader->model, eg_str_from(kind));
    if (objects == NULL)
        return (struct eg_list){0};
    return (struct eg_list){objects->objects, objects->count};
}

/* ---- the picture's parts ---- */

/* RESULT's resource and object are named as the judge names them: the resource of OWNER, and of
 * OBJECT its path, or its own id where it is a resource of its own
 * (AWS::EC2::SecurityGroupIngress). */
static const struct eg_network_subject *subject_of(const struct reader *reader,
                                                   const struct eg_node *owner,
                                                   const struct eg_node *object,
                                                   const struct eg_network_subject *next) {
    if (eg_node_kind(owner) != EG_OBJECT)
        return next;
    const struct eg_resource *resource = eg_model_resource(owner->as.object);
    if (resource == NULL)
        return next;
    struct eg_network_subject *subject = EG_NEW(reader->arena, struct eg_network_subject);
    *subject = (struct eg_network_subject){.stack = kept(reader, resource->stack->name),
                                           .resource = kept(reader, resource->logical_id),
                                           .object = EG_STR(""),
                                           .next = next};
    if (eg_node_kind(object) == EG_OBJECT) {
        const struct eg_resource *own = eg_model_resource(object->as.object);
        subject->object = own != NULL && own != resource
                              ? kept(reader, own->logical_id)
                              : kept(reader, eg_model_path(object->as.object, reader->arena));
    }
    return subject;
}

static bool same_box(const struct eg_network_box *a, const struct eg_network_box *b) {
    return a->kind == b->kind && eg_str_equal(a->name, b->name) &&
           eg_str_equal(a->detail, b->detail);
}

/* The number of the box, which is added unless it is there. The last box stands for all that find
 * no room: a picture of more would show nothing, and a group may have thousands of rules. */
static uint32_t put_box(struct reader *reader, struct eg_network_box box) {
    struct eg_network_site *site = reader->site;
    if (site->box_count >= BOX_LIMIT - 1)
        box = (struct eg_network_box){
            .kind = EG_NETWORK_OPEN, .name = EG_STR("others"), .detail = EG_STR("not drawn")};
    for (uint32_t i = 0; i < site->box_count; i++)
        if (same_box(&site->boxes[i], &box))
            return i;
    if (site->box_count == site->box_capacity) {
        uint32_t more = site->box_capacity == 0 ? 8 : site->box_capacity * 2;
        site->boxes =
            eg_arena_grow(reader->arena, site->boxes, site->box_count * sizeof *site->boxes,
                          more * sizeof *site->boxes);
        site->box_capacity = more;
    }
    site->boxes[site->box_count] = box;
    return site->box_count++;
}

static uint32_t put_internet(struct reader *reader) {
    return put_box(reader, (struct eg_network_box){.kind = EG_NETWORK_INTERNET,
                                                   .name = EG_STR("Internet"),
                                                   .detail = EG_STR("")});
}

static struct eg_network_wire *same_way(struct eg_network_site *site, uint32_t from, uint32_t to) {
    for (uint32_t i = 0; i < site->wire_count; i++)
        if (site->wires[i].from == from && site->wires[i].to == to)
            return &site->wires[i];
    return NULL;
}

static const struct eg_network_subject *joined(const struct reader *reader,
                                               const struct eg_network_subject *first,
                                               const struct eg_network_subject *second) {
    for (; first != NULL; first = first->next) {
        struct eg_network_subject *copy = EG_NEW(reader->arena, struct eg_network_subject);
        *copy = *first;
        copy->next = second;
        second = copy;
    }
    return second;
}

static void add_label(struct eg_network_wire *wire, struct eg_str label) {
    for (uint32_t i = 0; i < wire->label_count; i++)
        if (eg_str_equal(wire->labels[i], label))
            return;
    if (label.length == 0)
        return;
    if (wire->label_count < EG_NETWORK_LABELS)
        wire->labels[wire->label_count++] = label;
    else
        wire->more_labels = true;
}

static void join_labels(const struct reader *reader, struct eg_network_wire *wire) {
    struct eg_buf out;
    eg_buf_init(&out);
    for (uint32_t i = 0; i < wire->label_count; i++) {
        eg_buf_puts(&out, i > 0 ? ", " : "");
        eg_buf_add_str(&out, wire->labels[i]);
    }
    eg_buf_puts(&out, wire->more_labels ? " and more" : "");
    wire->label = eg_str_copy(reader->arena, eg_buf_str(&out));
    eg_buf_done(&out);
}

/* One wire for all rules between two boxes: their ports and subjects are added up. */
static void put_wire(struct reader *reader, struct eg_network_wire wire) {
    struct eg_network_site *site = reader->site;
    struct eg_network_wire *same = same_way(site, wire.from, wire.to);
    if (same != NULL) {
        add_label(same, wire.label);
        same->subjects = joined(reader, wire.subjects, same->subjects);
        same->open = same->open && wire.open;
        return;
    }
    add_label(&wire, wire.label);
    if (site->wire_count == site->wire_capacity) {
        uint32_t more = site->wire_capacity == 0 ? 8 : site->wire_capacity * 2;
        site->wires =
            eg_arena_grow(reader->arena, site->wires, site->wire_count * sizeof *site->wires,
                          more * sizeof *site->wires);
        site->wire_capacity = more;
    }
    site->wires[site->wire_count++] = wire;
}

/* ---- who connects ---- */

static struct eg_str ports_of(const struct reader *reader, const struct eg_node *rule) {
    int64_t from, to;
    if (!int_field(reader, rule, "fromPort", &from) || !int_field(reader, rule, "toPort", &to))
        return EG_STR("");
    if (from <= 0 && to >= 65535)
        return EG_STR("all ports");
    if (from == to)
        return eg_str_format(reader->arena, "port %lld", (long long)from);
    return eg_str_format(reader->arena, "ports %lld to %lld", (long long)from, (long long)to);
}

static struct eg_list balancers_of(const struct reader *reader, const struct eg_node *object) {
    return list_field(reader, field(reader, object, "service"), "frontends");
}

/* From the internet to BALANCER, by its listeners: "HTTPS 443, HTTP 80". */
static void add_listeners(struct reader *reader, const struct eg_node *balancer, uint32_t box) {
    struct eg_list listeners = list_field(reader, balancer, "listeners");
    struct eg_str scheme = text_field(reader, balancer, "scheme");
    if (eg_str_is(scheme, "internal"))
        return;
    struct eg_network_wire wire = {
        .from = put_internet(reader), .to = box, .label = EG_STR(""), .open = scheme.length == 0};
    for (uint32_t i = 0; i < listeners.count; i++) {
        const struct eg_node *listener = item(reader, listeners, i);
        int64_t port;
        if (!int_field(reader, listener, "port", &port))
            continue;
        wire.label =
            eg_str_format(reader->arena, "%.*s %lld",
                          EG_STR_ARGS(text_field(reader, listener, "protocol")), (long long)port);
        wire.subjects = subject_of(reader, listener, NULL, NULL);
        put_wire(reader, wire);
    }
    if (listeners.count == 0)
        put_wire(reader, wire);
}

/* The number of BALANCER's box. */
static uint32_t put_balancer(struct reader *reader, const struct eg_node *balancer) {
    struct eg_str scheme = text_field(reader, balancer, "scheme");
    struct eg_network_box box = {
        .kind = EG_NETWORK_LOAD_BALANCER,
        .name = kept(reader, text_field(reader, balancer, "logicalId")),
        .detail = scheme.length > 0 ? kept(reader, scheme) : EG_STR("load balancer"),
        .subjects = subject_of(reader, balancer, NULL, NULL),
    };
    return put_box(reader, box);
}

static void add_balancers(struct reader *reader, const struct eg_node *object) {
    struct eg_list balancers = balancers_of(reader, object);
    struct eg_list rules = list_field(reader, object, "ingress");
    for (uint32_t i = 0; i < balancers.count; i++) {
        const struct eg_node *balancer = item(reader, balancers, i);
        if (balancer->kind != EG_OBJECT)
            continue;
        uint32_t box = put_balancer(reader, balancer);
        struct eg_list groups = list_field(reader, balancer, "securityGroups");
        struct eg_network_wire wire = {.from = box, .to = 0, .label = EG_STR(""), .open = true};
        add_listeners(reader, balancer, box);
        for (uint32_t k = 0; k < rules.count; k++) {
            const struct eg_node *rule = item(reader, rules, k);
            if (!is_in(reader, groups, field(reader, rule, "sourceGroup")))
                continue;
            wire.label = ports_of(reader, rule);
            wire.open = false;
            wire.subjects = subject_of(reader, field(reader, rule, "group"), rule, NULL);
            put_wire(reader, wire);
        }
        if (wire.open)
            put_wire(reader, wire);
    }
}

/* Is the rule's source the group of a load balancer that is pictured already? */
static bool is_balancer(const struct reader *reader, const struct eg_node *object,
                        const struct eg_node *group) {
    struct eg_list balancers = balancers_of(reader, object);
    for (uint32_t i = 0; i < balancers.count; i++)
        if (is_in(reader, list_field(reader, item(reader, balancers, i), "securityGroups"), group))
            return true;
    return false;
}

static bool is_internet(struct eg_str class) {
    return eg_str_starts_with(class, EG_STR("internet-"));
}

/* The number of the box of RULE's source. */
static uint32_t put_source(struct reader *reader, const struct eg_node *rule) {
    struct eg_str class = text_field(reader, rule, "sourceClass");
    struct eg_str text = text_field(reader, rule, "source");
    const struct eg_node *group = field(reader, rule, "sourceGroup");
    bool known = class.length > 0 && !eg_str_is(class, "prefix-list");
    struct eg_network_box box = {.kind = known ? EG_NETWORK_INSIDE : EG_NETWORK_OPEN,
                                 .name = text.length > 0 ? text : EG_STR("not known"),
                                 .detail = class};
    if (is_internet(class))
        return put_internet(reader);
    if (group->kind == EG_OBJECT) {
        box.name = text_field(reader, group, "logicalId");
        box.detail = EG_STR("security group");
    }
    box.name = kept(reader, box.name);
    box.detail = kept(reader, box.detail);
    return put_box(reader, box);
}

static void add_rule(struct reader *reader, const struct eg_node *rule, uint32_t to) {
    struct eg_str source = text_field(reader, rule, "source");
    struct eg_str ports = ports_of(reader, rule);
    struct eg_network_wire wire = {
        .from = put_source(reader, rule),
        .to = to,
        .label = ports,
        .subjects = subject_of(reader, field(reader, rule, "group"), rule, NULL),
    };
    if (is_internet(text_field(reader, rule, "sourceClass")))
        wire.label =
            eg_str_format(reader->arena, "%.*s: %.*s", EG_STR_ARGS(source), EG_STR_ARGS(ports));
    wire.open = reader->site->boxes[wire.from].kind == EG_NETWORK_OPEN;
    put_wire(reader, wire);
}

static void add_sources(struct reader *reader, const struct eg_node *object) {
    struct eg_list rules = list_field(reader, object, "ingress");
    add_balancers(reader, object);
    for (uint32_t i = 0; i < rules.count; i++) {
        const struct eg_node *rule = item(reader, rules, i);
        if (rule->kind == EG_OBJECT &&
            !eg_str_is(text_field(reader, rule, "sourceClass"), "self") &&
            !is_balancer(reader, object, field(reader, rule, "sourceGroup")))
            add_rule(reader, rule, 0);
    }
    if (field(reader, object, "ingress")->kind == EG_LIST)
        return;
    uint32_t box = put_box(
        reader, (struct eg_network_box){.kind = EG_NETWORK_OPEN,
                                        .name = EG_STR("not known"),
                                        .detail = EG_STR("its security groups are elsewhere")});
    put_wire(reader,
             (struct eg_network_wire){.from = box, .to = 0, .label = EG_STR(""), .open = true});
}

/* ---- data stores ---- */

static uint32_t put_store(struct reader *reader, const struct eg_node *store) {
    return put_box(reader, (struct eg_network_box){
                               .kind = EG_NETWORK_STORE,
                               .name = kept(reader, text_field(reader, store, "logicalId")),
                               .detail = kept(reader, text_field(reader, store, "engine")),
                               .subjects = subject_of(reader, store, NULL, NULL)});
}

/* STORE is pictured where one of its groups admits one of GROUPS, with what else comes to it from
 * the internet. */
static void add_store(struct reader *reader, const struct eg_node *store, struct eg_list groups) {
    struct eg_list own = list_field(reader, store, "securityGroups");
    bool admitted = false;
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < own.count; i++) {
            struct eg_list rules = list_field(reader, item(reader, own, i), "ingress");
            for (uint32_t k = 0; k < rules.count; k++) {
                const struct eg_node *rule = item(reader, rules, k);
                const struct eg_node *group = field(reader, rule, "group");
                if (pass == 0 && is_in(reader, groups, field(reader, rule, "sourceGroup"))) {
                    admitted = true;
                    put_wire(reader, (struct eg_network_wire){
                                         .from = 0,
                                         .to = put_store(reader, store),
                                         .label = ports_of(reader, rule),
                                         .subjects = subject_of(reader, group, rule, NULL)});
                }
                if (pass == 1 && admitted && is_internet(text_field(reader, rule, "sourceClass")))
                    add_rule(reader, rule, put_store(reader, store));
            }
        }
}

static void add_stores(struct reader *reader, const struct eg_node *object) {
    static const char *const kinds[] = {"database", "cache"};
    struct eg_list groups = list_field(reader, object, "securityGroups");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct eg_list stores = objects_of(reader, kinds[k]);
        for (uint32_t i = 0; i < stores.count; i++)
            add_store(reader, stores.items[i], groups);
    }
}

/* ---- sites ---- */

/* One word for the exposures of all subnets. */
static struct eg_str exposure_of(const struct reader *reader, const struct eg_node *object) {
    struct eg_list exposures = list_field(reader, object, "exposures");
    struct eg_str all = EG_STR("");
    for (uint32_t i = 0; i < exposures.count; i++) {
        struct eg_str one = eg_node_text(item(reader, exposures, i));
        if (one.length == 0)
            return EG_STR("unknown");
        if (all.length > 0 && !eg_str_equal(all, one))
            return EG_STR("mixed");
        all = one;
    }
    return all.length > 0 ? kept(reader, all) : EG_STR("unknown");
}

/* "private subnets, no public address" */
static struct eg_str detail_of(const struct reader *reader, const struct eg_node *object) {
    struct eg_str address = text_field(reader, object, "assignPublicIp");
    const char *words = eg_str_is(address, "ENABLED")    ? ", public address"
                        : eg_str_is(address, "DISABLED") ? ", no public address"
                                                         : "";
    return eg_str_format(reader->arena, "%.*s subnets%s", EG_STR_ARGS(exposure_of(reader, object)),
                         words);
}

static void read_site(struct reader *reader, const struct eg_node *object) {
    const struct eg_node *stack = field(reader, object, "stack");
    *reader->site = (struct eg_network_site){
        .stack = kept(reader, text_field(reader, stack, "name")),
        .name = kept(reader, text_field(reader, object, "name")),
    };
    (void)put_box(reader,
                  (struct eg_network_box){.kind = EG_NETWORK_TASKS,
                                          .name = reader->site->name,
                                          .detail = detail_of(reader, object),
                                          .subjects = subject_of(reader, object, NULL, NULL)});
    add_sources(reader, object);
    add_stores(reader, object);
    for (uint32_t i = 0; i < reader->site->wire_count; i++)
        join_labels(reader, &reader->site->wires[i]);
}

struct eg_network_site *eg_network_collect(struct eg_arena *arena, const struct eg_model *model,
                                           uint32_t *ret_count) {
    *ret_count = 0;
    if (model == NULL)
        return NULL;
    struct reader reader = {arena, &model->system->scenario, model, NULL};
    struct eg_list objects = objects_of(&reader, "launchSite");
    struct eg_network_site *sites = EG_NEW_ARRAY(arena, struct eg_network_site, objects.count);
    for (uint32_t i = 0; i < objects.count; i++) {
        reader.site = &sites[i];
        read_site(&reader, objects.items[i]);
    }
    *ret_count = objects.count;
    return sites;
}
