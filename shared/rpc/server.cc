#include "shared/rpc/server.h"

#include <fmt/format.h>
#include <google/protobuf/stubs/logging.h>
#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <pthread.h>
#include <signal.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "shared/rpc/call_limiter.h"
#include "shared/rpc/message_decompression.h"
#include "shared/rpc/pem_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::rpc {
namespace {

// Of the synchronous API. gRPC refuses what comes beyond them with RESOURCE_EXHAUSTED.
constexpr int kMaxThreads = 512;
// What a client is told, and what is enforced: more, because calls that it gave up are in memory
// for a while. A call takes some 25 kB.
constexpr int kMaxCallsPerConnection = 1'000;
constexpr CallLimits kCallLimits = {.connection = 1'500, .process = 3'000, .crowded = 50};
// Memory for messages on their way in and out, in messages of the largest size.
constexpr int64_t kQuotaMessages = 4;
constexpr int64_t kLeastQuotaBytes = 64 << 20;

// What anybody can send, with a key or without, takes a bounded amount of memory.
void BoundMemory(const ServerConfig& config, Metrics& metrics, grpc::ServerBuilder& builder) {
  // Twice the limit is what gRPC takes, so that a request that is merely too large gets our own
  // answer with its figures and not a bare one.
  const int64_t message_bytes = std::min<int64_t>(2 * config.max_message_bytes, INT32_MAX);
  builder.SetMaxReceiveMessageSize(static_cast<int>(message_bytes));
  // What gRPC holds for all connections together. Near that it resets calls without a reason, so
  // the writes that wait for the disk, whose messages it holds, must meet BACK_PRESSURE well
  // before.
  // Its own state of connections and calls counts as well, hence a least size.
  const int64_t quota_bytes = std::max(
      kLeastQuotaBytes, kQuotaMessages * config.max_message_bytes + 2 * config.max_queued_bytes);
  grpc::ResourceQuota quota;
  quota.SetMaxThreads(kMaxThreads);
  quota.Resize(static_cast<size_t>(quota_bytes));
  builder.SetResourceQuota(quota);
  // The quota does not see what compressed messages become.
  if (!BoundDecompression({.message_bytes = message_bytes, .total_bytes = quota_bytes})) {
    spdlog::warn(
        "event=no_compression grpc={} message=\"this gRPC cannot be kept from "
        "decompressing too much: compressed messages are refused\"",
        grpc_version_string());
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
    builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  }
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxCallsPerConnection);
  CallLimiter* const limiter = ProcessCallLimiter();
  if (limiter == nullptr) {
    spdlog::warn(
        "event=calls_not_limited grpc={} message=\"this gRPC has to limit floods of calls "
        "itself\"",
        grpc_version_string());
    return;
  }
  limiter->SetLimits(kCallLimits);
  metrics.ObserveGauge("flywheel_calls_in_memory", "Calls of gRPC that are in memory, ended or not",
                       [limiter] { return static_cast<double>(limiter->calls()); });
  metrics.ObserveGauge("flywheel_connections_cut",
                       "Connections that were closed because they had too many calls in memory",
                       [limiter] { return static_cast<double>(limiter->refusals()); });
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(const ServerConfig& config) {
  if (config.tls_certificate_file.empty()) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions options;
  ASSIGN_OR_RETURN(const std::string certificate,
                   ReadPemFile("--tls-certificate-file", config.tls_certificate_file));
  ASSIGN_OR_RETURN(const std::string key, ReadPemFile("--tls-key-file", config.tls_key_file));
  options.pem_key_cert_pairs.push_back({key, certificate});
  if (!config.tls_client_ca_file.empty()) {
    ASSIGN_OR_RETURN(options.pem_root_certs,
                     ReadPemFile("--tls-client-ca-file", config.tls_client_ca_file));
    options.client_certificate_request = GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY;
  }
  return grpc::SslServerCredentials(options);
}

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

absl::StatusOr<ServerBase> MakeServerBase(const ServerConfig& config, const Clock* clock) {
  ServerBase base;
  base.metrics = std::make_unique<Metrics>();
  std::unique_ptr<KeyRing> keys;
  if (!config.api_keys_file.empty()) {
    ASSIGN_OR_RETURN(
        keys, KeyRing::Load(config.api_keys_file, config.service, base.metrics.get(), clock));
  }
  if (!config.metrics_listen.empty()) RETURN_IF_ERROR(base.metrics->Expose(config.metrics_listen));
  base.endpoint =
      std::make_unique<Endpoint>(Endpoint::Options{config.service, config.max_message_bytes},
                                 std::move(keys), base.metrics.get(), clock);
  return base;
}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerConfig& config,
                                                      const ServerBase& base,
                                                      const std::vector<grpc::Service*>& services) {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials, Credentials(config));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort(config.listen, credentials, &port);
  BoundMemory(config, base.endpoint->metrics(), builder);
  // Two servers on one port would share its calls between two stores.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // A peer that vanished without a word is noticed within a minute and a half.
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
  for (grpc::Service* service : services) builder.RegisterService(service);
  std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr || port == 0) {
    return errors::InvalidConfiguration(
        "--listen", fmt::format("'{}', which cannot be bound", config.listen),
        "an address of this machine and a free port; another server may still run there");
  }
  server->GetHealthCheckService()->SetServingStatus(true);
  return std::unique_ptr<Server>(new Server(std::move(server), base.endpoint.get(), port));
}

void Server::SetPartHealth(const std::string& name, bool serves) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(name, serves);
}

void Server::Stop(absl::Duration drain) {
  if (auto* health = server_->GetHealthCheckService()) health->SetServingStatus(false);
  endpoint_->StartDraining();
  server_->Shutdown(std::chrono::system_clock::now() + absl::ToChronoMilliseconds(drain));
  server_->Wait();
  endpoint_->metrics().Hide();
}

void BlockSignals() {
  const sigset_t signals = Signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  // A file at the size that the system allows is a full disk, and no reason to die.
  signal(SIGXFSZ, SIG_IGN);
}

int WaitForSignal() {
  const sigset_t signals = Signals();
  int received = 0;
  sigwait(&signals, &received);
  return received;
}

void StartLogging(const ServerConfig& config) {
  auto logger = std::make_shared<spdlog::logger>(config.service,
                                                 std::make_shared<spdlog::sinks::stderr_sink_mt>());
  logger->set_pattern("%Y-%m-%dT%H:%M:%S.%fZ level=%l service=%n %v",
                      spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(config.log_level));
  spdlog::set_default_logger(std::move(logger));
  // What protobuf and gRPC say of their own, such as a refused TLS handshake or a port in use, is
  // for whoever looks for it: the caller or our own last line has said it already.
  google::protobuf::SetLogHandler(
      [](google::protobuf::LogLevel, const char*, int, const std::string& message) {
        spdlog::debug("event=protobuf message={}", Quoted(message));
      });
  gpr_set_log_function([](gpr_log_func_args* line) {
    spdlog::debug("event=grpc message={}", Quoted(line->message));
  });
}

}  // namespace flywheel::rpc
