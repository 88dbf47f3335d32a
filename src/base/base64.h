/* Base64 with the standard alphabet (RFC 4648, section 4). */
#ifndef EG_BASE_BASE64_H
#define EG_BASE_BASE64_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* TEXT's bytes in ARENA. The padding may be left out. False if TEXT is no base64. */
EG_MUST_USE bool eg_base64_decode(struct eg_arena *arena, struct eg_str text, struct eg_str *ret);

#endif
