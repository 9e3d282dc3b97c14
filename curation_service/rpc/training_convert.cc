// Training runs, the model versions that come of them, and lineage, on the wire.
#include "curation_service/rpc/convert.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"

namespace flywheel::curation {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(TrainingRunState::kOpen) == v1::TRAINING_RUN_STATE_OPEN);
static_assert(static_cast<int>(TrainingRunState::kLeased) == v1::TRAINING_RUN_STATE_LEASED);
static_assert(static_cast<int>(TrainingRunState::kSucceeded) == v1::TRAINING_RUN_STATE_SUCCEEDED);
static_assert(static_cast<int>(TrainingRunState::kFailed) == v1::TRAINING_RUN_STATE_FAILED);
static_assert(static_cast<int>(TrainingRunState::kCancelled) == v1::TRAINING_RUN_STATE_CANCELLED);
static_assert(static_cast<int>(TriggerReason::kTooSoon) == v1::TRIGGER_REASON_TOO_SOON);
static_assert(static_cast<int>(TriggerReason::kOverdue) == v1::TRIGGER_REASON_OVERDUE);
static_assert(static_cast<int>(TriggerReason::kDegraded) == v1::TRIGGER_REASON_DEGRADED);
static_assert(static_cast<int>(TriggerReason::kEnoughData) == v1::TRIGGER_REASON_ENOUGH_DATA);
static_assert(static_cast<int>(TriggerReason::kNotYet) == v1::TRIGGER_REASON_NOT_YET);
static_assert(static_cast<int>(TriggerReason::kForced) == v1::TRIGGER_REASON_FORCED);
static_assert(static_cast<int>(LineageKind::kInteraction) == common::v1::LINEAGE_KIND_INTERACTION);
static_assert(static_cast<int>(LineageKind::kDatasetVersion) ==
              common::v1::LINEAGE_KIND_DATASET_VERSION);
static_assert(static_cast<int>(LineageKind::kTrainingRun) == common::v1::LINEAGE_KIND_TRAINING_RUN);
static_assert(static_cast<int>(LineageKind::kModelVersion) ==
              common::v1::LINEAGE_KIND_MODEL_VERSION);
static_assert(static_cast<int>(LineageRelation::kTrainRow) ==
              common::v1::LINEAGE_RELATION_TRAIN_ROW);
static_assert(static_cast<int>(LineageRelation::kEvalRow) == common::v1::LINEAGE_RELATION_EVAL_ROW);
static_assert(static_cast<int>(LineageRelation::kTrainedOn) ==
              common::v1::LINEAGE_RELATION_TRAINED_ON);
static_assert(static_cast<int>(LineageRelation::kTrained) == common::v1::LINEAGE_RELATION_TRAINED);
static_assert(static_cast<int>(LineageRelation::kBase) == common::v1::LINEAGE_RELATION_BASE);
static_assert(static_cast<int>(LineageDirection::kSources) ==
              common::v1::LINEAGE_DIRECTION_SOURCES);
static_assert(static_cast<int>(LineageDirection::kResults) ==
              common::v1::LINEAGE_DIRECTION_RESULTS);

static_assert(static_cast<int>(ColdStartPhase::kNoData) == v1::COLD_START_PHASE_NO_DATA);
static_assert(static_cast<int>(ColdStartPhase::kAccumulating) == v1::COLD_START_PHASE_ACCUMULATING);
static_assert(static_cast<int>(ColdStartPhase::kMature) == v1::COLD_START_PHASE_MATURE);

constexpr absl::Duration kDefaultLease = absl::Minutes(10);

void ToProto(const LineageNode& node, common::v1::LineageNode* proto) {
  proto->set_kind(static_cast<common::v1::LineageKind>(node.kind));
  proto->set_id(node.id);
  proto->set_agent(node.agent);
}

// What a registration and a successful training say alike.
template <typename Proto>
ModelVersion SharedContent(const Proto& proto) {
  ModelVersion version;
  version.name = proto.model_version();
  version.base = proto.base_model_version();
  version.artifact_uri = proto.artifact_uri();
  version.prompt_version = proto.prompt_version();
  version.retrieval_version = proto.retrieval_version();
  version.description = proto.description();
  version.labels.insert(proto.labels().begin(), proto.labels().end());
  return version;
}

}  // namespace

TrainingRunFilter FromProto(const v1::ListTrainingRunsRequest& proto) {
  TrainingRunFilter filter;
  filter.list = rpc::CommonFilter(proto);
  filter.model_version = proto.model_version();
  if (proto.state() != v1::TRAINING_RUN_STATE_UNSPECIFIED) {
    filter.state = static_cast<TrainingRunState>(proto.state());
  }
  return filter;
}

TrainingPolicy FromProto(const v1::TrainingPolicy& proto) {
  TrainingPolicy policy;
  if (proto.has_min_new_interactions()) {
    policy.min_new_interactions = proto.min_new_interactions();
  }
  if (proto.has_min_high_quality_rate()) {
    policy.min_high_quality_rate = proto.min_high_quality_rate();
  }
  if (proto.has_max_time_since_training()) {
    policy.max_time_since_training = rpc::FromProto(proto.max_time_since_training());
  }
  if (proto.has_min_time_between_training()) {
    policy.min_time_between_training = rpc::FromProto(proto.min_time_between_training());
  }
  if (proto.has_degradation_threshold()) {
    policy.degradation_threshold = proto.degradation_threshold();
  }
  return policy;
}

