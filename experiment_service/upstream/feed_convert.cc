#include "experiment_service/upstream/feed_convert.h"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(FeedSignalKind::kThumbs) == ingest::v1::Signal::kThumbs);
static_assert(static_cast<int>(FeedSignalKind::kStars) == ingest::v1::Signal::kStars);
static_assert(static_cast<int>(FeedSignalKind::kCorrection) == ingest::v1::Signal::kCorrection);
static_assert(static_cast<int>(FeedSignalKind::kEdit) == ingest::v1::Signal::kEdit);
static_assert(static_cast<int>(FeedSignalKind::kRegenerate) == ingest::v1::Signal::kRegenerate);
static_assert(static_cast<int>(FeedSignalKind::kRetry) == ingest::v1::Signal::kRetry);
static_assert(static_cast<int>(FeedSignalKind::kCopy) == ingest::v1::Signal::kCopy);
static_assert(static_cast<int>(FeedSignalKind::kAbandon) == ingest::v1::Signal::kAbandon);
static_assert(static_cast<int>(FeedSignalKind::kFollowUp) == ingest::v1::Signal::kFollowUp);
static_assert(static_cast<int>(FeedSignalKind::kEscalation) == ingest::v1::Signal::kEscalation);
static_assert(static_cast<int>(FeedSignalKind::kAccepted) == ingest::v1::Signal::kAccepted);
static_assert(static_cast<int>(FeedSignalKind::kSessionContinued) ==
              ingest::v1::Signal::kSessionContinued);
static_assert(static_cast<int>(FeedSignalKind::kErrorReported) ==
              ingest::v1::Signal::kErrorReported);
static_assert(static_cast<int>(FeedSignalKind::kEvaluation) == ingest::v1::Signal::kEvaluation);

absl::Status UnknownKind(std::string_view what, int64_t sequence) {
  return errors::Internal(
      fmt::format("record {} of ingest's feed has a {} that this program does not know; reading "
                  "stops before it until a newer experiment service is started",
                  sequence, what));
}

ServedInteraction InteractionFromProto(const ingest::v1::Interaction& proto) {
  ServedInteraction interaction;
  interaction.interaction_id = proto.interaction_id();
  interaction.session_id = proto.session_id();
  interaction.assignment_token = proto.assignment_token();
  interaction.model_version = proto.model_version();
  interaction.answer_time = rpc::FromProto(proto.start_time());
  if (proto.has_latency()) {
    const absl::Duration latency = rpc::FromProto(proto.latency());
    interaction.answer_time += latency;
    interaction.latency_seconds = absl::ToDoubleSeconds(latency);
  }
  // As it is kept, so that what is read twice is the same.
  interaction.answer_time = StoredTime(interaction.answer_time);
  interaction.failed = proto.has_failure();
  interaction.failure_kind = proto.failure().kind();
  if (proto.has_prompt_tokens()) interaction.prompt_tokens = proto.prompt_tokens();
  if (proto.has_completion_tokens()) interaction.completion_tokens = proto.completion_tokens();
  if (proto.has_cost_usd()) interaction.cost_usd = proto.cost_usd();
  return interaction;
}

// Evenly from 0 for one star to 1 for all.
double StarsToShare(const ingest::v1::Stars& stars) {
  const int max_stars = stars.max_stars() == 0 ? 5 : stars.max_stars();
  return static_cast<double>(stars.stars() - 1) / (max_stars - 1);
}

double ValueOf(const ingest::v1::Signal& proto) {
  switch (proto.kind_case()) {
    case ingest::v1::Signal::kThumbs:
      return proto.thumbs().up() ? 1 : 0;
    case ingest::v1::Signal::kStars:
      return StarsToShare(proto.stars());
    case ingest::v1::Signal::kEdit:
      return proto.edit().edit_ratio();
    case ingest::v1::Signal::kEvaluation:
      return proto.evaluation().score();
    default:
      return 1;
  }
}

absl::StatusOr<FeedSignal> SignalFromProto(const ingest::v1::Signal& proto, int64_t sequence) {
  if (proto.kind_case() == ingest::v1::Signal::KIND_NOT_SET) {
    return UnknownKind("kind of signal", sequence);
  }
  if (proto.interaction_id().empty() && proto.session_id().empty()) {
    return UnknownKind("target of a signal", sequence);
  }
  FeedSignal signal;
  signal.signal_id = proto.signal_id();
  signal.revision = proto.revision();
  signal.interaction_id = proto.interaction_id();
  signal.session_id = proto.session_id();
  signal.event_time = StoredTime(rpc::FromProto(proto.event_time()));
  signal.kind = static_cast<FeedSignalKind>(proto.kind_case());
  signal.name = proto.evaluation().name();
  signal.value = ValueOf(proto);
  return signal;
}

}  // namespace

absl::StatusOr<FeedBatch> FeedBatchFromProto(const ingest::v1::ReadFeedResponse& response) {
  FeedBatch batch;
  ASSIGN_OR_RETURN(batch.next_cursor, rpc::ParseFeedToken("next_cursor", response.next_cursor()));
  if (!response.caught_up() && !response.entries().empty()) {
    batch.read_up_to = rpc::FromProto(response.entries().rbegin()->commit_time());
  }
  batch.size_bytes = static_cast<int64_t>(response.ByteSizeLong());
  batch.records.reserve(static_cast<size_t>(response.entries_size()));
  for (const ingest::v1::FeedEntry& entry : response.entries()) {
    FeedRecord& record = batch.records.emplace_back();
    record.sequence = entry.sequence();
    record.project = entry.project();
    if (entry.has_interaction()) {
      record.record = InteractionFromProto(entry.interaction());
    } else if (entry.has_signal()) {
      ASSIGN_OR_RETURN(record.record, SignalFromProto(entry.signal(), entry.sequence()));
    } else if (entry.has_tombstone()) {
      const ingest::v1::Tombstone& tombstone = entry.tombstone();
      record.record = FeedTombstone{tombstone.erasure_id(),
                                    {tombstone.sequences().begin(), tombstone.sequences().end()},
                                    tombstone.last()};
    } else if (entry.has_rewrite()) {
      // Of texts nothing is kept here; a scan that is over is reported as an erasure of nothing.
      record.record = FeedTombstone{entry.rewrite().scan_id(), {}, entry.rewrite().last()};
    } else if (!entry.has_consent()) {
      return UnknownKind("kind", entry.sequence());
    }
  }
  return batch;
}

}  // namespace flywheel::experiment
