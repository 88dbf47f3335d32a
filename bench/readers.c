/* How fast files are read: our readers, and jansson and cJSON for comparison.
 *
 *     bench/readers FILE...
 *
 * prints MB/s of each that can read the file, over one second of processor time: read and free.
 */
#include "base/file.h"
#include "read/read.h"

#include <cjson/cJSON.h>
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

_Noreturn void eg_out_of_memory(void) {
    abort();
}

typedef bool reader(struct eg_str text);

static bool read_ours(struct eg_str text, bool json) {
    struct eg_arena arena;
    struct eg_document document;
    struct eg_error error = {.code = EG_ERROR_NONE};
    eg_arena_init(&arena);
    bool good = json ? eg_read_json(&arena, EG_STR("bench"), text, &document, &error)
                     : eg_read_yaml(&arena, EG_STR("bench"), text, &document, &error);
    eg_arena_done(&arena);
    return good;
}

static bool read_json(struct eg_str text) {
    return read_ours(text, true);
}

static bool read_yaml(struct eg_str text) {
    return read_ours(text, false);
}

static bool read_jansson(struct eg_str text) {
    json_error_t error;
    json_t *json = json_loadb(text.data, text.length, JSON_DECODE_ANY, &error);
    json_decref(json);
    return json != NULL;
}

static bool read_cjson(struct eg_str text) {
    cJSON *json = cJSON_ParseWithLength(text.data, text.length);
    cJSON_Delete(json);
    return json != NULL;
}

static double now(void) {
    struct timespec time;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Megabytes a second; 0 if READ refuses TEXT. */
static double measure(reader *read, struct eg_str text) {
    if (!read(text))
        return 0;
    double begin = now(), passed = 0;
    double times = 0;
    while ((passed = now() - begin) < 1) {
        (void)read(text);
        times++;
    }
    return times * (double)text.length / 1e6 / passed;
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        reader *read;
    } readers[] = {
        {"json", read_json}, {"yaml", read_yaml}, {"jansson", read_jansson}, {"cjson", read_cjson}};
    for (int i = 1; i < count; i++) {
        struct eg_arena arena;
        struct eg_error error = {.code = EG_ERROR_NONE};
        struct eg_str text, path = eg_str_from(arguments[i]);
        eg_arena_init(&arena);
        if (!eg_file_read(&arena, path, path, &text, &error)) {
            (void)fprintf(stderr, "%s: %s\n", error.file, error.text);
            return 1;
        }
        (void)printf("%s, %zu bytes:", arguments[i], text.length);
        for (size_t j = 0; j < sizeof readers / sizeof *readers; j++) {
            double speed = measure(readers[j].read, text);
            if (speed > 0)
                (void)printf("  %s %.0f MB/s", readers[j].name, speed);
        }
        (void)printf("\n");
        eg_arena_done(&arena);
    }
    return 0;
}
