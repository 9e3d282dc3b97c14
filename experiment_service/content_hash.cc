#include "experiment_service/content_hash.h"

#include <bit>

#include "shared/privacy/digest.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

constexpr size_t kUnitHashBytes = 16;

}  // namespace

ContentHash& ContentHash::Add(int64_t number) {
  auto bits = static_cast<uint64_t>(number);
  for (int i = 0; i < 8; ++i, bits >>= 8) bytes_ += static_cast<char>(bits & 0xff);
  return *this;
}

ContentHash& ContentHash::Add(std::string_view text) {
  Add(static_cast<int64_t>(text.size()));
  bytes_ += text;
  return *this;
}

ContentHash& ContentHash::Add(double number) {
  return Add(std::bit_cast<int64_t>(number == 0 ? 0.0 : number));
}

ContentHash& ContentHash::Add(absl::Time time) { return Add(ToMicros(time)); }

std::string ContentHash::Sha256() const { return flywheel::Sha256(bytes_); }

std::string RequestHash(const Experiment& experiment) {
  ContentHash hash;
  hash.Add(experiment.experiment_id)
      .Add(experiment.agent)
      .Add(static_cast<int64_t>(experiment.unit));
  hash.Add(static_cast<int64_t>(experiment.arms.size()));
  for (const Arm& arm : experiment.arms) {
    hash.Add(arm.arm_id).Add(arm.model_version).Add(arm.weight).Add(int64_t{arm.control});
  }
  const AnalysisPlan& plan = experiment.plan;
  hash.Add(plan.metric).Add(static_cast<int64_t>(plan.goal)).Add(plan.min_lift).Add(plan.margin);
  hash.Add(plan.alpha).Add(plan.planned_units).Add(plan.min_units_per_arm);
  hash.Add(experiment.waiver.owner).Add(experiment.waiver.reason);
  return hash.Sha256();
}

std::string RequestHash(const ActiveVersion& promotion) {
  ContentHash hash;
  hash.Add(promotion.promotion_id).Add(promotion.agent).Add(promotion.model_version);
  hash.Add(promotion.experiment_id).Add(promotion.waiver.owner).Add(promotion.waiver.reason);
  return hash.Sha256();
}

std::string UnitHash(std::string_view project, std::string_view unit_id) {
  const std::string hash = ContentHash().Add(project).Add(unit_id).Sha256();
  return ToHex(std::string_view(hash).substr(0, kUnitHashBytes));
}

}  // namespace flywheel::experiment
