// The report as JUnit's XML, which CI systems show beside a change.
#ifndef FLYWHEEL_CLI_GATE_RUN_JUNIT_H_
#define FLYWHEEL_CLI_GATE_RUN_JUNIT_H_

#include <string>

#include "cli/gate_run/gate_report.h"

namespace flywheel::cli {

// A testsuite a suite: a testcase for its verdict, one for each cohort, at most 200, and one for
// each case of the report. A testcase fails where the gate says no by it, so that what a CI system
// counts as failed is the gate's answer and nothing else: cases that regressed below a PASS, and
// cohorts that are undecided or too small, are skipped. Valid XML 1.0 whatever texts hold.
std::string JunitXml(const GateReport& report);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_JUNIT_H_
