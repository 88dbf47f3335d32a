/* Launch sites: every place of a system that starts tasks (catalogue A.4). Here: finding them, and
 * where each origin writes what. Their facts are in site.c.
 *
 * The spelling differs by origin: task sets and Events say AwsVpcConfiguration, all others
 * AwsvpcConfiguration. Step Functions' states are in a JSON text with holes. */
#include "model/launchsite.h"

#include "base/limits.h"
#include "model/facts.h"
#include "model/holes.h"
#include "node/text.h"

#include <string.h>

enum site_origin {
    SITE_SERVICE,
    SITE_TASK_SET,
    SITE_RULE,
    SITE_SCHEDULE,
    SITE_PIPE,
    SITE_STATE_MACHINE,
    SITE_EXPRESS,
    SITE_DAEMON,
    SITE_RUN_TASK,
};

/* Where the parts stand, below the item's value; a role may stand in the resource (^). */
static const struct site_form {
    const char *name;
    const char *type;
    const char *parts[EG_SITE_PART_COUNT];
} forms[] = {
    [SITE_SERVICE] = {"service",
                      "AWS::ECS::Service",
                      {"TaskDefinition", "Cluster", "NetworkConfiguration.AwsvpcConfiguration",
                       "LaunchType", "PlatformVersion", "CapacityProviderStrategy",
                       "EnableExecuteCommand", NULL, NULL, "ServiceName"}},
    [SITE_TASK_SET] = {"taskSet",
                       "AWS::ECS::TaskSet",
                       {"TaskDefinition", "Cluster", "NetworkConfiguration.AwsVpcConfiguration",
                        "LaunchType", "PlatformVersion", "CapacityProviderStrategy", NULL, NULL,
                        NULL, NULL}},
    [SITE_RULE] = {"rule",
                   "AWS::Events::Rule",
                   {"EcsParameters.TaskDefinitionArn", "Arn",
                    "EcsParameters.NetworkConfiguration.AwsVpcConfiguration",
                    "EcsParameters.LaunchType", "EcsParameters.PlatformVersion",
                    "EcsParameters.CapacityProviderStrategy", "EcsParameters.EnableExecuteCommand",
                    "Input", "RoleArn", "^Name"}},
    [SITE_SCHEDULE] = {"schedule",
                       "AWS::Scheduler::Schedule",
                       {"Target.EcsParameters.TaskDefinitionArn", "Target.Arn",
                        "Target.EcsParameters.NetworkConfiguration.AwsvpcConfiguration",
                        "Target.EcsParameters.LaunchType", "Target.EcsParameters.PlatformVersion",
                        "Target.EcsParameters.CapacityProviderStrategy",
                        "Target.EcsParameters.EnableExecuteCommand", "Target.Input",
                        "Target.RoleArn", "Name"}},
    [SITE_PIPE] = {"pipe",
                   "AWS::Pipes::Pipe",
                   {"TargetParameters.EcsTaskParameters.TaskDefinitionArn", "Target",
                    "TargetParameters.EcsTaskParameters.NetworkConfiguration.AwsvpcConfiguration",
                    "TargetParameters.EcsTaskParameters.LaunchType",
                    "TargetParameters.EcsTaskParameters.PlatformVersion",
                    "TargetParameters.EcsTaskParameters.CapacityProviderStrategy",
                    "TargetParameters.EcsTaskParameters.EnableExecuteCommand",
                    "TargetParameters.EcsTaskParameters.Overrides", "RoleArn", "Name"}},
    [SITE_STATE_MACHINE] = {"stateMachine",
                            "AWS::StepFunctions::StateMachine",
                            {"TaskDefinition", "Cluster",
                             "NetworkConfiguration.AwsvpcConfiguration", "LaunchType",
                             "PlatformVersion", "CapacityProviderStrategy", "EnableExecuteCommand",
                             "Overrides", "^RoleArn", NULL}},
    [SITE_EXPRESS] = {"express",
                      "AWS::ECS::ExpressGatewayService",
                      {NULL, "Cluster", "NetworkConfiguration", NULL, NULL, NULL, NULL, NULL, NULL,
                       "ServiceName"}},
    [SITE_DAEMON] = {"daemon",
                     "AWS::ECS::Daemon",
                     {"DaemonTaskDefinitionArn", "ClusterArn", NULL, NULL, NULL, NULL,
                      "EnableExecuteCommand", NULL, NULL, "DaemonName"}},
    [SITE_RUN_TASK] = {"runTask",
                       "AWS::ECS::RunTask",
                       {"TaskDefinition", "Cluster", "NetworkConfiguration.AwsvpcConfiguration",
                        "LaunchType", "PlatformVersion", "CapacityProviderStrategy",
                        "EnableExecuteCommand", "Overrides", NULL, "Group"}},
};

