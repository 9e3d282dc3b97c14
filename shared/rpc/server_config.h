// Configuration that all services share: flags and environment variables.
#ifndef FLYWHEEL_SHARED_RPC_SERVER_CONFIG_H_
#define FLYWHEEL_SHARED_RPC_SERVER_CONFIG_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace CLI {
class App;
}

namespace flywheel::rpc {

// Flags, or the environment where a flag is not given (--listen: FLYWHEEL_LISTEN), checked
// once.
struct ServerConfig {
  // The service's short name, such as "ingest": log lines, metric labels, file names.
  std::string service;

  // Where gRPC listens, HOST:PORT; port 0 picks a free one.
  std::string listen;
  // Where Prometheus scrapes /metrics, HOST:PORT; empty: nowhere.
  std::string metrics_listen;
  // Holds the store (SERVICE.db) and what belongs to it; made where it does not exist.
  std::string data_dir = "data";
  // The store's URL; empty: sqlite:DATA_DIR/SERVICE.db.
  std::string database_url;

  // A PEM certificate and its key: TLS. With a client CA as well: mutual TLS.
  std::string tls_certificate_file;
  std::string tls_key_file;
  std::string tls_client_ca_file;
  // Who may call; empty: anybody, as project "default" (see ApiKeys).
  std::string api_keys_file;
  // Listen beyond loopback without TLS and keys. For networks that are private already.
  bool insecure = false;

  // The largest request that is taken.
  int64_t max_message_bytes = 16 << 20;
  // How many bytes of writes may wait for the disk.
  int64_t max_queued_bytes = 64 << 20;
  // Days that events of the audit log are kept.
  int64_t audit_days = 400;
  // How long running calls may go on after SIGTERM.
  int64_t drain_seconds = 10;
  // trace, debug, info, warn, error.
  std::string log_level = "info";

  // How this service reaches others: a PEM CA for TLS (empty: plain), and a key of role "service".
  // Where the other asks for a client certificate (mutual TLS), it gets that of this server.
  std::string upstream_ca_file;
  std::string upstream_key_file;
};

// Adds the flags above to `app`. The defaults in `config` show in --help.
void AddServerFlags(CLI::App& app, ServerConfig& config);

// Does HOST:PORT, or unix:PATH, stay on this machine?
bool IsLoopback(const std::string& address);

// INVALID_CONFIGURATION where `address`, the value of `flag`, is no HOST:PORT, or lies beyond
// loopback without TLS and keys, and `config` is not insecure.
absl::Status CheckListenAddress(const ServerConfig& config, std::string_view flag,
                                const std::string& address);

// INVALID_CONFIGURATION for values that contradict each other or that would expose data; makes the
// data directory, and fails where it cannot be written. Fills database_url.
absl::Status FinishServerConfig(ServerConfig& config);

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_SERVER_CONFIG_H_
