/* The check that gives the validator its name: are the properties of every resource spelled, placed
 * and shaped as its type expects (ECS-DOC-001)?
 *
 * CloudFormation's coercions are right there ("256" for an integer, "true" for a boolean, a number
 * for a string); ECS API JSON is stricter, since nothing coerces it on its way to ECS. What isn't
 * known before a deployment fits wherever its kind can. Both sides of an undecided condition are
 * judged. Free-form maps (labels, log options, policy documents) are not looked into.
 */
#ifndef EG_MODEL_SHAPE_H
#define EG_MODEL_SHAPE_H

#include "model/shape_type.h"
#include "resolve/resolve.h"

/* Adds a problem to SYSTEM for everything that doesn't fit, with the resource and the place: the
 * key's for a key that should not be there, the map's for one that should, else the value's. Codes:
 *   unknown-property      misspelt, in the wrong case, or of another place or type
 *   newer-property        like nothing that is known: perhaps newer than the facts that this
 *                         program has (a warning; everything else is an error)
 *   wrong-type            a list where a map is expected, text where a number is …
 *   missing-property      required by the type, or by another property that is there
 *   value-not-allowed     not one of the allowed values
 *   out-of-range          a number, a text's length or a list's count outside of its bounds
 *   exclusive-properties  two properties of which only one may be there
 *   read-only-property    an attribute, which AWS sets
 *   undefined-reference   Fn::GetAtt of an attribute that the type doesn't have
 *
 * Types of which nothing is known (eg_shapes_find) are not judged; nor are resources that are never
 * created. In a template with a macro the problems are marked `unknown`: it may mend them. Of one
 * resource a bounded number is told. SHAPES may be NULL: then they are read for this system alone.
 */
void eg_shape_check(struct eg_system *system, struct eg_shapes *shapes);

#endif
