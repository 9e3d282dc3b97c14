#include "cli/shell_word.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/cli/command_runner.h"

namespace flywheel::cli {
namespace {

TEST(ShellWord, LeavesWhatSaysNothingToAShell) {
  for (const char* const text : {"v2", "router-v2.1", "a_b:c", "org/model@2026+1=x,y%z"}) {
    EXPECT_EQ(ShellWord(text), text);
  }
}

TEST(ShellWord, QuotesTheRest) {
  EXPECT_EQ(ShellWord(""), "''");
  EXPECT_EQ(ShellWord("two words"), "'two words'");
  EXPECT_EQ(ShellWord("Ada's v2"), R"('Ada'\''s v2')");
  EXPECT_EQ(ShellWord("$(rm x);`y`"), "'$(rm x);`y`'");
  EXPECT_EQ(ShellWord("grün"), "'grün'");
}

TEST(ShellWord, IsTheTextAgainToAShell) {
  for (const std::string text :
       {"", "a b", "'", "''x'", "$HOME ~ *", "a\\b\"c", "; echo", "a\nb"}) {
    EXPECT_EQ(RunBinary("/bin/sh", {"-c", "printf '%s' " + ShellWord(text)}).output, text);
  }
}

}  // namespace
}  // namespace flywheel::cli
