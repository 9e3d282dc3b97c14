#include <fmt/format.h>

#include <cstdio>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "cli/command.h"
#include "cli/health.h"
#include "shared/rpc/channel.h"

namespace flywheel::cli {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(2);

int RunHealth(const rpc::Target& target) {
  const auto channel = rpc::Channel::Open(target);
  if (!channel.ok()) return Fail(channel.status(), target.address);
  const absl::Status status = CheckHealth(*channel, kTimeout);
  if (!status.ok()) return Fail(status, target.address);
  std::printf("%s: serving\n", target.address.c_str());
  return kExitOk;
}

}  // namespace

void AddHealthCommand(CLI::App& app, Run& run) {
  CLI::App* const command = app.add_subcommand(
      "health",
      "Asks one service whether it serves, by the standard health protocol. For container and\n"
      "load balancer checks.");
  command->footer(std::string("Example: flywheel health 127.0.0.1:4317\n") + kExitCodesHelp);
  const auto target = std::make_shared<rpc::Target>();
  command->add_option("ADDRESS", target->address, "where the service listens, HOST:PORT")
      ->required()
      ->check(IsAddress());
  AddCredentialFlags(*command, *target);
  command->callback([target, &run] { run = [target] { return RunHealth(*target); }; });
}

}  // namespace flywheel::cli
