#include "ingest_service/rpc/convert.h"

#include <google/protobuf/unknown_field_set.h>

#include "ingest_service/domain/noise.h"
#include "ingest_service/payloads/stored_interaction.h"
#include "ingest_service/rpc/privacy_convert.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// The casts below, and that in privacy/inbound_filter.cc, take the contract's numbers as they are.
static_assert(static_cast<int>(SignalKind::kThumbs) == v1::Signal::kThumbs);
static_assert(static_cast<int>(SignalKind::kStars) == v1::Signal::kStars);
static_assert(static_cast<int>(SignalKind::kCorrection) == v1::Signal::kCorrection);
static_assert(static_cast<int>(SignalKind::kEdit) == v1::Signal::kEdit);
static_assert(static_cast<int>(SignalKind::kRegenerate) == v1::Signal::kRegenerate);
static_assert(static_cast<int>(SignalKind::kRetry) == v1::Signal::kRetry);
static_assert(static_cast<int>(SignalKind::kCopy) == v1::Signal::kCopy);
static_assert(static_cast<int>(SignalKind::kAbandon) == v1::Signal::kAbandon);
static_assert(static_cast<int>(SignalKind::kFollowUp) == v1::Signal::kFollowUp);
static_assert(static_cast<int>(SignalKind::kEscalation) == v1::Signal::kEscalation);
static_assert(static_cast<int>(SignalKind::kAccepted) == v1::Signal::kAccepted);
static_assert(static_cast<int>(SignalKind::kSessionContinued) == v1::Signal::kSessionContinued);
static_assert(static_cast<int>(SignalKind::kErrorReported) == v1::Signal::kErrorReported);
static_assert(static_cast<int>(SignalKind::kEvaluation) == v1::Signal::kEvaluation);
static_assert(static_cast<int>(Noise::kEmpty) == v1::NOISE_EMPTY);
static_assert(static_cast<int>(Noise::kTestTraffic) == v1::NOISE_TEST_TRAFFIC);
static_assert(static_cast<int>(Noise::kBurst) == v1::NOISE_BURST);
static_assert(static_cast<int>(Noise::kAbsurdLength) == v1::NOISE_ABSURD_LENGTH);

// With the record as it is now, if it is there.
absl::Status RewriteToProto(const FeedEntry& entry, v1::Rewrite* proto) {
  proto->set_scan_id(entry.rewrite->scan_id);
  proto->set_sequence(entry.rewrite->sequence);
  proto->set_last(entry.rewrite->last);
  if (!entry.content) return absl::OkStatus();
  return *entry.content == RecordKind::kSignal
             ? ParseSignal(entry.payload, proto->mutable_signal())
             : ParseInteraction(entry.payload, *proto->mutable_interaction());
}

}  // namespace

void ToProto(const ItemResult& result, common::v1::ItemResult* proto) {
  proto->set_id(result.id);
  switch (result.status) {
    case ItemStatus::kStored:
      proto->set_status(common::v1::ITEM_STATUS_STORED);
      break;
    case ItemStatus::kReplayed:
      proto->set_status(common::v1::ITEM_STATUS_REPLAYED);
      break;
    case ItemStatus::kConflict:
      proto->set_status(common::v1::ITEM_STATUS_CONFLICT);
      break;
    case ItemStatus::kRejected:
      proto->set_status(common::v1::ITEM_STATUS_REJECTED);
      break;
  }
  proto->set_sequence(result.sequence);
  // A test holds the numbers of both enumerations together.
  proto->set_reason(static_cast<common::v1::ErrorReason>(result.reason));
  proto->set_message(result.message);
}

absl::StatusOr<SessionEvent> ToSessionEvent(const StoredSignal& signal) {
  v1::Signal parsed;
  RETURN_IF_ERROR(ParseSignal(signal.payload, &parsed));
  return SessionEvent{static_cast<SignalKind>(parsed.kind_case()), parsed.edit().edit_ratio(),
                      rpc::FromProto(parsed.event_time()), signal.sequence};
}

absl::StatusOr<SignalColumns> ParseSignalColumns(const std::string& payload) {
  v1::Signal parsed;
  RETURN_IF_ERROR(ParseSignal(payload, &parsed));
  return SignalColumns{static_cast<SignalKind>(parsed.kind_case()), parsed.actor_id()};
}

void ToProto(const ImplicitFeedback& feedback, v1::GetSessionFeedbackResponse* proto) {
  proto->set_accepted(feedback.accepted);
  proto->set_retries(feedback.retries);
  proto->set_edit_ratio(feedback.edit_ratio);
  proto->set_continued(feedback.continued);
  proto->set_error_reported(feedback.error_reported);
  proto->set_quality_score(ImplicitScore(feedback));
}

void ToProto(const RecordMarks& marks, v1::Marks* proto) {
  // The bits of the column, as domain/noise.h numbers them.
  for (int noise = v1::Noise_MIN + 1; noise <= v1::Noise_MAX; ++noise) {
    if ((marks.noise >> (noise - 1) & 1) != 0) proto->add_noise(static_cast<v1::Noise>(noise));
  }
  proto->set_inclusion_probability(marks.inclusion_probability);
}

absl::Status ToProto(const FeedEntry& entry, v1::FeedEntry* proto) {
  proto->set_sequence(entry.sequence);
  proto->set_project(entry.project);
  *proto->mutable_commit_time() = rpc::ToProto(entry.commit_time);
  // Exactly one of the five kinds.
  if (entry.tombstone) {
    ToProto(*entry.tombstone, proto->mutable_tombstone());
    return absl::OkStatus();
  }
  if (entry.consent) {
    ToProto(*entry.consent, proto->mutable_consent());
    return absl::OkStatus();
  }
  if (entry.rewrite) return RewriteToProto(entry, proto->mutable_rewrite());
  if (entry.kind == RecordKind::kSignal) {
    return ParseSignal(entry.payload, proto->mutable_signal());
  }
  ToProto(entry.marks, proto->mutable_marks());
  return ParseInteraction(entry.payload, *proto->mutable_interaction());
}

absl::Status ParseSignal(const std::string& payload, v1::Signal* signal) {
  if (!signal->ParseFromString(payload)) {
    return errors::Internal("a stored payload cannot be parsed");
  }
  if (!signal->correction().ideal_messages().empty()) {
    signal->mutable_correction()->set_ideal_output(IdealOutputOf(signal->correction()));
  }
  // The comment of a correction stood in the correction once.
  constexpr int kEarlierComment = 2;
  const v1::Correction& correction = signal->correction();
  const auto& unknown = correction.GetReflection()->GetUnknownFields(correction);
  for (int i = 0; i < unknown.field_count(); ++i) {
    if (unknown.field(i).number() != kEarlierComment ||
        unknown.field(i).type() != google::protobuf::UnknownField::TYPE_LENGTH_DELIMITED) {
      continue;
    }
    signal->set_comment(unknown.field(i).length_delimited());
    signal->mutable_correction()->DiscardUnknownFields();
    break;
  }
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
