/* What evaluating costs in memory: nothing for a comparison or a match. The arena that a frame
 * gives for values made on the way is counted before and after. */
#include "cel/cel.h"
#include "support/cel_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct eg_arena lasting;
static struct cel_model model;

static int set_up(void **state) {
    (void)state;
    eg_arena_init(&lasting);
    cel_model_init(&model, &lasting);
    return 0;
}

static int tear_down(void **state) {
    (void)state;
    eg_arena_done(&lasting);
    return 0;
}

static const struct eg_node *text(const char *s) {
    return eg_node_string(&lasting, eg_str_from(s), NULL);
}

static const struct eg_node *container(void) {
    struct eg_object *object = cel_model_container(&model, "app", NULL);
    struct eg_list_builder ports;
    struct eg_map_builder labels;
    eg_list_begin(&ports, &lasting);
    eg_list_add(&ports, eg_node_int(&lasting, 80, NULL));
    eg_list_add(&ports, eg_node_int(&lasting, 443, NULL));
    eg_map_begin(&labels, &lasting);
    (void)eg_map_add(&labels, EG_STR("team"), 0, text("blue"), NULL);
    object->fields[CEL_CONTAINER_IMAGE] = text("registry/app:1.2");
    object->fields[CEL_CONTAINER_CPU] = eg_node_int(&lasting, 256, NULL);
    object->fields[CEL_CONTAINER_PORTS] = eg_list_node(&ports, NULL);
    object->fields[CEL_CONTAINER_LABELS] = eg_map_node(&labels, NULL);
    return cel_model_node(&model, object, NULL);
}

static const char *const comparisons[] = {
    "container.name == 'app'",
    "container.name != container.image",
    "container.cpu > 100 && container.cpu <= 1024",
    "container.cpu == 256.0 || container.cpu < 1u",
    "container.essential == true && !container.privileged",
    "container.name in ['a', 'b', 'app']",
    "80 in container.ports && !(81 in container.ports)",
    "'team' in container.labels && container.labels.team == 'blue' && container.labels['team'] == "
    "'blue'",
    "container.ports == [80, 443] && container.ports[1] == 443",
    "container.image.startsWith('registry/') && container.image.endsWith(':1.2')",
    "container.image.contains('app') && !container.image.contains('latest')",
    "container.ports.all(p, p < 1000) && container.ports.exists(p, p == 443)",
    "has(container.image) && !has(container.linux)",
    "container.linux.initProcessEnabled == false",
    "container.image.matches('^reg.*/[a-z]+:[0-9.]+$') && !container.image.matches('(a|p)+:2')",
    "(container.cpu > 1 ? container.name : container.image) == 'app'",
};

static void comparisons_allocate_nothing(void **state) {
    (void)state;
    const struct eg_cel_variable variable = {
        .name = EG_STR("container"),
        .shape = {.kind = EG_FIELD_OBJECT, .object = &model.container}};
    const struct eg_cel_env env = {
        .schema = &model.schema, .variables = &variable, .variable_count = 1};
    const struct eg_node *value = container();
    struct eg_scenario scenario;
    eg_scenario_init(&scenario, &lasting, CEL_MODEL_VARIABLES);
    struct eg_arena work;
    eg_arena_init(&work);
    scenario.arena = &work;
    (void)eg_arena_alloc(&work, 1); /* the block that what is given back goes back to */
    for (size_t i = 0; i < sizeof comparisons / sizeof *comparisons; i++) {
        struct eg_cel_program *program;
        struct eg_error error = {0};
        if (!eg_cel_compile(&lasting, &env, eg_str_from(comparisons[i]), NULL, &program, &error))
            fail_msg("%s", error.text);
        struct eg_cel_frame frame = {.arena = &work, .scenario = &scenario, .values = &value};
        size_t total = work.total, lasting_total = lasting.total;
        const char *next = work.next, *lasting_next = lasting.next;
        for (int round = 0; round < 3; round++) {
            const struct eg_node *result = eg_cel_eval(program, &frame);
            if (result->kind != EG_BOOL || !result->as.boolean)
                fail_msg("%s is not true", comparisons[i]);
        }
        if (work.total != total || work.next != next || lasting.total != lasting_total ||
            lasting.next != lasting_next)
            fail_msg("%s allocates", comparisons[i]);
    }
    eg_arena_done(&work);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(comparisons_allocate_nothing, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
