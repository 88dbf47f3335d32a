/* Which settings of a task definition its platform does not support; see structure.h.
 *
 * From "Amazon ECS task definition differences for Fargate", "… for Windows" and "Task networking
 * with awsvpc" in the ECS developer guide. What those list no longer (systemControls, pidMode task,
 * tmpfs) is not here. */
#include "model/structure_check.h"
#include "node/text.h"

enum platform { FARGATE, AWSVPC, WINDOWS, ANYWHERE };
enum owner { TASK, CONTAINER, VOLUME };

/* A setting that a platform does not support. It is in use if it is given: a bool that is true, a
 * list or text that is not empty. */
static const struct setting {
    enum platform platform;
    enum owner owner;
    const char *path;     /* of the owner */
    const char *value;    /* only with this text; NULL: with any */
    const char *taken[3]; /* these texts are supported; none is if there are none here */
    int low, high;        /* numbers from low to high are supported; high 0: none is */
    const char *why;      /* ANYWHERE: what happened to it */
} settings[] = {
    {FARGATE, TASK, "ipcMode", .value = NULL},
    {FARGATE, TASK, "placementConstraints", .value = NULL},
    {FARGATE, TASK, "ephemeralStorage.sizeInGiB", .low = 21, .high = 200},
    {FARGATE, CONTAINER, "privileged", .value = NULL},
    {FARGATE, CONTAINER, "dockerSecurityOptions", .value = NULL},
    {FARGATE, CONTAINER, "resourceRequirements", .value = NULL},
    {FARGATE, CONTAINER, "linuxParameters.maxSwap", .value = NULL},
    {FARGATE, CONTAINER, "linuxParameters.swappiness", .value = NULL},
    {FARGATE, CONTAINER, "linuxParameters.sharedMemorySize", .value = NULL},
    {FARGATE, CONTAINER, "linuxParameters.devices", .value = NULL},
    {FARGATE, CONTAINER, "logConfiguration.logDriver",
     .taken = {"awslogs", "splunk", "awsfirelens"}},
    {FARGATE, CONTAINER, "firelensConfiguration.options.config-file-type", .value = "s3"},
    {FARGATE, CONTAINER, "stopTimeout", .low = 0, .high = 120},
    {FARGATE, VOLUME, "dockerVolumeConfiguration", .value = NULL},
    {FARGATE, VOLUME, "host.sourcePath", .value = NULL},
    {AWSVPC, CONTAINER, "links", .value = NULL},
    {AWSVPC, CONTAINER, "hostname", .value = NULL},
    {AWSVPC, CONTAINER, "dnsServers", .value = NULL},
    {AWSVPC, CONTAINER, "dnsSearchDomains", .value = NULL},
    {AWSVPC, CONTAINER, "extraHosts", .value = NULL},
    {AWSVPC, CONTAINER, "disableNetworking", .value = NULL},
    {WINDOWS, TASK, "pidMode", .value = NULL},
    {WINDOWS, TASK, "ipcMode", .value = NULL},
    {WINDOWS, TASK, "proxyConfiguration", .value = NULL},
    {WINDOWS, CONTAINER, "linuxParameters", .value = NULL},
    {WINDOWS, CONTAINER, "privileged", .value = NULL},
    {WINDOWS, CONTAINER, "readonlyRootFilesystem", .value = NULL},
    {WINDOWS, CONTAINER, "ulimits", .value = NULL},
    {WINDOWS, CONTAINER, "environmentFiles", .value = NULL},
    {WINDOWS, CONTAINER, "firelensConfiguration", .value = NULL},
    {WINDOWS, VOLUME, "efsVolumeConfiguration", .value = NULL},
    {ANYWHERE, TASK, "inferenceAccelerators", .why = "Elastic Inference is closed"},
    {ANYWHERE, TASK, "proxyConfiguration", .why = "App Mesh is at its end"},
};
enum { SETTING_COUNT = sizeof settings / sizeof *settings };

static const char *const platform_names[] = {"Fargate", "Network mode awsvpc", "Windows", ""};

struct platforms {
    struct eg_structure_checker checker;
    struct eg_structure_use *uses;
    uint32_t count, capacity;
    const struct eg_node *facts[ANYWHERE]; /* a bool, or why it isn't known */
};

/* ---- platforms ---- */

static const struct eg_node *is_text(const struct eg_node *value, const char *text) {
    return eg_structure_is_open(value) ? value : eg_node_bool(eg_node_is_string(value, text));
}

static bool is_true(const struct eg_node *node) {
    return node->kind == EG_BOOL && node->as.boolean;
}

