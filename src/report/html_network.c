/* The picture of the network in the HTML document: one drawing for each place that starts tasks,
 * from left to right the internet, what stands between, the tasks, and their data stores; red where
 * a rule fails. The list beneath it says the same in words. See html.h and network.h. */
#include "report/escape.h"
#include "report/html.h"

enum {
    SITE_LIMIT = 24,
    COLUMNS = 4,
    ROW_LIMIT = 8, /* boxes in one column */
    BOX_WIDTH = 214,
    BOX_HEIGHT = 46,
    ROW_HEIGHT = 70,
    GAP = 86,
    NAME_LIMIT = 25, /* characters that fit into a box */
    DETAIL_LIMIT = 36,
    LABEL_LIMIT = 32,
};

static int column_of(enum eg_network_kind kind) {
    switch (kind) {
    case EG_NETWORK_INTERNET:
        return 0;
    case EG_NETWORK_LOAD_BALANCER:
    case EG_NETWORK_INSIDE:
    case EG_NETWORK_OPEN:
        return 1;
    case EG_NETWORK_TASKS:
        return 2;
    case EG_NETWORK_STORE:
        break;
    }
    return 3;
}

/* Where the boxes of a site stand. */
struct layout {
    const struct eg_network_site *site;
    int *rows;           /* of each box; ROW_LIMIT and above are not drawn */
    int counts[COLUMNS]; /* boxes of each column */
    int most;
};

static struct layout lay_out(struct eg_arena *arena, const struct eg_network_site *site) {
    struct layout layout = {.site = site, .rows = EG_NEW_ARRAY(arena, int, site->box_count)};
    for (uint32_t i = 0; i < site->box_count; i++)
        layout.rows[i] = layout.counts[column_of(site->boxes[i].kind)]++;
    for (int i = 0; i < COLUMNS; i++) {
        if (layout.counts[i] > ROW_LIMIT)
            layout.counts[i] = ROW_LIMIT;
        if (layout.counts[i] > layout.most)
            layout.most = layout.counts[i];
    }
    return layout;
}

static bool is_drawn(const struct layout *layout, uint32_t box) {
    return layout->rows[box] < ROW_LIMIT;
}

static int box_x(const struct layout *layout, uint32_t box) {
    return 10 + column_of(layout->site->boxes[box].kind) * (BOX_WIDTH + GAP);
}

static int box_y(const struct layout *layout, uint32_t box) {
    int count = layout->counts[column_of(layout->site->boxes[box].kind)];
    return 18 + (layout->most - count) * ROW_HEIGHT / 2 + layout->rows[box] * ROW_HEIGHT;
}

