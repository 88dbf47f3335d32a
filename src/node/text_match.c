/* Matching text with holes; see text_match.h. Called by text.c and text_equal.c.
 *
 * The pattern is a chain of elements, each one character, any one character, or any text. Text
 * without holes is compared from left to right, going back to the last "any text" where it doesn't
 * fit. For text with holes the pattern is run as an automaton whose states are the places between
 * the elements; a set of states says where in the pattern one can be after the text so far. Two
 * runs go side by side:
 *
 * - can: the set for all texts together. In a hole it takes every step that some character of the
 *   hole's form allows. If the end is not in it, no text matches.
 * - must: the sets of the worst texts. The worst that a hole can hold, at a given length, is
 *   characters that the pattern doesn't name: they take the fewest steps, and fewer states never
 *   match more. So a hole leads from one set to one for each length, of which only the least (those
 *   that contain no other) count. If the end is in all of them, every text matches.
 *
 * Both are exact for holes that may be anything. Where a hole's form lacks an unnamed character, or
 * one symbol fills two holes, the answer may be undecided where more thought would decide it.
 */
#include "node/text_match.h"

#include "base/utf8.h"
#include "node/text_form.h"

#include <string.h>

/* Beyond these the answer is undecided: steps in all, and worst sets at one time. */
enum { MOST_STEPS = 16 * 1024 * 1024, MOST_SETS = 16 };
/* Up to so many need no memory of their own. */
enum { FEW_ELEMENTS = 64 };

enum element_kind { ELEMENT_CHARACTER, ELEMENT_ONE, ELEMENT_ANY };

struct element {
    enum element_kind kind;
    uint32_t code;
};

/* A set of states: bit i is the place before element i. */
typedef uint64_t word;

struct matcher {
    struct eg_arena arena;
    struct element *elements;
    size_t count;
    size_t words; /* of one set */
    bool nocase;
    word *can;
    word *must[MOST_SETS];
    size_t must_count;
    bool must_lost; /* some text doesn't match, or it can't be said */
    word *scratch;
};

static uint32_t fold(uint32_t code) {
    return code >= 'A' && code <= 'Z' ? code + ('a' - 'A') : code;
}

/* The code of the character at DATA, of which LEFT bytes are there; a byte that is no UTF-8 counts
 * as a character of its own, beyond Unicode's. */
static uint32_t next_code(const char *data, size_t left, unsigned *ret_length) {
    unsigned length = eg_utf8_length(data, left);
    *ret_length = length == 0 ? 1 : length;
    return length == 0 ? 0x110000u + (unsigned char)*data : eg_utf8_decode(data, length);
}

/* ---- the pattern ---- */

static void add_element(struct matcher *matcher, enum element_kind kind, uint32_t code) {
    if (kind == ELEMENT_ANY && matcher->count > 0 &&
        matcher->elements[matcher->count - 1].kind == ELEMENT_ANY)
        return;
    matcher->elements[matcher->count++] = (struct element){kind, code};
}

static void compile(struct matcher *matcher, const struct eg_text_pattern *pattern) {
    struct eg_str literal = pattern->literal;
    if (literal.length + 2 > FEW_ELEMENTS)
        matcher->elements = EG_NEW_ARRAY(&matcher->arena, struct element, literal.length + 2);
    matcher->nocase = pattern->nocase;
    if (pattern->any_before)
        add_element(matcher, ELEMENT_ANY, 0);
    unsigned length;
    for (size_t i = 0; i < literal.length; i += length) {
        uint32_t code = next_code(literal.data + i, literal.length - i, &length);
        if (pattern->glob && code == '*')
            add_element(matcher, ELEMENT_ANY, 0);
        else if (pattern->glob && code == '?')
            add_element(matcher, ELEMENT_ONE, 0);
        else
            add_element(matcher, ELEMENT_CHARACTER, pattern->nocase ? fold(code) : code);
    }
    if (pattern->any_behind)
        add_element(matcher, ELEMENT_ANY, 0);
    matcher->words = matcher->count / 64 + 1;
}

/* ---- sets ---- */

static word *new_set(struct matcher *matcher) {
    return EG_NEW_ARRAY(&matcher->arena, word, matcher->words);
}

static bool has(const word *set, size_t state) {
    return (set[state / 64] >> (state % 64) & 1) != 0;
}

