#include "curation_service/curation_server.h"

#include <utility>

#include "curation_service/store/firewall_store.h"
#include "curation_service/store/migrations.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/store_metrics.h"
#include "shared/rpc/upstream_target.h"
#include "shared/sql/write_until_done.h"
#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kSessionsPerWrite = 1'000;

// What earlier programs stored; no SQL can hash.
absl::Status HashClearSessions(sql::Database& database) {
  return sql::WriteUntilDone(database, [](sql::Connection& connection) {
    return FirewallStore(connection).HashSomeSessions(kSessionsPerWrite);
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<CurationServer>> CurationServer::Start(const CurationConfig& config,
                                                                      const Clock* clock) {
  ASSIGN_OR_RETURN(std::optional<redaction::PiiDetector> detector,
                   MakePiiDetector(config.redaction));
  ASSIGN_OR_RETURN(rpc::ServerBase base, rpc::MakeServerBase(config.server, clock));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  ASSIGN_OR_RETURN(
      std::unique_ptr<feed::FeedClient> ingest,
      feed::FeedClient::Open(rpc::UpstreamTarget(config.ingest_address, config.server)));
  std::unique_ptr<CurationServer> server(new CurationServer(
      std::move(base), std::move(database), std::move(ingest), std::move(detector), config, clock));
  RETURN_IF_ERROR(HashClearSessions(*server->database_));
  RETURN_IF_ERROR(server->builder_.RemoveUnfinished());
  RETURN_IF_ERROR(server->builds_.Resume());
  ASSIGN_OR_RETURN(server->server_, rpc::Server::Start(config.server, server->base_,
                                                       {&server->rpc_, &server->audit_}));
  // What works by itself; Stop() ends it the other way round.
  server->reporter_.Start();
  server->follower_.Start();
  server->builds_.Start();
  server->audit_.Start();
  rpc::ObserveStore(server->database_.get(), *server->base_.metrics);
  server->base_.metrics->ObserveGauge(
      "flywheel_feed_lag_seconds", "Age of the oldest record of ingest that may not be scored yet",
      [follower = &server->follower_] { return absl::ToDoubleSeconds(follower->lag()); });
  return server;
}

CurationServer::CurationServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
                               std::unique_ptr<feed::FeedClient> ingest,
                               std::optional<redaction::PiiDetector> detector,
                               const CurationConfig& config, const Clock* clock)
    : base_(std::move(base)),
      database_(std::move(database)),
      ingest_(std::move(ingest)),
      texts_(std::move(detector), base_.metrics.get()),
      scores_(database_.get()),
      builder_(database_.get(), config.max_dataset_interactions),
      candidates_(&builder_),
      datasets_(database_.get()),
      training_runs_(database_.get(), clock),
      versions_(database_.get(), clock),
      lineage_(database_.get(), &datasets_),
      taught_(database_.get()),
      removed_rows_(database_.get()),
      preferences_(database_.get()),
      erasures_(database_.get(), ingest_.get()),
      reporter_("curation", database_.get(), ingest_.get(), base_.metrics.get()),
      follower_(database_.get(), ingest_.get(), &position_, &reporter_, base_.metrics.get()),
      builds_(database_.get(), &builder_, &position_, &follower_, clock, base_.metrics.get()),
      rpc_(base_.endpoint.get(),
           {&scores_, &follower_, &builds_, &candidates_, &datasets_, &erasures_, &training_runs_,
            &versions_, &lineage_, &taught_, &removed_rows_, &preferences_, &texts_}),
      audit_(base_.endpoint.get(), database_.get(), absl::Hours(24) * config.server.audit_days) {}

void CurationServer::Stop(absl::Duration drain) {
  if (std::exchange(stopped_, true)) return;
  if (server_ != nullptr) server_->Stop(drain);
  audit_.Stop();
  builds_.Stop();
  follower_.Stop();
  reporter_.Stop();
}

}  // namespace flywheel::curation
