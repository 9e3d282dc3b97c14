#include "curation_service/upstream/feed_convert.h"

#include <fmt/format.h>

#include <utility>

#include "curation_service/upstream/message_convert.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(SignalKind::kThumbs) == ingest::v1::Signal::kThumbs);
static_assert(static_cast<int>(SignalKind::kStars) == ingest::v1::Signal::kStars);
static_assert(static_cast<int>(SignalKind::kCorrection) == ingest::v1::Signal::kCorrection);
static_assert(static_cast<int>(SignalKind::kEdit) == ingest::v1::Signal::kEdit);
static_assert(static_cast<int>(SignalKind::kRegenerate) == ingest::v1::Signal::kRegenerate);
static_assert(static_cast<int>(SignalKind::kRetry) == ingest::v1::Signal::kRetry);
static_assert(static_cast<int>(SignalKind::kCopy) == ingest::v1::Signal::kCopy);
static_assert(static_cast<int>(SignalKind::kAbandon) == ingest::v1::Signal::kAbandon);
static_assert(static_cast<int>(SignalKind::kFollowUp) == ingest::v1::Signal::kFollowUp);
static_assert(static_cast<int>(SignalKind::kEscalation) == ingest::v1::Signal::kEscalation);
static_assert(static_cast<int>(SignalKind::kAccepted) == ingest::v1::Signal::kAccepted);
static_assert(static_cast<int>(SignalKind::kSessionContinued) ==
              ingest::v1::Signal::kSessionContinued);
static_assert(static_cast<int>(SignalKind::kErrorReported) == ingest::v1::Signal::kErrorReported);
static_assert(static_cast<int>(SignalKind::kEvaluation) == ingest::v1::Signal::kEvaluation);
static_assert(static_cast<int>(Purpose::kRecord) == ingest::v1::PURPOSE_RECORD);
static_assert(static_cast<int>(Purpose::kTrain) == ingest::v1::PURPOSE_TRAIN);

// The attribute by which a signal says what went wrong.
constexpr char kFailureMode[] = "failure_mode";

absl::Status UnknownKind(std::string_view what, int64_t sequence) {
  return errors::Internal(
      fmt::format("record {} of ingest's feed has a {} that this program does not know; reading "
                  "stops before it until a newer curation is started",
                  sequence, what));
}

Interaction InteractionFromProto(const ingest::v1::Interaction& proto) {
  Interaction interaction;
  interaction.interaction_id = proto.interaction_id();
  interaction.session_id = proto.session_id();
  interaction.user_id = proto.user_id();
  interaction.agent = proto.agent();
  interaction.model_version = proto.model_version();
  interaction.prompt_version = proto.prompt_version();
  interaction.input = proto.input();
  interaction.output = proto.output();
  interaction.history = MessagesFromProto(proto.history());
  interaction.messages = MessagesFromProto(proto.messages());
  interaction.tools = ToolsFromProto(proto.tools());
  interaction.contexts = ContextsFromProto(proto.contexts());
  interaction.attributes.insert(proto.attributes().begin(), proto.attributes().end());
  interaction.failure_kind = proto.failure().kind();
  interaction.start_time = rpc::FromProto(proto.start_time());
  return interaction;
}

// An actor without a name has no rights of staff.
Actor ActorFromProto(ingest::v1::Actor actor) {
  switch (actor) {
    case ingest::v1::ACTOR_USER:
      return Actor::kUser;
    case ingest::v1::ACTOR_STAFF:
      return Actor::kStaff;
    default:
      return Actor::kSystem;
  }
}

// Evenly from -1 for one star to 1 for all.
double StarsToOpinion(const ingest::v1::Stars& stars) {
  const int max_stars = stars.max_stars() == 0 ? 5 : stars.max_stars();
  return 2.0 * (stars.stars() - 1) / (max_stars - 1) - 1.0;
}

