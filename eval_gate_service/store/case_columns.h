// JSON codec of what few cases have: further ideal outputs, labels and checks.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_CASE_COLUMNS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_CASE_COLUMNS_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/suite.h"

namespace flywheel::evalgate {

// A JSON array; empty for no texts.
std::string TextsToText(const std::vector<std::string>& texts);
// A JSON object; empty for no labels.
std::string CaseLabelsToText(const Labels& labels);
// A JSON array of objects; empty for no checks.
std::string ChecksToText(const std::vector<EvaluatorSpec>& checks);

// The reverse. INTERNAL where the column holds something else.
absl::StatusOr<std::vector<std::string>> TextsFromText(std::string_view text);
absl::StatusOr<Labels> CaseLabelsFromText(std::string_view text);
absl::StatusOr<std::vector<EvaluatorSpec>> ChecksFromText(std::string_view text);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_CASE_COLUMNS_H_
