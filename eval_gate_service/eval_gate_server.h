// The evaluation gate, put together.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/rpc/server_config.h"
#include "shared/time/clock.h"

namespace flywheel::evalgate {

// What the gate is told at start.
struct EvalGateConfig {
  EvalGateConfig() {
    server.service = "eval-gate";
    server.listen = "127.0.0.1:7403";
  }

  rpc::ServerConfig server;
  // Where curation is: asked for the rows of a new suite, and what was erased.
  std::string curation_address = "127.0.0.1:7402";
  // What every new suite must ask for at least.
  LeastBar least_bar;
};

// A running gate. Start needs no upstream.
class EvalGateServer {
 public:
  // Opens the store, binds and serves. `config.server` must have passed rpc::FinishServerConfig.
  // INVALID_CONFIGURATION, STORAGE_UNAVAILABLE or STORE_TOO_NEW where that fails.
  static absl::StatusOr<std::unique_ptr<EvalGateServer>> Start(const EvalGateConfig& config,
                                                               const Clock* clock);

  EvalGateServer(const EvalGateServer&) = delete;
  EvalGateServer& operator=(const EvalGateServer&) = delete;
  ~EvalGateServer();

  int port() const;
  void ReloadKeys();

  // Lets running calls end until `drain` has passed. Once is enough; the destructor does it too.
  void Stop(absl::Duration drain);

 private:
  struct Parts;
  explicit EvalGateServer(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_
