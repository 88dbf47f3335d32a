/* Fargate's sizes. Bound to a task definition's fields by the model.
 *
 * The table is the one of "Amazon ECS task definition parameters for Fargate", task CPU and memory,
 * with the units that RegisterTaskDefinition takes ("1 vCPU", "3 GB"; "Task size" there). */
#include "model/structure.h"

enum { GIB = 1024 };

/* Memory in MiB: from low to high in steps, or the listed values. */
static const struct size {
    int cpu;
    bool windows;
    int low, high, step;
    int listed[3];
} sizes[] = {
    {256, false, 0, 0, 0, {512, 1 * GIB, 2 * GIB}},
    {512, false, 1 * GIB, 4 * GIB, GIB, {0}},
    {1024, true, 2 * GIB, 8 * GIB, GIB, {0}},
    {2048, true, 4 * GIB, 16 * GIB, GIB, {0}},
    {4096, true, 8 * GIB, 30 * GIB, GIB, {0}},
    {8192, false, 16 * GIB, 60 * GIB, 4 * GIB, {0}},
    {16384, false, 32 * GIB, 120 * GIB, 8 * GIB, {0}},
    {32768, false, 0, 0, 0, {60 * GIB, 120 * GIB, 244 * GIB}},
};
enum { SIZE_COUNT = sizeof sizes / sizeof *sizes };

/* ---- text with units ---- */

/* The digits at the start of *TEXT, taken off it: their value, and 10 to the power of their count.
 * At most nine count: no size has more. */
static int64_t take_digits(struct eg_str *text, int64_t *ret_power) {
    int64_t value = 0;
    *ret_power = 1;
    size_t length = 0;
    for (; length < text->length && length < 9; length++) {
        char c = text->data[length];
        if (c < '0' || c > '9')
            break;
        value = value * 10 + (c - '0');
        *ret_power *= 10;
    }
    *text = eg_str_from_offset(*text, length);
    return value;
}

/* TEXT as a whole number, or with UNIT behind it as that many times 1024. */
static int64_t parse(struct eg_str text, struct eg_str unit) {
    int64_t whole_power, power = 1, fraction = 0;
    text = eg_str_trim(text);
    int64_t whole = take_digits(&text, &whole_power);
    bool dot = eg_str_starts_with(text, EG_STR("."));
    if (dot) {
        text = eg_str_from_offset(text, 1);
        fraction = take_digits(&text, &power);
    }
    if (whole_power == 1 && power == 1)
        return -1;
    text = eg_str_trim(text);
    int64_t factor = text.length > 0 ? GIB : 1;
    if (text.length > 0 && !eg_str_equal_nocase(text, unit))
        return -1;
    return fraction * factor % power == 0 ? whole * factor + fraction * factor / power : -1;
}

int64_t eg_structure_cpu_units(struct eg_str text) {
    return parse(text, EG_STR("vCPU"));
}

int64_t eg_structure_memory_mib(struct eg_str text) {
    return parse(text, EG_STR("GB"));
}

/* ---- the table ---- */

static const struct size *find_size(int64_t cpu, bool windows) {
    for (size_t i = 0; i < SIZE_COUNT; i++)
        if (sizes[i].cpu == cpu && (sizes[i].windows || !windows))
            return &sizes[i];
    return NULL;
}

static bool takes(const struct size *size, int64_t memory) {
    for (size_t i = 0; size->step == 0 && i < 3; i++)
        if (size->listed[i] == memory)
            return true;
    return size->step != 0 && memory >= size->low && memory <= size->high &&
           (memory - size->low) % size->step == 0;
}

/* Does any size take MEMORY? */
static bool is_taken(int64_t memory, bool windows) {
    for (size_t i = 0; i < SIZE_COUNT; i++)
        if ((sizes[i].windows || !windows) && takes(&sizes[i], memory))
            return true;
    return false;
}

