/* The parser: text to expression tree (langdef.md, "Syntax"). Called by eg_cel_compile.
 *
 *   Expr        = Or ["?" Or ":" Expr]
 *   Or          = And {"||" And}            And      = Relation {"&&" Relation}
 *   Relation    = Addition {relop Addition} Addition = Product {("+" | "-") Product}
 *   Product     = Unary {("*" | "/" | "%") Unary}
 *   Unary       = Member | "!" {"!"} Member | "-" {"-"} Member
 *   Member      = Primary {"." ["?"] NAME ["(" [Exprs] ")"] | "[" ["?"] Expr "]"}
 *   Primary     = ["."] NAME ["(" [Exprs] ")"] | "(" Expr ")" | "[" [Exprs] "]"
 *               | "{" [Entries] "}" | ["."] NAME {"." NAME} "{" [Fields] "}" | LITERAL
 */
#include "base/utf8.h"
#include "cel/lexer.h"
#include "cel/macro.h"

#include <string.h>

struct parser {
    struct eg_arena *arena;
    struct eg_str text;
    struct eg_cel_token token; /* the one to look at */
    uint32_t last_end;         /* of the token before it */
    uint32_t depth;
    uint32_t nodes;
    struct eg_cel_fault *fault;
};

static struct eg_cel_expr *parse_expression(struct parser *parser);

/* ---- tokens ---- */

static void advance(struct parser *parser) {
    parser->last_end = parser->token.end;
    parser->token = eg_cel_token_at(parser->text, parser->token.end, parser->fault);
}

static bool is_sign(const struct parser *parser, uint32_t sign) {
    return parser->token.sign == sign;
}

static bool take_sign(struct parser *parser, uint32_t sign) {
    if (!is_sign(parser, sign))
        return false;
    advance(parser);
    return true;
}

static struct eg_str token_text(const struct parser *parser) {
    return eg_str_slice(parser->text, parser->token.start, parser->token.end - parser->token.start);
}

/* Says what was found in place of what is EXPECTED; returns NULL. */
static struct eg_cel_expr *unexpected(struct parser *parser, const char *expected) {
    const struct eg_cel_token *token = &parser->token;
    if (token->kind == EG_CEL_TOKEN_BAD)
        return NULL; /* the lexer has said it */
    struct eg_str found = eg_str_slice(token_text(parser), 0, 40);
    const char *sign = eg_str_is(found, "and") ? "&&" : eg_str_is(found, "or") ? "||" : NULL;
    if (token->kind == EG_CEL_TOKEN_END) /* behind the last token, not behind white space */
        eg_cel_fault_set(parser->fault, parser->last_end, parser->last_end,
                         "the expression ends where %s is expected", expected);
    else
        eg_cel_fault_set(parser->fault, token->start, token->end, "found '%.*s', expected %s%s%s",
                         EG_STR_ARGS(found), expected, sign == NULL ? "" : "; it is written ",
                         sign == NULL ? "" : sign);
    return NULL;
}

static bool expect_sign(struct parser *parser, char sign, const char *expected) {
    if (take_sign(parser, (unsigned char)sign))
        return true;
    unexpected(parser, expected);
    return false;
}

/* ---- nodes ---- */

static struct eg_cel_expr *new_expr(struct parser *parser, enum eg_cel_kind kind, uint32_t start,
                                    uint32_t count) {
    if (++parser->nodes > EG_CEL_NODE_LIMIT) {
        eg_cel_fault_set(parser->fault, start, start, "the expression has more than %d parts",
                         EG_CEL_NODE_LIMIT);
        return NULL;
    }
    struct eg_cel_expr *expr = eg_cel_expr_new(parser->arena, count);
    expr->kind = (uint8_t)kind;
    expr->start = start;
    expr->anchor = start;
    expr->height = 1;
    return expr;
}

/* Sets what follows from the operands; the end is that of the token before the current one. */
static struct eg_cel_expr *finish(struct parser *parser, struct eg_cel_expr *expr) {
    expr->end = parser->last_end;
    if (expr->anchor_end == 0)
        expr->anchor_end = expr->end;
    uint32_t height = 0;
    for (uint32_t i = 0; i < expr->count; i++)
        if (expr->operands[i]->height > height)
            height = expr->operands[i]->height;
    if (height + 1 > EG_CEL_HEIGHT_LIMIT) {
        eg_cel_fault_set(parser->fault, expr->start, expr->end,
                         "more than %d operators one upon the other", EG_CEL_HEIGHT_LIMIT);
        return NULL;
    }
    expr->height = (uint16_t)(height + 1);
    return expr;
}

