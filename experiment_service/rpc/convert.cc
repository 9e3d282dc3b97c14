#include "experiment_service/rpc/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
#include "experiment_service/rpc/convert_ramp.h"
#include "experiment_service/rpc/convert_segments.h"
#include "experiment_service/rpc/convert_source.h"
#include "experiment_service/rpc/validate.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Unit::kUser) == v1::RANDOMISATION_UNIT_USER);
static_assert(static_cast<int>(Unit::kSession) == v1::RANDOMISATION_UNIT_SESSION);
static_assert(static_cast<int>(Goal::kSuperior) == v1::GOAL_SUPERIOR);
static_assert(static_cast<int>(Goal::kNotInferior) == v1::GOAL_NOT_INFERIOR);
static_assert(static_cast<int>(State::kRunning) == v1::EXPERIMENT_STATE_RUNNING);
static_assert(static_cast<int>(State::kStopped) == v1::EXPERIMENT_STATE_STOPPED);
static_assert(static_cast<int>(Aggregation::kMean) == v1::AGGREGATION_MEAN);
static_assert(static_cast<int>(Aggregation::kSum) == v1::AGGREGATION_SUM);
static_assert(static_cast<int>(Aggregation::kCount) == v1::AGGREGATION_COUNT);
static_assert(static_cast<int>(Aggregation::kAny) == v1::AGGREGATION_ANY);
static_assert(static_cast<int>(Direction::kHigherIsBetter) == v1::DIRECTION_HIGHER_IS_BETTER);
static_assert(static_cast<int>(Direction::kLowerIsBetter) == v1::DIRECTION_LOWER_IS_BETTER);
static_assert(static_cast<int>(Scale::kRelative) == v1::SCALE_RELATIVE);
static_assert(static_cast<int>(Scale::kAbsolute) == v1::SCALE_ABSOLUTE);
static_assert(static_cast<int>(OutcomeStatus::kStored) == common::v1::ITEM_STATUS_STORED);
static_assert(static_cast<int>(OutcomeStatus::kReplayed) == common::v1::ITEM_STATUS_REPLAYED);
static_assert(static_cast<int>(OutcomeStatus::kConflict) == common::v1::ITEM_STATUS_CONFLICT);
static_assert(static_cast<int>(OutcomeStatus::kRejected) == common::v1::ITEM_STATUS_REJECTED);

// A user comes back for days; a session ends by itself.
constexpr absl::Duration kWindowOfUsers = absl::Hours(7 * 24);

void ToProto(const Metric& metric, v1::Metric* proto) {
  proto->set_name(metric.name);
  proto->set_aggregation(static_cast<v1::Aggregation>(metric.aggregation));
  proto->set_direction(static_cast<v1::Direction>(metric.direction));
  proto->set_goal(static_cast<v1::Goal>(metric.goal));
  proto->set_scale(static_cast<v1::Scale>(metric.scale));
  proto->set_min_lift(metric.min_lift);
  proto->set_margin(metric.margin);
  if (metric.cap) proto->set_cap(*metric.cap);
  if (metric.quantile) proto->set_quantile(*metric.quantile);
  if (metric.cap_quantile) proto->set_cap_quantile(*metric.cap_quantile);
  if (metric.value_without_outcome) {
    proto->set_counts_as(*metric.value_without_outcome);
  } else {
    proto->set_left_out(true);
  }
  proto->set_denominator(metric.denominator);
  if (metric.source) ToProto(*metric.source, proto->mutable_source());
}

void ToProto(const AnalysisPlan& plan, v1::AnalysisPlan* proto) {
  ToProto(plan.primary(), proto->mutable_primary());
  for (size_t i = 1; i < plan.metrics.size(); ++i) {
    const bool secondary = plan.metrics[i].secondary;
    ToProto(plan.metrics[i], secondary ? proto->add_secondary() : proto->add_guardrails());
  }
  proto->set_alpha(plan.alpha);
  proto->set_planned_units(plan.planned_units);
  proto->set_min_units_per_arm(plan.min_units_per_arm);
  proto->set_min_units(plan.min_units);
  *proto->mutable_min_duration() = rpc::ToProto(plan.min_duration);
  if (plan.max_duration > absl::ZeroDuration()) {
    *proto->mutable_max_duration() = rpc::ToProto(plan.max_duration);
  }
  proto->set_hold_untrusted_harm(plan.hold_untrusted_harm);
  *proto->mutable_outcome_window() = rpc::ToProto(plan.outcome_window);
  ToProto(plan.segments, proto->mutable_segments());
}

void ToProto(const Waiver& waiver, const std::set<std::string>& versions, v1::GateWaiver* proto) {
  proto->set_owner(waiver.owner);
  proto->set_reason(waiver.reason);
  proto->mutable_model_versions()->Add(versions.begin(), versions.end());
}

