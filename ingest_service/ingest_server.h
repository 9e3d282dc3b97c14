// Assembles the ingest service: starts, serves and stops all its parts.
#ifndef FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_
#define FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/http/http_server.h"
#include "ingest_service/otlp/otlp_receiver.h"
#include "ingest_service/otlp/otlp_rpc.h"
#include "ingest_service/otlp/span_intake.h"
#include "ingest_service/otlp/trace_assembler.h"
#include "ingest_service/payloads/archive.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/payloads/payload_reader.h"
#include "ingest_service/privacy/consents.h"
#include "ingest_service/privacy/eraser.h"
#include "ingest_service/privacy/inbound_filter.h"
#include "ingest_service/privacy/record_exporter.h"
#include "ingest_service/privacy/store_scanner.h"
#include "ingest_service/record/commit_clock.h"
#include "ingest_service/record/feed_reader.h"
#include "ingest_service/record/ingestor.h"
#include "ingest_service/record/interaction_reader.h"
#include "ingest_service/record/quotas.h"
#include "ingest_service/record/write_guard.h"
#include "ingest_service/retention/retention_flags.h"
#include "ingest_service/retention/retention_worker.h"
#include "ingest_service/rpc/ingest_rpc.h"
#include "ingest_service/rpc/privacy_rpc.h"
#include "ingest_service/rpc/store_scan_rpc.h"
#include "ingest_service/upstream/recogniser_flags.h"
#include "ingest_service/upstream/recogniser_queue.h"
#include "shared/audit/audit_rpc.h"
#include "shared/privacy/pseudonymiser.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

struct IngestConfig {
  rpc::ServerConfig server;
  // Where OTLP over HTTP listens, HOST:PORT, with the keys, the certificate and the limits of
  // `server`; empty: nowhere.
  std::string otlp_http_listen;
  // How fast a body has to come there.
  BodyPace otlp_body_pace = {};
  // The keys of the users' pseudonyms, the newest first; empty: pseudonym.key in the data
  // directory. Made where it does not exist, unless the store already holds pseudonyms. Whoever has
  // it can link a person to their records; whoever loses it cannot link new ones to old.
  std::string pseudonym_key_file;
  // The stores that report what they erased of what they had from ingest, or from one another: an
  // erasure is complete when all of them have.
  std::vector<std::string> erasure_readers = {"curation", "eval-gate"};
  // What is replaced in texts before anything is stored.
  RedactionFlags redaction;
  // A recogniser of somebody else, asked beside our own.
  RecogniserFlags recogniser;
  // When a trace of OpenTelemetry is complete: with its root, so long after its last span; without
  // one, so long after its first.
  int64_t otlp_settle_seconds = 5;
  int64_t otlp_max_wait_seconds = 600;
  // How much each project may send and store (quotas.h); empty: as much as it likes.
  std::string quotas_file;
  // What becomes of old records (docs/operate/retention.md).
  RetentionFlags retention;
};

// Everything that runs in flywheel-ingest. The members stand in the order in which they need each
// other, so that each is freed before what it points to.
class IngestServer {
 public:
  // `config.server` has passed FinishServerConfig. INVALID_CONFIGURATION, STORAGE_UNAVAILABLE and
  // STORE_TOO_NEW as their makers say.
  static absl::StatusOr<std::unique_ptr<IngestServer>> Start(const IngestConfig& config,
                                                             const Clock* clock);

  // Stops at once what Stop() has not stopped.
  ~IngestServer() { Stop(absl::ZeroDuration()); }

  // The ports that were bound, also after Stop().
  int port() const { return server_->port(); }
  void ReloadKeys() { base_.endpoint->ReloadKeys(); }
  // 0 where OTLP over HTTP listens nowhere.
  int otlp_http_port() const { return http_server_ == nullptr ? 0 : http_server_->port(); }

  // Applies the rules of age once, now; by itself it does so every --retention-interval.
  absl::StatusOr<RetentionReport> ApplyRetention() { return retention_worker_.Run(); }

  // Takes no new calls, lets running ones end for `drain`, ends the work of the background, commits
  // what is queued. Afterwards nothing is answered any more. Does nothing the second time.
  void Stop(absl::Duration drain);

 private:
  // What a start opens and reads before anything is put together.
  struct Opened;

  static absl::StatusOr<Opened> Open(const IngestConfig& config, const Clock* clock);
  IngestServer(Opened opened, const IngestConfig& config, const Clock* clock);
  void ShowMetrics();
  // Begins to ask whether the recogniser is there, and to say so.
  void WatchRecogniser();

  rpc::ServerBase base_;
  // Closed by Stop(), and freed after all who point to it.
  std::unique_ptr<sql::Database> database_;
  Pseudonymiser pseudonymiser_;
  // Null where there is none.
  std::unique_ptr<RecogniserQueue> recogniser_;
  InboundFilter filter_;
  PacedWriter paced_writer_;
  Archive archive_;
  PayloadReader payloads_;
  Quotas quotas_;
  FeedReader feed_;
  InteractionReader reader_;
  WriteGuard write_guard_;
  CommitClock commit_clock_;
  Ingestor ingestor_;
  Consents consents_;
  Eraser eraser_;
  IngestRpc rpc_;
  RecordExporter exporter_;
  PrivacyRpc privacy_rpc_;
  StoreScanner scanner_;
  StoreScanRpc store_scan_rpc_;
  TraceAssembler assembler_;
  SpanIntake span_intake_;
  OtlpReceiver otlp_receiver_;
  TraceRpc trace_rpc_;
  LogsRpc logs_rpc_;
  MetricsRpc metrics_rpc_;
  audit::AuditRpc audit_;
  RetentionWorker retention_worker_;
  std::unique_ptr<HttpServer> http_server_;
  std::unique_ptr<rpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_INGEST_SERVER_H_