static bool enter(struct parser *parser) {
    if (++parser->depth <= EG_CEL_NESTING_LIMIT)
        return true;
    return eg_cel_fault_set(parser->fault, parser->token.start, parser->token.end,
                            "more than %d levels inside each other", EG_CEL_NESTING_LIMIT);
}

/* Expressions and what stands with them, collected while their number is not known. */
struct collected {
    struct eg_cel_expr **items;
    bool *marks;
    uint32_t count;
    uint32_t capacity;
    bool marked;
};

static void collect(struct parser *parser, struct collected *list, struct eg_cel_expr *item,
                    bool mark) {
    if (list->count == list->capacity) {
        uint32_t larger = list->capacity == 0 ? 4 : list->capacity * 2;
        list->items = eg_arena_grow(parser->arena, list->items, list->count * sizeof *list->items,
                                    larger * sizeof *list->items);
        list->marks = eg_arena_grow(parser->arena, list->marks, list->count * sizeof *list->marks,
                                    larger * sizeof *list->marks);
        list->capacity = larger;
    }
    list->marks[list->count] = mark;
    list->items[list->count++] = item;
    list->marked = list->marked || mark;
}

static void adopt(struct eg_cel_expr *expr, const struct collected *list) {
    expr->operands = list->items;
    expr->count = list->count;
    expr->marks = list->marked ? list->marks : NULL;
}

/* ---- primaries ---- */

/* "," separated expressions up to CLOSE, which is taken; a comma before it is allowed. */
static bool parse_items(struct parser *parser, char close, bool optional_allowed,
                        struct collected *list) {
    while (!is_sign(parser, (unsigned char)close)) {
        bool optional = optional_allowed && take_sign(parser, '?');
        struct eg_cel_expr *item = parse_expression(parser);
        if (item == NULL)
            return false;
        collect(parser, list, item, optional);
        if (!take_sign(parser, ','))
            break;
    }
    return expect_sign(parser, close, close == ')' ? "',' or ')'" : "',' or ']'");
}

static struct eg_cel_expr *parse_list(struct parser *parser) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_LIST, parser->token.start, 0);
    advance(parser);
    struct collected items = {0};
    if (expr == NULL || !parse_items(parser, ']', true, &items))
        return NULL;
    adopt(expr, &items);
    return finish(parser, expr);
}

static bool parse_entry(struct parser *parser, struct collected *entries) {
    bool optional = take_sign(parser, '?');
    struct eg_cel_expr *key = parse_expression(parser);
    if (key == NULL || !expect_sign(parser, ':', "':' and the entry's value"))
        return false;
    struct eg_cel_expr *value = parse_expression(parser);
    if (value == NULL)
        return false;
    collect(parser, entries, key, optional);
    collect(parser, entries, value, optional);
    return true;
}

static struct eg_cel_expr *parse_map(struct parser *parser) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_MAP, parser->token.start, 0);
    advance(parser);
    if (expr == NULL)
        return NULL;
    struct collected entries = {0};
    while (!is_sign(parser, '}')) {
        if (!parse_entry(parser, &entries))
            return NULL;
        if (!take_sign(parser, ','))
            break;
    }
    if (!expect_sign(parser, '}', "',' or '}'"))
        return NULL;
    adopt(expr, &entries);
    return finish(parser, expr);
}

/* Fields of a message: read so that the checker can say where it stands. */
static struct eg_cel_expr *parse_message(struct parser *parser, struct eg_cel_expr *name) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_MESSAGE, name->start, 0);
    advance(parser);
    if (expr == NULL)
        return NULL;
    while (!is_sign(parser, '}')) {
        take_sign(parser, '?');
        if (parser->token.kind != EG_CEL_TOKEN_NAME && parser->token.kind != EG_CEL_TOKEN_QUOTED)
            return unexpected(parser, "the name of a field");
        advance(parser);
        if (!expect_sign(parser, ':', "':' and the field's value") ||
            parse_expression(parser) == NULL)
            return NULL;
        if (!take_sign(parser, ','))
            break;
    }
    if (!expect_sign(parser, '}', "',' or '}'"))
        return NULL;
    expr->name = eg_str_slice(parser->text, name->start, name->end - name->start);
    return finish(parser, expr);
}

