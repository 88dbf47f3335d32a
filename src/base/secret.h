/* Telling texts that must not be printed. It only hides: whether a text is a finding is for the
 * policies to say, so this errs on the side of hiding. */
#ifndef EG_BASE_SECRET_H
#define EG_BASE_SECRET_H

#include "base/str.h"

/* Has TEXT the form of a secret under any name: a known kind of token, a private key, a password in
 * an address or a connection string, a long random word? */
bool eg_secret_has_form(struct eg_str text);

/* Is TEXT what the CDK calls things: ShopServiceBackendTask52EB4B9D, a path's words and eight
 * hexadecimal digits? Only those hold digits, as a random text's wouldn't. */
bool eg_secret_is_construct_name(struct eg_str text);

/* Does NAME say that a secret is behind it: DbPassword, api_token; not where one is: SECRET_ARN? */
bool eg_secret_is_name(struct eg_str name);

/* Is TEXT, the value of KEY in a map whose entry "Name" is NAME (or empty), a secret:
 * {"SecretString": TEXT}, {"Name": "DB_PASSWORD", "Value": TEXT}, or of a secret's form? An ARN or
 * a switch is none. */
bool eg_secret_is_entry(struct eg_str key, struct eg_str name, struct eg_str text);

/* Is WORD of a command one behind which a secret follows: --password, -token? */
bool eg_secret_is_flag(struct eg_str word);

#endif
