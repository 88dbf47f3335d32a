/* RE2's syntax as a tree. Private to regex*.c.
 *
 * https://github.com/google/re2/wiki/Syntax. Characters and classes are atoms, each of which knows
 * the ASCII characters it stands for; for others it asks PCRE2, which has Unicode's tables.
 */
#ifndef EG_CEL_REGEX_SYNTAX_H
#define EG_CEL_REGEX_SYNTAX_H

#include "base/str.h"

struct pcre2_real_code_8;

struct eg_cel_atom {
    uint64_t ascii[2]; /* a bit for every character */
    enum { EG_CEL_WIDE_NONE, EG_CEL_WIDE_ALL, EG_CEL_WIDE_ONE, EG_CEL_WIDE_ASK } wide;
    uint32_t code_point;                  /* EG_CEL_WIDE_ONE */
    const struct pcre2_real_code_8 *code; /* EG_CEL_WIDE_ASK: matches just the atom */
};

enum eg_cel_assertion {
    EG_CEL_TEXT_START,
    EG_CEL_TEXT_END,
    EG_CEL_LINE_START,
    EG_CEL_LINE_END,
    EG_CEL_WORD_EDGE,
    EG_CEL_NO_WORD_EDGE,
};

enum eg_cel_regex_kind {
    EG_CEL_REGEX_ATOM,
    EG_CEL_REGEX_ASSERTION,
    EG_CEL_REGEX_SEQUENCE,  /* of parts */
    EG_CEL_REGEX_ALTERNATE, /* one of parts */
    EG_CEL_REGEX_REPEAT,    /* of parts, the only one */
};

struct eg_cel_regex_node {
    enum eg_cel_regex_kind kind;
    const struct eg_cel_atom *atom;
    enum eg_cel_assertion assertion;
    int least;
    int most;                        /* -1: no end */
    struct eg_cel_regex_node *parts; /* the first */
    struct eg_cel_regex_node *next;  /* the part behind this one */
};

/* NULL: *RET_MESSAGE says what is wrong with the pattern. */
const struct eg_cel_regex_node *eg_cel_regex_parse(struct eg_arena *arena, struct eg_str pattern,
                                                   struct eg_str *ret_message);

#endif
