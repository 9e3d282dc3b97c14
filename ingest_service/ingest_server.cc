#include "ingest_service/ingest_server.h"

#include <utility>

#include "ingest_service/rpc/convert.h"
#include "ingest_service/signal_columns.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/migrations.h"
#include "shared/privacy/redaction/redaction_config.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

absl::StatusOr<std::optional<redaction::Redactor>> MakeRedactor(const IngestConfig& config) {
  if (config.redaction == "off") return std::nullopt;
  if (config.redaction != "on") {
    return errors::InvalidConfiguration("--redaction", config.redaction, "on or off");
  }
  redaction::RedactionConfig table;
  if (!config.redaction_config_file.empty()) {
    ASSIGN_OR_RETURN(table, redaction::ReadRedactionConfig(config.redaction_config_file));
  }
  ASSIGN_OR_RETURN(redaction::Redactor redactor, redaction::Redactor::Make(table));
  return redactor;
}

}  // namespace

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Start(const IngestConfig& config,
                                                                  const Clock* clock) {
  const std::string key_file = config.pseudonym_key_file.empty()
                                   ? config.server.data_dir + "/pseudonym.key"
                                   : config.pseudonym_key_file;
  ASSIGN_OR_RETURN(Pseudonymiser pseudonymiser, Pseudonymiser::FromFile(key_file));
  ASSIGN_OR_RETURN(std::optional<redaction::Redactor> redactor, MakeRedactor(config));
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
  std::unique_ptr<IngestServer> server(new IngestServer(std::move(base), std::move(database),
                                                        std::move(pseudonymiser),
                                                        std::move(redactor), last_sequence, clock));
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
                           Pseudonymiser pseudonymiser, std::optional<redaction::Redactor> redactor,
                           int64_t last_sequence, const Clock* clock)
    : base_(std::move(base)),
      pseudonymiser_(std::move(pseudonymiser)),
      redactor_(std::move(redactor), base_.metrics.get()),
      database_(std::move(database)),
      feed_(database_.get(), last_sequence),
      reader_(database_.get()),
      ingestor_(database_.get(), &feed_, clock),
      rpc_(base_.endpoint.get(), &ingestor_, &reader_, &feed_, &pseudonymiser_, &redactor_) {}

void IngestServer::Stop(absl::Duration drain) {
  if (server_ != nullptr) server_->Stop(drain);
  server_ = nullptr;
  // Writes of streams that broke may still wait, and they use the other members.
  database_ = nullptr;
}

}  // namespace flywheel::ingest
