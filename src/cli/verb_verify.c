/* ecsgate verify: checks a signed result against the key and the files it speaks of. */
#include "base/file.h"
#include "cli/verbs.h"
#include "report/attest.h"
#include "report/report.h"

#include <stdio.h>

struct verify {
    struct eg_str key;
    struct eg_str folder; /* where the inputs' paths start */
};

static bool take_key(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct verify *)context)->key = eg_str_from(value);
    return true;
}

static bool take_folder(void *context, const char *value, struct eg_error *error) {
    (void)error;
    ((struct verify *)context)->folder = eg_str_from(value);
    return true;
}

static const struct eg_option options[] = {
    {0, "key", "FILE", "public key of the signer: PEM, Ed25519 or ECDSA", take_key},
    {0, "folder", "DIR", "where the inputs lie (default: the working folder)", take_folder},
    {0, NULL, NULL, NULL, NULL},
};

/* The digest of a subject's file; an assembly's is that of its manifest.json. */
static bool digest_of(struct eg_arena *arena, struct eg_str path, char ret_digest[65],
                      struct eg_error *error) {
    struct eg_str text;
    if (eg_file_type(path) == EG_FILE_FOLDER)
        path = eg_file_join(arena, path, EG_STR("manifest.json"));
    if (!eg_file_read(arena, path, path, &text, error))
        return false;
    eg_file_digest(text, ret_digest);
    return true;
}

static void add_line(struct eg_buf *out, struct eg_str name, const char *state) {
    eg_report_add_plain(out, name);
    eg_buf_puts(out, ": ");
    eg_report_add_plain(out, eg_str_from(state));
    eg_buf_putc(out, '\n');
}

/* Prints a line for each subject; false if one is not what was judged. */
static bool check_subjects(struct eg_arena *arena, const struct eg_attestation *attestation,
                           struct eg_str folder) {
    bool good = true;
    struct eg_buf lines;
    eg_buf_init(&lines);
    for (uint32_t i = 0; i < attestation->subject_count; i++) {
        const struct eg_subject *subject = &attestation->subjects[i];
        struct eg_error error = {0};
        char digest[65];
        const char *state = "unchanged";
        bool same = false;
        if (!digest_of(arena, eg_file_join(arena, folder, subject->name), digest, &error))
            state = error.text;
        else if (eg_str_is(subject->digest, digest))
            same = true;
        else
            state = "CHANGED since it was judged";
        good = good && same;
        add_line(&lines, subject->name, state);
    }
    (void)fwrite(lines.data, 1, lines.length, stdout); /* main() sees whether it arrived */
    eg_buf_done(&lines);
    return good;
}

static enum eg_status verify(struct eg_arena *arena, const struct verify *how, const char *path) {
    struct eg_error error = {0};
    struct eg_str file = eg_str_from(path), envelope;
    struct eg_attestation attestation;
    if (how->key.length == 0)
        (void)eg_error_set(&error, EG_ERROR_USAGE, EG_STR(""), 0, 0,
                           "verify needs --key FILE, the signer's public key");
    if (error.code != EG_ERROR_NONE || !eg_file_read(arena, file, file, &envelope, &error) ||
        !eg_attest_verify(arena, file, envelope, how->key, &attestation, &error))
        return eg_cli_fail(&error);
    struct eg_buf head;
    eg_buf_init(&head);
    eg_buf_puts(&head, "signature: good\nverdict: ");
    eg_report_add_plain(&head, attestation.verdict);
    eg_buf_puts(&head, " (ecsgate ");
    eg_report_add_plain(&head, attestation.version);
    eg_buf_puts(&head, ")\n");
    (void)fwrite(head.data, 1, head.length, stdout);
    eg_buf_done(&head);
    return check_subjects(arena, &attestation, how->folder) ? EG_STATUS_HOLDS : EG_STATUS_FAILS;
}

static int run_verify(int argc, char **argv) {
    struct verify how = {0};
    struct eg_arena arena;
    eg_arena_init(&arena);
    enum eg_status status;
    int operands;
    if (eg_options_parse(&eg_verb_verify, options, &how, argc, argv, &operands, &status)) {
        if (operands == 1) {
            status = verify(&arena, &how, argv[0]);
        } else {
            fputs("ecsgate verify: expected one ENVELOPE\n", stderr);
            status = EG_STATUS_USAGE;
        }
    }
    eg_arena_done(&arena);
    return (int)status;
}

const struct eg_command eg_verb_verify = {
    .name = "verify",
    .arguments = "ENVELOPE",
    .doc = "check a signed result against the key and the files",
    .more = "Exit status: 0 the signature is good and every input is unchanged, 1 an input\n"
            "was changed or is missing, 3 the envelope is not what the key signed.",
    .run = run_verify,
};
