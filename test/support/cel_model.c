/* A small model for tests of CEL; see cel_model.h. */
#include "support/cel_model.h"

static void define_type(struct cel_model *model, struct eg_type *type, const char *name,
                        struct eg_field *fields, uint32_t count) {
    type->name = eg_str_from(name);
    type->fields = fields;
    type->field_count = count;
    eg_map_init(&type->by_name, model->arena);
    for (uint32_t i = 0; i < count; i++) {
        fields[i].number = i;
        eg_map_put(&type->by_name, fields[i].name, &fields[i]);
    }
    eg_map_put(&model->schema.types, type->name, type);
}

static void define_linux_parameters(struct cel_model *model) {
    model->linux_fields[0] =
        (struct eg_field){.name = EG_STR("initProcessEnabled"), .shape = {.kind = EG_FIELD_BOOL}};
    model->linux_fields[1] = (struct eg_field){
        .name = EG_STR("drop"), .shape = {.kind = EG_FIELD_LIST, .element = &model->string_shape}};
    define_type(model, &model->linux_parameters, "LinuxParameters", model->linux_fields, 2);
}

static void define_container(struct cel_model *model) {
    struct eg_object *no_linux = EG_NEW(model->arena, struct eg_object);
    no_linux->type = &model->linux_parameters;
    struct eg_field *fields = model->container_fields;
    fields[CEL_CONTAINER_NAME] =
        (struct eg_field){.name = EG_STR("name"), .shape = model->string_shape};
    fields[CEL_CONTAINER_IMAGE] =
        (struct eg_field){.name = EG_STR("image"), .shape = model->string_shape};
    fields[CEL_CONTAINER_PRIVILEGED] =
        (struct eg_field){.name = EG_STR("privileged"), .shape = {.kind = EG_FIELD_BOOL}};
    fields[CEL_CONTAINER_CPU] = (struct eg_field){.name = EG_STR("cpu"), .shape = model->int_shape};
    fields[CEL_CONTAINER_LINUX] = (struct eg_field){.name = EG_STR("linux"),
                                                    .shape = model->linux_shape,
                                                    .value = cel_model_node(model, no_linux, NULL)};
    fields[CEL_CONTAINER_ESSENTIAL] = (struct eg_field){
        .name = EG_STR("essential"), .shape = {.kind = EG_FIELD_BOOL}, .value = eg_node_bool(true)};
    fields[CEL_CONTAINER_LABELS] = (struct eg_field){
        .name = EG_STR("labels"), .shape = {.kind = EG_FIELD_MAP, .element = &model->string_shape}};
    fields[CEL_CONTAINER_PORTS] = (struct eg_field){
        .name = EG_STR("ports"), .shape = {.kind = EG_FIELD_LIST, .element = &model->int_shape}};
    define_type(model, &model->container, "container", fields, CEL_CONTAINER_FIELDS);
}

void cel_model_init(struct cel_model *model, struct eg_arena *arena) {
    *model = (struct cel_model){.arena = arena};
    eg_map_init(&model->schema.types, arena);
    model->string_shape.kind = EG_FIELD_STRING;
    model->int_shape.kind = EG_FIELD_INT;
    model->linux_shape =
        (struct eg_shape){.kind = EG_FIELD_OBJECT, .object = &model->linux_parameters};
    model->container_shape =
        (struct eg_shape){.kind = EG_FIELD_OBJECT, .object = &model->container};
    model->containers_shape =
        (struct eg_shape){.kind = EG_FIELD_LIST, .element = &model->container_shape};
    define_linux_parameters(model);
    define_container(model);
    for (uint32_t i = 0; i < CEL_MODEL_VARIABLES; i++) {
        model->variables[i] = (struct eg_variable){
            .name = eg_str_format(arena, "V%u", i), .count = 2, .condition = true, .number = i};
        model->conditions[i] = (struct eg_condition){.kind = EG_CONDITION_VARIABLE,
                                                     .name = model->variables[i].name,
                                                     .variable = &model->variables[i]};
    }
}

struct eg_object *cel_model_container(struct cel_model *model, const char *name,
                                      const struct eg_node *raw) {
    struct eg_object *object = EG_NEW(model->arena, struct eg_object);
    object->type = &model->container;
    object->raw = raw;
    object->fields = EG_NEW_ARRAY(model->arena, const struct eg_node *, CEL_CONTAINER_FIELDS);
    object->fields[CEL_CONTAINER_NAME] = eg_node_string(model->arena, eg_str_from(name), raw);
    return object;
}

const struct eg_node *cel_model_node(struct cel_model *model, const struct eg_object *object,
                                     const struct eg_node *at) {
    struct eg_node *node = eg_node_new(model->arena, EG_OBJECT, at);
    node->as.object = object;
    return node;
}

const struct eg_node *cel_model_choice(struct cel_model *model, uint32_t number,
                                       const struct eg_node *yes, const struct eg_node *no) {
    struct eg_choice *made = EG_NEW(model->arena, struct eg_choice);
    *made = (struct eg_choice){&model->conditions[number], yes, no};
    struct eg_node *node = eg_node_new(model->arena, EG_CHOICE, NULL);
    node->as.choice = made;
    return node;
}
