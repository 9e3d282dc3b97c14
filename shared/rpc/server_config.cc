#include "shared/rpc/server_config.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "shared/files/files.h"
#include "shared/rpc/flags.h"
#include "shared/rpc/secret_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/host_port.h"

namespace flywheel::rpc {
namespace {

absl::Status CheckAddress(std::string_view flag, const std::string& address) {
  if (address.rfind("unix:", 0) == 0 || ParseHostPort(address)) return absl::OkStatus();
  return errors::InvalidConfiguration(flag, fmt::format("'{}'", address),
                                      "HOST:PORT, such as 127.0.0.1:4317");
}

absl::Status CheckAtLeast(std::string_view flag, int64_t value, int64_t least) {
  if (value >= least) return absl::OkStatus();
  return errors::InvalidConfiguration(flag, std::to_string(value),
                                      fmt::format("at least {}", least));
}

absl::Status CheckExposure(const ServerConfig& config) {
  if (config.tls_certificate_file.empty() != config.tls_key_file.empty()) {
    return errors::InvalidConfiguration("--tls-certificate-file and --tls-key-file", "one of them",
                                        "both or neither");
  }
  if (!config.tls_client_ca_file.empty() && config.tls_certificate_file.empty()) {
    return errors::InvalidConfiguration("--tls-client-ca-file", "no --tls-certificate-file",
                                        "a certificate of the server as well");
  }
  RETURN_IF_ERROR(CheckListenAddress(config, "--listen", config.listen));
  if (!config.metrics_listen.empty() && !IsLoopback(config.metrics_listen) && !config.insecure) {
    return errors::InvalidConfiguration(
        "--metrics-listen", fmt::format("'{}', where anybody may read it", config.metrics_listen),
        "a loopback address, or --insecure where the network is private already");
  }
  return absl::OkStatus();
}

bool IsLogLevel(const std::string& level) {
  static constexpr std::string_view kLevels[] = {"trace", "debug", "info", "warn", "error"};
  return std::find(std::begin(kLevels), std::end(kLevels), level) != std::end(kLevels);
}

}  // namespace

// By the address itself: a name that begins with "127." may lead anywhere.
bool IsLoopback(const std::string& address) {
  if (address.rfind("unix:", 0) == 0) return true;
  const std::optional<HostPort> place = ParseHostPort(address);
  if (!place) return false;
  const bool digits_and_dots = place->host.find_first_not_of("0123456789.") == std::string::npos;
  return (digits_and_dots && place->host.rfind("127.", 0) == 0) || place->host == "localhost" ||
         place->host == "[::1]";
}

void AddServerFlags(CLI::App& app, ServerConfig& config) {
  const auto add = [&app](const char* flag, auto& value, const char* help) {
    AddFlag(app, flag, value, help);
  };
  add("--listen", config.listen, "where gRPC listens, HOST:PORT; port 0 picks a free one");
  add("--metrics-listen", config.metrics_listen,
      "where Prometheus scrapes /metrics; empty: nowhere");
  add("--data-dir", config.data_dir, "directory of the store; made where it does not exist");
  add("--database-url", config.database_url, "the store; default sqlite:DATA_DIR/SERVICE.db");
  add("--tls-certificate-file", config.tls_certificate_file,
      "PEM certificate chain of this server");
  add("--tls-key-file", config.tls_key_file, "PEM key of the certificate");
  add("--tls-client-ca-file", config.tls_client_ca_file, "PEM CA of the clients: mutual TLS");
  add("--api-keys-file", config.api_keys_file,
      "who may call: a key a line; 'flywheel new-key' makes one");
  add("--max-message-bytes", config.max_message_bytes, "largest request that is taken");
  add("--max-queued-bytes", config.max_queued_bytes, "writes that may wait for the disk");
  add("--audit-days", config.audit_days, "how long events of the audit log are kept");
  add("--drain-seconds", config.drain_seconds, "how long calls may go on after SIGTERM");
  add("--log-level", config.log_level, "trace, debug, info, warn or error");
  add("--upstream-ca-file", config.upstream_ca_file, "PEM CA for TLS to other services");
  add("--upstream-key-file", config.upstream_key_file, "file with the key for other services");
  app.add_flag("--insecure", config.insecure, "listen beyond loopback without TLS and keys")
      ->envname("FLYWHEEL_INSECURE");
}

absl::Status CheckListenAddress(const ServerConfig& config, std::string_view flag,
                                const std::string& address) {
  RETURN_IF_ERROR(CheckAddress(flag, address));
  const bool guarded = !config.tls_certificate_file.empty() && !config.api_keys_file.empty();
  if (IsLoopback(address) || guarded || config.insecure) return absl::OkStatus();
  return errors::InvalidConfiguration(
      flag, fmt::format("'{}' without TLS and keys", address),
      "a loopback address, or --tls-certificate-file, --tls-key-file and --api-keys-file, or "
      "--insecure where the network is private already");
}

absl::Status FinishServerConfig(ServerConfig& config) {
  if (!config.metrics_listen.empty()) {
    RETURN_IF_ERROR(CheckAddress("--metrics-listen", config.metrics_listen));
  }
  RETURN_IF_ERROR(CheckExposure(config));
  if (config.max_message_bytes < 4 << 10 || config.max_message_bytes > 1 << 30) {
    return errors::InvalidConfiguration(
        "--max-message-bytes", std::to_string(config.max_message_bytes), "4096 to 1073741824");
  }
  // A request that fits must be able to wait for the disk.
  RETURN_IF_ERROR(
      CheckAtLeast("--max-queued-bytes", config.max_queued_bytes, config.max_message_bytes));
  RETURN_IF_ERROR(CheckAtLeast("--drain-seconds", config.drain_seconds, 0));
  if (config.audit_days < 1 || config.audit_days > 36'500) {
    return errors::InvalidConfiguration("--audit-days", std::to_string(config.audit_days),
                                        "1 to 36500");
  }
  if (!IsLogLevel(config.log_level)) {
    return errors::InvalidConfiguration("--log-level", fmt::format("'{}'", config.log_level),
                                        "trace, debug, info, warn or error");
  }
  RETURN_IF_ERROR(CheckSecretFile("--tls-key-file", config.tls_key_file));
  RETURN_IF_ERROR(CheckSecretFile("--upstream-key-file", config.upstream_key_file));
  RETURN_IF_ERROR(MakeWritableDirectory("--data-dir", config.data_dir));
  WarnOfOpenDirectory("--data-dir", config.data_dir);
  if (config.database_url.empty()) {
    config.database_url = fmt::format("sqlite:{}/{}.db", config.data_dir, config.service);
  }
  return absl::OkStatus();
}

}  // namespace flywheel::rpc
