/* Regular expressions; see regex.h. Called by `matches`.
 *
 * The tree (regex_syntax.h) becomes a program for a machine that follows all ways through the
 * pattern at once, character by character (Ken Thompson's): time is the length of the text times
 * that of the pattern, whatever they are. PCRE2, which the project uses for its Unicode tables, has
 * two matchers, but neither keeps to such a bound: one backtracks, the other keeps a state for
 * every count of a repeat.
 */
#include "cel/regex.h"

#include "base/utf8.h"
#include "cel/regex_syntax.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <string.h>

/* A repeat is written out as often as it says. */
enum { PROGRAM_LIMIT = 20000 };

struct instruction {
    enum { ATOM, ASSERTION, SPLIT, JUMP, MATCH } kind;
    enum eg_cel_assertion assertion;
    const struct eg_cel_atom *atom;
    uint32_t to; /* split, jump; a split goes on to the next one too */
    /* Which characters of ASCII can be taken from here on, a bit for each; unless it can't be said
     * so, or none need be. */
    bool open;
    uint64_t ahead[2];
};

struct eg_cel_regex {
    struct instruction *program;
    uint32_t count;
    struct eg_str required; /* every match holds this text; empty: none is known */
    bool anchored;          /* a match begins at the start of the text, or not at all */
    bool anywhere;          /* else: it may begin at any character, or be empty */
    struct eg_str prefix;   /* else: it begins with this text … */
    uint64_t first[4];      /* … and with one of these bytes, a bit for each */
};

/* ---- from tree to program ---- */

struct assembler {
    struct eg_arena *arena;
    struct instruction *program;
    uint32_t count;
    uint32_t capacity;
};

static bool emit(struct assembler *a, const struct eg_cel_regex_node *node);

/* The number of the new instruction; PROGRAM_LIMIT: there is no room. */
static uint32_t add(struct assembler *a, struct instruction instruction) {
    if (a->count == PROGRAM_LIMIT)
        return PROGRAM_LIMIT;
    if (a->count == a->capacity) {
        uint32_t larger = a->capacity == 0 ? 32 : a->capacity * 2;
        a->program = eg_arena_grow(a->arena, a->program, a->count * sizeof *a->program,
                                   larger * sizeof *a->program);
        a->capacity = larger;
    }
    a->program[a->count] = instruction;
    return a->count++;
}

static bool emit_alternate(struct assembler *a, const struct eg_cel_regex_node *node) {
    /* Each way but the last ends in a jump behind the last: they are chained through `to`. */
    uint32_t jumps = PROGRAM_LIMIT;
    for (const struct eg_cel_regex_node *part = node->parts; part != NULL; part = part->next) {
        uint32_t split = PROGRAM_LIMIT;
        if (part->next != NULL &&
            (split = add(a, (struct instruction){.kind = SPLIT})) == PROGRAM_LIMIT)
            return false;
        if (!emit(a, part))
            return false;
        if (part->next == NULL)
            break;
        jumps = add(a, (struct instruction){.kind = JUMP, .to = jumps});
        if (jumps == PROGRAM_LIMIT)
            return false;
        a->program[split].to = a->count;
    }
    while (jumps != PROGRAM_LIMIT) {
        uint32_t next = a->program[jumps].to;
        a->program[jumps].to = a->count;
        jumps = next;
    }
    return true;
}

static bool emit_repeat(struct assembler *a, const struct eg_cel_regex_node *node) {
    uint32_t start = a->count;
    for (int i = 0; i < node->least; i++) {
        start = a->count;
        if (!emit(a, node->parts))
            return false;
        /* Nothing as often as one likes is nothing. */
        if (a->count == start)
            return true;
    }
    if (node->most < 0 && node->least > 0)
        return add(a, (struct instruction){.kind = SPLIT, .to = start}) != PROGRAM_LIMIT;
    if (node->most < 0) {
        uint32_t split = add(a, (struct instruction){.kind = SPLIT});
        if (split == PROGRAM_LIMIT || !emit(a, node->parts) ||
            add(a, (struct instruction){.kind = JUMP, .to = split}) == PROGRAM_LIMIT)
            return false;
        a->program[split].to = a->count;
        return true;
    }
    uint32_t splits = PROGRAM_LIMIT;
    for (int i = node->least; i < node->most; i++) {
        uint32_t split = add(a, (struct instruction){.kind = SPLIT, .to = splits});
        if (split == PROGRAM_LIMIT || !emit(a, node->parts))
            return false;
        splits = split;
    }
    while (splits != PROGRAM_LIMIT) {
        uint32_t next = a->program[splits].to;
        a->program[splits].to = a->count;
        splits = next;
    }
    return true;
}

