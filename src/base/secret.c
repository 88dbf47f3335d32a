/* Telling texts that must not be printed; see secret.h. Called by the model, which marks them, and
 * by the excerpts of reports. */
#include "base/secret.h"

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

static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Is PART in TEXT, without regard to case and to '_' and '-' in TEXT? */
static bool has_word(struct eg_str text, const char *part) {
    for (size_t start = 0; start < text.length; start++) {
        size_t at = start;
        const char *wanted = part;
        while (*wanted != '\0' && at < text.length) {
            char c = lower(text.data[at]);
            if (c == *wanted)
                wanted++;
            else if ((c != '_' && c != '-') || at == start)
                break;
            at++;
        }
        if (*wanted == '\0')
            return true;
    }
    return false;
}

bool eg_secret_is_name(struct eg_str name) {
    static const char *const words[] = {
        "password",  "passwd",     "passphrase", "token",  "apikey",       "accesskey",
        "secretkey", "privatekey", "signingkey", "secret", "clientsecret", "connectionstring"};
    static const char *const ends[] = {"arn",  "name", "length", "parameter", "id",
                                       "path", "file", "from",   "url",       "s"};
    bool named = false;
    for (size_t i = 0; i < sizeof words / sizeof words[0] && !named; i++)
        named = has_word(name, words[i]);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0] && named; i++) {
        size_t length = strlen(ends[i]);
        if (length < name.length &&
            eg_str_equal_nocase(eg_str_from_offset(name, name.length - length),
                                eg_str_from(ends[i])))
            named = false;
    }
    return named;
}

/* scheme://user:password@host */
static bool has_user_information(struct eg_str text) {
    size_t start = eg_str_find(text, EG_STR("://"), 0);
    while (start != SIZE_MAX) {
        struct eg_str rest = eg_str_from_offset(text, start + 3);
        size_t colon = SIZE_MAX;
        for (size_t i = 0; i < rest.length && rest.data[i] > ' ' && rest.data[i] != '/'; i++) {
            if (rest.data[i] == ':' && colon == SIZE_MAX)
                colon = i;
            if (rest.data[i] == '@' && colon != SIZE_MAX)
                return true;
        }
        start = eg_str_find(text, EG_STR("://"), start + 3);
    }
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

bool eg_secret_is_construct_name(struct eg_str text) {
    enum { DIGITS = 8 };
    if (text.length <= DIGITS)
        return false;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool hash = i >= text.length - DIGITS;
        if (hash ? !is_digit(c) && !(c >= 'A' && c <= 'F')
                 : !is_small(c) && !is_capital(c) && c != '-')
            return false;
    }
    return true;
}

/* A word of letters of both cases and digits as keys are: as long as they are, and without what
 * would be words in the name of a resource. */
static bool is_random_word(struct eg_str word) {
    enum { SHORTEST = 32, LONGEST = 92, WORD = 7 };
    size_t small = 0, capital = 0, digits = 0, small_run = 0, capital_run = 0;
    if (word.length < SHORTEST || word.length > LONGEST || eg_secret_is_construct_name(word))
        return false;
    for (size_t i = 0; i < word.length; i++) {
        char c = word.data[i];
        small += is_small(c);
        capital += is_capital(c);
        digits += is_digit(c);
        small_run = is_small(c) ? small_run + 1 : 0;
        capital_run = is_capital(c) ? capital_run + 1 : 0;
        if (small_run > WORD || capital_run > WORD)
            return false;
    }
    return small > 0 && capital > 0 && digits > 2;
}

static bool is_of_word(char c) {
    return is_small(c) || is_capital(c) || is_digit(c) || (c != '\0' && strchr("+/=_-", c) != NULL);
}

static bool has_random_word(struct eg_str text) {
    for (size_t start = 0; start < text.length; start++) {
        size_t end = start;
        while (end < text.length && is_of_word(text.data[end]))
            end++;
        if (is_random_word(eg_str_slice(text, start, end - start)))
            return true;
        start = end;
    }
    return false;
}

bool eg_secret_has_form(struct eg_str text) {
    static const char *const marks[] = {"AKIA",        "ASIA",
                                        "-----BEGIN",  "AGE-SECRET",
                                        "ghp_",        "github_pat_",
                                        "xox",         "k_live_",
                                        "eyJ",         "password=",
                                        "pwd=",        "hooks.slack.com",
                                        "AccountKey=", "SharedAccessKey=",
                                        "dckr_pat",    "glpat-"};
    if (text.length == 0)
        return false;
    if (has_user_information(text) || has_random_word(text))
        return true;
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++)
        if (contains_nocase(text, marks[i]))
            return true;
    return false;
}

bool eg_secret_is_entry(struct eg_str key, struct eg_str name, struct eg_str text) {
    if (text.length == 0 || eg_str_starts_with(text, EG_STR("arn:")) || eg_str_is(text, "true") ||
        eg_str_is(text, "false"))
        return false;
    return eg_secret_is_name(key) || eg_str_is(key, "SecretString") || eg_secret_has_form(text) ||
           (eg_str_equal_nocase(key, EG_STR("value")) && eg_secret_is_name(name));
}

bool eg_secret_is_flag(struct eg_str word) {
    static const char *const names[] = {"password", "passwd",  "token", "secret",
                                        "api-key",  "api_key", "apikey"};
    size_t dashes = 0;
    while (dashes < 2 && dashes < word.length && word.data[dashes] == '-')
        dashes++;
    struct eg_str name = eg_str_from_offset(word, dashes);
    for (size_t i = 0; dashes > 0 && i < sizeof names / sizeof names[0]; i++)
        if (eg_str_equal_nocase(name, eg_str_from(names[i])))
            return true;
    return false;
}
