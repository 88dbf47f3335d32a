/* Attestations: a result signed, so that others can check later what was judged and how it came
 * out.
 *
 * The envelope is DSSE (https://github.com/secure-systems-lab/dsse, protocol and envelope), its
 * payload an in-toto statement (https://github.com/in-toto/attestation, spec/v1/statement.md): the
 * inputs' digests are the subjects, the JSON result is the predicate. Keys are PEM files, Ed25519
 * or ECDSA; signing is OpenSSL's.
 */
#ifndef EG_REPORT_ATTEST_H
#define EG_REPORT_ATTEST_H

#include "base/buf.h"
#include "base/error.h"

/* The type of our predicate, and that of every envelope's payload. */
#define EG_PREDICATE_TYPE "https://ecsgate.dev/attestation/result/v1"
#define EG_PAYLOAD_TYPE   "application/vnd.in-toto+json"

/* Can KEY, a PEM file, sign? Fails with EG_ERROR_USAGE. For saying so before the work is done. */
EG_MUST_USE bool eg_attest_check_key(struct eg_str key, struct eg_error *error);

/* Appends the envelope over RESULT (what -f json writes), signed with the private key in the PEM
 * file KEY, to OUT. Fails with EG_ERROR_USAGE for the key, EG_ERROR_SYSTEM for the rest. */
EG_MUST_USE bool eg_attest_sign(struct eg_str result, struct eg_str key, struct eg_buf *out,
                                struct eg_error *error);

/* One subject of a verified statement. */
struct eg_subject {
    struct eg_str name;   /* path of the input as it was given */
    struct eg_str digest; /* SHA-256, 64 hexadecimal digits */
};

struct eg_attestation {
    struct eg_subject *subjects;
    uint32_t subject_count;
    struct eg_str verdict; /* of the predicate */
    struct eg_str version; /* of the ecsgate that made it */
};

/* Reads the envelope ENVELOPE (its text; FILE names it in errors) and checks a signature of it with
 * the public (or private) key in the PEM file KEY. Fails with EG_ERROR_INPUT if the envelope is not
 * well formed or none of its signatures is the key's. */
EG_MUST_USE bool eg_attest_verify(struct eg_arena *arena, struct eg_str file,
                                  struct eg_str envelope, struct eg_str key,
                                  struct eg_attestation *ret_attestation, struct eg_error *error);

#endif
