#include "tests/fault/twins/traffic.h"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include "shared/rpc/field_checks.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

constexpr const char* kMetrics[] = {"accepted", "cost", "notes"};

void AddGuardrails(v1::AnalysisPlan& plan) {
  v1::Metric& cost = *plan.add_guardrails();
  cost.set_name("cost");
  cost.set_aggregation(v1::AGGREGATION_SUM);
  cost.set_direction(v1::DIRECTION_LOWER_IS_BETTER);
  cost.set_cap(5'000);
  cost.set_left_out(true);
  v1::Metric& notes = *plan.add_guardrails();
  notes.set_name("notes");
  notes.set_aggregation(v1::AGGREGATION_COUNT);
  notes.set_counts_as(0);
}

void AddRamp(v1::Ramp& ramp) {
  for (const double coverage : {0.25, 0.5, 1.0}) {
    v1::RampStep& step = *ramp.add_steps();
    step.set_coverage(coverage);
    if (coverage < 1) step.mutable_min_duration()->set_seconds(60);
  }
}

// Of a hundred units.
int64_t Accepted(const std::string& experiment, const std::string& arm) {
  if (arm == "control") return 50;
  if (experiment == kBetter) return 80;
  return experiment == kWorse ? 15 : 50;
}

}  // namespace

v1::CreateExperimentRequest ExperimentOf(const std::string& name) {
  v1::CreateExperimentRequest request;
  request.set_experiment_id(name);
  request.set_agent(name);
  request.mutable_waiver()->set_owner("ada");
  request.mutable_waiver()->set_reason("a test");
  v1::AnalysisPlan& plan = *request.mutable_plan();
  plan.mutable_primary()->set_name("accepted");
  plan.mutable_primary()->set_left_out(true);
  plan.set_min_units(200);
  plan.mutable_min_duration()->set_seconds(0);
  // So long that no unit comes of age before the end.
  plan.mutable_outcome_window()->set_seconds(3'600);
  for (const bool control : {true, false}) {
    v1::Arm& arm = *request.add_arms();
    arm.set_arm_id(control ? "control" : "treatment");
    arm.set_model_version(control ? "v1" : "v2");
    arm.set_weight(1);
    arm.set_control(control);
  }
  if (name == kMessy) AddGuardrails(plan);
  if (name == kRamped) AddRamp(*request.mutable_ramp());
  return request;
}

v1::UnitOutcome Served(const std::string& experiment, const Unit& unit, int64_t number,
                       absl::Time now) {
  v1::UnitOutcome word;
  word.set_outcome_id(fmt::format("{}-{}", experiment, number));
  word.set_assignment_token(unit.token);
  word.set_metric("accepted");
  // In no order, but the same share of every hundred.
  word.set_value(number * 37 % 100 < Accepted(experiment, unit.arm) ? 1 : 0);
  *word.mutable_event_time() = rpc::ToProto(now);
  return word;
}

v1::UnitOutcome MessyTraffic::NewWord(absl::Time now) {
  v1::UnitOutcome word;
  word.set_outcome_id(fmt::format("{}-{}", kMessy, next_++));
  word.set_metric(kMetrics[random_->Below(std::size(kMetrics))]);
  // From 1e-12 to 1e11, so that a sum of doubles would depend on its order.
  const double magnitude = std::pow(10, 23 * random_->Uniform() - 12);
  word.set_value(random_->Chance(0.3) ? -magnitude : magnitude);
  *word.mutable_event_time() = rpc::ToProto(now);
  return word;
}

Words MessyTraffic::Revisions(const v1::UnitOutcome& word, absl::Time now) {
  Words revisions;
  for (int64_t revision = 1; revision <= 2; ++revision) {
    revisions.push_back(word);
    revisions.back().set_revision(word.revision() + revision);
    revisions.back().set_value(1'000 * random_->Uniform());
    *revisions.back().mutable_event_time() = rpc::ToProto(now);
  }
  return revisions;
}

Words MessyTraffic::Draw(const std::vector<Unit>& assigned, absl::Time now) {
  Words words;
  for (const Unit& unit : assigned) {
    words.push_back(NewWord(now));
    words.back().set_assignment_token(unit.token);
    if (random_->Chance(0.03)) words.back().set_served_version("v0");
  }
  const size_t of_others = known_.empty() ? 0 : 2 * assigned.size();
  for (size_t i = 0; i < of_others; ++i) {
    const Unit& unit = known_[random_->Below(known_.size())];
    v1::UnitOutcome word = NewWord(now);
    if (random_->Chance(0.3)) {
      word.set_experiment_id(kMessy);
      word.set_user_id(unit.id);
      if (random_->Chance(0.1)) {
        word.set_fallback(true);
        word.set_served_version(random_->Chance(0.3) ? "v0" : unit.arm == "control" ? "v1" : "v2");
      }
    } else {
      word.set_assignment_token(unit.token);
    }
    words.push_back(word);
  }
  const Words fresh = words;
  for (const v1::UnitOutcome& word : fresh) {
    if (!random_->Chance(0.2)) continue;
    for (v1::UnitOutcome& revision : Revisions(word, now)) words.push_back(std::move(revision));
  }
  // As clients do that do not know whether they were heard.
  for (size_t i = 0; i < 4 && !sent_.empty(); ++i) {
    words.push_back(sent_[random_->Below(sent_.size())]);
  }
  sent_.insert(sent_.end(), words.begin(), words.end());
  known_.insert(known_.end(), assigned.begin(), assigned.end());
  return words;
}

}  // namespace flywheel::fault
