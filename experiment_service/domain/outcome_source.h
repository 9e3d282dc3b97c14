// Where the outcomes of a metric come from by themselves.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_SOURCE_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_SOURCE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "experiment_service/domain/feed_record.h"

namespace flywheel::experiment {

// The numbers of these enums are stored: they never change. Those of SignalKind and
// InteractionNumber are the contract's.
enum class SourceKind { kSignal = 1, kEvaluation = 2, kFailure = 3, kNumber = 4 };
enum class SignalKind {
  kThumbsUp = 1,
  kThumbsDown = 2,
  kStars = 3,
  kCorrection = 4,
  kEdit = 5,
  kRegenerate = 6,
  kRetry = 7,
  kCopy = 8,
  kAbandon = 9,
  kFollowUp = 10,
  kEscalation = 11,
  kAccepted = 12,
  kSessionContinued = 13,
  kErrorReported = 14,
};
enum class InteractionNumber {
  kLatencySeconds = 1,
  kPromptTokens = 2,
  kCompletionTokens = 3,
  kTotalTokens = 4,
  kCostUsd = 5,
};

// What of ingest's feed gives an interaction its one outcome of a metric. A value type.
struct OutcomeSource {
  SourceKind kind = SourceKind::kSignal;
  // kSignal: bit 1 << SignalKind for each kind that gives one.
  int64_t signals = 0;
  // kSignal: whether an interaction without such a signal has an outcome too, of 0.
  bool every_interaction = false;
  // kEvaluation: the name of the score. kFailure: the kind that counts; empty: every one.
  std::string name = {};
  // kNumber.
  InteractionNumber number = InteractionNumber::kLatencySeconds;

  bool Has(SignalKind signal) const { return (signals >> static_cast<int>(signal) & 1) != 0; }

  // What a signal gives; nothing where it is none of those.
  std::optional<double> ValueOf(const FeedSignal& signal) const;
  // What an interaction gives before any signal came; nothing where it gives none. Finite.
  std::optional<double> ValueOf(const ServedInteraction& interaction) const;
  // The same of one of which only that it was there is known: whether signals give its outcome, and
  // what it is without them.
  bool comes_of_signals() const {
    return kind == SourceKind::kSignal || kind == SourceKind::kEvaluation;
  }
  std::optional<double> ValueWithoutSignal() const {
    return kind == SourceKind::kSignal && every_interaction ? std::optional<double>(0)
                                                            : std::nullopt;
  }

  friend bool operator==(const OutcomeSource&, const OutcomeSource&) = default;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_DOMAIN_OUTCOME_SOURCE_H_
