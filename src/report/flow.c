/* Filling lines; see flow.h. Called by text.c. */
#include "report/flow.h"

#include "report/escape.h"

static void add_spaces(struct eg_buf *out, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        eg_buf_putc(out, ' ');
}

void eg_flow_begin(struct eg_flow *flow, uint32_t indent, uint32_t hanging) {
    add_spaces(flow->out, indent);
    flow->column = indent;
    flow->indent = hanging;
    flow->blank = true;
}

/* May the line be broken before WORD? Not before "::", which begins a command of GitHub's runners
 * where only white space stands before it. */
static bool may_break(const struct eg_flow *flow, struct eg_str word, uint32_t columns) {
    return flow->width > 0 && flow->column + columns > flow->width && flow->column > flow->indent &&
           !eg_str_starts_with(word, EG_STR("::"));
}

/* Adds WORD. "::" behind nothing but white space begins a command of GitHub's runners: there the
 * first colon is shown as what it is. */
static void add_word(struct eg_flow *flow, struct eg_str word) {
    size_t start = 0;
    while (start < word.length && word.data[start] == ' ')
        start++;
    struct eg_str rest = eg_str_from_offset(word, start);
    if (flow->blank && eg_str_starts_with(rest, EG_STR("::"))) {
        add_spaces(flow->out, (uint32_t)start);
        eg_buf_puts(flow->out, "\\u{3a}");
        flow->column += 5; /* more than ":" takes */
        word = eg_str_from_offset(rest, 1);
    }
    flow->blank = flow->blank && rest.length == 0;
    eg_buf_add_str(flow->out, word);
}

/* PIECE: white space, then a word. */
static void add_piece(struct eg_flow *flow, uint32_t spaces, struct eg_str word) {
    uint32_t columns = (uint32_t)eg_report_width(word);
    if (spaces > 0 && may_break(flow, word, spaces + columns)) {
        eg_buf_putc(flow->out, '\n');
        add_spaces(flow->out, flow->indent);
        flow->column = flow->indent;
        spaces = 0;
    }
    add_spaces(flow->out, spaces);
    add_word(flow, word);
    flow->column += spaces + columns;
}

/* Without a width a run is one piece: the usual case in a pipeline. */
void eg_flow_add(struct eg_flow *flow, enum eg_style style, struct eg_str text) {
    struct eg_buf shown;
    eg_buf_init(&shown);
    eg_report_add_plain(&shown, text);
    struct eg_str left = eg_buf_str(&shown);
    eg_buf_puts(flow->out, eg_style_start(style, flow->colour));
    if (flow->width == 0) {
        add_piece(flow, 0, left);
        left.length = 0;
    }
    while (left.length > 0) {
        size_t spaces = 0, end;
        while (spaces < left.length && left.data[spaces] == ' ')
            spaces++;
        for (end = spaces; end < left.length && left.data[end] != ' ';)
            end++;
        add_piece(flow, (uint32_t)spaces, eg_str_slice(left, spaces, end - spaces));
        left = eg_str_from_offset(left, end);
    }
    eg_buf_puts(flow->out, eg_style_end(style, flow->colour));
    eg_buf_done(&shown);
}

void eg_flow_puts(struct eg_flow *flow, enum eg_style style, const char *text) {
    eg_flow_add(flow, style, eg_str_from(text));
}

void eg_flow_end(struct eg_flow *flow) {
    eg_buf_putc(flow->out, '\n');
    flow->column = 0;
}
