/* Facts of one rule of a security group, normalised as catalogue A.7 says: protocol numbers as
 * names, "all ports" wherever EC2 ignores the ports, networks without their host bits, sources by
 * class. ("Security group rules" in the VPC user guide; IpPermission in the EC2 API reference.) */
#include "model/facts.h"
#include "model/group.h"
#include "node/text.h"

enum { FIRST_PORT = 0, LAST_PORT = 65535 };

static bool is_ingress(const struct eg_item *rule) {
    return eg_item_is_type(rule, "ingressRule");
}

static const struct eg_node *member(struct eg_scenario *scenario, const struct eg_item *rule,
                                    const char *key) {
    const struct eg_node *value = eg_member(scenario, rule->value, key);
    return value->kind == EG_NULL ? eg_node_absent() : value;
}

static const struct eg_node *rule_group(struct eg_scenario *scenario, const struct eg_item *rule) {
    if (rule->parent != NULL)
        return rule->parent->node;
    const struct eg_node *id = member(scenario, rule, "GroupId");
    if (id->kind == EG_ABSENT)
        id = member(scenario, rule, "GroupName");
    return eg_item_follow(scenario, rule, id, "securityGroup");
}

/* ---- protocol and ports ---- */

static const struct eg_node *rule_protocol(struct eg_scenario *scenario,
                                           const struct eg_item *rule) {
    static const struct {
        const char *written, *name;
    } names[] = {
        {"-1", "all"},    {"all", "all"}, {"6", "tcp"},   {"17", "udp"},    {"1", "icmp"},
        {"58", "icmpv6"}, {"tcp", "tcp"}, {"udp", "udp"}, {"icmp", "icmp"}, {"icmpv6", "icmpv6"},
    };
    const struct eg_node *value = member(scenario, rule, "IpProtocol");
    struct eg_str text;
    if (!eg_node_scalar_text(rule->build->arena, value, &text))
        return value;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (eg_str_equal_nocase(text, eg_str_from(names[i].written)))
            return eg_item_text(rule, eg_str_from(names[i].name), value);
    return eg_item_text(rule, text, value);
}

static bool is_protocol(const struct eg_node *protocol, const char *name) {
    return eg_node_is_string(protocol, name);
}

/* A port as an integer; other kinds are passed on. */
static const struct eg_node *port(struct eg_scenario *scenario, const struct eg_item *rule,
                                  const char *key) {
    const struct eg_node *value = member(scenario, rule, key);
    int64_t number;
    if (value->kind == EG_STRING && eg_str_to_int(eg_str_trim(value->as.text), &number))
        return eg_node_int(rule->build->arena, number, value);
    return value;
}

/* Does EC2 read the ports of this rule? Only of TCP and UDP; ICMP has types and codes there. */
static bool has_ports(const struct eg_node *protocol) {
    return is_protocol(protocol, "tcp") || is_protocol(protocol, "udp") ||
           is_protocol(protocol, "icmp") || is_protocol(protocol, "icmpv6");
}

static const struct eg_node *end_port(struct eg_scenario *scenario, const struct eg_item *rule,
                                      const char *key, int64_t absent) {
    const struct eg_node *protocol = eg_item_get(scenario, rule, "protocol");
    if (protocol->kind == EG_UNKNOWN)
        return protocol;
    const struct eg_node *from = port(scenario, rule, "FromPort");
    const struct eg_node *to = port(scenario, rule, "ToPort");
    if (!has_ports(protocol) || from->kind == EG_ABSENT || to->kind == EG_ABSENT)
        return eg_item_int(rule, absent);
    return port(scenario, rule, key);
}

static const struct eg_node *rule_from_port(struct eg_scenario *scenario,
                                            const struct eg_item *rule) {
    return end_port(scenario, rule, "FromPort", FIRST_PORT);
}

static const struct eg_node *rule_to_port(struct eg_scenario *scenario,
                                          const struct eg_item *rule) {
    return end_port(scenario, rule, "ToPort", LAST_PORT);
}

static const struct eg_node *rule_all_ports(struct eg_scenario *scenario,
                                            const struct eg_item *rule) {
    const struct eg_node *from = eg_item_get(scenario, rule, "fromPort");
    const struct eg_node *to = eg_item_get(scenario, rule, "toPort");
    /* One port, whichever: the same symbol twice. */
    if (from->kind != EG_INT && eg_text_is(from) && eg_text_is(to) &&
        eg_text_equal(scenario, from, to) == EG_TRUE)
        return eg_node_bool(false);
    if (from->kind != EG_INT)
        return from;
    if (to->kind != EG_INT)
        return to;
    return eg_node_bool(from->as.integer <= FIRST_PORT && to->as.integer >= LAST_PORT);
}

