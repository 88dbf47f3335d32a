/* Fn::Select, Fn::FindInMap, Fn::GetAZs, Fn::Cidr, Fn::Length: functions that make and look into
 * lists and maps. */
#include "resolve/resolver.h"

#include <arpa/inet.h>
#include <string.h>

/* A number given as such or as text. */
static bool as_number(const struct eg_node *node, int64_t *ret_number) {
    if (node->kind == EG_INT)
        *ret_number = node->as.integer;
    else if (node->kind != EG_STRING || !eg_str_to_int(eg_str_trim(node->as.text), ret_number))
        return false;
    return true;
}

/* ---- Fn::Select ---- */

/* The Availability Zone NUMBER of the list SYMBOL: a thing with an identity, whose name is not
 * known. So it is a reference, to a resource that no template holds. */
static const struct eg_node *zone(const struct eg_call *call, struct eg_symbol *symbol,
                                  int64_t number) {
    struct eg_arena *arena = call->context.resolver->arena;
    struct eg_str id = eg_str_format(arena, "AvailabilityZone%lld", (long long)number);
    struct eg_resource *made = eg_map_get(symbol->zones, id);
    if (made == NULL) {
        made = EG_NEW(arena, struct eg_resource);
        *made = (struct eg_resource){.logical_id = id,
                                     .type = EG_STR("AWS::EC2::AvailabilityZone"),
                                     .stack = &call->context.scope->stack,
                                     .raw = call->at,
                                     .properties = eg_node_empty_map(),
                                     .skipped = true};
        (void)eg_map_put(symbol->zones, id, made);
    }
    struct eg_reference *reference = EG_NEW(call->arena, struct eg_reference);
    *reference = (struct eg_reference){made, id, made->type, EG_STR("Ref")};
    struct eg_node *node = eg_node_new(call->arena, EG_REFERENCE, call->at);
    node->as.reference = reference;
    node->origin = call->at;
    return node;
}

/* An item of a list that is not known. */
static const struct eg_node *select_unknown(const struct eg_call *call, const struct eg_node *list,
                                            int64_t index) {
    struct eg_symbol *symbol =
        list->kind == EG_UNKNOWN ? eg_resolve_find_symbol(call->context.resolver, list->as.unknown)
                                 : NULL;
    if (symbol != NULL && symbol->zones != NULL)
        return zone(call, symbol, index);
    if (symbol != NULL && index < (int64_t)symbol->first_items.count)
        return eg_node_moved(call->arena, symbol->first_items.items[index], call->at);
    return eg_call_derived(call, list,
                           eg_str_format(call->arena, "%.*s[%lld]",
                                         EG_STR_ARGS(eg_text_show(call->arena, list)),
                                         (long long)index));
}

static const struct eg_node *select_item(const struct eg_call *call, const struct eg_node *list,
                                         int64_t index) {
    int64_t number = 0;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        if (call->scenario != NULL)
            item = eg_scenario_force(call->scenario, item);
        else if (eg_may_be_absent(item))
            return NULL;
        if (item->kind == EG_ABSENT)
            continue;
        if (number++ == index)
            return eg_resolve_made(call->arena, eg_node_moved(call->arena, item, call->at), NULL,
                                   list->flags & (EG_FLAG_SECRET | EG_FLAG_DEFAULTED));
    }
    return eg_call_broken(call, "Fn::Select takes item %lld of a list of %lld", (long long)index,
                          (long long)number);
}

static const struct eg_node *call_select(const struct eg_call *call) {
    const struct eg_node *index = eg_call_look(call, call->arguments[0]);
    const struct eg_node *list = eg_call_look(call, call->arguments[1]);
    int64_t number;
    if (index == NULL || list == NULL || eg_call_waits(call, index) || eg_call_waits(call, list))
        return NULL;
    if (index->kind == EG_UNKNOWN || index->kind == EG_PARTIAL || index->kind == EG_REFERENCE)
        return eg_call_derived(call, index,
                               eg_str_format(call->arena, "%.*s[%.*s]",
                                             EG_STR_ARGS(eg_text_show(call->arena, list)),
                                             EG_STR_ARGS(eg_text_show(call->arena, index))));
    if (!as_number(index, &number) || number < 0)
        return eg_call_broken(call, "Fn::Select takes a number from 0 as its first argument");
    if (list->kind == EG_UNKNOWN || list->kind == EG_REFERENCE)
        return select_unknown(call, list, number);
    if (list->kind != EG_LIST)
        return eg_call_broken(call, "Fn::Select selects from a list, not a %s",
                              eg_kind_name(eg_node_kind(list)));
    return select_item(call, list, number);
}

