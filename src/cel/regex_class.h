/* What one character of a regular expression stands for: a literal, a set or a class becomes an
 * atom. Private to regex*.c.
 *
 * Members are collected, then the atom is made: of ranges here, of what needs Unicode's tables
 * (\pL, other cases of letters beyond ASCII, [:alpha:]) by PCRE2, which has them.
 */
#ifndef EG_CEL_REGEX_CLASS_H
#define EG_CEL_REGEX_CLASS_H

#include "cel/regex_syntax.h"

/* Being collected. Begins as zero but for the arena and the flags. */
struct eg_cel_class {
    struct eg_arena *arena;
    bool nocase;
    bool negated;
    const char *wrong; /* what is wrong with a member, or NULL */
    struct eg_cel_range *ranges;
    uint32_t count, capacity;
    struct eg_str asked; /* members that only PCRE2 knows, in its syntax */
};

/* The characters FROM to TO. */
void eg_cel_class_add(struct eg_cel_class *class, uint32_t from, uint32_t to);
/* The characters of \d, \w, \s and their opposites, by the letter; false: there is no such set.
 * RE2's white space has no vertical tab. */
bool eg_cel_class_add_perl(struct eg_cel_class *class, char letter);
/* What TEXT stands for in PCRE2's syntax inside a class. */
void eg_cel_class_add_asked(struct eg_cel_class *class, struct eg_str text);

/* Fills *ATOM; returns NULL, or what is wrong. */
const char *eg_cel_class_finish(const struct eg_cel_class *class, struct eg_cel_atom *atom);

#endif
