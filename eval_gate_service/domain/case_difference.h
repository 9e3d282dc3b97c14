// How two suites differ about a case.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_DIFFERENCE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_DIFFERENCE_H_

#include <string>
#include <vector>

#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// The numbers of the contract.
enum class CaseChange { kAdded = 1, kRemoved = 2, kChanged = 3 };

struct CaseDifference {
  std::string case_id;
  CaseChange change = CaseChange::kChanged;
  // What is not the same, where it changed.
  std::vector<std::string> changed;
  std::string input;
};

// The names of what differs between two cases with one id; none where they are equal.
std::vector<std::string> ChangedParts(const SuiteCase& first, const SuiteCase& second);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_CASE_DIFFERENCE_H_
