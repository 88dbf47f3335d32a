/* Signing and verifying results; see attest.h. Called by `ecsgate report --attest` and `ecsgate
 * verify`. */
#include "report/attest.h"

#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- base64 ---- */

static void add_base64(struct eg_buf *out, const unsigned char *data, size_t length) {
    size_t size = (length + 2) / 3 * 4 + 1;
    unsigned char *text = malloc(size);
    if (text == NULL)
        eg_out_of_memory();
    int written = EVP_EncodeBlock(text, data, (int)length);
    eg_buf_add(out, text, (size_t)written);
    free(text);
}

/* Standard or URL-safe alphabet, as the protocol demands of verifiers. */
static bool decode_base64(struct eg_arena *arena, struct eg_str text, struct eg_str *ret) {
    size_t padded = (text.length + 3) / 4 * 4;
    unsigned char *clean = eg_arena_alloc(arena, padded + 1);
    for (size_t i = 0; i < text.length; i++)
        clean[i] = text.data[i] == '-'   ? '+'
                   : text.data[i] == '_' ? '/'
                                         : (unsigned char)text.data[i];
    memset(clean + text.length, '=', padded - text.length);
    unsigned char *data = eg_arena_alloc(arena, padded / 4 * 3 + 1);
    int length = EVP_DecodeBlock(data, clean, (int)padded);
    if (length < 0)
        return false;
    for (size_t i = padded; i > 0 && clean[i - 1] == '=' && length > 0; i--)
        length--;
    *ret = (struct eg_str){(const char *)data, (size_t)length};
    return true;
}

/* ---- the signature ---- */

/* The protocol's "pre-authentication encoding": what is signed. */
static void add_encoding(struct eg_buf *out, struct eg_str payload) {
    eg_buf_printf(out, "DSSEv1 %zu %s %zu ", strlen(EG_PAYLOAD_TYPE), EG_PAYLOAD_TYPE,
                  payload.length);
    eg_buf_add_str(out, payload);
}

/* Ed25519 hashes by itself; ECDSA takes SHA-256. */
static const EVP_MD *digest_for(const EVP_PKEY *key) {
    return EVP_PKEY_is_a(key, "EC") ? EVP_sha256() : NULL;
}

static EVP_PKEY *read_key(struct eg_str path, bool private_key, struct eg_error *error) {
    char name[4096];
    (void)snprintf(name, sizeof name, "%.*s", EG_STR_ARGS(path));
    BIO *file = BIO_new_file(name, "r");
    EVP_PKEY *key = NULL;
    if (file != NULL && !private_key)
        key = PEM_read_bio_PUBKEY(file, NULL, NULL, NULL);
    if (file != NULL && key == NULL) {
        (void)BIO_reset(file);
        key = PEM_read_bio_PrivateKey(file, NULL, NULL, (void *)"");
    }
    bool opened = file != NULL;
    BIO_free(file);
    if (key != NULL && (EVP_PKEY_is_a(key, "EC") || EVP_PKEY_is_a(key, "ED25519")))
        return key;
    EVP_PKEY_free(key);
    if (!opened)
        (void)eg_error_set(error, EG_ERROR_USAGE, path, 0, 0, "cannot be read");
    else
        (void)eg_error_set(error, EG_ERROR_USAGE, path, 0, 0,
                           "is no %s key in PEM form (Ed25519 or ECDSA, without a passphrase)",
                           private_key ? "private" : "public");
    return NULL;
}

/* The key's id: SHA-256 over its public half in DER form. */
static void key_id(EVP_PKEY *key, char ret_id[65]) {
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key, &der);
    unsigned char digest[32] = {0};
    if (length > 0)
        (void)EVP_Digest(der, (size_t)length, digest, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
    for (int i = 0; i < 32; i++)
        (void)snprintf(ret_id + 2 * (ptrdiff_t)i, 3, "%02x", digest[i]);
}

