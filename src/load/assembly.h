/* A CDK assembly in memory: what assembly.c reads and construct.c asks. */
#ifndef EG_LOAD_ASSEMBLY_H
#define EG_LOAD_ASSEMBLY_H

#include "load/loader.h"

/* One stack artifact of a manifest. */
struct eg_artifact {
    struct eg_str id;
    struct eg_str construct_path;   /* Prod/Network: its place in tree.json */
    const struct eg_node *metadata; /* inline; NULL if in a file or absent */
    struct eg_str metadata_path;    /* additionalMetadataFile; empty: none */
    bool metadata_read;
    struct eg_map by_path; /* "/Stack/…" to struct eg_construct_entry * */
    struct eg_map by_id;   /* nested root, line feed, logical id to the same */
};

struct eg_assembly {
    struct eg_arena *arena;
    struct eg_assembly *parent; /* a stage's assembly is inside another; NULL */
    struct eg_str folder;
    struct eg_str manifest_path;
    struct eg_document manifest;
    struct eg_map artifacts; /* id of a stack to struct eg_artifact * */
    struct eg_map dummies;   /* texts that stand for look-ups that never ran */
    /* The root's only. */
    struct eg_str tree_path; /* empty: none */
    bool tree_read;
    const struct eg_node *tree; /* the value of "tree", or NULL */
};

/* Reads the assembly in the loader's folder with everything that belongs to it. */
EG_MUST_USE bool eg_load_assembly(struct eg_loader *loader);

/* The names of the stacks of the assembly in FOLDER and of those nested in it, by their manifests
 * alone. */
struct eg_str *eg_assembly_stack_names(struct eg_arena *arena, struct eg_str folder,
                                       uint32_t *ret_count);

/* The file that the stack ARTIFACT publishes under the hash in URL (a raw node), relative to the
 * assembly's folder; from its asset manifest. False if there is none. */
bool eg_assembly_find_asset(struct eg_loader *loader, const struct eg_assembly *assembly,
                            struct eg_str artifact, const struct eg_node *url,
                            struct eg_str *ret_path);

#endif
