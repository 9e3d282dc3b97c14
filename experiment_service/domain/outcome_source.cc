#include "experiment_service/domain/outcome_source.h"

namespace flywheel::experiment {
namespace {

// Of all but thumbs, which are two kinds here, and evaluations, which are none.
std::optional<SignalKind> KindOf(FeedSignalKind kind) {
  switch (kind) {
    case FeedSignalKind::kStars:
      return SignalKind::kStars;
    case FeedSignalKind::kCorrection:
      return SignalKind::kCorrection;
    case FeedSignalKind::kEdit:
      return SignalKind::kEdit;
    case FeedSignalKind::kRegenerate:
      return SignalKind::kRegenerate;
    case FeedSignalKind::kRetry:
      return SignalKind::kRetry;
    case FeedSignalKind::kCopy:
      return SignalKind::kCopy;
    case FeedSignalKind::kAbandon:
      return SignalKind::kAbandon;
    case FeedSignalKind::kFollowUp:
      return SignalKind::kFollowUp;
    case FeedSignalKind::kEscalation:
      return SignalKind::kEscalation;
    case FeedSignalKind::kAccepted:
      return SignalKind::kAccepted;
    case FeedSignalKind::kSessionContinued:
      return SignalKind::kSessionContinued;
    case FeedSignalKind::kErrorReported:
      return SignalKind::kErrorReported;
    case FeedSignalKind::kThumbs:
    case FeedSignalKind::kEvaluation:
      break;
  }
  return std::nullopt;
}

std::optional<double> AsDouble(std::optional<int64_t> number) {
  if (!number) return std::nullopt;
  return static_cast<double>(*number);
}

std::optional<double> NumberOf(InteractionNumber number, const ServedInteraction& interaction) {
  switch (number) {
    case InteractionNumber::kLatencySeconds:
      return interaction.latency_seconds;
    case InteractionNumber::kPromptTokens:
      return AsDouble(interaction.prompt_tokens);
    case InteractionNumber::kCompletionTokens:
      return AsDouble(interaction.completion_tokens);
    case InteractionNumber::kTotalTokens:
      // Each as a double: the sum of two integers might be none.
      if (!interaction.prompt_tokens || !interaction.completion_tokens) return std::nullopt;
      return *AsDouble(interaction.prompt_tokens) + *AsDouble(interaction.completion_tokens);
    case InteractionNumber::kCostUsd:
      return interaction.cost_usd;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> OutcomeSource::ValueOf(const FeedSignal& signal) const {
  if (kind == SourceKind::kEvaluation) {
    const bool is_it = signal.kind == FeedSignalKind::kEvaluation && signal.name == name;
    return is_it ? std::optional<double>(signal.value) : std::nullopt;
  }
  if (kind != SourceKind::kSignal) return std::nullopt;
  if (signal.kind == FeedSignalKind::kThumbs) {
    if (Has(SignalKind::kThumbsUp)) return signal.value;
    if (Has(SignalKind::kThumbsDown)) return 1 - signal.value;
    return std::nullopt;
  }
  const std::optional<SignalKind> wanted = KindOf(signal.kind);
  return wanted && Has(*wanted) ? std::optional<double>(signal.value) : std::nullopt;
}

std::optional<double> OutcomeSource::ValueOf(const ServedInteraction& interaction) const {
  switch (kind) {
    case SourceKind::kSignal:
    case SourceKind::kEvaluation:
      return ValueWithoutSignal();
    case SourceKind::kFailure:
      return interaction.failed && (name.empty() || interaction.failure_kind == name) ? 1 : 0;
    case SourceKind::kNumber:
      return NumberOf(number, interaction);
  }
  return std::nullopt;
}

}  // namespace flywheel::experiment
