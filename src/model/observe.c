/* Facts of alarms, dashboards and topics. */
#include "model/facts.h"
#include "model/holes.h"
#include "model/normalize.h"
#include "node/text.h"

/* ---- alarms ---- */

static const struct eg_node *alarm_is_composite(struct eg_scenario *scenario,
                                                const struct eg_item *alarm) {
    (void)scenario;
    return eg_node_bool(eg_str_is(alarm->resource->type, "AWS::CloudWatch::CompositeAlarm"));
}

static void add_stat(struct eg_list_builder *list, const struct eg_item *alarm,
                     const struct eg_node *namespace_, const struct eg_node *name,
                     const struct eg_node *dimensions, const struct eg_node *at) {
    struct eg_item *stat = eg_item_part(alarm, "MetricStat", at);
    eg_item_set(stat, "namespace", namespace_);
    eg_item_set(stat, "metricName", name);
    eg_item_set(stat, "dimensions", dimensions);
    eg_list_add(list, stat->node);
}

static const struct eg_node *alarm_stats(struct eg_scenario *scenario,
                                         const struct eg_item *alarm) {
    struct eg_list_builder list;
    eg_list_begin(&list, alarm->build->arena);
    if (eg_item_given(scenario, alarm, "metricName")->kind != EG_ABSENT)
        add_stat(&list, alarm, eg_item_given(scenario, alarm, "namespace"),
                 eg_item_given(scenario, alarm, "metricName"),
                 eg_item_given(scenario, alarm, "dimensions"), alarm->object.raw);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, alarm, "metrics"));
    while (eg_walk_next(&walk)) {
        if (walk.element->kind != EG_MAP) {
            eg_list_add(&list, walk.element);
            continue;
        }
        const struct eg_node *metric =
            eg_member(scenario, eg_member(scenario, walk.element, "MetricStat"), "Metric");
        if (metric->kind != EG_MAP)
            continue; /* an expression over the others */
        const struct eg_node *dimensions = eg_member(scenario, metric, "Dimensions");
        if (dimensions->kind == EG_LIST)
            dimensions = eg_scenario_force(
                scenario, eg_normalize_list(alarm, "Dimension", dimensions, false, "Dimensions"));
        add_stat(&list, alarm, eg_member(scenario, metric, "Namespace"),
                 eg_member(scenario, metric, "MetricName"), dimensions, metric);
    }
    return eg_list_node(&list, alarm->object.raw);
}

/* The object of KIND that a dimension's value names: by reference (any attribute, also in the
 * middle of a text), or a service by its name. */
static void add_named(struct eg_scenario *scenario, struct eg_links *links,
                      const struct eg_node *value, const char *kind) {
    const struct eg_item *alarm = links->self;
    uint32_t count = value->kind == EG_PARTIAL ? value->as.list.count : 1;
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_node *piece = value->kind == EG_PARTIAL
                                          ? eg_scenario_force(scenario, value->as.list.items[i])
                                          : value;
        const struct eg_item *item = eg_item_target(alarm, piece);
        if (item == NULL && piece->kind == EG_STRING && value->kind == EG_STRING)
            item = eg_item_for(alarm->build, eg_index_named(&alarm->build->index, EG_NAMES_SERVICE,
                                                            alarm->stack, piece->as.text));
        if (eg_item_is_type(item, kind))
            eg_links_add(links, item);
    }
}

static const struct eg_node *observed(struct eg_scenario *scenario, const struct eg_item *alarm,
                                      const char *kind) {
    struct eg_links links;
    eg_links_begin(&links, alarm);
    struct eg_walk stats;
    eg_walk_begin(&stats, scenario, eg_item_get(scenario, alarm, "stats"));
    while (eg_walk_next(&stats)) {
        const struct eg_item *stat = eg_item_in(stats.element);
        struct eg_walk walk;
        if (stat == NULL)
            continue;
        eg_walk_begin(&walk, scenario, eg_item_get(scenario, stat, "dimensions"));
        while (eg_walk_next(&walk)) {
            const struct eg_item *dimension = eg_item_in(walk.element);
            if (dimension != NULL)
                add_named(scenario, &links, eg_item_given(scenario, dimension, "value"), kind);
        }
    }
    return eg_links_end(&links);
}

static const struct eg_node *alarm_services(struct eg_scenario *scenario,
                                            const struct eg_item *alarm) {
    return observed(scenario, alarm, "service");
}

static const struct eg_node *alarm_target_groups(struct eg_scenario *scenario,
                                                 const struct eg_item *alarm) {
    return observed(scenario, alarm, "targetGroup");
}

static const struct eg_node *alarm_balancers(struct eg_scenario *scenario,
                                             const struct eg_item *alarm) {
    return observed(scenario, alarm, "loadBalancer");
}

