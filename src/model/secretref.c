/* What names a secret, taken apart. Called by container.c.
 *
 * The forms are those of "Pass Secrets Manager secrets / SSM parameters through environment
 * variables" in the ECS developer guide: a secret's ARN with 7 fields, or with 10
 * (…:secret:NAME:JSON_KEY:VERSION_STAGE:VERSION_ID); a parameter's ARN, or its name alone. In
 * repositoryCredentials it is a secret's ARN or name. */
#include "model/holes.h"
#include "model/reference.h"
#include "model/task.h"
#include "node/text.h"

enum { MAX_FIELDS = 12, SECRET_FIELDS = 7, FULL_SECRET_FIELDS = 10, PARAMETER_FIELDS = 6 };

struct reference {
    struct eg_scenario *scenario;
    struct eg_item *item;
    struct eg_holes holes;
    struct eg_str fields[MAX_FIELDS]; /* between the colons */
    uint32_t count;                   /* MAX_FIELDS: as many or more */
    enum eg_secret_place place;
};

struct eg_resource *eg_secret_behind(struct eg_scenario *scenario, struct eg_resource *resource) {
    if (resource == NULL)
        return NULL;
    if (eg_str_is(resource->type, "AWS::SecretsManager::SecretTargetAttachment") ||
        eg_str_is(resource->type, "AWS::SecretsManager::RotationSchedule"))
        return eg_resolve_target(eg_property(scenario, resource, "SecretId"));
    return resource;
}

static void set_problem(struct reference *reference, const char *problem) {
    eg_item_set_bool(reference->item, "valid", problem[0] == 0);
    eg_item_set_text(reference->item, "problem", eg_str_from(problem));
}

static void set_form(struct reference *reference, const char *service, const char *form) {
    eg_item_set_text(reference->item, "service", eg_str_from(service));
    eg_item_set_text(reference->item, "form", eg_str_from(form));
}

static void set_field(struct reference *reference, const char *field, uint32_t number) {
    struct eg_str text = number < reference->count ? reference->fields[number] : EG_STR("");
    eg_item_set(reference->item, field, eg_holes_node(&reference->holes, text));
}

/* Links the secret or parameter of the input that is named. */
static void set_target(struct reference *reference, struct eg_resource *resource, const char *field,
                       const struct eg_node *value) {
    const struct eg_build *build = reference->item->build;
    eg_item_set_bool(reference->item, "isOwned", resource != NULL);
    const struct eg_item *item = eg_item_for(build, resource);
    const struct eg_node *node = item != NULL ? item->node : eg_item_resource_node(build, resource);
    eg_item_set(reference->item, field,
                node->kind == EG_ABSENT ? eg_item_outside(reference->item, value) : node);
}

/* The literal name of a secret or parameter of the input. */
static void set_resource_name(struct reference *reference, const struct eg_resource *resource,
                              const struct eg_node *value) {
    const struct eg_node *name = eg_property(reference->scenario, resource, "Name");
    eg_item_set(reference->item, "name", eg_is_blank(name) ? value : name);
}

/* The ARN of a parameter: of a path, parameter/path; of a plain name, parameter/name. */
static const struct eg_node *parameter_arn(const struct reference *reference,
                                           const struct eg_resource *resource,
                                           const struct eg_node *name) {
    const struct eg_node *literal =
        resource == NULL ? name : eg_property(reference->scenario, resource, "Name");
    bool path = eg_text_is(literal) && eg_text_starts_with(literal, EG_STR("/")) == EG_TRUE;
    const struct eg_stack *stack = reference->item->stack;
    return eg_arn_of(reference->item->build->arena, "ssm", stack->region, stack->account,
                     path ? "parameter" : "parameter/", eg_is_blank(literal) ? name : literal,
                     name);
}

/* ---- a reference to a resource, alone or with ":json-key:stage:id" behind it ---- */

static void read_secret_suffix(struct reference *reference) {
    /* fields[0] is the hole itself; one colon each before key, stage and id. */
    set_field(reference, "jsonKey", 1);
    set_field(reference, "versionStage", 2);
    set_field(reference, "versionId", 3);
    if (reference->count == 1)
        set_problem(reference, "");
    else if (reference->count != 4)
        set_problem(reference, "behind a secret's ARN come :json-key:version-stage:version-id, all "
                               "three colons included");
    else if (reference->place == EG_SECRET_CREDENTIALS)
        set_problem(reference, "repository credentials are a whole secret: no JSON key or version");
    else if (reference->fields[2].length > 0 && reference->fields[3].length > 0)
        set_problem(reference, "a version stage and a version id exclude each other");
    else
        set_problem(reference, "");
}

