/* Functions on IP addresses and networks, as Kubernetes has them
 * (https://kubernetes.io/docs/reference/using-api/cel/, "Kubernetes IP address library", "CIDR
 * library"). */
#include "cel/function.h"
#include "cel/network.h"

#include <string.h>

static const struct eg_node *make(struct eg_cel_eval *eval, struct eg_address address) {
    struct eg_address *copy = EG_NEW(eval->arena, struct eg_address);
    *copy = address;
    struct eg_node *node = eg_node_new(eval->arena, EG_ADDRESS, NULL);
    node->as.address = copy;
    return node;
}

static const struct eg_node *not_a(const struct eg_cel_call *call, uint32_t argument,
                                   const char *what) {
    struct eg_str text =
        eg_cel_show(call->eval->arena, call->eval->scenario, call->arguments[argument], 80);
    return eg_cel_error(call->eval, "%.*s is no %s", EG_STR_ARGS(text), what);
}

static const struct eg_address *receiver(const struct eg_cel_call *call) {
    return call->arguments[0]->as.address;
}

static const struct eg_node *ip(const struct eg_cel_call *call) {
    struct eg_address address;
    if (!eg_cel_address_parse(call->arguments[0]->as.text, &address))
        return not_a(call, 0, "IP address");
    return make(call->eval, address);
}

static const struct eg_node *cidr(const struct eg_cel_call *call) {
    struct eg_address address;
    if (!eg_cel_network_parse(call->arguments[0]->as.text, &address))
        return not_a(call, 0, "network (address/prefix length)");
    return make(call->eval, address);
}

static const struct eg_node *is_ip(const struct eg_cel_call *call) {
    struct eg_address address;
    return eg_node_bool(eg_cel_address_parse(call->arguments[0]->as.text, &address));
}

static const struct eg_node *is_cidr(const struct eg_cel_call *call) {
    struct eg_address address;
    return eg_node_bool(eg_cel_network_parse(call->arguments[0]->as.text, &address));
}

static const struct eg_node *is_canonical(const struct eg_cel_call *call) {
    struct eg_address address;
    if (!eg_cel_address_parse(call->arguments[0]->as.text, &address))
        return not_a(call, 0, "IP address");
    struct eg_str canonical = eg_cel_address_text(call->eval->arena, &address);
    return eg_node_bool(eg_str_equal(canonical, call->arguments[0]->as.text));
}

static const struct eg_node *to_string(const struct eg_cel_call *call) {
    return eg_cel_string(call->eval, eg_cel_address_text(call->eval->arena, receiver(call)));
}

/* ---- what an address is for ---- */

static bool all_zero(const struct eg_address *address, unsigned count) {
    for (unsigned i = 0; i < count; i++)
        if (address->bytes[i] != 0)
            return false;
    return true;
}

static bool loopback(const struct eg_address *a) {
    return a->length == 4 ? a->bytes[0] == 127 : all_zero(a, 15) && a->bytes[15] == 1;
}

static bool multicast(const struct eg_address *a) {
    return a->length == 4 ? (a->bytes[0] & 0xf0) == 0xe0 : a->bytes[0] == 0xff;
}

static bool link_local_multicast(const struct eg_address *a) {
    if (a->length == 4)
        return a->bytes[0] == 224 && a->bytes[1] == 0 && a->bytes[2] == 0;
    return a->bytes[0] == 0xff && (a->bytes[1] & 0x0f) == 0x02;
}

static bool link_local_unicast(const struct eg_address *a) {
    if (a->length == 4)
        return a->bytes[0] == 169 && a->bytes[1] == 254;
    return a->bytes[0] == 0xfe && (a->bytes[1] & 0xc0) == 0x80;
}

static bool broadcast(const struct eg_address *a) {
    return a->length == 4 && a->bytes[0] == 255 && a->bytes[1] == 255 && a->bytes[2] == 255 &&
           a->bytes[3] == 255;
}

static bool unspecified(const struct eg_address *a) {
    return all_zero(a, a->length);
}

static const struct eg_node *family(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, receiver(call)->length == 4 ? 4 : 6);
}

static const struct eg_node *is_loopback(const struct eg_cel_call *call) {
    return eg_node_bool(loopback(receiver(call)));
}

static const struct eg_node *is_unspecified(const struct eg_cel_call *call) {
    return eg_node_bool(unspecified(receiver(call)));
}

static const struct eg_node *is_link_local_multicast(const struct eg_cel_call *call) {
    return eg_node_bool(link_local_multicast(receiver(call)));
}

static const struct eg_node *is_link_local_unicast(const struct eg_cel_call *call) {
    return eg_node_bool(link_local_unicast(receiver(call)));
}

/* As Go's netip has it: private addresses are global unicast too. */
static const struct eg_node *is_global_unicast(const struct eg_cel_call *call) {
    const struct eg_address *a = receiver(call);
    return eg_node_bool(!broadcast(a) && !unspecified(a) && !loopback(a) && !multicast(a) &&
                        !link_local_unicast(a));
}

