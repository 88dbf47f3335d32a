/* IP addresses and networks as text; see network.h. Called by the network functions and show. */
#include "cel/network.h"

#include <arpa/inet.h>
#include <string.h>

bool eg_cel_address_parse(struct eg_str text, struct eg_address *ret) {
    char terminated[INET6_ADDRSTRLEN];
    if (text.length >= sizeof terminated || memchr(text.data, '\0', text.length) != NULL)
        return false;
    memcpy(terminated, text.data, text.length);
    terminated[text.length] = '\0';
    *ret = (struct eg_address){.prefix = -1};
    bool v6 = strchr(terminated, ':') != NULL;
    ret->length = v6 ? 16 : 4;
    if (inet_pton(v6 ? AF_INET6 : AF_INET, terminated, ret->bytes) != 1)
        return false;
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    return !v6 ||
           (memcmp(ret->bytes, mapped, sizeof mapped) != 0 && strchr(terminated, '.') == NULL);
}

bool eg_cel_network_parse(struct eg_str text, struct eg_address *ret) {
    size_t slash = eg_str_find_last(text, '/');
    if (slash == SIZE_MAX)
        return false;
    struct eg_str digits = eg_str_from_offset(text, slash + 1);
    int64_t prefix = 0;
    bool plain = digits.length > 0 && digits.data[0] >= '0' && digits.data[0] <= '9' &&
                 (digits.length == 1 || digits.data[0] != '0');
    if (!plain || !eg_str_to_int(digits, &prefix) ||
        !eg_cel_address_parse(eg_str_slice(text, 0, slash), ret) || prefix > ret->length * 8)
        return false;
    ret->prefix = (int16_t)prefix;
    return true;
}

struct eg_str eg_cel_address_text(struct eg_arena *arena, const struct eg_address *address) {
    char text[INET6_ADDRSTRLEN];
    if (inet_ntop(address->length == 4 ? AF_INET : AF_INET6, address->bytes, text, sizeof text) ==
        NULL)
        return EG_STR("");
    if (address->prefix < 0)
        return eg_str_copy(arena, eg_str_from(text));
    return eg_str_format(arena, "%s/%d", text, address->prefix);
}
