/* What holds for everything that a reader reads; see check.h. */
#include "check.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

static void check_node(const struct eg_document *document, const struct eg_node *node, int depth) {
    CHECK(depth <= EG_LIMIT_DEPTH);
    CHECK(node->source == document->source);
    CHECK(node->offset <= document->source->text.length);
    CHECK(node->origin == NULL);
    CHECK(node->kind <= EG_MAP);
    if (node->kind == EG_STRING)
        CHECK(eg_utf8_find_invalid(node->as.text, 0) == SIZE_MAX);
    for (uint32_t i = 0; node->kind == EG_LIST && i < node->as.list.count; i++)
        check_node(document, node->as.list.items[i], depth + 1);
    for (uint32_t i = 0; node->kind == EG_MAP && i < node->as.map.count; i++) {
        const struct eg_entry *entry = &node->as.map.items[i];
        CHECK(entry->key_offset <= document->source->text.length);
        CHECK(eg_utf8_find_invalid(entry->key, 0) == SIZE_MAX);
        CHECK(eg_node_entry(node, entry->key) == entry);
        check_node(document, entry->value, depth + 1);
    }
}

static void check_duplicates(const struct eg_document *document) {
    uint32_t former = 0;
    for (const struct eg_duplicate *duplicate = document->duplicates; duplicate != NULL;
         duplicate = duplicate->next) {
        CHECK(duplicate->first_offset < duplicate->second_offset);
        CHECK(duplicate->second_offset >= former);
        CHECK(duplicate->map->kind == EG_MAP);
        CHECK(eg_node_entry(duplicate->map, duplicate->key) != NULL);
        former = duplicate->second_offset;
    }
}

static void check_written(struct eg_arena *arena, const struct eg_document *document) {
    struct eg_buf once, twice;
    eg_buf_init(&once);
    eg_buf_init(&twice);
    eg_write_json(&once, document->root, 0);
    struct eg_document again;
    struct eg_error error = {.code = EG_ERROR_NONE};
    CHECK(eg_read_json(arena, EG_STR("written"), eg_buf_str(&once), &again, &error));
    eg_write_json(&twice, again.root, 0);
    CHECK(eg_str_equal(eg_buf_str(&once), eg_buf_str(&twice)));
    eg_buf_done(&once);
    eg_buf_done(&twice);
}

void eg_fuzz_check_document(struct eg_arena *arena, const struct eg_document *document) {
    check_node(document, document->root, 0);
    check_duplicates(document);
    check_written(arena, document);
}

void eg_fuzz_check_error(const struct eg_error *error) {
    CHECK(error->code == EG_ERROR_INPUT);
    CHECK(error->text[0] != '\0');
    CHECK((error->line == 0) == (error->column == 0));
}
