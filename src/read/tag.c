/* YAML tags; see tag.h. Called by yaml.c. */
#include "read/tag.h"

/* The functions that have a short form, by their long form:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 * and, from Fn::Contains on, those of Rules:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
 */
static const struct eg_str functions[] = {
    EG_STR_INIT("Ref"),
    EG_STR_INIT("Condition"),
    EG_STR_INIT("Fn::And"),
    EG_STR_INIT("Fn::Base64"),
    EG_STR_INIT("Fn::Cidr"),
    EG_STR_INIT("Fn::Equals"),
    EG_STR_INIT("Fn::FindInMap"),
    EG_STR_INIT("Fn::ForEach"),
    EG_STR_INIT("Fn::GetAtt"),
    EG_STR_INIT("Fn::GetAZs"),
    EG_STR_INIT("Fn::GetStackOutput"),
    EG_STR_INIT("Fn::If"),
    EG_STR_INIT("Fn::ImportValue"),
    EG_STR_INIT("Fn::Join"),
    EG_STR_INIT("Fn::Length"),
    EG_STR_INIT("Fn::Not"),
    EG_STR_INIT("Fn::Or"),
    EG_STR_INIT("Fn::Select"),
    EG_STR_INIT("Fn::Split"),
    EG_STR_INIT("Fn::Sub"),
    EG_STR_INIT("Fn::ToJsonString"),
    EG_STR_INIT("Fn::Transform"),
    EG_STR_INIT("Fn::Contains"),
    EG_STR_INIT("Fn::EachMemberEquals"),
    EG_STR_INIT("Fn::EachMemberIn"),
    EG_STR_INIT("Fn::Implies"),
    EG_STR_INIT("Fn::RefAll"),
    EG_STR_INIT("Fn::ValueOf"),
    EG_STR_INIT("Fn::ValueOfAll"),
};

/* YAML 1.1's own, https://yaml.org/type/. Those that CloudFormation does not support (binary, omap,
 * pairs, set) are unknown; a timestamp stays text. */
static const struct {
    struct eg_str tag;
    enum eg_tag_kind kind;
} core[] = {
    {EG_STR_INIT("!"), EG_TAG_TEXT},
    {EG_STR_INIT("tag:yaml.org,2002:str"), EG_TAG_TEXT},
    {EG_STR_INIT("tag:yaml.org,2002:timestamp"), EG_TAG_TEXT},
    {EG_STR_INIT("tag:yaml.org,2002:int"), EG_TAG_RESOLVE},
    {EG_STR_INIT("tag:yaml.org,2002:float"), EG_TAG_RESOLVE},
    {EG_STR_INIT("tag:yaml.org,2002:bool"), EG_TAG_RESOLVE},
    {EG_STR_INIT("tag:yaml.org,2002:null"), EG_TAG_RESOLVE},
    {EG_STR_INIT("tag:yaml.org,2002:map"), EG_TAG_MAP},
    {EG_STR_INIT("tag:yaml.org,2002:seq"), EG_TAG_LIST},
};

enum eg_tag_kind eg_tag_find(struct eg_str tag, struct eg_str *ret_function) {
    if (tag.length == 0)
        return EG_TAG_NONE;
    for (size_t i = 0; i < sizeof core / sizeof *core; i++)
        if (eg_str_equal(tag, core[i].tag))
            return core[i].kind;
    if (tag.data[0] != '!')
        return EG_TAG_UNKNOWN;
    struct eg_str prefix = EG_STR("Fn::"), name = eg_str_from_offset(tag, 1);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        struct eg_str full = functions[i];
        bool prefixed = eg_str_starts_with(full, prefix);
        if (eg_str_equal(name, full) ||
            (prefixed && eg_str_equal(name, eg_str_from_offset(full, prefix.length)))) {
            *ret_function = full;
            return EG_TAG_FUNCTION;
        }
    }
    return EG_TAG_UNKNOWN;
}
