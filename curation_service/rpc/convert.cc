#include "curation_service/rpc/convert.h"

#include "curation_service/rpc/list_request.h"
#include "curation_service/rpc/message_convert.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"

namespace flywheel::curation {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Split::kTrain) == v1::SPLIT_TRAIN);
static_assert(static_cast<int>(Split::kEval) == v1::SPLIT_EVAL);
static_assert(static_cast<int>(TrainingRunState::kOpen) == v1::TRAINING_RUN_STATE_OPEN);
static_assert(static_cast<int>(TrainingRunState::kLeased) == v1::TRAINING_RUN_STATE_LEASED);
static_assert(static_cast<int>(TrainingRunState::kSucceeded) == v1::TRAINING_RUN_STATE_SUCCEEDED);
static_assert(static_cast<int>(TrainingRunState::kFailed) == v1::TRAINING_RUN_STATE_FAILED);
static_assert(static_cast<int>(TrainingRunState::kCancelled) == v1::TRAINING_RUN_STATE_CANCELLED);
static_assert(static_cast<int>(Tier::kPlatinum) == v1::TIER_PLATINUM);
static_assert(static_cast<int>(Tier::kGold) == v1::TIER_GOLD);
static_assert(static_cast<int>(Tier::kSilver) == v1::TIER_SILVER);
static_assert(static_cast<int>(Tier::kBronze) == v1::TIER_BRONZE);
static_assert(static_cast<int>(RowSource::kUserCorrection) == v1::ROW_SOURCE_USER_CORRECTION);
static_assert(static_cast<int>(RowSource::kStaffCorrection) == v1::ROW_SOURCE_STAFF_CORRECTION);
static_assert(static_cast<int>(RowSource::kUserApproved) == v1::ROW_SOURCE_USER_APPROVED);
static_assert(static_cast<int>(RowSource::kStaffApproved) == v1::ROW_SOURCE_STAFF_APPROVED);
static_assert(static_cast<int>(RowSource::kRelabelled) == v1::ROW_SOURCE_RELABELLED);
static_assert(static_cast<int>(RowSource::kRejectedOutput) == v1::ROW_SOURCE_REJECTED_OUTPUT);
static_assert(static_cast<int>(RowSource::kUserAccepted) == v1::ROW_SOURCE_USER_ACCEPTED);
static_assert(static_cast<int>(RowSource::kSynthetic) == v1::ROW_SOURCE_SYNTHETIC);
static_assert(static_cast<int>(Provenance::kUser) == v1::PROVENANCE_USER);
static_assert(static_cast<int>(Provenance::kStaff) == v1::PROVENANCE_STAFF);
static_assert(static_cast<int>(Provenance::kGolden) == v1::PROVENANCE_GOLDEN);
static_assert(static_cast<int>(Provenance::kSynthetic) == v1::PROVENANCE_SYNTHETIC);
static_assert(static_cast<int>(Provenance::kImported) == v1::PROVENANCE_IMPORTED);
static_assert(static_cast<int>(RemovalReason::kEmpty) == v1::REMOVAL_REASON_EMPTY);
static_assert(static_cast<int>(RemovalReason::kUnreliableAnnotator) ==
              v1::REMOVAL_REASON_UNRELIABLE_ANNOTATOR);
static_assert(static_cast<int>(RemovalReason::kContradicted) == v1::REMOVAL_REASON_CONTRADICTED);
static_assert(static_cast<int>(RemovalReason::kRelabelled) == v1::REMOVAL_REASON_RELABELLED);
static_assert(static_cast<int>(RemovalReason::kExactDuplicate) ==
              v1::REMOVAL_REASON_EXACT_DUPLICATE);
static_assert(static_cast<int>(RemovalReason::kNegativeOnEvalSide) ==
              v1::REMOVAL_REASON_NEGATIVE_ON_EVAL_SIDE);
static_assert(static_cast<int>(RemovalReason::kTouchesBothSides) ==
              v1::REMOVAL_REASON_TOUCHES_BOTH_SIDES);
