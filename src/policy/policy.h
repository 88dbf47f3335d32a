/* Policies: rules as data, loaded, checked and compiled before anything is judged.
 *
 * A rule is a folder policies/SECTION/NAME/ with rule.yaml and cases.yaml; docs/policies.md is the
 * manual of the format, schemas/policy.json its JSON Schema. Rules that ship are embedded in the
 * program in the same form that users write theirs in. A compiled policy is never changed: threads
 * share it.
 */
#ifndef EG_POLICY_POLICY_H
#define EG_POLICY_POLICY_H

#include "cel/cel.h"
#include "model/model.h"

enum eg_severity {
    EG_SEVERITY_INFO,
    EG_SEVERITY_LOW,
    EG_SEVERITY_MEDIUM,
    EG_SEVERITY_HIGH,
    EG_SEVERITY_CRITICAL,
    EG_SEVERITY_COUNT
};
const char *eg_severity_name(enum eg_severity severity);
EG_MUST_USE bool eg_severity_parse(struct eg_str text, enum eg_severity *ret_severity);

/* From best to worst: a rule's verdict over several objects is the worst of theirs. */
enum eg_verdict {
    EG_VERDICT_NOT_APPLICABLE,
    EG_VERDICT_PASS,
    EG_VERDICT_WAIVED,
    EG_VERDICT_UNKNOWN,
    EG_VERDICT_FAIL,
    EG_VERDICT_COUNT
};
const char *eg_verdict_name(enum eg_verdict verdict); /* "not-applicable" */

struct eg_reference_link {
    struct eg_str title, url;
};

/* The numbers of the same demand elsewhere: security-hub: [ECS.5]. */
struct eg_same_as {
    struct eg_str tool;
    const struct eg_str *ids;
    uint32_t count;
};

/* One assertion of a rule. A rule with a plain `assert` has one, without a name. */
struct eg_check {
    struct eg_str name;
    struct eg_str title;         /* of its own, or the rule's */
    struct eg_cel_program *when; /* NULL: always */
    struct eg_cel_program *assertion;
    struct eg_cel_program *message;  /* string; NULL: the title */
    struct eg_cel_program *severity; /* string; NULL: `fixed` */
    struct eg_cel_program *path;     /* list(PathStep); NULL: none */
    enum eg_severity fixed;          /* also where the expression's value is not known */
    struct eg_str remediation;       /* of its own, or the rule's */
    bool of_element;                 /* it mentions the element of `each`; else judged once */
    const struct eg_node *raw;       /* the map that holds `assert` */
};

/* A tunable: `params: {days: {type: int, default: 7, doc: …}}`, of one rule, or of a policy file
 * for all rules that name it under `shared-params`. */
struct eg_param {
    struct eg_str name, doc;
    struct eg_shape shape;
    const struct eg_node *fallback; /* its default */
    bool shared;
    uint32_t source; /* of a shared one, as struct eg_rule's */
};

/* A named part of a rule's expressions. */
struct eg_let {
    struct eg_str name;
    const struct eg_node *raw; /* its expression's text */
    struct eg_cel_program *program;
    bool of_element; /* it mentions the element of `each`, itself or through another let */
};

/* The variables of a rule's expressions, by number. */
enum {
    EG_VARIABLE_OBJECT,    /* named as its kind; `resource` for a resource type */
    EG_VARIABLE_PARAMS,    /* params */
    EG_VARIABLE_ELEMENT,   /* of `each`, as it names it */
    EG_VARIABLE_FIRST_LET, /* the lets follow in order */
};

