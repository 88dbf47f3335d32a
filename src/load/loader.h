/* What the parts of loading share: one input being loaded.
 *
 *   load.c            from a path to its templates
 *   recognize.c       what a document is
 *   template.c        CloudFormation templates and the nested stacks they name
 *   include.c         AWS::Include of local files
 *   taskdefinition.c  ECS API documents, made into templates
 *   assembly.c        a CDK assembly: manifest, templates, nested assemblies
 *   construct.c       construct paths and source lines, read when asked for
 *   find.c            which files there are
 *   parameters.c      parameter values
 */
#ifndef EG_LOAD_LOADER_H
#define EG_LOAD_LOADER_H

#include "load/load.h"

/* A file that belongs to the input, read and parsed once however often it is named. */
struct eg_loaded_file {
    struct eg_str path;
    struct eg_document document; /* document.root is NULL if it can't be read */
    struct eg_error error;       /* why it can't */
    char digest[65];
    bool duplicates_told; /* its duplicate keys are among the problems */
};

struct eg_loader {
    struct eg_arena *arena;
    struct eg_input *input;
    struct eg_error_list *errors;
    struct eg_str folder; /* nothing outside of it is read; empty: nothing else is read at all */
    struct eg_map files;  /* path to struct eg_loaded_file * */
    uint32_t template_capacity;
    uint32_t assembly_count; /* begun */
};

/* The file at PATH. Never NULL; see `error`. */
struct eg_loaded_file *eg_load_file(struct eg_loader *loader, struct eg_str path);

/* NAME, given inside the file FROM, as a path: relative to FROM's folder, without "." and "..".
 * False if it is absolute, leads out of the loader's folder (by symbolic links too) or is no file.
 */
bool eg_load_inside(struct eg_loader *loader, struct eg_str from, struct eg_str name,
                    struct eg_str *ret_path);

/* PATH without "." parts, so that a file has one name. TAKE_BACK: without ".." too, where links to
 * folders don't matter. */
struct eg_str eg_load_normalize(struct eg_arena *arena, struct eg_str path, bool take_back);

/* A new template of the input at the end of its list, with everything that FILE tells. */
struct eg_template *eg_load_add_template(struct eg_loader *loader, struct eg_loaded_file *file);
/* Fills the sections from ROOT (a map). */
void eg_load_sections(struct eg_template *template_, const struct eg_node *root);
/* The file's name without the ends .template.json, .yaml and the like. */
struct eg_str eg_load_stem(struct eg_str path);
/* A problem in TEMPLATE_. */
struct eg_problem *eg_load_problem(struct eg_loader *loader, struct eg_template *template_,
                                   const char *code, const struct eg_node *at, const char *format,
                                   ...) __attribute__((format(printf, 5, 6)));

/* ---- recognize.c ---- */

enum eg_document_kind { EG_DOCUMENT_OTHER, EG_DOCUMENT_TEMPLATE, EG_DOCUMENT_ECS };

/* What ROOT is. WALKED: nobody named the file, so a template must be one beyond doubt. */
enum eg_document_kind eg_load_recognize(const struct eg_node *root, bool walked);
/* Do words occur in a text that only an input holds? Then it must be readable. */
bool eg_load_looks_like_input(struct eg_str text);
/* Do words occur in it without which it can't be an input? */
bool eg_load_may_be_input(struct eg_str text);
/* The type of resource that an ECS API document describes (AWS::ECS::Service), or NULL; and the
 * node that holds its fields, which may be wrapped in another map. */
const char *eg_load_ecs_type(const struct eg_node *document, const struct eg_node **ret_fields);

/* ---- the kinds of input ---- */

/* Adds FILE as a template, STACK_NAME as given, and its nested stacks behind it. */
struct eg_template *eg_load_template(struct eg_loader *loader, struct eg_loaded_file *file,
                                     struct eg_str stack_name);
/* The nested stacks of TEMPLATE_, recursively. */
void eg_load_nested(struct eg_loader *loader, struct eg_template *template_);
/* Adds a template for every task definition, service … in FILE. */
void eg_load_ecs(struct eg_loader *loader, struct eg_loaded_file *file);
/* ROOT with every AWS::Include of a local file replaced by what it holds. */
const struct eg_node *eg_load_include(struct eg_loader *loader, struct eg_template *template_,
                                      const struct eg_node *root);

#endif