static void write_text(struct eg_buf *out, int x, int y, const char *class, size_t limit,
                       struct eg_str text) {
    if (text.length == 0)
        return;
    eg_buf_printf(out, "<text x=\"%d\" y=\"%d\" class=\"%s\">", x, y, class);
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

/* What is at fault leads to the rule; by keyboard the words beneath do. */
static void begin_fault(struct eg_buf *out, const struct eg_kept *fault) {
    if (fault == NULL)
        return;
    eg_buf_puts(out, "<a tabindex=\"-1\"");
    eg_html_rule_anchor(out, "href", fault->result.rule);
    eg_buf_puts(out, ">");
}

static void end_fault(struct eg_buf *out, const struct eg_kept *fault) {
    eg_buf_puts(out, fault != NULL ? "</a>" : "");
}

static void write_box(struct eg_buf *out, const struct layout *layout, uint32_t number) {
    const struct eg_network_box *box = &layout->site->boxes[number];
    int x = box_x(layout, number), y = box_y(layout, number);
    const char *class = box->fault != NULL              ? " fail"
                        : box->kind == EG_NETWORK_OPEN  ? " unknown"
                        : box->kind == EG_NETWORK_TASKS ? " tasks"
                                                        : "";
    begin_fault(out, box->fault);
    eg_buf_printf(out,
                  "<rect class=\"box%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"7\"/>",
                  class, x, y, BOX_WIDTH, BOX_HEIGHT);
    write_text(out, x + 10, y + (box->detail.length > 0 ? 20 : 28), "name", NAME_LIMIT, box->name);
    write_text(out, x + 10, y + 36, "kind", DETAIL_LIMIT, box->detail);
    end_fault(out, box->fault);
}

/* A wire that passes a column runs under the boxes there. */
static void write_wire(struct eg_buf *out, const struct layout *layout,
                       const struct eg_network_wire *wire) {
    int from_x = box_x(layout, wire->from) + BOX_WIDTH, to_x = box_x(layout, wire->to);
    int from_y = box_y(layout, wire->from) + BOX_HEIGHT / 2;
    int to_y = box_y(layout, wire->to) + BOX_HEIGHT / 2, middle = (from_x + to_x) / 2;
    bool is_far = to_x - from_x > GAP;
    int low = 18 + layout->most * ROW_HEIGHT - 4;
    const char *class = wire->fault != NULL ? " fail" : wire->open ? " unknown" : "";
    begin_fault(out, wire->fault);
    if (is_far)
        eg_buf_printf(
            out, "<path class=\"wire%s\" d=\"M%d %dC%d %d %d %d %d %dH%dC%d %d %d %d %d %d\"/>",
            class, from_x, from_y, from_x + GAP / 2, from_y, from_x + GAP / 2, low, from_x + GAP,
            low, to_x - GAP, to_x - GAP / 2, low, to_x - GAP / 2, to_y, to_x - 7, to_y);
    else
        eg_buf_printf(out, "<path class=\"wire%s\" d=\"M%d %dC%d %d %d %d %d %d\"/>", class, from_x,
                      from_y, middle, from_y, middle, to_y, to_x - 7, to_y);
    eg_buf_printf(out, "<path class=\"head%s\" d=\"M%d %dl-8 -4v8z\"/>", class, to_x, to_y);
    if (is_far)
        write_text(out, middle, low - 5, "label", LABEL_LIMIT, wire->label);
    else
        write_text(out, middle, (from_y + to_y) / 2 - 6, "label", LABEL_LIMIT, wire->label);
    end_fault(out, wire->fault);
}

static void write_drawing(struct eg_buf *out, struct eg_arena *arena,
                          const struct eg_network_site *site) {
    struct layout layout = lay_out(arena, site);
    int width = 20 + COLUMNS * BOX_WIDTH + (COLUMNS - 1) * GAP;
    eg_buf_printf(out, "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" aria-hidden=\"true\">",
                  width, layout.most * ROW_HEIGHT + 26);
    for (uint32_t i = 0; i < site->wire_count; i++)
        if (is_drawn(&layout, site->wires[i].from) && is_drawn(&layout, site->wires[i].to))
            write_wire(out, &layout, &site->wires[i]);
    for (uint32_t i = 0; i < site->box_count; i++)
        if (is_drawn(&layout, i))
            write_box(out, &layout, i);
    eg_buf_puts(out, "</svg></div>");
}

/* ---- in words ---- */

static void write_fault(struct eg_buf *out, const struct eg_kept *fault) {
    if (fault == NULL)
        return;
    eg_buf_putc(out, ' ');
    eg_html_badge(out, EG_STANDING_FAIL);
    eg_buf_putc(out, ' ');
    eg_html_rule_id(out, fault->result.rule);
}

static void write_way(struct eg_buf *out, const struct eg_network_site *site,
                      const struct eg_network_wire *wire) {
    eg_buf_puts(out, "<li>");
    eg_html_code(out, site->boxes[wire->from].name);
    eg_buf_puts(out, " \xE2\x86\x92 ");
    eg_html_code(out, site->boxes[wire->to].name);
    if (wire->label.length > 0) {
        eg_buf_puts(out, ": ");
        eg_html_text(out, wire->label);
    }
    eg_buf_puts(out, wire->open ? " (not known)" : "");
    write_fault(out, wire->fault);
    eg_buf_puts(out, "</li>");
}

static void write_words(struct eg_buf *out, const struct eg_network_site *site) {
    eg_buf_puts(out, "<figcaption>");
    eg_html_code(out, site->name);
    eg_buf_puts(out, ": ");
    eg_html_text(out, site->boxes[0].detail);
    write_fault(out, site->boxes[0].fault);
    eg_buf_puts(out, site->wire_count == 0 ? "; nothing may connect" : "<ul>");
    for (uint32_t i = 0; i < site->wire_count; i++)
        write_way(out, site, &site->wires[i]);
    eg_buf_puts(out, site->wire_count == 0 ? "" : "</ul>");
    eg_buf_puts(out, "</figcaption>");
}

void eg_html_network(struct eg_buf *out, const struct eg_compliance *document) {
    if (document->site_count == 0)
        return;
    eg_buf_puts(out, "<h3>Ways to and from the tasks</h3>\n");
    for (uint32_t i = 0; i < document->site_count && i < SITE_LIMIT; i++) {
        eg_buf_puts(out, "<figure class=\"network\">");
        write_drawing(out, document->arena, document->sites[i]);
        write_words(out, document->sites[i]);
        eg_buf_puts(out, "</figure>\n");
    }
    if (document->site_count > SITE_LIMIT)
        eg_buf_printf(out, "<p>and %u more places that start tasks</p>\n",
                      document->site_count - SITE_LIMIT);
}
