/* Image references, taken apart as Docker does (catalogue A.8): [registry/]path[:tag][@digest],
 * where the first component is a registry only if it has a '.' or ':' or is "localhost", and the
 * tag is what follows the last ':' behind the last '/'. Called by container.c.
 *
 * Behind '@' stands "sha256:" and 64 hexadecimal digits in lower case (OCI image specification,
 * digests), or the reference is none.
 *
 * Parts of the text may be holes. A hole may be any text, unless it is one that can't hold a
 * separator: the account and Region hold none, a repository's name has no ':'. */
#include "model/holes.h"
#include "model/task.h"
#include "node/text.h"

/* What a hole may hold. */
enum hole_class { HOLE_WORD, HOLE_PATH, HOLE_OPEN };

struct image {
    struct eg_scenario *scenario;
    const struct eg_item *of;
    struct eg_holes holes;
    struct eg_str text;
    struct eg_str registry, path, tag, digest; /* empty: none */
    bool digest_given;                         /* there is an '@' */
    const struct eg_node *open;                /* a hole that may hold anything, or NULL */
    bool registry_known;                       /* where the registry ends is known */
    bool tag_known;                            /* whether there is a tag is known */
};

static enum hole_class class_of(const struct eg_node *hole) {
    /* An account or a Region is a word; what is looked up by one may be anything. */
    if (hole->kind == EG_UNKNOWN)
        return hole->as.unknown->why == EG_WHY_PSEUDO_PARAMETER &&
                       (hole->flags & EG_FLAG_DERIVED) == 0
                   ? HOLE_WORD
                   : HOLE_OPEN;
    if (hole->kind == EG_REFERENCE)
        return eg_str_is(hole->as.reference->attribute, "RepositoryUri") ||
                       eg_str_is(hole->as.reference->type, "AWS::ECR::Repository")
                   ? HOLE_PATH
                   : HOLE_OPEN;
    return HOLE_OPEN;
}

/* The first hole in TEXT that may hold anything. */
static const struct eg_node *open_hole(const struct eg_holes *holes, struct eg_str text) {
    for (size_t i = 0; i < text.length; i++) {
        const struct eg_node *hole = eg_holes_at(holes, text, i);
        if (hole != NULL && class_of(hole) == HOLE_OPEN)
            return hole;
    }
    return NULL;
}

/* ---- the parts ---- */

/* ${Repo.RepositoryUri} -> ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/${Repo} */
static const struct eg_node *write_out_uri(const struct eg_item *of, const struct eg_node *piece) {
    struct eg_resource *repository = eg_resolve_target(piece);
    if (repository == NULL || !eg_str_is(piece->as.reference->attribute, "RepositoryUri"))
        return piece;
    struct eg_arena *arena = of->build->arena;
    const struct eg_node *name = eg_resource_property(repository, "RepositoryName");
    if (name == NULL || (name->kind != EG_STRING && name->kind != EG_PARTIAL)) {
        struct eg_reference *reference = EG_NEW(arena, struct eg_reference);
        *reference = *piece->as.reference;
        reference->attribute = EG_STR("Ref");
        struct eg_node *node = eg_node_new(arena, EG_REFERENCE, piece);
        node->as.reference = reference;
        name = node;
    }
    const struct eg_node *parts[] = {
        repository->stack->account, eg_node_string(arena, EG_STR(".dkr.ecr."), piece),
        repository->stack->region, eg_node_string(arena, EG_STR(".amazonaws.com/"), piece), name};
    return eg_text_join(arena, parts, sizeof parts / sizeof parts[0], piece);
}

static const struct eg_node *write_out(const struct eg_item *of, const struct eg_node *value) {
    if (value->kind == EG_REFERENCE)
        return write_out_uri(of, value);
    if (value->kind != EG_PARTIAL)
        return value;
    struct eg_arena *arena = of->build->arena;
    uint32_t count = value->as.list.count;
    const struct eg_node **pieces = EG_NEW_ARRAY(arena, const struct eg_node *, count);
    for (uint32_t i = 0; i < count; i++) {
        const struct eg_node *piece = value->as.list.items[i];
        pieces[i] = piece->kind == EG_REFERENCE ? write_out_uri(of, piece) : piece;
    }
    return eg_text_join(arena, pieces, count, value);
}

