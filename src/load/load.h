/* Loading: from paths to templates with their sections.
 *
 * Three kinds of input, told apart by content: an ECS task definition (or service), a
 * CloudFormation template, a CDK assembly (cdk.out). Task definitions and services given as ECS
 * JSON become a template of one resource each, so that everything behind sees templates only.
 */
#ifndef EG_LOAD_LOAD_H
#define EG_LOAD_LOAD_H

#include "base/error.h"
#include "base/map.h"
#include "read/read.h"

enum eg_input_kind {
    EG_INPUT_TASK_DEFINITION, /* also create-service, run-task and the like: ECS API JSON */
    EG_INPUT_TEMPLATE,
    EG_INPUT_ASSEMBLY,
};

/* Something to read: one file, one assembly. Found by eg_load_find. */
struct eg_input_path {
    struct eg_str path;      /* as findings name it: the file; for an assembly its folder */
    enum eg_input_kind kind; /* known for assemblies; else EG_INPUT_TEMPLATE until read */
    bool walked;             /* found in a folder: skipped quietly if it is something else */
    struct eg_str apart;     /* what tells its stacks from others of the same name; mostly empty */
};

struct eg_assembly;

/* One CloudFormation template, or what an ECS API document was made into. */
struct eg_template {
    struct eg_document document;
    struct eg_str path;       /* of the file */
    char digest[65];          /* SHA-256 of the file */
    bool api_names;           /* its one resource is ECS API JSON: camelCase names */
    struct eg_str stack_name; /* assembly: deployed name; else from the file's name */
    struct eg_str region;     /* assembly environment; empty: not known */
    struct eg_str account;
    struct eg_str display_name;   /* assembly: Prod/Network; else the stack name */
    struct eg_assembly *assembly; /* NULL: none */
    struct eg_str artifact;       /* its id in the assembly */
    const struct eg_node *tags;   /* stack tags of the assembly, map or NULL */
    /* A nested stack's template names the template and the logical id that make it; else NULL. */
    struct eg_template *parent;
    struct eg_str parent_logical_id;
    /* The sections: maps, or NULL where absent or not a map. */
    const struct eg_node *parameters, *mappings, *conditions, *rules, *resources, *outputs,
        *metadata, *transform;
    /* Parameter values that come with the input (assembly: artifact parameters): map or NULL. */
    const struct eg_node *given_parameters;
};

/* Something about the input that is wrong or of note, but leaves the rest readable. Becomes an
 * object of the model (kind `problem`), which policies judge. */
struct eg_problem {
    const char
        *code; /* duplicate-key, undefined-reference, circular-dependency, unknown-property … */
    struct eg_str message;
    const struct eg_node *at; /* where; may be NULL */
    uint32_t offset;          /* used if has_offset: in at's source (a key's place) */
    bool has_offset;
    const void *resource;          /* struct eg_resource it belongs to, or NULL */
    struct eg_template *template_; /* the template it was found in */
    bool unknown;                  /* it leaves verdicts open rather than being an error */
    struct eg_problem *next;
};

struct eg_problems {
    struct eg_problem *first, *last;
};

struct eg_problem *eg_problem_add(struct eg_problems *problems, struct eg_arena *arena,
                                  const char *code, const struct eg_node *at, const char *format,
                                  ...) __attribute__((format(printf, 5, 6)));

/* One input as loaded: its templates, the nested ones behind their parents. */
struct eg_input {
    struct eg_str path;
    enum eg_input_kind kind;
    char digest[65]; /* of the file; of an assembly: of its manifest.json */
    struct eg_template **templates;
    uint32_t template_count;
    struct eg_assembly *assembly; /* or NULL */
    struct eg_problems problems;
    bool skipped; /* walked, and something else: no templates, no error */
};

struct eg_input_list {
    struct eg_input_path *items;
    uint32_t count;
};

