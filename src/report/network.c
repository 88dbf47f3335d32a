/* Reading the network out of the model; see network.h. Called by compliance.c. */
#include "report/network.h"

struct reader {
    struct eg_arena *arena; /* of the document */
    struct eg_scenario *scenario;
    const struct eg_model *model;
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

/* ---- sources ---- */

static struct eg_network_source *add_source(const struct reader *reader,
                                            struct eg_network_site *site) {
    size_t size = sizeof *site->sources;
    site->sources = eg_arena_grow(reader->arena, site->sources, site->source_count * size,
                                  (site->source_count + 1) * size);
    return &site->sources[site->source_count++];
}

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

/* The ports that SITE's rules open to one of GROUPS. */
static struct eg_str ports_for(const struct reader *reader, const struct eg_node *object,
                               struct eg_list groups) {
    struct eg_list rules = list_field(reader, object, "ingress");
    for (uint32_t i = 0; i < rules.count; i++) {
        const struct eg_node *rule = item(reader, rules, i);
        if (is_in(reader, groups, field(reader, rule, "sourceGroup")))
            return ports_of(reader, rule);
    }
    return EG_STR("");
}

/* "internet-facing, HTTPS 443, HTTP 80" */
static struct eg_str listeners_of(const struct reader *reader, const struct eg_node *balancer) {
    struct eg_list listeners = list_field(reader, balancer, "listeners");
    struct eg_str scheme = text_field(reader, balancer, "scheme");
    struct eg_str text = scheme.length > 0 ? scheme : EG_STR("internet-facing");
    for (uint32_t i = 0; i < listeners.count; i++) {
        const struct eg_node *listener = item(reader, listeners, i);
        struct eg_str protocol = text_field(reader, listener, "protocol");
        int64_t port;
        if (int_field(reader, listener, "port", &port))
            text = eg_str_format(reader->arena, "%.*s, %.*s %lld", EG_STR_ARGS(text),
                                 EG_STR_ARGS(protocol), (long long)port);
    }
    return kept(reader, text);
}

static struct eg_list balancers_of(const struct reader *reader, const struct eg_node *object) {
    return list_field(reader, field(reader, object, "service"), "frontends");
}

static void add_balancers(const struct reader *reader, const struct eg_node *object,
                          struct eg_network_site *site) {
    struct eg_list balancers = balancers_of(reader, object);
    for (uint32_t i = 0; i < balancers.count; i++) {
        const struct eg_node *balancer = item(reader, balancers, i);
        if (balancer->kind != EG_OBJECT)
            continue;
        struct eg_list groups = list_field(reader, balancer, "securityGroups");
        struct eg_network_source *source = add_source(reader, site);
        source->kind = EG_NETWORK_LOAD_BALANCER;
        source->name = kept(reader, text_field(reader, balancer, "logicalId"));
        source->detail = listeners_of(reader, balancer);
        source->ports = ports_for(reader, object, groups);
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

static enum eg_network_kind kind_of(struct eg_str class) {
    if (eg_str_starts_with(class, EG_STR("internet-")))
        return EG_NETWORK_INTERNET;
    return class.length == 0 || eg_str_is(class, "prefix-list") ? EG_NETWORK_OPEN
                                                                : EG_NETWORK_INSIDE;
}

/* Two rules may say the same, one inline and one as a resource of its own. */
static bool is_known(const struct eg_network_site *site, const struct eg_network_source *source) {
    for (uint32_t i = 0; i < site->source_count; i++)
        if (site->sources[i].kind == source->kind &&
            eg_str_equal(site->sources[i].name, source->name) &&
            eg_str_equal(site->sources[i].detail, source->detail) &&
            eg_str_equal(site->sources[i].ports, source->ports))
            return true;
    return false;
}

static void add_rule(const struct reader *reader, const struct eg_node *object,
                     const struct eg_node *rule, struct eg_network_site *site) {
    struct eg_str class = text_field(reader, rule, "sourceClass");
    struct eg_str text = text_field(reader, rule, "source");
    const struct eg_node *group = field(reader, rule, "sourceGroup");
    if (rule->kind != EG_OBJECT || is_balancer(reader, object, group) || eg_str_is(class, "self"))
        return;
    struct eg_network_source source = {.kind = kind_of(class), .ports = ports_of(reader, rule)};
    if (source.kind == EG_NETWORK_INTERNET) {
        source.name = EG_STR("Internet");
        source.detail = kept(reader, text);
    } else if (group->kind == EG_OBJECT) {
        source.name = kept(reader, text_field(reader, group, "logicalId"));
        source.detail = EG_STR("security group");
    } else {
        source.name = text.length > 0 ? kept(reader, text) : EG_STR("not known");
        source.detail = kept(reader, class);
    }
    if (!is_known(site, &source))
        *add_source(reader, site) = source;
}

static void add_sources(const struct reader *reader, const struct eg_node *object,
                        struct eg_network_site *site) {
    struct eg_list rules = list_field(reader, object, "ingress");
    add_balancers(reader, object, site);
    for (uint32_t i = 0; i < rules.count; i++)
        add_rule(reader, object, item(reader, rules, i), site);
    if (eg_node_kind(field(reader, object, "ingress")) != EG_LIST) {
        struct eg_network_source *source = add_source(reader, site);
        *source = (struct eg_network_source){EG_NETWORK_OPEN, EG_STR("not known"),
                                             EG_STR("its security groups are not in the inputs"),
                                             EG_STR("")};
    }
}

/* ---- data stores ---- */

/* Does one of STORE's groups admit one of GROUPS? */
static bool admits(const struct reader *reader, const struct eg_node *store,
                   struct eg_list groups) {
    struct eg_list own = list_field(reader, store, "securityGroups");
    for (uint32_t i = 0; i < own.count; i++) {
        struct eg_list rules = list_field(reader, item(reader, own, i), "ingress");
        for (uint32_t k = 0; k < rules.count; k++)
            if (is_in(reader, groups, field(reader, item(reader, rules, k), "sourceGroup")))
                return true;
    }
    return false;
}

static void add_store(const struct reader *reader, const struct eg_node *store,
                      struct eg_network_site *site) {
    size_t size = sizeof *site->stores;
    site->stores = eg_arena_grow(reader->arena, site->stores, site->store_count * size,
                                 (site->store_count + 1) * size);
    struct eg_network_store *added = &site->stores[site->store_count++];
    struct eg_str engine = text_field(reader, store, "engine");
    int64_t port;
    added->name = kept(reader, text_field(reader, store, "logicalId"));
    added->detail = kept(reader, engine);
    if (int_field(reader, store, "port", &port))
        added->detail = eg_str_format(reader->arena, "%.*s%sport %lld", EG_STR_ARGS(engine),
                                      engine.length > 0 ? ", " : "", (long long)port);
}

static void add_stores(const struct reader *reader, const struct eg_node *object,
                       struct eg_network_site *site) {
    static const char *const kinds[] = {"database", "cache"};
    struct eg_list groups = list_field(reader, object, "securityGroups");
    for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++) {
        struct eg_list stores = objects_of(reader, kinds[k]);
        for (uint32_t i = 0; i < stores.count; i++)
            if (admits(reader, stores.items[i], groups))
                add_store(reader, stores.items[i], site);
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

static void read_site(const struct reader *reader, const struct eg_node *object,
                      struct eg_network_site *site) {
    const struct eg_node *stack = field(reader, object, "stack");
    struct eg_str address = text_field(reader, object, "assignPublicIp");
    *site = (struct eg_network_site){
        .stack = kept(reader, text_field(reader, stack, "name")),
        .name = kept(reader, text_field(reader, object, "name")),
        .origin = kept(reader, text_field(reader, object, "origin")),
        .exposure = exposure_of(reader, object),
        .address = eg_str_is(address, "ENABLED")    ? EG_STR("public address")
                   : eg_str_is(address, "DISABLED") ? EG_STR("no public address")
                                                    : EG_STR(""),
    };
    site->is_public = eg_str_is(address, "ENABLED") &&
                      (eg_str_is(site->exposure, "public") || eg_str_is(site->exposure, "mixed"));
    add_sources(reader, object, site);
    add_stores(reader, object, site);
}

struct eg_network_site *eg_network_collect(struct eg_arena *arena, const struct eg_model *model,
                                           uint32_t *ret_count) {
    *ret_count = 0;
    if (model == NULL)
        return NULL;
    const struct reader reader = {arena, &model->system->scenario, model};
    struct eg_list objects = objects_of(&reader, "launchSite");
    struct eg_network_site *sites = EG_NEW_ARRAY(arena, struct eg_network_site, objects.count);
    for (uint32_t i = 0; i < objects.count; i++)
        read_site(&reader, objects.items[i], &sites[i]);
    *ret_count = objects.count;
    return sites;
}