static bool is_registry(struct eg_str component) {
    return eg_str_contains(component, EG_STR(".")) || eg_str_contains(component, EG_STR(":")) ||
           eg_str_is(component, "localhost");
}

/* Where the registry ends: at the first '/', if what stands before is a host. */
static void split_registry(struct image *image, struct eg_str rest) {
    size_t slash = eg_str_find(rest, EG_STR("/"), 0);
    struct eg_str first = slash == SIZE_MAX ? rest : eg_str_slice(rest, 0, slash);
    image->path = rest;
    /* "${User}/app": the hole may be a host or a user. ".dkr.ecr." tells, whatever the account. */
    image->registry_known = open_hole(&image->holes, first) == NULL ||
                            (slash != SIZE_MAX && eg_str_contains(first, EG_STR(".dkr.ecr"))) ||
                            (slash != SIZE_MAX && eg_str_contains(first, EG_STR(".dkr-ecr")));
    if (slash != SIZE_MAX && image->registry_known && is_registry(first)) {
        image->registry = first;
        image->path = eg_str_from_offset(rest, slash + 1);
    }
}

static void split(struct image *image) {
    struct eg_str rest = image->text;
    size_t at = eg_str_find_last(rest, '@');
    if (at != SIZE_MAX) {
        image->digest_given = true;
        image->digest = eg_str_from_offset(rest, at + 1);
        rest = eg_str_slice(rest, 0, at);
    }
    size_t slash = eg_str_find_last(rest, '/');
    struct eg_str last = slash == SIZE_MAX ? rest : eg_str_from_offset(rest, slash + 1);
    size_t colon = eg_str_find_last(last, ':');
    image->tag_known = true;
    if (colon != SIZE_MAX) {
        image->tag = eg_str_from_offset(last, colon + 1);
        rest = eg_str_slice(rest, 0, rest.length - image->tag.length - 1);
    } else {
        /* "app${Suffix}": the hole may begin with ':' or '@'. */
        image->tag_known = open_hole(&image->holes, last) == NULL;
    }
    split_registry(image, rest);
    image->open = open_hole(&image->holes, image->text);
}

/* ---- what the parts say ---- */

static bool is_docker_hub(struct eg_str host) {
    static const char *const hosts[] = {"", "docker.io", "index.docker.io", "registry-1.docker.io",
                                        "registry.hub.docker.com"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
        if (eg_str_is(host, hosts[i]))
            return true;
    return false;
}

/* ACCOUNT.dkr.ecr[-fips].REGION.amazonaws.com[.cn], ACCOUNT.dkr-ecr[-fips].REGION.on.aws */
static bool split_ecr(struct eg_str host, struct eg_str *ret_account, struct eg_str *ret_region) {
    static const struct {
        const char *middle, *end;
    } forms[] = {{".dkr.ecr.", ".amazonaws.com"},
                 {".dkr.ecr-fips.", ".amazonaws.com"},
                 {".dkr-ecr.", ".on.aws"},
                 {".dkr-ecr-fips.", ".on.aws"}};
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        struct eg_str middle = eg_str_from(forms[i].middle);
        size_t start = eg_str_find(host, middle, 0);
        if (start == SIZE_MAX)
            continue;
        *ret_account = eg_str_slice(host, 0, start);
        struct eg_str rest = eg_str_from_offset(host, start + middle.length);
        size_t dot = eg_str_find(rest, eg_str_from(forms[i].end), 0);
        if (dot == SIZE_MAX) /* ${AWS::URLSuffix} is a hole */
            dot = eg_str_find(rest, EG_STR("."), 0);
        *ret_region = dot == SIZE_MAX ? rest : eg_str_slice(rest, 0, dot);
        return true;
    }
    return false;
}

/* The SHA-256 of something, in lower-case hexadecimal. */
static bool is_sha256(struct eg_str text) {
    enum { HASH_LENGTH = 64 };
    if (text.length != HASH_LENGTH)
        return false;
    for (size_t i = 0; i < text.length; i++)
        if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
              (text.data[i] >= 'a' && text.data[i] <= 'f')))
            return false;
    return true;
}

