/* The library: everything that policy files say, before a profile picks from it.
 *
 * Sources are read one after the other: the files that the program carries, then each --policies
 * argument. A later source's rule takes the place of an earlier one's with the same id and name,
 * and so do its profiles and sections; the same id twice in one source, or with another name, is an
 * error. What a file is tells its content: a map with `id` is a rule, a list is rules, a map with
 * `profile` is a profile, a map with `rules`, `sections`, `profiles`, `params` or `include` holds
 * several things, and one with `chapters` (the form of the compliance document) is left to
 * src/report. */
#ifndef EG_POLICY_LIBRARY_H
#define EG_POLICY_LIBRARY_H

#include "policy/policy.h"

struct eg_profile {
    struct eg_str name, title, doc;
    struct eg_str extends;        /* empty: nothing */
    bool all;                     /* every rule that is not opt-in */
    bool opt_in;                  /* those too */
    const struct eg_node *rules;  /* id or name: true, false or {on, off, severity, params} */
    const struct eg_node *params; /* values of shared params */
    const struct eg_str *order;   /* ids, names or sections: these first, in this order */
    uint32_t order_count;
    uint32_t source; /* as of rules */
    const struct eg_node *raw;
};

struct eg_library {
    struct eg_arena *arena;
    const struct eg_schema *schema;
    struct eg_rule **rules; /* until eg_library_finish in the order read, then by id */
    uint32_t rule_count, rule_capacity;
    struct eg_map by_id; /* to struct eg_rule * */
    struct eg_map by_id_or_name;
    struct eg_map profiles; /* to struct eg_profile * */
    struct eg_map params;   /* shared ones, to struct eg_param * */
    struct eg_section *sections;
    uint32_t section_count, section_capacity;
    struct eg_map read;   /* paths of files that are read already */
    uint32_t source;      /* the one being read */
    int depth;            /* of includes and folders around what is being read */
    struct eg_str inside; /* no `include` leads out of this folder */
    char digest[65];      /* over the contents of all files */
};

void eg_library_init(struct eg_library *library, struct eg_arena *arena,
                     const struct eg_schema *schema);

/* Reads the files that the program carries under policies/. */
EG_MUST_USE bool eg_library_read_builtin(struct eg_library *library, struct eg_error *error);
/* Reads a policy file, or every .yaml and .yml file below a folder but cases.yaml, *.cases.yaml and
 * hidden ones, as a new source. */
EG_MUST_USE bool eg_library_read_path(struct eg_library *library, struct eg_str path,
                                      struct eg_error *error);

/* The same within the source that is being read, for `include`. */
EG_MUST_USE bool eg_library_read_included(struct eg_library *library, struct eg_str path,
                                          struct eg_error *error);

/* When all sources are read: sorts the rules, checks that names are unique, reads params, and adds
 * a section for each prefix that has none. */
EG_MUST_USE bool eg_library_finish(struct eg_library *library, struct eg_error *error);

/* Reads one document's root NODE of file PATH; part of the readers above, split off for its size.
 * Fails if it is none of the things above. */
EG_MUST_USE bool eg_library_add(struct eg_library *library, const struct eg_node *node,
                                struct eg_str path, struct eg_error *error);

/* Is a file with this name one of cases, beside rules and not a policy file? */
bool eg_library_is_cases(struct eg_str path);

#endif
