#include "curation_service/domain/score.h"

#include <algorithm>
#include <tuple>

namespace flywheel::curation {
namespace {

constexpr double kExplicitGain = 0.4;
constexpr double kCopyGain = 0.2;
constexpr double kRegenerateLoss = 0.2;
constexpr double kAbandonLoss = 0.3;
constexpr double kEscalationLoss = 0.5;

// By when it happened; the feed decides between equal times, so that there is always one newest.
bool IsNewer(const Signal& signal, const Signal* than) {
  return than == nullptr ||
         std::tie(signal.event_time, signal.sequence) > std::tie(than->event_time, than->sequence);
}

template <typename Predicate>
const Signal* Newest(std::span<const Signal> signals, Predicate matches) {
  const Signal* newest = nullptr;
  for (const Signal& signal : signals) {
    if (matches(signal) && IsNewer(signal, newest)) newest = &signal;
  }
  return newest;
}

bool Has(std::span<const Signal> signals, SignalKind kind) {
  return std::any_of(signals.begin(), signals.end(),
                     [kind](const Signal& signal) { return signal.kind == kind; });
}

ImplicitFeedback FeedbackOf(std::span<const Signal> signals) {
  ImplicitFeedback feedback;
  feedback.accepted = Has(signals, SignalKind::kAccepted);
  feedback.retries = std::count_if(signals.begin(), signals.end(), [](const Signal& signal) {
    return signal.kind == SignalKind::kRetry;
  });
  const Signal* edit =
      Newest(signals, [](const Signal& signal) { return signal.kind == SignalKind::kEdit; });
  if (edit != nullptr) feedback.edit_ratio = edit->value;
  feedback.continued = Has(signals, SignalKind::kSessionContinued);
  feedback.error_reported = Has(signals, SignalKind::kErrorReported);
  return feedback;
}

double MeanOpinion(std::span<const Signal> signals) {
  double sum = 0;
  int64_t count = 0;
  for (const Signal& signal : signals) {
    if (signal.kind == SignalKind::kThumbs || signal.kind == SignalKind::kStars) {
      sum += signal.value;
    } else if (signal.kind == SignalKind::kCorrection) {
      sum -= 1;
    } else {
      continue;
    }
    ++count;
  }
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

bool IsStaffVerdict(const Signal& signal) {
  if (signal.actor != Actor::kStaff || signal.interaction_id.empty()) return false;
  switch (signal.kind) {
    case SignalKind::kThumbs:
    case SignalKind::kAccepted:
    case SignalKind::kCorrection:
    case SignalKind::kErrorReported:
      return true;
    default:
      return false;
  }
}

bool IsStaffApproved(std::span<const Signal> signals) {
  const Signal* verdict = Newest(signals, IsStaffVerdict);
  return verdict != nullptr && (verdict->kind == SignalKind::kAccepted ||
                                (verdict->kind == SignalKind::kThumbs && verdict->value > 0));
}

}  // namespace

double ImplicitScore(const ImplicitFeedback& feedback) {
  double score = 0.5;
  if (feedback.accepted) {
    score += 0.3;
  } else {
    score -= 0.3;
  }
  if (feedback.retries == 0) {
    score += 0.1;
  } else if (feedback.retries >= 3) {
    score -= 0.2;
  }
  score -= feedback.edit_ratio * 0.3;
  if (feedback.continued) score += 0.1;
  if (feedback.error_reported) score -= 0.4;
  return std::clamp(score, -1.0, 1.0);
}

std::optional<Score> ScoreOf(std::span<const Signal> signals) {
  const bool reacted = std::any_of(signals.begin(), signals.end(), [](const Signal& signal) {
    return signal.kind != SignalKind::kEvaluation;
  });
  if (!reacted) return std::nullopt;
  Score score;
  score.implicit = ImplicitScore(FeedbackOf(signals));
  score.staff_approved = IsStaffApproved(signals);
  double combined = score.implicit + kExplicitGain * MeanOpinion(signals);
  if (Has(signals, SignalKind::kCopy)) combined += kCopyGain;
  if (Has(signals, SignalKind::kRegenerate)) combined -= kRegenerateLoss;
  if (Has(signals, SignalKind::kAbandon)) combined -= kAbandonLoss;
  if (Has(signals, SignalKind::kEscalation)) combined -= kEscalationLoss;
  score.combined = score.staff_approved ? 1.0 : std::clamp(combined, -1.0, 1.0);
  return score;
}

std::optional<Correction> CorrectionOf(std::span<const Signal> signals) {
  const Signal* newest = Newest(signals, [](const Signal& signal) {
    return signal.kind == SignalKind::kCorrection && !signal.interaction_id.empty();
  });
  if (newest == nullptr) return std::nullopt;
  return Correction{newest->text, newest->actor == Actor::kStaff ? Actor::kStaff : Actor::kUser,
                    newest->actor_id};
}

}  // namespace flywheel::curation
