#include "tests/fault/twins/twin.h"

#include <fmt/format.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "cli/free_port.h"
#include "experiment_service/experiment_server.h"
#include "shared/rpc/server_config.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "tests/fault/twins/shared_clock.h"

namespace flywheel::fault {
namespace {

namespace v1 = experiment::v1;

// The child's first argument; then come places and address, in their order.
constexpr char kServeTwin[] = "--serve-twin";

std::string FreeAddress() { return fmt::format("127.0.0.1:{}", cli::FindFreePorts(1)->front()); }

// A connection that is there again as soon as its service is.
std::shared_ptr<grpc::Channel> ConnectEagerly(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 10);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 50);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), arguments);
}

int ServeTwin(const TwinPlaces& places, const std::string& address) {
  SharedClock clock(places.clock_file);
  experiment::ExperimentConfig config;
  config.server.service = "experiment";
  config.server.listen = address;
  config.server.data_dir = places.data_dir;
  config.eval_gate_address = places.gate_address;
  config.ingest_address = places.ingest_address;
  absl::Status status = rpc::FinishServerConfig(config.server);
  if (status.ok()) {
    const auto server = experiment::ExperimentServer::Start(config, &clock);
    // Until it is killed.
    while (server.ok()) pause();
    status = server.status();
  }
  fmt::print(stderr, "{}\n", errors::MessageOf(status));
  return 1;
}

}  // namespace

std::optional<int> ServeIfTwin(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.size() != 7 || arguments[1] != kServeTwin) return std::nullopt;
  return ServeTwin({arguments[2], arguments[3], arguments[4], arguments[5]}, arguments[6]);
}

Twin::Twin(TwinPlaces places) : places_(std::move(places)), address_(FreeAddress()) {
  const auto channel = ConnectEagerly(address_);
  experiments_ = v1::ExperimentService::NewStub(channel);
  ramps_ = v1::RampService::NewStub(channel);
}

absl::Status Twin::Launch() {
  cli::ChildOptions options;
  options.binary = std::filesystem::read_symlink("/proc/self/exe").string();
  options.arguments = {kServeTwin,           places_.data_dir,       places_.clock_file,
                       places_.gate_address, places_.ingest_address, address_};
  options.log_file = places_.data_dir + ".log";
  ASSIGN_OR_RETURN(cli::ChildProcess child, cli::ChildProcess::Start(options));
  child_.emplace(std::move(child));
  return absl::OkStatus();
}

void Twin::Kill() { child_->Kill(); }

void Twin::AwaitServing() {
  v1::ListExperimentsResponse ignored;
  Insist(&v1::ExperimentService::Stub::ListExperiments, v1::ListExperimentsRequest(), &ignored);
}

}  // namespace flywheel::fault
