/* Text helpers; see str.h. Called from everywhere. */
#include "base/str.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

bool eg_str_equal_nocase(struct eg_str a, struct eg_str b) {
    if (a.length != b.length)
        return false;
    for (size_t i = 0; i < a.length; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

int eg_str_compare(struct eg_str a, struct eg_str b) {
    size_t common = a.length < b.length ? a.length : b.length;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    if (order != 0)
        return order;
    return a.length < b.length ? -1 : a.length > b.length;
}

bool eg_str_starts_with(struct eg_str text, struct eg_str start) {
    return text.length >= start.length &&
           eg_str_equal((struct eg_str){text.data, start.length}, start);
}

bool eg_str_ends_with(struct eg_str text, struct eg_str end) {
    return text.length >= end.length &&
           eg_str_equal((struct eg_str){text.data + text.length - end.length, end.length}, end);
}

size_t eg_str_find(struct eg_str text, struct eg_str part, size_t from) {
    if (from > text.length)
        return SIZE_MAX;
    if (part.length == 0)
        return from;
    if (part.length > text.length - from)
        return SIZE_MAX;
    const char *found = memmem(text.data + from, text.length - from, part.data, part.length);
    return found == NULL ? SIZE_MAX : (size_t)(found - text.data);
}

size_t eg_str_find_last(struct eg_str text, char c) {
    for (size_t i = text.length; i > 0; i--)
        if (text.data[i - 1] == c)
            return i - 1;
    return SIZE_MAX;
}

bool eg_str_contains(struct eg_str text, struct eg_str part) {
    return eg_str_find(text, part, 0) != SIZE_MAX;
}

struct eg_str eg_str_slice(struct eg_str text, size_t start, size_t count) {
    if (start > text.length)
        start = text.length;
    if (count > text.length - start)
        count = text.length - start;
    return (struct eg_str){text.data + start, count};
}

struct eg_str eg_str_from_offset(struct eg_str text, size_t start) {
    return eg_str_slice(text, start, SIZE_MAX);
}

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct eg_str eg_str_trim(struct eg_str text) {
    while (text.length > 0 && is_space(text.data[0]))
        text = eg_str_from_offset(text, 1);
    while (text.length > 0 && is_space(text.data[text.length - 1]))
        text.length--;
    return text;
}

/* ---- hashing ---- */

__extension__ typedef unsigned __int128 wide;

/* Where the program and its C library were loaded: known to nobody who writes an input, so nobody
 * makes keys that fall into one slot. Nothing depends on it but where a key is looked for. */
static uint64_t secret(void) {
    return (uint64_t)(uintptr_t)&eg_str_hash << 32 ^ (uint64_t)(uintptr_t)&memcpy;
}

/* Both halves of a product with a secret factor. */
static uint64_t mix(uint64_t hash, uint64_t word, uint64_t factor) {
    wide product = (wide)(hash ^ word) * factor;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Eight bytes at once; the last ones may overlap those before. */
static uint32_t hash_from(uint64_t start, struct eg_str text) {
    uint64_t factor = start * 0x9E3779B97F4A7C15u | 1; /* 2^64 / golden ratio */
    uint64_t hash = start ^ text.length, word = 0;
    const char *at = text.data;
    size_t left = text.length;
    for (; left > sizeof word; left -= sizeof word, at += sizeof word) {
        memcpy(&word, at, sizeof word);
        hash = mix(hash, word, factor);
    }
    if (left == sizeof word) {
        memcpy(&word, at, sizeof word);
    } else if (left >= 4) {
        uint32_t first, last;
        memcpy(&first, at, sizeof first);
        memcpy(&last, at + left - sizeof last, sizeof last);
        word = (uint64_t)first << 32 | last;
    } else {
        word = 0;
        for (; left > 0; left--)
            word = word << 8 | (unsigned char)*at++;
    }
    return (uint32_t)mix(hash, word, factor);
}

uint32_t eg_str_hash(struct eg_str text) {
    return hash_from(secret(), text);
}

uint32_t eg_str_checksum(struct eg_str text) {
    return hash_from(1, text);
}

struct eg_str eg_str_copy(struct eg_arena *arena, struct eg_str text) {
    char *copy = eg_arena_alloc(arena, text.length + 1);
    if (text.length > 0)
        memcpy(copy, text.data, text.length);
    return (struct eg_str){copy, text.length};
}

struct eg_str eg_str_concat(struct eg_arena *arena, struct eg_str a, struct eg_str b) {
    char *joined = eg_arena_alloc(arena, a.length + b.length + 1);
    if (a.length > 0)
        memcpy(joined, a.data, a.length);
    if (b.length > 0)
        memcpy(joined + a.length, b.data, b.length);
    return (struct eg_str){joined, a.length + b.length};
}

struct eg_str eg_str_format(struct eg_arena *arena, const char *format, ...) {
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0)
        length = 0;
    char *text = eg_arena_alloc(arena, (size_t)length + 1);
    (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return (struct eg_str){text, (size_t)length};
}

bool eg_str_to_int(struct eg_str text, int64_t *ret_value) {
    size_t i = 0;
    bool negative = text.length > 0 && text.data[0] == '-';
    if (text.length > 0 && (text.data[0] == '-' || text.data[0] == '+'))
        i++;
    if (i == text.length)
        return false;
    int64_t value = 0; /* kept negative: the range is larger on that side */
    for (; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(value, 10, &value) ||
            __builtin_sub_overflow(value, text.data[i] - '0', &value))
            return false;
    }
    if (!negative && value == INT64_MIN)
        return false;
    *ret_value = negative ? value : -value;
    return true;
}

unsigned eg_str_distance(struct eg_str a, struct eg_str b, unsigned limit) {
    enum { LONGEST = 64 };
    if (a.length > LONGEST || b.length > LONGEST)
        return limit + 1;
    if (eg_str_equal_nocase(a, b))
        return eg_str_equal(a, b) ? 0 : 1;
    unsigned row[LONGEST + 1];
    for (size_t j = 0; j <= b.length; j++)
        row[j] = (unsigned)j;
    for (size_t i = 1; i <= a.length; i++) {
        unsigned diagonal = row[0];
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.length; j++) {
            unsigned above = row[j];
            unsigned best = diagonal + (lower(a.data[i - 1]) != lower(b.data[j - 1]));
            if (above + 1 < best)
                best = above + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
            diagonal = above;
        }
    }
    return row[b.length] > limit ? limit + 1 : row[b.length];
}