/* NAME or NAME(…); the current token is the name. A leading dot has been taken if ROOT. */
static struct eg_cel_expr *parse_name(struct parser *parser, uint32_t start, bool root) {
    if (parser->token.kind != EG_CEL_TOKEN_NAME)
        return unexpected(parser, "a name");
    struct eg_str name = token_text(parser);
    if (parser->token.word != EG_CEL_WORD_NONE) {
        eg_cel_fault_set(parser->fault, parser->token.start, parser->token.end,
                         "'%.*s' is a reserved word and can't be a name", EG_STR_ARGS(name));
        return NULL;
    }
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_NAME, start, 0);
    if (expr == NULL)
        return NULL;
    expr->anchor = parser->token.start;
    expr->anchor_end = parser->token.end;
    expr->name = name;
    expr->root = root;
    advance(parser);
    if (!take_sign(parser, '('))
        return finish(parser, expr);
    struct collected arguments = {0};
    if (!parse_items(parser, ')', false, &arguments))
        return NULL;
    expr->kind = EG_CEL_CALL;
    adopt(expr, &arguments);
    expr = finish(parser, expr);
    return expr != NULL && eg_cel_expand_macro(parser->arena, expr, parser->fault) ? expr : NULL;
}

static struct eg_cel_expr *parse_literal(struct parser *parser, bool negative, uint32_t start) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_LITERAL, start, 0);
    if (expr == NULL)
        return NULL;
    expr->value =
        eg_cel_token_value(parser->arena, parser->text, parser->token, negative, parser->fault);
    advance(parser);
    return expr->value == NULL ? NULL : finish(parser, expr);
}

static struct eg_cel_expr *parse_word(struct parser *parser) {
    const struct eg_node *value = NULL;
    switch (parser->token.word) {
    case EG_CEL_WORD_TRUE:
    case EG_CEL_WORD_FALSE:
        value = eg_node_bool(parser->token.word == EG_CEL_WORD_TRUE);
        break;
    case EG_CEL_WORD_NULL:
        value = eg_node_null();
        break;
    default:
        return parse_name(parser, parser->token.start, false);
    }
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_LITERAL, parser->token.start, 0);
    advance(parser);
    if (expr == NULL)
        return NULL;
    expr->value = value;
    return finish(parser, expr);
}

static struct eg_cel_expr *parse_parentheses(struct parser *parser) {
    uint32_t start = parser->token.start;
    advance(parser);
    struct eg_cel_expr *expr = parse_expression(parser);
    if (expr == NULL || !expect_sign(parser, ')', "')'"))
        return NULL;
    /* The parentheses belong to it, so that what follows it has the right text. */
    expr->start = start;
    expr->end = parser->last_end;
    return expr;
}

static struct eg_cel_expr *parse_primary(struct parser *parser) {
    uint32_t start = parser->token.start;
    switch (parser->token.kind) {
    case EG_CEL_TOKEN_INT:
    case EG_CEL_TOKEN_UINT:
    case EG_CEL_TOKEN_DOUBLE:
    case EG_CEL_TOKEN_STRING:
    case EG_CEL_TOKEN_BYTES:
        return parse_literal(parser, false, start);
    case EG_CEL_TOKEN_NAME:
        return parse_word(parser);
    default:
        break;
    }
    if (is_sign(parser, '('))
        return parse_parentheses(parser);
    if (is_sign(parser, '['))
        return parse_list(parser);
    if (is_sign(parser, '{'))
        return parse_map(parser);
    if (take_sign(parser, '.'))
        return parse_name(parser, start, true);
    return unexpected(parser, "a value");
}

/* ---- members ---- */

static struct eg_cel_expr *parse_member_call(struct parser *parser, struct eg_cel_expr *expr,
                                             struct eg_cel_expr *receiver) {
    struct collected arguments = {0};
    collect(parser, &arguments, receiver, false);
    if (!parse_items(parser, ')', false, &arguments))
        return NULL;
    expr->kind = EG_CEL_CALL;
    expr->member = true;
    adopt(expr, &arguments);
    expr = finish(parser, expr);
    return expr != NULL && eg_cel_expand_macro(parser->arena, expr, parser->fault) ? expr : NULL;
}

