#include "experiment_service/rpc/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "absl/strings/ascii.h"
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
static_assert(static_cast<int>(Recommendation::kShip) == v1::RECOMMENDATION_SHIP);
static_assert(static_cast<int>(Recommendation::kRollback) == v1::RECOMMENDATION_ROLLBACK);
static_assert(static_cast<int>(Recommendation::kContinue) == v1::RECOMMENDATION_CONTINUE);
static_assert(static_cast<int>(Recommendation::kHold) == v1::RECOMMENDATION_HOLD);
static_assert(static_cast<int>(RecommendationReason::kSuperior) ==
              v1::RECOMMENDATION_REASON_SUPERIOR);
static_assert(static_cast<int>(RecommendationReason::kNotInferior) ==
              v1::RECOMMENDATION_REASON_NOT_INFERIOR);
static_assert(static_cast<int>(RecommendationReason::kHarm) == v1::RECOMMENDATION_REASON_HARM);
static_assert(static_cast<int>(RecommendationReason::kTooFewUnits) ==
              v1::RECOMMENDATION_REASON_TOO_FEW_UNITS);
static_assert(static_cast<int>(RecommendationReason::kUndecided) ==
              v1::RECOMMENDATION_REASON_UNDECIDED);
static_assert(static_cast<int>(RecommendationReason::kSampleRatioMismatch) ==
              v1::RECOMMENDATION_REASON_SAMPLE_RATIO_MISMATCH);
static_assert(static_cast<int>(RecommendationReason::kNotComputable) ==
              v1::RECOMMENDATION_REASON_NOT_COMPUTABLE);
static_assert(static_cast<int>(RecommendationReason::kLiftTooSmall) ==
              v1::RECOMMENDATION_REASON_LIFT_TOO_SMALL);
static_assert(static_cast<int>(RecommendationReason::kAbsoluteHarm) ==
              v1::RECOMMENDATION_REASON_ABSOLUTE_HARM);
static_assert(static_cast<int>(RecommendationReason::kMissingOutcomes) ==
              v1::RECOMMENDATION_REASON_MISSING_OUTCOMES);
static_assert(static_cast<int>(RecommendationReason::kMixedExposure) ==
              v1::RECOMMENDATION_REASON_MIXED_EXPOSURE);
static_assert(static_cast<int>(OutcomeStatus::kStored) == common::v1::ITEM_STATUS_STORED);
static_assert(static_cast<int>(OutcomeStatus::kReplayed) == common::v1::ITEM_STATUS_REPLAYED);
static_assert(static_cast<int>(OutcomeStatus::kConflict) == common::v1::ITEM_STATUS_CONFLICT);
static_assert(static_cast<int>(OutcomeStatus::kRejected) == common::v1::ITEM_STATUS_REJECTED);

// A user comes back for days; a session ends by itself.
constexpr absl::Duration kWindowOfUsers = absl::Hours(7 * 24);

Metric FromProto(const v1::Metric& proto) {
  Metric metric;
  metric.name = proto.name();
  if (proto.goal() != v1::GOAL_UNSPECIFIED) metric.goal = static_cast<Goal>(proto.goal());
  if (proto.has_min_lift()) metric.min_lift = proto.min_lift();
  if (proto.has_margin()) metric.margin = proto.margin();
  if (proto.has_counts_as()) metric.value_without_outcome = proto.counts_as();
  return metric;
}

void ToProto(const Metric& metric, v1::Metric* proto) {
  proto->set_name(metric.name);
  proto->set_goal(static_cast<v1::Goal>(metric.goal));
  proto->set_min_lift(metric.min_lift);
  proto->set_margin(metric.margin);
  if (metric.value_without_outcome) {
    proto->set_counts_as(*metric.value_without_outcome);
  } else {
    proto->set_left_out(true);
  }
}

