#include "experiment_service/experiment_server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

#include "experiment_service/store/migrations.h"
#include "experiment_service/store/unit_store.h"
#include "experiment_service/verdict_gauges.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/secret_file.h"
#include "shared/rpc/store_metrics.h"
#include "shared/rpc/upstream_target.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

// Under another key known units would count as new, and a resent outcome would be a conflict. So
// one is made only where no unit is known.
absl::StatusOr<UnitHasher> LoadUnitKey(const std::string& path, sql::Database& database) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    ASSIGN_OR_RETURN(const bool needed, database.Read([](sql::Connection& connection) {
      return UnitStore(connection).HasUnits();
    }));
    if (needed) {
      return errors::InvalidConfiguration(
          "--unit-key-file",
          fmt::format("'{}', which does not exist, with a store that knows units", path),
          "the key that made their hashes: copy the file back from a backup or from where it is "
          "kept, or name its place. If it is lost for good, stop the experiments that run, and "
          "begin others with a key of your own ('openssl rand -hex 32 > FILE', mode 0600)");
    }
  }
  RETURN_IF_ERROR(rpc::CheckSecretFile("--unit-key-file", path));
  return UnitHasher::FromFile(path);
}

}  // namespace

absl::StatusOr<std::unique_ptr<ExperimentServer>> ExperimentServer::Start(
    const ExperimentConfig& config, const Clock* clock) {
  std::unique_ptr<ExperimentServer> self(new ExperimentServer());
  ASSIGN_OR_RETURN(std::optional<redaction::PiiDetector> detector,
                   MakePiiDetector(config.redaction));
  ASSIGN_OR_RETURN(
      const SegmentPrivacy privacy,
      SegmentPrivacy::FromFlags(config.least_group_size, config.segment_epsilon,
                                config.segment_epsilon_budget, config.segment_epsilon_days));
  ASSIGN_OR_RETURN(self->base_, rpc::MakeServerBase(config.server, clock));
  self->texts_.emplace(std::move(detector), self->base_.metrics.get());
  ASSIGN_OR_RETURN(self->database_,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  sql::Database* database = self->database_.get();
  const std::string unit_key_file =
      config.unit_key_file.empty() ? config.server.data_dir + "/unit.key" : config.unit_key_file;
  ASSIGN_OR_RETURN(self->units_, LoadUnitKey(unit_key_file, *database));
  // The caches before the first call, which they answer.
  RETURN_IF_ERROR(database->Read([&](sql::Connection& connection) -> absl::Status {
    RETURN_IF_ERROR(self->serving_.Load(connection));
    for (const LiveExperimentPtr& live : self->serving_.All()) {
      RETURN_IF_ERROR(self->evidence_.Load(connection, *live));
    }
    return absl::OkStatus();
  }));
  const rpc::Target gate = rpc::UpstreamTarget(config.eval_gate_address, config.server);
  ASSIGN_OR_RETURN(self->gate_, GateClient::Open(gate));
  ASSIGN_OR_RETURN(self->approvals_, ApprovalClient::Open(gate));

  ExposureRecorder::Options options;
  options.on_dropped = [metrics = self->base_.metrics.get()] {
    metrics->CountItems("Assign", "exposure_dropped", 1);
  };
  self->exposures_ = std::make_unique<ExposureRecorder>(database, &self->evidence_, clock,
                                                        self->base_.metrics.get(), options);
  self->experiment_clock_ = std::make_unique<ExperimentClock>(
      database, &self->serving_, &self->evidence_, clock, self->base_.metrics.get());
  const absl::Duration keep =
      config.outcome_days == 0 ? absl::InfiniteDuration() : absl::Hours(24) * config.outcome_days;
  self->keeper_ = std::make_unique<OutcomeKeeper>(database, &self->serving_, clock, keep,
                                                  self->base_.metrics.get());
  if (!config.ingest_address.empty()) RETURN_IF_ERROR(self->MakeFollower(config, keep, clock));
  self->catalog_ = std::make_unique<ExperimentCatalog>(
      database, &self->serving_, &self->evidence_, self->gate_.get(), self->follower_ != nullptr,
      clock, config.new_salt);
  self->assigner_ =
      std::make_unique<Assigner>(&self->serving_, self->exposures_.get(), &*self->units_, clock);
  self->outcomes_ = std::make_unique<OutcomeRecorder>(
      database, &self->serving_, &self->evidence_, self->exposures_.get(), &*self->units_, clock);
  self->exposure_intake_ = std::make_unique<ExposureIntake>(
      database, &self->serving_, &self->evidence_, &*self->units_, clock);
  self->analyst_ = std::make_unique<Analyst>(&self->serving_, &self->evidence_, clock);
  self->segments_ = std::make_unique<SegmentAnalyst>(database, &self->serving_, clock);
  self->publisher_ =
      std::make_unique<SegmentPublisher>(self->segments_.get(), database, clock, privacy);
  self->watch_ = std::make_unique<AnalysisWatch>(self->analyst_.get(), &self->serving_,
                                                 &self->evidence_, self->base_.metrics.get());
  self->agents_ = std::make_unique<AgentDirectory>(database, &self->serving_, &self->evidence_,
                                                   self->analyst_.get());
  self->decisions_ = std::make_unique<DecisionReader>(database, &self->serving_);
  self->reporter_ = std::make_unique<PromotionReporter>(database, self->approvals_.get(),
                                                        self->base_.metrics.get());
  self->promoter_ = std::make_unique<Promoter>(database, &self->serving_, &self->evidence_,
                                               self->gate_.get(), self->reporter_.get(), clock);
  self->ramp_runner_ =
      std::make_unique<RampRunner>(database, &self->serving_, &self->evidence_,
                                   self->promoter_.get(), clock, self->base_.metrics.get());
  self->ramps_ = std::make_unique<RampControl>(database, &self->serving_, clock);
  self->service_ = std::make_unique<ExperimentRpc>(
      self->base_.endpoint.get(),
      UseCases{self->catalog_.get(), self->assigner_.get(), self->outcomes_.get(),
               self->analyst_.get(), self->publisher_.get(), self->decisions_.get(),
               self->promoter_.get(), self->watch_.get(), self->agents_.get(),
               self->exposure_intake_.get(), &self->serving_, &*self->texts_});
  self->ramp_service_ =
      std::make_unique<RampRpc>(self->base_.endpoint.get(), self->ramps_.get(), &*self->texts_);
  self->audit_ = std::make_unique<audit::AuditRpc>(self->base_.endpoint.get(), database,
                                                   absl::Hours(24) * config.server.audit_days);
  ASSIGN_OR_RETURN(
      self->server_,
      rpc::Server::Start(config.server, self->base_,
                         {self->service_.get(), self->ramp_service_.get(), self->audit_.get()}));
  self->exposures_->Start();
  self->experiment_clock_->Start();
  self->audit_->Start();
  self->reporter_->Start();
  self->reporter_->Observe();
  ObserveVerdicts(&self->serving_, &self->evidence_, clock, *self->base_.metrics);
  ObserveSegments(self->segments_.get(), *self->base_.metrics);
  self->ramp_runner_->Start();
  self->keeper_->Start();
  self->StartFollower();
  rpc::ObserveStore(database, *self->base_.metrics);
  return self;
}

absl::Status ExperimentServer::MakeFollower(const ExperimentConfig& config, absl::Duration keep,
                                            const Clock* clock) {
  ASSIGN_OR_RETURN(
      ingest_, feed::FeedClient::Open(rpc::UpstreamTarget(config.ingest_address, config.server)));
  rpc::Metrics* const metrics = base_.metrics.get();
  erasures_ = std::make_unique<feed::ErasureReporter>("experiment", database_.get(), ingest_.get(),
                                                      metrics);
  follower_ = std::make_unique<FeedFollower>(
      FeedFollower::Parts{database_.get(), ingest_.get(), &serving_, &evidence_, exposures_.get(),
                          &*units_, erasures_.get(), clock, metrics},
      keep);
  return absl::OkStatus();
}

void ExperimentServer::StartFollower() {
  if (follower_ != nullptr) {
    erasures_->Start();
    follower_->Start();
    return;
  }
  // Made when a feed was followed: nothing comes of them now.
  for (const LiveExperimentPtr& live : serving_.Running()) {
    if (!live->experiment.plan.HasSource()) continue;
    spdlog::warn(
        "event=no_feed project={} experiment_id={} message=\"its outcomes come from a feed "
        "that is not followed: start with --ingest-address\"",
        live->project, live->experiment.experiment_id);
  }
}

ExperimentServer::~ExperimentServer() { Stop(absl::ZeroDuration()); }

void ExperimentServer::Stop(absl::Duration drain) {
  if (std::exchange(stopped_, true)) return;
  if (server_ != nullptr) server_->Stop(drain);
  if (ramp_runner_ != nullptr) ramp_runner_->Stop();
  if (reporter_ != nullptr) reporter_->Stop();
  if (follower_ != nullptr) follower_->Stop();
  if (erasures_ != nullptr) erasures_->Stop();
  if (keeper_ != nullptr) keeper_->Stop();
  if (audit_ != nullptr) audit_->Stop();
  if (experiment_clock_ != nullptr) experiment_clock_->Stop();
  // After the last call, so that no exposure comes too late.
  if (exposures_ != nullptr) exposures_->Stop();
}

}  // namespace flywheel::experiment
