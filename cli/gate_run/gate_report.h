// What a command tells about a version, whatever form it tells it in.
#ifndef FLYWHEEL_CLI_GATE_RUN_GATE_REPORT_H_
#define FLYWHEEL_CLI_GATE_RUN_GATE_REPORT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/gate_run/gate_client.h"

namespace flywheel::cli {

// The first cases of a kind, and how many there are.
struct ReportedCases {
  static constexpr size_t kMost = 10;

  std::vector<evalgate::v1::CaseResult> first;
  // At least as many as `first`; not set where nobody counted.
  std::optional<int64_t> total;
};

// A suite, and what it says of the version.
struct SuiteReport {
  std::string suite_name;
  std::string suite_id;
  int64_t suite_version = 0;
  // In a check: where the version stands with it.
  std::optional<evalgate::v1::SuiteStanding> standing;
  // With its findings; not set where it is not judged.
  std::optional<evalgate::v1::Verdict> verdict;
  // Where there is no verdict: what can be said all the same, and why.
  evalgate::v1::Decision decision = evalgate::v1::DECISION_UNSPECIFIED;
  std::string message;
  // Beside the verdict's baseline; empty where it has none.
  ReportedCases regressed, improved;
  // Where there is nothing to compare with, or where they keep it from a PASS whatever the baseline
  // did with them; empty where all of them regressed.
  ReportedCases failed;
};

struct GateReport {
  std::string model_version;
  std::string agent;
  // The policy's answer; not set where one suite alone was asked.
  std::optional<evalgate::v1::GetShipDecisionResponse> ship;
  std::vector<SuiteReport> suites;
  // What the command ends with.
  int exit_code = 0;
};

// The word for the report as a whole: "PASS", "BLOCK", "INCONCLUSIVE", "NOT JUDGED", "NOT
// CONFIGURED", or "WAIVED" where it may ship though it is no PASS.
std::string AnswerWord(const GateReport& report);

// "PASS", "BLOCK", "INCONCLUSIVE", "NOT JUDGED" or "NOT CONFIGURED".
std::string DecisionWord(evalgate::v1::Decision decision);
evalgate::v1::Decision DecisionOf(const SuiteReport& suite);

// What a command ends with: only 0 is a yes.
int ExitCodeOf(evalgate::v1::Decision decision);

// The report on one verdict. With `ideal` cases come with what would be right, and why evaluators
// say what they say; a key for that has role operator.
absl::StatusOr<GateReport> ReportOf(const GateClient& client, evalgate::v1::Verdict verdict,
                                    bool ideal);

// The report on what the agent's policy says of a version, without verdicts and cases: of each
// suite where the version stands with it.
GateReport ReportOf(const evalgate::v1::GetShipDecisionRequest& request,
                    evalgate::v1::GetShipDecisionResponse response);

// The same with them, asked of the gate.
absl::StatusOr<GateReport> ReportOf(const GateClient& client,
                                    const evalgate::v1::GetShipDecisionRequest& request,
                                    bool ideal);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_GATE_RUN_GATE_REPORT_H_
