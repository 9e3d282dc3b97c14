// The column of a dataset's options: everything but the agent, as a JSON object.
#ifndef FLYWHEEL_CURATION_SERVICE_STORE_DATASET_OPTIONS_COLUMN_H_
#define FLYWHEEL_CURATION_SERVICE_STORE_DATASET_OPTIONS_COLUMN_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "curation_service/domain/dataset.h"

namespace flywheel::curation {

// An option at its default is left out, so that a store of an earlier program needs no change for
// one that comes later.
std::string OptionsToJson(const DatasetOptions& options);

// Errors: INTERNAL for a text that no encoder wrote.
absl::StatusOr<DatasetOptions> OptionsFromJson(std::string agent, std::string_view json);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_STORE_DATASET_OPTIONS_COLUMN_H_