// Whether the request's waiver, if any, covers the version of a treatment.
bool Covers(const v1::CreateExperimentRequest& request, const std::string& model_version) {
  if (!request.has_waiver()) return false;
  const auto& covered = request.waiver().model_versions();
  return covered.empty() ||
         std::find(covered.begin(), covered.end(), model_version) != covered.end();
}

}  // namespace

Metric FromProto(const v1::Metric& proto, Goal default_goal) {
  Metric metric;
  metric.name = proto.name();
  if (proto.aggregation() != v1::AGGREGATION_UNSPECIFIED) {
    metric.aggregation = static_cast<Aggregation>(proto.aggregation());
  }
  if (proto.direction() != v1::DIRECTION_UNSPECIFIED) {
    metric.direction = static_cast<Direction>(proto.direction());
  }
  metric.goal =
      proto.goal() == v1::GOAL_UNSPECIFIED ? default_goal : static_cast<Goal>(proto.goal());
  if (proto.scale() != v1::SCALE_UNSPECIFIED) metric.scale = static_cast<Scale>(proto.scale());
  if (proto.has_min_lift()) metric.min_lift = proto.min_lift();
  if (proto.has_margin()) metric.margin = proto.margin();
  if (proto.has_cap()) metric.cap = proto.cap();
  if (proto.has_quantile()) metric.quantile = proto.quantile();
  if (proto.has_cap_quantile()) metric.cap_quantile = proto.cap_quantile();
  if (proto.has_counts_as()) metric.value_without_outcome = proto.counts_as();
  metric.denominator = proto.denominator();
  if (metric.is_ratio()) metric.aggregation = Aggregation::kSum;
  if (proto.has_source()) metric.source = FromProto(proto.source());
  return metric;
}

AnalysisPlan FromProto(const v1::AnalysisPlan& proto, Unit unit) {
  AnalysisPlan plan;
  plan.metrics = {FromProto(proto.primary(), Goal::kSuperior)};
  for (const v1::Metric& guardrail : proto.guardrails()) {
    plan.metrics.push_back(FromProto(guardrail, Goal::kNotInferior));
  }
  for (const v1::Metric& secondary : proto.secondary()) {
    plan.metrics.push_back(FromProto(secondary, Goal::kSuperior));
    plan.metrics.back().secondary = true;
  }
  if (proto.has_alpha()) plan.alpha = proto.alpha();
  plan.planned_units = proto.planned_units();
  if (proto.has_min_units_per_arm()) plan.min_units_per_arm = proto.min_units_per_arm();
  if (proto.has_min_units()) plan.min_units = proto.min_units();
  if (proto.has_min_duration()) plan.min_duration = rpc::FromProto(proto.min_duration());
  if (proto.has_max_duration()) plan.max_duration = rpc::FromProto(proto.max_duration());
  plan.hold_untrusted_harm = proto.hold_untrusted_harm();
  if (unit == Unit::kUser) plan.outcome_window = kWindowOfUsers;
  if (proto.has_outcome_window()) plan.outcome_window = rpc::FromProto(proto.outcome_window());
  plan.segments = FromProto(proto.segments());
  return plan;
}

Experiment FromProto(const v1::CreateExperimentRequest& request) {
  Experiment experiment;
  experiment.experiment_id = request.experiment_id();
  experiment.agent = request.agent();
  if (request.unit() != v1::RANDOMISATION_UNIT_UNSPECIFIED) {
    experiment.unit = static_cast<Unit>(request.unit());
  }
  for (const v1::Arm& arm : request.arms()) {
    experiment.arms.push_back({arm.arm_id(), arm.model_version(), arm.weight(), arm.control(),
                               !arm.control() && Covers(request, arm.model_version())});
  }
  experiment.plan = FromProto(request.plan(), experiment.unit);
  experiment.waiver = {request.waiver().owner(), request.waiver().reason()};
  experiment.labels.insert(request.labels().begin(), request.labels().end());
  if (request.has_ramp()) experiment.ramp = FromProto(request.ramp());
  return experiment;
}

ActiveVersion FromProto(const v1::PromoteVersionRequest& request) {
  ActiveVersion wanted;
  wanted.agent = request.agent();
  wanted.model_version = request.model_version();
  wanted.promotion_id = request.promotion_id();
  wanted.experiment_id = request.experiment_id();
  wanted.waiver = {request.waiver().owner(), request.waiver().reason()};
  wanted.labels.insert(request.labels().begin(), request.labels().end());
  return wanted;
}

ActiveVersion FromProto(const v1::RollbackVersionRequest& request) {
  ActiveVersion wanted;
  wanted.promotion_id = request.promotion_id();
  wanted.agent = request.agent();
  wanted.waiver = {request.owner(), request.reason()};
  return wanted;
}