static struct eg_cel_expr *parse_select(struct parser *parser, struct eg_cel_expr *operand) {
    bool optional = take_sign(parser, '?');
    struct eg_str name = token_text(parser);
    if (parser->token.kind == EG_CEL_TOKEN_QUOTED)
        name = eg_str_slice(name, 1, name.length - 2);
    else if (parser->token.kind != EG_CEL_TOKEN_NAME ||
             (parser->token.word != EG_CEL_WORD_NONE && parser->token.word != EG_CEL_WORD_RESERVED))
        return unexpected(parser, "the name of a field or a function");
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_SELECT, operand->start, 1);
    if (expr == NULL)
        return NULL;
    expr->anchor = parser->token.start;
    expr->anchor_end = parser->token.end;
    expr->name = name;
    expr->optional = optional;
    expr->operands[0] = operand;
    bool callable = !optional && parser->token.kind == EG_CEL_TOKEN_NAME;
    advance(parser);
    if (callable && take_sign(parser, '('))
        return parse_member_call(parser, expr, operand);
    return finish(parser, expr);
}

static struct eg_cel_expr *parse_index(struct parser *parser, struct eg_cel_expr *operand,
                                       uint32_t bracket) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_INDEX, operand->start, 2);
    if (expr == NULL)
        return NULL;
    expr->anchor = bracket;
    expr->optional = take_sign(parser, '?');
    expr->operands[0] = operand;
    expr->operands[1] = parse_expression(parser);
    if (expr->operands[1] == NULL || !expect_sign(parser, ']', "']'"))
        return NULL;
    return finish(parser, expr);
}

static bool is_qualified_name(const struct eg_cel_expr *expr) {
    while (expr->kind == EG_CEL_SELECT && !expr->optional)
        expr = expr->operands[0];
    return expr->kind == EG_CEL_NAME;
}

static struct eg_cel_expr *parse_member(struct parser *parser, struct eg_cel_expr *expr) {
    while (expr != NULL) {
        uint32_t start = parser->token.start;
        if (take_sign(parser, '.'))
            expr = parse_select(parser, expr);
        else if (take_sign(parser, '['))
            expr = parse_index(parser, expr, start);
        else if (is_sign(parser, '{') && is_qualified_name(expr))
            expr = parse_message(parser, expr);
        else
            break;
    }
    return expr;
}

/* ---- operators ---- */

static struct eg_cel_expr *parse_unary(struct parser *parser) {
    uint32_t start = parser->token.start;
    bool minus = is_sign(parser, '-');
    if (!minus && !is_sign(parser, '!'))
        return parse_member(parser, parse_primary(parser));
    advance(parser);
    enum eg_cel_token_kind next = parser->token.kind;
    if (minus && (next == EG_CEL_TOKEN_INT || next == EG_CEL_TOKEN_DOUBLE))
        return parse_member(parser, parse_literal(parser, true, start));
    struct eg_cel_expr *expr = new_expr(parser, minus ? EG_CEL_NEGATE : EG_CEL_NOT, start, 1);
    if (expr == NULL || !enter(parser))
        return NULL;
    expr->anchor_end = start + 1;
    expr->operands[0] = parse_unary(parser);
    parser->depth--;
    return expr->operands[0] == NULL ? NULL : finish(parser, expr);
}

struct infix {
    enum eg_cel_operator op;
    int level; /* binds the tighter, the higher; 0: no infix operator */
};

enum { RELATION = 1, ADDITION = 2, PRODUCT = 3 };

/* The operator that the token is. */
static struct infix find_infix(const struct parser *parser) {
    if (parser->token.word == EG_CEL_WORD_IN)
        return (struct infix){EG_CEL_IN, RELATION};
    switch (parser->token.sign) {
    case EG_CEL_SIGN2('=', '='):
        return (struct infix){EG_CEL_EQUAL, RELATION};
    case EG_CEL_SIGN2('!', '='):
        return (struct infix){EG_CEL_NOT_EQUAL, RELATION};
    case '<':
        return (struct infix){EG_CEL_LESS, RELATION};
    case EG_CEL_SIGN2('<', '='):
        return (struct infix){EG_CEL_LESS_EQUAL, RELATION};
    case '>':
        return (struct infix){EG_CEL_GREATER, RELATION};
    case EG_CEL_SIGN2('>', '='):
        return (struct infix){EG_CEL_GREATER_EQUAL, RELATION};
    case '+':
        return (struct infix){EG_CEL_ADD, ADDITION};
    case '-':
        return (struct infix){EG_CEL_SUBTRACT, ADDITION};
    case '*':
        return (struct infix){EG_CEL_MULTIPLY, PRODUCT};
    case '/':
        return (struct infix){EG_CEL_DIVIDE, PRODUCT};
    case '%':
        return (struct infix){EG_CEL_MODULO, PRODUCT};
    default:
        return (struct infix){0};
    }
}

