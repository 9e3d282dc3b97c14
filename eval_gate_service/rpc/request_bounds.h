// What the checks of all requests of the gate have in common.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "shared/rpc/field_checks.h"
#include "shared/text/name_key.h"

namespace flywheel::evalgate {

// Agents and model versions are named by others, and recorded by ingest: any text of this size.
inline constexpr size_t kMostNameBytes = 128;
inline constexpr size_t kMostCohortBytes = 256;
// Of one by a label as well: name, "=", value.
inline constexpr size_t kMostShownCohortBytes = 400;
// Of an evaluator: what nobody can miss is no threshold.
inline constexpr double kLeastThreshold = 0.01;
inline constexpr size_t kMostParametersBytes = size_t{64} * 1024;

// No request of the gate holds a time that is checked here.
inline rpc::FieldChecks NewChecks() { return rpc::FieldChecks(absl::InfiniteFuture()); }

// A name of a model version: not one of white space alone, which is no other than none.
inline void CheckVersion(std::string_view field, const std::string& value,
                         rpc::FieldChecks& checks) {
  checks.Name(field, value, kMostNameBytes);
  checks.Require(value.empty() || !NameKey(value).empty(), field, "white space", "a name");
}

inline void CheckOptionalVersion(std::string_view field, const std::string& value,
                                 rpc::FieldChecks& checks) {
  if (!value.empty()) CheckVersion(field, value, checks);
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RPC_REQUEST_BOUNDS_H_
