#include "curation_service/domain/score.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "curation_service/domain/tier.h"

namespace flywheel::curation {
namespace {

// The published Python, line by line.
double PublishedScore(bool task_accepted, int retry_count, double manual_edit_ratio,
                      bool session_continued, bool error_reported) {
  double score = 0.5;
  if (task_accepted)
    score += 0.3;
  else
    score -= 0.3;
  if (retry_count == 0)
    score += 0.1;
  else if (retry_count >= 3)
    score -= 0.2;
  score -= manual_edit_ratio * 0.3;
  if (session_continued) score += 0.1;
  if (error_reported) score -= 0.4;
  return std::max(-1.0, std::min(1.0, score));
}

Signal Of(SignalKind kind, double value = 0) {
  Signal signal;
  signal.kind = kind;
  signal.value = value;
  signal.interaction_id = "i";
  signal.event_time = absl::FromUnixSeconds(1'700'000'000);
  return signal;
}

Signal At(Signal signal, int64_t seconds) {
  signal.event_time = absl::FromUnixSeconds(seconds);
  return signal;
}

Signal ByStaff(Signal signal) {
  signal.actor = Actor::kStaff;
  return signal;
}

std::optional<Score> ScoreOf(const std::vector<Signal>& signals) {
  return ScoreOf(Reactions(signals));
}

double Combined(const std::vector<Signal>& signals) { return ScoreOf(signals)->combined; }

Approval ApprovalOf(const std::vector<Signal>& signals) {
  return ScoreOf(Reactions(signals))->approval;
}

TEST(Score, IsThePublishedOneForEveryCombinationOfImplicitSignals) {
  int combinations = 0;
  for (const bool accepted : {false, true}) {
    for (int retries = 0; retries < 5; ++retries) {
      for (const double edit_ratio : {0.0, 0.25, 0.5, 1.0}) {
        for (const bool continued : {false, true}) {
          for (const bool error : {false, true}) {
            // A follow-up adds nothing, and makes the combination without any signal one with a
            // score.
            std::vector<Signal> signals = {Of(SignalKind::kFollowUp)};
            if (accepted) signals.push_back(Of(SignalKind::kAccepted));
            for (int i = 0; i < retries; ++i) signals.push_back(Of(SignalKind::kRetry));
            if (edit_ratio > 0) signals.push_back(Of(SignalKind::kEdit, edit_ratio));
            if (continued) signals.push_back(Of(SignalKind::kSessionContinued));
            if (error) signals.push_back(Of(SignalKind::kErrorReported));
            const double want = PublishedScore(accepted, retries, edit_ratio, continued, error);
            EXPECT_EQ(ScoreOf(signals)->implicit, want);
            EXPECT_EQ(ScoreOf(signals)->combined, want);
            ++combinations;
          }
        }
      }
    }
  }
  EXPECT_EQ(combinations, 160);
}

TEST(Score, HasTheValuesThatAPersonWouldComputeByHand) {
  EXPECT_DOUBLE_EQ(ImplicitScore({.accepted = true}), 0.9);
  EXPECT_DOUBLE_EQ(ImplicitScore({.accepted = true, .continued = true}), 1.0);
  EXPECT_DOUBLE_EQ(ImplicitScore({.accepted = true, .retries = 1, .edit_ratio = 0.5}), 0.65);
  EXPECT_DOUBLE_EQ(ImplicitScore({.retries = 3, .edit_ratio = 1, .error_reported = true}), -0.7);
  EXPECT_NEAR(ImplicitScore({}), 0.3, 1e-15);
}

TEST(Score, AddsOpinionsAndOtherReactionsOnTop) {
  EXPECT_NEAR(Combined({Of(SignalKind::kThumbs, 1)}), 0.7, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kThumbs, -1)}), -0.1, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kThumbs, 1), Of(SignalKind::kStars, -0.5)}), 0.4, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kCorrection)}), -0.1, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kCopy), Of(SignalKind::kCopy)}), 0.5, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kRegenerate)}), 0.1, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kAbandon)}), 0.0, 1e-12);
  EXPECT_NEAR(Combined({Of(SignalKind::kEscalation)}), -0.2, 1e-12);
}

TEST(Score, StaysBetweenMinusOneAndOne) {
  EXPECT_EQ(Combined({Of(SignalKind::kAccepted), Of(SignalKind::kThumbs, 1)}), 1.0);
  EXPECT_EQ(Combined({Of(SignalKind::kErrorReported), Of(SignalKind::kEscalation),
                      Of(SignalKind::kAbandon), Of(SignalKind::kThumbs, -1)}),
            -1.0);
}

TEST(Score, IsBronzeForWeakEvidenceAlone) {
  for (const SignalKind kind :
       {SignalKind::kAbandon, SignalKind::kRetry, SignalKind::kEscalation}) {
    EXPECT_EQ(ScoreOf(std::vector<Signal>{Of(kind)})->tier(), Tier::kBronze);
  }
}