const struct eg_node *eg_resolve_select(const struct eg_context *context, const struct eg_node *at,
                                        const struct eg_node *argument) {
    if (argument->kind != EG_LIST || argument->as.list.count != 2)
        return eg_resolve_broken(context, "invalid-function", at, "Fn::Select takes [index, list]");
    const struct eg_node *arguments[] = {eg_resolve_value(context, argument->as.list.items[0]),
                                         eg_resolve_value(context, argument->as.list.items[1])};
    return eg_call(context, call_select, at, arguments, 2);
}

/* ---- Fn::FindInMap ---- */

/* Keys that are looked through for what is not known; exploring more would meet a bound too. */
enum { MOST_KEYS = EG_LIMIT_SCENARIOS };

enum { MAP_NAME, TOP_KEY, SECOND_KEY, DEFAULT_VALUE };

static const struct eg_node *default_value(const struct eg_call *call) {
    return call->count > DEFAULT_VALUE ? call->arguments[DEFAULT_VALUE] : NULL;
}

static bool same_value(const struct eg_node *a, const struct eg_node *b) {
    struct eg_arena scratch;
    eg_arena_init(&scratch);
    struct eg_str x, y;
    bool same = eg_node_scalar_text(&scratch, a, &x) && eg_node_scalar_text(&scratch, b, &y) &&
                eg_str_equal(x, y);
    eg_arena_done(&scratch);
    return same;
}

/* The value that all top keys have in common under SECOND, or NULL: then the top key doesn't
 * matter. */
static const struct eg_node *common_value(const struct eg_node *mapping, struct eg_str second) {
    const struct eg_node *common = NULL;
    if (mapping->as.map.count > MOST_KEYS)
        return NULL;
    for (uint32_t i = 0; i < mapping->as.map.count; i++) {
        const struct eg_node *value = eg_node_get(mapping->as.map.items[i].value, second);
        if (value == NULL || (common != NULL && !same_value(common, value)))
            return NULL;
        common = value;
    }
    return common;
}

/* The keys of MAP are values that the variable behind KEY may have. Noted once for each map. */
static void note_keys(const struct eg_call *call, const struct eg_node *key,
                      const struct eg_node *map) {
    if (key->kind != EG_UNKNOWN || key->as.unknown->variable == NULL || call->scenario != NULL ||
        map->as.map.count > MOST_KEYS)
        return;
    struct eg_arena *arena = call->context.resolver->arena;
    struct eg_str noted =
        eg_str_format(call->arena, "%u@%u", key->as.unknown->variable->number, map->offset);
    if (eg_map_put(&call->context.resolver->variables, noted, key->as.unknown->variable) != NULL)
        return;
    for (uint32_t i = 0; i < map->as.map.count; i++) {
        const struct eg_entry *entry = &map->as.map.items[i];
        eg_resolve_add_value(call->context.resolver, key->as.unknown->variable,
                             eg_node_string(arena, entry->key, entry->value));
    }
}

/* KEY (string or scalar) in MAP, or NULL. */
static const struct eg_node *get_key(const struct eg_call *call, const struct eg_node *map,
                                     const struct eg_node *key) {
    struct eg_str text;
    return eg_node_scalar_text(call->arena, key, &text) ? eg_node_get(map, text) : NULL;
}

static const struct eg_node *missing_key(const struct eg_call *call, struct eg_str mapping,
                                         const struct eg_node *key) {
    if (default_value(call) != NULL)
        return default_value(call);
    struct eg_str shown = eg_text_is(key) ? eg_text_show(call->arena, key) : EG_STR("(no text)");
    if (call->scenario != NULL)
        return eg_call_broken(call, "mapping %.*s has no key %.*s", EG_STR_ARGS(mapping),
                              EG_STR_ARGS(shown));
    return eg_resolve_broken(&call->context, "undefined-reference", call->at,
                             "mapping %.*s has no key %.*s", EG_STR_ARGS(mapping),
                             EG_STR_ARGS(shown));
}

static bool is_open(const struct eg_node *key) {
    return key->kind == EG_UNKNOWN || key->kind == EG_PARTIAL || key->kind == EG_REFERENCE;
}