static bool sign(EVP_PKEY *key, struct eg_str message, struct eg_buf *ret_signature) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    const unsigned char *data = (const unsigned char *)message.data;
    unsigned char signature[512];
    size_t length = sizeof signature;
    bool good = context != NULL &&
                EVP_DigestSignInit(context, NULL, digest_for(key), NULL, key) == 1 &&
                EVP_DigestSign(context, signature, &length, data, message.length) == 1;
    EVP_MD_CTX_free(context);
    if (good)
        eg_buf_add(ret_signature, signature, length);
    return good;
}

static bool is_signed(EVP_PKEY *key, struct eg_str message, struct eg_str signature) {
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context != NULL &&
                EVP_DigestVerifyInit(context, NULL, digest_for(key), NULL, key) == 1 &&
                EVP_DigestVerify(context, (const unsigned char *)signature.data, signature.length,
                                 (const unsigned char *)message.data, message.length) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

/* ---- signing ---- */

/* {"name": path, "digest": {"sha256": …}} for what has a path and a digest. */
static void add_subject(json_t *subjects, const json_t *file) {
    json_t *path = json_object_get(file, "path"), *digest = json_object_get(file, "sha256");
    if (json_is_string(digest))
        (void)json_array_append_new(
            subjects, json_pack("{s:O, s:{s:O}}", "name", path, "digest", "sha256", digest));
}

/* The result's inputs and the files that belong to them. */
static json_t *make_subjects(json_t *result) {
    json_t *subjects = json_array();
    size_t i, j;
    json_t *input, *file;
    json_array_foreach(json_object_get(result, "inputs"), i, input) {
        add_subject(subjects, input);
        json_array_foreach(json_object_get(input, "files"), j, file) {
            add_subject(subjects, file);
        }
    }
    return subjects;
}

static bool add_statement(struct eg_str result, struct eg_buf *out, struct eg_error *error) {
    json_error_t wrong;
    json_t *root =
        json_loadb(result.data, result.length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &wrong);
    if (root == NULL)
        return eg_error_set(error, EG_ERROR_SYSTEM, EG_STR(""), 0, 0, "the result is no JSON: %s",
                            wrong.text);
    json_t *statement =
        json_pack("{s:s, s:o, s:s, s:o}", "_type", "https://in-toto.io/Statement/v1", "subject",
                  make_subjects(root), "predicateType", EG_PREDICATE_TYPE, "predicate", root);
    char *text = statement == NULL ? NULL : json_dumps(statement, JSON_COMPACT);
    json_decref(statement);
    if (text == NULL)
        return eg_error_set(error, EG_ERROR_SYSTEM, EG_STR(""), 0, 0,
                            "the statement can't be written");
    eg_buf_puts(out, text);
    free(text);
    return true;
}

static void add_envelope(struct eg_buf *out, struct eg_str payload, struct eg_str signature,
                         const char *id) {
    eg_buf_puts(out, "{\"payloadType\":\"" EG_PAYLOAD_TYPE "\",\"payload\":\"");
    add_base64(out, (const unsigned char *)payload.data, payload.length);
    eg_buf_printf(out, "\",\"signatures\":[{\"keyid\":\"%s\",\"sig\":\"", id);
    add_base64(out, (const unsigned char *)signature.data, signature.length);
    eg_buf_puts(out, "\"}]}\n");
}

bool eg_attest_check_key(struct eg_str key, struct eg_error *error) {
    EVP_PKEY *private_key = read_key(key, true, error);
    EVP_PKEY_free(private_key);
    return private_key != NULL;
}

bool eg_attest_sign(struct eg_str result, struct eg_str key, struct eg_buf *out,
                    struct eg_error *error) {
    EVP_PKEY *private_key = read_key(key, true, error);
    if (private_key == NULL)
        return false;
    struct eg_buf statement, message, signature;
    eg_buf_init(&statement);
    eg_buf_init(&message);
    eg_buf_init(&signature);
    bool good = add_statement(result, &statement, error);
    if (good) {
        add_encoding(&message, eg_buf_str(&statement));
        good = sign(private_key, eg_buf_str(&message), &signature) ||
               eg_error_set(error, EG_ERROR_SYSTEM, key, 0, 0, "can't sign with this key");
    }
    if (good) {
        char id[65];
        key_id(private_key, id);
        add_envelope(out, eg_buf_str(&statement), eg_buf_str(&signature), id);
    }
    eg_buf_done(&statement);
    eg_buf_done(&message);
    eg_buf_done(&signature);
    EVP_PKEY_free(private_key);
    return good;
}

/* ---- verifying ---- */

static struct eg_str string_of(struct eg_arena *arena, const json_t *value) {
    const char *text = json_string_value(value);
    return text == NULL ? EG_STR("")
                        : eg_str_copy(arena, (struct eg_str){text, json_string_length(value)});
}

/* Is one of the envelope's signatures over PAYLOAD the key's? */
static bool has_signature(struct eg_arena *arena, const json_t *root, struct eg_str payload,
                          EVP_PKEY *key) {
    struct eg_buf message;
    eg_buf_init(&message);
    add_encoding(&message, payload);
    bool found = false;
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(root, "signatures"), i, item) {
        struct eg_str signature;
        found = found ||
                (decode_base64(arena, string_of(arena, json_object_get(item, "sig")), &signature) &&
                 is_signed(key, eg_buf_str(&message), signature));
    }
    eg_buf_done(&message);
    return found;
}

