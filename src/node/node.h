/* The node: the one value type, from reading to reporting.
 *
 * A node is a value with the place it came from. Nodes are built in an arena and then never
 * changed, so trees share them freely: a resolved template points at every part of the read one
 * that needed no resolving. Beside the kinds of JSON there are those that say what can't be known
 * before a deployment (unknown, reference, partial, choice), the typed objects of the model, values
 * that are computed when first asked for (lazy), and the kinds that only CEL makes.
 *
 * What a consumer sees depends on the scenario it looks at: eg_scenario_force() (scenario.h) turns
 * choice and lazy into one of the others, so everything behind resolving calls it before it looks
 * at a kind.
 */
#ifndef EG_NODE_NODE_H
#define EG_NODE_NODE_H

#include "base/arena.h"
#include "base/str.h"
#include "node/source.h"

enum eg_kind {
    EG_NULL,
    EG_BOOL,
    EG_INT,
    EG_DOUBLE,
    EG_STRING,
    EG_LIST,
    EG_MAP, /* keys are text */

    EG_UNKNOWN,   /* can't be known before a deployment: struct eg_unknown says why */
    EG_REFERENCE, /* a resource of this system, or an attribute of it; its text is not known */
    EG_PARTIAL,   /* text with holes: pieces of kind string, unknown, reference or choice */
    EG_CHOICE,    /* one of two values, as a condition decides that is not decided */
    EG_ABSENT,    /* AWS::NoValue: as if the property or element were not there */

    EG_OBJECT, /* a typed object of the model: fields by number (type.h) */
    EG_LAZY,   /* computed when first asked for */

    /* Made by CEL only. */
    EG_UINT,
    EG_BYTES,
    EG_TIMESTAMP, /* seconds and nanoseconds since 1970 */
    EG_DURATION,  /* the same form */
    EG_TYPE,      /* a type as a value: its name */
    EG_PAIRS,     /* a map whose keys are not all text: key, value, key, value … */
    EG_OPTIONAL,  /* a value or none */
    EG_ADDRESS,   /* an IP address or, with a prefix length, a network */
    EG_ERROR,     /* the evaluation failed: its message */
};

struct eg_node;
struct eg_type;
struct eg_scenario;
struct eg_variable;
struct eg_condition;

/* Why a value can't be known. */
enum eg_why {
    EG_WHY_PARAMETER,         /* a parameter without a value */
    EG_WHY_SSM_PARAMETER,     /* the value is in Parameter Store; the template has its name only */
    EG_WHY_PSEUDO_PARAMETER,  /* AWS::Region and the like, not given */
    EG_WHY_IMPORT,            /* Fn::ImportValue of a stack that is not among the inputs */
    EG_WHY_STACK_OUTPUT,      /* Fn::GetStackOutput, or Outputs.X of a nested stack, not read */
    EG_WHY_DYNAMIC_REFERENCE, /* {{resolve:…}} */
    EG_WHY_MACRO,             /* made by a macro or transform that can't be expanded here */
    EG_WHY_CONDITION,         /* hangs on a condition that is not decided in this scenario */
    EG_WHY_CONTEXT,           /* a CDK context look-up that never ran */
    EG_WHY_PLACEHOLDER,       /* <IMAGE1_NAME>, ${IMAGE} in a task definition */
    EG_WHY_OUTSIDE,           /* belongs to a resource outside the inputs */
    EG_WHY_ATTRIBUTE,         /* AZ list, generated value: made by AWS at deployment */
    EG_WHY_BROKEN,            /* the template is wrong here; a finding of its own says so */
    EG_WHY_LIMIT,             /* a bound of limits.h was met */
    EG_WHY_POLICY,            /* a policy said so: unknown('…') */
};

/* What stands behind an unknown. One per symbol: two unknowns with the same pointer, or with the
 * same why, scope and non-empty name, are the same value, whatever it is. */
struct eg_unknown {
    enum eg_why why;
    struct eg_str name;           /* parameter, export, macro, …; empty: no identity */
    const void *scope;            /* the stack it belongs to; NULL for what is global */
    struct eg_str hint;           /* what to supply, as a sentence part; may be empty */
    struct eg_variable *variable; /* the variable whose value would decide it, or NULL */
    bool secret;                  /* NoEcho, Secrets Manager, ssm-secure: a secret's value */
};

