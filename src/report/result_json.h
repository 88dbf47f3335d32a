/* One result as JSON, as schemas/result.json has it: what json, ndjson and the data of html share.
 */
#ifndef EG_REPORT_RESULT_JSON_H
#define EG_REPORT_RESULT_JSON_H

#include "report/report.h"

#include <cjson/cJSON.h>

/* cJSON's items, with two rules added: texts become valid UTF-8 without NUL, empty ones null where
 * they mean "not known"; running out of memory ends in eg_out_of_memory(). */
void eg_json_add(cJSON *object, const char *key, cJSON *value);
void eg_json_append(cJSON *list, cJSON *value);
cJSON *eg_json_object(void);
cJSON *eg_json_list(void);
cJSON *eg_json_text(struct eg_str text);
cJSON *eg_json_text_or_null(struct eg_str text);
cJSON *eg_json_number(double number);
void eg_json_add_text(cJSON *object, const char *key, struct eg_str text);
void eg_json_add_text_or_null(cJSON *object, const char *key, struct eg_str text);
void eg_json_add_number(cJSON *object, const char *key, double number);
void eg_json_add_bool(cJSON *object, const char *key, bool value);
/* Appends ITEM in one line to OUT and deletes it. */
void eg_json_write(struct eg_buf *out, cJSON *item);

cJSON *eg_json_result(const struct eg_result *result);
/* A rule that judged nothing: the same keys, with null for what a result has from its object. */
cJSON *eg_json_not_applicable(const struct eg_rule *rule);
cJSON *eg_json_input(const struct eg_input *input);
cJSON *eg_json_error(const struct eg_error *error);
/* A waiver of the run, whether it waived anything or not, and how it stands: when the run, or for
 * one of a template's Metadata its batch, is over. */
cJSON *eg_json_waiver(const struct eg_waiver *waiver);
/* The counts by verdict and severity. */
cJSON *eg_json_summary(const struct eg_summary *summary);

/* "cdk", "cloudformation", "task-definition". */
const char *eg_report_input_kind(enum eg_input_kind kind);

#endif
