#include "examples/support_agent/local_wheel.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/health.h"
#include "cli/local_services.h"
#include "shared/rpc/channel.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::example {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(60);
constexpr absl::Duration kStopTimeout = absl::Seconds(20);

ServiceAddresses AddressesAt(int port_base) {
  const auto at = [port_base](cli::Service service) { return cli::AddressAt(service, port_base); };
  return {at(cli::Service::kIngest), at(cli::Service::kCuration), at(cli::Service::kEvalGate),
          at(cli::Service::kExperiment)};
}

std::string LastLines(const std::string& path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return text.size() > 600 ? text.substr(text.size() - 600) : text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<LocalWheel>> LocalWheel::Start(const std::string& data_dir,
                                                              int port_base) {
  // `flywheel up` stands beside this program, and starts the services again where they die.
  const auto self = std::filesystem::read_symlink("/proc/self/exe");
  cli::ChildOptions options;
  options.binary = (self.parent_path() / "flywheel").string();
  options.arguments = {"up", "--data-dir", data_dir};
  if (port_base > 0) {
    options.arguments.insert(options.arguments.end(), {"--port-base", std::to_string(port_base)});
  }
  options.log_file = data_dir + "/up.log";
  ASSIGN_OR_RETURN(cli::ChildProcess up, cli::ChildProcess::Start(options));
  std::unique_ptr<LocalWheel> wheel(new LocalWheel(std::move(up), AddressesAt(port_base)));

  // Ready when all four say that they serve; sooner over where `flywheel up` ends.
  const absl::Time deadline = absl::Now() + kStartTimeout;
  for (const std::string& address : {wheel->addresses_.ingest, wheel->addresses_.curation,
                                     wheel->addresses_.eval_gate, wheel->addresses_.experiment}) {
    ASSIGN_OR_RETURN(const rpc::Channel channel, rpc::Channel::Open({address, "", ""}));
    while (!cli::CheckHealth(channel, absl::Milliseconds(500)).ok()) {
      const bool ended = wheel->up_.WaitForExit(absl::Milliseconds(50));
      if (ended || absl::Now() > deadline) {
        return errors::UpstreamUnavailable("the services", address, LastLines(options.log_file));
      }
    }
  }
  // Somebody else's services may answer at these ports: ours must be up as well.
  if (wheel->up_.WaitForExit(absl::Milliseconds(200))) {
    return errors::InvalidConfiguration("ports", LastLines(options.log_file), "free ports");
  }
  return wheel;
}

void LocalWheel::Stop() {
  absl::MutexLock lock(&mutex_);
  up_.Terminate();
  if (!up_.WaitForExit(kStopTimeout)) up_.Kill();
}

}  // namespace flywheel::example
