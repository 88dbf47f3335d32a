/* Look-up among the embedded files. */
#include "base/embedded.h"

#include <stdlib.h>
#include <string.h>

static int compare_path(const void *path, const void *file) {
    return strcmp(path, ((const struct eg_embedded_file *)file)->path);
}

struct eg_str eg_embedded_find(const char *path) {
    const struct eg_embedded_file *found = bsearch(path, eg_embedded_files, eg_embedded_file_count,
                                                   sizeof *eg_embedded_files, compare_path);
    return found == NULL ? EG_STR("") : (struct eg_str){found->data, found->length};
}

static int compare_id(const void *id, const void *program) {
    return eg_str_compare(*(const struct eg_str *)id,
                          eg_str_from(((const struct eg_embedded_file *)program)->path));
}

struct eg_str eg_embedded_find_programs(struct eg_str id) {
    const struct eg_embedded_file *found =
        bsearch(&id, eg_embedded_programs, eg_embedded_program_count, sizeof *eg_embedded_programs,
                compare_id);
    return found == NULL ? EG_STR("") : (struct eg_str){found->data, found->length};
}
