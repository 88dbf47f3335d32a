/* Tokens of a CEL text. Private to src/cel. */
#ifndef EG_CEL_LEXER_H
#define EG_CEL_LEXER_H

#include "cel/expr.h"

enum eg_cel_token_kind {
    EG_CEL_TOKEN_END,
    EG_CEL_TOKEN_NAME,   /* also words of the language: `word` */
    EG_CEL_TOKEN_QUOTED, /* `a-name` */
    EG_CEL_TOKEN_INT,
    EG_CEL_TOKEN_UINT,
    EG_CEL_TOKEN_DOUBLE,
    EG_CEL_TOKEN_STRING,
    EG_CEL_TOKEN_BYTES,
    EG_CEL_TOKEN_SIGN, /* sign: the characters, in `sign` */
    EG_CEL_TOKEN_BAD,  /* no token begins here: the fault says why */
};

enum eg_cel_word {
    EG_CEL_WORD_NONE,
    EG_CEL_WORD_IN,
    EG_CEL_WORD_TRUE,
    EG_CEL_WORD_FALSE,
    EG_CEL_WORD_NULL,
    EG_CEL_WORD_RESERVED, /* no name may be it */
};

/* A sign of one or two characters as a number: '&' << 8 | '&'. */
#define EG_CEL_SIGN2(a, b) ((uint32_t)(a) << 8 | (uint32_t)(b))

struct eg_cel_token {
    enum eg_cel_token_kind kind;
    enum eg_cel_word word;
    uint32_t sign;
    uint32_t start;
    uint32_t end;
};

/* The first token at or behind FROM, white space and // comments skipped. A NUL must stand behind
 * the text. */
struct eg_cel_token eg_cel_token_at(struct eg_str text, uint32_t from, struct eg_cel_fault *fault);

/* The value of a literal token as a node; NULL with *FAULT if it is out of range or malformed. A
 * minus sign before a number belongs to it when NEGATIVE. A string without escapes is a slice of
 * the text. */
const struct eg_node *eg_cel_token_value(struct eg_arena *arena, struct eg_str text,
                                         struct eg_cel_token token, bool negative,
                                         struct eg_cel_fault *fault);

/* Fills *FAULT; returns false. */
bool eg_cel_fault_set(struct eg_cel_fault *fault, uint32_t start, uint32_t end, const char *format,
                      ...) __attribute__((format(printf, 4, 5)));

#endif
