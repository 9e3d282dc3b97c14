#include "experiment_service/rpc/validate_ramp.h"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "experiment_service/rpc/word_checks.h"

namespace flywheel::experiment {
namespace {

constexpr int kMaxSteps = 10;
constexpr double kMinCoverage = 1e-3;
constexpr int64_t kMaxStepUnits = 1'000'000'000;
constexpr absl::Duration kMaxStepDuration = absl::Hours(366 * 24);
constexpr size_t kMaxAgentNameBytes = 128;
constexpr size_t kMaxLeftVersionBytes = 128;

// Of the requests below none holds a time.
rpc::FieldChecks NewRampChecks() { return rpc::FieldChecks(absl::InfinitePast()); }

template <typename Request>
rpc::FieldChecks CheckChange(const Request& request) {
  rpc::FieldChecks checks = NewRampChecks();
  checks.Id("experiment_id", request.experiment_id());
  CheckWord("", request.owner(), request.reason(), checks);
  return checks;
}

}  // namespace

void CheckRamp(const v1::Ramp& ramp, rpc::FieldChecks& checks) {
  const int count = ramp.steps_size();
  checks.Require(count >= 1 && count <= kMaxSteps, "ramp.steps", fmt::format("{} steps", count),
                 fmt::format("1 to {}", kMaxSteps));
  if (count > kMaxSteps) return;
  for (int i = 0; i < count; ++i) {
    const v1::RampStep& step = ramp.steps(i);
    const std::string place = fmt::format("ramp.steps[{}].", i);
    checks.Range(place + "coverage", step.coverage(), kMinCoverage, 1.0);
    if (i > 0) {
      // Whoever takes part goes on to do so: what has been counted of them counts.
      const double before = ramp.steps(i - 1).coverage();
      checks.Require(!(step.coverage() <= before), place + "coverage",
                     fmt::format("{} after {}", step.coverage(), before),
                     "more than at the step before");
    }
    if (step.has_min_duration()) {
      checks.Duration(place + "min_duration", step.min_duration(), absl::ZeroDuration(),
                      kMaxStepDuration);
    }
    checks.Range(place + "min_units", step.min_units(), int64_t{0}, kMaxStepUnits);
    const bool asks_something =
        step.min_units() > 0 ||
        (step.has_min_duration() && rpc::FromProto(step.min_duration()) > absl::ZeroDuration());
    checks.Require(i + 1 == count || asks_something, place + "min_duration",
                   "neither a time nor units", "what has to be there before the next step");
  }
}

absl::Status Validate(const v1::PauseRampRequest& request) { return CheckChange(request).status(); }

absl::Status Validate(const v1::ResumeRampRequest& request) {
  return CheckChange(request).status();
}

absl::Status Validate(const v1::AdvanceRampRequest& request) {
  rpc::FieldChecks checks = CheckChange(request);
  checks.Range("to_step", int64_t{request.to_step()}, int64_t{1}, int64_t{kMaxSteps - 1});
  return checks.status();
}

absl::Status Validate(const v1::ListRampEventsRequest& request) {
  rpc::FieldChecks checks = NewRampChecks();
  checks.Id("experiment_id", request.experiment_id());
  return checks.status();
}

absl::Status Validate(const v1::RollbackVersionRequest& request) {
  rpc::FieldChecks checks = NewRampChecks();
  checks.Id("promotion_id", request.promotion_id());
  checks.Name("agent", request.agent(), kMaxAgentNameBytes);
  checks.Name("from_model_version", request.from_model_version(), kMaxLeftVersionBytes);
  CheckWord("", request.owner(), request.reason(), checks);
  return checks.status();
}

}  // namespace flywheel::experiment
