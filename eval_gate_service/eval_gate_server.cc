#include "eval_gate_service/eval_gate_server.h"

#include <utility>

#include "eval_gate_service/outputs_of_before.h"
#include "eval_gate_service/store/migrations.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/store_metrics.h"
#include "shared/rpc/upstream_target.h"
#include "shared/status/status_macros.h"
#include "shared/version/version.h"

namespace flywheel::evalgate {
absl::StatusOr<std::unique_ptr<EvalGateServer>> EvalGateServer::Start(const EvalGateConfig& config,
                                                                      const Clock* clock) {
  ASSIGN_OR_RETURN(std::optional<redaction::PiiDetector> detector,
                   MakePiiDetector(config.redaction));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  ASSIGN_OR_RETURN(const rpc::Channel curation,
                   rpc::Channel::Open(rpc::UpstreamTarget(config.curation_address, config.server)));
  ASSIGN_OR_RETURN(rpc::ServerBase base, rpc::MakeServerBase(config.server, clock));
  std::unique_ptr<EvalGateServer> server(new EvalGateServer(
      std::move(base), std::move(database), std::move(detector), curation, config, clock));
  RETURN_IF_ERROR(server->writer_.RemoveUnfinished());
  RETURN_IF_ERROR(JudgeOutputsOfBefore(*server->database_));
  RETURN_IF_ERROR(server->log_.FillIn());
  ASSIGN_OR_RETURN(server->server_,
                   rpc::Server::Start(config.server, server->base_,
                                      {&server->rpc_, &server->run_rpc_, &server->policy_rpc_,
                                       &server->log_rpc_, &server->audit_}));
  // What works by itself.
  server->eraser_.Start();
  server->audit_.Start();
  rpc::ObserveStore(server->database_.get(), *server->base_.metrics);
  return server;
}

EvalGateServer::EvalGateServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
                               std::optional<redaction::PiiDetector> detector,
                               const rpc::Channel& curation, const EvalGateConfig& config,
                               const Clock* clock)
    : base_(std::move(base)),
      database_(std::move(database)),
      texts_(std::move(detector), base_.metrics.get()),
      curation_(curation),
      erasures_(curation),
      writer_(database_.get(), clock),
      suites_(database_.get(), &curation_, clock, &writer_),
      uploads_(database_.get(), &curation_, clock, &writer_),
      contamination_(database_.get(), &curation_),
      runs_(database_.get(), clock),
      run_finisher_(database_.get(), &contamination_, &cache_, clock),
      run_reader_(database_.get()),
      outputs_(database_.get(), clock),
      judge_(database_.get(), &cache_, clock, CodeVersion()),
      verdicts_(database_.get(), clock),
      replayer_(database_.get(), CodeVersion()),
      results_(database_.get()),
      comparison_(database_.get()),
      policies_(database_.get(), clock),
      approvals_(database_.get(), clock),
      waivers_(database_.get(), clock),
      log_(database_.get(), clock),
      eraser_(database_.get(), &erasures_, &cache_, base_.metrics.get()),
      rpc_(base_.endpoint.get(), UseCases{&suites_, &uploads_, &judge_, &verdicts_, &replayer_,
                                          &results_, &comparison_, &texts_}),
      run_rpc_(base_.endpoint.get(),
               RunUseCases{&runs_, &run_finisher_, &run_reader_, &outputs_, &texts_}),
      policy_rpc_(base_.endpoint.get(),
                  PolicyUseCases{&policies_, &approvals_, &waivers_, &texts_}),
      log_rpc_(base_.endpoint.get(), &log_),
      audit_(base_.endpoint.get(), database_.get(), absl::Hours(24) * config.server.audit_days) {}

void EvalGateServer::Stop(absl::Duration drain) {
  if (std::exchange(stopped_, true)) return;
  if (server_ != nullptr) server_->Stop(drain);
  audit_.Stop();
  eraser_.Stop();
}

}  // namespace flywheel::evalgate
