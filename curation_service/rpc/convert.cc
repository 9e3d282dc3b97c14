#include "curation_service/rpc/convert.h"

#include <algorithm>

#include "curation_service/rpc/message_convert.h"
#include "curation_service/rpc/selection_convert.h"
#include "shared/hashing/sha256.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/rpc/list_request.h"

namespace flywheel::curation {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(Split::kTrain) == v1::SPLIT_TRAIN);
static_assert(static_cast<int>(Split::kEval) == v1::SPLIT_EVAL);
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
static_assert(static_cast<int>(RemovalReason::kMalformedCall) == v1::REMOVAL_REASON_MALFORMED_CALL);
static_assert(static_cast<int>(RemovalReason::kTooLarge) == v1::REMOVAL_REASON_TOO_LARGE);
static_assert(static_cast<int>(RemovalReason::kFiltered) == v1::REMOVAL_REASON_FILTERED);
static_assert(static_cast<int>(RemovalReason::kOverBudget) == v1::REMOVAL_REASON_OVER_BUDGET);
static_assert(static_cast<int>(RemovalReason::kOverSegmentShare) ==
              v1::REMOVAL_REASON_OVER_SEGMENT_SHARE);
static_assert(static_cast<int>(RemovalReason::kSynthetic) == v1::REMOVAL_REASON_SYNTHETIC);

static_assert(static_cast<int>(DatasetVersionState::kBuilding) ==
              v1::DATASET_VERSION_STATE_BUILDING);
static_assert(static_cast<int>(DatasetVersionState::kReady) == v1::DATASET_VERSION_STATE_READY);
static_assert(static_cast<int>(DatasetVersionState::kFailed) == v1::DATASET_VERSION_STATE_FAILED);
static_assert(static_cast<int>(DatasetVersionState::kCancelled) ==
              v1::DATASET_VERSION_STATE_CANCELLED);
static_assert(static_cast<int>(BuildStage::kWaitingForFeed) == v1::BUILD_STAGE_WAITING_FOR_FEED);
static_assert(static_cast<int>(BuildStage::kWaitingForTurn) == v1::BUILD_STAGE_WAITING_FOR_TURN);
static_assert(static_cast<int>(BuildStage::kReading) == v1::BUILD_STAGE_READING);
static_assert(static_cast<int>(BuildStage::kCurating) == v1::BUILD_STAGE_CURATING);
static_assert(static_cast<int>(BuildStage::kWriting) == v1::BUILD_STAGE_WRITING);

}  // namespace

DatasetOptions FromProto(const v1::DatasetOptions& proto) {
  DatasetOptions options;
  options.agent = proto.agent();
  if (proto.eval_share() != 0) options.eval_share = proto.eval_share();
  options.cohort_attribute = proto.cohort_attribute();
  options.skip_label_review = proto.skip_label_review();
  options.group_attributes.assign(proto.group_attributes().begin(), proto.group_attributes().end());
  std::sort(options.group_attributes.begin(), options.group_attributes.end());
  if (proto.block_similarity() != 0) options.block_similarity = proto.block_similarity();
  if (proto.review_similarity() != 0) options.review_similarity = proto.review_similarity();
  if (proto.max_person_share() != 0) options.max_person_share = proto.max_person_share();
  options.review_similarity = std::min(options.review_similarity, options.block_similarity);
  if (proto.has_selection()) options.selection = FromProto(proto.selection());
  return options;
}

DatasetRequest FromProto(const rpc::Actor& actor, const v1::BuildDatasetVersionRequest& proto) {
  DatasetRequest request;
  request.actor = actor;
  request.dataset_version_id = proto.dataset_version_id();
  // It was checked before.
  request.min_feed_sequence = rpc::ParseFeedToken("min_feed_token", proto.min_feed_token()).value();
  request.options = FromProto(proto.options());
  request.labels.insert(proto.labels().begin(), proto.labels().end());
  return request;
}

std::optional<Split> FromProto(v1::Split proto) {
  if (proto == v1::SPLIT_UNSPECIFIED) return std::nullopt;
  return static_cast<Split>(proto);
}

DatasetVersionFilter FromProto(const v1::ListDatasetVersionsRequest& proto) {
  DatasetVersionFilter filter{rpc::CommonFilter(proto), std::nullopt};
  if (proto.state() != v1::DATASET_VERSION_STATE_UNSPECIFIED) {
    filter.state = static_cast<DatasetVersionState>(proto.state());
  }
  return filter;
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

void ToProto(const std::string& interaction_id, const std::optional<Assessment>& assessment,
             v1::GetScoreResponse* proto) {
  proto->set_interaction_id(interaction_id);
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
  proto->mutable_options()->mutable_group_attributes()->Add(
      version.options.group_attributes.begin(), version.options.group_attributes.end());
  proto->mutable_options()->set_block_similarity(version.options.block_similarity);
  proto->mutable_options()->set_review_similarity(version.options.review_similarity);
  proto->mutable_options()->set_max_person_share(version.options.max_person_share);
  if (!version.options.selection.empty()) {
    ToProto(version.options.selection, proto->mutable_options()->mutable_selection());
  }
  *proto->mutable_create_time() = rpc::ToProto(version.create_time);
  proto->set_created_by(version.created_by);
  proto->mutable_labels()->insert(version.labels.begin(), version.labels.end());
  proto->set_state(static_cast<v1::DatasetVersionState>(version.state));
  if (version.state == DatasetVersionState::kBuilding) {
    proto->mutable_progress()->set_stage(static_cast<v1::BuildStage>(version.progress.stage));
    proto->mutable_progress()->set_rows(version.progress.rows);
    proto->mutable_progress()->set_written_rows(version.progress.written_rows);
    proto->mutable_progress()->set_detail(version.progress.detail);
  }
  if (version.state == DatasetVersionState::kFailed) {
    proto->mutable_failure()->set_reason(
        static_cast<common::v1::ErrorReason>(version.failure.reason));
    proto->mutable_failure()->set_message(version.failure.message);
  }
  proto->set_cancel_reason(version.cancel_reason);
  proto->set_cancelled_by(version.cancelled_by);
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
    for (const TierRemoval& removal : version.removed_by_tier) {
      if (removal.reason != reason) continue;
      added->add_rows_by_tier()->set_tier(static_cast<v1::Tier>(removal.tier));
      added->mutable_rows_by_tier()->rbegin()->set_rows(removal.rows);
    }
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

}  // namespace flywheel::curation
