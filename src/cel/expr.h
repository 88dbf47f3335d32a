/* The expression tree: what the parser makes, the checker resolves and types, and everything else
 * (evaluation, blame, explanation) reads. After compiling it is never changed. Private to src/cel.
 */
#ifndef EG_CEL_EXPR_H
#define EG_CEL_EXPR_H

#include "cel/cel.h"
#include "cel/static_type.h"

enum {
    /* The specification asks for 32 repetitions and 12 levels; policies stay below 20. */
    EG_CEL_NESTING_LIMIT = 250,
    /* Height of the tree: also long chains of + and of .field count. */
    EG_CEL_HEIGHT_LIMIT = 500,
    EG_CEL_NODE_LIMIT = 20000,
    EG_CEL_TEXT_LIMIT = 256 * 1024,
    /* Names that macros bind, one inside the other. */
    EG_CEL_LOCAL_LIMIT = 32,
};

enum eg_cel_kind {
    EG_CEL_LITERAL,     /* value */
    EG_CEL_NAME,        /* name, not yet resolved: the checker leaves none */
    EG_CEL_VARIABLE,    /* number: in the environment */
    EG_CEL_LOCAL,       /* number: slot of a name that a macro binds */
    EG_CEL_SELECT,      /* operands[0].name; optional: .? */
    EG_CEL_HAS,         /* has(operands[0].name) */
    EG_CEL_INDEX,       /* operands[0][operands[1]]; optional: [?] */
    EG_CEL_NOT,         /* !operands[0] */
    EG_CEL_NEGATE,      /* -operands[0] */
    EG_CEL_BINARY,      /* operands[0] operator operands[1] */
    EG_CEL_AND,         /* operands[0] && operands[1] && … */
    EG_CEL_OR,          /* the same with || */
    EG_CEL_CONDITIONAL, /* operands[0] ? operands[1] : operands[2] */
    EG_CEL_CALL,        /* name(operands…), or operands[0].name(operands…) if member */
    EG_CEL_LIST,        /* [operands…]; marks: which are optional */
    EG_CEL_MAP,         /* {operands[0]: operands[1], …}; marks: by entry */
    EG_CEL_MACRO,       /* operands[0].macro(name, operands[1], …) */
    EG_CEL_MESSAGE,     /* Name{…}: refused by the checker */
    EG_CEL_FAILURE,     /* name: the message of the error that it evaluates to */
};

enum eg_cel_operator {
    EG_CEL_ADD,
    EG_CEL_SUBTRACT,
    EG_CEL_MULTIPLY,
    EG_CEL_DIVIDE,
    EG_CEL_MODULO,
    EG_CEL_EQUAL,
    EG_CEL_NOT_EQUAL,
    EG_CEL_LESS,
    EG_CEL_LESS_EQUAL,
    EG_CEL_GREATER,
    EG_CEL_GREATER_EQUAL,
    EG_CEL_IN,
};

enum eg_cel_macro {
    EG_CEL_ALL,
    EG_CEL_EXISTS,
    EG_CEL_EXISTS_ONE,
    EG_CEL_MAP_LIST, /* map(x, f) and map(x, p, f) */
    EG_CEL_FILTER,
    EG_CEL_TRANSFORM_LIST,
    EG_CEL_TRANSFORM_MAP,
    EG_CEL_TRANSFORM_MAP_ENTRY,
    EG_CEL_SORT_BY,
    EG_CEL_OPT_MAP,
    EG_CEL_OPT_FLAT_MAP,
    EG_CEL_BIND,
};

