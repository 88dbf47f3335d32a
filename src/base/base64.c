/* Decoding base64; see base64.h. Called by CEL's base64.decode and by who looks into user data. */
#include "base/base64.h"

static int value_of(char c) {
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool eg_base64_decode(struct eg_arena *arena, struct eg_str text, struct eg_str *ret) {
    size_t end = text.length;
    while (end > 0 && text.length - end < 2 && text.data[end - 1] == '=')
        end--;
    if (end % 4 == 1 || (end < text.length && text.length % 4 != 0))
        return false;
    char *out = eg_arena_alloc(arena, end);
    size_t length = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < end; i++) {
        int value = value_of(text.data[i]);
        if (value < 0)
            return false;
        group = group << 6 | (uint32_t)value;
        if (i % 4 > 0)
            out[length++] = (char)(group >> (6 - 2 * (i % 4)) & 0xff);
    }
    *ret = (struct eg_str){out, length};
    return true;
}