TEST(Score, DoesNotExistWithoutAReaction) {
  EXPECT_FALSE(ScoreOf(Reactions()).has_value());
  EXPECT_FALSE(ScoreOf(std::vector<Signal>{Of(SignalKind::kEvaluation, 0.9)}).has_value());
}

TEST(Score, IgnoresEvaluations) {
  EXPECT_EQ(Combined({Of(SignalKind::kAccepted), Of(SignalKind::kEvaluation, -5)}),
            Combined({Of(SignalKind::kAccepted)}));
}

TEST(Score, TakesTheEditThatHappenedLast) {
  EXPECT_NEAR(Combined({At(Of(SignalKind::kEdit, 0.2), 200), At(Of(SignalKind::kEdit, 1), 100)}),
              0.3 - 0.06, 1e-12);
}

TEST(Score, IsOneWhereStaffApproved) {
  const auto score = ScoreOf(
      std::vector<Signal>{ByStaff(Of(SignalKind::kThumbs, 1)), Of(SignalKind::kErrorReported)});
  EXPECT_EQ(score->approval, Approval::kStaff);
  EXPECT_EQ(score->combined, 1.0);
  EXPECT_EQ(ApprovalOf({ByStaff(Of(SignalKind::kAccepted))}), Approval::kStaff);
}

TEST(Score, IsNotApprovedByStaffWhoChangedTheirMind) {
  EXPECT_EQ(ApprovalOf({At(ByStaff(Of(SignalKind::kThumbs, 1)), 100),
                        At(ByStaff(Of(SignalKind::kThumbs, -1)), 200), Of(SignalKind::kAccepted)}),
            Approval::kNone);
}

TEST(Score, IsNotApprovedByAVerdictOnTheSession) {
  Signal verdict = ByStaff(Of(SignalKind::kThumbs, 1));
  verdict.interaction_id.clear();
  verdict.session_id = "session";
  EXPECT_EQ(ApprovalOf({verdict}), Approval::kUser);
}

TEST(Approval, IsNotGivenByASessionThatWentOn) {
  for (const SignalKind kind : {SignalKind::kFollowUp, SignalKind::kSessionContinued,
                                SignalKind::kRetry, SignalKind::kRegenerate}) {
    EXPECT_EQ(ApprovalOf({Of(kind)}), Approval::kNone);
  }
  // Though the number alone would do.
  EXPECT_EQ(ScoreOf(std::vector<Signal>{Of(SignalKind::kFollowUp)})->tier(), Tier::kSilver);
}

TEST(Approval, IsTheStrongestYes) {
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kAccepted)}), Approval::kAccepted);
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kCopy)}), Approval::kAccepted);
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kAccepted), Of(SignalKind::kStars, 0.5)}), Approval::kUser);
  // Three of five stars say nothing.
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kStars, 0)}), Approval::kNone);
}

TEST(Approval, IsTakenBackByANo) {
  for (const Signal& no :
       {Of(SignalKind::kThumbs, -1), Of(SignalKind::kStars, -0.5), Of(SignalKind::kCorrection),
        Of(SignalKind::kErrorReported), Of(SignalKind::kEscalation), Of(SignalKind::kEdit, 0.9)}) {
    EXPECT_EQ(ApprovalOf({Of(SignalKind::kThumbs, 1), Of(SignalKind::kAccepted), no}),
              Approval::kNone)
        << static_cast<int>(no.kind);
  }
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kAccepted), Of(SignalKind::kEdit, 0.1)}),
            Approval::kAccepted);
  EXPECT_EQ(ApprovalOf({Of(SignalKind::kThumbs, -1), ByStaff(Of(SignalKind::kThumbs, 1))}),
            Approval::kStaff);
}

TEST(Reactions, KnowTheirNewestPlaceInTheFeed) {
  Signal thumb = Of(SignalKind::kThumbs, 1);
  thumb.sequence = 7;
  Signal measured = Of(SignalKind::kEvaluation, 1);
  measured.sequence = 9;
  Reactions reactions(std::vector<Signal>{measured, thumb});
  EXPECT_EQ(reactions.newest_sequence(), 7);
  thumb.sequence = 11;
  reactions.Add(Reactions(std::vector<Signal>{thumb}));
  EXPECT_EQ(reactions.newest_sequence(), 11);
}

TEST(Score, IsTheSameWhereTheReactionsOfASessionAreAddedAsAWhole) {
  Signal edit = At(Of(SignalKind::kEdit, 0.5), 200);
  Signal later_edit = At(Of(SignalKind::kEdit, 0.2), 300);
  Signal verdict = At(ByStaff(Of(SignalKind::kThumbs, 1)), 100);
  const std::vector<std::vector<Signal>> cases = {
      {Of(SignalKind::kAccepted), Of(SignalKind::kThumbs, -1)},
      {Of(SignalKind::kRetry), Of(SignalKind::kRetry), Of(SignalKind::kRetry)},
      {later_edit, edit, Of(SignalKind::kCopy)},
      {verdict, Of(SignalKind::kAbandon)},
      {Of(SignalKind::kEvaluation, 0.1), Of(SignalKind::kEscalation)},
  };
  for (const std::vector<Signal>& own : cases) {
    for (const std::vector<Signal>& of_session : cases) {
      std::vector<Signal> all = own;
      all.insert(all.end(), of_session.begin(), of_session.end());
      Reactions added(own);
      added.Add(Reactions(of_session));
      EXPECT_NEAR(ScoreOf(added)->combined, ScoreOf(all)->combined, 1e-12);
      EXPECT_NEAR(ScoreOf(added)->implicit, ScoreOf(all)->implicit, 1e-12);
      EXPECT_EQ(ScoreOf(added)->approval, ScoreOf(all)->approval);
    }
  }
}