static const struct eg_node *rule_ports_given(struct eg_scenario *scenario,
                                              const struct eg_item *rule) {
    return eg_node_bool(member(scenario, rule, "FromPort")->kind != EG_ABSENT &&
                        member(scenario, rule, "ToPort")->kind != EG_ABSENT);
}

static const struct eg_node *rule_from_port_text(struct eg_scenario *scenario,
                                                 const struct eg_item *rule) {
    const struct eg_node *value = member(scenario, rule, "FromPort");
    struct eg_str text;
    return eg_node_scalar_text(rule->build->arena, value, &text) ? eg_item_text(rule, text, value)
                                                                 : value;
}

/* ---- source and destination ---- */

enum peer_kind { PEER_NONE, PEER_CIDR, PEER_GROUP, PEER_PREFIX_LIST };

/* How far an end reaches: the lower, the farther. What isn't known comes before what is inside. */
static int reach_of(enum peer_kind kind, const struct eg_node *value) {
    enum { EVERYWHERE, WIDE, SOME, NOT_KNOWN, INSIDE };
    struct eg_cidr cidr;
    if (kind != PEER_CIDR)
        return INSIDE;
    if (value->kind != EG_STRING || !eg_cidr_parse(value->as.text, &cidr))
        return NOT_KNOWN;
    switch (eg_cidr_class(&cidr)) {
    case EG_CIDR_ALL:
        return EVERYWHERE;
    case EG_CIDR_WIDE:
        return WIDE;
    case EG_CIDR_PRIVATE:
        return INSIDE;
    default:
        return SOME;
    }
}

/* What the rule names at its other end. EC2 takes one end only; of several the farthest counts. */
static enum peer_kind peer(struct eg_scenario *scenario, const struct eg_item *rule,
                           const struct eg_node **ret_value) {
    static const struct {
        const char *ingress, *egress;
        enum peer_kind kind;
    } keys[] = {
        {"CidrIp", "CidrIp", PEER_CIDR},
        {"CidrIpv6", "CidrIpv6", PEER_CIDR},
        {"SourceSecurityGroupId", "DestinationSecurityGroupId", PEER_GROUP},
        {"SourcePrefixListId", "DestinationPrefixListId", PEER_PREFIX_LIST},
        {"SourceSecurityGroupName", "DestinationSecurityGroupId", PEER_GROUP},
    };
    enum peer_kind farthest = PEER_NONE;
    *ret_value = eg_node_absent();
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const struct eg_node *value =
            member(scenario, rule, is_ingress(rule) ? keys[i].ingress : keys[i].egress);
        if (eg_is_blank(value) || (farthest != PEER_NONE &&
                                   reach_of(keys[i].kind, value) >= reach_of(farthest, *ret_value)))
            continue;
        farthest = keys[i].kind;
        *ret_value = value;
    }
    return farthest;
}

bool eg_rule_cidr(struct eg_scenario *scenario, const struct eg_item *rule,
                  struct eg_cidr *ret_cidr) {
    const struct eg_node *value;
    return peer(scenario, rule, &value) == PEER_CIDR && value->kind == EG_STRING &&
           eg_cidr_parse(value->as.text, ret_cidr);
}

static const struct eg_node *rule_source(struct eg_scenario *scenario, const struct eg_item *rule) {
    const struct eg_node *value;
    if (peer(scenario, rule, &value) == PEER_NONE)
        return NULL;
    if (!eg_text_is(value))
        return value;
    return eg_item_text(rule, eg_text_show(rule->build->arena, value), value);
}

static const struct eg_node *rule_cidr(struct eg_scenario *scenario, const struct eg_item *rule) {
    const struct eg_node *value;
    struct eg_cidr cidr;
    if (peer(scenario, rule, &value) != PEER_CIDR)
        return NULL;
    if (value->kind != EG_STRING)
        return value;
    if (!eg_cidr_parse(value->as.text, &cidr))
        return eg_item_unknown(rule, EG_WHY_BROKEN, EG_STR("a network that can't be read"), value);
    return eg_item_text(rule, eg_cidr_text(rule->build->arena, &cidr), value);
}

static const struct eg_node *rule_is_ipv6(struct eg_scenario *scenario,
                                          const struct eg_item *rule) {
    const struct eg_node *value;
    struct eg_cidr cidr;
    if (peer(scenario, rule, &value) == PEER_CIDR && value->kind == EG_STRING &&
        eg_cidr_parse(value->as.text, &cidr))
        return eg_node_bool(cidr.v6);
    return eg_node_bool(!eg_is_blank(member(scenario, rule, "CidrIpv6")));
}

static const struct eg_node *rule_peer_group(struct eg_scenario *scenario,
                                             const struct eg_item *rule) {
    const struct eg_node *value;
    if (peer(scenario, rule, &value) != PEER_GROUP)
        return NULL;
    return eg_item_follow(scenario, rule, value, "securityGroup");
}

