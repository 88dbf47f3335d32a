/* YAML tags: the short forms of intrinsic functions, and YAML's own. */
#ifndef EG_READ_TAG_H
#define EG_READ_TAG_H

#include "base/str.h"

enum eg_tag_kind {
    EG_TAG_NONE,     /* no tag: a plain scalar is resolved */
    EG_TAG_FUNCTION, /* a short form: "!Sub" */
    EG_TAG_TEXT,     /* a scalar is text: "!", "!!str", "!!timestamp" */
    EG_TAG_RESOLVE, /* a scalar is resolved though tagged: "!!int", "!!float", "!!bool", "!!null" */
    EG_TAG_MAP,     /* "!!map" */
    EG_TAG_LIST,    /* "!!seq" */
    EG_TAG_UNKNOWN,
};

/* What TAG means; libyaml has already expanded "!!" to "tag:yaml.org,2002:". For EG_TAG_FUNCTION
 * *RET_FUNCTION is the long form's key: "Ref", "Fn::Sub". */
enum eg_tag_kind eg_tag_find(struct eg_str tag, struct eg_str *ret_function);

#endif
