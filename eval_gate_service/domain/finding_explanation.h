// Explanation of a finding: what it comes to by its rule, and what would have changed it.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FINDING_EXPLANATION_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FINDING_EXPLANATION_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_figures.h"

namespace flywheel::evalgate {

// What the cases would have had to be. The numbers are those of the wire.
enum class ChangeKind {
  kMorePassed = 1,
  kFewerRegressed = 2,
  kMoreFailed = 3,
  kMoreCases = 4,
  kOtherAnswers = 5,
};

// The smallest change that would have made it another one.
struct VerdictChange {
  ChangeKind kind = ChangeKind::kMorePassed;
  int64_t cases = 0;
  // Of which cohort; empty: of the whole suite.
  std::string cohort;
  // What the verdict would have been; kNone where the change is that of a finding.
  Decision decision = Decision::kNone;
};

// A finding that decides, in words.
struct FindingExplanation {
  Finding finding;
  // What it comes to by its rule, and what would have changed it.
  std::string message;
  // Nothing where no change of figures would have, or none is known.
  std::optional<VerdictChange> change = {};
};

// "the whole suite", "cohort 'de'".
std::string CohortName(const std::string& cohort);

// "1 more case", "3 more cases".
std::string Counted(int64_t count, const char* what, const char* noun = "case");

// "about " where cases share groups, else nothing: nobody knows in which of them the cases would
// have been, and they are taken of one after the other.
const char* About(const VerdictFigures& figures);

// Of a finding that decides. What would have changed it is computed from the verdict's figures, and
// left out where there are none.
absl::StatusOr<FindingExplanation> ExplainFinding(const Finding& finding, const Verdict& verdict,
                                                  const std::optional<VerdictFigures>& figures);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_FINDING_EXPLANATION_H_
