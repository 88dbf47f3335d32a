/* IP networks; see cidr.h. Called by group.c, network.c and reach.c. */
#include "model/cidr.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

static void make_range(struct eg_cidr *cidr, unsigned bytes) {
    for (unsigned i = 0; i < bytes; i++) {
        unsigned kept = cidr->prefix > i * 8 ? cidr->prefix - i * 8 : 0;
        uint8_t mask = (uint8_t)(kept >= 8 ? 0xFFu : 0xFF00u >> kept);
        cidr->first[i] = (uint8_t)(cidr->first[i] & mask);
        cidr->last[i] = (uint8_t)(cidr->first[i] | (uint8_t)~mask);
    }
}

bool eg_cidr_parse(struct eg_str text, struct eg_cidr *ret_cidr) {
    char address[INET6_ADDRSTRLEN];
    text = eg_str_trim(text);
    size_t slash = eg_str_find(text, EG_STR("/"), 0);
    size_t length = slash == SIZE_MAX ? text.length : slash;
    if (length == 0 || length >= sizeof address)
        return false;
    memcpy(address, text.data, length);
    address[length] = 0;
    struct eg_cidr cidr = {.v6 = memchr(address, ':', length) != NULL};
    unsigned bits = cidr.v6 ? 128 : 32;
    int64_t prefix = bits;
    if (slash != SIZE_MAX && (!eg_str_to_int(eg_str_from_offset(text, slash + 1), &prefix) ||
                              prefix < 0 || prefix > bits))
        return false;
    if (inet_pton(cidr.v6 ? AF_INET6 : AF_INET, address, cidr.first) != 1)
        return false;
    cidr.prefix = (unsigned)prefix;
    make_range(&cidr, bits / 8);
    *ret_cidr = cidr;
    return true;
}

struct eg_str eg_cidr_text(struct eg_arena *arena, const struct eg_cidr *cidr) {
    char address[INET6_ADDRSTRLEN];
    if (inet_ntop(cidr->v6 ? AF_INET6 : AF_INET, cidr->first, address, sizeof address) == NULL)
        return EG_STR("");
    return eg_str_format(arena, "%s/%u", address, cidr->prefix);
}

bool eg_cidr_contains(const struct eg_cidr *a, const struct eg_cidr *b) {
    return a->v6 == b->v6 && memcmp(a->first, b->first, sizeof a->first) <= 0 &&
           memcmp(a->last, b->last, sizeof a->last) >= 0;
}

enum eg_cidr_class eg_cidr_class(const struct eg_cidr *cidr) {
    static const char *const private_networks[] = {
        "10.0.0.0/8",  "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16",
        "127.0.0.0/8", "fc00::/7",      "fe80::/10",      "::1/128",
    };
    if (cidr->prefix == 0)
        return EG_CIDR_ALL;
    for (size_t i = 0; i < sizeof private_networks / sizeof private_networks[0]; i++) {
        struct eg_cidr network;
        if (eg_cidr_parse(eg_str_from(private_networks[i]), &network) &&
            eg_cidr_contains(&network, cidr))
            return EG_CIDR_PRIVATE;
    }
    return cidr->prefix < (cidr->v6 ? 16U : 8U) ? EG_CIDR_WIDE : EG_CIDR_SOME;
}

static int compare_first(const void *left, const void *right) {
    const struct eg_cidr *a = left;
    const struct eg_cidr *b = right;
    int order = memcmp(a->first, b->first, sizeof a->first);
    return order != 0 ? order : memcmp(b->last, a->last, sizeof a->last);
}

/* The address behind ADDRESS; false if there is none. */
static bool increment(uint8_t *address, unsigned bytes) {
    for (unsigned i = bytes; i-- > 0;)
        if (++address[i] != 0)
            return true;
    return false;
}

bool eg_cidr_cover_all(struct eg_cidr *cidrs, size_t count) {
    if (count == 0)
        return false;
    unsigned bytes = cidrs[0].v6 ? 16 : 4;
    uint8_t next[16] = {0}; /* the first address that nothing covers yet */
    qsort(cidrs, count, sizeof *cidrs, compare_first);
    for (size_t i = 0; i < count; i++) {
        if (memcmp(cidrs[i].first, next, bytes) > 0)
            return false;
        if (memcmp(cidrs[i].last, next, bytes) < 0)
            continue;
        memcpy(next, cidrs[i].last, bytes);
        if (!increment(next, bytes))
            return true;
    }
    return false;
}
