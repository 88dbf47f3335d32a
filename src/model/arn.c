/* Matching ARNs with holes against the patterns of policies. Called by permission.c.
 *
 * Both sides become rows of atoms: characters, wildcards, and symbols for what is not known. What
 * CloudFormation makes of a reference is written out as far as it is known: the Arn of a log group
 * is arn:aws:logs:REGION:ACCOUNT:log-group:NAME:*, and a secret's ends in a hyphen and six random
 * characters ("What's in a Secrets Manager secret?"), so that a pattern NAME-?????? matches it and
 * NAME alone doesn't. The partition counts as "aws" wherever it is not known: a deployment has one.
 *
 * The match is dynamic programming over the two rows in three-valued logic: a symbol is equal to
 * itself; otherwise it may stand for any text that its kind allows, which leaves the match open. */
#include "model/item.h"
#include "model/permission.h"
#include "node/text.h"

#include <string.h>

enum atom_kind { ATOM_CHAR, ATOM_ANY_CHAR, ATOM_STAR, ATOM_ONE, ATOM_SYMBOL };

struct atom {
    uint8_t kind;
    char c;
    bool name;                   /* symbol: the name CloudFormation gives a resource */
    bool no_colon;               /* symbol: an account, Region or name: never empty, has no ':' */
    uint8_t number;              /* ATOM_ONE: which of the random characters */
    const void *resource;        /* name, ATOM_ONE: whose */
    const struct eg_node *value; /* other symbols */
};

enum { MAX_ATOMS = 2048, SUFFIX_LENGTH = 6, MAX_NESTING = 8 };

struct row {
    struct eg_scenario *scenario;
    struct atom *atoms;
    uint32_t count;
    bool pattern; /* '*' and '?' are wildcards */
    bool full;
    bool has_star;
};

static struct atom *add_atom(struct row *row, enum atom_kind kind) {
    if (row->count == MAX_ATOMS) {
        row->full = true;
        return &row->atoms[MAX_ATOMS - 1];
    }
    struct atom *atom = &row->atoms[row->count++];
    *atom = (struct atom){.kind = (uint8_t)kind};
    return atom;
}

static void add_text(struct row *row, struct eg_str text) {
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (row->pattern && c == '*') {
            row->has_star = true;
            add_atom(row, ATOM_STAR);
        } else if (row->pattern && c == '?')
            add_atom(row, ATOM_ANY_CHAR);
        else
            add_atom(row, ATOM_CHAR)->c = c;
    }
}

/* ---- references written out ---- */

/* The ARN of a resource of TYPE: arn:aws:SERVICE:REGION:ACCOUNT:BEFORE NAME BEHIND. */
static const struct arn_form {
    const char *type;
    const char *attributes;     /* those that are the ARN, separated by blanks */
    const char *name_attribute; /* the one that is the name; NULL: none */
    const char *name_property;  /* NULL: AWS names it */
    const char *service, *before, *behind;
    bool global;    /* without Region and account (S3) */
    bool no_region; /* IAM */
    bool random;    /* ends in a hyphen and six random characters */
} arn_forms[] = {
    {"AWS::SecretsManager::Secret", "Arn", NULL, "Name", "secretsmanager", "secret:", "", false,
     false, true},
    {"AWS::Logs::LogGroup", "Arn", "Ref", "LogGroupName", "logs", "log-group:", ":*", false, false,
     false},
    {"AWS::ECR::Repository", "Arn", "Ref", "RepositoryName", "ecr", "repository/", "", false, false,
     false},
    {"AWS::S3::Bucket", "Arn", "Ref", "BucketName", "s3", "", "", true, false, false},
    {"AWS::KMS::Key", "Arn", "KeyId", NULL, "kms", "key/", "", false, false, false},
    {"AWS::IAM::Role", "Arn", "Ref", "RoleName", "iam", "role/", "", false, true, false},
    {"AWS::DynamoDB::Table", "Arn", "Ref", "TableName", "dynamodb", "table/", "", false, false,
     false},
    {"AWS::SQS::Queue", "Arn", "QueueName", "QueueName", "sqs", "", "", false, false, false},
    {"AWS::SNS::Topic", "TopicArn", "TopicName", "TopicName", "sns", "", "", false, false, false},
    {"AWS::ECS::Cluster", "Arn", "Ref", "ClusterName", "ecs", "cluster/", "", false, false, false},
    {"AWS::SSM::Parameter", "", "Ref", "Name", "ssm", "parameter/", "", false, false, false},
};

