// Trainers of open models as readers of an export: the chat templates of their families write every
// line, and the loaders that they use take it.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "cli/child_process.h"
#include "tests/integration/conversation_rows.h"

namespace flywheel::integration {
namespace {

class Trainers : public ConversationRows {
 protected:
  static std::string Packages() { return FLYWHEEL_TOOLS_DIR "/trainers"; }

  void SetUp() override {
    if (access((Packages() + "/installed").c_str(), R_OK) != 0) {
      GTEST_SKIP()
          << "no TRL, datasets and chat templates; './dev test' fetches them where pip can";
    }
    if (TauBenchFile().empty()) GTEST_SKIP() << "FLYWHEEL_DATA_DIR has no tau-bench";
  }

  // Where a file of this format is.
  std::string Exported(const std::string& format) {
    std::string path = dir_.path() + "/" + format + ".jsonl";
    std::ofstream(path) << Export(format);
    return path;
  }
};

TEST_F(Trainers, TakeEveryLineOfTauBench) {
  const std::string file = TauBenchFile();
  ASSERT_GT(ImportApproved(file, RightRuns(file)), 400u);
  for (int i = 0; i < 20; ++i) {
    const std::string id = "corrected-" + std::to_string(i);
    Log(MakeInteraction(id));
    React(id, [&](auto& signal) { signal.mutable_correction()->set_ideal_output("As " + id); });
  }
  Build();

  const std::string log = dir_.path() + "/check.log";
  cli::ChildOptions options;
  options.binary = "/usr/bin/env";
  options.arguments = {
      "HF_HOME=" + dir_.path() + "/cache",
      Packages() + "/bin/python",
      std::string(FLYWHEEL_SOURCE_DIR) + "/tests/integration/clients/trainers/check_export.py",
      Exported("prompt-completion"),
      Exported("openai-chat"),
      Exported("preference"),
      Exported("unpaired-preference"),
      Exported("parquet")};
  options.log_file = log;
  auto check = cli::ChildProcess::Start(options);
  ASSERT_OK(check);
  ASSERT_TRUE(check->WaitForExit(absl::Minutes(5))) << cli::ReadAll(log);
  EXPECT_EQ(check->Exited().value_or("still running"), "exit code 0") << cli::ReadAll(log);
  // The numbers, for whoever reads the test's log.
  std::printf("%s", cli::ReadAll(log).c_str());
}

}  // namespace
}  // namespace flywheel::integration
