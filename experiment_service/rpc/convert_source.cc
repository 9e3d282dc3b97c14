#include "experiment_service/rpc/convert_source.h"

#include <cstdint>

namespace flywheel::experiment {
namespace {

// Where a cast leads from one to the other, the numbers are the same.
static_assert(static_cast<int>(SignalKind::kThumbsUp) == v1::SIGNAL_KIND_THUMBS_UP);
static_assert(static_cast<int>(SignalKind::kThumbsDown) == v1::SIGNAL_KIND_THUMBS_DOWN);
static_assert(static_cast<int>(SignalKind::kStars) == v1::SIGNAL_KIND_STARS);
static_assert(static_cast<int>(SignalKind::kCorrection) == v1::SIGNAL_KIND_CORRECTION);
static_assert(static_cast<int>(SignalKind::kEdit) == v1::SIGNAL_KIND_EDIT);
static_assert(static_cast<int>(SignalKind::kRegenerate) == v1::SIGNAL_KIND_REGENERATE);
static_assert(static_cast<int>(SignalKind::kRetry) == v1::SIGNAL_KIND_RETRY);
static_assert(static_cast<int>(SignalKind::kCopy) == v1::SIGNAL_KIND_COPY);
static_assert(static_cast<int>(SignalKind::kAbandon) == v1::SIGNAL_KIND_ABANDON);
static_assert(static_cast<int>(SignalKind::kFollowUp) == v1::SIGNAL_KIND_FOLLOW_UP);
static_assert(static_cast<int>(SignalKind::kEscalation) == v1::SIGNAL_KIND_ESCALATION);
static_assert(static_cast<int>(SignalKind::kAccepted) == v1::SIGNAL_KIND_ACCEPTED);
static_assert(static_cast<int>(SignalKind::kSessionContinued) == v1::SIGNAL_KIND_SESSION_CONTINUED);
static_assert(static_cast<int>(SignalKind::kErrorReported) == v1::SIGNAL_KIND_ERROR_REPORTED);
static_assert(static_cast<int>(InteractionNumber::kLatencySeconds) ==
              v1::INTERACTION_NUMBER_LATENCY_SECONDS);
static_assert(static_cast<int>(InteractionNumber::kPromptTokens) ==
              v1::INTERACTION_NUMBER_PROMPT_TOKENS);
static_assert(static_cast<int>(InteractionNumber::kCompletionTokens) ==
              v1::INTERACTION_NUMBER_COMPLETION_TOKENS);
static_assert(static_cast<int>(InteractionNumber::kTotalTokens) ==
              v1::INTERACTION_NUMBER_TOTAL_TOKENS);
static_assert(static_cast<int>(InteractionNumber::kCostUsd) == v1::INTERACTION_NUMBER_COST_USD);
static_assert(static_cast<int>(SourceKind::kSignal) == v1::OutcomeSource::kSignal);
static_assert(static_cast<int>(SourceKind::kEvaluation) == v1::OutcomeSource::kEvaluation);
static_assert(static_cast<int>(SourceKind::kFailure) == v1::OutcomeSource::kFailure);
static_assert(static_cast<int>(SourceKind::kNumber) == v1::OutcomeSource::kNumber);

}  // namespace

OutcomeSource FromProto(const v1::OutcomeSource& proto) {
  OutcomeSource source;
  source.kind = static_cast<SourceKind>(proto.source_case());
  switch (source.kind) {
    case SourceKind::kSignal:
      for (const int kind : proto.signal().kinds()) source.signals |= int64_t{1} << kind;
      source.every_interaction = proto.signal().every_interaction();
      break;
    case SourceKind::kEvaluation:
      source.name = proto.evaluation().name();
      break;
    case SourceKind::kFailure:
      source.name = proto.failure().kind();
      break;
    case SourceKind::kNumber:
      source.number = static_cast<InteractionNumber>(proto.number());
      break;
  }
  return source;
}

void ToProto(const OutcomeSource& source, v1::OutcomeSource* proto) {
  switch (source.kind) {
    case SourceKind::kSignal:
      for (int kind = v1::SignalKind_MIN; kind <= v1::SignalKind_MAX; ++kind) {
        if (!source.Has(static_cast<SignalKind>(kind))) continue;
        proto->mutable_signal()->add_kinds(static_cast<v1::SignalKind>(kind));
      }
      proto->mutable_signal()->set_every_interaction(source.every_interaction);
      break;
    case SourceKind::kEvaluation:
      proto->mutable_evaluation()->set_name(source.name);
      break;
    case SourceKind::kFailure:
      proto->mutable_failure()->set_kind(source.name);
      break;
    case SourceKind::kNumber:
      proto->set_number(static_cast<v1::InteractionNumber>(source.number));
      break;
  }
}

}  // namespace flywheel::experiment