/* Operators of LEVEL and tighter ones; all are left-associative. */
static struct eg_cel_expr *parse_infix(struct parser *parser, int level) {
    struct eg_cel_expr *left = parse_unary(parser);
    while (left != NULL) {
        struct infix infix = find_infix(parser);
        if (infix.level < level)
            break;
        struct eg_cel_expr *expr = new_expr(parser, EG_CEL_BINARY, left->start, 2);
        if (expr == NULL)
            return NULL;
        expr->op = (uint8_t)infix.op;
        expr->anchor = parser->token.start;
        expr->anchor_end = parser->token.end;
        advance(parser);
        expr->operands[0] = left;
        expr->operands[1] =
            infix.level == PRODUCT ? parse_unary(parser) : parse_infix(parser, infix.level + 1);
        left = expr->operands[1] == NULL ? NULL : finish(parser, expr);
    }
    return left;
}

static struct eg_cel_expr *parse_junction(struct parser *parser, enum eg_cel_kind kind);

static struct eg_cel_expr *parse_operand(struct parser *parser, enum eg_cel_kind of) {
    return of == EG_CEL_OR ? parse_junction(parser, EG_CEL_AND) : parse_infix(parser, RELATION);
}

/* A chain of && or ||, as one node with all its operands. */
static struct eg_cel_expr *parse_junction(struct parser *parser, enum eg_cel_kind kind) {
    uint32_t sign = kind == EG_CEL_AND ? EG_CEL_SIGN2('&', '&') : EG_CEL_SIGN2('|', '|');
    struct eg_cel_expr *first = parse_operand(parser, kind);
    if (first == NULL || !is_sign(parser, sign))
        return first;
    struct eg_cel_expr *expr = new_expr(parser, kind, first->start, 0);
    if (expr == NULL)
        return NULL;
    expr->anchor = parser->token.start;
    expr->anchor_end = parser->token.end;
    struct collected operands = {0};
    collect(parser, &operands, first, false);
    while (take_sign(parser, sign)) {
        struct eg_cel_expr *operand = parse_operand(parser, kind);
        if (operand == NULL)
            return NULL;
        collect(parser, &operands, operand, false);
    }
    adopt(expr, &operands);
    return finish(parser, expr);
}

static struct eg_cel_expr *parse_conditional(struct parser *parser, struct eg_cel_expr *condition) {
    struct eg_cel_expr *expr = new_expr(parser, EG_CEL_CONDITIONAL, condition->start, 3);
    if (expr == NULL)
        return NULL;
    expr->anchor = parser->last_end - 1;
    expr->anchor_end = parser->last_end;
    expr->operands[0] = condition;
    expr->operands[1] = parse_junction(parser, EG_CEL_OR);
    if (expr->operands[1] == NULL || !expect_sign(parser, ':', "':' and the other value"))
        return NULL;
    expr->operands[2] = parse_expression(parser);
    return expr->operands[2] == NULL ? NULL : finish(parser, expr);
}

static struct eg_cel_expr *parse_expression(struct parser *parser) {
    if (!enter(parser))
        return NULL;
    struct eg_cel_expr *expr = parse_junction(parser, EG_CEL_OR);
    if (expr != NULL && take_sign(parser, '?'))
        expr = parse_conditional(parser, expr);
    parser->depth--;
    return expr;
}

bool eg_cel_parse(struct eg_arena *arena, struct eg_str text, struct eg_cel_expr **ret_root,
                  struct eg_cel_fault *fault) {
    if (text.length > EG_CEL_TEXT_LIMIT)
        return eg_cel_fault_set(fault, 0, 0, "the expression is longer than %d bytes",
                                EG_CEL_TEXT_LIMIT);
    if (eg_utf8_find_invalid(text, 0) != SIZE_MAX)
        return eg_cel_fault_set(fault, 0, 0, "the expression is not valid UTF-8");
    struct parser parser = {.arena = arena, .text = text, .fault = fault};
    parser.token = eg_cel_token_at(text, 0, fault);
    if (parser.token.kind == EG_CEL_TOKEN_END)
        return eg_cel_fault_set(fault, 0, 0, "the expression is empty");
    struct eg_cel_expr *root = parse_expression(&parser);
    if (root != NULL && parser.token.kind != EG_CEL_TOKEN_END)
        root = unexpected(&parser, "an operator or the end");
    if (root == NULL)
        return false;
    *ret_root = root;
    return true;
}