static const struct eg_node *rule_prefix_list(struct eg_scenario *scenario,
                                              const struct eg_item *rule) {
    const struct eg_node *value;
    if (peer(scenario, rule, &value) != PEER_PREFIX_LIST)
        return NULL;
    const struct eg_resource *list = eg_resolve_target(value);
    return list != NULL ? eg_item_resource_node(rule->build, list) : eg_item_outside(rule, value);
}

static enum eg_truth is_self(struct eg_scenario *scenario, const struct eg_item *rule,
                             const struct eg_node *value) {
    const struct eg_node *own = rule->parent != NULL ? NULL : member(scenario, rule, "GroupId");
    if (own == NULL)
        return eg_resolve_target(value) == rule->parent->resource ? EG_TRUE : EG_FALSE;
    if (eg_resolve_target(own) != NULL)
        return eg_resolve_target(own) == eg_resolve_target(value) ? EG_TRUE : EG_FALSE;
    return eg_text_equal(scenario, own, value) == EG_TRUE ? EG_TRUE : EG_FALSE;
}

static const struct eg_node *rule_source_is_self(struct eg_scenario *scenario,
                                                 const struct eg_item *rule) {
    const struct eg_node *value;
    if (peer(scenario, rule, &value) != PEER_GROUP)
        return eg_node_bool(false);
    return eg_node_bool(is_self(scenario, rule, value) == EG_TRUE);
}

static const struct eg_node *rule_account_given(struct eg_scenario *scenario,
                                                const struct eg_item *rule) {
    return eg_node_bool(!eg_is_blank(member(scenario, rule, "SourceSecurityGroupOwnerId")));
}

/* ---- class ---- */

/* Is the network inside the VPC of the group? */
static bool is_in_vpc(struct eg_scenario *scenario, const struct eg_item *rule,
                      const struct eg_cidr *cidr) {
    const struct eg_item *group = eg_item_link(scenario, rule, "group");
    const struct eg_item *vpc = group == NULL ? NULL : eg_item_link(scenario, group, "vpc");
    const struct eg_node *block =
        vpc == NULL ? eg_node_absent() : eg_item_given(scenario, vpc, "cidrBlock");
    struct eg_cidr network;
    return block->kind == EG_STRING && eg_cidr_parse(block->as.text, &network) &&
           eg_cidr_contains(&network, cidr);
}

static bool is_union(struct eg_scenario *scenario, const struct eg_item *rule,
                     const struct eg_cidr *cidr) {
    const struct eg_item *group = eg_item_link(scenario, rule, "group");
    if (group == NULL || !is_ingress(rule) || cidr->prefix == 0)
        return false;
    const struct eg_group *own = group->extra;
    const struct eg_node *unions = eg_scenario_force(scenario, own->unions);
    return eg_node_get(unions, eg_rule_key(scenario, rule, cidr->v6)) != NULL;
}

static const char *cidr_class(struct eg_scenario *scenario, const struct eg_item *rule,
                              const struct eg_cidr *cidr) {
    enum eg_cidr_class class = eg_cidr_class(cidr);
    if (class == EG_CIDR_ALL)
        return "internet-all";
    if (is_in_vpc(scenario, rule, cidr))
        return "vpc";
    if (class == EG_CIDR_PRIVATE)
        return "private";
    if (is_union(scenario, rule, cidr))
        return "internet-all";
    return class == EG_CIDR_WIDE ? "internet-wide" : "internet-some";
}

/* The widest class among the entries of a prefix list of the input; NULL: not known. */
static const char *prefix_list_class(struct eg_scenario *scenario, const struct eg_item *rule,
                                     const struct eg_node *value) {
    static const char *const order[] = {"internet-all", "internet-wide", "internet-some", "private",
                                        "vpc"};
    enum { COUNT = sizeof order / sizeof order[0] };
    const struct eg_resource *list = eg_resolve_target(value);
    if (list == NULL)
        return NULL;
    size_t widest = COUNT;
    struct eg_walk walk;
    eg_walk_begin(&walk, scenario, eg_property(scenario, list, "Entries"));
    while (eg_walk_next(&walk)) {
        struct eg_cidr cidr;
        const struct eg_node *text = eg_member(scenario, walk.element, "Cidr");
        if (text->kind != EG_STRING || !eg_cidr_parse(text->as.text, &cidr))
            return NULL;
        struct eg_str class = eg_str_from(cidr_class(scenario, rule, &cidr));
        for (size_t i = 0; i < widest; i++)
            if (eg_str_is(class, order[i]))
                widest = i;
    }
    return widest == COUNT ? NULL : order[widest];
}