/* Adds a state, and those that follow it without a character. */
static void put(const struct matcher *matcher, word *set, size_t state) {
    set[state / 64] |= (word)1 << (state % 64);
    if (state < matcher->count && matcher->elements[state].kind == ELEMENT_ANY)
        set[(state + 1) / 64] |= (word)1 << ((state + 1) % 64);
}

static bool equal_sets(const struct matcher *matcher, const word *a, const word *b) {
    return memcmp(a, b, matcher->words * sizeof *a) == 0;
}

static bool contains_set(const struct matcher *matcher, const word *outer, const word *inner) {
    for (size_t i = 0; i < matcher->words; i++)
        if ((inner[i] & ~outer[i]) != 0)
            return false;
    return true;
}

static bool is_empty_set(const struct matcher *matcher, const word *set) {
    for (size_t i = 0; i < matcher->words; i++)
        if (set[i] != 0)
            return false;
    return true;
}

/* ---- steps ---- */

/* What a step reads. */
struct input {
    uint32_t code;                /* a known character … */
    bool (*holds)(uint32_t code); /* … or one of the hole's form … */
    bool unnamed;                 /* … or one that the pattern doesn't name */
};

static bool may_be(const struct matcher *matcher, const struct input *input, uint32_t code) {
    if (input->unnamed)
        return false;
    if (input->holds == NULL)
        return code == (matcher->nocase ? fold(input->code) : input->code);
    bool upper = matcher->nocase && code >= 'a' && code <= 'z';
    return input->holds(code) || (upper && input->holds(code - ('a' - 'A')));
}

/* Replaces SET by what follows it. */
static void step(struct matcher *matcher, word *set, const struct input *input) {
    word *next = matcher->scratch;
    memset(next, 0, matcher->words * sizeof *next);
    for (size_t i = 0; i < matcher->words; i++) {
        for (word left = set[i]; left != 0; left &= left - 1) {
            size_t state = i * 64 + (size_t)__builtin_ctzll(left);
            if (state == matcher->count)
                continue;
            const struct element *element = &matcher->elements[state];
            if (element->kind == ELEMENT_ANY)
                put(matcher, next, state);
            else if (element->kind == ELEMENT_ONE || may_be(matcher, input, element->code))
                put(matcher, next, state + 1);
        }
    }
    memcpy(set, next, matcher->words * sizeof *next);
}

static void read_known(struct matcher *matcher, struct eg_str text) {
    unsigned length;
    for (size_t i = 0; i < text.length; i += length) {
        struct input input = {.code = next_code(text.data + i, text.length - i, &length)};
        step(matcher, matcher->can, &input);
        if (is_empty_set(matcher, matcher->can))
            return; /* no text matches any more */
        for (size_t j = 0; j < matcher->must_count; j++)
            step(matcher, matcher->must[j], &input);
    }
}

static void can_read_hole(struct matcher *matcher, const struct eg_text_form *form) {
    struct input input = {.holds = form->holds};
    for (uint32_t i = 0; i < form->least; i++)
        step(matcher, matcher->can, &input);
    word *reached = new_set(matcher);
    for (uint32_t i = form->least; i < form->most; i++) {
        memcpy(reached, matcher->can, matcher->words * sizeof *reached);
        step(matcher, reached, &input);
        if (contains_set(matcher, matcher->can, reached))
            return;
        for (size_t j = 0; j < matcher->words; j++)
            matcher->can[j] |= reached[j];
    }
}

/* Adds a copy of SET to the worst sets, unless one of them is as bad; takes out those less bad. */
static void add_worst(struct matcher *matcher, const word *set) {
    size_t kept = 0;
    for (size_t i = 0; i < matcher->must_count; i++) {
        if (contains_set(matcher, set, matcher->must[i]))
            return;
        if (!contains_set(matcher, matcher->must[i], set))
            matcher->must[kept++] = matcher->must[i];
    }
    matcher->must_count = kept;
    if (kept == MOST_SETS) {
        matcher->must_lost = true;
        return;
    }
    matcher->must[matcher->must_count] = new_set(matcher);
    memcpy(matcher->must[matcher->must_count++], set, matcher->words * sizeof *set);
}

static void must_read_hole(struct matcher *matcher, const struct eg_text_form *form) {
    struct input input = {.unnamed = true};
    word *before[MOST_SETS];
    size_t count = matcher->must_count;
    memcpy(before, matcher->must, count * sizeof *before);
    matcher->must_count = 0;
    word *last = new_set(matcher);
    for (size_t i = 0; i < count && !matcher->must_lost; i++) {
        word *set = before[i];
        for (uint32_t j = 0; j < form->least; j++)
            step(matcher, set, &input);
        add_worst(matcher, set);
        for (uint32_t j = form->least; j < form->most && !matcher->must_lost; j++) {
            memcpy(last, set, matcher->words * sizeof *last);
            step(matcher, set, &input);
            if (equal_sets(matcher, last, set))
                break;
            add_worst(matcher, set);
        }
    }
}