AnalysisPlan FromProto(const v1::AnalysisPlan& proto, Unit unit) {
  AnalysisPlan plan;
  plan.metrics = {FromProto(proto.primary())};
  if (proto.has_alpha()) plan.alpha = proto.alpha();
  if (proto.has_planned_units()) plan.planned_units = proto.planned_units();
  if (proto.has_min_units_per_arm()) plan.min_units_per_arm = proto.min_units_per_arm();
  if (unit == Unit::kUser) plan.outcome_window = kWindowOfUsers;
  if (proto.has_outcome_window()) plan.outcome_window = rpc::FromProto(proto.outcome_window());
  return plan;
}

void ToProto(const AnalysisPlan& plan, v1::AnalysisPlan* proto) {
  ToProto(plan.primary(), proto->mutable_primary());
  proto->set_alpha(plan.alpha);
  proto->set_planned_units(plan.planned_units);
  proto->set_min_units_per_arm(plan.min_units_per_arm);
  *proto->mutable_outcome_window() = rpc::ToProto(plan.outcome_window);
}

void ToProto(const Waiver& waiver, const std::set<std::string>& versions, v1::GateWaiver* proto) {
  proto->set_owner(waiver.owner);
  proto->set_reason(waiver.reason);
  proto->mutable_model_versions()->Add(versions.begin(), versions.end());
}

void ToProto(const Comparison& comparison, v1::Comparison* proto) {
  proto->set_arm_id(comparison.arm_id);
  proto->set_absolute_lift(comparison.absolute_lift);
  proto->set_relative_lift(comparison.relative_lift);
  proto->set_relative_lower(comparison.relative_interval.lower);
  proto->set_relative_upper(comparison.relative_interval.upper);
  proto->set_p_value(comparison.p_value);
  proto->set_recommendation(static_cast<v1::Recommendation>(comparison.decision.recommendation));
  proto->set_reason(static_cast<v1::RecommendationReason>(comparison.decision.reason));
  proto->set_message(comparison.decision.message);
}

// Whether the request's waiver, if any, covers the version of a treatment.
bool Covers(const v1::CreateExperimentRequest& request, const std::string& model_version) {
  if (!request.has_waiver()) return false;
  const auto& covered = request.waiver().model_versions();
  return covered.empty() ||
         std::find(covered.begin(), covered.end(), model_version) != covered.end();
}

}  // namespace

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
}

void ToProto(const AssignedVersion& assigned, v1::AssignResponse* proto) {
  proto->set_model_version(assigned.model_version);
  proto->set_experiment_id(assigned.experiment_id);
  proto->set_arm_id(assigned.arm_id);
  if (assigned.unit) proto->set_unit(static_cast<v1::RandomisationUnit>(*assigned.unit));
  proto->set_assignment_token(assigned.token);
}

void ToProto(const Analysis& analysis, v1::Analysis* proto) {
  proto->set_experiment_id(analysis.experiment_id);
  for (const ArmResult& arm : analysis.arms) {
    v1::ArmResult* added = proto->add_arms();
    added->set_arm_id(arm.arm_id);
    added->set_exposed_units(arm.exposed_units);
    added->set_units(arm.units);
    added->set_mean(arm.mean);
    added->set_standard_deviation(arm.standard_deviation);
    added->set_units_with_outcome(arm.units_with_outcome);
    added->set_matured_units(arm.matured_units);
    added->set_matured_units_with_outcome(arm.matured_units_with_outcome);
    added->set_mixed_units(arm.mixed_units);
    added->set_fallback_outcomes(arm.fallback_outcomes);
  }
  for (const Comparison& comparison : analysis.comparisons) {
    ToProto(comparison, proto->add_comparisons());
  }
  proto->set_sample_ratio_p_value(analysis.sample_ratio_p_value);
  proto->set_sample_ratio_always_valid_p_value(analysis.sample_ratio_always_valid_p_value);
  proto->set_outcomes(analysis.outcomes);
  proto->set_missing_outcomes_always_valid_p_value(analysis.missing_outcomes_always_valid_p_value);
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
