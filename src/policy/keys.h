/* Checking the maps of policy files against a table of their keys, so that a misspelt key, a
 * missing one or a value of the wrong form is an error at its place and never ignored. */
#ifndef EG_POLICY_KEYS_H
#define EG_POLICY_KEYS_H

#include "base/error.h"
#include "read/read.h"

/* What the value of a key must be. */
enum eg_key_form {
    EG_KEY_ANY,
    EG_KEY_TEXT,        /* a scalar, not empty */
    EG_KEY_FLAG,        /* true or false */
    EG_KEY_MAP,         /* a map */
    EG_KEY_LIST,        /* a list */
    EG_KEY_TEXTS,       /* a list of text, or one text */
    EG_KEY_EXPRESSIONS, /* a map of scalars */
};

struct eg_key {
    const char *name; /* NULL ends a table */
    enum eg_key_form form;
    bool required;
};

/* Checks MAP by KEYS. WHAT names it in messages: "a rule". Fails with EG_ERROR_USAGE. */
EG_MUST_USE bool eg_keys_check(const struct eg_node *map, const struct eg_key *keys,
                               const char *what, struct eg_error *error);

/* No key of NODE, a part of DOCUMENT, may be given twice: the first value would be without effect,
 * and nobody would know. DEEP: nor one of what is in it. Fails with EG_ERROR_USAGE at the second.
 */
EG_MUST_USE bool eg_keys_once(const struct eg_document *document, const struct eg_node *node,
                              bool deep, struct eg_error *error);

/* Fails with EG_ERROR_USAGE at the place of AT (NULL: nowhere); returns false. */
bool eg_keys_fail(struct eg_error *error, const struct eg_node *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The scalar's text, as written in the file ("1.5" for a number); empty for NULL and others. */
struct eg_str eg_keys_text(struct eg_arena *arena, const struct eg_node *node);
/* The texts of a list of scalars, or the one of a scalar; *RET_COUNT of them. */
const struct eg_str *eg_keys_texts(struct eg_arena *arena, const struct eg_node *node,
                                   uint32_t *ret_count);

/* The nearest of COUNT names to NAME, or the empty text: "did you mean". */
struct eg_str eg_keys_nearest(struct eg_str name, const struct eg_str *names, uint32_t count);
/* "; did you mean 'NEAREST'?", for the end of a message; empty if NEAREST is. */
struct eg_str eg_keys_hint(struct eg_arena *arena, struct eg_str nearest);

#endif
