/* The text that libyaml is given, and the way from its marks back to offsets in the source.
 *
 * Two things lie between: libyaml's marks count characters, not bytes; and a plain scalar in `[…]`
 * or `{…}` that begins with a colon (`[::/0]`, `{CidrIpv6: ::/0}`), which people write and
 * CloudFormation takes, is refused by libyaml, so quotes are put around it.
 */
#ifndef EG_READ_YAML_TEXT_H
#define EG_READ_YAML_TEXT_H

#include "base/str.h"

#include <yaml.h>

struct eg_yaml_text {
    struct eg_str text;       /* without byte order mark */
    uint32_t start;           /* where it begins in the source */
    const uint32_t *inserted; /* offsets in `text` of characters that the source has not */
    uint32_t inserted_count;
    size_t byte, character; /* one place in `text`, as offset and as count of characters */
};

/* Offset in text->text of the character with number INDEX. Costs as much as INDEX is away from the
 * one asked for before. */
size_t eg_yaml_text_seek(struct eg_yaml_text *text, size_t index);
/* An offset in text->text as offset in the source. */
uint32_t eg_yaml_text_source(const struct eg_yaml_text *text, size_t offset);

/* Does a quote stand at this offset in text->text that the source has not? */
bool eg_yaml_text_is_inserted(const struct eg_yaml_text *text, size_t offset);

/* Did libyaml stop at a plain scalar that begins with a colon? */
bool eg_yaml_text_is_colon(struct eg_yaml_text *text, const yaml_parser_t *parser);
/* Puts every such scalar in quotes; the new text is in ARENA. False, and nothing is changed, if the
 * text can't be read then either. */
bool eg_yaml_text_repair(struct eg_arena *arena, struct eg_yaml_text *text);

/* Begins and ends a parser over text->text. */
void eg_yaml_text_begin(const struct eg_yaml_text *text, yaml_parser_t *parser);

#endif
