/* IP networks as security groups and route tables write them. Inside src/model only. */
#ifndef EG_MODEL_CIDR_H
#define EG_MODEL_CIDR_H

#include "base/str.h"

struct eg_cidr {
    bool v6;
    uint8_t first[16]; /* the first and last address, IPv4 in the first 4 bytes */
    uint8_t last[16];
    unsigned prefix;
};

/* "10.0.0.0/16", "::/0", a bare address (/32, /128). Host bits are cleared, as EC2 does. */
bool eg_cidr_parse(struct eg_str text, struct eg_cidr *ret_cidr);
/* In the usual form: 10.0.0.0/16. */
struct eg_str eg_cidr_text(struct eg_arena *arena, const struct eg_cidr *cidr);
/* Does A hold all of B? */
bool eg_cidr_contains(const struct eg_cidr *a, const struct eg_cidr *b);

enum eg_cidr_class {
    EG_CIDR_ALL,     /* /0 */
    EG_CIDR_WIDE,    /* public, and IPv4 shorter than /8 or IPv6 shorter than /16 */
    EG_CIDR_SOME,    /* public */
    EG_CIDR_PRIVATE, /* RFC 1918, 100.64/10, 169.254/16, 127/8; fc00::/7, fe80::/10, ::1 */
};
enum eg_cidr_class eg_cidr_class(const struct eg_cidr *cidr);

/* Sorts CIDRS (all IPv4 or all IPv6) and tells whether together they cover all addresses. */
bool eg_cidr_cover_all(struct eg_cidr *cidrs, size_t count);

#endif