struct eg_cel_expr {
    uint8_t kind;    /* enum eg_cel_kind */
    uint8_t op;      /* enum eg_cel_operator or enum eg_cel_macro */
    bool optional;   /* .? and [?] */
    bool member;     /* a call with a receiver */
    bool root;       /* a name with a leading dot: no local of that name is meant */
    uint16_t height; /* 1 for a leaf */
    uint32_t start;  /* offsets into the text: the whole expression */
    uint32_t end;
    uint32_t anchor;     /* of its operator, field or function name: where errors point */
    uint32_t anchor_end; /* behind it */
    uint32_t count;      /* of operands */
    union {
        uint32_t number;         /* of the variable or slot; macros: slot of the first bound name */
        uint32_t field;          /* select and has: number of the field in `object` */
        uint32_t overload_count; /* calls */
    };
    struct eg_str name;
    struct eg_cel_expr **operands; /* they stand behind the expression, unless it was rewritten */
    bool *marks;                   /* lists and maps: optional entries; NULL if there is none */
    union {
        const struct eg_node *value;  /* literals */
        const struct eg_type *object; /* select and has: whose `field` it is; NULL: dyn */
        struct eg_str *bound; /* macros: two names; the second is empty for forms with one */
        struct {
            const struct eg_cel_overload *overloads; /* calls: what the name can mean */
            const void *prepared; /* what the function's prepare() made of constant arguments */
        };
    };
};

/* An expression with room for COUNT operands behind it. */
static inline struct eg_cel_expr *eg_cel_expr_new(struct eg_arena *arena, uint32_t count) {
    struct eg_cel_expr *expr =
        eg_arena_alloc(arena, sizeof *expr + count * sizeof(struct eg_cel_expr *));
    expr->count = count;
    expr->operands = (struct eg_cel_expr **)(expr + 1);
    return expr;
}

struct eg_cel_program {
    struct eg_str text;
    const struct eg_cel_expr *_Atomic root; /* ask eg_cel_program_root */
    struct eg_str image; /* of a program that was read: its expression as bytes */
    const struct eg_cel_env *env;
    const struct eg_cel_type *type; /* of the result; dyn of a program that was read */
    struct eg_shape shape;
};

/* The expression; of a program that was read it is made of its bytes when it is first asked for.
 * Any thread may ask. */
const struct eg_cel_expr *eg_cel_program_root(const struct eg_cel_program *program);
/* Makes it: image.c's part of the above. */
const struct eg_cel_expr *eg_cel_program_unpack(const struct eg_cel_program *program,
                                                struct eg_arena *arena);

/* Where offset START of TEXT stands in the file: AT is the node TEXT was read from; NULL: in a text
 * by itself. */
struct eg_place eg_cel_place(const struct eg_node *at, struct eg_str text, uint32_t start);

/* Where something is wrong in a text, and what. */
struct eg_cel_fault {
    uint32_t start;
    uint32_t end;
    char message[512];
};

/* Fails with the fault as an error of the file that TEXT was read from at AT. */
bool eg_cel_fault_fail(struct eg_arena *arena, struct eg_str text, const struct eg_node *at,
                       const struct eg_cel_fault *fault, struct eg_error *error);

/* Parses TEXT; macros are expanded. False: *FAULT says why. */
EG_MUST_USE bool eg_cel_parse(struct eg_arena *arena, struct eg_str text,
                              struct eg_cel_expr **ret_root, struct eg_cel_fault *fault);

/* Resolves names, functions and fields of the tree; returns its type. NULL: *FAULT says why. Never
 * fails if ENV is unchecked. */
EG_MUST_USE const struct eg_cel_type *eg_cel_check(struct eg_arena *arena,
                                                   const struct eg_cel_env *env, struct eg_str text,
                                                   struct eg_cel_expr *root,
                                                   struct eg_cel_fault *fault);

/* cost.c: is ROOT, parsed and checked, sure to stay within the steps that a rule has, if its lists
 * have no more elements than usual? False: *FAULT points at the macro in which they run out. */
EG_MUST_USE bool eg_cel_is_affordable(const struct eg_cel_expr *root, struct eg_cel_fault *fault);

/* The text of an expression. */
struct eg_str eg_cel_expr_text(const struct eg_cel_program *program,
                               const struct eg_cel_expr *expr);

#endif
