/* Finding the inputs that hang together; see gather.h. A file that holds none of the words that
 * make a link is not parsed for it. */
#include "engine/gather.h"

#include "base/file.h"

enum { LINK_NONE = 0, LINK_IMPORTS = 1, LINK_EXPORTS = 2, LINK_NESTS = 4 };

static int links_in(struct eg_str text) {
    int links = LINK_NONE;
    if (eg_str_contains(text, EG_STR("ImportValue")) ||
        eg_str_contains(text, EG_STR("GetStackOutput")))
        links |= LINK_IMPORTS;
    if (eg_str_contains(text, EG_STR("Export")))
        links |= LINK_EXPORTS;
    if (eg_str_contains(text, EG_STR("AWS::CloudFormation::Stack")))
        links |= LINK_NESTS;
    return links;
}

/* What one input's text says. Errors of reading are left to the judging of the input. */
static int look_into(const struct eg_input_path *path) {
    /* An assembly holds what its stacks need of each other; only one that the user named may also
     * hang together with what else he named. */
    if (path->kind == EG_INPUT_ASSEMBLY)
        return path->walked ? LINK_NONE : LINK_IMPORTS | LINK_EXPORTS;
    if (eg_str_is(path->path, "-"))
        return LINK_NONE;
    struct eg_arena scratch;
    eg_arena_init(&scratch);
    struct eg_error error = {0};
    struct eg_str text;
    int links =
        eg_file_read(&scratch, path->path, path->path, &text, &error) ? links_in(text) : LINK_NONE;
    eg_arena_done(&scratch);
    return links;
}

/* Notes the files of the nested stacks of one input. */
static void note_nested(struct eg_arena *arena, const struct eg_input_path *path,
                        struct eg_map *nested) {
    struct eg_arena scratch;
    eg_arena_init(&scratch);
    struct eg_input input = {0};
    struct eg_error_list errors = {0};
    if (eg_load_input(&scratch, path, &input, &errors))
        for (uint32_t i = 0; i < input.template_count; i++)
            if (input.templates[i]->parent != NULL)
                (void)eg_map_put(nested, eg_str_copy(arena, input.templates[i]->path), nested);
    eg_arena_done(&scratch);
}

static struct eg_gathered_system *add_system(struct eg_gathered *gathered, struct eg_arena *arena,
                                             uint32_t room) {
    struct eg_gathered_system *system = &gathered->systems[gathered->count++];
    system->paths = EG_NEW_ARRAY(arena, const struct eg_input_path *, room);
    return system;
}

void eg_gather(struct eg_arena *arena, const struct eg_input_list *inputs,
               struct eg_gathered *ret_gathered) {
    *ret_gathered = (struct eg_gathered){
        .systems = EG_NEW_ARRAY(arena, struct eg_gathered_system, inputs->count),
    };
    eg_map_init(&ret_gathered->nested, arena);
    int *links = EG_NEW_ARRAY(arena, int, inputs->count);
    uint32_t importing = 0;
    for (uint32_t i = 0; inputs->count > 1 && i < inputs->count; i++) {
        links[i] = look_into(&inputs->items[i]);
        importing += (links[i] & LINK_IMPORTS) != 0;
        if (links[i] & LINK_NESTS)
            note_nested(arena, &inputs->items[i], &ret_gathered->nested);
    }
    struct eg_gathered_system *linked = NULL;
    for (uint32_t i = 0; i < inputs->count; i++) {
        const struct eg_input_path *path = &inputs->items[i];
        if (eg_map_get(&ret_gathered->nested, path->path) != NULL)
            continue;
        bool hangs = importing > 0 && (links[i] & (LINK_IMPORTS | LINK_EXPORTS)) != 0;
        if (hangs && linked == NULL)
            linked = add_system(ret_gathered, arena, inputs->count);
        struct eg_gathered_system *system = hangs ? linked : add_system(ret_gathered, arena, 1);
        system->paths[system->count++] = path;
    }
}