static const struct eg_node *rule_class(struct eg_scenario *scenario, const struct eg_item *rule) {
    const struct eg_node *value;
    struct eg_cidr cidr;
    const char *class = NULL;
    switch (peer(scenario, rule, &value)) {
    case PEER_CIDR:
        if (value->kind == EG_REFERENCE &&
            eg_str_starts_with(value->as.reference->attribute, EG_STR("CidrBlock")))
            class = "vpc"; /* of the VPC or a subnet */
        else if (value->kind != EG_STRING)
            return eg_item_outside(rule, value);
        else if (eg_cidr_parse(value->as.text, &cidr))
            class = cidr_class(scenario, rule, &cidr);
        else
            return eg_item_get(scenario, rule, "cidr");
        break;
    case PEER_GROUP:
        class = is_self(scenario, rule, value) == EG_TRUE ? "self" : "group";
        break;
    case PEER_PREFIX_LIST:
        class = prefix_list_class(scenario, rule, value);
        class = class == NULL ? "prefix-list" : class;
        break;
    case PEER_NONE:
        return eg_item_unknown(rule, EG_WHY_BROKEN, EG_STR("a rule without source"), rule->value);
    }
    return eg_item_text(rule, eg_str_from(class), value);
}

static const struct eg_node *rule_is_internet(struct eg_scenario *scenario,
                                              const struct eg_item *rule) {
    const struct eg_node *class = eg_item_get(scenario, rule, "sourceClass");
    if (class->kind != EG_STRING)
        return class;
    if (eg_node_is_string(class, "prefix-list"))
        return eg_item_get(scenario, rule, "sourcePrefixList");
    return eg_node_bool(eg_str_starts_with(class->as.text, EG_STR("internet")));
}

static const struct eg_node *rule_is_union(struct eg_scenario *scenario,
                                           const struct eg_item *rule) {
    struct eg_cidr cidr;
    return eg_node_bool(eg_rule_cidr(scenario, rule, &cidr) && is_union(scenario, rule, &cidr));
}

static const struct eg_node *rule_is_placeholder(struct eg_scenario *scenario,
                                                 const struct eg_item *rule) {
    struct eg_cidr cidr;
    static const uint8_t nowhere[4] = {255, 255, 255, 255};
    bool known = eg_rule_cidr(scenario, rule, &cidr);
    return eg_node_bool(known && !cidr.v6 && cidr.prefix == 32 && cidr.first[0] == nowhere[0] &&
                        cidr.first[1] == nowhere[1] && cidr.first[2] == nowhere[2] &&
                        cidr.first[3] == nowhere[3]);
}

static const struct eg_node *rule_description(struct eg_scenario *scenario,
                                              const struct eg_item *rule) {
    return member(scenario, rule, "Description");
}

static const struct eg_node *rule_is_inline(struct eg_scenario *scenario,
                                            const struct eg_item *rule) {
    (void)scenario;
    return eg_node_bool(rule->parent != NULL);
}

const struct eg_fact eg_facts_rule[] = {
    {"ingressRule", "group", rule_group},
    {"ingressRule", "protocol", rule_protocol},
    {"ingressRule", "fromPort", rule_from_port},
    {"ingressRule", "toPort", rule_to_port},
    {"ingressRule", "allPorts", rule_all_ports},
    {"ingressRule", "portsGiven", rule_ports_given},
    {"ingressRule", "fromPortText", rule_from_port_text},
    {"ingressRule", "source", rule_source},
    {"ingressRule", "sourceClass", rule_class},
    {"ingressRule", "isInternet", rule_is_internet},
    {"ingressRule", "isPublicUnion", rule_is_union},
    {"ingressRule", "cidr", rule_cidr},
    {"ingressRule", "isIpv6", rule_is_ipv6},
    {"ingressRule", "sourceGroup", rule_peer_group},
    {"ingressRule", "sourcePrefixList", rule_prefix_list},
    {"ingressRule", "sourceIsSelf", rule_source_is_self},
    {"ingressRule", "sourceAccountGiven", rule_account_given},
    {"ingressRule", "description", rule_description},
    {"ingressRule", "isInline", rule_is_inline},
    {"egressRule", "group", rule_group},
    {"egressRule", "protocol", rule_protocol},
    {"egressRule", "fromPort", rule_from_port},
    {"egressRule", "toPort", rule_to_port},
    {"egressRule", "allPorts", rule_all_ports},
    {"egressRule", "destination", rule_source},
    {"egressRule", "destinationClass", rule_class},
    {"egressRule", "cidr", rule_cidr},
    {"egressRule", "isIpv6", rule_is_ipv6},
    {"egressRule", "destinationGroup", rule_peer_group},
    {"egressRule", "isPlaceholder", rule_is_placeholder},
    {"egressRule", "description", rule_description},
    {"egressRule", "isInline", rule_is_inline},
    {NULL, NULL, NULL},
};
