/* Code points in texts; see utf8.h. Called by the lexer and the string functions. */
#include "cel/utf8.h"

#include <string.h>

static bool is_tail(struct eg_str text, size_t i) {
    return i < text.length && ((unsigned char)text.data[i] & 0xc0) == 0x80;
}

/* RFC 3629, section 4: the second byte's range hangs on the first. */
size_t eg_cel_utf8_length(struct eg_str text, size_t offset) {
    unsigned char first = (unsigned char)text.data[offset];
    if (first < 0xc2 || first > 0xf4 || !is_tail(text, offset + 1))
        return 1;
    if (first < 0xe0)
        return 2;
    unsigned char second = (unsigned char)text.data[offset + 1];
    if (!is_tail(text, offset + 2))
        return 1;
    if (first < 0xf0)
        return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ? 1 : 3;
    if (!is_tail(text, offset + 3))
        return 1;
    return (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f) ? 1 : 4;
}

uint32_t eg_cel_utf8_decode(struct eg_str text, size_t offset) {
    const unsigned char *bytes = (const unsigned char *)text.data + offset;
    switch (eg_cel_utf8_length(text, offset)) {
    case 2:
        return (uint32_t)(bytes[0] & 0x1f) << 6 | (bytes[1] & 0x3fu);
    case 3:
        return (uint32_t)(bytes[0] & 0x0f) << 12 | (uint32_t)(bytes[1] & 0x3f) << 6 |
               (bytes[2] & 0x3fu);
    case 4:
        return (uint32_t)(bytes[0] & 0x07) << 18 | (uint32_t)(bytes[1] & 0x3f) << 12 |
               (uint32_t)(bytes[2] & 0x3f) << 6 | (bytes[3] & 0x3fu);
    default:
        return bytes[0] < 0x80 ? bytes[0] : 0xfffd;
    }
}

size_t eg_cel_utf8_encode(uint32_t code_point, char *out) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
    static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    for (size_t i = length - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (code_point & 0x3f));
        code_point >>= 6;
    }
    out[0] = (char)(lead[length] | code_point);
    return length;
}

/* How many characters of ASCII follow OFFSET: eight at once while there are. */
static size_t count_ascii(struct eg_str text, size_t offset) {
    size_t i = offset;
    for (uint64_t eight; text.length - i >= sizeof eight; i += sizeof eight) {
        memcpy(&eight, text.data + i, sizeof eight);
        if ((eight & 0x8080808080808080u) != 0)
            break;
    }
    while (i < text.length && (unsigned char)text.data[i] < 0x80)
        i++;
    return i - offset;
}

bool eg_cel_utf8_valid(struct eg_str text) {
    for (size_t i = count_ascii(text, 0); i < text.length; i += count_ascii(text, i)) {
        size_t length = eg_cel_utf8_length(text, i);
        if (length == 1 && (unsigned char)text.data[i] >= 0x80)
            return false;
        i += length;
    }
    return true;
}

size_t eg_cel_utf8_count(struct eg_str text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i += eg_cel_utf8_length(text, i))
        count++;
    return count;
}

size_t eg_cel_utf8_offset(struct eg_str text, size_t index) {
    size_t i = 0;
    while (index > 0 && i < text.length) {
        i += eg_cel_utf8_length(text, i);
        index--;
    }
    return index == 0 ? i : SIZE_MAX;
}