static void read_platforms(struct platforms *platforms) {
    struct eg_structure_checker *checker = &platforms->checker;
    const struct eg_node *fargate = eg_structure_field(checker, checker->task, "isFargate");
    const struct eg_node *mode = eg_structure_field(checker, checker->task, "networkMode");
    const struct eg_node *awsvpc = is_text(mode, "awsvpc");
    platforms->facts[FARGATE] = fargate;
    platforms->facts[AWSVPC] =
        is_true(fargate) || (!is_true(awsvpc) && fargate->kind == EG_UNKNOWN) ? fargate : awsvpc;
    platforms->facts[WINDOWS] =
        is_text(eg_structure_field(checker, checker->task, "os"), "WINDOWS");
}

/* ---- what is in use ---- */

/* Are there elements? A condition may take each of them away. */
static const struct eg_node *list_use(struct eg_structure_checker *checker,
                                      const struct eg_node *list) {
    const struct eg_node *use = eg_node_bool(false);
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *element = eg_structure_element(checker, list, i);
        if (element->kind == EG_UNKNOWN)
            use = element;
        else if (element->kind != EG_ABSENT)
            return eg_node_bool(true);
    }
    return use;
}

enum { TAKEN_COUNT = sizeof settings->taken / sizeof *settings->taken };

static bool is_taken(const struct setting *setting, struct eg_str text) {
    for (size_t i = 0; i < TAKEN_COUNT && setting->taken[i] != NULL; i++)
        if (eg_str_is(text, setting->taken[i]))
            return true;
    return false;
}

/* Is the setting with VALUE (forced) in use as the platform doesn't support it? A bool, or the
 * value that would tell. */
static const struct eg_node *use_of(struct eg_structure_checker *checker,
                                    const struct setting *setting, const struct eg_node *value) {
    bool depends = setting->value != NULL || setting->taken[0] != NULL || setting->high != 0;
    if (value->kind == EG_UNKNOWN || (depends && eg_structure_is_open(value)))
        return value;
    if (value->kind == EG_LIST)
        return list_use(checker, value);
    if (value->kind == EG_INT && setting->high != 0)
        return eg_node_bool(value->as.integer < setting->low || value->as.integer > setting->high);
    if (value->kind == EG_STRING && setting->value != NULL)
        return eg_node_bool(eg_node_is_string(value, setting->value));
    if (value->kind == EG_STRING && setting->taken[0] != NULL)
        return eg_node_bool(value->as.text.length > 0 && !is_taken(setting, value->as.text));
    if (value->kind == EG_STRING)
        return eg_node_bool(value->as.text.length > 0);
    return value->kind == EG_BOOL
               ? value
               : eg_node_bool(value->kind != EG_ABSENT && value->kind != EG_NULL);
}

/* ---- telling ---- */

/* " (host)", " (256)"; empty for what is no single value */
static struct eg_str value_text(struct eg_arena *arena, const struct eg_node *value) {
    if (value->kind == EG_INT)
        return eg_str_format(arena, " (%lld)", (long long)value->as.integer);
    if (!eg_text_is(value))
        return EG_STR("");
    struct eg_str shown = eg_text_show(arena, value);
    return eg_str_format(arena, " (%.*s)", EG_STR_ARGS(shown));
}

/* "a, b or c" */
static struct eg_str taken_text(struct eg_arena *arena, const struct setting *setting) {
    struct eg_str text = eg_str_from(setting->taken[0]);
    for (size_t i = 1; i < TAKEN_COUNT && setting->taken[i] != NULL; i++) {
        bool last = i + 1 == TAKEN_COUNT || setting->taken[i + 1] == NULL;
        text = eg_str_format(arena, "%.*s%s%s", EG_STR_ARGS(text), last ? " or " : ", ",
                             setting->taken[i]);
    }
    return text;
}

/* "container 'app': Fargate takes for stopTimeout 0 to 120, not 300" */
static struct eg_str message_of(struct platforms *platforms, const struct setting *setting,
                                struct eg_str owner, const struct eg_node *value) {
    struct eg_arena *arena = platforms->checker.arena;
    const char *platform = platform_names[setting->platform];
    struct eg_str shown = value_text(arena, value);
    if (setting->why != NULL)
        return eg_str_format(arena, "%.*s%s: %s", EG_STR_ARGS(owner), setting->path, setting->why);
    if (setting->taken[0] != NULL)
        return eg_str_format(arena, "%.*s%s%.*s: %s has only %.*s", EG_STR_ARGS(owner),
                             setting->path, EG_STR_ARGS(shown), platform,
                             EG_STR_ARGS(taken_text(arena, setting)));
    if (setting->high != 0)
        return eg_str_format(arena, "%.*s%s%.*s: %s takes %d to %d", EG_STR_ARGS(owner),
                             setting->path, EG_STR_ARGS(shown), platform, setting->low,
                             setting->high);
    return eg_str_format(arena, "%.*s%s%.*s: %s does not support it", EG_STR_ARGS(owner),
                         setting->path, EG_STR_ARGS(shown), platform);
}

