/* The compliance document before it has a form: results sorted into chapters and topics, the
 * checklists, what became of earlier findings, and the conclusion. Markdown and HTML are two ways
 * of writing it down. Its shape is data: policies/report.yaml. */
#ifndef EG_REPORT_COMPLIANCE_H
#define EG_REPORT_COMPLIANCE_H

#include "report/excerpt.h"
#include "report/network.h"
#include "report/report.h"

/* How a rule, topic, chapter or line of a checklist stands; the worst of its parts. */
enum eg_standing {
    EG_STANDING_UNSEEN,         /* no input could show it: not examined, never compliant */
    EG_STANDING_NOT_APPLICABLE, /* nothing here that it is about */
    EG_STANDING_PASS,
    EG_STANDING_ADVICE, /* holds; what fails or is open is of severity info: told, no more */
    EG_STANDING_WAIVED,
    EG_STANDING_UNKNOWN,
    EG_STANDING_FAIL,
    EG_STANDING_COUNT
};
/* One sign: a check mark, a cross, a warning, a dash, a lamp for advice, a memo for a waiver. */
const char *eg_standing_mark(enum eg_standing standing);
/* "pass", "fail", "not examined" … */
const char *eg_standing_word(enum eg_standing standing);
/* Pass or advice. */
bool eg_standing_holds(enum eg_standing standing);
/* Is there something to mend: fail or advice? */
bool eg_standing_has_findings(enum eg_standing standing);

struct eg_counts {
    uint32_t verdicts[EG_VERDICT_COUNT];
    uint32_t failed[EG_SEVERITY_COUNT];
    uint32_t open[EG_SEVERITY_COUNT]; /* unknown */
};

/* A result with all its texts in the document's arena. */
struct eg_kept {
    struct eg_result result;     /* source NULL; evidence with values only; no path */
    struct eg_str way;           /* its path in words; empty: none */
    struct eg_waiver *waiver;    /* the result's own copy; NULL: none */
    struct eg_excerpt *excerpts; /* the lines that it rests on */
    uint32_t excerpt_count;
    struct eg_place resource; /* of the resource, which the finding's own may lie outside of */
    bool listed;          /* the document shows it, so that links to its anchor lead somewhere */
    struct eg_str anchor; /* of its own in the document: letters, digits, '-' */
};

struct eg_topic;

/* A rule with all its results, in the order of the inputs. */
struct eg_rule_entry {
    const struct eg_rule *rule;
    struct eg_kept **items;
    uint32_t count, capacity;
    struct eg_counts counts;
    enum eg_standing standing;
    enum eg_severity severity; /* the worst among its failures; else the rule's */
    const struct eg_topic *home;
    struct eg_str *remedies; /* of the checks that fail, each once */
    uint32_t remedy_count;
};

struct eg_entries_list {
    struct eg_rule_entry **items;
    uint32_t count, capacity;
};

struct eg_topic {
    struct eg_str title;
    struct eg_entries_list rules; /* at home here */
    struct eg_entries_list also;  /* at home elsewhere */
    enum eg_standing standing;
    struct eg_counts counts;
    const struct eg_chapter *chapter;
};

struct eg_unseen {
    struct eg_str text, needs;
};

/* A resource that a chapter's rules looked at. */
struct eg_examined {
    struct eg_str stack, resource, type, construct;
    struct eg_place place;
};

struct eg_chapter {
    struct eg_str id, title;
    uint32_t number; /* 0: none */
    struct eg_reference_link guide;
    struct eg_topic *topics;
    uint32_t topic_count;
    struct eg_unseen *unseen;
    uint32_t unseen_count;
    bool network; /* the picture of the network stands here */
    enum eg_standing standing;
    struct eg_counts counts;
    struct eg_examined *examined;
    uint32_t examined_count;
};

struct eg_checklist_line {
    struct eg_str text;
    struct eg_str unseen; /* what would show it; empty: its rules do */
    struct eg_entries_list rules;
    struct eg_str off; /* a rule of the line that is switched off; empty: none */
    enum eg_standing standing;
};

struct eg_checklist {
    struct eg_str title;
    struct eg_checklist_line *lines;
    uint32_t line_count;
};

/* What became of a finding of the earlier result. */
enum eg_outcome {
    EG_OUTCOME_OPEN,
    EG_OUTCOME_UNDECIDED,
    EG_OUTCOME_WAIVED,
    EG_OUTCOME_PASSES, /* resolved: the rule holds for it now */
    EG_OUTCOME_GONE,   /* resolved: there is no such thing to judge any more */
    EG_OUTCOME_COUNT
};
/* "STILL OPEN", "RESOLVED" … */
const char *eg_outcome_words(enum eg_outcome outcome);
enum eg_standing eg_outcome_standing(enum eg_outcome outcome);

struct eg_issue {
    struct eg_str rule, title, message, resource, object, place;
    enum eg_severity severity;
    uint32_t number; /* in the earlier result */
    enum eg_outcome outcome;
};

/* What would decide verdicts that are open now. */
struct eg_open_reason {
    struct eg_str reason;
    struct eg_kept **items;
    uint32_t count, capacity;
};

/* A waiver that is faulty, expired, unused or too broad: where it stands and what is wrong. */
struct eg_waiver_note {
    struct eg_place place;
    struct eg_str text;
};

struct eg_compliance_input {
    struct eg_str path, kind, digest;
    struct eg_compliance_input *parts; /* its templates: path is the file, kind the stack */
    uint32_t part_count;
    struct eg_compliance_input *next;
};

enum eg_readiness { EG_READY, EG_CONDITIONALLY_READY, EG_NOT_READY };
enum eg_confidence { EG_CONFIDENCE_HIGH, EG_CONFIDENCE_MEDIUM, EG_CONFIDENCE_LOW };

