/* Reading and writing whole files. */
#ifndef EG_BASE_FILE_H
#define EG_BASE_FILE_H

#include "base/error.h"

/* Reads PATH ("-": standard input) into ARENA, at most EG_LIMIT_FILE_BYTES. The text is followed by
 * a NUL that is not counted. NAME is what errors call the file. Fails with EG_ERROR_INPUT. */
EG_MUST_USE bool eg_file_read(struct eg_arena *arena, struct eg_str path, struct eg_str name,
                              struct eg_str *ret_text, struct eg_error *error);

/* Writes PATH whole or not at all: into a new file beside it, which then takes its name. Fails with
 * EG_ERROR_SYSTEM. */
EG_MUST_USE bool eg_file_write(struct eg_str path, struct eg_str content, struct eg_error *error);

enum eg_file_type { EG_FILE_NONE, EG_FILE_REGULAR, EG_FILE_FOLDER, EG_FILE_OTHER };
enum eg_file_type eg_file_type(struct eg_str path);

/* The names in folder PATH without "." and "..", sorted by bytes. Fails with EG_ERROR_INPUT. */
EG_MUST_USE bool eg_file_list(struct eg_arena *arena, struct eg_str path, struct eg_str **ret_names,
                              size_t *ret_count, struct eg_error *error);

/* FOLDER/NAME; NAME alone if FOLDER is empty or "." or NAME is absolute. */
struct eg_str eg_file_join(struct eg_arena *arena, struct eg_str folder, struct eg_str name);
/* Everything before the last '/', "." if there is none. */
struct eg_str eg_file_folder(struct eg_str path);
/* Everything behind the last '/'. */
struct eg_str eg_file_name(struct eg_str path);

/* Does PATH, given inside an input, stay inside that input's folder? False for absolute paths and
 * for those with a ".." that leads out of it. (Symbolic links: see eg_file_within.) */
bool eg_file_path_is_inside(struct eg_str path);
/* Is the real path of PATH inside the real path of FOLDER? False too if either doesn't exist. */
bool eg_file_within(struct eg_str folder, struct eg_str path);

/* SHA-256 of CONTENT as 64 lower-case hexadecimal digits and a NUL. */
void eg_file_digest(struct eg_str content, char ret_digest[65]);

#endif