static bool emit(struct assembler *a, const struct eg_cel_regex_node *node) {
    switch (node->kind) {
    case EG_CEL_REGEX_ATOM:
        return add(a, (struct instruction){.kind = ATOM, .atom = node->atom}) != PROGRAM_LIMIT;
    case EG_CEL_REGEX_ASSERTION:
        return add(a, (struct instruction){.kind = ASSERTION, .assertion = node->assertion}) !=
               PROGRAM_LIMIT;
    case EG_CEL_REGEX_SEQUENCE:
        for (const struct eg_cel_regex_node *part = node->parts; part != NULL; part = part->next)
            if (!emit(a, part))
                return false;
        return true;
    case EG_CEL_REGEX_ALTERNATE:
        return emit_alternate(a, node);
    case EG_CEL_REGEX_REPEAT:
        break;
    }
    return emit_repeat(a, node);
}

/* ---- the machine ---- */

/* Instructions that are waited at, each once. */
struct set {
    uint32_t *items;
    uint32_t count;
    uint32_t *marks; /* by instruction: the round in which it came in */
    uint32_t round;
};

struct machine {
    const struct eg_cel_regex *regex;
    struct eg_arena *arena;
    struct eg_str text;
    size_t position;
    struct set now;
    struct set then;
    uint32_t *stack;
    pcre2_match_data *data; /* made when an atom first asks */
    uint64_t work;
};