static bool has_word(const char *words, struct eg_str word) {
    struct eg_str rest = eg_str_from(words);
    while (rest.length > 0) {
        size_t end = eg_str_find(rest, EG_STR(" "), 0);
        if (eg_str_equal(eg_str_slice(rest, 0, end), word))
            return true;
        rest = end == SIZE_MAX ? EG_STR("") : eg_str_from_offset(rest, end + 1);
    }
    return false;
}

static void add_value(struct row *row, const struct eg_node *value, unsigned nesting);

static void add_name(struct row *row, const struct arn_form *form,
                     const struct eg_resource *resource, unsigned nesting) {
    const struct eg_node *name = form->name_property == NULL
                                     ? eg_node_absent()
                                     : eg_property(row->scenario, resource, form->name_property);
    if (name->kind == EG_STRING || name->kind == EG_PARTIAL) {
        bool pattern = row->pattern;
        row->pattern = false; /* a name's own '*' is none of the policy's */
        add_value(row, name, nesting + 1);
        row->pattern = pattern;
        return;
    }
    struct atom *atom = add_atom(row, ATOM_SYMBOL);
    atom->name = true;
    atom->no_colon = true;
    atom->resource = resource;
}

static void add_arn(struct row *row, const struct arn_form *form,
                    const struct eg_resource *resource, unsigned nesting) {
    add_text(row, EG_STR("arn:aws:"));
    add_text(row, eg_str_from(form->service));
    add_text(row, EG_STR(":"));
    if (!form->global && !form->no_region)
        add_value(row, resource->stack->region, nesting + 1);
    add_text(row, EG_STR(":"));
    if (!form->global)
        add_value(row, resource->stack->account, nesting + 1);
    add_text(row, EG_STR(":"));
    add_text(row, eg_str_from(form->before));
    add_name(row, form, resource, nesting);
    if (form->random) {
        add_text(row, EG_STR("-"));
        for (uint8_t i = 0; i < SUFFIX_LENGTH; i++) {
            struct atom *atom = add_atom(row, ATOM_ONE);
            atom->resource = resource;
            atom->number = i;
        }
    }
    /* The '*' behind a log group's ARN is a wildcard in a policy, and "any stream" in a request. */
    add_text(row, eg_str_from(form->behind));
}

/* Writes out a reference; false if its form is not known. */
static bool add_reference(struct row *row, const struct eg_node *value, unsigned nesting) {
    const struct eg_resource *resource = eg_resolve_target(value);
    struct eg_str attribute = value->as.reference->attribute;
    if (resource == NULL || nesting > MAX_NESTING)
        return false;
    if (eg_str_is(resource->type, "AWS::SecretsManager::SecretTargetAttachment")) {
        add_value(row, eg_property(row->scenario, resource, "SecretId"), nesting + 1);
        return true;
    }
    for (size_t i = 0; i < sizeof arn_forms / sizeof arn_forms[0]; i++) {
        const struct arn_form *form = &arn_forms[i];
        if (!eg_str_is(resource->type, form->type))
            continue;
        if (has_word(form->attributes, attribute))
            add_arn(row, form, resource, nesting);
        else if (form->name_attribute != NULL && has_word(form->name_attribute, attribute))
            add_name(row, form, resource, nesting);
        else
            return false;
        return true;
    }
    return false;
}

static void add_symbol(struct row *row, const struct eg_node *value) {
    struct atom *atom = add_atom(row, ATOM_SYMBOL);
    atom->value = value;
    if (value->kind != EG_UNKNOWN || value->as.unknown->why != EG_WHY_PSEUDO_PARAMETER)
        return;
    if (eg_str_is(value->as.unknown->name, "AWS::Partition")) {
        row->count--;
        add_text(row, EG_STR("aws"));
        return;
    }
    atom->no_colon = true;
}

static void add_value(struct row *row, const struct eg_node *value, unsigned nesting) {
    value = eg_scenario_force(row->scenario, value);
    switch (value->kind) {
    case EG_STRING:
        add_text(row, value->as.text);
        break;
    case EG_PARTIAL:
        for (uint32_t i = 0; i < value->as.list.count && nesting <= MAX_NESTING; i++)
            add_value(row, value->as.list.items[i], nesting + 1);
        break;
    case EG_REFERENCE:
        if (!add_reference(row, value, nesting))
            add_symbol(row, value);
        break;
    default:
        add_symbol(row, value);
        break;
    }
}

