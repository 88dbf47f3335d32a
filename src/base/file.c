/* Reading and writing whole files; see file.h. Called by the loaders, the policy loader and the
 * renderers. */
#include "base/file.h"

#include "base/limits.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The plain functions of libcrypto: the newer ones (EVP) read a configuration and load providers
 * at the first digest, which takes longer than all the rest of a short run. */
#define OPENSSL_API_COMPAT 10101
#include <openssl/sha.h>

static bool read_error(struct eg_error *error, struct eg_str name, int number) {
    return eg_error_set(error, EG_ERROR_INPUT, name, 0, 0, "cannot be read: %s", strerror(number));
}

static bool read_all(struct eg_arena *arena, int descriptor, size_t expected, struct eg_str name,
                     struct eg_str *ret_text, struct eg_error *error) {
    size_t capacity = expected + 1, length = 0;
    char *data = eg_arena_alloc(arena, capacity);
    for (;;) {
        if (length + 1 == capacity || capacity == 1) {
            size_t larger = capacity < 4096 ? 4096 : capacity * 2;
            data = eg_arena_grow(arena, data, capacity, larger);
            capacity = larger;
        }
        ssize_t got = read(descriptor, data + length, capacity - 1 - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return read_error(error, name, errno);
        if (got == 0)
            break;
        length += (size_t)got;
        if (length > EG_LIMIT_FILE_BYTES)
            return eg_error_set(error, EG_ERROR_INPUT, name, 0, 0,
                                "is larger than %d MiB, the most that is read",
                                EG_LIMIT_FILE_BYTES / (1024 * 1024));
    }
    data[length] = '\0';
    *ret_text = (struct eg_str){data, length};
    return true;
}

/* PATH as a terminated string in BUFFER; false if it does not fit or holds a NUL. */
static bool terminate(struct eg_str path, char buffer[PATH_MAX]) {
    if (path.length >= PATH_MAX || memchr(path.data, '\0', path.length) != NULL)
        return false;
    if (path.length > 0)
        memcpy(buffer, path.data, path.length);
    buffer[path.length] = '\0';
    return true;
}

bool eg_file_read(struct eg_arena *arena, struct eg_str path, struct eg_str name,
                  struct eg_str *ret_text, struct eg_error *error) {
    if (eg_str_is(path, "-"))
        return read_all(arena, STDIN_FILENO, 0, name, ret_text, error);
    char terminated[PATH_MAX];
    if (!terminate(path, terminated))
        return read_error(error, name, ENAMETOOLONG);
    int descriptor = open(terminated, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return read_error(error, name, errno);
    struct stat status;
    bool good = false;
    if (fstat(descriptor, &status) != 0)
        (void)read_error(error, name, errno);
    else if (S_ISDIR(status.st_mode))
        (void)read_error(error, name, EISDIR);
    else if (status.st_size > EG_LIMIT_FILE_BYTES)
        (void)eg_error_set(error, EG_ERROR_INPUT, name, 0, 0,
                           "is larger than %d MiB, the most that is read",
                           EG_LIMIT_FILE_BYTES / (1024 * 1024));
    else
        good = read_all(arena, descriptor, (size_t)status.st_size + 1, name, ret_text, error);
    (void)close(descriptor);
    return good;
}

static bool write_all(int descriptor, struct eg_str content) {
    while (content.length > 0) {
        ssize_t put = write(descriptor, content.data, content.length);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        content = eg_str_from_offset(content, (size_t)put);
    }
    return true;
}

static bool write_error(struct eg_error *error, struct eg_str path, int number) {
    return eg_error_set(error, EG_ERROR_SYSTEM, path, 0, 0, "cannot be written: %s",
                        strerror(number));
}

/* A device or pipe takes what is written; a file put in its place would be the end of it. */
static bool write_through(struct eg_str path, const char *target, struct eg_str content,
                          struct eg_error *error) {
    int descriptor = open(target, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return write_error(error, path, errno);
    bool good = write_all(descriptor, content);
    int number = errno;
    if (close(descriptor) != 0 && good) {
        good = false;
        number = errno;
    }
    return good || write_error(error, path, number);
}

bool eg_file_write(struct eg_str path, struct eg_str content, struct eg_error *error) {
    char named[PATH_MAX], target[PATH_MAX], beside[PATH_MAX + 16];
    struct stat status;
    if (!terminate(path, named))
        return write_error(error, path, ENAMETOOLONG);
    if (stat(named, &status) == 0 && !S_ISREG(status.st_mode))
        return write_through(path, named, content, error);
    if (realpath(named, target) == NULL) /* not there yet; a link is followed */
        memcpy(target, named, sizeof target);
    (void)snprintf(beside, sizeof beside, "%s.XXXXXX", target);
    int descriptor = mkstemp(beside);
    if (descriptor < 0)
        return write_error(error, path, errno);
    mode_t mask = umask(0);
    (void)umask(mask);
    bool good = write_all(descriptor, content) && fchmod(descriptor, 0666 & ~mask) == 0;
    int number = errno;
    if (close(descriptor) != 0 && good) {
        good = false;
        number = errno;
    }
    if (good && rename(beside, target) != 0) {
        good = false;
        number = errno;
    }
    if (good)
        return true;
    (void)unlink(beside);
    return write_error(error, path, number);
}

enum eg_file_type eg_file_type(struct eg_str path) {
    char terminated[PATH_MAX];
    struct stat status;
    if (!terminate(path, terminated) || stat(terminated, &status) != 0)
        return EG_FILE_NONE;
    if (S_ISDIR(status.st_mode))
        return EG_FILE_FOLDER;
    return S_ISREG(status.st_mode) ? EG_FILE_REGULAR : EG_FILE_OTHER;
}

static int compare_names(const void *a, const void *b) {
    return eg_str_compare(*(const struct eg_str *)a, *(const struct eg_str *)b);
}

bool eg_file_list(struct eg_arena *arena, struct eg_str path, struct eg_str **ret_names,
                  size_t *ret_count, struct eg_error *error) {
    char terminated[PATH_MAX];
    DIR *folder = terminate(path, terminated) ? opendir(terminated) : NULL;
    if (folder == NULL)
        return read_error(error, path, errno);
    struct eg_str *names = NULL;
    size_t count = 0, capacity = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (count == capacity) {
            size_t larger = capacity == 0 ? 16 : capacity * 2;
            names = eg_arena_grow(arena, names, capacity * sizeof *names, larger * sizeof *names);
            capacity = larger;
        }
        names[count++] = eg_str_copy(arena, eg_str_from(entry->d_name));
    }
    (void)closedir(folder);
    if (count > 1)
        qsort(names, count, sizeof *names, compare_names);
    *ret_names = names;
    *ret_count = count;
    return true;
}

struct eg_str eg_file_join(struct eg_arena *arena, struct eg_str folder, struct eg_str name) {
    if (folder.length == 0 || eg_str_is(folder, ".") || eg_str_starts_with(name, EG_STR("/")))
        return eg_str_copy(arena, name);
    const char *slash = eg_str_ends_with(folder, EG_STR("/")) ? "" : "/";
    return eg_str_format(arena, "%.*s%s%.*s", EG_STR_ARGS(folder), slash, EG_STR_ARGS(name));
}

struct eg_str eg_file_folder(struct eg_str path) {
    size_t slash = eg_str_find_last(path, '/');
    if (slash == SIZE_MAX)
        return EG_STR(".");
    return eg_str_slice(path, 0, slash == 0 ? 1 : slash);
}

struct eg_str eg_file_name(struct eg_str path) {
    size_t slash = eg_str_find_last(path, '/');
    return slash == SIZE_MAX ? path : eg_str_from_offset(path, slash + 1);
}

bool eg_file_path_is_inside(struct eg_str path) {
    if (eg_str_starts_with(path, EG_STR("/")))
        return false;
    int depth = 0;
    while (path.length > 0) {
        size_t slash = eg_str_find(path, EG_STR("/"), 0);
        struct eg_str part = eg_str_slice(path, 0, slash);
        if (eg_str_is(part, ".."))
            depth--;
        else if (part.length > 0 && !eg_str_is(part, "."))
            depth++;
        if (depth < 0)
            return false;
        path = eg_str_from_offset(path, slash == SIZE_MAX ? path.length : slash + 1);
    }
    return true;
}

bool eg_file_within(struct eg_str folder, struct eg_str path) {
    char terminated[PATH_MAX], real_folder[PATH_MAX], real_path[PATH_MAX];
    if (!terminate(folder, terminated) || realpath(terminated, real_folder) == NULL ||
        !terminate(path, terminated) || realpath(terminated, real_path) == NULL)
        return false;
    size_t length = strlen(real_folder);
    return strcmp(real_folder, "/") == 0 ||
           (strncmp(real_folder, real_path, length) == 0 &&
            (real_path[length] == '/' || real_path[length] == '\0'));
}

void eg_file_digest(struct eg_str content, char ret_digest[65]) {
    static const char digits[] = "0123456789abcdef";
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256_CTX context;
    SHA256_Init(&context);
    SHA256_Update(&context, content.data, content.length);
    SHA256_Final(digest, &context);
    for (size_t i = 0; i < sizeof digest; i++) {
        ret_digest[2 * i] = digits[digest[i] >> 4];
        ret_digest[2 * i + 1] = digits[digest[i] & 15];
    }
    ret_digest[2 * sizeof digest] = '\0';
}
