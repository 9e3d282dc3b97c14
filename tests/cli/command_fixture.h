// Test fixture: runs `flywheel` as a user does, beside services of its own.
#ifndef FLYWHEEL_TESTS_CLI_COMMAND_FIXTURE_H_
#define FLYWHEEL_TESTS_CLI_COMMAND_FIXTURE_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "cli/local_services.h"
#include "shared/time/poll.h"
#include "tests/cli/command_runner.h"

namespace flywheel::cli {

inline constexpr char kConversations[] =
    R"({"id": "c1", "reward": 1, "messages": [{"role": "user", "content": "hi"}]})"
    "\n"
    R"({"id": "c2", "reward": 0, "messages": [{"role": "user", "content": "ho"}]})"
    "\n";

// Waits until `done` holds, a minute at most. Other processes tell nobody when they get somewhere,
// so this has to look.
inline bool Eventually(absl::FunctionRef<bool()> done) {
  return PollUntil(done, absl::Seconds(60));
}

class CommandFixture : public ::testing::Test {
 protected:
  std::string Write(const std::string& name, const std::string& text) {
    std::string path = directory_.path() + "/" + name;
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }

  // With `keys`, the lines of a key file, each asks for a key.
  void StartServices(std::vector<Service> wanted, const std::string& keys = "") {
    LocalServicesOptions options;
    if (!keys.empty()) {
      const std::string file = Write("keys", keys);
      for (const Service service : wanted) {
        options.extra_arguments[service] = {"--api-keys-file", file};
      }
    }
    options.data_dir = directory_.path() + "/data";
    options.binary_dir = BinDir();
    options.services = std::move(wanted);
    options.free_ports = true;
    options.metrics = false;
    auto services = LocalServices::Start(options);
    ASSERT_OK(services);
    services_ = *std::move(services);
  }

  // `flywheel status` with the addresses of this test's services, started or not.
  CommandResult Status(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "status");
    for (const Service service : kAllServices) {
      arguments.push_back(fmt::format("--{}-address", ServiceName(service)));
      arguments.push_back(services_->at(service).address);
    }
    return RunFlywheel(arguments);
  }

  CommandResult Import(const std::string& file, std::vector<std::string> arguments = {}) {
    arguments.insert(arguments.begin(), {"import", file, "--format", "openai-chat", "--address",
                                         services_->at(Service::kIngest).address});
    return RunFlywheel(arguments);
  }

  testing::TempDir directory_;
  std::unique_ptr<LocalServices> services_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_TESTS_CLI_COMMAND_FIXTURE_H_
