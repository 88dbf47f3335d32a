/* Reading: bytes to one tree of nodes, each with its place.
 *
 * JSON by our own strict reader (RFC 8259; a byte order mark is skipped), YAML by libyaml's events.
 * Short intrinsic tags become their long form: `!Sub x` reads as {"Fn::Sub": "x"}, `!GetAtt a.b` as
 * {"Fn::GetAtt": ["a", "b"]}, `!Ref x` as {"Ref": "x"}, `!Condition x` as {"Condition": "x"}; the
 * map and its key stand at the tag's place.
 */
#ifndef EG_READ_READ_H
#define EG_READ_READ_H

#include "base/error.h"
#include "node/node.h"

/* A key that was given twice in one map. The last value wins, as in CloudFormation. */
struct eg_duplicate {
    struct eg_str key;
    uint32_t first_offset;
    uint32_t second_offset;
    const struct eg_node *map;
    struct eg_duplicate *next; /* in the order of the text */
};

struct eg_document {
    struct eg_source *source;
    const struct eg_node *root;
    struct eg_duplicate *duplicates;
};

enum eg_syntax { EG_SYNTAX_JSON, EG_SYNTAX_YAML };

/* The syntax by the name's end (.json, .template.json; .yaml, .yml), else JSON if the first
 * character that is no white space is '{' or '[', else YAML. */
enum eg_syntax eg_read_syntax(struct eg_str name, struct eg_str text);

/* Read one document. NAME and TEXT must live as long as ARENA; strings without escapes point into
 * TEXT. Fails with EG_ERROR_INPUT and the place: "line and column: what, and what was expected". */
EG_MUST_USE bool eg_read_json(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                              struct eg_document *ret_document, struct eg_error *error);
/* Plain scalars are typed as CloudFormation types them (YAML 1.1's booleans, integers, floats and
 * null; dates stay text) and keep EG_FLAG_PLAIN if they stay text. An empty document is an error, a
 * second document too. */
EG_MUST_USE bool eg_read_yaml(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                              struct eg_document *ret_document, struct eg_error *error);
/* By eg_read_syntax. */
EG_MUST_USE bool eg_read(struct eg_arena *arena, struct eg_str name, struct eg_str text,
                         struct eg_document *ret_document, struct eg_error *error);
/* eg_file_read, then eg_read, into ARENA. PATH "-" is standard input, named "<stdin>". */
EG_MUST_USE bool eg_read_file(struct eg_arena *arena, struct eg_str path,
                              struct eg_document *ret_document, struct eg_error *error);

/* Writes NODE as JSON to the end of BUF: INDENT spaces a level, 0 for one line. Unknowns and the
 * like are written as {"$unknown": "why"}, {"$ref": "Logical.Attribute"}, {"$partial": [pieces]},
 * {"$choice": {"condition": …, "true": …, "false": …}}; absent values and lazies are left out,
 * objects are written by their given fields, links as {"$object": "id"}; secrets as "(secret)". */
struct eg_buf;
void eg_write_json(struct eg_buf *buf, const struct eg_node *node, int indent);

/* A read tree as bytes of our own, for the files that the program carries: what they are is known
 * when it is built, so at its start nothing is looked for in them. */
void eg_write_packed(struct eg_buf *buf, const struct eg_node *node);
/* The tree that eg_write_packed wrote (those bytes and no others: nothing is checked), in ARENA;
 * its texts point into PACKED. Every node is at the beginning of the file NAME. NULL for the empty
 * text.
 */
const struct eg_node *eg_read_packed(struct eg_arena *arena, struct eg_str name,
                                     struct eg_str packed);

#endif
