/* The names of severities and verdicts. */
#include "policy/policy.h"

static const char *const severity_names[EG_SEVERITY_COUNT] = {
    [EG_SEVERITY_INFO] = "info",         [EG_SEVERITY_LOW] = "low",
    [EG_SEVERITY_MEDIUM] = "medium",     [EG_SEVERITY_HIGH] = "high",
    [EG_SEVERITY_CRITICAL] = "critical",
};

const char *eg_severity_name(enum eg_severity severity) {
    return severity_names[severity];
}

bool eg_severity_parse(struct eg_str text, enum eg_severity *ret_severity) {
    for (int i = 0; i < EG_SEVERITY_COUNT; i++)
        if (eg_str_is(text, severity_names[i])) {
            *ret_severity = (enum eg_severity)i;
            return true;
        }
    return false;
}

const char *eg_verdict_name(enum eg_verdict verdict) {
    static const char *const names[EG_VERDICT_COUNT] = {
        [EG_VERDICT_NOT_APPLICABLE] = "not-applicable",
        [EG_VERDICT_PASS] = "pass",
        [EG_VERDICT_WAIVED] = "waived",
        [EG_VERDICT_UNKNOWN] = "unknown",
        [EG_VERDICT_FAIL] = "fail",
    };
    return names[verdict];
}