static bool read_statement(struct eg_arena *arena, struct eg_str file, struct eg_str payload,
                           struct eg_attestation *ret, struct eg_error *error) {
    json_error_t wrong;
    json_t *root =
        json_loadb(payload.data, payload.length, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &wrong);
    const char *type = json_string_value(json_object_get(root, "predicateType"));
    if (type == NULL || strcmp(type, EG_PREDICATE_TYPE) != 0) {
        json_decref(root);
        return eg_error_set(
            error, EG_ERROR_INPUT, file, 0, 0,
            "holds no statement of ecsgate: expected the predicate type " EG_PREDICATE_TYPE);
    }
    const json_t *subjects = json_object_get(root, "subject");
    const json_t *predicate = json_object_get(root, "predicate");
    ret->subjects = EG_NEW_ARRAY(arena, struct eg_subject, json_array_size(subjects));
    ret->subject_count = (uint32_t)json_array_size(subjects);
    for (uint32_t i = 0; i < ret->subject_count; i++) {
        const json_t *subject = json_array_get(subjects, i);
        ret->subjects[i].name = string_of(arena, json_object_get(subject, "name"));
        ret->subjects[i].digest =
            string_of(arena, json_object_get(json_object_get(subject, "digest"), "sha256"));
    }
    ret->verdict = string_of(arena, json_object_get(predicate, "verdict"));
    ret->version = string_of(arena, json_object_get(predicate, "ecsgate"));
    json_decref(root);
    return true;
}

bool eg_attest_verify(struct eg_arena *arena, struct eg_str file, struct eg_str envelope,
                      struct eg_str key, struct eg_attestation *ret_attestation,
                      struct eg_error *error) {
    json_error_t wrong;
    json_t *root = json_loadb(envelope.data, envelope.length, JSON_REJECT_DUPLICATES, &wrong);
    if (root == NULL)
        return eg_error_set(error, EG_ERROR_INPUT, file, (uint32_t)wrong.line,
                            (uint32_t)wrong.column, "is no envelope: %s", wrong.text);
    const char *type = json_string_value(json_object_get(root, "payloadType"));
    struct eg_str payload;
    bool good = type != NULL && strcmp(type, EG_PAYLOAD_TYPE) == 0 &&
                decode_base64(arena, string_of(arena, json_object_get(root, "payload")), &payload);
    if (!good)
        (void)eg_error_set(error, EG_ERROR_INPUT, file, 0, 0,
                           "is no envelope with a payload of type " EG_PAYLOAD_TYPE);
    EVP_PKEY *public_key = good ? read_key(key, false, error) : NULL;
    if (public_key != NULL && !has_signature(arena, root, payload, public_key))
        (void)eg_error_set(error, EG_ERROR_INPUT, file, 0, 0,
                           "is not signed with the key in %.*s, or was changed since",
                           EG_STR_ARGS(key));
    json_decref(root);
    EVP_PKEY_free(public_key);
    return error->code == EG_ERROR_NONE &&
           read_statement(arena, file, payload, ret_attestation, error);
}