enum { FORM_COUNT = sizeof forms / sizeof forms[0] };

/* ---- reading the parts ---- */

/* A value that a state machine takes from its input at run time. */
static const struct eg_node *from_input(struct eg_scenario *scenario, const struct eg_node *at) {
    return eg_node_unknown(
        scenario->arena,
        (struct eg_unknown){.why = EG_WHY_ATTRIBUTE, .name = EG_STR("the state machine's input")},
        at);
}

/* MAP's KEY, in an API document also with a small first letter and in the API's own case. */
static const struct eg_node *written(struct eg_scenario *scenario, const struct eg_node *map,
                                     struct eg_str key) {
    char text[64];
    size_t length = key.length < sizeof text ? key.length : sizeof text - 1;
    memcpy(text, key.data, length);
    text[length] = 0;
    const struct eg_node *value = eg_member(scenario, map, text);
    if (value->kind != EG_ABSENT)
        return value;
    /* Step Functions: "Subnets.$" takes the value from the state's input. */
    if (length + 2 < sizeof text) {
        memcpy(text + length, ".$", 3);
        const struct eg_node *computed = eg_member(scenario, map, text);
        text[length] = 0;
        if (computed->kind != EG_ABSENT)
            return from_input(scenario, computed);
    }
    text[0] = (char)(text[0] | 0x20);
    value = eg_member(scenario, map, text);
    if (value->kind == EG_ABSENT && strcmp(text, "awsVpcConfiguration") == 0)
        value = eg_member(scenario, map, "awsvpcConfiguration");
    return value;
}

const struct eg_node *eg_site_member(struct eg_scenario *scenario, const struct eg_node *map,
                                     struct eg_str key) {
    const struct eg_node *value = written(scenario, map, key);
    if (value->kind == EG_STRING && eg_str_starts_with(value->as.text, EG_STR("{%")))
        return from_input(scenario, value); /* JSONata */
    return value->kind == EG_NULL ? eg_node_absent() : value;
}

const struct eg_node *eg_site_part(struct eg_scenario *scenario, const struct eg_item *site,
                                   enum eg_site_part part) {
    const char *path = forms[site->variant].parts[part];
    if (path == NULL)
        return eg_node_absent();
    const struct eg_node *node = eg_scenario_force(scenario, site->value);
    if (path[0] == '^') {
        node = site->resource->properties;
        path++;
    }
    struct eg_str rest = eg_str_from(path);
    while (rest.length > 0) {
        size_t dot = eg_str_find(rest, EG_STR("."), 0);
        node = eg_site_member(scenario, node, eg_str_slice(rest, 0, dot));
        rest = dot == SIZE_MAX ? EG_STR("") : eg_str_from_offset(rest, dot + 1);
    }
    return node;
}

/* ---- making them ---- */

struct maker {
    struct eg_build *build;
    struct eg_resource *resource;
    enum site_origin origin;
    struct eg_item *last; /* of the resource's sites */
};