static struct eg_structure_use *add_use(struct platforms *platforms) {
    if (platforms->count == platforms->capacity) {
        uint32_t capacity = platforms->capacity == 0 ? 4 : platforms->capacity * 2;
        platforms->uses = eg_arena_grow(platforms->checker.arena, platforms->uses,
                                        platforms->capacity * sizeof *platforms->uses,
                                        capacity * sizeof *platforms->uses);
        platforms->capacity = capacity;
    }
    return &platforms->uses[platforms->count++];
}

/* OBJECT, which OWNER introduces in messages and PREFIX in paths, for one setting. */
static void check(struct platforms *platforms, const struct setting *setting,
                  const struct eg_node *object, struct eg_str owner, struct eg_str prefix) {
    struct eg_structure_checker *checker = &platforms->checker;
    const struct eg_node *value = eg_structure_way(checker, object, setting->path);
    const struct eg_node *use = use_of(checker, setting, value);
    const struct eg_node *platform =
        setting->platform == ANYWHERE ? eg_node_bool(true) : platforms->facts[setting->platform];
    if ((use->kind == EG_BOOL && !use->as.boolean) ||
        (platform->kind == EG_BOOL && !platform->as.boolean))
        return;
    if (!is_true(use) || !is_true(platform)) {
        eg_structure_leave_open(checker, is_true(use) ? platform : use);
        return;
    }
    *add_use(platforms) = (struct eg_structure_use){
        .setting = setting->path,
        .platform = platform_names[setting->platform],
        .message = message_of(platforms, setting, owner, value),
        .path = eg_str_format(checker->arena, "%.*s%s", EG_STR_ARGS(prefix), setting->path),
        .at = value,
    };
}

/* ---- what has settings ---- */

static void check_owner(struct platforms *platforms, enum owner kind, const struct eg_node *object,
                        struct eg_str owner, struct eg_str prefix) {
    for (size_t i = 0; i < SETTING_COUNT; i++)
        if (settings[i].owner == kind)
            check(platforms, &settings[i], object, owner, prefix);
}

static void check_list(struct platforms *platforms, enum owner kind, const char *field,
                       const char *noun) {
    struct eg_structure_checker *checker = &platforms->checker;
    const struct eg_node *list = eg_structure_list(checker, checker->task, field);
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *object = eg_structure_element(checker, list, i);
        const struct eg_node *name = eg_structure_field(checker, object, "name");
        struct eg_str shown = eg_text_is(name) ? eg_text_show(checker->arena, name) : EG_STR("");
        if (object->kind == EG_OBJECT)
            check_owner(platforms, kind, object,
                        eg_str_format(checker->arena, "%s '%.*s': ", noun, EG_STR_ARGS(shown)),
                        eg_str_format(checker->arena, "%s[%u].", field, i));
    }
}

/* Fargate has no daemons. */
static void check_services(struct platforms *platforms) {
    struct eg_structure_checker *checker = &platforms->checker;
    const struct eg_node *list = eg_structure_field(checker, checker->task, "services");
    for (uint32_t i = 0; i < eg_structure_length(list); i++) {
        const struct eg_node *service = eg_structure_element(checker, list, i);
        const struct eg_node *fargate = eg_structure_field(checker, service, "isFargate");
        const struct eg_node *strategy = eg_structure_field(checker, service, "schedulingStrategy");
        const struct eg_node *daemon = is_text(strategy, "DAEMON");
        if (is_true(fargate) && eg_structure_is_open(daemon))
            eg_structure_leave_open(checker, daemon);
        if (is_true(daemon) && fargate->kind == EG_UNKNOWN)
            eg_structure_leave_open(checker, fargate);
        if (!is_true(fargate) || !is_true(daemon))
            continue;
        struct eg_str id = eg_node_text(eg_structure_field(checker, service, "logicalId"));
        *add_use(platforms) = (struct eg_structure_use){
            .setting = "schedulingStrategy",
            .platform = platform_names[FARGATE],
            .message = eg_str_format(checker->arena,
                                     "service %.*s: schedulingStrategy (DAEMON): Fargate does not "
                                     "support it",
                                     EG_STR_ARGS(id)),
            .path = EG_STR("schedulingStrategy"),
            .at = strategy,
        };
    }
}

struct eg_structure_uses eg_structure_unsupported(struct eg_scenario *scenario,
                                                  const struct eg_node *task) {
    struct platforms platforms = {
        .checker = {.scenario = scenario, .arena = scenario->lasting, .task = task}};
    eg_list_begin(&platforms.checker.open, scenario->lasting);
    read_platforms(&platforms);
    check_owner(&platforms, TASK, task, EG_STR(""), EG_STR(""));
    check_list(&platforms, CONTAINER, "containerDefinitions", "container");
    check_list(&platforms, VOLUME, "volumes", "volume");
    check_services(&platforms);
    return (struct eg_structure_uses){platforms.uses, platforms.count,
                                      eg_list_end(&platforms.checker.open)};
}