/* ---- text that is known ---- */

static size_t length_at(struct eg_str text, size_t at) {
    unsigned length = eg_utf8_length(text.data + at, text.length - at);
    return length == 0 ? 1 : length;
}

static bool same_byte(const struct eg_text_pattern *pattern, char a, char b) {
    return a == b || (pattern->nocase && fold((unsigned char)a) == fold((unsigned char)b));
}

/* Byte by byte, which is enough where both sides are UTF-8. Of "any text" only the last one met
 * need ever be made longer. */
static enum eg_truth match_known(struct eg_str text, const struct eg_text_pattern *pattern) {
    struct eg_str literal = pattern->literal;
    size_t at = 0, next = 0;
    size_t any = pattern->any_before ? 0 : SIZE_MAX; /* behind the last "any text" … */
    size_t any_end = 0;                              /* … and where what it stands for ends */
    while (at < text.length) {
        bool more = next < literal.length;
        if (more && pattern->glob && literal.data[next] == '*') {
            any = ++next;
            any_end = at;
        } else if (more && pattern->glob && literal.data[next] == '?') {
            next++;
            at += length_at(text, at);
        } else if (more && same_byte(pattern, literal.data[next], text.data[at])) {
            next++;
            at++;
        } else if (!more && pattern->any_behind) {
            return EG_TRUE;
        } else if (any != SIZE_MAX) {
            any_end += length_at(text, any_end);
            at = any_end;
            next = any;
        } else {
            return EG_FALSE;
        }
    }
    while (pattern->glob && next < literal.length && literal.data[next] == '*')
        next++;
    return next == literal.length ? EG_TRUE : EG_FALSE;
}

/* ---- the whole ---- */

static void begin_sets(struct matcher *matcher) {
    matcher->scratch = new_set(matcher);
    matcher->can = new_set(matcher);
    put(matcher, matcher->can, 0);
    matcher->must[0] = new_set(matcher);
    put(matcher, matcher->must[0], 0);
    matcher->must_count = 1;
}

/* How many steps the text may take: characters times states. */
static bool is_affordable(const struct matcher *matcher, const struct eg_list *pieces) {
    uint64_t length = 0;
    for (uint32_t i = 0; i < pieces->count; i++)
        length += pieces->items[i]->kind == EG_STRING ? pieces->items[i]->as.text.length
                                                      : matcher->count + 16;
    return length * (matcher->count + 1) <= MOST_STEPS;
}

static enum eg_truth run(struct matcher *matcher, const struct eg_list *pieces) {
    for (uint32_t i = 0; i < pieces->count; i++) {
        const struct eg_node *piece = pieces->items[i];
        if (piece->kind == EG_STRING) {
            read_known(matcher, piece->as.text);
        } else {
            struct eg_text_form form = eg_text_form_of(piece);
            read_known(matcher, form.start);
            can_read_hole(matcher, &form);
            must_read_hole(matcher, &form);
        }
        if (is_empty_set(matcher, matcher->can))
            return EG_FALSE;
    }
    if (!has(matcher->can, matcher->count))
        return EG_FALSE;
    bool must = !matcher->must_lost;
    for (size_t i = 0; i < matcher->must_count; i++)
        must = must && has(matcher->must[i], matcher->count);
    return must ? EG_TRUE : EG_UNDECIDED;
}

enum eg_truth eg_text_match(const struct eg_node *text, const struct eg_text_pattern *pattern) {
    if (text->kind == EG_STRING &&
        (uint64_t)text->as.text.length * (pattern->literal.length + 3) <= MOST_STEPS)
        return match_known(text->as.text, pattern);
    struct element few[FEW_ELEMENTS]; /* enough for nearly every pattern */
    struct matcher matcher = {.elements = few};
    struct eg_list pieces = eg_text_form_pieces(&text);
    enum eg_truth truth = EG_UNDECIDED;
    eg_arena_init(&matcher.arena);
    compile(&matcher, pattern);
    if (is_affordable(&matcher, &pieces)) {
        begin_sets(&matcher);
        truth = run(&matcher, &pieces);
    }
    eg_arena_done(&matcher.arena);
    return truth;
}