static_assert(static_cast<int>(RemovalReason::kNoConsent) == v1::REMOVAL_REASON_NO_CONSENT);
static_assert(static_cast<int>(RemovalReason::kNoise) == v1::REMOVAL_REASON_NOISE);
static_assert(static_cast<int>(RemovalReason::kNotApproved) == v1::REMOVAL_REASON_NOT_APPROVED);
static_assert(static_cast<int>(RemovalReason::kOutvoted) == v1::REMOVAL_REASON_OUTVOTED);
static_assert(static_cast<int>(TriggerReason::kTooSoon) == v1::TRIGGER_REASON_TOO_SOON);
static_assert(static_cast<int>(TriggerReason::kOverdue) == v1::TRIGGER_REASON_OVERDUE);
static_assert(static_cast<int>(TriggerReason::kDegraded) == v1::TRIGGER_REASON_DEGRADED);
static_assert(static_cast<int>(TriggerReason::kEnoughData) == v1::TRIGGER_REASON_ENOUGH_DATA);
static_assert(static_cast<int>(TriggerReason::kNotYet) == v1::TRIGGER_REASON_NOT_YET);
static_assert(static_cast<int>(TriggerReason::kForced) == v1::TRIGGER_REASON_FORCED);

static_assert(static_cast<int>(DatasetVersionState::kBuilding) ==
              v1::DATASET_VERSION_STATE_BUILDING);
static_assert(static_cast<int>(DatasetVersionState::kReady) == v1::DATASET_VERSION_STATE_READY);
static_assert(static_cast<int>(DatasetVersionState::kFailed) == v1::DATASET_VERSION_STATE_FAILED);
static_assert(static_cast<int>(BuildStage::kWaitingForFeed) == v1::BUILD_STAGE_WAITING_FOR_FEED);
static_assert(static_cast<int>(BuildStage::kWaitingForTurn) == v1::BUILD_STAGE_WAITING_FOR_TURN);
static_assert(static_cast<int>(BuildStage::kReading) == v1::BUILD_STAGE_READING);
static_assert(static_cast<int>(BuildStage::kCurating) == v1::BUILD_STAGE_CURATING);
static_assert(static_cast<int>(BuildStage::kWriting) == v1::BUILD_STAGE_WRITING);
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

DatasetRequest FromProto(const rpc::Actor& actor, const v1::BuildDatasetVersionRequest& proto) {
  DatasetRequest request;
  request.actor = actor;
  request.dataset_version_id = proto.dataset_version_id();
  // It was checked before.
  request.min_feed_sequence = rpc::ParseFeedToken("min_feed_token", proto.min_feed_token()).value();
  request.options.agent = proto.options().agent();
  if (proto.options().eval_share() != 0) request.options.eval_share = proto.options().eval_share();
  request.options.cohort_attribute = proto.options().cohort_attribute();
  request.options.skip_label_review = proto.options().skip_label_review();
  request.labels.insert(proto.labels().begin(), proto.labels().end());
  return request;
}

std::optional<Split> FromProto(v1::Split proto) {
  if (proto == v1::SPLIT_UNSPECIFIED) return std::nullopt;
  return static_cast<Split>(proto);
}

DatasetVersionFilter FromProto(const v1::ListDatasetVersionsRequest& proto) {
  DatasetVersionFilter filter{CommonFilter(proto), std::nullopt};
  if (proto.state() != v1::DATASET_VERSION_STATE_UNSPECIFIED) {
    filter.state = static_cast<DatasetVersionState>(proto.state());
  }
  return filter;
}

