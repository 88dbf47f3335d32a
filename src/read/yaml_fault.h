/* What libyaml refuses, said in terms of the file. */
#ifndef EG_READ_YAML_FAULT_H
#define EG_READ_YAML_FAULT_H

#include "read/tree.h"
#include "read/yaml_text.h"

/* Sets the tree's error to what PARSER stopped at, with its place; returns false. */
bool eg_yaml_fault_set(struct eg_tree *tree, struct eg_yaml_text *text,
                       const yaml_parser_t *parser);

#endif
