/* IP addresses and networks as text. Private to src/cel. */
#ifndef EG_CEL_NETWORK_H
#define EG_CEL_NETWORK_H

#include "node/node.h"

/* "192.0.2.1", "2001:db8::1". Not: zones, IPv4 inside IPv6, leading zeros. */
bool eg_cel_address_parse(struct eg_str text, struct eg_address *ret);
/* An address, '/', a prefix length. */
bool eg_cel_network_parse(struct eg_str text, struct eg_address *ret);
/* As RFC 5952 has it, with its prefix length if it is a network. */
struct eg_str eg_cel_address_text(struct eg_arena *arena, const struct eg_address *address);

#endif
