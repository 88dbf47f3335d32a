/* Telling values that must not be printed; see normalize.h. It only hides: whether a value is a
 * finding is for the policies to say, so this errs on the side of hiding. */
#include "base/secret.h"
#include "model/normalize.h"

#include <string.h>

static bool contains_nocase(struct eg_str text, const char *word) {
    struct eg_str part = eg_str_from(word);
    char first = (char)(word[0] | 0x20);
    for (size_t i = 0; i + part.length <= text.length; i++)
        if ((text.data[i] | 0x20) == first &&
            eg_str_equal_nocase(eg_str_slice(text, i, part.length), part))
            return true;
    return false;
}

static bool has_secret_name(struct eg_str name) {
    static const char *const words[] = {"passw", "pwd",  "passphrase", "secret",     "token",
                                        "key",   "cred", "auth",       "connection", "conn_str",
                                        "dsn",   "jwt",  "bearer",     "webhook",    "license"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (contains_nocase(name, words[i]))
            return true;
    return false;
}

static bool is_small(char c) {
    return c >= 'a' && c <= 'z';
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* A long run of letters of both cases and digits, as keys and tokens are. */
static bool has_random_run(struct eg_str text) {
    enum { SHORTEST = 20 };
    size_t run = 0, small = 0, capital = 0, digits = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (!is_small(c) && !is_capital(c) && !is_digit(c) &&
            (c == '\0' || strchr("+/=_.-", c) == NULL)) {
            run = small = capital = digits = 0;
            continue;
        }
        run++;
        small += is_small(c);
        capital += is_capital(c);
        digits += is_digit(c);
        if (run >= SHORTEST && small > 0 && capital > 0 && digits > 0)
            return true;
    }
    return false;
}

bool eg_looks_secret(struct eg_str name, struct eg_str text) {
    return text.length > 0 && (has_secret_name(name) || eg_secret_has_form(text) ||
                               (has_random_run(text) && !eg_secret_is_construct_name(text)));
}

const struct eg_node *eg_hide(struct eg_arena *arena, const struct eg_node *value) {
    if (value->kind != EG_STRING)
        return value;
    struct eg_node *hidden = EG_NEW(arena, struct eg_node);
    *hidden = *value;
    hidden->flags |= EG_FLAG_SECRET;
    return hidden;
}