TrainingRequest FromProto(const rpc::Actor& actor, const v1::OpenTrainingRunRequest& proto) {
  return {actor,
          proto.training_run_id(),
          proto.dataset_version_id(),
          FromProto(proto.policy()),
          proto.performance_change(),
          proto.force_reason(),
          {proto.labels().begin(), proto.labels().end()}};
}

LeaseRequest FromProto(const rpc::Actor& actor, const v1::LeaseTrainingRunRequest& proto) {
  return {actor,
          proto.trainer(),
          {proto.agents().begin(), proto.agents().end()},
          proto.has_lease_duration() ? rpc::FromProto(proto.lease_duration()) : kDefaultLease};
}

TrainingReport FromProto(const rpc::Actor& actor, const v1::CompleteTrainingRunRequest& proto) {
  TrainingReport report{actor, proto.training_run_id(), proto.trainer(), {}, {}};
  report.result.succeeded = proto.has_success();
  report.result.model_version = proto.success().model_version();
  report.result.artifact_uri = proto.success().artifact_uri();
  report.result.metrics.insert(proto.success().metrics().begin(), proto.success().metrics().end());
  report.result.failure = proto.failure().message();
  if (proto.has_success()) report.version = SharedContent(proto.success());
  return report;
}

ModelVersion FromProto(const v1::RegisterVersionRequest& proto) {
  ModelVersion version = SharedContent(proto);
  version.agent = proto.agent();
  version.training_run_id = proto.training_run_id();
  return version;
}

LineageRequest FromProto(const std::string& project, bool with_eval_side,
                         const v1::GetLineageRequest& proto) {
  const common::v1::LineageNode& start = proto.start();
  return {project,
          {static_cast<LineageKind>(start.kind()), start.id(), start.agent()},
          static_cast<LineageDirection>(proto.direction()),
          with_eval_side};
}

void ToProto(const ColdStart& cold_start, v1::ColdStart* proto) {
  proto->set_phase(static_cast<v1::ColdStartPhase>(cold_start.phase));
  proto->set_real_interactions(cold_start.real_interactions);
  proto->set_message(cold_start.message);
}

void ToProto(const TriggerDecision& decision, v1::TriggerDecision* proto) {
  proto->set_should_train(decision.should_train);
  proto->set_reason(static_cast<v1::TriggerReason>(decision.reason));
  proto->set_message(decision.message);
  proto->set_new_interactions(decision.new_interactions);
  proto->set_high_quality_rate(decision.high_quality_rate);
}

void ToProto(const TrainingRun& run, absl::Time now, v1::TrainingRun* proto) {
  proto->set_training_run_id(run.training_run_id);
  proto->set_dataset_version_id(run.dataset_version_id);
  proto->set_agent(run.agent);
  const TrainingRunState state = run.StateAt(now);
  proto->set_state(static_cast<v1::TrainingRunState>(state));
  ToProto(run.trigger, proto->mutable_trigger());
  *proto->mutable_create_time() = rpc::ToProto(run.create_time);
  proto->set_created_by(run.created_by);
  if (state == TrainingRunState::kLeased) {
    proto->set_trainer(run.trainer);
    proto->set_leased_by(run.leased_by);
    *proto->mutable_lease_expire_time() = rpc::ToProto(run.lease_expire_time);
  }
  if (run.complete() || state == TrainingRunState::kCancelled) {
    *proto->mutable_complete_time() = rpc::ToProto(run.complete_time);
    proto->set_completed_by(run.completed_by);
  }
  proto->set_model_version(run.result.model_version);
  proto->set_artifact_uri(run.result.artifact_uri);
  for (const auto& [name, value] : run.result.metrics) (*proto->mutable_metrics())[name] = value;
  proto->set_failure(run.result.failure);
  proto->set_cancel_reason(run.cancel_reason);
  proto->mutable_labels()->insert(run.labels.begin(), run.labels.end());
}

void ToProto(const ModelVersion& version, v1::ModelVersion* proto) {
  proto->set_agent(version.agent);
  proto->set_model_version(version.name);
  proto->set_base_model_version(version.base);
  proto->set_artifact_uri(version.artifact_uri);
  proto->set_prompt_version(version.prompt_version);
  proto->set_retrieval_version(version.retrieval_version);
  proto->set_training_run_id(version.training_run_id);
  proto->set_description(version.description);
  proto->mutable_labels()->insert(version.labels.begin(), version.labels.end());
  *proto->mutable_create_time() = rpc::ToProto(version.create_time);
  proto->set_created_by(version.created_by);
}

void ToProto(const LineageEdge& edge, common::v1::LineageEdge* proto) {
  ToProto(edge.source, proto->mutable_source());
  ToProto(edge.result, proto->mutable_result());
  proto->set_relation(static_cast<common::v1::LineageRelation>(edge.relation));
}

}  // namespace flywheel::curation
