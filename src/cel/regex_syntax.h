/* RE2's syntax as a tree. Private to regex*.c.
 *
 * https://github.com/google/re2/wiki/Syntax. Characters and classes are atoms (regex_class.h), each
 * of which knows the ASCII characters it stands for, and others by ranges; where Unicode's tables
 * are needed it asks PCRE2.
 */
#ifndef EG_CEL_REGEX_SYNTAX_H
#define EG_CEL_REGEX_SYNTAX_H

#include "base/str.h"

struct pcre2_real_code_8;

/* Code points. */
struct eg_cel_range {
    uint32_t from, to;
};

/* What one character may be. Beyond ASCII: those of `ranges` if `others` is not set, all but those
 * if it is; with `code`, what that says. */
struct eg_cel_atom {
    uint64_t ascii[2]; /* a bit for every character */
    const struct eg_cel_range *ranges;
    uint32_t range_count;
    bool others;
    const struct pcre2_real_code_8 *code; /* matches just the atom; NULL: the ranges tell */
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