static bool is_cdk_asset(struct eg_str path, struct eg_str tag) {
    return eg_str_starts_with(path, EG_STR("cdk-")) &&
           eg_str_contains(path, EG_STR("container-assets")) && is_sha256(tag);
}

static bool is_digest(struct eg_str text) {
    struct eg_str algorithm = EG_STR("sha256:");
    return eg_str_starts_with(text, algorithm) &&
           is_sha256(eg_str_from_offset(text, algorithm.length));
}

/* Part of what stands behind the '@' isn't known. */
static bool is_digest_open(const struct image *image) {
    return eg_holes_in(&image->holes, image->digest);
}

static bool is_well_formed(const struct image *image) {
    if (image->digest_given && !is_digest_open(image) && !is_digest(image->digest))
        return false;
    if (image->text.length == 0 || image->path.length == 0 ||
        eg_str_contains(image->text, EG_STR("://")))
        return false;
    for (size_t i = 0; i < image->text.length; i++)
        if ((unsigned char)image->text.data[i] <= ' ')
            return false;
    for (size_t i = 0; i < image->path.length; i++)
        if (image->path.data[i] >= 'A' && image->path.data[i] <= 'Z')
            return false;
    return true;
}

static bool is_pull_through(const struct image *image) {
    struct eg_resource_list rules =
        eg_index_of_type(&image->of->build->index, "AWS::ECR::PullThroughCacheRule");
    for (uint32_t i = 0; i < rules.count; i++) {
        struct eg_str prefix =
            eg_node_text(eg_property(image->scenario, rules.items[i], "EcrRepositoryPrefix"));
        if (prefix.length > 0 && image->path.length > prefix.length &&
            eg_str_starts_with(image->path, prefix) && image->path.data[prefix.length] == '/')
            return true;
    }
    return false;
}

static const struct eg_node *repository_of(const struct image *image) {
    struct eg_resource *resource = NULL;
    for (uint32_t i = 0; i < image->holes.count && resource == NULL; i++) {
        resource = eg_resolve_target(image->holes.nodes[i]);
        if (resource != NULL && !eg_str_is(resource->type, "AWS::ECR::Repository"))
            resource = NULL;
    }
    if (resource == NULL && !eg_holes_in(&image->holes, image->path))
        resource = eg_index_named(&image->of->build->index, EG_NAMES_REPOSITORY, image->of->stack,
                                  image->path);
    const struct eg_item *item = eg_item_for(image->of->build, resource);
    if (item != NULL)
        return item->node;
    return eg_item_unknown(
        image->of, EG_WHY_OUTSIDE,
        eg_text_show(image->of->build->arena, eg_holes_node(&image->holes, image->path)),
        image->holes.at);
}

/* The AllowedPattern of the parameter that the whole tag is. */
static struct eg_str tag_pattern(const struct image *image) {
    if (image->tag.length != EG_HOLE_BYTES)
        return EG_STR("");
    const struct eg_node *hole = eg_holes_at(&image->holes, image->tag, 0);
    if (hole == NULL || hole->kind != EG_UNKNOWN || hole->as.unknown->why != EG_WHY_PARAMETER)
        return EG_STR("");
    const struct eg_node *parameter =
        eg_node_get(image->of->stack->template_->parameters, hole->as.unknown->name);
    return eg_node_text(EG_GET(parameter, "AllowedPattern"));
}

/* CONTAINER-IMAGE-PLACEHOLDER, <IMAGE>: what a pipeline replaces before the deployment. No image
 * has upper-case letters only. */
static bool is_placeholder(struct eg_str text) {
    bool letters = false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (c == '<' || c == '>')
            return true;
        if (!upper && c != '-' && c != '_' && !(c >= '0' && c <= '9'))
            return false;
        letters = letters || upper;
    }
    return letters;
}

/* ---- the object ---- */

