// What an agent is asked, what it may answer, and which of it counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/gate_run/answer_line.h"
#include "cli/gate_run/chat_completion.h"
#include "cli/gate_run/fault_guard.h"
#include "cli/gate_run/question_line.h"
#include "cli/gate_run/retry_wait.h"
#include "cli/gate_run/run_ids.h"
#include "shared/status/errors.h"
#include "shared/testing/status_matchers.h"

namespace flywheel::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

absl::StatusOr<evalgate::v1::CaseOutput> Answered(const std::string& text) {
  const auto json = ParseJson(text, "the line");
  EXPECT_OK(json);
  if (!json.ok()) return json.status();
  return ReadAnswer(JsonView(*json, "the line"));
}

Answer WithFault(Fault fault, const std::string& words) {
  Answer answer{.output = {}, .fault = fault};
  answer.output.set_case_id("c1");
  if (fault == Fault::kNone) {
    answer.output.set_output(words);
  } else if (fault == Fault::kOfAgent) {
    answer.output.set_error(words);
  } else {
    answer.output.set_infrastructure_error(words);
  }
  return answer;
}

TEST(AnswerLine, TakesWhatProgramsSay) {
  const auto text = Answered(R"({"output": "yes", "tool_calls": [
      {"name": "refund", "arguments": {"order": 7}},
      {"type": "function", "function": {"name": "close", "arguments": "{}"}}],
      "latency_ms": 1250.5, "input_tokens": 10, "output_tokens": 2, "cost_usd": 0.01,
      "contexts": [{"text": "a", "document_id": 3, "score": 0.5, "age_s": 60}],
      "external_grades": [{"name": "judge", "score": 0.5, "version": 2}], "mine": null})");
  ASSERT_OK(text);
  EXPECT_EQ(text->output(), "yes");
  ASSERT_THAT(text->tool_calls(), SizeIs(2));
  EXPECT_EQ(text->tool_calls(0).arguments_json(), R"({"order":7})");
  EXPECT_EQ(text->tool_calls(1).name(), "close");
  EXPECT_EQ(text->latency().seconds(), 1);
  EXPECT_EQ(text->latency().nanos(), 250'500'000);
  EXPECT_EQ(text->contexts(0).document_id(), "3");
  EXPECT_EQ(text->external_grades(0).version(), "2");
  EXPECT_EQ(Answered(R"({"output": {"a": 1}})")->output(), R"({"a":1})");
  EXPECT_EQ(Answered(R"({"output": 42})")->output(), "42");
  EXPECT_EQ(Answered(R"({"output": ""})")->output(), "") << "an empty answer is one";
  EXPECT_THAT(Answered(R"({"messages": [{"role": "assistant", "content": "a"}]})")->messages(),
              SizeIs(1));
  EXPECT_EQ(Answered(R"({"error": "I gave up"})")->error(), "I gave up");
  EXPECT_EQ(Answered(R"({"infrastructure_error": {"code": 429}})")->infrastructure_error(),
            R"({"code":429})");
}

TEST(AnswerLine, RefusesWhatSaysNothingOrTwoThings) {
  for (const char* line :
       {R"({})", R"({"output": null})", R"({"output": "a", "error": "b"})", R"({"error": ""})",
        R"({"messages": [], "output": "a"})", R"([])", R"("a")", R"({"output": "a", "attempt": 0})",
        R"({"output": "a", "latency_ms": -1})", R"({"output": "a", "cost_usd": "much"})",
        R"({"output": "a", "external_grades": [{"name": "j", "score": 1.5}]})",
        R"({"output": "a", "tool_calls": [{"arguments": {}}]})"}) {
    EXPECT_FALSE(Answered(line).ok()) << line;
  }
}

TEST(QuestionLine, IsOneLineInTheWordsOfChatCompletions) {
  evalgate::v1::SuiteCase one;
  one.set_case_id("c1");
  one.set_input("two\nlines");
  EXPECT_EQ(QuestionLine(one, 2),
            R"({"case_id":"c1","attempt":2,"input":"two\nlines","messages":[{"role":"user",)"
            R"("content":"two\nlines"}],"tools":[],"contexts":[]})");
  common::v1::Message& system = *one.add_prompt();
  system.set_role(common::v1::ROLE_SYSTEM);
  system.add_parts()->set_text("be kind");
  common::v1::Message& called = *one.add_prompt();
  called.set_role(common::v1::ROLE_ASSISTANT);
  called.add_parts()->mutable_tool_call()->set_name("look");
  common::v1::Message& result = *one.add_prompt();
  result.set_role(common::v1::ROLE_TOOL);
  result.add_parts()->mutable_tool_result()->set_content("found");
  common::v1::ToolDefinition& tool = *one.add_tools();
  tool.set_name("look");
  tool.set_parameters_json_schema("no schema");
  const auto line = nlohmann::json::parse(QuestionLine(one, 1));
  EXPECT_EQ(line["messages"][1]["tool_calls"][0]["id"], line["messages"][2]["tool_call_id"]);
  EXPECT_EQ(line["messages"][1]["content"], nullptr);
  EXPECT_EQ(line["tools"][0]["function"]["parameters"]["type"], "object");
}

