/* Tests stop at once when memory runs out. */
#include "base/arena.h"

#include <stdlib.h>

_Noreturn void eg_out_of_memory(void) {
    abort();
}