static struct eg_item *add_site(struct maker *maker, const struct eg_node *value,
                                struct eg_str path, const struct eg_presence *presence,
                                const struct eg_node *raw) {
    struct eg_item *site = eg_item_new(maker->build, &(struct eg_item_spec){
                                                         .type = "launchSite",
                                                         .resource = maker->resource,
                                                         .path = path,
                                                         .presence = presence,
                                                         .raw = raw,
                                                         .value = value,
                                                         .variant = (int)maker->origin,
                                                     });
    if (maker->last == NULL)
        maker->build->first_sites[maker->resource->number] = site;
    else
        maker->last->next = site;
    maker->last = site;
    eg_item_set_text(site, "origin", eg_str_from(forms[maker->origin].name));
    return site;
}

static const struct eg_presence *presence_in(const struct maker *maker,
                                             const struct eg_presence *outer,
                                             const struct eg_node *choice, bool wanted) {
    struct eg_presence *presence = EG_NEW(maker->build->arena, struct eg_presence);
    *presence = (struct eg_presence){choice->as.choice->condition, wanted, outer};
    return presence;
}

/* Every target of a rule that starts tasks, in every branch. */
static void add_targets(struct maker *maker, const struct eg_node *targets,
                        const struct eg_presence *presence, uint32_t index, unsigned depth) {
    if (targets == NULL || depth > EG_LIMIT_DEPTH)
        return;
    if (targets->kind == EG_CHOICE) {
        add_targets(maker, targets->as.choice->if_true, presence_in(maker, presence, targets, true),
                    index, depth + 1);
        add_targets(maker, targets->as.choice->if_false,
                    presence_in(maker, presence, targets, false), index, depth + 1);
    } else if (targets->kind == EG_LIST) {
        for (uint32_t i = 0; i < targets->as.list.count; i++)
            add_targets(maker, targets->as.list.items[i], presence, i, depth + 1);
    } else if (EG_GET(targets, "EcsParameters") != NULL) {
        add_site(maker, targets, eg_str_format(maker->build->arena, "Targets[%u]", index), presence,
                 targets);
    }
}

/* Does a state start a task? Its Resource is arn:…:states:::ecs:runTask, perhaps with .sync or
 * .waitForTaskToken behind, or the SDK integration. */
static bool is_run_task(const struct eg_node *resource) {
    static const char *const marks[] = {":states:::ecs:runTask", ":states:::aws-sdk:ecs:runTask"};
    if (resource == NULL)
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        struct eg_str mark = eg_str_from(marks[i]);
        if (resource->kind == EG_STRING && eg_str_contains(resource->as.text, mark))
            return true;
        for (uint32_t k = 0; resource->kind == EG_PARTIAL && k < resource->as.list.count; k++)
            if (eg_str_contains(eg_node_text(resource->as.list.items[k]), mark))
                return true;
    }
    return false;
}

/* Every state of a definition: States maps, Branches, Iterator and ItemProcessor nest further. */
static void add_states(struct maker *maker, const struct eg_node *node, struct eg_str name,
                       const struct eg_presence *presence, unsigned depth) {
    if (node == NULL || depth > EG_LIMIT_DEPTH)
        return;
    if (node->kind == EG_LIST) {
        for (uint32_t i = 0; i < node->as.list.count; i++)
            add_states(maker, node->as.list.items[i], name, presence, depth + 1);
        return;
    }
    if (node->kind != EG_MAP)
        return;
    if (is_run_task(EG_GET(node, "Resource"))) {
        const struct eg_node *parameters = EG_GET(node, "Arguments");
        if (parameters == NULL)
            parameters = EG_GET(node, "Parameters");
        if (parameters != NULL) {
            struct eg_item *site =
                add_site(maker, parameters,
                         eg_str_format(maker->build->arena, "States.%.*s", EG_STR_ARGS(name)),
                         presence, parameters);
            eg_item_set_text(site, "name", name);
        }
        return;
    }
    for (uint32_t i = 0; i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        add_states(maker, entry->value, entry->key, presence, depth + 1);
    }
}

