// Codec of bars as they stand in a column.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"

namespace flywheel::evalgate {

// A JSON object with a member a field, but for fields of later releases that have their defaults;
// numbers read back as the same values. Equal bars have equal texts, of one release.
std::string BarToText(const Bar& bar);
// INTERNAL for what BarToText did not write. Members that are missing have their defaults.
absl::StatusOr<Bar> BarFromText(std::string_view text);

// A JSON array of names.
std::string NamesToText(const std::vector<std::string>& names);
absl::StatusOr<std::vector<std::string>> NamesFromText(std::string_view text);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_BAR_TEXT_H_
