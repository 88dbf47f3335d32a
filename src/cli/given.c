/* Parameters that no template has; see given.h. Called by run.c. */
#include "cli/given.h"

#include "cli/options.h"
#include "policy/keys.h"

void eg_given_init(struct eg_given *given, struct eg_arena *arena,
                   const struct eg_parameter_values *parameters) {
    *given = (struct eg_given){.parameters = parameters, .arena = arena};
    eg_map_init(&given->known, arena);
}

static void note(struct eg_given *given, struct eg_str name) {
    if (eg_map_get(&given->known, name) == NULL)
        (void)eg_map_put(&given->known, eg_str_copy(given->arena, name), given);
}

void eg_given_note(struct eg_given *given, const struct eg_system *system) {
    if (given->parameters->values.count == 0 || system == NULL)
        return;
    for (uint32_t i = 0; i < system->stack_count; i++) {
        const struct eg_stack *stack = system->stacks[i];
        const struct eg_node *declared = stack->template_->parameters;
        if (eg_node_kind(declared) != EG_MAP)
            continue;
        for (uint32_t k = 0; k < declared->as.map.count; k++) {
            struct eg_str name = declared->as.map.items[k].key;
            note(given, name);
            note(given, eg_str_format(given->arena, "%.*s.%.*s", EG_STR_ARGS(stack->name),
                                      EG_STR_ARGS(name)));
        }
    }
}

/* Name.ResolvedValue gives what the parameter Name stands for. */
static struct eg_str parameter_of(struct eg_str key) {
    size_t dot = eg_str_find_last(key, '.');
    bool resolved = eg_str_ends_with(key, EG_STR(".ResolvedValue"));
    return resolved ? eg_str_slice(key, 0, dot) : key;
}

static void tell(const struct eg_given *given, struct eg_str name) {
    struct eg_str *names = EG_NEW_ARRAY(given->arena, struct eg_str, given->known.count);
    for (uint32_t i = 0; i < given->known.count; i++)
        names[i] = given->known.entries[i].key;
    struct eg_str nearest = eg_keys_nearest(name, names, given->known.count);
    if (nearest.length > 0)
        eg_cli_tell(NULL, "no template has the parameter '%.*s'; did you mean '%.*s'?",
                    EG_STR_ARGS(name), EG_STR_ARGS(nearest));
    else
        eg_cli_tell(NULL, "no template has the parameter '%.*s'", EG_STR_ARGS(name));
}

void eg_given_tell(const struct eg_given *given) {
    const struct eg_map *values = &given->parameters->values;
    for (uint32_t i = 0; i < values->count; i++) {
        const struct eg_node *value = values->entries[i].value;
        struct eg_str name = parameter_of(values->entries[i].key);
        if (value->source != NULL && eg_str_is(value->source->name, "<command line>") &&
            eg_map_get(&given->known, name) == NULL)
            tell(given, name);
    }
}
