/* Text that is not wholly known: comparing and taking apart strings, partial strings, references
 * and unknowns, decided from the pieces that are known. All arguments must be forced (scenario.h).
 *
 * `${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/app:latest` ends with ":latest" whatever
 * the account is; whether it starts with "1" is undecided; it is not equal to "x". A hole may be
 * any text, the empty one included.
 */
#ifndef EG_NODE_TEXT_H
#define EG_NODE_TEXT_H

#include "node/scenario.h"

/* Is it a string, partial, reference or unknown, so that these functions apply? */
bool eg_text_is(const struct eg_node *node);

/* Are two values equal? Strings by their bytes; the same symbol (unknown, reference) is equal to
 * itself; references to different resources with the same attribute differ; partial strings are
 * different if their known beginnings or ends (or total known length against a string) differ, and
 * equal if piece by piece the same. Other kinds as CEL compares them: numbers by value across
 * types, lists and maps by their elements (which are forced under SCENARIO). */
enum eg_truth eg_text_equal(struct eg_scenario *scenario, const struct eg_node *a,
                            const struct eg_node *b);

enum eg_truth eg_text_starts_with(const struct eg_node *text, struct eg_str start);
enum eg_truth eg_text_ends_with(const struct eg_node *text, struct eg_str end);
enum eg_truth eg_text_contains(const struct eg_node *text, struct eg_str part);
/* Can the text be empty? True: it is; false: some piece is known and not empty. */
enum eg_truth eg_text_is_empty(const struct eg_node *text);

/* Text matched against a pattern of '*' (any text) and '?' (any character), as IAM does. NOCASE
 * ignores the case of ASCII letters. Decided for partial texts where all possible texts agree. */
enum eg_truth eg_text_matches_glob(const struct eg_node *text, struct eg_str pattern, bool nocase);

/* The known text before the first hole, and behind the last one. */
struct eg_str eg_text_known_start(const struct eg_node *text);
struct eg_str eg_text_known_end(const struct eg_node *text);

/* Joins pieces (string, scalar, partial, reference, unknown, choice) into one: a string if all is
 * known, else a partial string with adjacent strings merged and inner partials flattened. A single
 * piece that is no string is returned as it is, moved to AT. */
const struct eg_node *eg_text_join(struct eg_arena *arena, const struct eg_node *const *pieces,
                                   uint32_t count, const struct eg_node *at);

/* Splits at every SEPARATOR in the known pieces. A hole may itself hold separators: then the number
 * of parts is not known, and *RET_EXACT is false (the parts before the first hole and behind the
 * last are still right, counted from their end). Holes that can't hold the separator count as one
 * part: account ids and Regions hold none, an ARN's ':' are known by its form. */
struct eg_list eg_text_split(struct eg_arena *arena, const struct eg_node *text,
                             struct eg_str separator, bool *ret_exact);

/* COUNT bytes from START, if they lie in the known beginning; else NULL. */
const struct eg_node *eg_text_slice(struct eg_arena *arena, const struct eg_node *text,
                                    size_t start, size_t count);

/* For messages: "${AWS::AccountId}.dkr.ecr…", "PrivateA.Arn"; a secret's value as "(secret)". */
struct eg_str eg_text_show(struct eg_arena *arena, const struct eg_node *text);

#endif