TEST(Correction, IsTheOneThatHappenedLast) {
  Signal first = At(Of(SignalKind::kCorrection), 200);
  first.text = "newer";
  Signal second = ByStaff(At(Of(SignalKind::kCorrection), 100));
  second.text = "older";
  const auto correction = CorrectionOf(std::vector<Signal>{first, second});
  ASSERT_TRUE(correction.has_value());
  EXPECT_EQ(correction->text, "newer");
  EXPECT_EQ(correction->actor, Actor::kUser);
}

TEST(Correction, MayBeTheTextThatAnEditLeft) {
  Signal edit = At(Of(SignalKind::kEdit, 0.9), 200);
  EXPECT_FALSE(CorrectionOf(std::vector<Signal>{edit}).has_value());  // Nobody knows the text.
  edit.text = "Hello Bob.";
  Signal correction = At(Of(SignalKind::kCorrection), 100);
  correction.text = "older";
  EXPECT_EQ(CorrectionOf(std::vector<Signal>{correction, edit})->text, "Hello Bob.");
}

TEST(Tier, HoldsTheLowerBoundOfItsRange) {
  EXPECT_EQ(TierOf(1.0), Tier::kPlatinum);
  EXPECT_EQ(TierOf(0.85), Tier::kPlatinum);
  EXPECT_EQ(TierOf(0.8499), Tier::kGold);
  EXPECT_EQ(TierOf(0.6), Tier::kGold);
  EXPECT_EQ(TierOf(0.5999), Tier::kSilver);
  EXPECT_EQ(TierOf(0.3), Tier::kSilver);
  EXPECT_EQ(TierOf(0.2999), Tier::kBronze);
  EXPECT_EQ(TierOf(-1.0), Tier::kBronze);
}

TEST(Tier, WeighsAsPublished) {
  EXPECT_EQ(WeightOf(Tier::kPlatinum), 5.0);
  EXPECT_EQ(WeightOf(Tier::kGold), 2.0);
  EXPECT_EQ(WeightOf(Tier::kSilver), 1.0);
  EXPECT_EQ(WeightOf(Tier::kBronze), 0.3);
}

Signal Named(Signal signal, const std::string& id, int64_t sequence) {
  signal.signal_id = id;
  signal.sequence = sequence;
  return signal;
}

TEST(Score, NamesTheNewestReactionsThatItIsMadeOf) {
  std::vector<Signal> signals;
  for (int64_t i = 1; i <= 20; ++i) {
    signals.push_back(Named(Of(SignalKind::kCopy), "s" + std::to_string(i), i));
  }
  signals.push_back(Named(Of(SignalKind::kEvaluation, 1), "judge", 21));
  Reactions reactions(signals);
  Signal of_session = Named(Of(SignalKind::kEscalation), "escalated", 19);
  of_session.interaction_id.clear();
  reactions.Add(Reactions(std::vector<Signal>{of_session}));
  const std::vector<std::string> ids = ScoreOf(reactions)->signal_ids;
  ASSERT_EQ(ids.size(), Score::kMaxSignalIds);
  EXPECT_EQ(ids[0], "s20") << "what measures is no reaction";
  EXPECT_EQ(std::count(ids.begin(), ids.end(), "escalated"), 1);
  EXPECT_EQ(ids.back(), "s6");
}

TEST(Score, KnowsWhatWentWrongByTheNewestSignalAboutTheInteraction) {
  const auto says = [](const std::string& mode, int64_t seconds) {
    Signal signal = At(Of(SignalKind::kErrorReported), seconds);
    signal.failure_mode = mode;
    return signal;
  };
  Signal of_session = says("rude", 9);
  of_session.interaction_id.clear();
  Signal silent = At(Of(SignalKind::kThumbs, -1), 8);
  EXPECT_EQ(ScoreOf({says("wrong_tool", 5), says("slow", 3), of_session, silent})->failure_mode,
            "wrong_tool");
  Reactions early(std::vector<Signal>{says("slow", 3)});
  early.Add(Reactions(std::vector<Signal>{says("wrong_tool", 5)}));
  EXPECT_EQ(ScoreOf(early)->failure_mode, "wrong_tool");
  EXPECT_EQ(ScoreOf({silent})->failure_mode, "");
}

}  // namespace
}  // namespace flywheel::curation