/* arn:aws-cn:… and arn:aws-us-gov:… as arn:aws:…, on both sides. */
static void drop_partition_suffix(struct row *row) {
    static const char start[] = "arn:aws";
    uint32_t at = sizeof start - 1;
    if (row->count <= at)
        return;
    for (uint32_t i = 0; i < at; i++)
        if (row->atoms[i].kind != ATOM_CHAR || row->atoms[i].c != start[i])
            return;
    uint32_t end = at;
    while (end < row->count && row->atoms[end].kind == ATOM_CHAR && row->atoms[end].c != ':')
        end++;
    memmove(row->atoms + at, row->atoms + end, (row->count - end) * sizeof *row->atoms);
    row->count -= end - at;
}

/* A secret's ARN without its random end, given as text: the end it has all the same. */
static void complete_secret(struct row *row, const struct eg_node *arn) {
    struct eg_str text = arn->kind == EG_STRING ? arn->as.text : eg_text_known_end(arn);
    size_t found = eg_str_find(text, EG_STR(":secret:"), 0);
    if (found == SIZE_MAX)
        return;
    struct eg_str name = eg_str_from_offset(text, found + 8);
    bool complete =
        name.length > SUFFIX_LENGTH + 1 && name.data[name.length - SUFFIX_LENGTH - 1] == '-' &&
        !eg_str_contains(eg_str_from_offset(name, name.length - SUFFIX_LENGTH), EG_STR("-"));
    if (complete || eg_str_contains(name, EG_STR(":")) || eg_str_contains(name, EG_STR("*")))
        return;
    add_text(row, EG_STR("-"));
    for (uint8_t i = 0; i < SUFFIX_LENGTH; i++) {
        struct atom *atom = add_atom(row, ATOM_ONE);
        atom->resource = row; /* nobody else's */
        atom->number = i;
    }
}

/* ---- the match ---- */

static bool same_symbol(const struct atom *a, const struct atom *b) {
    if (a->name || b->name)
        return a->name && b->name && a->resource == b->resource;
    if (a->value->kind != b->value->kind)
        return false;
    if (a->value->kind == EG_UNKNOWN)
        return eg_unknown_same(a->value->as.unknown, b->value->as.unknown);
    return a->value->kind == EG_REFERENCE &&
           a->value->as.reference->resource == b->value->as.reference->resource &&
           eg_str_equal(a->value->as.reference->attribute, b->value->as.reference->attribute);
}

/* May a symbol stand for (a text that has) this atom? A name that CloudFormation makes is no other
 * resource's, and none that a template spells out; a pattern with '*' may spell its beginning. */
static bool may_cover(const struct atom *symbol, const struct atom *atom, bool has_star) {
    if (symbol->no_colon && atom->kind == ATOM_CHAR && atom->c == ':')
        return false;
    if (!symbol->name)
        return true;
    return has_star ? atom->kind != ATOM_SYMBOL || !atom->name : atom->kind == ATOM_STAR;
}

static enum eg_truth doubted(enum eg_truth truth) {
    return truth == EG_FALSE ? EG_FALSE : EG_UNDECIDED;
}

/* One character of the pattern against one of the text, with NEXT for what follows both. */
static enum eg_truth match_one(const struct atom *p, const struct atom *s, enum eg_truth next) {
    if (s->kind == ATOM_CHAR) {
        if (p->kind == ATOM_CHAR)
            return p->c == s->c ? next : EG_FALSE;
        return p->kind == ATOM_ANY_CHAR ? next : doubted(next);
    }
    if (p->kind == ATOM_ANY_CHAR)
        return next;
    bool same = p->kind == ATOM_ONE && p->resource == s->resource && p->number == s->number;
    return same ? next : doubted(next);
}

/* Rows of the table, from the end of the pattern to its beginning; each has count + 1 places. */
struct table {
    const struct row *text;
    bool has_star;             /* of the pattern */
    enum eg_truth *next;       /* the row below: the rest of the pattern against text from j */
    enum eg_truth *row;        /* this row */
    enum eg_truth *inner_next; /* the row below, with text[j] a symbol that goes on */
    enum eg_truth *inner;
};

static void match_symbol(struct table *table, const struct atom *p) {
    uint32_t n = table->text->count;
    enum eg_truth covering = table->next[n]; /* the symbol covers zero or more from j on */
    table->row[n] = p->no_colon ? EG_FALSE : doubted(table->next[n]);
    for (uint32_t j = n; j-- > 0;) {
        const struct atom *s = &table->text->atoms[j];
        enum eg_truth result = EG_FALSE;
        if (s->kind == ATOM_SYMBOL && same_symbol(p, s))
            result = table->next[j + 1];
        enum eg_truth more = may_cover(p, s, false) ? covering : EG_FALSE;
        covering = eg_truth_or(table->next[j], more);
        result = eg_truth_or(result, doubted(p->no_colon ? more : covering));
        table->row[j] = result;
    }
}

