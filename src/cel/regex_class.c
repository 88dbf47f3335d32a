/* Characters and classes as atoms; see regex_class.h. Called by regex_syntax.c. */
#include "cel/regex_class.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

enum { LAST_CODE_POINT = 0x10ffff, KELVIN_SIGN = 0x212a, LONG_S = 0x17f };

/* ---- collecting ---- */

void eg_cel_class_add(struct eg_cel_class *class, uint32_t from, uint32_t to) {
    if (from > to && class->wrong == NULL)
        class->wrong = "range out of order in character class";
    if (class->count == class->capacity) {
        uint32_t larger = class->capacity == 0 ? 4 : class->capacity * 2;
        class->ranges =
            eg_arena_grow(class->arena, class->ranges, class->count * sizeof *class->ranges,
                          larger * sizeof *class->ranges);
        class->capacity = larger;
    }
    class->ranges[class->count++] = (struct eg_cel_range){from, to};
}

bool eg_cel_class_add_perl(struct eg_cel_class *class, char letter) {
    static const struct {
        char letter;
        struct eg_cel_range ranges[5]; /* behind the last one that ends at 0 */
    } sets[] = {
        {'d', {{'0', '9'}}},
        {'w', {{'0', '9'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}}},
        {'s', {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}}},
        {'D', {{0, '0' - 1}, {'9' + 1, LAST_CODE_POINT}}},
        {'W',
         {{0, '0' - 1},
          {'9' + 1, 'A' - 1},
          {'Z' + 1, '^'},
          {'`', '`'},
          {'z' + 1, LAST_CODE_POINT}}},
        {'S', {{0, '\t' - 1}, {'\v', '\v'}, {'\r' + 1, ' ' - 1}, {'!', LAST_CODE_POINT}}},
    };
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (sets[i].letter != letter)
            continue;
        for (size_t k = 0; k < 5 && sets[i].ranges[k].to > 0; k++)
            eg_cel_class_add(class, sets[i].ranges[k].from, sets[i].ranges[k].to);
        return true;
    }
    return false;
}

void eg_cel_class_add_asked(struct eg_cel_class *class, struct eg_str text) {
    class->asked = eg_str_concat(class->arena, class->asked, text);
}

/* ---- by ranges ---- */

static void set_ascii(struct eg_cel_atom *atom, uint32_t code_point) {
    atom->ascii[code_point / 64] |= (uint64_t)1 << code_point % 64;
}

static bool has_ascii(const struct eg_cel_atom *atom, char c) {
    return (atom->ascii[c / 64] >> c % 64 & 1) != 0;
}

/* The letters that are there, in their other case too. */
static void fold_ascii(struct eg_cel_atom *atom) {
    const uint64_t letters = 0x07fffffe; /* of either case, where '@' and '`' are 0 */
    uint64_t both = (atom->ascii[1] | atom->ascii[1] >> 32) & letters;
    atom->ascii[1] |= both | both << 32;
}

static void make_of_ranges(const struct eg_cel_class *class, struct eg_cel_atom *atom) {
    /* Two of them for the letters that have another case beyond ASCII. */
    struct eg_cel_range *wide = EG_NEW_ARRAY(class->arena, struct eg_cel_range, class->count + 2);
    uint32_t count = 0;
    for (uint32_t i = 0; i < class->count; i++) {
        struct eg_cel_range range = class->ranges[i];
        for (uint32_t c = range.from; c <= range.to && c < 128; c++)
            set_ascii(atom, c);
        if (range.to >= 128)
            wide[count++] = (struct eg_cel_range){range.from < 128 ? 128 : range.from, range.to};
    }
    if (class->nocase) {
        fold_ascii(atom);
        if (has_ascii(atom, 'k'))
            wide[count++] = (struct eg_cel_range){KELVIN_SIGN, KELVIN_SIGN};
        if (has_ascii(atom, 's'))
            wide[count++] = (struct eg_cel_range){LONG_S, LONG_S};
    }
    bool all = count > 0 && wide[0].from == 128 && wide[0].to == LAST_CODE_POINT;
    atom->ranges = wide;
    atom->range_count = all ? 0 : count;
    atom->others = all;
    if (class->negated) {
        atom->ascii[0] = ~atom->ascii[0];
        atom->ascii[1] = ~atom->ascii[1];
        atom->others = !atom->others;
    }
}

/* ---- by PCRE2 ---- */

static void *allocate(PCRE2_SIZE size, void *arena) {
    return eg_arena_alloc(arena, size);
}

static void no_free(void *memory, void *arena) {
    (void)memory;
    (void)arena;
}

/* The class in PCRE2's syntax. */
static struct eg_str class_text(const struct eg_cel_class *class) {
    struct eg_str text = class->negated ? EG_STR("[^") : EG_STR("[");
    for (uint32_t i = 0; i < class->count; i++)
        text = eg_str_format(class->arena, "%.*s\\x{%x}-\\x{%x}", EG_STR_ARGS(text),
                             class->ranges[i].from, class->ranges[i].to);
    return eg_str_format(class->arena, "%.*s%.*s]", EG_STR_ARGS(text), EG_STR_ARGS(class->asked));
}

/* Found one after the other in the text of all of ASCII: the offset is the character. */
static void ask_ascii(struct eg_cel_atom *atom, pcre2_match_data *data) {
    unsigned char all[128];
    for (unsigned c = 0; c < sizeof all; c++)
        all[c] = (unsigned char)c;
    PCRE2_SIZE from = 0;
    while (from < sizeof all &&
           pcre2_match(atom->code, all, sizeof all, from, PCRE2_NO_UTF_CHECK, data, NULL) >= 0) {
        PCRE2_SIZE found = pcre2_get_ovector_pointer(data)[0];
        set_ascii(atom, (uint32_t)found);
        from = found + 1;
    }
}

static const char *ask(const struct eg_cel_class *class, struct eg_cel_atom *atom) {
    struct eg_str text = class_text(class);
    pcre2_general_context *memory = pcre2_general_context_create(allocate, no_free, class->arena);
    uint32_t options = PCRE2_UTF | PCRE2_DOTALL | PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UCP |
                       (class->nocase ? PCRE2_CASELESS : 0);
    int code = 0;
    PCRE2_SIZE offset = 0;
    atom->code = pcre2_compile((PCRE2_SPTR)text.data, text.length, options, &code, &offset,
                               pcre2_compile_context_create(memory));
    if (atom->code == NULL) {
        char *why = eg_arena_alloc(class->arena, 200);
        pcre2_get_error_message(code, (PCRE2_UCHAR *)why, 200);
        return why;
    }
    ask_ascii(atom, pcre2_match_data_create(1, memory));
    return NULL;
}

/* Does it hold characters beyond ASCII, whose other cases only PCRE2 knows? */
static bool folds_wide(const struct eg_cel_class *class) {
    for (uint32_t i = 0; class->nocase && i < class->count; i++)
        if (class->ranges[i].to >= 128)
            return true;
    return false;
}

const char *eg_cel_class_finish(const struct eg_cel_class *class, struct eg_cel_atom *atom) {
    if (class->wrong != NULL)
        return class->wrong;
    if (class->asked.length > 0 || folds_wide(class))
        return ask(class, atom);
    make_of_ranges(class, atom);
    return NULL;
}
