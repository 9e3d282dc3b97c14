// Quality score of an output, from explicit and implicit feedback.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_SCORE_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_SCORE_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "curation_service/domain/record.h"
#include "curation_service/domain/tier.h"
#include "shared/feedback/implicit_feedback.h"

namespace flywheel::curation {

// The strongest word that somebody gave for an output as it is. A number of its own, because a
// score may be high without any: a session that merely went on, or a follow-up question, says
// nothing of the answer.
enum class Approval {
  // Nobody's; or somebody said no, which no acceptance makes good.
  kNone = 0,
  // What a person did: accepted or copied it.
  kAccepted = 1,
  // What a person said: a thumb up, stars above the middle.
  kUser = 2,
  // The newest verdict of staff.
  kStaff = 3,
};

// What people's reactions say about one output.
struct Score {
  // ImplicitScore of the reactions, -1 to 1.
  double implicit = 0;
  // With the other reactions on top, -1 to 1; 1 where staff approved.
  double combined = 0;
  Approval approval = Approval::kNone;
  // What went wrong, by the newest signal about the interaction that says so; else empty.
  std::string failure_mode = {};
  // The reactions that it is made of, the newest in the feed first, at most kMaxSignalIds.
  std::vector<std::string> signal_ids = {};

  static constexpr size_t kMaxSignalIds = 16;

  Tier tier() const { return TierOf(combined); }
};

// The answer that somebody wrote in the agent's stead, or made of the agent's by an edit.
struct Correction {
  std::string text;
  // kStaff, or kUser for everybody else.
  Actor actor = Actor::kUser;
  std::string actor_id;
  // The whole work in its stead, `text` at its end; empty where the text alone was corrected.
  Messages messages = {};
  // The signal that it came with.
  std::string signal_id = {};
};

// What signals say together, so that those of a session are read once for all of its interactions.
class Reactions {
 public:
  // An output that was changed more than this is not what was accepted.
  static constexpr double kMaxApprovedEditRatio = 0.5;

  Reactions() = default;
  explicit Reactions(std::span<const Signal> signals) {
    for (const Signal& signal : signals) Add(signal);
  }

  void Add(const Signal& signal);
  void Add(const Reactions& others);

  // The place in the feed of the newest reaction; 0 where there is none.
  int64_t newest_sequence() const { return newest_sequence_; }

 private:
  friend std::optional<Score> ScoreOf(const Reactions& reactions);

  // Something that happened, of which the newest counts: by when it happened, and where that is
  // equal by its place in the feed, so that there is always one newest.
  struct Event {
    absl::Time time = absl::InfinitePast();
    int64_t sequence = -1;
    double value = 0;

    // True where the other one is newer.
    bool KeepNewer(const Event& other);
  };

  // A reaction by its place in the feed.
  struct Source {
    int64_t sequence = 0;
    std::string signal_id;
  };

  void AddSource(Source source);

  // One flag a kind, by its number.
  bool Has(SignalKind kind) const { return (kinds_ >> static_cast<int>(kind) & 1) != 0; }
  Approval GivenApproval() const;

  uint64_t kinds_ = 0;
  int64_t newest_sequence_ = 0;
  int64_t retries_ = 0;
  double opinions_sum_ = 0;
  int64_t opinions_ = 0;
  // Thumbs and stars on either side of the middle.
  bool any_opinion_for_ = false;
  bool any_opinion_against_ = false;
  // The newest edit with its ratio, and the newest verdict of staff: 1 if it approves, else -1.
  Event edit_;
  Event staff_verdict_;
  // The newest signal that says what went wrong, and what it says.
  Event failure_;
  std::string failure_mode_;
  // The newest first.
  std::vector<Source> sources_;
};

// The score of an interaction from the newest revisions of its own signals and its session's; the
// order does not matter. Empty where there is none but evaluations: those measure, they do not
// react.
//
// combined = implicit + 0.4 * e + 0.2 copy - 0.2 regenerate - 0.3 abandon - 0.5 escalation, at most
// 1 and at least -1, where e is the mean of the explicit opinions: a thumb is 1 or -1, stars run
// from -1 to 1, a correction is -1 (0 where there is no opinion), and each of the others counts
// once. A follow-up question adds nothing. The terms are the signals that section 75.1 and the
// seed's signal table (thumbs, edits, regeneration, copy, abandonment, follow-up, escalation) name
// without a number; their sizes follow the table's order of value.
//
// The approval is apart from the number. Staff's newest verdict on the interaction decides where
// there is one. Else a thumb down, stars below the middle, a correction, an error report, an
// escalation or an edit of more than half of the output (kMaxApprovedEditRatio) is a no, and
// otherwise the strongest yes counts.
std::optional<Score> ScoreOf(const Reactions& reactions);

// The newest correction of the interaction itself, or edit of its output whose text is known; empty
// where there is none. A correction of a whole session is an opinion, but not an answer to
// anything.
std::optional<Correction> CorrectionOf(std::span<const Signal> signals);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_SCORE_H_
