/* UTF-8; see utf8.h. Called by the readers, the writer and whatever counts characters. */
#include "base/utf8.h"

#include <string.h>

static bool is_continuation(char c) {
    return ((unsigned char)c & 0xC0) == 0x80;
}

/* RFC 3629, section 4: the second byte's range depends on the first byte. */
unsigned eg_utf8_length(const char *data, size_t left) {
    if (left == 0)
        return 0;
    unsigned char first = (unsigned char)data[0];
    if (first < 0x80)
        return 1;
    unsigned length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (length == 0 || left < length)
        return 0;
    unsigned char second = (unsigned char)data[1];
    unsigned char low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < low || second > high)
        return 0;
    for (unsigned i = 2; i < length; i++)
        if (!is_continuation(data[i]))
            return 0;
    return length;
}

uint32_t eg_utf8_decode(const char *data, unsigned length) {
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    uint32_t code = (unsigned char)data[0] & first_bits[length];
    for (unsigned i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)data[i] & 0x3Fu);
    return code;
}

unsigned eg_utf8_encode(uint32_t code, char ret[4]) {
    static const unsigned char first_mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
    unsigned length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (unsigned i = length - 1; i > 0; i--) {
        ret[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    ret[0] = (char)(first_mark[length] | code);
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

size_t eg_utf8_find_invalid(struct eg_str text, size_t from) {
    for (size_t i = from; i < text.length;) {
        i += count_ascii(text, i);
        if (i == text.length)
            break;
        unsigned length = eg_utf8_length(text.data + i, text.length - i);
        if (length == 0)
            return i;
        i += length;
    }
    return SIZE_MAX;
}

size_t eg_utf8_step(struct eg_str text, size_t offset) {
    unsigned length = eg_utf8_length(text.data + offset, text.length - offset);
    return length == 0 ? 1 : length;
}

uint32_t eg_utf8_at(struct eg_str text, size_t offset) {
    unsigned length = eg_utf8_length(text.data + offset, text.length - offset);
    return length == 0 ? 0xFFFD : eg_utf8_decode(text.data + offset, length);
}

size_t eg_utf8_count(struct eg_str text) {
    size_t count = 0;
    for (size_t i = 0; i < text.length; i += eg_utf8_step(text, i))
        count++;
    return count;
}

size_t eg_utf8_offset(struct eg_str text, size_t index) {
    size_t i = 0;
    while (index > 0 && i < text.length) {
        i += eg_utf8_step(text, i);
        index--;
    }
    return index == 0 ? i : SIZE_MAX;
}