TrainingRunFilter FromProto(const v1::ListTrainingRunsRequest& proto) {
  TrainingRunFilter filter;
  filter.list = CommonFilter(proto);
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

void ToProto(const Progress& progress, const FeedFollower& follower,
             v1::GetProgressResponse* proto) {
  proto->set_feed_token(rpc::FeedToken(progress.feed_sequence));
  *proto->mutable_feed_lag() = rpc::ToProto(follower.lag());
  proto->set_ingest_reachable(follower.ingest_reachable());
  proto->set_feed_error(follower.error());
  proto->set_interactions(progress.counts.interactions);
  int64_t scored = 0;
  for (const auto& [tier, count] : progress.counts.scored_by_tier) {
    scored += count;
    v1::TierCount* added = proto->add_interactions_by_tier();
    added->set_tier(static_cast<v1::Tier>(tier));
    added->set_rows(count);
  }
  proto->set_scored_interactions(scored);
}

void ToProto(const std::optional<Assessment>& assessment, v1::GetScoreResponse* proto) {
  if (!assessment) return;
  proto->set_implicit_score(assessment->score.implicit);
  proto->set_combined_score(assessment->score.combined);
  proto->set_tier(static_cast<v1::Tier>(assessment->score.tier()));
  if (!assessment->correction) return;
  proto->set_correction(assessment->correction->text);
  ToProto(assessment->correction->messages, proto->mutable_correction_messages());
}

void ToProto(const DatasetVersion& version, v1::DatasetVersion* proto) {
  proto->set_dataset_version_id(version.dataset_version_id);
  proto->mutable_options()->set_agent(version.options.agent);
  proto->mutable_options()->set_eval_share(version.options.eval_share);
  proto->mutable_options()->set_cohort_attribute(version.options.cohort_attribute);
  proto->mutable_options()->set_skip_label_review(version.options.skip_label_review);
  *proto->mutable_create_time() = rpc::ToProto(version.create_time);
  proto->set_created_by(version.created_by);
  proto->mutable_labels()->insert(version.labels.begin(), version.labels.end());
  proto->set_state(static_cast<v1::DatasetVersionState>(version.state));
  if (version.state == DatasetVersionState::kBuilding) {
    proto->mutable_progress()->set_stage(static_cast<v1::BuildStage>(version.progress.stage));
    proto->mutable_progress()->set_rows(version.progress.rows);
    proto->mutable_progress()->set_written_rows(version.progress.written_rows);
  }
  if (version.state == DatasetVersionState::kFailed) {
    proto->mutable_failure()->set_reason(
        static_cast<common::v1::ErrorReason>(version.failure.reason));
    proto->mutable_failure()->set_message(version.failure.message);
  }
  if (version.state != DatasetVersionState::kReady) return;
  proto->set_feed_token(rpc::FeedToken(version.feed_sequence));
  proto->set_content_hash(ToHex(version.content_hash));
  proto->set_train_rows(version.train_rows);
  proto->set_eval_rows(version.eval_rows);
  proto->set_negative_rows(version.negative_rows);
  for (const auto& [tier, rows] : version.rows_by_tier) {
    v1::TierCount* added = proto->add_rows_by_tier();
    added->set_tier(static_cast<v1::Tier>(tier));
    added->set_rows(rows);
  }
  for (const auto& [reason, rows] : version.removed_by_reason) {
    v1::RemovalCount* added = proto->add_removed_by_reason();
    added->set_reason(static_cast<v1::RemovalReason>(reason));
    added->set_rows(rows);
  }
  proto->set_candidate_rows(version.candidate_rows);
  proto->set_erased_rows(version.erased_rows);
}

void ToProto(const DatasetRow& row, v1::DatasetRow* proto) {
  proto->set_interaction_id(row.interaction_id);
  proto->set_session_id(row.session_id);
  proto->set_split(static_cast<v1::Split>(row.split));
  proto->set_input(row.input);
  proto->set_ideal_output(row.ideal_output);
  ToProto(row.prompt, proto->mutable_prompt());
  ToProto(row.ideal, proto->mutable_ideal());
  ToProto(row.tools, proto->mutable_tools());
  ToProto(row.contexts, proto->mutable_contexts());
  proto->set_tier(static_cast<v1::Tier>(row.tier));
  proto->set_weight(WeightOf(row.tier));
  proto->set_score(row.score);
  proto->set_source(static_cast<v1::RowSource>(row.source));
  proto->set_cohort(row.cohort);
  proto->set_reported_output(row.reported_output);
  proto->set_model_version(row.model_version);
  proto->set_prompt_version(row.prompt_version);
  proto->mutable_labels()->insert(row.labels.begin(), row.labels.end());
  proto->set_failure_mode(row.failure_mode);
  *proto->mutable_signal_ids() = {row.signal_ids.begin(), row.signal_ids.end()};
  proto->set_provenance(static_cast<v1::Provenance>(row.provenance));
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