static bool is_word(struct eg_str text, size_t i) {
    char c = i < text.length ? text.data[i] : ' ';
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool holds(const struct machine *machine, enum eg_cel_assertion assertion) {
    struct eg_str text = machine->text;
    size_t i = machine->position;
    bool edge = (i > 0 && is_word(text, i - 1)) != is_word(text, i);
    switch (assertion) {
    case EG_CEL_TEXT_START:
        return i == 0;
    case EG_CEL_TEXT_END:
        return i == text.length;
    case EG_CEL_LINE_START:
        return i == 0 || text.data[i - 1] == '\n';
    case EG_CEL_LINE_END:
        return i == text.length || text.data[i] == '\n';
    case EG_CEL_WORD_EDGE:
        return edge;
    case EG_CEL_NO_WORD_EDGE:
        break;
    }
    return !edge;
}

/* Can a match go through the instruction with the byte NEXT (-1: at the end)? */
static bool may_go(const struct instruction *instruction, int next) {
    if (instruction->open || next >= 128)
        return true;
    return next >= 0 && (instruction->ahead[next / 64] >> next % 64 & 1) != 0;
}

/* Adds an instruction and all that it leads to without a character, unless the next character
 * makes an end of it; true if that is the match. */
static bool follow(struct machine *machine, struct set *set, uint32_t start) {
    struct eg_str text = machine->text;
    size_t position = machine->position;
    int next = position < text.length ? (unsigned char)text.data[position] : -1;
    uint32_t depth = 0;
    machine->stack[depth++] = start;
    while (depth > 0) {
        uint32_t i = machine->stack[--depth];
        const struct instruction *instruction = &machine->regex->program[i];
        if (set->marks[i] == set->round || !may_go(instruction, next))
            continue;
        set->marks[i] = set->round;
        machine->work++;
        switch (instruction->kind) {
        case MATCH:
            return true;
        case ATOM:
            set->items[set->count++] = i;
            break;
        case ASSERTION:
            if (holds(machine, instruction->assertion))
                machine->stack[depth++] = i + 1;
            break;
        case SPLIT:
            machine->stack[depth++] = i + 1;
            machine->stack[depth++] = instruction->to;
            break;
        case JUMP:
            machine->stack[depth++] = instruction->to;
            break;
        }
    }
    return false;
}

static void *allocate(PCRE2_SIZE size, void *arena) {
    return eg_arena_alloc(arena, size);
}

static void no_free(void *memory, void *arena) {
    (void)memory;
    (void)arena;
}

static bool ask(struct machine *machine, const struct eg_cel_atom *atom, size_t length) {
    if (machine->data == NULL)
        machine->data = pcre2_match_data_create(
            1, pcre2_general_context_create(allocate, no_free, machine->arena));
    machine->work += 8;
    return pcre2_match(atom->code, (PCRE2_SPTR)machine->text.data + machine->position, length, 0,
                       PCRE2_ANCHORED | PCRE2_ENDANCHORED, machine->data, NULL) >= 0;
}

/* Does the atom stand for the character at the position, which has LENGTH bytes? */
static bool takes(struct machine *machine, const struct eg_cel_atom *atom, size_t length) {
    unsigned char byte = (unsigned char)machine->text.data[machine->position];
    if (byte < 128)
        return (atom->ascii[byte / 64] >> byte % 64 & 1) != 0;
    if (atom->code != NULL)
        return length > 1 && ask(machine, atom, length);
    if (atom->range_count == 0)
        return atom->others;
    uint32_t code_point = eg_utf8_at(machine->text, machine->position);
    for (uint32_t i = 0; i < atom->range_count; i++)
        if (code_point >= atom->ranges[i].from && code_point <= atom->ranges[i].to)
            return !atom->others;
    return atom->others;
}

/* Takes the character at the position; true if a match has come to its end. */
static bool advance(struct machine *machine) {
    size_t length = eg_utf8_step(machine->text, machine->position);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < machine->now.count; i++) {
        uint32_t number = machine->now.items[i];
        if (takes(machine, machine->regex->program[number].atom, length))
            machine->now.items[kept++] = number + 1;
    }
    machine->work += machine->now.count;
    machine->position += length;
    machine->then.count = 0;
    machine->then.round++;
    for (uint32_t i = 0; i < kept; i++)
        if (follow(machine, &machine->then, machine->now.items[i]))
            return true;
    struct set swapped = machine->now;
    machine->now = machine->then;
    machine->then = swapped;
    return false;
}

static bool begins(const struct eg_cel_regex *regex, unsigned char byte) {
    return (regex->first[byte / 64] >> byte % 64 & 1) != 0;
}

/* Where at or behind FROM a match may begin; SIZE_MAX: nowhere. */
static size_t next_start(const struct eg_cel_regex *regex, struct eg_str text, size_t from) {
    if (regex->anchored)
        return from == 0 ? 0 : SIZE_MAX;
    if (regex->anywhere)
        return from;
    if (regex->prefix.length > 0)
        return eg_str_find(text, regex->prefix, from);
    while (from < text.length && !begins(regex, (unsigned char)text.data[from]))
        from++;
    return from < text.length ? from : SIZE_MAX;
}

static void make_set(struct machine *machine, struct set *set) {
    uint32_t count = machine->regex->count;
    set->items = EG_NEW_ARRAY(machine->arena, uint32_t, count);
    set->marks = EG_NEW_ARRAY(machine->arena, uint32_t, count);
    set->round = 1;
}

static void start_machine(struct machine *machine, struct eg_arena *arena,
                          const struct eg_cel_regex *regex, struct eg_str text) {
    *machine = (struct machine){.regex = regex, .arena = arena, .text = text};
    make_set(machine, &machine->now);
    make_set(machine, &machine->then);
    /* Each instruction is put on it at most by the two before it. */
    machine->stack = EG_NEW_ARRAY(arena, uint32_t, (size_t)regex->count * 2 + 1);
}

