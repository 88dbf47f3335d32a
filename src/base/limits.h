/* Every bound that an input can run into, with its reason. Each ends in a clear error or in
 * `unknown`, never in a crash or a hang. */
#ifndef EG_BASE_LIMITS_H
#define EG_BASE_LIMITS_H

enum {
    /* CloudFormation takes 1 MB from S3; an assembly's tree and metadata files are larger. Offsets
     * are 32 bits wide. */
    EG_LIMIT_FILE_BYTES = 256 * 1024 * 1024,
    /* Real templates stay below 30; libyaml's time is quadratic in the nesting. */
    EG_LIMIT_DEPTH = 500,
    /* Nodes that aliases may add to one document ("billion laughs"). */
    EG_LIMIT_ALIAS_NODES = 1000 * 1000,
    /* Scenarios (leaves of the exploration) for one rule on one object. */
    EG_LIMIT_SCENARIOS = 256,
    /* Steps of the evaluator for one rule on one object, all scenarios together. */
    EG_LIMIT_EVALUATION_STEPS = 2 * 1000 * 1000,
    /* Resources that Fn::ForEach may make from one template. CloudFormation allows 500. */
    EG_LIMIT_FOREACH_ITEMS = 10 * 1000,
    /* Nodes that the loops of one template may copy. */
    EG_LIMIT_FOREACH_NODES = 2 * 1000 * 1000,
    /* Stacks inside stacks. */
    EG_LIMIT_NESTED_STACKS = 32,
    /* Assemblies inside an assembly, which may name the same one more than once. */
    EG_LIMIT_ASSEMBLIES = 1000,
    /* Stacks of one input: stacks that nest two each would be 2 to the power of 32. */
    EG_LIMIT_STACKS = 2000,
    /* Values inside values while resolving, through parameters, outputs and conditions: what the C
     * stack holds. */
    EG_LIMIT_RESOLVE_DEPTH = 1200,
    /* Outputs, parameters and conditions that hang on each other one after the other. */
    EG_LIMIT_CHAIN = 250,
    /* Comparisons that one condition amounts to when every condition in it is written out. */
    EG_LIMIT_CONDITION_WEIGHT = 20 * 1000,
    /* Values of one parameter that are told apart: each comparison looks at all of them. */
    EG_LIMIT_VALUES = 1024,
    /* Pieces of one partial string, and values that a resolved list may have. */
    EG_LIMIT_PIECES = 10 * 1000,
    /* Bytes of one text that joining makes: as much as the largest template. Texts that are put
     * into each other could double with every level. */
    EG_LIMIT_TEXT_BYTES = 1024 * 1024,
    /* Ways to one object: everything that has a group which admits itself is let in by each of the
     * group's rules to each of the others. */
    EG_LIMIT_PATHS = 256,
    /* Bytes of text that all functions of one system make. */
    EG_LIMIT_MADE_BYTES = 256 * 1024 * 1024,
};

#endif
