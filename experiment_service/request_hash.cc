#include "experiment_service/request_hash.h"

#include <cstdint>

#include "shared/hashing/content_hash.h"
#include "shared/hashing/sha256.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {
namespace {

// Requests without labels have the hash that they had before there were any.
void AddLabels(const Labels& labels, ContentHash& hash) {
  for (const auto& [name, value] : labels) hash.Add("label").Add(name).Add(value);
}

}  // namespace

std::string RequestHash(const Experiment& experiment) {
  ContentHash hash;
  hash.Add(experiment.experiment_id)
      .Add(experiment.agent)
      .Add(static_cast<int64_t>(experiment.unit))
      .Add(static_cast<int64_t>(experiment.arms.size()));
  for (const Arm& arm : experiment.arms) {
    hash.Add(arm.arm_id)
        .Add(arm.model_version)
        .Add(arm.weight)
        .Add(int64_t{arm.control})
        .Add(int64_t{arm.waived});
  }
  const AnalysisPlan& plan = experiment.plan;
  hash.Add(plan.metric).Add(static_cast<int64_t>(plan.goal)).Add(plan.min_lift).Add(plan.margin);
  hash.Add(plan.alpha).Add(plan.planned_units).Add(plan.min_units_per_arm);
  hash.Add(experiment.waiver.owner).Add(experiment.waiver.reason);
  AddLabels(experiment.labels, hash);
  return hash.Bytes();
}

std::string RequestHash(const ActiveVersion& promotion) {
  ContentHash hash;
  hash.Add(promotion.promotion_id).Add(promotion.agent).Add(promotion.model_version);
  hash.Add(promotion.experiment_id).Add(promotion.waiver.owner).Add(promotion.waiver.reason);
  AddLabels(promotion.labels, hash);
  return hash.Bytes();
}

std::string OutcomeHash(const std::string& experiment_id, const StoredOutcome& outcome) {
  return ContentHash()
      .Add(experiment_id)
      .Add(ToHex(outcome.unit_hash))
      .Add(outcome.metric)
      .Add(outcome.value)
      .Add(ToMicros(outcome.event_time))
      .Bytes();
}

}  // namespace flywheel::experiment