static bool read_resource(struct reference *reference, const struct eg_node *hole,
                          const struct eg_node *value) {
    struct eg_resource *named = eg_resolve_target(hole);
    struct eg_resource *resource = eg_secret_behind(reference->scenario, named);
    if (named == NULL || reference->fields[0].length != EG_HOLE_BYTES)
        return false;
    struct eg_str attribute = hole->as.reference->attribute;
    struct eg_arena *arena = reference->item->build->arena;
    if (eg_str_is(named->type, "AWS::SSM::Parameter")) {
        const struct eg_node *name = eg_reference_to(arena, named, "Ref", value);
        reference->item->value = parameter_arn(reference, named, name);
        set_form(reference, "ssm", "name");
        set_target(reference, named, "parameter", value);
        set_resource_name(reference, named, value);
        set_problem(reference, reference->place == EG_SECRET_CREDENTIALS
                                   ? "registry credentials must be in Secrets Manager"
                               : eg_str_is(attribute, "Ref") ? ""
                                                             : "this is the parameter's value");
        return true;
    }
    bool is_secret = resource != NULL && eg_str_is(resource->type, "AWS::SecretsManager::Secret");
    if (!is_secret && !eg_str_is(attribute, "MasterUserSecret.SecretArn"))
        return false;
    reference->item->value = is_secret ? eg_reference_to(arena, resource, "Arn", value) : hole;
    set_form(reference, "secretsmanager", "arn");
    set_target(reference, is_secret ? resource : NULL, "secret", value);
    eg_item_set_bool(reference->item, "isOwned", true);
    if (is_secret)
        set_resource_name(reference, resource, value);
    read_secret_suffix(reference);
    return true;
}

/* ---- an ARN ---- */

static bool ends_in_random(struct eg_str name) {
    enum { SUFFIX = 6 };
    return name.length > SUFFIX + 1 && name.data[name.length - SUFFIX - 1] == '-' &&
           !eg_str_contains(eg_str_from_offset(name, name.length - SUFFIX), EG_STR("-"));
}

/* The first COUNT fields, colons between them. */
static const struct eg_node *first_fields(const struct reference *reference, uint32_t count) {
    if (count > reference->count)
        count = reference->count;
    struct eg_str last = reference->fields[count - 1];
    size_t length = (size_t)(last.data + last.length - reference->holes.text.data);
    return eg_holes_node(&reference->holes, eg_str_slice(reference->holes.text, 0, length));
}

static void read_secret_arn(struct reference *reference, const struct eg_node *value) {
    reference->item->value = first_fields(reference, SECRET_FIELDS);
    set_form(reference, "secretsmanager", "arn");
    set_field(reference, "name", 6);
    set_field(reference, "jsonKey", 7);
    set_field(reference, "versionStage", 8);
    set_field(reference, "versionId", 9);
    eg_item_set_bool(reference->item, "isPartialArn",
                     reference->count > 6 && !ends_in_random(reference->fields[6]));
    struct eg_resource *resource = eg_index_find(&reference->item->build->index, EG_NAMES_SECRET,
                                                 reference->item->stack, value);
    set_target(reference, resource, "secret", value);
    bool credentials = reference->place == EG_SECRET_CREDENTIALS;
    if (reference->count != SECRET_FIELDS &&
        (reference->count != FULL_SECRET_FIELDS || credentials))
        set_problem(reference, credentials
                                   ? "repository credentials are a whole secret: the ARN has 7 "
                                     "fields between colons"
                                   : "a secret's ARN has 7 fields between colons, or 10 with JSON "
                                     "key, version stage and version id");
    else if (reference->count == FULL_SECRET_FIELDS && reference->fields[8].length > 0 &&
             reference->fields[9].length > 0)
        set_problem(reference, "a version stage and a version id exclude each other");
    else
        set_problem(reference, "");
}

static void read_parameter_arn(struct reference *reference, const struct eg_node *value) {
    reference->item->value = value;
    set_form(reference, "ssm", "arn");
    struct eg_str name = reference->fields[5];
    if (eg_str_starts_with(name, EG_STR("parameter")))
        name = eg_str_from_offset(name, sizeof "parameter" - 1);
    eg_item_set(reference->item, "name", eg_holes_node(&reference->holes, name));
    set_target(reference,
               eg_index_find(&reference->item->build->index, EG_NAMES_SSM_PARAMETER,
                             reference->item->stack, value),
               "parameter", value);
    set_problem(reference, reference->place == EG_SECRET_CREDENTIALS
                               ? "registry credentials must be in Secrets Manager"
                           : reference->count == PARAMETER_FIELDS
                               ? ""
                               : "a parameter's ARN has 6 fields between colons");
}

static void read_arn(struct reference *reference, const struct eg_node *value) {
    set_field(reference, "region", 3);
    set_field(reference, "account", 4);
    struct eg_str service = reference->count > 2 ? reference->fields[2] : EG_STR("");
    if (eg_str_is(service, "secretsmanager")) {
        read_secret_arn(reference, value);
    } else if (eg_str_is(service, "ssm") && reference->count >= PARAMETER_FIELDS) {
        read_parameter_arn(reference, value);
    } else {
        set_form(reference, eg_str_is(service, "s3") ? "s3" : "", "arn");
        set_problem(reference, "the ARN is neither a secret's nor a parameter's");
    }
}

/* ---- a name, or nothing of the kind ---- */

