// The evaluation gate server: every part of the service, put together.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/baseline_approvals.h"
#include "eval_gate_service/case_eraser.h"
#include "eval_gate_service/case_results.h"
#include "eval_gate_service/judge.h"
#include "eval_gate_service/output_intake.h"
#include "eval_gate_service/release_log.h"
#include "eval_gate_service/release_policies.h"
#include "eval_gate_service/rpc/eval_gate_rpc.h"
#include "eval_gate_service/rpc/release_log_rpc.h"
#include "eval_gate_service/rpc/release_policy_rpc.h"
#include "eval_gate_service/rpc/run_rpc.h"
#include "eval_gate_service/run_finisher.h"
#include "eval_gate_service/run_reader.h"
#include "eval_gate_service/runs.h"
#include "eval_gate_service/suite_catalog.h"
#include "eval_gate_service/suite_comparison.h"
#include "eval_gate_service/suite_uploads.h"
#include "eval_gate_service/suite_writer.h"
#include "eval_gate_service/upstream/curation_client.h"
#include "eval_gate_service/upstream/erasure_client.h"
#include "eval_gate_service/verdict_reader.h"
#include "eval_gate_service/verdict_replayer.h"
#include "eval_gate_service/verdict_waivers.h"
#include "redaction/pii_detector.h"
#include "shared/audit/audit_rpc.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/sql/database.h"
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
  // What is replaced in texts before anything is stored.
  RedactionFlags redaction;
};

// Builds the store, the use cases and the gRPC service in order, and owns them. Serves whether
// curation is there or not.
class EvalGateServer {
 public:
  // Opens the store, binds and serves. `config.server` must have passed rpc::FinishServerConfig;
  // `clock` outlives the server. INVALID_CONFIGURATION, STORAGE_UNAVAILABLE or STORE_TOO_NEW where
  // that fails.
  static absl::StatusOr<std::unique_ptr<EvalGateServer>> Start(const EvalGateConfig& config,
                                                               const Clock* clock);

  EvalGateServer(const EvalGateServer&) = delete;
  EvalGateServer& operator=(const EvalGateServer&) = delete;
  // Stops too, without a drain.
  ~EvalGateServer() { Stop(absl::ZeroDuration()); }

  int port() const { return server_->port(); }
  void ReloadKeys() { base_.endpoint->ReloadKeys(); }

  // Lets running calls end until `drain` has passed, then stops erasing. Does nothing the second
  // time.
  void Stop(absl::Duration drain);

 private:
  EvalGateServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
                 std::optional<redaction::PiiDetector> detector, const rpc::Channel& curation,
                 const EvalGateConfig& config, const Clock* clock);

  // In the order of their making: each uses only those before it.
  const rpc::ServerBase base_;
  const std::unique_ptr<sql::Database> database_;
  const TextFilter texts_;
  const CurationClient curation_;
  ErasureClient erasures_;
  SuiteWriter writer_;
  SuiteCatalog suites_;
  SuiteUploads uploads_;
  const ContaminationFinder contamination_;
  OutcomeCache cache_;
  Runs runs_;
  RunFinisher run_finisher_;
  RunReader run_reader_;
  OutputIntake outputs_;
  Judge judge_;
  VerdictReader verdicts_;
  VerdictReplayer replayer_;
  CaseResults results_;
  SuiteComparison comparison_;
  ReleasePolicies policies_;
  BaselineApprovals approvals_;
  VerdictWaivers waivers_;
  ReleaseLog log_;
  CaseEraser eraser_;
  EvalGateRpc rpc_;
  RunRpc run_rpc_;
  ReleasePolicyRpc policy_rpc_;
  ReleaseLogRpc log_rpc_;
  audit::AuditRpc audit_;
  std::unique_ptr<rpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVAL_GATE_SERVER_H_
