#include "experiment_service/domain/outcome_source.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <limits>

namespace flywheel::experiment {
namespace {

OutcomeSource Signals(std::initializer_list<SignalKind> kinds) {
  OutcomeSource source;
  for (const SignalKind kind : kinds) source.signals |= int64_t{1} << static_cast<int>(kind);
  return source;
}

FeedSignal Signal(FeedSignalKind kind, double value = 1, const std::string& name = "") {
  FeedSignal signal;
  signal.kind = kind;
  signal.value = value;
  signal.name = name;
  return signal;
}

OutcomeSource Number(InteractionNumber number) {
  OutcomeSource source;
  source.kind = SourceKind::kNumber;
  source.number = number;
  return source;
}

TEST(OutcomeSource, TakesTheKindsThatItNamesAlone) {
  const OutcomeSource source = Signals({SignalKind::kEscalation, SignalKind::kRetry});
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kEscalation)), 1);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kRetry)), 1);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kRegenerate)), std::nullopt);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kThumbs)), std::nullopt);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kEvaluation, 0.5, "score")), std::nullopt);
}

TEST(OutcomeSource, TurnsThumbsRoundWhereDownIsAskedFor) {
  const FeedSignal up = Signal(FeedSignalKind::kThumbs, 1);
  const FeedSignal down = Signal(FeedSignalKind::kThumbs, 0);
  EXPECT_EQ(Signals({SignalKind::kThumbsUp}).ValueOf(up), 1);
  EXPECT_EQ(Signals({SignalKind::kThumbsUp}).ValueOf(down), 0);
  EXPECT_EQ(Signals({SignalKind::kThumbsDown}).ValueOf(up), 0);
  EXPECT_EQ(Signals({SignalKind::kThumbsDown}).ValueOf(down), 1);
}

TEST(OutcomeSource, KeepsStarsAndEditsAsTheShareThatTheyAre) {
  EXPECT_EQ(Signals({SignalKind::kStars}).ValueOf(Signal(FeedSignalKind::kStars, 0.75)), 0.75);
  EXPECT_EQ(Signals({SignalKind::kEdit}).ValueOf(Signal(FeedSignalKind::kEdit, 0.2)), 0.2);
}

TEST(OutcomeSource, GivesEveryInteractionAZeroWhereThatIsAskedFor) {
  OutcomeSource source = Signals({SignalKind::kEscalation});
  EXPECT_EQ(source.ValueOf(ServedInteraction()), std::nullopt);
  source.every_interaction = true;
  EXPECT_EQ(source.ValueOf(ServedInteraction()), 0);
}

TEST(OutcomeSource, TakesAScoreByItsName) {
  OutcomeSource source;
  source.kind = SourceKind::kEvaluation;
  source.name = "grounded";
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kEvaluation, 0.3, "grounded")), 0.3);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kEvaluation, 0.3, "other")), std::nullopt);
  EXPECT_EQ(source.ValueOf(Signal(FeedSignalKind::kThumbs)), std::nullopt);
  EXPECT_EQ(source.ValueOf(ServedInteraction()), std::nullopt);
}

TEST(OutcomeSource, CountsFailuresOfOneKindOrOfAll) {
  OutcomeSource source;
  source.kind = SourceKind::kFailure;
  ServedInteraction interaction;
  EXPECT_EQ(source.ValueOf(interaction), 0);
  interaction.failed = true;
  interaction.failure_kind = "timeout";
  EXPECT_EQ(source.ValueOf(interaction), 1);
  source.name = "timeout";
  EXPECT_EQ(source.ValueOf(interaction), 1);
  source.name = "refusal";
  EXPECT_EQ(source.ValueOf(interaction), 0);
}

TEST(OutcomeSource, ReadsFiguresThatTheInteractionSays) {
  ServedInteraction interaction;
  EXPECT_EQ(Number(InteractionNumber::kLatencySeconds).ValueOf(interaction), std::nullopt);
  interaction.latency_seconds = 1.5;
  interaction.prompt_tokens = 100;
  interaction.cost_usd = 0.01;
  EXPECT_EQ(Number(InteractionNumber::kLatencySeconds).ValueOf(interaction), 1.5);
  EXPECT_EQ(Number(InteractionNumber::kPromptTokens).ValueOf(interaction), 100);
  EXPECT_EQ(Number(InteractionNumber::kCostUsd).ValueOf(interaction), 0.01);
  EXPECT_EQ(Number(InteractionNumber::kTotalTokens).ValueOf(interaction), std::nullopt)
      << "half of a sum is none";
  interaction.completion_tokens = 20;
  EXPECT_EQ(Number(InteractionNumber::kCompletionTokens).ValueOf(interaction), 20);
  EXPECT_EQ(Number(InteractionNumber::kTotalTokens).ValueOf(interaction), 120);
  interaction.prompt_tokens = std::numeric_limits<int64_t>::max();
  interaction.completion_tokens = std::numeric_limits<int64_t>::max();
  EXPECT_GT(Number(InteractionNumber::kTotalTokens).ValueOf(interaction), 1e18);
}

}  // namespace
}  // namespace flywheel::experiment