static bool is_name(struct eg_str text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!word && c < 0x80 &&
            !eg_str_contains(EG_STR("/_+=.@-"), (struct eg_str){text.data + i, 1}))
            return false;
    }
    return text.length > 0;
}

static void read_name(struct reference *reference, const struct eg_node *value) {
    const struct eg_index *index = &reference->item->build->index;
    const struct eg_stack *stack = reference->item->stack;
    eg_item_set(reference->item, "name", value);
    if (reference->place == EG_SECRET_CREDENTIALS) {
        bool path = eg_str_starts_with(reference->holes.text, EG_STR("/"));
        reference->item->value = eg_arn_of(reference->item->build->arena, "secretsmanager",
                                           stack->region, stack->account, "secret:", value, value);
        set_form(reference, path ? "ssm" : "secretsmanager", "name");
        set_target(reference, eg_index_find(index, EG_NAMES_SECRET, stack, value), "secret", value);
        set_problem(reference, path
                                   ? "registry credentials must be in Secrets Manager; this is the "
                                     "path of a parameter"
                                   : "");
        return;
    }
    reference->item->value = parameter_arn(reference, NULL, value);
    set_form(reference, "ssm", "name");
    set_target(reference, eg_index_find(index, EG_NAMES_SSM_PARAMETER, stack, value), "parameter",
               value);
    struct eg_resource *secret = eg_index_find(index, EG_NAMES_SECRET, stack, value);
    bool meant = secret != NULL && eg_str_is(secret->type, "AWS::SecretsManager::Secret");
    eg_item_set_bool(reference->item, "isSecretName", meant);
    set_problem(reference, "");
}

static void read_text(struct reference *reference, const struct eg_node *value) {
    if ((value->flags & EG_FLAG_SECRET) != 0) {
        set_form(reference, "", "other");
        set_problem(reference, "this is the secret itself");
    } else if (eg_str_starts_with(reference->holes.text, EG_STR("{{resolve:"))) {
        set_form(reference, "", "dynamic-reference");
        set_problem(reference, "a dynamic reference puts the secret's value where its ARN belongs");
    } else if (eg_str_starts_with(reference->holes.text, EG_STR("arn:"))) {
        read_arn(reference, value);
    } else if (is_name(reference->holes.text)) {
        read_name(reference, value);
    } else {
        set_form(reference, "", "other");
        set_problem(reference, "this is neither an ARN nor a name");
    }
}

/* ---- all of it ---- */

static void split_fields(struct reference *reference) {
    struct eg_str rest = reference->holes.text;
    while (reference->count < MAX_FIELDS) {
        size_t colon = eg_str_find(rest, EG_STR(":"), 0);
        reference->fields[reference->count++] = eg_str_slice(rest, 0, colon);
        if (colon == SIZE_MAX)
            break;
        rest = eg_str_from_offset(rest, colon + 1);
    }
}

/* An unknown alone, or one at the beginning: nothing can be said of its form. */
static void leave_open(struct reference *reference, const struct eg_node *why) {
    static const char *const fields[] = {"service", "form", "valid",   "problem",
                                         "secret",  "name", "isOwned", "parameter"};
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        eg_item_set(reference->item, fields[i], why);
}

const struct eg_node *eg_secret_reference(struct eg_scenario *scenario, const struct eg_item *of,
                                          const struct eg_node *value, enum eg_secret_place place) {
    if (value->kind == EG_ABSENT)
        return value;
    struct reference reference = {
        .scenario = scenario,
        .item = eg_item_part(of, "SecretReference", value),
        .place = place,
    };
    if (!eg_text_is(value) || !eg_holes_make(&reference.holes, of->build->arena, value))
        return eg_item_unknown(of, EG_WHY_BROKEN, EG_STR("a secret's name that is no text"), value);
    reference.item->value = value;
    if ((value->flags & EG_FLAG_SECRET) != 0)
        eg_item_set(reference.item, "text", value);
    else
        eg_item_set_text(reference.item, "text", eg_text_show(of->build->arena, value));
    split_fields(&reference);
    const struct eg_node *first = eg_holes_at(&reference.holes, reference.holes.text, 0);
    if (first != NULL && first->kind == EG_UNKNOWN &&
        first->as.unknown->why == EG_WHY_DYNAMIC_REFERENCE) {
        set_form(&reference, "", "dynamic-reference");
        set_problem(&reference,
                    "a dynamic reference puts the secret's value where its ARN belongs");
    } else if (first != NULL && first->kind == EG_UNKNOWN &&
               first->as.unknown->why == EG_WHY_BROKEN) {
        /* Fn::GetAtt of a secret's Arn, say: there is no such attribute. */
        set_form(&reference, "", "other");
        set_problem(&reference, "the reference is broken: there is no such resource or attribute");
    } else if (first != NULL && first->kind == EG_REFERENCE &&
               read_resource(&reference, first, value)) {
        /* read */
    } else if (first != NULL) {
        leave_open(&reference, eg_item_outside(of, first));
    } else {
        read_text(&reference, value);
    }
    return reference.item->node;
}