/* The value behind a key that is not known. NULL: a scenario may know it. */
static const struct eg_node *find_open(const struct eg_call *call, const struct eg_node *mapping,
                                       const struct eg_node *top, const struct eg_node *second) {
    struct eg_str text;
    if (is_open(top) && eg_node_scalar_text(call->arena, second, &text)) {
        const struct eg_node *common = common_value(mapping, text);
        if (common != NULL)
            return eg_node_moved(call->arena, common, call->at);
    }
    if (is_open(top))
        note_keys(call, top, mapping);
    const struct eg_node *inner = is_open(top) ? NULL : get_key(call, mapping, top);
    if (is_open(second) && eg_node_kind(inner) == EG_MAP)
        note_keys(call, second, inner);
    if (eg_call_waits(call, top) || eg_call_waits(call, second))
        return NULL;
    const struct eg_node *open = is_open(top) ? top : second;
    const struct eg_node *other = is_open(top) ? second : top;
    struct eg_str key = eg_text_is(other) ? eg_text_show(call->arena, other) : EG_STR("…");
    return eg_call_derived(call, open,
                           eg_str_format(call->arena, "%.*s (in mapping %.*s, %s %.*s)",
                                         EG_STR_ARGS(eg_text_show(call->arena, open)),
                                         EG_STR_ARGS(eg_node_text(call->arguments[MAP_NAME])),
                                         is_open(top) ? "for" : "of", EG_STR_ARGS(key)));
}

static const struct eg_node *call_find_in_map(const struct eg_call *call) {
    const struct eg_node *name = eg_call_look(call, call->arguments[MAP_NAME]);
    const struct eg_node *top = eg_call_look(call, call->arguments[TOP_KEY]);
    const struct eg_node *second = eg_call_look(call, call->arguments[SECOND_KEY]);
    if (name == NULL || top == NULL || second == NULL || eg_call_waits(call, name))
        return NULL;
    if (name->kind != EG_STRING)
        return eg_call_derived(call, name, EG_STR(""));
    const struct eg_node *mapping =
        eg_node_get(call->context.scope->stack.template_->mappings, name->as.text);
    if (eg_node_kind(mapping) != EG_MAP) {
        if (default_value(call) != NULL)
            return default_value(call);
        return call->scenario != NULL
                   ? eg_call_broken(call, "there is no mapping %.*s", EG_STR_ARGS(name->as.text))
                   : eg_resolve_broken(&call->context, "undefined-reference", call->at,
                                       "there is no mapping %.*s", EG_STR_ARGS(name->as.text));
    }
    if (is_open(top) || is_open(second))
        return find_open(call, mapping, top, second);
    const struct eg_node *inner = get_key(call, mapping, top);
    if (inner == NULL)
        return missing_key(call, name->as.text, top);
    const struct eg_node *value = get_key(call, inner, second);
    if (value == NULL)
        return missing_key(call, name->as.text, second);
    value = eg_resolve_value(&call->context, value);
    return eg_resolve_made(call->arena, eg_node_moved(call->arena, value, call->at), NULL,
                           (top->flags | second->flags) & EG_FLAG_DEFAULTED);
}

const struct eg_node *eg_resolve_find_in_map(const struct eg_context *context,
                                             const struct eg_node *at,
                                             const struct eg_node *argument) {
    if (argument->kind != EG_LIST || argument->as.list.count < 3 || argument->as.list.count > 4)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::FindInMap takes [map, first key, second key]");
    const struct eg_node *arguments[4];
    uint32_t count = 0;
    for (; count < 3; count++)
        arguments[count] = eg_resolve_value(context, argument->as.list.items[count]);
    if (argument->as.list.count == 4) {
        const struct eg_node *value = EG_GET(argument->as.list.items[3], "DefaultValue");
        if (value == NULL)
            return eg_resolve_broken(context, "invalid-function", at,
                                     "Fn::FindInMap takes {\"DefaultValue\": …} as its fourth "
                                     "argument");
        arguments[count++] = eg_resolve_value(context, value);
    }
    return eg_call(context, call_find_in_map, at, arguments, count);
}

/* ---- Fn::GetAZs ---- */