static void set_part(const struct image *image, struct eg_item *parts, const char *field,
                     struct eg_str text, bool known) {
    if (known)
        eg_item_set(parts, field, eg_holes_node(&image->holes, text));
    else
        eg_item_set(parts, field, eg_item_outside(parts, image->open));
}

static void set_truth(const struct image *image, struct eg_item *parts, const char *field,
                      bool value, bool known) {
    eg_item_set_truth(parts, field,
                      !known  ? EG_UNDECIDED
                      : value ? EG_TRUE
                              : EG_FALSE,
                      image->open);
}

static void set_names(const struct image *image, struct eg_item *parts) {
    bool known = image->registry_known;
    bool hub = is_docker_hub(image->registry);
    struct eg_str path = image->path;
    if (hub && known && path.length > 0 && !eg_str_contains(path, EG_STR("/")))
        path = eg_str_concat(image->of->build->arena, EG_STR("library/"), path);
    size_t slash = eg_str_find_last(path, '/');
    if (image->registry.length == 0 && known)
        eg_item_set_text(parts, "registry", EG_STR("docker.io"));
    else
        set_part(image, parts, "registry", image->registry, known);
    bool whole = known && (image->tag_known || image->open == NULL);
    set_part(image, parts, "repository", path, whole);
    set_part(image, parts, "name", slash == SIZE_MAX ? path : eg_str_from_offset(path, slash + 1),
             whole);
    set_part(image, parts, "namespace",
             slash == SIZE_MAX ? EG_STR("") : eg_str_slice(path, 0, slash), whole);
    set_truth(image, parts, "isDockerHub", hub, known);
    set_truth(image, parts, "isEcrPublic",
              eg_str_is(image->registry, "public.ecr.aws") ||
                  eg_str_is(image->registry, "ecr-public.aws.com"),
              known);
}

static void set_ecr(const struct image *image, struct eg_item *parts) {
    struct eg_str account = EG_STR("");
    struct eg_str region = EG_STR("");
    bool known = image->registry_known;
    bool ecr = split_ecr(image->registry, &account, &region);
    set_truth(image, parts, "isEcr", ecr, known);
    set_part(image, parts, "account", account, known);
    set_part(image, parts, "region", region, known);
    set_truth(image, parts, "isPullThroughCache", ecr && is_pull_through(image), known);
    set_truth(image, parts, "isCdkAsset", ecr && is_cdk_asset(image->path, image->tag), known);
    if (ecr || !known)
        eg_item_set(parts, "repositoryObject", repository_of(image));
}

const struct eg_node *eg_image_parts(struct eg_scenario *scenario, const struct eg_item *of,
                                     const struct eg_node *value) {
    if (value->kind == EG_ABSENT)
        return value;
    if (value->kind == EG_STRING && is_placeholder(value->as.text))
        value = eg_item_unknown(of, EG_WHY_PLACEHOLDER, value->as.text, value);
    const struct eg_node *written_out = write_out(of, value);
    struct image image = {.scenario = scenario, .of = of};
    struct eg_item *parts = eg_item_part(of, "Image", value);
    if (!eg_text_is(value) || !eg_holes_make(&image.holes, of->build->arena, written_out))
        return eg_item_unknown(of, EG_WHY_BROKEN, EG_STR("an image that is no text"), value);
    image.text = image.holes.text;
    split(&image);
    if (image.open == NULL && image.holes.count > 0)
        image.open = image.holes.nodes[0];
    eg_item_set_text(parts, "text", eg_text_show(of->build->arena, written_out));
    set_names(&image, parts);
    set_ecr(&image, parts);
    bool digest_known = image.digest_given ? !is_digest_open(&image) : image.tag_known;
    set_part(&image, parts, "tag", image.tag, image.tag_known);
    set_truth(&image, parts, "hasTag", image.tag.length > 0, image.tag_known);
    set_part(&image, parts, "digest", image.digest, digest_known);
    set_truth(&image, parts, "hasDigest", is_digest(image.digest), digest_known);
    eg_item_set_bool(parts, "isWellFormed", is_well_formed(&image));
    eg_item_set_text(parts, "tagPattern", tag_pattern(&image));
    return parts->node;
}
