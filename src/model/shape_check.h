/* What the parts of the shape check share.
 *
 *   shape.c            resources, structures and their keys
 *   shape_value.c      values: kinds, allowed values, ranges
 *   shape_key.c        keys that nothing is known of: what was meant
 *   shape_way.c        where in a type a name belongs
 *   shape_attribute.c  what Fn::GetAtt asks for
 *   shape_branch.c     the conditions under which a value is looked at
 *   shape_type.c       what a type accepts
 */
#ifndef EG_MODEL_SHAPE_CHECK_H
#define EG_MODEL_SHAPE_CHECK_H

#include "model/shape_type.h"
#include "resolve/resolve.h"

/* One step of the way from a resource's properties to a value; kept on the stack. */
struct eg_shape_step {
    const struct eg_shape_step *outer; /* NULL: the properties themselves */
    struct eg_str key;                 /* empty: an element of a list */
    uint32_t index;
};

/* Where a value stands: for reports, and for going on inside it. */
struct eg_shape_place {
    const struct eg_node *owner;  /* the map or list that holds it */
    const struct eg_entry *entry; /* in a map; NULL: an element, or the properties themselves */
    const struct eg_shape_step *path;
};

/* A resource with more is wrong as a whole; nobody reads on. */
enum { EG_SHAPE_MOST_PROBLEMS = 50 };

/* What is taken for granted where a value stands: the side of a condition it is on. */
struct eg_shape_branch {
    const struct eg_shape_branch *outer;
    const struct eg_condition *condition;
    bool side;
};

struct eg_shape_checker {
    struct eg_system *system;
    struct eg_arena scratch; /* for what goes into one message; emptied when it is told */
    const struct eg_stack *stack;
    const struct eg_resource *resource; /* NULL: an output */
    const struct eg_resource_shape *shape;
    const struct eg_shape_branch *branch; /* the innermost, or NULL */
    struct eg_shapes *shapes;
    bool has_macro;         /* the template names a macro that is not AWS's */
    uint32_t problem_count; /* of the resource */
    uint32_t depth;
    uint32_t guesses; /* near names looked for, in the whole system */
};

/* ---- shape.c ---- */

/* MAP, which stands at PLACE, against STRUCTURE. */
void eg_shape_check_structure(struct eg_shape_checker *checker,
                              const struct eg_structure_shape *structure, const struct eg_node *map,
                              const struct eg_shape_place *place);
/* Adds a problem at the node AT, or at PLACE's key if AT is NULL or was not read from a file. The
 * message begins with PLACE's path. What is in the scratch arena is gone afterwards. */
void eg_shape_report(struct eg_shape_checker *checker, const char *code, const struct eg_node *at,
                     const struct eg_shape_place *place, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* ---- shape_value.c ---- */

/* VALUE, which stands at PLACE, against SHAPE. Choices are followed both ways. */
void eg_shape_check_value(struct eg_shape_checker *checker, const struct eg_value_shape *shape,
                          const struct eg_node *value, const struct eg_shape_place *place);

/* ---- shape_key.c ---- */

/* Reports PLACE's key, which STRUCTURE doesn't know, with what was probably meant. */
void eg_shape_report_key(struct eg_shape_checker *checker,
                         const struct eg_structure_shape *structure,
                         const struct eg_shape_place *place);

/* ---- shape_attribute.c ---- */

/* Reports the references in VALUE to attributes that their resources don't have. */
void eg_shape_check_attributes(struct eg_shape_checker *checker, const struct eg_node *value);

/* ---- shape_branch.c ---- */

/* CONDITION where the checker stands now: decided by the inputs, by the branches it is in, or not.
 */
enum eg_truth eg_shape_decide(const struct eg_shape_checker *checker,
                              const struct eg_condition *condition);

/* Is VALUE there at all (not AWS::NoValue) where the checker stands? EG_UNDECIDED: in some cases.
 */
enum eg_truth eg_shape_present(const struct eg_shape_checker *checker, const struct eg_node *value);

#endif
