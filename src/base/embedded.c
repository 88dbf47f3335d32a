/* Look-up among the embedded files. */
#include "base/embedded.h"

#include <string.h>

struct eg_str eg_embedded_find(const char *path) {
    for (size_t i = 0; i < eg_embedded_file_count; i++)
        if (strcmp(eg_embedded_files[i].path, path) == 0)
            return (struct eg_str){eg_embedded_files[i].data, eg_embedded_files[i].length};
    return EG_STR("");
}
