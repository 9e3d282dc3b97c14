#include "experiment_service/rpc/validate_assignment.h"

#include <fmt/format.h>

#include <utility>

#include "experiment_service/rpc/validate.h"
#include "experiment_service/rpc/validate_segments.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

constexpr int kMaxVisits = 1'000;
constexpr int kMaxExposures = 10'000;
constexpr int kMaxWatchedAgents = 1'000;
constexpr size_t kMaxWatchedAgentBytes = 128;
constexpr size_t kMaxArmIdBytes = 128;
constexpr size_t kMaxExposedIdBytes = 256;

}  // namespace

absl::Status Validate(const v1::AssignBatchRequest& request) {
  if (request.requests().empty()) return errors::EmptyBatch("requests");
  if (request.requests_size() > kMaxVisits) {
    return errors::TooLarge("requests", request.requests_size(), kMaxVisits, "items");
  }
  for (int i = 0; i < request.requests_size(); ++i) {
    // Its place only where something is wrong: a text an item would be the most of the work.
    if (Validate(request.requests(i)).ok()) continue;
    return Validate(request.requests(i), fmt::format("requests[{}].", i));
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::WatchExperimentsRequest& request) {
  if (request.agents_size() > kMaxWatchedAgents) {
    return errors::TooLarge("agents", request.agents_size(), kMaxWatchedAgents, "items");
  }
  rpc::FieldChecks checks(absl::InfinitePast());
  for (int i = 0; i < request.agents_size(); ++i) {
    checks.RequiredText(fmt::format("agents[{}]", i), request.agents(i), kMaxWatchedAgentBytes);
  }
  return checks.status();
}

absl::Status Validate(const v1::RecordExposuresRequest& request) {
  if (request.exposures().empty()) return errors::EmptyBatch("exposures");
  if (request.exposures_size() > kMaxExposures) {
    return errors::TooLarge("exposures", request.exposures_size(), kMaxExposures, "items");
  }
  return absl::OkStatus();
}

absl::Status Validate(const v1::UnitExposure& exposure, absl::Time now, std::string prefix) {
  rpc::FieldChecks checks(now, std::move(prefix));
  checks.Id("experiment_id", exposure.experiment_id());
  checks.Text("user_id", exposure.user_id(), kMaxExposedIdBytes);
  checks.Text("session_id", exposure.session_id(), kMaxExposedIdBytes);
  checks.Require(!exposure.user_id().empty() || !exposure.session_id().empty(), "user_id",
                 "neither a user nor a session", "the id of one of them, or of both");
  checks.RequiredText("arm_id", exposure.arm_id(), kMaxArmIdBytes);
  checks.EventTime("expose_time", exposure.has_expose_time(), exposure.expose_time());
  CheckAttributes(exposure.attributes(), checks);
  return checks.status();
}

}  // namespace flywheel::experiment
