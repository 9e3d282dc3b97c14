// Caps that are made of a quantile of the units' values in an earlier experiment.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_CAP_BY_QUANTILE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_CAP_BY_QUANTILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "experiment_service/domain/experiment.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// So many units with an outcome must say what a quantile of theirs is: 1 of them lies beyond that
// of 0.999.
inline constexpr int64_t kMinUnitsForCap = 1'000;

// Fixes `cap` of every metric of `wanted` that has a cap_quantile: as the value at this quantile of
// all arms' units that count, before any cap, in the agent's newest experiment that has a metric of
// this name and aggregation. It is a value that a unit had, at most 0.8 % above the quantile. Reads
// those units twice. NOT_ENOUGH_DATA where there is no such experiment, too few units, or no
// smaller value than that;
// INVALID_ARGUMENT where counts_as lies above the cap.
absl::Status FixCaps(sql::Connection& connection, const std::string& project, Experiment& wanted);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_CAP_BY_QUANTILE_H_