/* "512, 1024 or 2048 MiB", "1024 to 4096 MiB in steps of 1024" */
static struct eg_str memory_text(struct eg_arena *arena, const struct size *size) {
    if (size->step == 0)
        return eg_str_format(arena, "%d, %d or %d MiB", size->listed[0], size->listed[1],
                             size->listed[2]);
    return eg_str_format(arena, "%d to %d MiB in steps of %d", size->low, size->high, size->step);
}

static struct eg_str pair_problem(struct eg_arena *arena, const struct size *size, int64_t memory) {
    if (takes(size, memory))
        return EG_STR("");
    return eg_str_format(arena, "%d CPU units go with %.*s of memory, not %lld", size->cpu,
                         EG_STR_ARGS(memory_text(arena, size)), (long long)memory);
}

/* Why CPU is no size. */
static struct eg_str cpu_problem(struct eg_arena *arena, int64_t cpu, bool windows) {
    return eg_str_format(arena, "%lld CPU units are no size of Fargate's%s", (long long)cpu,
                         windows ? " for Windows: 1024, 2048 or 4096"
                                 : ": 256, 512, 1024, 2048, 4096, 8192, 16384 or 32768");
}

/* Why MEMORY goes with no CPU at all; empty if it goes with some. */
static struct eg_str memory_problem(struct eg_arena *arena, int64_t memory, bool windows) {
    if (is_taken(memory, windows))
        return EG_STR("");
    return eg_str_format(arena, "no size of Fargate's has %lld MiB of memory", (long long)memory);
}

/* What a value that is no number is instead. */
enum { MALFORMED = -1, OPEN = -2, MISSING = -3 };

static int64_t number_of(const struct eg_node *node, int64_t (*parse_text)(struct eg_str)) {
    switch (eg_node_kind(node)) {
    case EG_ABSENT:
        return MISSING;
    case EG_INT:
        return node->as.integer < 0 ? MALFORMED : node->as.integer;
    case EG_STRING:
        return node->as.text.length == 0 ? MISSING : parse_text(node->as.text);
    default:
        return OPEN;
    }
}

/* The unknown behind a value that is not known. */
static const struct eg_node *unknown_of(struct eg_arena *arena, const struct eg_node *node) {
    for (uint32_t i = 0; eg_node_kind(node) == EG_PARTIAL && i < node->as.list.count; i++)
        if (eg_node_kind(node->as.list.items[i]) == EG_UNKNOWN)
            return node->as.list.items[i];
    if (eg_node_kind(node) == EG_UNKNOWN)
        return node;
    return eg_node_unknown(arena, (struct eg_unknown){.why = EG_WHY_ATTRIBUTE}, node);
}

const struct eg_node *eg_structure_fargate_problem(struct eg_arena *arena,
                                                   const struct eg_node *cpu,
                                                   const struct eg_node *memory, bool windows) {
    int64_t units = number_of(cpu, eg_structure_cpu_units);
    int64_t mib = number_of(memory, eg_structure_memory_mib);
    struct eg_str text = EG_STR("");
    const struct eg_node *at = cpu;
    if (units == MALFORMED) {
        text = eg_str_format(arena, "'%.*s' is no number of CPU units or vCPU",
                             EG_STR_ARGS(eg_node_text(cpu)));
    } else if (units >= 0 && find_size(units, windows) == NULL) {
        text = cpu_problem(arena, units, windows);
    } else if (mib == MALFORMED) {
        at = memory;
        text = eg_str_format(arena, "'%.*s' is no number of MiB or GB",
                             EG_STR_ARGS(eg_node_text(memory)));
    } else if (mib >= 0) {
        at = memory;
        text = units >= 0 ? pair_problem(arena, find_size(units, windows), mib)
                          : memory_problem(arena, mib, windows);
    }
    if (text.length == 0 && (units == OPEN || mib == OPEN))
        return unknown_of(arena, units == OPEN ? cpu : memory);
    return eg_node_string(arena, text, at);
}
