// Sentences of a report that its forms share.
#ifndef FLYWHEEL_CLI_GATE_RUN_REPORT_WORDS_H_
#define FLYWHEEL_CLI_GATE_RUN_REPORT_WORDS_H_

#include <string>
#include <string_view>
#include <vector>

#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

// Such as "BLOCK, may not ship (policy 3, baseline v1, reference v0)" or "PASS on suite refunds".
std::string HeadlineText(const GateReport& report);

// Such as "suite refunds, version 3: BLOCK against v1, 290 cases".
std::string SuiteText(const SuiteReport& suite);

// What else is to be known of the suite, a sentence each: its message, where the headline has
// another, who waived it, the findings that decide, those that stand in no table, and what several
// attempts show.
std::vector<std::string> NoteTexts(const GateReport& report, const SuiteReport& suite);

// "10 of 12", "3", or "10 or more" where nobody counted.
std::string CountText(const ReportedCases& cases);

// The command that lists all cases of a kind, "regressed", "improved" or "failed", where there are
// more than those of the report; else empty.
std::string AllCasesText(std::string_view kind, const ReportedCases& cases,
                         const evalgate::v1::Verdict& verdict);

// What to do where the answer is no yes; empty where that is said already.
std::string NextStepText(const GateReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_REPORT_WORDS_H_
