#include "ingest_service/ingest_server.h"

#include <utility>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/signal_columns.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/migrations.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Start(const IngestConfig& config,
                                                                  const Clock* clock) {
  const std::string key_file = config.pseudonym_key_file.empty()
                                   ? config.server.data_dir + "/pseudonym.key"
                                   : config.pseudonym_key_file;
  ASSIGN_OR_RETURN(Pseudonymiser pseudonymiser, Pseudonymiser::FromFile(key_file));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  RETURN_IF_ERROR(FillSignalColumns(*database, ParseSignalColumns));
  int64_t last_sequence = 0;
  RETURN_IF_ERROR(database->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(last_sequence, LastSequence(connection));
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(rpc::ServerBase base, rpc::MakeServerBase(config.server, clock));
  std::unique_ptr<IngestServer> server(new IngestServer(
      std::move(base), std::move(database), std::move(pseudonymiser), last_sequence, clock));
  ASSIGN_OR_RETURN(server->server_,
                   rpc::Server::Start(config.server, server->base_, {&server->rpc_}));
  server->base_.metrics->ObserveGauge("flywheel_queued_bytes",
                                      "Bytes of writes that wait for a commit or its answer",
                                      [database = server->database_.get()] {
                                        return static_cast<double>(database->queued_bytes());
                                      });
  return server;
}

IngestServer::IngestServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
                           Pseudonymiser pseudonymiser, int64_t last_sequence, const Clock* clock)
    : base_(std::move(base)),
      pseudonymiser_(std::move(pseudonymiser)),
      database_(std::move(database)),
      feed_(database_.get(), last_sequence),
      reader_(database_.get()),
      ingestor_(database_.get(), &feed_, clock),
      rpc_(base_.endpoint.get(), &ingestor_, &reader_, &feed_, &pseudonymiser_) {}

void IngestServer::Stop(absl::Duration drain) {
  if (server_ != nullptr) server_->Stop(drain);
  server_ = nullptr;
  // Writes of streams that broke may still wait, and they use the other members.
  database_ = nullptr;
}

}  // namespace flywheel::ingest