/* What to read for PATHS: files as they are, "-" as standard input, folders walked in the order of
 * names (hidden folders and node_modules left out; an assembly found counts as one input; files
 * .json, .yaml, .yml, .template). Fails if a path doesn't exist; a folder in which nothing looks
 * like an input is an error too. Errors for single paths are appended to *ERRORS (array in ARENA),
 * the others are still found. */
struct eg_error_list {
    struct eg_error **items;
    uint32_t count;
    uint32_t capacity;
};
struct eg_error *eg_error_list_add(struct eg_error_list *list, struct eg_arena *arena);
struct eg_input_list eg_load_find(struct eg_arena *arena, const struct eg_str *paths,
                                  uint32_t path_count, struct eg_error_list *errors);

/* Reads and recognizes one input with everything that belongs to it (nested stacks' local template
 * files, an assembly's manifest and templates). Fails with EG_ERROR_INPUT; in an assembly a
 * template that can't be read is reported in ERRORS while the others are kept. */
EG_MUST_USE bool eg_load_input(struct eg_arena *arena, const struct eg_input_path *path,
                               struct eg_input *ret_input, struct eg_error_list *errors);

/* Recognizes a document that is read already, or a part of one whose root is DOCUMENT->root: the
 * cases of rules hold inputs. STACK_NAME is a template's; empty: from the source's name. No other
 * file is read. Fails with EG_ERROR_INPUT. */
EG_MUST_USE bool eg_load_document(struct eg_arena *arena, const struct eg_document *document,
                                  struct eg_str stack_name, struct eg_input *ret_input,
                                  struct eg_error_list *errors);

/* The names of the stacks that PATH's input brings, as far as its own name or an assembly's
 * manifests tell them: *RET_COUNT of them in ARENA, none where a manifest can't be read. */
struct eg_str *eg_load_stack_names(struct eg_arena *arena, const struct eg_input_path *path,
                                   uint32_t *ret_count);

/* Does the input share values with others (exports, imports, stack outputs)? Then it must be
 * resolved together with them; else alone. */
bool eg_load_is_linked(const struct eg_input *input);

/* Parameter values from the command line and files. */
struct eg_parameter_values {
    struct eg_map values; /* name (or Stack.name) to const struct eg_node * */
};
void eg_parameters_init(struct eg_parameter_values *parameters, struct eg_arena *arena);
/* NAME=VALUE, or STACK:NAME=VALUE for one stack only. */
EG_MUST_USE bool eg_parameters_add(struct eg_parameter_values *parameters, struct eg_arena *arena,
                                   struct eg_str assignment, struct eg_error *error);
/* A file in the CLI's form ([{"ParameterKey", "ParameterValue"}]), CodePipeline's ({"Parameters":
 * {…}}), a plain map, or lines NAME=VALUE. */
EG_MUST_USE bool eg_parameters_read(struct eg_parameter_values *parameters, struct eg_arena *arena,
                                    struct eg_str path, struct eg_error *error);

/* ---- what an assembly tells about one resource (read from its files when first asked for) ---- */

struct eg_construct {
    struct eg_str path; /* CourtCaseStack/Backend/TaskDef/Resource; empty: not known */
    struct eg_str fqn;  /* aws-cdk-lib.aws_ecs.CfnTaskDefinition; may be empty */
    struct eg_str library_version;
    struct eg_str source_file; /* where the app created it; may be empty */
    uint32_t source_line, source_column;
};
/* ASSEMBLY may be NULL. Never fails: what can't be read is left empty (a problem of the input says
 * so). METADATA is the resource's Metadata (aws:cdk:path). */
struct eg_construct eg_assembly_construct(struct eg_assembly *assembly,
                                          const struct eg_template *template_,
                                          struct eg_str logical_id, const struct eg_node *metadata);

/* Is TEXT a value that the CDK writes where a context look-up never ran (vpc-12345, dummy1a)?
 * ASSEMBLY may be NULL. */
bool eg_assembly_is_dummy(const struct eg_assembly *assembly, struct eg_str text);

#endif