void FillKind(const ingest::v1::Signal& proto, Signal& signal) {
  signal.kind = static_cast<SignalKind>(proto.kind_case());
  switch (proto.kind_case()) {
    case ingest::v1::Signal::kThumbs:
      signal.value = proto.thumbs().up() ? 1 : -1;
      break;
    case ingest::v1::Signal::kStars:
      signal.value = StarsToOpinion(proto.stars());
      break;
    case ingest::v1::Signal::kCorrection:
      signal.text = proto.correction().ideal_output();
      signal.messages = MessagesFromProto(proto.correction().ideal_messages());
      break;
    case ingest::v1::Signal::kEdit:
      signal.value = proto.edit().edit_ratio();
      signal.text = proto.edit().edited_output();
      break;
    case ingest::v1::Signal::kEvaluation:
      signal.value = proto.evaluation().score();
      break;
    default:
      break;
  }
}

absl::StatusOr<Signal> SignalFromProto(const ingest::v1::Signal& proto, int64_t sequence) {
  if (proto.kind_case() == ingest::v1::Signal::KIND_NOT_SET) {
    return UnknownKind("kind of signal", sequence);
  }
  if (proto.interaction_id().empty() && proto.session_id().empty()) {
    return UnknownKind("target of a signal", sequence);
  }
  Signal signal;
  signal.signal_id = proto.signal_id();
  signal.revision = proto.revision();
  signal.interaction_id = proto.interaction_id();
  signal.session_id = proto.session_id();
  signal.event_time = absl::FromUnixSeconds(proto.event_time().seconds()) +
                      absl::Nanoseconds(proto.event_time().nanos());
  signal.actor = ActorFromProto(proto.actor());
  signal.actor_id = proto.actor_id();
  signal.sequence = sequence;
  const auto failure_mode = proto.attributes().find(kFailureMode);
  if (failure_mode != proto.attributes().end()) signal.failure_mode = failure_mode->second;
  FillKind(proto, signal);
  return signal;
}

absl::StatusOr<Consent> ConsentFromProto(const ingest::v1::Consent& proto, int64_t sequence) {
  if (proto.purpose() != ingest::v1::PURPOSE_RECORD &&
      proto.purpose() != ingest::v1::PURPOSE_TRAIN) {
    return UnknownKind("purpose of a consent", sequence);
  }
  return Consent{proto.user_id(), static_cast<Purpose>(proto.purpose()), proto.allowed()};
}

absl::StatusOr<Rewrite> RewriteFromProto(const ingest::v1::Rewrite& proto) {
  Rewrite rewrite{proto.scan_id(), proto.sequence(), {}, proto.last()};
  if (proto.has_interaction()) {
    rewrite.content = InteractionFromProto(proto.interaction());
  } else if (proto.has_signal()) {
    ASSIGN_OR_RETURN(rewrite.content, SignalFromProto(proto.signal(), proto.sequence()));
  }
  return rewrite;
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
      Interaction interaction = InteractionFromProto(entry.interaction());
      interaction.noise = entry.marks().noise_size() > 0;
      record.record = std::move(interaction);
    } else if (entry.has_signal()) {
      ASSIGN_OR_RETURN(record.record, SignalFromProto(entry.signal(), entry.sequence()));
    } else if (entry.has_tombstone()) {
      const ingest::v1::Tombstone& tombstone = entry.tombstone();
      record.record = Tombstone{tombstone.erasure_id(),
                                {tombstone.sequences().begin(), tombstone.sequences().end()},
                                tombstone.last()};
    } else if (entry.has_rewrite()) {
      ASSIGN_OR_RETURN(record.record, RewriteFromProto(entry.rewrite()));
    } else if (entry.has_consent()) {
      ASSIGN_OR_RETURN(record.record, ConsentFromProto(entry.consent(), entry.sequence()));
    } else {
      return UnknownKind("kind", entry.sequence());
    }
  }
  return batch;
}

}  // namespace flywheel::curation
