/* Numbers as bytes, seven bits each, the lowest first; all but the last byte have the top bit. What
 * the program carries precompiled is made of them (read/packed.c, cel/image.c). */
#ifndef EG_BASE_NUMBER_H
#define EG_BASE_NUMBER_H

#include "base/buf.h"

static inline void eg_number_put(struct eg_buf *buf, uint64_t number) {
    for (; number >= 0x80; number >>= 7)
        eg_buf_putc(buf, (char)(number | 0x80));
    eg_buf_putc(buf, (char)number);
}

/* Reads at *AT and moves it behind. The bytes are our own: nothing is checked. */
static inline uint64_t eg_number_take(const unsigned char **at) {
    uint64_t number = *(*at)++;
    if (number < 0x80)
        return number;
    number &= 0x7f;
    for (unsigned shift = 7;; shift += 7) {
        uint64_t byte = *(*at)++;
        number |= (byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
}

#endif
