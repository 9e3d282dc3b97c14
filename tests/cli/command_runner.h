// Runs a built binary, and returns its exit code and output.
#ifndef FLYWHEEL_TESTS_CLI_COMMAND_RUNNER_H_
#define FLYWHEEL_TESTS_CLI_COMMAND_RUNNER_H_

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "cli/child_process.h"
#include "shared/testing/status_matchers.h"
#include "shared/testing/temp_dir.h"

namespace flywheel::cli {

// Where the build puts its binaries.
inline std::string BinDir() {
  const char* directory = std::getenv("FLYWHEEL_BIN_DIR");
  return directory == nullptr ? "build/release/bin" : directory;
}

inline std::string ReadAll(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// How a command ended, and what it wrote to standard output and standard error together.
struct CommandResult {
  // Such as "exit code 3".
  std::string ending;
  std::string output;
};

// Runs a program to its end.
inline CommandResult RunBinary(const std::string& binary,
                               const std::vector<std::string>& arguments) {
  const testing::TempDir directory;
  const std::string log = directory.path() + "/output";
  auto child = ChildProcess::Start({binary, arguments, {}, log});
  EXPECT_OK(child);
  if (!child.ok()) return {};
  EXPECT_TRUE(child->WaitForExit(absl::Seconds(60))) << binary << " does not end";
  return {child->Exited().value_or("still running"), ReadAll(log)};
}

// The same for one of ours, such as "flywheel-ingest".
inline CommandResult RunProgram(const std::string& program,
                                const std::vector<std::string>& arguments) {
  return RunBinary(BinDir() + "/" + program, arguments);
}

inline CommandResult RunFlywheel(const std::vector<std::string>& arguments) {
  return RunProgram("flywheel", arguments);
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_COMMAND_RUNNER_H_
