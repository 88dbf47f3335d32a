/* What is known of a hole; see text_form.h. Called by the text functions.
 *
 * Pseudo parameters:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
 * ARNs: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html (every partition's
 * name begins with "aws")
 */
#include "node/text_form.h"

static bool is_digit(uint32_t code) {
    return code >= '0' && code <= '9';
}

static bool is_lower(uint32_t code) {
    return code >= 'a' && code <= 'z';
}

static bool in_region(uint32_t code) {
    return is_lower(code) || is_digit(code) || code == '-';
}

static bool in_domain(uint32_t code) {
    return in_region(code) || code == '.';
}

static bool in_stack_name(uint32_t code) {
    return in_region(code) || (code >= 'A' && code <= 'Z');
}

/* No resource is called "*". */
static bool in_identity(uint32_t code) {
    return code > ' ' && code != '*';
}

static bool in_name(uint32_t code) {
    return in_identity(code) && code != ':';
}

static bool is_any(uint32_t code) {
    (void)code;
    return true;
}

static const struct {
    struct eg_str name;
    struct eg_text_form form;
} pseudo_parameters[] = {
    {EG_STR_INIT("AWS::AccountId"), {EG_STR_INIT(""), is_digit, 12, 12}},
    {EG_STR_INIT("AWS::Region"), {EG_STR_INIT(""), in_region, 1, EG_TEXT_UNBOUNDED}},
    {EG_STR_INIT("AWS::Partition"), {EG_STR_INIT("aws"), in_region, 0, EG_TEXT_UNBOUNDED}},
    {EG_STR_INIT("AWS::URLSuffix"), {EG_STR_INIT(""), in_domain, 1, EG_TEXT_UNBOUNDED}},
    {EG_STR_INIT("AWS::StackName"), {EG_STR_INIT(""), in_stack_name, 1, 128}},
    {EG_STR_INIT("AWS::StackId"), {EG_STR_INIT("arn:aws"), is_any, 0, EG_TEXT_UNBOUNDED}},
};

static const struct eg_text_form any_text = {EG_STR_INIT(""), is_any, 0, EG_TEXT_UNBOUNDED};
static const struct eg_text_form some_text = {EG_STR_INIT(""), is_any, 1, EG_TEXT_UNBOUNDED};
static const struct eg_text_form identity = {EG_STR_INIT(""), in_identity, 1, EG_TEXT_UNBOUNDED};
static const struct eg_text_form name_text = {EG_STR_INIT(""), in_name, 1, EG_TEXT_UNBOUNDED};
static const struct eg_text_form arn = {EG_STR_INIT("arn:aws"), is_any, 1, EG_TEXT_UNBOUNDED};

/* The user decides what attributes a custom resource or a nested stack has. */
static bool has_own_attributes(const struct eg_reference *reference) {
    return eg_str_starts_with(reference->type, EG_STR("AWS::")) &&
           !eg_str_starts_with(reference->type, EG_STR("AWS::CloudFormation::"));
}

bool eg_text_form_is_arn(const struct eg_reference *reference) {
    return has_own_attributes(reference) && eg_str_ends_with(reference->attribute, EG_STR("Arn"));
}

bool eg_text_form_is_identity(const struct eg_reference *reference) {
    struct eg_str attribute = reference->attribute;
    if (eg_str_is(attribute, "Ref"))
        return true;
    if (!has_own_attributes(reference))
        return false;
    if (eg_str_is(attribute, "Arn") || eg_str_is(attribute, "Id"))
        return true;
    if (eg_str_is(attribute, "GroupId"))
        return eg_str_is(reference->type, "AWS::EC2::SecurityGroup");
    struct eg_str name =
        eg_str_from_offset(reference->type, eg_str_find_last(reference->type, ':') + 1);
    struct eg_str start = eg_str_slice(attribute, 0, name.length);
    struct eg_str rest = eg_str_from_offset(attribute, name.length);
    return eg_str_equal_nocase(start, name) && (eg_str_is(rest, "Id") || eg_str_is(rest, "Arn"));
}

/* Types whose Ref is a name ("Return values" of each resource's page), in which no ':' may stand.
 */
static bool is_name(const struct eg_reference *reference) {
    static const struct eg_str types[] = {
        EG_STR_INIT("AWS::Logs::LogGroup"),  EG_STR_INIT("AWS::ECS::Cluster"),
        EG_STR_INIT("AWS::IAM::Role"),       EG_STR_INIT("AWS::ECR::Repository"),
        EG_STR_INIT("AWS::S3::Bucket"),      EG_STR_INIT("AWS::EC2::Subnet"),
        EG_STR_INIT("AWS::EC2::VPC"),        EG_STR_INIT("AWS::SSM::Parameter"),
        EG_STR_INIT("AWS::RDS::DBInstance"), EG_STR_INIT("AWS::RDS::DBCluster"),
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (eg_str_equal(reference->type, types[i]))
            return eg_str_is(reference->attribute, "Ref");
    return false;
}

struct eg_text_form eg_text_form_of(const struct eg_node *node) {
    if (node->kind == EG_REFERENCE) {
        if (is_name(node->as.reference))
            return name_text;
        if (eg_text_form_is_arn(node->as.reference))
            return arn;
        return eg_text_form_is_identity(node->as.reference) ? identity : any_text;
    }
    if (node->kind != EG_UNKNOWN)
        return any_text;
    /* CloudFormation refuses to export an empty value, Parameter Store to keep one. */
    if (node->as.unknown->why == EG_WHY_IMPORT || node->as.unknown->why == EG_WHY_SSM_PARAMETER)
        return some_text;
    if (node->as.unknown->why != EG_WHY_PSEUDO_PARAMETER)
        return any_text;
    for (size_t i = 0; i < sizeof pseudo_parameters / sizeof *pseudo_parameters; i++)
        if (eg_str_equal(node->as.unknown->name, pseudo_parameters[i].name))
            return pseudo_parameters[i].form;
    return any_text;
}

struct eg_list eg_text_form_pieces(const struct eg_node *const *text) {
    if ((*text)->kind == EG_PARTIAL)
        return (*text)->as.list;
    return (struct eg_list){text, 1};
}