static const struct eg_node *call_get_azs(const struct eg_call *call) {
    struct eg_resolver *resolver = call->context.resolver;
    const struct eg_node *region = eg_call_look(call, call->arguments[0]);
    if (region == NULL)
        return NULL;
    if (!eg_text_is(region))
        return eg_call_broken(call, "Fn::GetAZs takes a Region, not a %s",
                              eg_kind_name(eg_node_kind(region)));
    if (region->kind == EG_STRING && region->as.text.length == 0)
        region = eg_resolve_pseudo(&call->context, EG_STR("AWS::Region"), call->at);
    struct eg_unknown unknown = {
        .why = EG_WHY_ATTRIBUTE,
        .name = eg_str_format(call->arena, "the list of Availability Zones of %.*s",
                              EG_STR_ARGS(eg_text_show(call->arena, region)))};
    const struct eg_node *node = eg_resolve_symbol_node(resolver, unknown, call->at);
    struct eg_symbol *symbol = eg_resolve_find_symbol(resolver, node->as.unknown);
    if (symbol->zones == NULL) {
        symbol->zones = EG_NEW(resolver->arena, struct eg_map);
        eg_map_init(symbol->zones, resolver->arena);
    }
    return node;
}

const struct eg_node *eg_resolve_get_azs(const struct eg_context *context, const struct eg_node *at,
                                         const struct eg_node *argument) {
    const struct eg_node *region = eg_resolve_value(context, argument);
    if (region->kind == EG_LIST && region->as.list.count == 1)
        region = region->as.list.items[0];
    return eg_call(context, call_get_azs, at, &region, 1);
}

/* ---- Fn::Cidr ---- */

enum { MOST_BLOCKS = 256 };

struct block {
    unsigned char bytes[16];
    int family;
    int bits; /* of an address: 32 or 128 */
    int prefix;
};

static bool parse_block(struct eg_str text, struct block *block) {
    char address[64];
    size_t slash = eg_str_find(text, EG_STR("/"), 0);
    int64_t prefix;
    if (slash == SIZE_MAX || slash >= sizeof address ||
        !eg_str_to_int(eg_str_from_offset(text, slash + 1), &prefix))
        return false;
    memcpy(address, text.data, slash);
    address[slash] = '\0';
    block->family = memchr(address, ':', slash) != NULL ? AF_INET6 : AF_INET;
    block->bits = block->family == AF_INET6 ? 128 : 32;
    if (prefix < 0 || prefix > block->bits || inet_pton(block->family, address, block->bytes) != 1)
        return false;
    block->prefix = (int)prefix;
    return true;
}

/* The block behind BLOCK, of 2 to the power of HOST_BITS addresses. */
static void advance(struct block *block, int host_bits) {
    int byte = (block->bits - 1 - host_bits) / 8;
    unsigned carry = 1u << host_bits % 8;
    for (; byte >= 0 && carry > 0; byte--) {
        unsigned sum = block->bytes[byte] + carry;
        block->bytes[byte] = (unsigned char)sum;
        carry = sum >> 8;
    }
}

static const struct eg_node *make_blocks(const struct eg_call *call, struct block block,
                                         int64_t count, int64_t host_bits) {
    int new_prefix = block.bits - (int)host_bits;
    int room = new_prefix - block.prefix;
    if (room < 0 || (room < 8 && count > (int64_t)1 << room))
        return eg_call_broken(call, "Fn::Cidr can't make %lld blocks of %lld bits in a /%d",
                              (long long)count, (long long)host_bits, block.prefix);
    struct eg_list_builder blocks;
    eg_list_begin(&blocks, call->arena);
    for (int64_t i = 0; i < count; i++) {
        char address[INET6_ADDRSTRLEN];
        (void)inet_ntop(block.family, block.bytes, address, sizeof address);
        struct eg_str text = eg_str_format(call->arena, "%s/%d", address, new_prefix);
        eg_list_add(&blocks, eg_node_string(call->arena, text, call->at));
        if (host_bits < block.bits)
            advance(&block, (int)host_bits);
    }
    return eg_resolve_made(call->arena, eg_list_node(&blocks, call->at), call->at, 0);
}

/* GetAtt Vpc.CidrBlock is the property of that name, which the template holds. */
static const struct eg_node *follow_vpc(const struct eg_call *call, const struct eg_node *block) {
    if (block->kind != EG_REFERENCE || !eg_str_is(block->as.reference->type, "AWS::EC2::VPC") ||
        !eg_str_is(block->as.reference->attribute, "CidrBlock"))
        return block;
    const struct eg_resource *vpc = block->as.reference->resource;
    if (call->scenario != NULL) {
        const struct eg_node *resolved = eg_resource_property(vpc, "CidrBlock");
        return resolved == NULL ? block : eg_scenario_force(call->scenario, resolved);
    }
    const struct eg_node *raw = EG_GET(EG_GET(vpc->raw, "Properties"), "CidrBlock");
    const struct eg_context context = {.resolver = call->context.resolver,
                                       .scope = (struct eg_scope *)(void *)vpc->stack};
    return raw == NULL ? block : eg_resolve_value(&context, raw);
}