struct eg_rule {
    struct eg_str id, name, title;
    struct eg_str section; /* "ECS-HARD": its id without the number */
    struct eg_str why;     /* why it matters: a paragraph */
    enum eg_severity severity;
    struct eg_str match;         /* a kind, or a CloudFormation resource type */
    const struct eg_type *type;  /* the kind's type; `resource` for a resource type */
    struct eg_str resource_type; /* AWS::S3::Bucket; empty: every object of the kind */
    struct eg_cel_program *when; /* NULL: always applicable */
    struct eg_str each_name;     /* `each`: the checks judge every element of a list … */
    struct eg_cel_program *each; /* … NULL: the object itself */
    struct eg_let *lets;
    uint32_t let_count;
    struct eg_check *checks;
    uint32_t check_count;
    struct eg_str remediation;
    struct eg_reference_link *references;
    uint32_t reference_count;
    struct eg_same_as *same_as;
    uint32_t same_as_count;
    const struct eg_str *profiles; /* that it says it belongs to */
    uint32_t profile_count;
    bool opt_in; /* only in profiles that ask for it */
    struct eg_param *param_list;
    uint32_t param_count;
    const struct eg_node *params;        /* map: name to value, after configuration */
    const struct eg_node *params_object; /* the same as an object, for expressions */
    const struct eg_node *raw;           /* rule.yaml's node: for pages and cases */
    struct eg_str path;                  /* of rule.yaml, as given or embedded */
    struct eg_str programs; /* its expressions, compiled when ours was built; empty: by loading */
    bool builtin;
    bool severity_is_set; /* by profile or configuration: the checks' own don't count */
    bool on;              /* switched on by profile and configuration */
    uint32_t source; /* 0: ships with the program; else the number of the --policies argument */
    uint32_t number; /* in the policy: the order of ids, or the profile's; then those not on */
};

/* A section of the report: the title and order of rules whose ids begin with its prefix
 * (policies/sections.yaml). */
struct eg_section {
    struct eg_str prefix; /* ECS-HARD */
    struct eg_str title;
    struct eg_str doc;
    struct eg_str chapter; /* of the compliance document: "task-definition" */
    uint32_t source;       /* as of rules */
};

struct eg_policy {
    struct eg_arena *arena;
    const struct eg_schema *schema;
    struct eg_cel_signatures *signatures; /* for compiling */
    struct eg_rule **rules;               /* those switched on, by number */
    uint32_t rule_count;
    struct eg_rule **known; /* all, on or off, by number */
    uint32_t known_count;
    struct eg_map by_id_or_name; /* all known rules, on or off */
    struct eg_section *sections; /* in the order of the report */
    uint32_t section_count;
    struct eg_str profile;
    char digest[65]; /* over all rule files and the profile, for provenance */
};

/* What the command line and the configuration say about rules. */
struct eg_policy_options {
    const struct eg_str *folders; /* --policies */
    uint32_t folder_count;
    bool builtin;          /* with those that ship; false: only the folders */
    struct eg_str profile; /* empty: default */
    /* Ids, names, sections (ECS-SG) or severities. An id or name in `only` switches its rule on,
     * whatever the profile says; sections and severities choose among the profile's. */
    const struct eg_str *only, *skip;
    uint32_t only_count, skip_count;
    const struct eg_node *overrides; /* configuration's `rules`: id: {severity, params, off} */
    const struct eg_node *params;    /* its `params`: values of shared params */
    bool uncompiled; /* nothing is compiled: for lists of rules, and for eg_policy_compile() */
};

/* Loads, checks and compiles into ARENA. Every file is read and checked; expressions are compiled
 * only of rules that are switched on. Fails with EG_ERROR_USAGE at the faulty place. */
EG_MUST_USE bool eg_policy_load(struct eg_arena *arena, const struct eg_schema *schema,
                                const struct eg_policy_options *options,
                                struct eg_policy **ret_policy, struct eg_error *error);

const struct eg_rule *eg_policy_find(const struct eg_policy *policy, struct eg_str id_or_name);

/* Is RULE one of those that SELECTORS (ids, names, sections, severities) name? None: every rule is.
 */
bool eg_policy_selects(const struct eg_str *selectors, uint32_t count, const struct eg_rule *rule);

/* The id or name nearest to what there is no rule for, or the empty text: "did you mean". */
struct eg_str eg_policy_nearest(const struct eg_policy *policy, struct eg_str id_or_name);

/* Compiles a rule that may not be compiled yet (it's off, or nothing was). */
EG_MUST_USE bool eg_policy_compile(struct eg_policy *policy, struct eg_rule *rule,
                                   struct eg_error *error);

/* The values of RULE's params as an object in ARENA: OVERRIDES (a map, or NULL) over the defaults.
 * Fails at an unknown name or a value of another type. */
EG_MUST_USE bool eg_policy_params(struct eg_arena *arena, const struct eg_rule *rule,
                                  const struct eg_node *overrides,
                                  const struct eg_node **ret_object, struct eg_error *error);

#endif
