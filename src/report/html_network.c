/* The picture of the network in the HTML document: one drawing for each place that starts tasks,
 * from left to right who connects, the tasks, and what they connect to. The words beside it say the
 * same. See html.h and network.h. */
#include "report/escape.h"
#include "report/html.h"

enum {
    SITE_LIMIT = 24,
    ROW_LIMIT = 8, /* boxes in one column */
    BOX_WIDTH = 220,
    BOX_HEIGHT = 46,
    ROW_HEIGHT = 62,
    GAP = 40,
    NAME_LIMIT = 27, /* characters that fit into a box */
    DETAIL_LIMIT = 35,
};

/* Column 0: who connects; 1: the tasks; 2: the data stores. */
static int column_x(int column) {
    return 10 + column * (BOX_WIDTH + 3 * GAP);
}

static void write_text(struct eg_buf *out, int x, int y, bool name, struct eg_str text) {
    size_t limit = name ? NAME_LIMIT : DETAIL_LIMIT;
    eg_buf_printf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, name ? "name" : "kind");
    struct eg_str end = EG_STR("");
    size_t length = text.length;
    if (length > limit) { /* names of a template are ASCII; others are cut where they end */
        for (length = limit - 1; length > 0 && (text.data[length] & 0xC0) == 0x80;)
            length--;
        end = EG_STR("\xE2\x80\xA6");
    }
    eg_report_add_html(out, eg_str_slice(text, 0, length));
    eg_buf_add_str(out, end);
    eg_buf_puts(out, "</text>");
}

static void write_box(struct eg_buf *out, int x, int y, const char *class, struct eg_str name,
                      struct eg_str detail) {
    eg_buf_printf(out,
                  "<rect class=\"box %s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>",
                  class, x, y, BOX_WIDTH, BOX_HEIGHT);
    write_text(out, x + 10, y + 20, true, name);
    write_text(out, x + 10, y + 36, false, detail);
}

static void write_wire(struct eg_buf *out, int from_x, int from_y, int to_x, int to_y,
                       const char *class) {
    int middle = (from_x + to_x) / 2;
    eg_buf_printf(out, "<path class=\"wire %s\" d=\"M%d %dC%d %d %d %d %d %d\"/>", class, from_x,
                  from_y, middle, from_y, middle, to_y, to_x - 7, to_y);
    eg_buf_printf(out, "<path class=\"head\" d=\"M%d %dl-8 -4v8z\"/>", to_x, to_y);
}

static const char *class_of(const struct eg_network_site *site,
                            const struct eg_network_source *source) {
    switch (source->kind) {
    case EG_NETWORK_INTERNET:
        return site->is_public ? "fail" : "unknown";
    case EG_NETWORK_LOAD_BALANCER:
    case EG_NETWORK_INSIDE:
        return "pass";
    case EG_NETWORK_OPEN:
        break;
    }
    return "unknown";
}

static int row_y(uint32_t row, uint32_t rows, uint32_t most) {
    return 10 + (int)(most - rows) * ROW_HEIGHT / 2 + (int)row * ROW_HEIGHT;
}

static struct eg_str task_detail(struct eg_arena *arena, const struct eg_network_site *site) {
    return eg_str_format(arena, "%.*s subnets%s%.*s", EG_STR_ARGS(site->exposure),
                         site->address.length > 0 ? ", " : "", EG_STR_ARGS(site->address));
}

static void write_drawing(struct eg_buf *out, struct eg_arena *arena,
                          const struct eg_network_site *site) {
    uint32_t sources = site->source_count < ROW_LIMIT ? site->source_count : ROW_LIMIT;
    uint32_t stores = site->store_count < ROW_LIMIT ? site->store_count : ROW_LIMIT;
    uint32_t most = sources > stores ? sources : stores;
    if (most == 0)
        most = 1;
    int task_y = row_y(0, 1, most), middle = task_y + BOX_HEIGHT / 2;
    eg_buf_printf(out, "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" aria-hidden=\"true\">",
                  column_x(2) + BOX_WIDTH + 10, (int)most * ROW_HEIGHT + 10);
    for (uint32_t i = 0; i < sources; i++) {
        const struct eg_network_source *source = &site->sources[i];
        int y = row_y(i, sources, most);
        write_wire(out, column_x(0) + BOX_WIDTH, y + BOX_HEIGHT / 2, column_x(1), middle,
                   class_of(site, source));
        write_box(out, column_x(0), y, class_of(site, source), source->name, source->detail);
        write_text(out, column_x(0) + BOX_WIDTH + 8, y + BOX_HEIGHT / 2 - 5, false, source->ports);
    }
    write_box(out, column_x(1), task_y,
              site->is_public                        ? "fail"
              : eg_str_is(site->exposure, "unknown") ? "unknown"
                                                     : "pass",
              site->name, task_detail(arena, site));
    for (uint32_t i = 0; i < stores; i++) {
        int y = row_y(i, stores, most);
        write_wire(out, column_x(1) + BOX_WIDTH, middle, column_x(2), y + BOX_HEIGHT / 2, "");
        write_box(out, column_x(2), y, "", site->stores[i].name, site->stores[i].detail);
    }
    eg_buf_puts(out, "</svg></div>");
}

/* "Internet (0.0.0.0/0) to port 8000" */
static void write_source(struct eg_buf *out, const struct eg_network_source *source) {
    eg_html_code(out, source->name);
    if (source->detail.length > 0) {
        eg_buf_puts(out, " (");
        eg_html_text(out, source->detail);
        eg_buf_putc(out, ')');
    }
    if (source->ports.length > 0) {
        eg_buf_puts(out, " to ");
        eg_html_text(out, source->ports);
    }
}

static void write_words(struct eg_buf *out, struct eg_arena *arena,
                        const struct eg_network_site *site) {
    eg_buf_puts(out, "<figcaption>");
    eg_html_code(out, site->name);
    eg_buf_puts(out, ": ");
    eg_html_text(out, task_detail(arena, site));
    eg_buf_puts(out, site->source_count > 0 ? "; admitted: " : "; nothing is admitted");
    for (uint32_t i = 0; i < site->source_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "");
        write_source(out, &site->sources[i]);
    }
    for (uint32_t i = 0; i < site->store_count; i++) {
        eg_buf_puts(out, i > 0 ? ", " : "; may connect to ");
        eg_html_code(out, site->stores[i].name);
    }
    eg_buf_puts(out, "</figcaption>");
}

void eg_html_network(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->site_count == 0)
        return;
    eg_buf_puts(out, "<h3>Ways to the tasks</h3>\n");
    for (uint32_t i = 0; i < document->site_count && i < SITE_LIMIT; i++) {
        eg_buf_puts(out, "<figure class=\"network\">");
        write_drawing(out, document->arena, document->sites[i]);
        write_words(out, document->arena, document->sites[i]);
        eg_buf_puts(out, "</figure>\n");
    }
    if (document->site_count > SITE_LIMIT)
        eg_buf_printf(out, "<p>and %u more places that start tasks</p>\n",
                      document->site_count - SITE_LIMIT);
}
