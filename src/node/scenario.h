/* Scenarios: looking at values under an assignment of what is not decided.
 *
 * A template's undecided parameters and conditions are variables. A scenario gives some of them a
 * value. eg_scenario_force() looks at a node under the scenario: it follows choices, joins partial
 * strings, computes lazy values. Where a choice hangs on a variable that has no value yet, the
 * result is an unknown that names the variable. The evaluation goes on with it in three-valued
 * logic, so a verdict that doesn't depend on the choice needs no exploring; only if the result is
 * unknown for want of a variable does the judge (src/policy) explore that variable's values.
 *
 * Since conditions are computed from the variables, two conditions on one parameter never
 * contradict each other.
 */
#ifndef EG_NODE_SCENARIO_H
#define EG_NODE_SCENARIO_H

#include "base/map.h"
#include "node/node.h"

enum eg_truth { EG_FALSE, EG_TRUE, EG_UNDECIDED };

/* Something whose value is open: a parameter without a value, or a comparison that no input
 * decides. Its values are numbered 0 … count - 1, then, if open, `count` for "any other". */
struct eg_variable {
    struct eg_str name;            /* parameter name, or the text of the condition */
    const void *scope;             /* the stack */
    const struct eg_node **values; /* strings: AllowedValues, or the literals it is compared with */
    uint32_t count;
    bool open;       /* values other than the listed ones exist */
    bool condition;  /* no parameter but a bare truth: 0 is true, 1 is false; count is 2 */
    bool allowed;    /* the values are AllowedValues: using the parameter itself may fork on it */
    uint32_t number; /* index into struct eg_scenario.assigned */
};

enum eg_condition_kind {
    EG_CONDITION_CONSTANT,
    EG_CONDITION_EQUALS,
    EG_CONDITION_AND,
    EG_CONDITION_OR,
    EG_CONDITION_NOT,
    EG_CONDITION_VARIABLE, /* a bare truth */
};

struct eg_condition {
    enum eg_condition_kind kind;
    struct eg_str name; /* of the Conditions section; empty for inline ones */
    bool constant;
    const struct eg_node *left, *right;         /* equals: resolved */
    const struct eg_condition *const *operands; /* and, or, not */
    uint32_t count;
    struct eg_variable *variable; /* variable; equals: stands in when no assignment can decide it */
};

enum { EG_UNASSIGNED = -1 };

struct eg_scenario {
    struct eg_arena *arena;   /* for what forcing makes: one evaluation's */
    struct eg_arena *lasting; /* for lazy values, which are kept: the system's */
    int32_t *assigned;        /* value number by variable number, EG_UNASSIGNED */
    uint32_t variable_count;
    uint64_t epoch;      /* changes with every assignment; never 0 */
    uint64_t last_epoch; /* for making new ones */
    struct eg_map
        patterns;       /* CEL's: regular expressions compiled while evaluating, by their text */
    uint32_t consulted; /* how often an assignment (or its lack) mattered so far */
};

/* A scenario that assigns nothing, for a system with VARIABLE_COUNT variables. Both its arenas are
 * LASTING, the one that the system was built in; who evaluates much sets `arena` to one of his own
 * that he resets in between. */
void eg_scenario_init(struct eg_scenario *scenario, struct eg_arena *lasting,
                      uint32_t variable_count);
/* Assigns (or with EG_UNASSIGNED takes back). */
void eg_scenario_assign(struct eg_scenario *scenario, const struct eg_variable *variable,
                        int32_t value);
int32_t eg_scenario_value(const struct eg_scenario *scenario, const struct eg_variable *variable);

/* May values of the variable behind UNKNOWN be assumed, to see what comes of each? Of a condition's
 * variable that has no value yet: yes. Of a parameter that is itself the value: only if its
 * AllowedValues are listed. */
bool eg_scenario_is_open(const struct eg_scenario *scenario, const struct eg_unknown *unknown);

/* NODE under the scenario: never NULL, never choice or lazy, and a partial string without choices
 * or unknowns that the scenario decides. NULL gives EG_ABSENT. Elements of lists and maps are not
 * forced; whoever walks them forces each (and skips those that turn out EG_ABSENT). */
const struct eg_node *eg_scenario_force(struct eg_scenario *scenario, const struct eg_node *node);

/* Decides a condition; undecided: *RET_CAUSE (if not NULL) is the unknown that would decide it. */
enum eg_truth eg_scenario_decide(struct eg_scenario *scenario, const struct eg_condition *condition,
                                 const struct eg_unknown **ret_cause);

/* "EnvType is 'dev' and IsLarge is true" for the variables assigned now; empty for none. */
struct eg_str eg_scenario_text(const struct eg_scenario *scenario, struct eg_arena *arena,
                               const struct eg_variable *const *variables);

#endif
