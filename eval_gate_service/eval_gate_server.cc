#include "eval_gate_service/eval_gate_server.h"

#include <fmt/format.h>

#include <utility>

#include "eval_gate_service/case_eraser.h"
#include "eval_gate_service/judge.h"
#include "eval_gate_service/output_intake.h"
#include "eval_gate_service/rpc/eval_gate_rpc.h"
#include "eval_gate_service/store/migrations.h"
#include "eval_gate_service/suite_catalog.h"
#include "eval_gate_service/upstream/curation_client.h"
#include "eval_gate_service/upstream/erasure_client.h"
#include "eval_gate_service/verdict_reader.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/server.h"
#include "shared/rpc/store_metrics.h"
#include "shared/rpc/upstream_target.h"
#include "shared/sql/database.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

absl::Status CheckConfig(const EvalGateConfig& config) {
  const LeastBar& bar = config.least_bar;
  const auto check = [](const char* flag, double share) {
    if (share >= 0 && share <= 1) return absl::OkStatus();
    return errors::InvalidConfiguration(flag, fmt::format("{}", share), "0 to 1");
  };
  RETURN_IF_ERROR(check("--least-pass-rate-floor", bar.pass_rate_floor));
  RETURN_IF_ERROR(check("--largest-margin", bar.non_inferiority_margin));
  if (bar.cases >= 1) return absl::OkStatus();
  return errors::InvalidConfiguration("--least-cases", fmt::format("{}", bar.cases), "at least 1");
}

}  // namespace

// In the order of their making; each uses only what stands above it.
struct EvalGateServer::Parts {
  Parts(std::unique_ptr<sql::Database> opened, rpc::Channel channel, rpc::ServerBase made,
        const Clock* clock, const LeastBar& least_bar)
      : base(std::move(made)),
        database(std::move(opened)),
        curation(channel),
        erasures(std::move(channel)),
        suites(database.get(), &curation, clock, least_bar),
        outputs(database.get(), clock),
        judge(database.get(), clock),
        verdicts(database.get()),
        eraser(database.get(), &erasures, base.metrics.get()),
        service(base.endpoint.get(), UseCases{&suites, &outputs, &judge, &verdicts}) {}

  rpc::ServerBase base;
  const std::unique_ptr<sql::Database> database;
  const CurationClient curation;
  ErasureClient erasures;
  SuiteCatalog suites;
  OutputIntake outputs;
  Judge judge;
  VerdictReader verdicts;
  CaseEraser eraser;
  EvalGateRpc service;
  std::unique_ptr<rpc::Server> server;
};

absl::StatusOr<std::unique_ptr<EvalGateServer>> EvalGateServer::Start(const EvalGateConfig& config,
                                                                      const Clock* clock) {
  RETURN_IF_ERROR(CheckConfig(config));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  ASSIGN_OR_RETURN(rpc::Channel channel,
                   rpc::Channel::Open(rpc::UpstreamTarget(config.curation_address, config.server)));
  ASSIGN_OR_RETURN(rpc::ServerBase base, rpc::MakeServerBase(config.server, clock));
  auto parts = std::make_unique<Parts>(std::move(database), std::move(channel), std::move(base),
                                       clock, config.least_bar);
  RETURN_IF_ERROR(parts->suites.RemoveUnfinished());
  ASSIGN_OR_RETURN(parts->server,
                   rpc::Server::Start(config.server, parts->base, {&parts->service}));
  parts->eraser.Start();
  rpc::ObserveStore(parts->database.get(), *parts->base.metrics);
  return std::unique_ptr<EvalGateServer>(new EvalGateServer(std::move(parts)));
}

EvalGateServer::EvalGateServer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

EvalGateServer::~EvalGateServer() { Stop(absl::ZeroDuration()); }

void EvalGateServer::ReloadKeys() { parts_->base.endpoint->ReloadKeys(); }

int EvalGateServer::port() const { return parts_->server == nullptr ? 0 : parts_->server->port(); }

void EvalGateServer::Stop(absl::Duration drain) {
  if (parts_->server == nullptr) return;
  parts_->server->Stop(drain);
  parts_->server.reset();
  parts_->eraser.Stop();
}

}  // namespace flywheel::evalgate