ExperimentFilter FromProto(const v1::ListExperimentsRequest& request) {
  ExperimentFilter filter{rpc::CommonFilter(request), std::nullopt, request.model_version()};
  if (request.state() != v1::EXPERIMENT_STATE_UNSPECIFIED) {
    filter.state = static_cast<State>(request.state());
  }
  return filter;
}

PromotionFilter FromProto(const v1::ListPromotionsRequest& request) {
  return {rpc::CommonFilter(request), request.model_version()};
}

std::vector<Outcome> FromProto(const v1::RecordOutcomesRequest& request, absl::Time now) {
  std::vector<Outcome> outcomes;
  outcomes.reserve(static_cast<size_t>(request.outcomes_size()));
  for (int i = 0; i < request.outcomes_size(); ++i) {
    const v1::UnitOutcome& proto = request.outcomes(i);
    Outcome outcome;
    outcome.outcome_id = proto.outcome_id();
    outcome.assignment_token = proto.assignment_token();
    outcome.experiment_id = proto.experiment_id();
    outcome.user_id = proto.user_id();
    outcome.session_id = proto.session_id();
    outcome.served_version = proto.served_version();
    outcome.fallback = proto.fallback();
    outcome.metric = proto.metric();
    outcome.value = proto.value();
    outcome.event_time = rpc::FromProto(proto.event_time());
    outcome.revision = proto.revision();
    outcome.malformed = Validate(proto, now, fmt::format("outcomes[{}].", i));
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

void ToProto(const Experiment& experiment, v1::Experiment* proto) {
  proto->set_experiment_id(experiment.experiment_id);
  proto->set_agent(experiment.agent);
  proto->set_unit(static_cast<v1::RandomisationUnit>(experiment.unit));
  for (const Arm& arm : experiment.arms) {
    v1::Arm* added = proto->add_arms();
    added->set_arm_id(arm.arm_id);
    added->set_model_version(arm.model_version);
    added->set_weight(arm.weight);
    added->set_control(arm.control);
  }
  ToProto(experiment.plan, proto->mutable_plan());
  if (!experiment.waiver.empty()) {
    ToProto(experiment.waiver, experiment.TreatmentVersions(/*waived=*/true),
            proto->mutable_waiver());
  }
  proto->set_state(static_cast<v1::ExperimentState>(experiment.state));
  *proto->mutable_create_time() = rpc::ToProto(experiment.create_time);
  proto->set_created_by(experiment.created_by);
  proto->mutable_labels()->insert(experiment.labels.begin(), experiment.labels.end());
  if (experiment.state == State::kStopped) {
    *proto->mutable_stop_time() = rpc::ToProto(experiment.stop_time);
    proto->set_stop_reason(experiment.stop_reason);
    proto->set_stopped_by(experiment.stopped_by);
  }
  if (experiment.ramp) {
    ToProto(*experiment.ramp, proto->mutable_ramp());
    ToProto(experiment, proto->mutable_ramp_state());
  }
}

void ToProto(const ActiveVersion& active, v1::ActiveVersion* proto) {
  proto->set_agent(active.agent);
  proto->set_model_version(active.model_version);
  proto->set_promotion_id(active.promotion_id);
  proto->set_experiment_id(active.experiment_id);
  if (!active.waiver.empty()) {
    ToProto(active.waiver, {active.model_version}, proto->mutable_waiver());
  }
  *proto->mutable_promote_time() = rpc::ToProto(active.promote_time);
  proto->set_promoted_by(active.promoted_by);
  proto->mutable_labels()->insert(active.labels.begin(), active.labels.end());
  proto->set_decision(active.decision);
}

void ToProto(const AssignedVersion& assigned, v1::AssignResponse* proto) {
  proto->set_model_version(assigned.model_version);
  proto->set_experiment_id(assigned.experiment_id);
  proto->set_arm_id(assigned.arm_id);
  if (assigned.unit) proto->set_unit(static_cast<v1::RandomisationUnit>(*assigned.unit));
  proto->set_assignment_token(assigned.token);
  proto->set_not_covered(assigned.not_covered);
}

void ToProto(const OutcomeResult& result, common::v1::ItemResult* proto) {
  proto->set_status(static_cast<common::v1::ItemStatus>(result.status));
  if (result.why.ok()) return;
  proto->set_reason(static_cast<common::v1::ErrorReason>(errors::ReasonOf(result.why)));
  proto->set_message(errors::MessageOf(result.why));
}

std::string MetricLabel(common::v1::ItemStatus status) {
  constexpr size_t kPrefixSize = sizeof("ITEM_STATUS_") - 1;
  return absl::AsciiStrToLower(common::v1::ItemStatus_Name(status).substr(kPrefixSize));
}

}  // namespace flywheel::experiment
