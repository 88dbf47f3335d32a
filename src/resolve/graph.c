/* Circular dependencies among the resources of a stack: CloudFormation refuses them, and the CDK
 * can write them. Called when all resources are resolved, with the edges that resolving found.
 *
 * Strongly connected components by Tarjan's algorithm ("Depth-first search and linear graph
 * algorithms", SIAM J. Comput. 1, 1972), with a stack of its own instead of recursion. */
#include "base/buf.h"
#include "resolve/resolver.h"

/* SAM makes several resources of one, which need not depend on each other as it seems here. */
static bool is_serverless(const struct eg_resource *resource) {
    return eg_str_starts_with(resource->type, EG_STR("AWS::Serverless::"));
}

void eg_resolve_add_edge(const struct eg_context *context, const struct eg_resource *target,
                         const struct eg_node *at) {
    struct eg_resolver *resolver = context->resolver;
    if (context->resource == NULL || target->stack != context->resource->stack ||
        resolver->sealed || is_serverless(context->resource) || is_serverless(target))
        return;
    if (resolver->edge_count == resolver->edge_capacity) {
        uint32_t larger = resolver->edge_capacity == 0 ? 64 : resolver->edge_capacity * 2;
        resolver->edges = eg_arena_grow(resolver->arena, resolver->edges,
                                        resolver->edge_capacity * sizeof *resolver->edges,
                                        larger * sizeof *resolver->edges);
        resolver->edge_capacity = larger;
    }
    resolver->edges[resolver->edge_count++] =
        (struct eg_edge){context->resource->number, target->number, context->maybe, at};
}

/* The edges by where they begin. */
struct graph {
    struct eg_resolver *resolver;
    uint32_t count;   /* of resources */
    uint32_t *starts; /* count + 1 offsets into `order` */
    const struct eg_edge **order;
    uint32_t *index, *low; /* Tarjan's numbers, from 1; 0: not seen */
    uint32_t *component;   /* from 1; 0: not in one yet */
    uint32_t *open;        /* the stack of vertices */
    uint32_t *path;        /* the stack of the search */
    uint32_t *next;        /* by vertex: the next edge to follow */
    uint32_t open_count, path_count, last_index, component_count;
    const struct eg_resource **resources;
};

static void sort_edges(struct graph *graph, bool with_maybe) {
    const struct eg_resolver *resolver = graph->resolver;
    for (uint32_t i = 0; i <= graph->count; i++)
        graph->starts[i] = 0;
    for (uint32_t i = 0; i < resolver->edge_count; i++)
        if (with_maybe || !resolver->edges[i].maybe)
            graph->starts[resolver->edges[i].from + 1]++;
    for (uint32_t i = 0; i < graph->count; i++)
        graph->starts[i + 1] += graph->starts[i];
    for (uint32_t i = 0; i < graph->count; i++)
        graph->next[i] = graph->starts[i];
    for (uint32_t i = 0; i < resolver->edge_count; i++)
        if (with_maybe || !resolver->edges[i].maybe)
            graph->order[graph->next[resolver->edges[i].from]++] = &resolver->edges[i];
    for (uint32_t i = 0; i < graph->count; i++) {
        graph->next[i] = graph->starts[i];
        graph->index[i] = graph->low[i] = graph->component[i] = 0;
    }
    graph->open_count = graph->path_count = graph->last_index = graph->component_count = 0;
}

static void enter(struct graph *graph, uint32_t vertex) {
    graph->index[vertex] = graph->low[vertex] = ++graph->last_index;
    graph->open[graph->open_count++] = vertex;
    graph->path[graph->path_count++] = vertex;
}

static void close_component(struct graph *graph, uint32_t vertex) {
    graph->component_count++;
    uint32_t member;
    do {
        member = graph->open[--graph->open_count];
        graph->component[member] = graph->component_count;
    } while (member != vertex);
}

static void leave(struct graph *graph, uint32_t vertex) {
    if (graph->low[vertex] == graph->index[vertex])
        close_component(graph, vertex);
    graph->path_count--;
    if (graph->path_count == 0)
        return;
    uint32_t parent = graph->path[graph->path_count - 1];
    if (graph->low[vertex] < graph->low[parent])
        graph->low[parent] = graph->low[vertex];
}

static void search(struct graph *graph, uint32_t root) {
    enter(graph, root);
    while (graph->path_count > 0) {
        uint32_t vertex = graph->path[graph->path_count - 1];
        if (graph->next[vertex] == graph->starts[vertex + 1]) {
            leave(graph, vertex);
            continue;
        }
        uint32_t to = graph->order[graph->next[vertex]++]->to;
        if (graph->index[to] == 0)
            enter(graph, to);
        else if (graph->component[to] == 0 && graph->index[to] < graph->low[vertex])
            graph->low[vertex] = graph->index[to];
    }
}

/* ---- telling ---- */

/* The shortest way from START back to it inside its component: fills graph->path with the vertices
 * behind START, graph->low with where each came from. */