/* "${TaskArn}" in the text of a definition, as DefinitionSubstitutions says. */
static const struct eg_node *substituted(struct maker *maker, const struct eg_node *text,
                                         const struct eg_node *values) {
    if (text->kind != EG_STRING || values->kind != EG_MAP)
        return text;
    struct eg_arena *arena = maker->build->arena;
    struct eg_list_builder pieces;
    eg_list_begin(&pieces, arena);
    struct eg_str rest = text->as.text;
    for (;;) {
        size_t start = eg_str_find(rest, EG_STR("${"), 0);
        size_t end = start == SIZE_MAX ? SIZE_MAX : eg_str_find(rest, EG_STR("}"), start);
        if (end == SIZE_MAX)
            break;
        const struct eg_node *value =
            eg_node_get(values, eg_str_slice(rest, start + 2, end - start - 2));
        size_t taken = value == NULL ? end + 1 : start;
        eg_list_add(&pieces, eg_node_string(arena, eg_str_slice(rest, 0, taken), text));
        if (value != NULL)
            eg_list_add(&pieces, eg_scenario_force(&maker->build->system->scenario, value));
        rest = eg_str_from_offset(rest, end + 1);
    }
    eg_list_add(&pieces, eg_node_string(arena, rest, text));
    return eg_text_join(arena, pieces.items, pieces.count, text);
}

static void add_state_machine(struct maker *maker, const struct eg_presence *presence) {
    struct eg_scenario *scenario = &maker->build->system->scenario;
    const struct eg_node *definition = eg_property(scenario, maker->resource, "DefinitionString");
    if (definition->kind == EG_ABSENT)
        definition = eg_property(scenario, maker->resource, "Definition");
    definition = substituted(maker, definition,
                             eg_property(scenario, maker->resource, "DefinitionSubstitutions"));
    const struct eg_node *parsed = eg_holes_json(maker->build->arena, definition, NULL);
    add_states(maker, parsed, EG_STR(""), presence, 0);
}

static void add_resource_sites(struct eg_build *build, struct eg_resource *resource,
                               enum site_origin origin) {
    const struct eg_item *item = build->resource_items[resource->number];
    struct maker maker = {.build = build, .resource = resource, .origin = origin};
    if (item == NULL)
        return;
    if (origin == SITE_RULE) {
        add_targets(&maker, eg_resource_property(resource, "Targets"), item->presence, 0, 0);
        return;
    }
    if (origin == SITE_STATE_MACHINE) {
        add_state_machine(&maker, item->presence);
        return;
    }
    /* Schedules and pipes have other targets than ECS. */
    struct eg_scenario *scenario = &build->system->scenario;
    if (origin == SITE_SCHEDULE &&
        eg_member(scenario, eg_property(scenario, resource, "Target"), "EcsParameters")->kind ==
            EG_ABSENT)
        return;
    if (origin == SITE_PIPE &&
        eg_member(scenario, eg_property(scenario, resource, "TargetParameters"),
                  "EcsTaskParameters")
                ->kind == EG_ABSENT)
        return;
    add_site(&maker, resource->properties, EG_STR(""), item->presence, resource->raw);
}

void eg_launch_sites_build(struct eg_build *build) {
    struct eg_system *system = build->system;
    build->first_sites = EG_NEW_ARRAY(build->arena, struct eg_item *, system->resource_count);
    for (uint32_t i = 0; i < build->index.resource_count; i++) {
        struct eg_resource *resource = build->index.resources[i];
        for (size_t k = 0; resource != NULL && k < FORM_COUNT; k++)
            if (eg_str_is(resource->type, forms[k].type))
                add_resource_sites(build, resource, (enum site_origin)k);
    }
}
