// `flywheel erase` and `flywheel erasure`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_fixture.h"

namespace flywheel::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

using EraseCommandTest = CommandFixture;

TEST_F(EraseCommandTest, ErasesAPersonWhoIsThenGoneFromCurationToo) {
  StartServices({Service::kIngest, Service::kCuration});
  const std::string address = services_->at(Service::kIngest).address;
  const std::string file = Write(
      "chats.jsonl",
      R"({"id": "c1", "user": "ada", "reward": 1, "messages": [{"role": "user", "content": "hi"}]})"
      "\n"
      R"({"id": "c2", "user": "bob", "reward": 1, "messages": [{"role": "user", "content": "ho"}]})"
      "\n");
  ASSERT_EQ(RunFlywheel({"import", file, "--format", "openai-chat", "--address", address}).ending,
            "exit code 0");
  const CommandResult erased =
      RunFlywheel({"erase", "--user", "ada", "--erasure-id", "ticket-7", "--address", address});
  EXPECT_EQ(erased.ending, "exit code 0") << erased.output;
  EXPECT_THAT(erased.output, HasSubstr("ticket-7: 1 interaction and 1 signal left ingest"));
  CommandResult receipt;
  EXPECT_TRUE(Eventually([&] {
    receipt = RunFlywheel({"erasure", "ticket-7", "--address", address});
    return receipt.output.find("not yet") == std::string::npos;
  })) << receipt.output;
  EXPECT_THAT(receipt.output, MatchesRegex("(.|\n)*curation +2 +20(.|\n)*"));
  EXPECT_EQ(RunFlywheel({"erasure", "ticket-8", "--address", address}).ending, "exit code 1");
}

TEST_F(EraseCommandTest, WritesThePersonsRecordsBefore) {
  StartServices({Service::kIngest});
  const std::string address = services_->at(Service::kIngest).address;
  ASSERT_EQ(
      RunFlywheel({"import",
                   Write("chats.jsonl", R"({"id": "c1", "user": "ada", "reward": 1, "messages": )"
                                        R"([{"role": "user", "content": "hi"}]})"
                                        "\n"),
                   "--format", "openai-chat", "--address", address})
          .ending,
      "exit code 0");
  const CommandResult records = RunFlywheel({"records", "--user", "ada", "--address", address});
  EXPECT_EQ(records.ending, "exit code 0") << records.output;
  EXPECT_THAT(records.output, MatchesRegex("\\{\"interaction\":\\{\"interaction_id\":.*\n"
                                           "\\{\"signal\":\\{\"signal_id\":.*\n"));
  EXPECT_THAT(RunFlywheel({"records", "--session", "c9", "--address", address}).output,
              HasSubstr("Nothing is held under this id"));
  EXPECT_EQ(RunFlywheel({"records", "--address", address}).ending, "exit code 2");
}

TEST_F(EraseCommandTest, SaysThatNothingOfAnUnknownPersonWasStored) {
  StartServices({Service::kIngest});
  const std::string address = services_->at(Service::kIngest).address;
  ASSERT_EQ(
      RunFlywheel({"import",
                   Write("chats.jsonl", R"({"id": "c1", "user": "ada", "reward": 1, "messages": )"
                                        R"([{"role": "user", "content": "hi"}]})"
                                        "\n"),
                   "--format", "openai-chat", "--address", address})
          .ending,
      "exit code 0");
  const CommandResult unknown =
      RunFlywheel({"erase", "--user", "Ada", "--erasure-id", "ticket-8", "--address", address});
  EXPECT_EQ(unknown.ending, "exit code 0") << "what is forgotten is forgotten";
  EXPECT_THAT(unknown.output,
              AllOf(HasSubstr("ticket-8: 0 interactions and 0 signals left ingest"),
                    HasSubstr("Nothing of this person was stored"), HasSubstr("user_id")));
  EXPECT_THAT(unknown.output, HasSubstr("flywheel erasure ticket-8 --address " + address + "\n"))
      << "no curation runs, and the receipt is asked for where the erasure was";
  EXPECT_THAT(RunFlywheel({"erasure", "ticket-8", "--address", address}).output,
              HasSubstr("Nothing of this person was stored"));
  EXPECT_THAT(RunFlywheel({"erase", "--user", "ada", "--address", address}).output,
              Not(HasSubstr("of this person was stored")));
}

TEST_F(EraseCommandTest, ErasesASessionOrAnInteractionAndWantsOneOfThem) {
  StartServices({Service::kIngest});
  const std::string address = services_->at(Service::kIngest).address;
  ASSERT_EQ(
      RunFlywheel({"import",
                   Write("chats.jsonl", R"({"id": "c1", "user": "ada", "reward": 1, "messages": )"
                                        R"([{"role": "user", "content": "hi"}]})"
                                        "\n"),
                   "--format", "openai-chat", "--address", address})
          .ending,
      "exit code 0");
  const CommandResult nothing = RunFlywheel({"erase", "--interaction", "c2", "--address", address});
  EXPECT_THAT(nothing.output, AllOf(HasSubstr("Nothing of this interaction was stored"),
                                    HasSubstr("interaction_id")));
  EXPECT_THAT(RunFlywheel({"erase", "--session", "c1", "--address", address}).output,
              HasSubstr("1 interaction and 1 signal left ingest"));
  EXPECT_EQ(RunFlywheel({"erase", "--address", address}).ending, "exit code 2");
  EXPECT_EQ(RunFlywheel({"erase", "--user", "ada", "--session", "c1", "--address", address}).ending,
            "exit code 2");
}

}  // namespace
}  // namespace flywheel::cli