/* A resource of the system (AWS::EC2::Subnet "PrivateA") or an attribute of it. */
struct eg_reference {
    const void *resource;     /* identity: one per resource (struct eg_resource, src/resolve) */
    struct eg_str logical_id; /* for messages */
    struct eg_str type;       /* AWS::EC2::SecurityGroup */
    struct eg_str attribute;  /* "Arn"; "Ref" for what Ref returns, unless that is an attribute */
};

struct eg_list {
    const struct eg_node *const *items;
    uint32_t count;
};

struct eg_entry {
    struct eg_str key;
    uint32_t key_offset; /* in the source of the value */
    uint32_t hash;       /* of the key, where there is an index */
    const struct eg_node *value;
};

/* Entries in the order of the text. Behind them, from 9 entries on, an index for look-up. */
struct eg_entries {
    const struct eg_entry *items;
    uint32_t count;
};

struct eg_choice {
    const struct eg_condition *condition;
    const struct eg_node *if_true;
    const struct eg_node *if_false;
};

struct eg_object {
    const struct eg_type *type;
    const struct eg_node **fields; /* type->field_count of them, NULL: absent */
    struct eg_str id;              /* unique among the objects of the system; may be empty */
    const struct eg_node *raw;     /* what it was made from; its place is the object's */
    const void *owner;             /* its struct eg_resource, or NULL */
};

/* Computes the value in the scenario's lasting arena; see eg_scenario_force. A computation that
 * asks for its own value gets an unknown (EG_WHY_BROKEN). */
struct eg_lazy {
    const struct eg_node *(*compute)(struct eg_scenario *scenario, const void *context);
    const void *context;
    const struct eg_node *value; /* the last one computed */
    uint64_t epoch;              /* the scenario epoch it is valid for; 0: always, once set */
    bool busy;                   /* being computed */
};

struct eg_time {
    int64_t seconds;
    int32_t nanoseconds;
};

struct eg_address {
    uint8_t bytes[16];
    uint8_t length; /* 4 or 16 */
    int16_t prefix; /* -1: an address, else a network */
};

struct eg_node {
    uint8_t kind;             /* enum eg_kind */
    uint8_t flags;            /* EG_FLAG_… */
    uint32_t offset;          /* of the first character, in source */
    struct eg_source *source; /* NULL: made, not read */
    /* What the value comes from, if not from its place: the node of a parameter's default or a
     * mapping's value, or the intrinsic function that it was resolved from. NULL for read nodes. */
    const struct eg_node *origin;
    union {
        bool boolean;
        int64_t integer;
        uint64_t unsigned_integer;
        double number;
        struct eg_str text;  /* string, bytes, type, error */
        struct eg_list list; /* list, partial, pairs */
        struct eg_entries map;
        const struct eg_unknown *unknown;
        const struct eg_reference *reference;
        const struct eg_choice *choice;
        const struct eg_object *object;
        struct eg_lazy *lazy;
        struct eg_time time;
        const struct eg_address *address;
        const struct eg_node *optional; /* NULL: none */
    } as;
};

enum {
    EG_FLAG_PLAIN = 1,     /* a string written without quotes in YAML */
    EG_FLAG_DEFAULTED = 2, /* the value is a parameter's default: a deployment may override it */
    EG_FLAG_COERCED = 4,   /* written in another form: "true" for a bool, "256" for an int */
    EG_FLAG_SECRET = 8,    /* a secret's value: never printed */
    EG_FLAG_IMPLIED = 16,  /* an absent field's default, not written anywhere */
    EG_FLAG_DERIVED = 32,  /* an unknown that was computed from the symbol and is not its value: it
                            * is equal to itself only, and its variable's values aren't its own */
    EG_FLAG_MAYBE = 64,    /* an unknown in a list: stands for any number of elements */
};

/* ---- making nodes ---- */

/* A node of KIND in ARENA at the place of AT (which may be NULL), with origin NULL. */
struct eg_node *eg_node_new(struct eg_arena *arena, enum eg_kind kind, const struct eg_node *at);
const struct eg_node *eg_node_string(struct eg_arena *arena, struct eg_str text,
                                     const struct eg_node *at);