/* Looks for a match from START on, the first place where one may begin. */
static const struct eg_node *run(struct eg_cel_eval *eval, struct machine *machine, size_t start) {
    const struct eg_cel_regex *regex = machine->regex;
    struct eg_str text = machine->text;
    for (;;) {
        if (start < machine->position)
            start = next_start(regex, text, machine->position);
        if (machine->now.count == 0) {
            if (start == SIZE_MAX)
                break;
            machine->work += (start - machine->position) / 16;
            machine->position = start;
            machine->now.round++;
        }
        if (start == machine->position && follow(machine, &machine->now, 0))
            return eg_node_bool(true);
        if (machine->position >= text.length)
            break;
        if (advance(machine))
            return eg_node_bool(true);
        if (machine->work >= 1024) {
            if (!eg_cel_spend(eval, machine->work / 64))
                return eg_cel_limit_error();
            machine->work = 0;
        }
    }
    eg_cel_spend(eval, machine->work / 64);
    return eg_node_bool(false);
}

const struct eg_node *eg_cel_regex_match(struct eg_cel_eval *eval, const struct eg_cel_regex *regex,
                                         struct eg_str text) {
    bool possible = eg_str_contains(text, regex->required);
    size_t start = possible ? next_start(regex, text, 0) : SIZE_MAX;
    if (start != SIZE_MAX) {
        char *mark = eval->arena->next;
        struct machine machine;
        start_machine(&machine, eval->arena, regex, text);
        const struct eg_node *result = run(eval, &machine, start);
        eg_arena_rewind(eval->arena, mark);
        return result;
    }
    eg_cel_spend(eval, text.length / 1024);
    return eg_node_bool(false);
}

/* ---- compiling ---- */

/* Visits the atoms and the match that the start leads to without a character, whatever the
 * assertions on the way; but for, if UNANCHORED, what stands behind the start of the text. */
static void find_first(struct eg_cel_regex *regex, struct eg_arena *arena, bool unanchored,
                       void visit(struct eg_cel_regex *regex, const struct eg_cel_atom *atom)) {
    bool *seen = EG_NEW_ARRAY(arena, bool, regex->count);
    uint32_t *stack = EG_NEW_ARRAY(arena, uint32_t, (size_t)regex->count * 2 + 1);
    uint32_t depth = 0;
    stack[depth++] = 0;
    while (depth > 0) {
        uint32_t i = stack[--depth];
        if (seen[i])
            continue;
        seen[i] = true;
        const struct instruction *instruction = &regex->program[i];
        if (instruction->kind == MATCH || instruction->kind == ATOM)
            visit(regex, instruction->kind == ATOM ? instruction->atom : NULL);
        bool at_start =
            instruction->kind == ASSERTION && instruction->assertion == EG_CEL_TEXT_START;
        if (instruction->kind == SPLIT ||
            (instruction->kind == ASSERTION && !(at_start && unanchored)))
            stack[depth++] = i + 1;
        if (instruction->kind == SPLIT || instruction->kind == JUMP)
            stack[depth++] = instruction->to;
    }
}

static void add_first(struct eg_cel_regex *regex, const struct eg_cel_atom *atom) {
    if (atom == NULL) {
        regex->anywhere = true;
        return;
    }
    uint64_t wide = atom->code != NULL || atom->range_count > 0 || atom->others ? ~(uint64_t)0 : 0;
    regex->first[0] |= atom->ascii[0];
    regex->first[1] |= atom->ascii[1];
    regex->first[2] |= wide;
    regex->first[3] |= wide;
}

static void not_anchored(struct eg_cel_regex *regex, const struct eg_cel_atom *atom) {
    (void)atom;
    regex->anchored = false;
}

/* What can be taken through OTHER can be through INSTRUCTION. */
static void add_ahead(struct instruction *instruction, const struct instruction *other) {
    instruction->open = instruction->open || other->open;
    instruction->ahead[0] |= other->ahead[0];
    instruction->ahead[1] |= other->ahead[1];
}