TEST(FaultGuard, LetsFaultsCountOnceTheAgentAnswers) {
  FaultGuard guard;
  std::vector<evalgate::v1::CaseOutput> outputs;
  for (int i = 0; i < 9; ++i) EXPECT_OK(guard.Take(WithFault(Fault::kOfAgent, "fell"), outputs));
  EXPECT_THAT(outputs, SizeIs(0));
  EXPECT_OK(guard.Take(WithFault(Fault::kNone, "yes"), outputs));
  EXPECT_THAT(outputs, SizeIs(10));
  EXPECT_OK(guard.Take(WithFault(Fault::kOfAgent, "fell"), outputs));
  EXPECT_OK(guard.Finish(outputs));
  EXPECT_THAT(outputs, SizeIs(11));
}

TEST(FaultGuard, CountsNothingOfAnAgentThatDoesNotRun) {
  for (const Fault fault : {Fault::kOfAgent, Fault::kOfStart}) {
    FaultGuard guard;
    std::vector<evalgate::v1::CaseOutput> outputs;
    for (int i = 0; i < 9; ++i) EXPECT_OK(guard.Take(WithFault(fault, "no module"), outputs));
    const absl::Status stopped = guard.Take(WithFault(fault, "no module"), outputs);
    EXPECT_TRUE(absl::IsFailedPrecondition(stopped));
    EXPECT_THAT(errors::MessageOf(stopped), HasSubstr("of case 'c1': no module"));
    for (const evalgate::v1::CaseOutput& output : outputs) EXPECT_EQ(output.error(), "");
  }
  FaultGuard few;
  std::vector<evalgate::v1::CaseOutput> outputs;
  EXPECT_OK(few.Take(WithFault(Fault::kOfAgent, "fell"), outputs));
  EXPECT_FALSE(few.Finish(outputs).ok()) << "of a suite of one case";
}

TEST(FaultGuard, TellsAnOutageFromAnAgentThatDoesNotRun) {
  FaultGuard guard;
  std::vector<evalgate::v1::CaseOutput> outputs;
  for (int i = 0; i < 9; ++i) {
    EXPECT_OK(guard.Take(WithFault(Fault::kOfInfrastructure, "503"), outputs));
  }
  EXPECT_TRUE(absl::IsUnavailable(guard.Take(WithFault(Fault::kOfInfrastructure, "503"), outputs)));
  EXPECT_THAT(outputs, SizeIs(10)) << "the gate is told";
}

TEST(ChatCompletion, ReadsTextsCallsAndRefusals) {
  const auto calls = ReadChatCompletion(
      R"({"choices": [{"message": {"content": null, "tool_calls": [
         {"function": {"name": "look", "arguments": "{\"a\": 1}"}}]}}]})");
  ASSERT_OK(calls);
  EXPECT_EQ(calls->tool_calls(0).arguments_json(), R"({"a": 1})");
  EXPECT_EQ(ReadChatCompletion(R"({"choices": [{"message": {"refusal": "No."}}]})")->output(),
            "No.");
  for (const char* body : {"<html>", "{}", R"({"choices": []})", R"({"error": {}})"}) {
    EXPECT_FALSE(ReadChatCompletion(body).ok()) << body;
  }
  EXPECT_EQ(ReadChatError(R"({"error": {"code": "a", "message": "b"}})").code, "a");
  EXPECT_EQ(ReadChatError("<html>\n").message, "<html>\\n");
}

TEST(RetryWait, GrowsAtRandomAndNeverBelowWhatTheServerAsks) {
  EXPECT_EQ(RetryWait(0, 1, std::nullopt), absl::Seconds(1));
  EXPECT_EQ(RetryWait(3, 0.5, std::nullopt), absl::Seconds(4));
  EXPECT_EQ(RetryWait(100, 1, std::nullopt), absl::Seconds(60));
  EXPECT_EQ(RetryWait(0, 0, absl::Seconds(7)), absl::Seconds(7));
  EXPECT_EQ(RetryWait(0, 0, absl::Hours(9)), absl::Minutes(5));
}

TEST(RunIds, AreTheSameForTheSameAndAlwaysIds) {
  const std::string id = StableId("run", "router v2/ß", {"s1", "router v2/ß"});
  EXPECT_EQ(id, StableId("run", "router v2/ß", {"s1", "router v2/ß"}));
  EXPECT_THAT(id, ::testing::MatchesRegex("run-router_v2___-[0-9a-f]{16}"));
  EXPECT_NE(StableId("run", "v", {"a", "bc"}), StableId("run", "v", {"ab", "c"}));
  EXPECT_LE(StableId("verdict", std::string(500, 'x'), {}).size(), 128u);
}

}  // namespace
}  // namespace flywheel::cli