/* Actions that are topics; an automation's or a scaling policy's ARN is none. */
static const struct eg_node *alarm_topics(struct eg_scenario *scenario,
                                          const struct eg_item *alarm) {
    struct eg_links links;
    eg_links_begin(&links, alarm);
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, alarm, "alarmActions"));
    while (eg_walk_next(&walk)) {
        const struct eg_item *topic = eg_item_target(alarm, walk.element);
        if (eg_item_is_type(topic, "topic"))
            eg_links_add(&links, topic);
        else if (eg_resolve_target(walk.element) == NULL && eg_text_is(walk.element) &&
                 eg_text_contains(walk.element, EG_STR(":sns:")) != EG_FALSE)
            eg_links_add_node(&links, eg_item_outside(alarm, walk.element));
    }
    return eg_links_end(&links);
}

static const struct eg_node *alarm_in_composite(struct eg_scenario *scenario,
                                                const struct eg_item *alarm) {
    (void)scenario;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &alarm->build->index, alarm->resource,
                      "AWS::CloudWatch::CompositeAlarm");
    return eg_node_bool(eg_incoming_next(&incoming));
}

static const struct eg_node *alarm_in_deployment(struct eg_scenario *scenario,
                                                 const struct eg_item *alarm) {
    static const char *const types[] = {"AWS::ECS::Service", "AWS::CodeDeploy::DeploymentGroup"};
    (void)scenario;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct eg_incoming incoming;
        eg_incoming_begin(&incoming, &alarm->build->index, alarm->resource, types[i]);
        if (eg_incoming_next(&incoming))
            return eg_node_bool(true);
    }
    return eg_node_bool(false);
}

/* ---- dashboards ---- */

static const struct eg_node *dashboard_json(struct eg_scenario *scenario,
                                            const struct eg_item *dashboard,
                                            const struct eg_node **ret_unknown) {
    return eg_holes_json(dashboard->build->arena,
                         eg_item_given(scenario, dashboard, "dashboardBody"), ret_unknown);
}

static const struct eg_node *dashboard_is_valid(struct eg_scenario *scenario,
                                                const struct eg_item *dashboard) {
    const struct eg_node *unknown;
    const struct eg_node *json = dashboard_json(scenario, dashboard, &unknown);
    if (json == NULL && unknown != NULL)
        return eg_item_outside(dashboard, unknown);
    return eg_node_bool(json != NULL && json->kind == EG_MAP);
}

static const struct eg_node *dashboard_widgets(struct eg_scenario *scenario,
                                               const struct eg_item *dashboard) {
    const struct eg_node *unknown;
    const struct eg_node *json = dashboard_json(scenario, dashboard, &unknown);
    if (json == NULL && unknown != NULL)
        return eg_item_outside(dashboard, unknown);
    const struct eg_node *widgets = eg_member(scenario, json, "widgets");
    if (widgets->kind == EG_UNKNOWN)
        return widgets;
    return eg_item_int(dashboard, widgets->kind == EG_LIST ? widgets->as.list.count : 0);
}

/* ---- topics ---- */

static const struct eg_node *topic_subscriptions(struct eg_scenario *scenario,
                                                 const struct eg_item *topic) {
    int64_t count = 0;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_item_get(scenario, topic, "subscription"));
    while (eg_walk_next(&walk))
        count++;
    struct eg_incoming incoming;
    eg_incoming_begin(&incoming, &topic->build->index, topic->resource, "AWS::SNS::Subscription");
    while (eg_incoming_next(&incoming))
        if (eg_names(eg_property(scenario, incoming.resource, "TopicArn"), topic->resource) ==
            EG_TRUE)
            count++;
    return eg_item_int(topic, count);
}

static const struct eg_node *topic_alarms(struct eg_scenario *scenario,
                                          const struct eg_item *topic) {
    static const char *const types[] = {"AWS::CloudWatch::Alarm",
                                        "AWS::CloudWatch::CompositeAlarm"};
    struct eg_links links;
    eg_links_begin(&links, topic);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct eg_incoming incoming;
        eg_incoming_begin(&incoming, &topic->build->index, topic->resource, types[i]);
        while (eg_incoming_next(&incoming)) {
            const struct eg_item *alarm = eg_item_for(topic->build, incoming.resource);
            struct eg_walk walk;
            if (alarm == NULL)
                continue;
            eg_walk_begin(&walk, scenario, eg_item_get(scenario, alarm, "topics"));
            while (eg_walk_next(&walk))
                if (eg_item_in(walk.element) == topic)
                    eg_links_add(&links, alarm);
        }
    }
    return eg_links_end(&links);
}

const struct eg_fact eg_facts_observe[] = {
    {"alarm", "isComposite", alarm_is_composite},
    {"alarm", "stats", alarm_stats},
    {"alarm", "services", alarm_services},
    {"alarm", "targetGroups", alarm_target_groups},
    {"alarm", "loadBalancers", alarm_balancers},
    {"alarm", "topics", alarm_topics},
    {"alarm", "usedInComposite", alarm_in_composite},
    {"alarm", "usedInDeployment", alarm_in_deployment},
    {"dashboard", "isValid", dashboard_is_valid},
    {"dashboard", "widgetCount", dashboard_widgets},
    {"topic", "subscriptionCount", topic_subscriptions},
    {"topic", "alarms", topic_alarms},
    {NULL, NULL, NULL},
};