/* From the end to the beginning, since nearly all ways lead on; of those back it isn't said. */
static void look_ahead(struct instruction *program, uint32_t count) {
    for (uint32_t i = count; i-- > 0;) {
        struct instruction *instruction = &program[i];
        bool jumps = instruction->kind == SPLIT || instruction->kind == JUMP;
        instruction->open = instruction->kind == MATCH || (jumps && instruction->to <= i);
        if (instruction->kind == ATOM)
            memcpy(instruction->ahead, instruction->atom->ascii, sizeof instruction->ahead);
        if (instruction->kind == SPLIT || instruction->kind == ASSERTION)
            add_ahead(instruction, &program[i + 1]);
        if (jumps)
            add_ahead(instruction, &program[instruction->to]);
    }
}

/* The one character of ASCII that the atom stands for, or -1. */
static int only_character(const struct eg_cel_atom *atom) {
    uint64_t low = atom->ascii[0], high = atom->ascii[1];
    bool wide = atom->code != NULL || atom->range_count > 0 || atom->others;
    if (wide || __builtin_popcountll(low) + __builtin_popcountll(high) != 1)
        return -1;
    return low != 0 ? __builtin_ctzll(low) : 64 + __builtin_ctzll(high);
}

/* The characters that the program takes one after the other before anything else. */
static void find_prefix(struct eg_cel_regex *regex, struct eg_arena *arena) {
    char *prefix = eg_arena_alloc(arena, regex->count);
    uint32_t length = 0;
    for (; regex->program[length].kind == ATOM; length++) {
        int c = only_character(regex->program[length].atom);
        if (c < 0)
            break;
        prefix[length] = (char)c;
    }
    regex->prefix = (struct eg_str){prefix, length};
}

/* The longest run of characters that every match must hold, found so far, and the one going on. */
struct runs {
    char longest[32], current[32];
    size_t longest_length, length;
};

static void end_run(struct runs *runs) {
    if (runs->length > runs->longest_length) {
        memcpy(runs->longest, runs->current, runs->length);
        runs->longest_length = runs->length;
    }
    runs->length = 0;
}

/* The tree's depth has a bound. */
static void find_runs(struct runs *runs, const struct eg_cel_regex_node *node) {
    int c = node->kind == EG_CEL_REGEX_ATOM ? only_character(node->atom) : -1;
    if (node->kind == EG_CEL_REGEX_ASSERTION)
        return; /* it takes no character: the run goes on */
    if (node->kind == EG_CEL_REGEX_SEQUENCE) {
        for (const struct eg_cel_regex_node *part = node->parts; part != NULL; part = part->next)
            find_runs(runs, part);
        return;
    }
    if (c < 0 || runs->length == sizeof runs->current)
        end_run(runs);
    if (c >= 0)
        runs->current[runs->length++] = (char)c;
    if (node->kind == EG_CEL_REGEX_REPEAT && node->least > 0) {
        find_runs(runs, node->parts);
        end_run(runs);
    }
}

static void find_required(struct eg_cel_regex *regex, struct eg_arena *arena,
                          const struct eg_cel_regex_node *root) {
    struct runs runs = {.length = 0};
    find_runs(&runs, root);
    end_run(&runs);
    regex->required = eg_str_copy(arena, (struct eg_str){runs.longest, runs.longest_length});
}

const struct eg_cel_regex *eg_cel_regex_compile(struct eg_arena *arena, struct eg_str pattern,
                                                struct eg_str *ret_message) {
    const struct eg_cel_regex_node *root = eg_cel_regex_parse(arena, pattern, ret_message);
    if (root == NULL)
        return NULL;
    struct assembler assembler = {.arena = arena};
    if (!emit(&assembler, root) ||
        add(&assembler, (struct instruction){.kind = MATCH}) == PROGRAM_LIMIT) {
        *ret_message = EG_STR("regular expression: too large when its repetitions are written out");
        return NULL;
    }
    struct eg_cel_regex *regex = EG_NEW(arena, struct eg_cel_regex);
    regex->program = assembler.program;
    regex->count = assembler.count;
    look_ahead(regex->program, regex->count);
    regex->anchored = true;
    find_first(regex, arena, true, not_anchored);
    find_first(regex, arena, false, add_first);
    find_prefix(regex, arena);
    find_required(regex, arena, root);
    return regex;
}
