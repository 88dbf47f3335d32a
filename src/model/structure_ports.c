/* Port mappings: whether they fit the network mode and each other. Called by structure.c.
 *
 * With awsvpc and host networks the container's port is the port; with others the host's is, and
 * Docker chooses it if it is 0 or absent ("PortMapping" in the ECS API reference). */
#include "model/structure_check.h"
#include "node/text.h"

struct ports {
    struct eg_structure_checker *checker;
    bool shared;        /* awsvpc or host: the container's port is the host's */
    struct eg_map used; /* "80/tcp" */
};

struct mapping {
    uint32_t container, number;
    const struct eg_node *node;
    const struct eg_node *container_port, *host_port; /* as given, forced */
};

static struct eg_str path_of(const struct ports *ports, const struct mapping *mapping,
                             const char *field) {
    return eg_str_format(ports->checker->arena, "containerDefinitions[%u].portMappings[%u]%s",
                         ports->checker->numbers[mapping->container], mapping->number, field);
}

static bool is_chosen(const struct eg_node *port) {
    return port->kind == EG_ABSENT || (port->kind == EG_INT && port->as.integer == 0);
}

/* With awsvpc and host networks there is no mapping: both ports are one. */
static void check_same(struct ports *ports, const struct mapping *mapping) {
    struct eg_structure_checker *checker = ports->checker;
    if (!ports->shared || is_chosen(mapping->host_port) ||
        mapping->container_port->kind == EG_ABSENT)
        return;
    enum eg_truth same =
        eg_text_equal(checker->scenario, mapping->container_port, mapping->host_port);
    if (same == EG_UNDECIDED)
        eg_structure_leave_open(checker, eg_structure_is_open(mapping->host_port)
                                             ? mapping->host_port
                                             : mapping->container_port);
    if (same != EG_FALSE)
        return;
    struct eg_str owner = eg_structure_name(checker, mapping->container);
    eg_structure_report(
        checker, "host-port-differs", mapping->host_port, path_of(ports, mapping, ".hostPort"),
        eg_str_format(
            checker->arena,
            "container '%.*s' maps port %lld to %lld of the host, where network mode "
            "%.*s knows no mapping",
            EG_STR_ARGS(owner), (long long)mapping->container_port->as.integer,
            (long long)mapping->host_port->as.integer,
            EG_STR_ARGS(eg_node_text(eg_structure_field(checker, checker->task, "networkMode")))));
}

/* A port that is taken twice. One that isn't known is left open by check_unknown. */
static void check_twice(struct ports *ports, const struct mapping *mapping) {
    struct eg_structure_checker *checker = ports->checker;
    const struct eg_node *port = ports->shared ? mapping->container_port : mapping->host_port;
    const struct eg_node *protocol = eg_structure_field(checker, mapping->node, "protocol");
    if (port->kind != EG_INT || port->as.integer == 0 || protocol->kind == EG_UNKNOWN)
        return;
    bool udp = eg_node_is_string(protocol, "udp");
    struct eg_str key =
        eg_str_format(checker->arena, "%lld/%s", (long long)port->as.integer, udp ? "udp" : "tcp");
    if (eg_map_put(&ports->used, key, checker) == NULL)
        return;
    eg_structure_report(
        checker, "duplicate-port", port,
        path_of(ports, mapping, ports->shared ? ".containerPort" : ".hostPort"),
        eg_str_format(checker->arena, "port %.*s is mapped twice in the task", EG_STR_ARGS(key)));
}

static void check_none(struct ports *ports, const struct mapping *mapping) {
    struct eg_structure_checker *checker = ports->checker;
    struct eg_str owner = eg_structure_name(checker, mapping->container);
    eg_structure_report(checker, "port-without-network", mapping->node, path_of(ports, mapping, ""),
                        eg_str_format(checker->arena,
                                      "container '%.*s' maps a port, and network mode none has no "
                                      "network",
                                      EG_STR_ARGS(owner)));
}

/* The port or protocol of a mapping that may clash with one of OTHERS mappings. */
static void check_unknown(struct ports *ports, const struct mapping *mapping, uint32_t others) {
    const struct eg_node *port = ports->shared ? mapping->container_port : mapping->host_port;
    const struct eg_node *protocol = eg_structure_field(ports->checker, mapping->node, "protocol");
    if (others == 0)
        return;
    if (eg_structure_is_open(port))
        eg_structure_leave_open(ports->checker, port);
    else if (eg_structure_is_open(protocol) && !is_chosen(port))
        eg_structure_leave_open(ports->checker, protocol);
}

static uint32_t count_mappings(struct eg_structure_checker *checker) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < checker->container_count; i++)
        count +=
            eg_structure_length(eg_structure_list(checker, checker->containers[i], "portMappings"));
    return count;
}

static void check_mapping(struct ports *ports, const struct mapping *mapping, bool none,
                          uint32_t others) {
    if (none) {
        check_none(ports, mapping);
        return;
    }
    check_same(ports, mapping);
    check_twice(ports, mapping);
    check_unknown(ports, mapping, others);
}

void eg_structure_check_ports(struct eg_structure_checker *checker) {
    const struct eg_node *mode = eg_structure_field(checker, checker->task, "networkMode");
    uint32_t count = count_mappings(checker);
    struct ports ports = {.checker = checker,
                          .shared =
                              eg_node_is_string(mode, "awsvpc") || eg_node_is_string(mode, "host")};
    eg_map_init(&ports.used, checker->arena);
    if (count > 0 && eg_structure_is_open(mode))
        eg_structure_leave_open(checker, mode);
    if (mode->kind != EG_STRING)
        return;
    for (uint32_t i = 0; i < checker->container_count; i++) {
        const struct eg_node *list =
            eg_structure_given(checker, checker->containers[i], "portMappings");
        for (uint32_t j = 0; j < eg_structure_length(list); j++) {
            struct mapping mapping = {
                .container = i, .number = j, .node = eg_structure_element(checker, list, j)};
            if (mapping.node->kind != EG_OBJECT)
                continue;
            mapping.container_port = eg_structure_given(checker, mapping.node, "containerPort");
            mapping.host_port = eg_structure_given(checker, mapping.node, "hostPort");
            check_mapping(&ports, &mapping, eg_node_is_string(mode, "none"), count - 1);
        }
    }
}
