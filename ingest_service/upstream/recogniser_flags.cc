#include "ingest_service/upstream/recogniser_flags.h"

#include <fmt/format.h>

#include <utility>

#include "shared/rpc/flags.h"
#include "shared/rpc/upstream_target.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr double kMaxTimeoutSeconds = 60;

absl::Status CheckFlags(const RecogniserFlags& flags, const rpc::ServerConfig& server) {
  // "Not in the range", so that no NaN passes.
  if (!(flags.timeout_seconds > 0 && flags.timeout_seconds <= kMaxTimeoutSeconds)) {
    return errors::InvalidConfiguration("--recogniser-timeout",
                                        fmt::format("{}", flags.timeout_seconds),
                                        "seconds above 0, at most 60");
  }
  if (!(flags.least_score >= 0 && flags.least_score <= 1)) {
    return errors::InvalidConfiguration("--recogniser-least-score",
                                        fmt::format("{}", flags.least_score), "0 to 1");
  }
  for (const std::string& type : flags.types) {
    if (IsRecogniserType(type)) continue;
    return errors::InvalidConfiguration("--recogniser-types", fmt::format("'{}'", type),
                                        "names such as NAME,ADDRESS: A-Z, 0-9 and _, at most 64");
  }
  if (rpc::IsLoopback(flags.address) || !server.upstream_ca_file.empty() || server.insecure) {
    return absl::OkStatus();
  }
  return errors::InvalidConfiguration(
      "--recogniser-address",
      fmt::format("'{}' without TLS, to which texts would go before they are redacted",
                  flags.address),
      "a loopback address, or --upstream-ca-file, or --insecure where the network is private "
      "already");
}

}  // namespace

void AddRecogniserFlags(CLI::App& app, RecogniserFlags& flags) {
  using rpc::AddFlag;
  AddFlag(
      app, "--recogniser-address", flags.address,
      "a recogniser of your own, HOST:PORT, that finds personal data beside the built-in ones:\n"
      "what it cannot be asked about is not stored; empty: none");
  AddFlag(app, "--recogniser-timeout", flags.timeout_seconds,
          "seconds that it may take for the texts of one request, at most 60");
  AddFlag(app, "--recogniser-least-score", flags.least_score,
          "what it is less sure of is ignored, 0 to 1");
  AddFlag(app, "--recogniser-types", flags.types,
          "types that count of what it finds, such as NAME,ADDRESS; empty: all");
}

absl::StatusOr<std::unique_ptr<RecogniserQueue>> OpenRecogniser(const RecogniserFlags& flags,
                                                                const rpc::ServerConfig& server,
                                                                rpc::Metrics* metrics) {
  if (flags.address.empty()) return nullptr;
  RETURN_IF_ERROR(CheckFlags(flags, server));
  RecogniserConfig config;
  config.target = rpc::UpstreamTarget(flags.address, server);
  config.timeout = absl::Seconds(flags.timeout_seconds);
  config.least_score = flags.least_score;
  config.types = flags.types;
  ASSIGN_OR_RETURN(std::unique_ptr<RecogniserClient> client,
                   RecogniserClient::Open(config, metrics));
  return std::make_unique<RecogniserQueue>(std::move(client), server.max_queued_bytes, metrics);
}

}  // namespace flywheel::ingest
