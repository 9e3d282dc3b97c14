// Conversations in one trace.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/ingest_service/otlp/map_request.h"
#include "tests/ingest_service/otlp/otlp_fixture.h"

namespace flywheel::ingest {
namespace {

std::string Said(const std::string& role, const std::string& text) {
  return R"({"role":")" + role + R"(","parts":[{"type":"text","content":")" + text + R"("}]})";
}

// One span around what follows.
TraceBuilder Session() {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "websocket", 0, 60'000).Set("session.id", "s-1").Set("user.id", "ada");
  return trace;
}

void AddAgent(TraceBuilder& trace, uint64_t span, uint64_t parent, int64_t at,
              const std::string& name) {
  trace.Add(span, parent, "agent_turn", at, at + 900)
      .Set("gen_ai.operation.name", "invoke_agent")
      .Set("gen_ai.agent.name", name);
}

// `asked` are the messages, the question last.
void AddChat(TraceBuilder& trace, uint64_t span, uint64_t parent, int64_t at,
             const std::string& asked, const std::string& answer) {
  trace.Add(span, parent, "chat", at, at + 500)
      .Set("gen_ai.operation.name", "chat")
      .Set("gen_ai.usage.input_tokens", 10)
      .Set("gen_ai.input.messages", "[" + asked + "]")
      .Set("gen_ai.output.messages", "[" + Said("assistant", answer) + "]");
}

MappedTrace Map(const TraceBuilder& trace) {
  static RequestMapper& mapper = *new RequestMapper();
  MappedTrace mapped = mapper.Map(trace.request());
  for (const MappedTurn& turn : mapped.turns) {
    EXPECT_OK(CheckRecord(turn.interaction, TestTime() + absl::Minutes(2), ""));
  }
  return mapped;
}

// As "question -> answer".
std::vector<std::string> PairsOf(const TraceBuilder& trace) {
  std::vector<std::string> pairs;
  for (const MappedTurn& turn : Map(trace).turns) {
    v1::Interaction shown;
    EXPECT_OK(ParseInteraction(turn.interaction.SerializeAsString(), shown));
    pairs.push_back(shown.input() + " -> " + shown.output());
  }
  return pairs;
}

using Pairs = std::vector<std::string>;

TraceBuilder ThreeTurns() {
  TraceBuilder trace = Session();
  std::string history;
  for (uint64_t turn = 0; turn < 3; ++turn) {
    const std::string number = std::to_string(turn);
    const auto at = static_cast<int64_t>(1'000 + turn * 1'000);
    history += (turn > 0 ? "," : "") + Said("user", "q" + number);
    AddAgent(trace, 10 + turn, 1, at, "host");
    AddChat(trace, 20 + turn, 10 + turn, at + 100, history, "a" + number);
    history += "," + Said("assistant", "a" + number);
  }
  return trace;
}

TEST(TurnsOfATrace, AreInteractionsInTheirOrder) {
  const MappedTrace mapped = Map(ThreeTurns());
  ASSERT_EQ(mapped.turns.size(), 3u);
  EXPECT_EQ(PairsOf(ThreeTurns()), (Pairs{"q0 -> a0", "q1 -> a1", "q2 -> a2"}));
  const v1::Interaction& last = mapped.turns[2].interaction;
  const std::string first_id = "otel-" + TraceHex(1);
  EXPECT_EQ(mapped.turns[0].interaction.interaction_id(), first_id);
  EXPECT_EQ(mapped.turns[0].interaction.previous_interaction_id(), "");
  EXPECT_EQ(last.interaction_id(), first_id + "-3");
  EXPECT_EQ(last.previous_interaction_id(), first_id + "-2");
  // What the span around them says is said of each, and what each used is its own.
  for (const MappedTurn& turn : mapped.turns) {
    EXPECT_EQ(turn.interaction.session_id(), "s-1");
    EXPECT_TRUE(turn.interaction.user_id().starts_with("u_"));
    EXPECT_EQ(turn.interaction.agent(), "host");
    EXPECT_EQ(turn.interaction.prompt_tokens(), 10);
    EXPECT_LT(turn.interaction.latency().seconds(), 2);
  }
  EXPECT_EQ(last.start_time().seconds(), 1'800'000'003);
  EXPECT_EQ(last.history_size(), 4);
  EXPECT_EQ(last.messages_size(), 2);
}

TEST(TurnsOfATrace, AreToldApartWithoutAHistory) {
  TraceBuilder trace = Session();
  AddAgent(trace, 2, 1, 1'000, "bot");
  AddChat(trace, 3, 2, 1'100, Said("user", "q0"), "a0");
  AddAgent(trace, 4, 1, 2'000, "bot");
  AddChat(trace, 5, 4, 2'100, Said("user", "q1"), "a1");
  EXPECT_EQ(PairsOf(trace), (Pairs{"q0 -> a0", "q1 -> a1"}));
}

TEST(TurnsOfATrace, MayBeCallsOfModelsWithoutAnAgent) {
  TraceBuilder trace = Session();
  AddChat(trace, 2, 1, 1'000, Said("user", "q0"), "a0");
  AddChat(trace, 3, 1, 2'000,
          Said("user", "q0") + "," + Said("assistant", "a0") + "," + Said("user", "q1"), "a1");
  EXPECT_EQ(PairsOf(trace), (Pairs{"q0 -> a0", "q1 -> a1"}));
}

TEST(TurnsOfATrace, OneQuestionIsOneTurnHoweverOftenModelsAreCalled) {
  TraceBuilder trace = Session();
  for (const uint64_t step : {1u, 2u}) {
    trace
        .Add(10 + step, 1, "turn", static_cast<int64_t>(step) * 1'000,
             static_cast<int64_t>(step) * 1'000 + 900)
        .Set("openinference.span.kind", "CHAIN");
    AddChat(trace, 20 + step, 10 + step, static_cast<int64_t>(step) * 1'000 + 100,
            Said("user", "q"), "a" + std::to_string(step));
  }
  EXPECT_EQ(PairsOf(trace), (Pairs{"q -> a2"}));
}

TEST(TurnsOfATrace, AgentsThatHandOverToOthersAreOneTurn) {
  TraceBuilder trace = Session();
  AddAgent(trace, 2, 1, 1'000, "planner");
  AddChat(trace, 3, 2, 1'100, Said("user", "Write about rain."), "A plan.");
  AddAgent(trace, 4, 1, 2'000, "writer");
  AddChat(trace, 5, 4, 2'100, Said("user", "Write by this plan."), "It rains.");
  EXPECT_EQ(PairsOf(trace), (Pairs{"Write about rain. -> It rains."}));
}

TEST(TurnsOfATrace, WorkersAtTheSameTimeAreOneTurn) {
  TraceBuilder trace = Session();
  AddAgent(trace, 2, 1, 1'000, "worker");
  AddChat(trace, 3, 2, 1'100, Said("user", "part one"), "one");
  AddAgent(trace, 4, 1, 1'200, "worker");
  AddChat(trace, 5, 4, 1'300, Said("user", "part two"), "two");
  EXPECT_EQ(PairsOf(trace).size(), 1u);
}

TEST(TurnsOfATrace, ASpanWithTextsOfItsOwnIsOneTurn) {
  TraceBuilder trace(1, TestTime(), "backend");
  trace.Add(1, 0, "answer", 0, 60'000)
      .Set("openinference.span.kind", "CHAIN")
      .Set("input.value", "q")
      .Set("output.value", "a");
  AddAgent(trace, 2, 1, 1'000, "bot");
  AddChat(trace, 3, 2, 1'100, Said("user", "q0"), "a0");
  AddAgent(trace, 4, 1, 2'000, "bot");
  AddChat(trace, 5, 4, 2'100, Said("user", "q1"), "a1");
  EXPECT_EQ(PairsOf(trace), (Pairs{"q -> a"}));
}

TEST(TurnsOfATrace, RetrievalBetweenModelsIsOneTurn) {
  TraceBuilder trace = Session();
  AddChat(trace, 2, 1, 1'000, Said("user", "Rewrite: rain?"), "Rain in Oslo?");
  trace.Add(3, 1, "find", 1'600, 1'700).Set("openinference.span.kind", "RETRIEVER");
  AddChat(trace, 4, 1, 2'000, Said("user", "Answer: rain?"), "Yes.");
  EXPECT_EQ(PairsOf(trace).size(), 1u);
}

class StoredTurnsTest : public OtlpTest {};

TEST_F(StoredTurnsTest, AreStoredOnceAndInOrder) {
  TraceBuilder trace = Trace(7);
  trace.Add(1, 0, "websocket", 0, 500).Set("session.id", "s-1");
  AddAgent(trace, 2, 1, 10, "bot");
  AddChat(trace, 3, 2, 20, Said("user", "q0"), "a0");
  AddAgent(trace, 4, 1, 1'000, "bot");
  AddChat(trace, 5, 4, 1'010, Said("user", "q1"), "a1");
  Export(trace);
  Export(trace);
  PassUntil(2);
  EXPECT_EQ(Get("otel-" + TraceHex(7)).interaction().output(), "a0");
  const v1::Interaction second = Get("otel-" + TraceHex(7) + "-2").interaction();
  EXPECT_EQ(second.input(), "q1");
  EXPECT_EQ(second.session_id(), "s-1");
  EXPECT_EQ(CountRows("otlp_spans"), 0);
}

}  // namespace
}  // namespace flywheel::ingest
