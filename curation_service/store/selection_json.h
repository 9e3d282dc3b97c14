// Selections as JSON: a part of a dataset's options, and what they left out.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_SELECTION_JSON_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_SELECTION_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// Encoders and decoders. Decoding is INTERNAL for a text that no encoder wrote. What has its
// default is not written, so that a selection without a later field keeps the text that it always
// had: requests are told apart by it. "{}" takes all rows.
std::string SelectionToJson(const Selection& selection);
absl::StatusOr<Selection> SelectionFromJson(std::string_view json);

std::string TierRemovalsToJson(const std::vector<TierRemoval>& removals);
absl::StatusOr<std::vector<TierRemoval>> TierRemovalsFromJson(std::string_view json);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_SELECTION_JSON_H_