static const struct eg_edge *find_cycle(struct graph *graph, uint32_t start, uint32_t *ret_last) {
    uint32_t head = 0, tail = 0;
    const struct eg_edge *first = NULL;
    graph->path[tail++] = start;
    graph->index[start] = 0; /* seen */
    while (head < tail) {
        uint32_t vertex = graph->path[head++];
        for (uint32_t i = graph->starts[vertex]; i < graph->starts[vertex + 1]; i++) {
            uint32_t to = graph->order[i]->to;
            if (graph->component[to] != graph->component[start])
                continue;
            if (vertex == start && first == NULL)
                first = graph->order[i];
            if (to == start) {
                *ret_last = vertex;
                return first;
            }
            if (graph->index[to] == 0)
                continue;
            graph->index[to] = 0;
            graph->low[to] = vertex;
            graph->path[tail++] = to;
        }
    }
    return NULL;
}

static void tell_cycle(struct graph *graph, uint32_t start, bool maybe) {
    enum { MOST_NAMED = 12 };
    uint32_t last = start, count = 0;
    const struct eg_edge *edge = find_cycle(graph, start, &last);
    if (edge == NULL)
        return;
    uint32_t members[MOST_NAMED];
    for (uint32_t vertex = last; vertex != start; vertex = graph->low[vertex]) {
        if (count < MOST_NAMED)
            members[count] = vertex;
        count++;
    }
    const struct eg_resource *resource = graph->resources[start];
    struct eg_buf names;
    eg_buf_init(&names);
    eg_buf_add_str(&names, resource->logical_id);
    if (count > MOST_NAMED)
        eg_buf_puts(&names, " -> …");
    for (uint32_t i = count < MOST_NAMED ? count : MOST_NAMED; i > 0; i--)
        eg_buf_printf(&names, " -> %.*s",
                      EG_STR_ARGS(graph->resources[members[i - 1]]->logical_id));
    struct eg_context context = {.resolver = graph->resolver,
                                 .scope = (struct eg_scope *)(void *)resource->stack,
                                 .resource = (struct eg_resource *)(uintptr_t)resource};
    struct eg_str text = eg_buf_str(&names);
    struct eg_problem *problem = eg_resolve_problem(
        &context, "circular-dependency", edge->at, "resources depend on each other: %.*s -> %.*s",
        EG_STR_ARGS(text), EG_STR_ARGS(resource->logical_id));
    problem->unknown = maybe;
    eg_buf_done(&names);
}

static bool is_own_edge(const struct graph *graph, uint32_t vertex) {
    for (uint32_t i = graph->starts[vertex]; i < graph->starts[vertex + 1]; i++)
        if (graph->order[i]->to == vertex)
            return true;
    return false;
}

/* Tells each component with a cycle once. TOLD marks resources that an earlier pass told of. */
static void tell_components(struct graph *graph, bool *told, bool maybe) {
    uint32_t *sizes = EG_NEW_ARRAY(graph->resolver->arena, uint32_t, graph->component_count + 1);
    bool *done = EG_NEW_ARRAY(graph->resolver->arena, bool, graph->component_count + 1);
    for (uint32_t i = 0; i < graph->count; i++) {
        sizes[graph->component[i]]++;
        done[graph->component[i]] = done[graph->component[i]] || told[i];
    }
    for (uint32_t i = 0; i < graph->count; i++) {
        uint32_t component = graph->component[i];
        if (sizes[component] < 2 && !is_own_edge(graph, i))
            continue;
        if (!done[component])
            tell_cycle(graph, i, maybe);
        done[component] = true;
        told[i] = true;
    }
}

void eg_resolve_check_graph(struct eg_resolver *resolver) {
    struct eg_system *system = resolver->system;
    uint32_t count = system->resource_count;
    if (resolver->edge_count == 0)
        return;
    struct eg_arena *arena = resolver->arena;
    struct graph graph = {
        .resolver = resolver,
        .count = count,
        .starts = EG_NEW_ARRAY(arena, uint32_t, count + 1),
        .order = EG_NEW_ARRAY(arena, const struct eg_edge *, resolver->edge_count),
        .index = EG_NEW_ARRAY(arena, uint32_t, count),
        .low = EG_NEW_ARRAY(arena, uint32_t, count),
        .component = EG_NEW_ARRAY(arena, uint32_t, count),
        .open = EG_NEW_ARRAY(arena, uint32_t, count),
        .path = EG_NEW_ARRAY(arena, uint32_t, count),
        .next = EG_NEW_ARRAY(arena, uint32_t, count),
        .resources = EG_NEW_ARRAY(arena, const struct eg_resource *, count),
    };
    for (uint32_t i = 0; i < system->stack_count; i++)
        for (uint32_t j = 0; j < system->stacks[i]->resource_count; j++)
            graph.resources[system->stacks[i]->resources[j]->number] =
                system->stacks[i]->resources[j];
    bool *told = EG_NEW_ARRAY(arena, bool, count);
    for (int with_maybe = 0; with_maybe < 2; with_maybe++) {
        sort_edges(&graph, with_maybe != 0);
        for (uint32_t i = 0; i < count; i++)
            if (graph.index[i] == 0)
                search(&graph, i);
        tell_components(&graph, told, with_maybe != 0);
    }
}
