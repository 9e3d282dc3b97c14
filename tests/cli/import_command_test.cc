// `flywheel import` and `flywheel status`: what goes in, and what is there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

using ImportCommandTest = CommandFixture;

TEST_F(ImportCommandTest, ImportsNothingAtOnceWhereNothingAnswers) {
  const CommandResult result = RunFlywheel({"import", Write("chat.jsonl", kConversations),
                                            "--format", "openai-chat", "--address", "127.0.0.1:1"});
  EXPECT_EQ(result.ending, "exit code 3");
  EXPECT_THAT(result.output, AllOf(HasSubstr("nothing answers at 127.0.0.1:1"),
                                   HasSubstr("flywheel up"), Not(HasSubstr("stays stored"))));
}

TEST_F(ImportCommandTest, NamesTheOtherFormatWhereTheFileReadsAsThat) {
  const std::string other =
      R"([{"task_id": 1, "trial": 0, "reward": 1, "traj": [{"role": "user", "content": "hi"}]}])";
  const CommandResult tau_bench =
      RunFlywheel({"import", Write("tau", other), "--format", "openai-chat"});
  EXPECT_EQ(tau_bench.ending, "exit code 1");
  EXPECT_THAT(tau_bench.output, HasSubstr("reads well as another format: --format tau-bench"));
  const CommandResult chat =
      RunFlywheel({"import", Write("chat", kConversations), "--format", "tau-bench"});
  EXPECT_EQ(chat.ending, "exit code 1");
  EXPECT_THAT(chat.output, HasSubstr("reads well as another format: --format openai-chat"));
}

TEST_F(ImportCommandTest, PromisesThatImportingAgainGoesOnOnlyWhereItDoes) {
  StartServices({Service::kIngest}, "board a-key-of-no-other-use acme reader\n");
  const CommandResult refused = Import(Write("chat.jsonl", kConversations),
                                       {"--key-file", Write("key", "a-key-of-no-other-use")});
  EXPECT_EQ(refused.ending, "exit code 1");
  EXPECT_THAT(refused.output, AllOf(HasSubstr("reader"), Not(HasSubstr("stays stored"))));
}

TEST_F(ImportCommandTest, ImportsTwiceAndShowsTheMeansThatWereImported) {
  StartServices({kAllServices.begin(), kAllServices.end()});
  const std::string file = Write("chat.jsonl", kConversations);
  const CommandResult first = Import(file);
  EXPECT_EQ(first.ending, "exit code 0");
  EXPECT_EQ(first.output,
            "stored 2 interactions (0 tool calls) and 2 signals; 0 replayed, 0 conflicts, 0 "
            "rejected\n");
  const CommandResult second = Import(file);
  EXPECT_EQ(second.ending, "exit code 0");
  EXPECT_EQ(second.output, "stored nothing: all 2 interactions and 2 signals were already there\n");

  const CommandResult status = Status({"--json", "--group-by", ""});
  EXPECT_EQ(status.ending, "exit code 0") << status.output;
  const json report = json::parse(status.output, nullptr, false);
  ASSERT_TRUE(report.is_object()) << status.output;
  EXPECT_EQ(report["ingest"]["interactions"], 2);
  EXPECT_EQ(report["ingest"]["evaluation_means"][0]["mean"], 0.5);
  EXPECT_TRUE(Eventually([&] {
    json now = json::parse(Status({"--json"}).output, nullptr, false);
    return now["curation"]["feed_lag_seconds"] == 0 && now["curation"]["interactions"] == 2 &&
           now["curation"]["ingest_reachable"] == true;
  })) << "curation reads what was imported";
  EXPECT_EQ(report["eval_gate"]["latest_verdicts"], json::array());
  EXPECT_EQ(report["experiment"]["running"], json::array());

  const CommandResult text = Status({});
  EXPECT_EQ(text.ending, "exit code 0");
  EXPECT_THAT(text.output,
              AllOf(HasSubstr("EVALUATION  BY trial  COUNT    MEAN"), HasSubstr("no verdict yet"),
                    HasSubstr("no experiment runs"), Not(HasSubstr("not reachable"))));
}

TEST_F(ImportCommandTest, FailsAnImportWithAConflictAndSaysWhy) {
  StartServices({Service::kIngest});
  ASSERT_EQ(Import(Write("a", kConversations)).ending, "exit code 0");
  const std::string changed = R"({"id": "c1", "messages": [{"role": "user", "content": "x"}]})";
  const CommandResult text = Import(Write("b", changed));
  EXPECT_EQ(text.ending, "exit code 1");
  EXPECT_THAT(text.output, AllOf(HasSubstr("1 conflicts"), HasSubstr("c1"),
                                 HasSubstr("ALREADY_EXISTS_WITH_OTHER_CONTENT"),
                                 HasSubstr("another --agent or --model-version?")));
  const CommandResult result = Import(Write("b", changed), {"--json"});
  EXPECT_EQ(result.ending, "exit code 1");
  const json summary = json::parse(result.output, nullptr, false);
  ASSERT_TRUE(summary.is_object()) << result.output;
  EXPECT_EQ(summary["interactions"]["conflicts"], 1);
  EXPECT_EQ(summary["problems"][0]["id"], "c1");
}

TEST_F(ImportCommandTest, FailsAnImportOfAMalformedFileWithItsPlace) {
  const CommandResult result =
      RunFlywheel({"import", Write("bad.json", "[\n{"), "--format", "tau-bench"});
  EXPECT_EQ(result.ending, "exit code 1");
  EXPECT_THAT(result.output, AllOf(HasSubstr("bad.json, line 2, byte"), HasSubstr("malformed")));
}

TEST_F(ImportCommandTest, StoresTheGoodLinesOfAFileAndNamesTheBadOne) {
  StartServices({Service::kIngest});
  const std::string file = Write(
      "chat.jsonl", std::string(kConversations) + R"({"id": "cut", "messages": [{"role": "us)");
  const CommandResult strict = Import(file, {"--strict"});
  EXPECT_EQ(strict.ending, "exit code 1");
  EXPECT_THAT(strict.output, HasSubstr("chat.jsonl, line 3, byte"));
  const CommandResult dry = Import(file, {"--dry-run"});
  EXPECT_EQ(dry.ending, "exit code 1");
  EXPECT_THAT(dry.output, AllOf(HasSubstr("left out: "), HasSubstr("chat.jsonl, line 3, byte"),
                                HasSubstr("Nothing was sent; of 2 conversations"),
                                HasSubstr("stored 2 interactions (0 tool calls) and 2 signals")));
  const CommandResult result = Import(file, {"--json"});
  EXPECT_EQ(result.ending, "exit code 1");
  EXPECT_THAT(result.output, AllOf(HasSubstr("chat.jsonl, line 3, byte"),
                                   HasSubstr(R"("interactions":{"conflicts":0,"rejected":0,)"
                                             R"("replayed":0,"stored":2})"),
                                   HasSubstr(R"("unread":1)")));
  EXPECT_THAT(Import(file).output, HasSubstr("stored nothing"));
}

TEST_F(ImportCommandTest, ReadsWithoutAServerWhatItWouldStore) {
  const CommandResult result =
      RunFlywheel({"import", Write("chat.jsonl", kConversations), "--format", "openai-chat", "--as",
                   "golden", "--dry-run", "--address", "127.0.0.1:1"});
  EXPECT_EQ(result.ending, "exit code 0");
  EXPECT_THAT(result.output, HasSubstr("stored 2 interactions (0 tool calls) and 4 signals"));
}

}  // namespace
}  // namespace flywheel::cli
