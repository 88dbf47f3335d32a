/* The terminal; see terminal.h. Called by the commands. */
#include "cli/terminal.h"

#include "report/escape.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* COLUMNS comes before what the terminal says (POSIX, "Environment Variables"). */
uint32_t eg_terminal_width(void) {
    enum { USUAL = 80 };
    const char *columns = getenv("COLUMNS");
    struct winsize size;
    int64_t wanted;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (columns != NULL && eg_str_to_int(eg_str_from(columns), &wanted) && wanted > 0 &&
        wanted <= UINT16_MAX)
        return (uint32_t)wanted;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return USUAL;
    return size.ws_col;
}

void eg_terminal_add_lines(struct eg_buf *out, const char *indent, struct eg_str text) {
    for (size_t at = 0; at < text.length;) {
        size_t end = eg_str_find(text, EG_STR("\n"), at);
        if (end == SIZE_MAX)
            end = text.length;
        eg_buf_puts(out, indent);
        eg_report_add_plain(out, eg_str_slice(text, at, end - at));
        eg_buf_putc(out, '\n');
        at = end + 1;
    }
}
