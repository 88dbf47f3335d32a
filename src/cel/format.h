/* string.format(list). Private to src/cel. */
#ifndef EG_CEL_FORMAT_H
#define EG_CEL_FORMAT_H

#include "cel/function.h"

const struct eg_node *eg_cel_format(const struct eg_cel_call *call);

#endif
