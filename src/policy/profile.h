/* Choosing rules: what a profile, a configuration and the command line switch on, and how they set
 * severities and params. */
#ifndef EG_POLICY_PROFILE_H
#define EG_POLICY_PROFILE_H

#include "policy/library.h"

/* Applies the profile NAME, and those it extends before it, to the library's rules: sets `on`,
 * severities and params. *RET_PROFILE is the profile itself. Fails with EG_ERROR_USAGE. */
EG_MUST_USE bool eg_profile_apply(struct eg_library *library, struct eg_str name,
                                  const struct eg_profile **ret_profile, struct eg_error *error);

/* Applies a map from ids or names to true, false or {on, off, severity, params}: a profile's or a
 * configuration's `rules`. NULL: nothing. */
EG_MUST_USE bool eg_profile_tune(struct eg_library *library, const struct eg_node *rules,
                                 struct eg_error *error);

/* Gives shared params values, in every rule that has them: a profile's or a configuration's
 * `params`. NULL: nothing. */
EG_MUST_USE bool eg_profile_share(struct eg_library *library, const struct eg_node *params,
                                  struct eg_error *error);

/* Applies `only` and `skip` of OPTIONS. */
EG_MUST_USE bool eg_profile_select(struct eg_library *library,
                                   const struct eg_policy_options *options, struct eg_error *error);

/* Numbers the library's rules and sorts them: those that are on first, in PROFILE's order, else in
 * that of the sections and ids. */
void eg_profile_sort(struct eg_library *library, const struct eg_profile *profile);

#endif