static const struct eg_node *unknown_blocks(const struct eg_call *call, const struct eg_node *block,
                                            int64_t count) {
    struct eg_list_builder blocks;
    eg_list_begin(&blocks, call->arena);
    struct eg_str shown = eg_text_show(call->arena, block);
    for (int64_t i = 0; i < count; i++)
        eg_list_add(&blocks, eg_call_derived(call, block,
                                             eg_str_format(call->arena, "%.*s (block %lld)",
                                                           EG_STR_ARGS(shown), (long long)i)));
    return eg_list_node(&blocks, call->at);
}

static const struct eg_node *call_cidr(const struct eg_call *call) {
    const struct eg_node *arguments[3];
    for (uint32_t i = 0; i < call->count; i++) {
        arguments[i] = eg_call_look(call, call->arguments[i]);
        if (arguments[i] == NULL || eg_call_waits(call, arguments[i]))
            return NULL;
    }
    const struct eg_node *block = follow_vpc(call, arguments[0]);
    int64_t count, bits = 8;
    struct block parsed;
    if (block->kind == EG_CHOICE || block->kind == EG_LAZY || eg_call_waits(call, block))
        return NULL;
    for (uint32_t i = 1; i < call->count; i++)
        if (is_open(arguments[i]))
            return eg_call_derived(call, arguments[i], EG_STR(""));
    if (!as_number(arguments[1], &count) || count < 1 || count > MOST_BLOCKS ||
        (call->count > 2 && (!as_number(arguments[2], &bits) || bits < 1 || bits > 128)))
        return eg_call_broken(call, "Fn::Cidr takes [block, count from 1 to 256, bits from 1]");
    if (is_open(block))
        return unknown_blocks(call, block, count);
    if (block->kind != EG_STRING || !parse_block(block->as.text, &parsed))
        return eg_call_broken(call, "Fn::Cidr takes a block such as 10.0.0.0/16");
    if (bits > parsed.bits)
        return eg_call_broken(call, "Fn::Cidr can't make blocks of %lld bits", (long long)bits);
    return make_blocks(call, parsed, count, bits);
}

const struct eg_node *eg_resolve_cidr(const struct eg_context *context, const struct eg_node *at,
                                      const struct eg_node *argument) {
    if (argument->kind != EG_LIST || argument->as.list.count < 2 || argument->as.list.count > 3)
        return eg_resolve_broken(context, "invalid-function", at,
                                 "Fn::Cidr takes [block, count, bits]");
    const struct eg_node *arguments[3];
    uint32_t count = argument->as.list.count;
    for (uint32_t i = 0; i < count; i++)
        arguments[i] = eg_resolve_value(context, argument->as.list.items[i]);
    return eg_call(context, call_cidr, at, arguments, count);
}

/* ---- Fn::Length ---- */

static const struct eg_node *call_length(const struct eg_call *call) {
    const struct eg_node *list = eg_call_look(call, call->arguments[0]);
    if (list == NULL || eg_call_waits(call, list))
        return NULL;
    if (list->kind == EG_UNKNOWN || list->kind == EG_REFERENCE)
        return eg_call_derived(call, list,
                               eg_str_format(call->arena, "%.*s (its length)",
                                             EG_STR_ARGS(eg_text_show(call->arena, list))));
    if (list->kind != EG_LIST)
        return eg_call_broken(call, "Fn::Length counts a list, not a %s",
                              eg_kind_name(eg_node_kind(list)));
    int64_t length = 0;
    for (uint32_t i = 0; i < list->as.list.count; i++) {
        const struct eg_node *item = list->as.list.items[i];
        if (call->scenario != NULL)
            item = eg_scenario_force(call->scenario, item);
        else if (eg_may_be_absent(item))
            return NULL;
        length += item->kind != EG_ABSENT;
    }
    return eg_resolve_made(call->arena, eg_node_int(call->arena, length, call->at), call->at,
                           list->flags & EG_FLAG_DEFAULTED);
}

const struct eg_node *eg_resolve_length(const struct eg_context *context, const struct eg_node *at,
                                        const struct eg_node *argument) {
    const struct eg_node *list = eg_resolve_value(context, argument);
    return eg_call(context, call_length, at, &list, 1);
}
