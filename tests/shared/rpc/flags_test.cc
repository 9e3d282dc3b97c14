#include "shared/rpc/flags.h"

#include <gmock/gmock.h>

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace flywheel::rpc {
namespace {

using ::testing::HasSubstr;

TEST(Flags, MayStandInTheEnvironmentUnderTheirOwnName) {
  EXPECT_EQ(FlagVariable("--max-message-bytes"), "FLYWHEEL_MAX_MESSAGE_BYTES");
  EXPECT_EQ(FlagVariable("--data-dir"), "FLYWHEEL_STORE_DIR");
  CLI::App app;
  int width = 3;
  AddFlag(app, "--test-width", width, "how wide");
  EXPECT_THAT(app.help(), HasSubstr("INT=3"));
  setenv("FLYWHEEL_TEST_WIDTH", "7", /*overwrite=*/1);
  app.parse("");
  EXPECT_EQ(width, 7);
  app.parse("--test-width 9");
  EXPECT_EQ(width, 9) << "what is given wins";
  unsetenv("FLYWHEEL_TEST_WIDTH");
}

TEST(Flags, AreRefusedInTheWordsOfEveryOtherError) {
  CLI::App app("", "wheel");
  int width = 0;
  AddFlag(app, "--width", width, "how wide");
  CLI::App* const turn = app.add_subcommand("turn");
  turn->add_subcommand("left");
  turn->add_subcommand("right");
  app.add_subcommand("stop");
  const auto said = [&](const std::string& line) -> std::string {
    try {
      app.parse(line);
    } catch (const CLI::ParseError& error) {
      return UsageError(&app, error);
    }
    return "nothing";
  };
  EXPECT_EQ(said("dance"),
            "error: got 'dance', want one of turn, stop. 'wheel --help' says more.\n");
  EXPECT_THAT(said("turn --fast"), HasSubstr(". 'wheel turn --help' says more.\n"));
  EXPECT_THAT(said("turn left --fast"), HasSubstr(". 'wheel turn left --help' says more.\n"));
  EXPECT_EQ(said("turn back"),
            "error: got 'back', want one of left, right. 'wheel turn --help' says more.\n");
  EXPECT_THAT(said("--width x"), HasSubstr(". 'wheel --help' says more.\n"));
}

}  // namespace
}  // namespace flywheel::rpc