/* ---- networks ---- */

static struct eg_address mask(struct eg_address address) {
    for (int i = 0; i < address.length; i++) {
        int bits = address.prefix - i * 8;
        if (bits <= 0)
            address.bytes[i] = 0;
        else if (bits < 8)
            address.bytes[i] &= (uint8_t)(0xff00 >> bits);
    }
    return address;
}

static bool holds(const struct eg_address *network, const struct eg_address *address) {
    if (network->length != address->length)
        return false;
    struct eg_address masked = *address;
    masked.prefix = network->prefix;
    masked = mask(masked);
    struct eg_address base = mask(*network);
    return memcmp(masked.bytes, base.bytes, network->length) == 0;
}

static const struct eg_node *contains_ip(const struct eg_cel_call *call) {
    return eg_node_bool(holds(receiver(call), call->arguments[1]->as.address));
}

static const struct eg_node *contains_ip_text(const struct eg_cel_call *call) {
    struct eg_address address;
    if (!eg_cel_address_parse(call->arguments[1]->as.text, &address))
        return not_a(call, 1, "IP address");
    return eg_node_bool(holds(receiver(call), &address));
}

static bool holds_network(const struct eg_address *outer, const struct eg_address *inner) {
    return outer->prefix <= inner->prefix && holds(outer, inner);
}

static const struct eg_node *contains_cidr(const struct eg_cel_call *call) {
    return eg_node_bool(holds_network(receiver(call), call->arguments[1]->as.address));
}

static const struct eg_node *contains_cidr_text(const struct eg_cel_call *call) {
    struct eg_address address;
    if (!eg_cel_network_parse(call->arguments[1]->as.text, &address))
        return not_a(call, 1, "network (address/prefix length)");
    return eg_node_bool(holds_network(receiver(call), &address));
}

static const struct eg_node *cidr_ip(const struct eg_cel_call *call) {
    struct eg_address address = *receiver(call);
    address.prefix = -1;
    return make(call->eval, address);
}

static const struct eg_node *masked(const struct eg_cel_call *call) {
    return make(call->eval, mask(*receiver(call)));
}

static const struct eg_node *is_mask(const struct eg_cel_call *call) {
    const struct eg_address *network = receiver(call);
    struct eg_address base = mask(*network);
    return eg_node_bool(memcmp(base.bytes, network->bytes, network->length) == 0);
}
static const struct eg_node *prefix_length(const struct eg_cel_call *call) {
    return eg_cel_int(call->eval, receiver(call)->prefix);
}

static const struct eg_cel_function functions[] = {
    {"ip(string) -> ip", "the IP address that the text is; an error if it is none", ip, false,
     NULL},
    {"isIP(string) -> bool", "is the text an IP address", is_ip, false, NULL},
    {".ip.isCanonical(string) -> bool", "is it written as RFC 5952 asks", is_canonical, false,
     NULL},
    {"string(ip) -> string", "the address as text", to_string, false, NULL},
    {"ip.family() -> int", "4 or 6", family, false, NULL},
    {"ip.isUnspecified() -> bool", "is it 0.0.0.0 or ::", is_unspecified, false, NULL},
    {"ip.isLoopback() -> bool", "is it in 127.0.0.0/8, or ::1", is_loopback, false, NULL},
    {"ip.isLinkLocalMulticast() -> bool", "is it in 224.0.0.0/24 or ff02::/16",
     is_link_local_multicast, false, NULL},
    {"ip.isLinkLocalUnicast() -> bool", "is it in 169.254.0.0/16 or fe80::/10",
     is_link_local_unicast, false, NULL},
    {"ip.isGlobalUnicast() -> bool",
     "is it none of the above, no multicast and no broadcast; private ones are", is_global_unicast,
     false, NULL},
    {"cidr(string) -> cidr", "the network that the text is: '10.0.0.0/8'; an error if it is none",
     cidr, false, NULL},
    {"isCIDR(string) -> bool", "is the text a network", is_cidr, false, NULL},
    {"string(cidr) -> string", "the network as text", to_string, false, NULL},
    {"cidr.containsIP(ip) -> bool", "is the address in the network", contains_ip, false, NULL},
    {"cidr.containsIP(string) -> bool", "is the address in the network", contains_ip_text, false,
     NULL},
    {"cidr.containsCIDR(cidr) -> bool", "is the other network a part of this one", contains_cidr,
     false, NULL},
    {"cidr.containsCIDR(string) -> bool", "is the other network a part of this one",
     contains_cidr_text, false, NULL},
    {"cidr.ip() -> ip", "its address", cidr_ip, false, NULL},
    {"cidr.masked() -> cidr", "the network with all other bits zero", masked, false, NULL},
    {"cidr.isMask() -> bool", "are all other bits zero already", is_mask, false, NULL},
    {"cidr.prefixLength() -> int", "the number behind the '/'", prefix_length, false, NULL},
    {0},
};

const struct eg_cel_group eg_cel_network = {"network", functions};