const struct eg_node *eg_node_int(struct eg_arena *arena, int64_t value, const struct eg_node *at);
/* One of two static nodes without a place. */
const struct eg_node *eg_node_bool(bool value);
/* Static, without a place. */
const struct eg_node *eg_node_null(void);
const struct eg_node *eg_node_absent(void);
const struct eg_node *eg_node_empty_list(void);
const struct eg_node *eg_node_empty_map(void);
/* NODE's value at the place of AT, with NODE (or NODE's own origin) as its origin. */
const struct eg_node *eg_node_moved(struct eg_arena *arena, const struct eg_node *node,
                                    const struct eg_node *at);
/* An unknown at AT; all of UNKNOWN is copied into ARENA, its texts are not. */
const struct eg_node *eg_node_unknown(struct eg_arena *arena, struct eg_unknown unknown,
                                      const struct eg_node *at);

struct eg_list_builder {
    struct eg_arena *arena;
    const struct eg_node **items;
    uint32_t count;
    uint32_t capacity;
};

void eg_list_begin(struct eg_list_builder *builder, struct eg_arena *arena);
void eg_list_add(struct eg_list_builder *builder, const struct eg_node *item);
struct eg_list eg_list_end(const struct eg_list_builder *builder);
/* The list as a node at AT. */
const struct eg_node *eg_list_node(const struct eg_list_builder *builder, const struct eg_node *at);

struct eg_map_builder {
    struct eg_arena *arena;
    struct eg_entry *items;
    uint32_t count;
    uint32_t capacity;
    uint32_t *slots; /* from 9 entries on */
    uint32_t slot_count;
};

void eg_map_begin(struct eg_map_builder *builder, struct eg_arena *arena);
/* Adds an entry. A key that is there already keeps its place in the order, takes the new value and
 * key offset, and its former entry is written to *RET_EARLIER (if not NULL); then true. */
bool eg_map_add(struct eg_map_builder *builder, struct eg_str key, uint32_t key_offset,
                const struct eg_node *value, struct eg_entry *ret_earlier);
struct eg_entries eg_map_end(const struct eg_map_builder *builder);
const struct eg_node *eg_map_node(const struct eg_map_builder *builder, const struct eg_node *at);

/* Entries whose number is known: room for COUNT of them, to be filled with keys that differ and
 * values, and then done. */
struct eg_entry *eg_entries_new(struct eg_arena *arena, uint32_t count);
struct eg_entries eg_entries_done(struct eg_entry *items, uint32_t count);

/* ---- looking at nodes ---- */

/* The entry of a map node, or NULL; NULL also if NODE is NULL or no map. */
const struct eg_entry *eg_node_entry(const struct eg_node *node, struct eg_str key);
/* Its value, or NULL. */
const struct eg_node *eg_node_get(const struct eg_node *node, struct eg_str key);
/* eg_node_get(node, EG_STR("…")) */
#define EG_GET(node, literal) eg_node_get((node), EG_STR(literal))
/* Is it a string (or plain scalar) with just this text? False for NULL. */
bool eg_node_is_string(const struct eg_node *node, const char *text);
/* The text of a string node, else the empty text (also for NULL). */
struct eg_str eg_node_text(const struct eg_node *node);
/* The node's kind; EG_ABSENT for NULL. */
enum eg_kind eg_node_kind(const struct eg_node *node);
/* "list", "partial string": for messages. */
const char *eg_kind_name(enum eg_kind kind);

struct eg_place eg_node_place(const struct eg_node *node);
/* Place of an entry's key. */
struct eg_place eg_entry_place(const struct eg_entry *entry);

/* The text that CloudFormation makes of a scalar where a string is wanted: numbers and booleans in
 * JSON's form. False if NODE is no scalar of JSON. ARENA may be used for the text. */
bool eg_node_scalar_text(struct eg_arena *arena, const struct eg_node *node, struct eg_str *ret);

/* Are the two unknowns the same symbol? */
bool eg_unknown_same(const struct eg_unknown *a, const struct eg_unknown *b);
/* One sentence part on why the value is not known and what would decide it, for `reason`:
 * "parameter ImageTag has no value; give --parameter ImageTag=…". */
struct eg_str eg_unknown_text(struct eg_arena *arena, const struct eg_unknown *unknown);

#endif
