// The ingest service, put together.
#ifndef FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_
#define FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/feed_reader.h"
#include "ingest_service/ingestor.h"
#include "ingest_service/record_reader.h"
#include "ingest_service/rpc/ingest_rpc.h"
#include "ingest_service/rpc/text_redactor.h"
#include "shared/privacy/digest.h"
#include "shared/privacy/redaction/redactor.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

struct IngestConfig {
  rpc::ServerConfig server;
  // The key of the users' pseudonyms; empty: pseudonym.key in the data directory, made at the first
  // start. Whoever has it can link a person to his records; whoever loses it cannot link new ones
  // to old.
  std::string pseudonym_key_file;
  // "on": personal data in texts is replaced before anything is stored. "off": texts are kept as
  // they come, for data that holds none or was redacted before.
  std::string redaction = "on";
  // Further recognisers, and built-in ones to leave out (docs/redaction.md); empty: none.
  std::string redaction_config_file;
};

// Everything that runs in flywheel-ingest. The members stand in the order in which they need each
// other.
class IngestServer {
 public:
  // `config.server` has passed FinishServerConfig. INVALID_CONFIGURATION, STORAGE_UNAVAILABLE and
  // STORE_TOO_NEW as their makers say.
  static absl::StatusOr<std::unique_ptr<IngestServer>> Start(const IngestConfig& config,
                                                             const Clock* clock);

  // Stops at once what Stop() has not stopped.
  ~IngestServer() { Stop(absl::ZeroDuration()); }

  int port() const { return server_->port(); }

  // Takes no new calls, lets running ones end for `drain`, commits what is queued. Once.
  void Stop(absl::Duration drain);

 private:
  IngestServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
               Pseudonymiser pseudonymiser, std::optional<redaction::Redactor> redactor,
               int64_t last_sequence, const Clock* clock);

  rpc::ServerBase base_;
  Pseudonymiser pseudonymiser_;
  TextRedactor redactor_;
  std::unique_ptr<sql::Database> database_;
  FeedReader feed_;
  RecordReader reader_;
  Ingestor ingestor_;
  IngestRpc rpc_;
  std::unique_ptr<rpc::Server> server_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_