static void match_plain(struct table *table, const struct atom *p) {
    uint32_t n = table->text->count;
    table->row[n] = EG_FALSE;
    for (uint32_t j = n; j-- > 0;) {
        const struct atom *s = &table->text->atoms[j];
        if (s->kind != ATOM_SYMBOL) {
            table->row[j] = match_one(p, s, table->next[j + 1]);
            continue;
        }
        enum eg_truth covered = may_cover(s, p, table->has_star) ? table->inner_next[j] : EG_FALSE;
        enum eg_truth skipped = s->no_colon ? EG_FALSE : table->row[j + 1];
        table->row[j] = doubted(eg_truth_or(covered, skipped));
    }
}

static void match_star(struct table *table) {
    uint32_t n = table->text->count;
    table->row[n] = table->next[n];
    for (uint32_t j = n; j-- > 0;) {
        table->row[j] = eg_truth_or(table->next[j], table->row[j + 1]);
        if (table->text->atoms[j].kind == ATOM_SYMBOL)
            table->row[j] = eg_truth_or(table->row[j], doubted(table->inner_next[j]));
    }
}

/* inner[j]: text[j] is a symbol of which a part is matched; it may end here or cover more. */
static void fill_inner(struct table *table, const struct atom *p) {
    uint32_t n = table->text->count;
    for (uint32_t j = 0; j < n; j++) {
        const struct atom *s = &table->text->atoms[j];
        enum eg_truth more = p != NULL && s->kind == ATOM_SYMBOL && may_cover(s, p, table->has_star)
                                 ? table->inner_next[j]
                                 : EG_FALSE;
        table->inner[j] = eg_truth_or(table->row[j + 1], more);
    }
}

static enum eg_truth match(const struct row *pattern, const struct row *text) {
    uint32_t n = text->count;
    enum eg_truth cells[4][MAX_ATOMS + 1];
    struct table table = {text, pattern->has_star, cells[0], cells[1], cells[2], cells[3]};
    /* Below the last row: nothing of the pattern is left. */
    table.row[n] = EG_TRUE;
    for (uint32_t j = n; j-- > 0;)
        table.row[j] = text->atoms[j].kind == ATOM_SYMBOL && !text->atoms[j].no_colon
                           ? doubted(table.row[j + 1])
                           : EG_FALSE;
    fill_inner(&table, NULL);
    for (uint32_t i = pattern->count; i-- > 0;) {
        const struct atom *p = &pattern->atoms[i];
        enum eg_truth *swap = table.next;
        table.next = table.row;
        table.row = swap;
        swap = table.inner_next;
        table.inner_next = table.inner;
        table.inner = swap;
        if (p->kind == ATOM_STAR)
            match_star(&table);
        else if (p->kind == ATOM_SYMBOL)
            match_symbol(&table, p);
        else
            match_plain(&table, p);
        fill_inner(&table, p);
    }
    return table.row[0];
}

/* Different characters before anything open: most patterns of a role are for something else. */
static bool begins_differently(const struct row *pattern, const struct row *text) {
    for (uint32_t i = 0; i < pattern->count && i < text->count; i++) {
        if (pattern->atoms[i].kind != ATOM_CHAR || text->atoms[i].kind != ATOM_CHAR)
            return false;
        if (pattern->atoms[i].c != text->atoms[i].c)
            return true;
    }
    return false;
}

enum eg_truth eg_arn_matches(struct eg_scenario *scenario, const struct eg_node *pattern,
                             const struct eg_node *arn) {
    pattern = eg_scenario_force(scenario, pattern);
    arn = eg_scenario_force(scenario, arn);
    if (eg_node_is_string(pattern, "*"))
        return EG_TRUE;
    struct atom pattern_atoms[MAX_ATOMS];
    struct atom text_atoms[MAX_ATOMS];
    struct row left = {.scenario = scenario, .atoms = pattern_atoms, .pattern = true};
    struct row right = {.scenario = scenario, .atoms = text_atoms};
    add_value(&left, pattern, 0);
    add_value(&right, arn, 0);
    complete_secret(&right, arn);
    drop_partition_suffix(&left);
    drop_partition_suffix(&right);
    if (left.full || right.full)
        return EG_UNDECIDED;
    if (begins_differently(&left, &right))
        return EG_FALSE;
    return match(&left, &right);
}
