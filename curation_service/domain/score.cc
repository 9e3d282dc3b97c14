#include "curation_service/domain/score.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace flywheel::curation {
namespace {

constexpr double kExplicitGain = 0.4;
constexpr double kCopyGain = 0.2;
constexpr double kRegenerateLoss = 0.2;
constexpr double kAbandonLoss = 0.3;
constexpr double kEscalationLoss = 0.5;

static_assert(static_cast<int>(SignalKind::kEvaluation) < 64, "kinds are bits of a word");

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

bool Approves(const Signal& verdict) {
  return verdict.kind == SignalKind::kAccepted ||
         (verdict.kind == SignalKind::kThumbs && verdict.value > 0);
}

}  // namespace

bool Reactions::Event::KeepNewer(const Event& other) {
  if (std::tie(other.time, other.sequence) <= std::tie(time, sequence)) return false;
  *this = other;
  return true;
}

void Reactions::AddSource(Source source) {
  const auto place = std::find_if(sources_.begin(), sources_.end(), [&](const Source& known) {
    return known.sequence < source.sequence;
  });
  if (place == sources_.end() && sources_.size() == Score::kMaxSignalIds) return;
  sources_.insert(place, std::move(source));
  if (sources_.size() > Score::kMaxSignalIds) sources_.pop_back();
}

void Reactions::Add(const Signal& signal) {
  kinds_ |= uint64_t{1} << static_cast<int>(signal.kind);
  // A measurement is no reaction.
  if (signal.kind != SignalKind::kEvaluation) {
    newest_sequence_ = std::max(newest_sequence_, signal.sequence);
    AddSource({signal.sequence, signal.signal_id});
  }
  // Of a session nobody can say in which of its turns it went wrong.
  if (!signal.failure_mode.empty() && !signal.interaction_id.empty() &&
      failure_.KeepNewer({signal.event_time, signal.sequence, 0})) {
    failure_mode_ = signal.failure_mode;
  }
  if (IsStaffVerdict(signal)) {
    staff_verdict_.KeepNewer({signal.event_time, signal.sequence, Approves(signal) ? 1.0 : -1.0});
  }
  switch (signal.kind) {
    case SignalKind::kRetry:
      ++retries_;
      break;
    case SignalKind::kEdit:
      edit_.KeepNewer({signal.event_time, signal.sequence, signal.value});
      break;
    case SignalKind::kThumbs:
    case SignalKind::kStars:
      opinions_sum_ += signal.value;
      ++opinions_;
      any_opinion_for_ |= signal.value > 0;
      any_opinion_against_ |= signal.value < 0;
      break;
    case SignalKind::kCorrection:
      opinions_sum_ -= 1;
      ++opinions_;
      break;
    default:
      break;
  }
}

void Reactions::Add(const Reactions& others) {
  kinds_ |= others.kinds_;
  newest_sequence_ = std::max(newest_sequence_, others.newest_sequence_);
  retries_ += others.retries_;
  opinions_sum_ += others.opinions_sum_;
  opinions_ += others.opinions_;
  any_opinion_for_ |= others.any_opinion_for_;
  any_opinion_against_ |= others.any_opinion_against_;
  edit_.KeepNewer(others.edit_);
  staff_verdict_.KeepNewer(others.staff_verdict_);
  if (failure_.KeepNewer(others.failure_)) failure_mode_ = others.failure_mode_;
  for (const Source& source : others.sources_) AddSource(source);
}

Approval Reactions::GivenApproval() const {
  if (staff_verdict_.value != 0) {
    return staff_verdict_.value > 0 ? Approval::kStaff : Approval::kNone;
  }
  // A clear no outweighs every yes: an answer that somebody had to mend is not taught as it is.
  const bool refused = any_opinion_against_ || Has(SignalKind::kCorrection) ||
                       Has(SignalKind::kErrorReported) || Has(SignalKind::kEscalation) ||
                       edit_.value > kMaxApprovedEditRatio;
  if (refused) return Approval::kNone;
  if (any_opinion_for_) return Approval::kUser;
  const bool taken = Has(SignalKind::kAccepted) || Has(SignalKind::kCopy);
  return taken ? Approval::kAccepted : Approval::kNone;
}

std::optional<Score> ScoreOf(const Reactions& reactions) {
  const uint64_t measured = uint64_t{1} << static_cast<int>(SignalKind::kEvaluation);
  if ((reactions.kinds_ & ~measured) == 0) return std::nullopt;
  Score score;
  score.implicit = ImplicitScore({.accepted = reactions.Has(SignalKind::kAccepted),
                                  .retries = reactions.retries_,
                                  .edit_ratio = reactions.edit_.value,
                                  .continued = reactions.Has(SignalKind::kSessionContinued),
                                  .error_reported = reactions.Has(SignalKind::kErrorReported)});
  score.approval = reactions.GivenApproval();
  score.failure_mode = reactions.failure_mode_;
  for (const Reactions::Source& source : reactions.sources_) {
    score.signal_ids.push_back(source.signal_id);
  }
  // ImplicitScore knows five reactions; the others come on top.
  double combined = score.implicit;
  if (reactions.opinions_ > 0) {
    combined +=
        kExplicitGain * (reactions.opinions_sum_ / static_cast<double>(reactions.opinions_));
  }
  if (reactions.Has(SignalKind::kCopy)) combined += kCopyGain;
  if (reactions.Has(SignalKind::kRegenerate)) combined -= kRegenerateLoss;
  if (reactions.Has(SignalKind::kAbandon)) combined -= kAbandonLoss;
  if (reactions.Has(SignalKind::kEscalation)) combined -= kEscalationLoss;
  score.combined = score.approval == Approval::kStaff ? 1.0 : std::clamp(combined, -1.0, 1.0);
  return score;
}

std::optional<Correction> CorrectionOf(std::span<const Signal> signals) {
  const Signal* newest = nullptr;
  for (const Signal& signal : signals) {
    const bool writes = signal.kind == SignalKind::kCorrection ||
                        (signal.kind == SignalKind::kEdit && !signal.text.empty());
    if (!writes || signal.interaction_id.empty()) continue;
    if (newest == nullptr || std::tie(signal.event_time, signal.sequence) >
                                 std::tie(newest->event_time, newest->sequence)) {
      newest = &signal;
    }
  }
  if (newest == nullptr) return std::nullopt;
  return Correction{newest->text, newest->actor == Actor::kStaff ? Actor::kStaff : Actor::kUser,
                    newest->actor_id, newest->messages, newest->signal_id};
}

}  // namespace flywheel::curation