/* A file, or the policy, that the document rests on. */
struct eg_source_file {
    struct eg_str name, digest; /* SHA-256, in hexadecimal digits */
};

/* Something that the document takes for granted: "Region", "us-east-1"; value may be empty. */
struct eg_assumption_made {
    struct eg_str text, value; /* "(secret)" where template, name or form say so */
};

struct eg_compliance {
    struct eg_arena *arena;
    const struct eg_report_options *options;
    const struct eg_summary *summary; /* from the end on */
    struct eg_str title, command_line;

    struct eg_compliance_input *inputs, **inputs_end;
    struct eg_error **errors;
    uint32_t error_count, error_capacity;

    struct eg_rule_entry *entries; /* by rule number */
    struct eg_map by_id;           /* to struct eg_rule_entry * */
    struct eg_map by_fingerprint;  /* to struct eg_kept * */
    struct eg_map hidden;          /* names of NoEcho parameters */
    struct eg_kept **kept;         /* all, in order */
    uint32_t kept_count, kept_capacity;
    struct eg_waiver_note *waiver_notes;
    uint32_t waiver_note_count, waiver_note_capacity;
    struct eg_network_site **sites; /* of every batch */
    uint32_t site_count, site_capacity;

    struct eg_chapter *chapters;
    uint32_t chapter_count;
    struct eg_checklist *checklists;
    uint32_t checklist_count;
    struct eg_rule_entry **by_priority; /* those that fail, the worst first */
    uint32_t priority_count;
    struct eg_issue *issues; /* what is open first, then by severity */
    uint32_t issue_count, resolved_count;
    struct eg_kept **fresh; /* failures that the earlier result did not have */
    uint32_t fresh_count;
    struct eg_open_reason *open;
    uint32_t open_count;
    struct eg_source_file *files;
    uint32_t file_count;
    struct eg_assumption_made *assumptions;
    uint32_t assumption_count;
    enum eg_readiness readiness;
    enum eg_confidence confidence;
    uint32_t open_share; /* of the verdicts, in tenths of a percent */
};

/* The three steps of a renderer. ARENA must live until the document is written. */
struct eg_compliance *eg_compliance_begin(struct eg_arena *arena,
                                          const struct eg_report_options *options);
void eg_compliance_add(struct eg_compliance *document, const struct eg_batch *batch);
void eg_compliance_end(struct eg_compliance *document, const struct eg_summary *summary);

/* ---- parts of compliance.c's work, each in a file of its own ---- */

/* compliance_keep.c: RESULT with everything it needs in ARENA. */
struct eg_kept *eg_compliance_keep(struct eg_arena *arena, const struct eg_result *result);
/* compliance_form.c: chapters and checklists as policies/report.yaml has them, rules sorted in. */
void eg_compliance_form(struct eg_compliance *document);
/* compliance_network.c: what is at fault in the picture of the network. */
void eg_compliance_mark_network(struct eg_compliance *document);
/* compliance_past.c: issues and fresh findings against options->previous. */
void eg_compliance_compare(struct eg_compliance *document);
/* compliance_provenance.c: files, assumptions, and the command line without secrets. */
void eg_compliance_trace(struct eg_compliance *document);
/* compliance_conclude.c: priorities, open reasons, readiness and confidence. */
void eg_compliance_conclude(struct eg_compliance *document);

enum eg_standing eg_standing_of(const struct eg_counts *counts);
void eg_counts_add(struct eg_counts *sum, const struct eg_counts *part);
void eg_entries_add(struct eg_arena *arena, struct eg_entries_list *list,
                    struct eg_rule_entry *entry);
void eg_kept_add(struct eg_arena *arena, struct eg_kept ***items, uint32_t *count,
                 uint32_t *capacity, struct eg_kept *kept);

/* ---- phrases that both forms print ---- */

/* "COMPLIANT", "NON-COMPLIANT (2 findings: 1 high, 1 low)", "NEEDS INPUT (1 unknown)" … */
void eg_compliance_add_status(struct eg_buf *out, enum eg_standing standing,
                              const struct eg_counts *counts);
/* "2 of 3 fail", "3 pass", "not applicable" for a rule's line. */
void eg_compliance_add_tally(struct eg_buf *out, const struct eg_rule_entry *entry);
/* ": 3 of 3 hold" behind the title of a topic that passes; ": no fault found". */
void eg_compliance_add_strength(struct eg_buf *out, const struct eg_topic *topic);
const char *eg_readiness_words(enum eg_readiness readiness);
enum eg_standing eg_readiness_standing(enum eg_readiness readiness);
const char *eg_confidence_word(enum eg_confidence confidence);
/* The overall assessment: one word, and a sentence on it. */
const char *eg_compliance_assessment(const struct eg_compliance *document);
void eg_compliance_add_assessment(struct eg_buf *out, const struct eg_compliance *document);
void eg_compliance_add_confidence(struct eg_buf *out, const struct eg_compliance *document);
void eg_compliance_add_overview(struct eg_buf *out, const struct eg_compliance *document);
/* What is to be done next, in one sentence. */
void eg_compliance_add_next_step(struct eg_buf *out, const struct eg_compliance *document);
/* "WebTask containerDefinitions[0] (web)" through ADD. */
struct eg_str eg_compliance_subject(struct eg_arena *arena, const struct eg_result *result);
struct eg_str eg_compliance_remediation(const struct eg_result *result);
/* What to do about the rule's failures: the rule's own remedy, else that of the worst failure. */
struct eg_str eg_compliance_advice(const struct eg_rule_entry *entry);
/* "expression is value (absent: the default)" */
struct eg_str eg_compliance_evidence(struct eg_arena *arena, const struct eg_evidence *evidence);

#endif
