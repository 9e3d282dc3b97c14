#include "ingest_service/ingest_server.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/time/clock.h"
#include "ingest_service/otlp/trace_records.h"
#include "ingest_service/record/signal_columns.h"
#include "ingest_service/rpc/convert.h"
#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/migrations.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/rpc/secret_file.h"
#include "shared/rpc/store_metrics.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::ingest {
namespace {

// A store's names lead to people only with the key that made them: under another one an erasure
// would find nothing, and certify it. So a key is made only where there are no names yet.
absl::StatusOr<Pseudonymiser> LoadPseudonymKey(const std::string& path, sql::Database& database) {
  std::error_code error;
  if (!std::filesystem::exists(path, error) && !error) {
    ASSIGN_OR_RETURN(const bool needed, database.Read([&](sql::Connection& connection) {
      return ErasedRecords(connection).HasPseudonyms();
    }));
    if (needed) {
      return errors::InvalidConfiguration(
          "--pseudonym-key-file",
          fmt::format("'{}', which does not exist, with a store that holds pseudonyms", path),
          "the key that made them: copy the file back from a backup or from where it is kept, or "
          "name its place. If it is lost for good, see docs/operate/privacy.md, 'A lost key'");
    }
  }
  RETURN_IF_ERROR(rpc::CheckSecretFile("--pseudonym-key-file", path));
  return Pseudonymiser::FromFile(path);
}

absl::StatusOr<TraceLimits> ReadTraceLimits(const IngestConfig& config) {
  TraceLimits limits;
  if (config.otlp_settle_seconds < 0) {
    return errors::InvalidConfiguration("--otlp-settle-seconds",
                                        std::to_string(config.otlp_settle_seconds), "at least 0");
  }
  if (config.otlp_max_wait_seconds < config.otlp_settle_seconds) {
    return errors::InvalidConfiguration("--otlp-max-wait-seconds",
                                        std::to_string(config.otlp_max_wait_seconds),
                                        "at least --otlp-settle-seconds");
  }
  limits.settle = absl::Seconds(config.otlp_settle_seconds);
  limits.max_wait = absl::Seconds(config.otlp_max_wait_seconds);
  return limits;
}

absl::StatusOr<std::unique_ptr<HttpServer>> StartHttp(const IngestConfig& config,
                                                      rpc::Endpoint* endpoint,
                                                      const OtlpReceiver* receiver) {
  const rpc::ServerConfig& server = config.server;
  if (config.otlp_http_listen.empty()) return nullptr;
  RETURN_IF_ERROR(rpc::CheckListenAddress(server, "--otlp-http-listen", config.otlp_http_listen));
  HttpServerOptions options;
  options.max_body_bytes = server.max_message_bytes;
  options.max_bodies_bytes = server.max_queued_bytes;
  options.body_pace = config.otlp_body_pace;
  options.listen = config.otlp_http_listen;
  options.tls_certificate_file = server.tls_certificate_file;
  options.tls_key_file = server.tls_key_file;
  options.tls_client_ca_file = server.tls_client_ca_file;
  return HttpServer::Start(options, endpoint, receiver);
}

// In the health of ingest.
constexpr char kRecogniserHealth[] = "flywheel.redaction.v1.RecogniserService";

// At the end of the start: the gauges are asked until Stop().
void ShowHttp(const HttpServer* http, rpc::Metrics& metrics) {
  if (http == nullptr) return;
  spdlog::info("event=started otlp_http_port={}", http->port());
  metrics.ObserveGauge("flywheel_otlp_http_connections", "Open connections of OTLP over HTTP",
                       [http] { return static_cast<double>(http->connections()); });
  metrics.ObserveGauge("flywheel_otlp_http_body_bytes",
                       "Bytes of requests of OTLP over HTTP that are being read",
                       [http] { return static_cast<double>(http->body_bytes()); });
}

// Not an error: commit times stand still until the clock has caught up.
void WarnOfClock(absl::Time now, absl::Time last_commit_time) {
  if (now >= last_commit_time) return;
  spdlog::warn("event=clock_behind seconds={:.0f} newest_commit_time={}",
               absl::ToDoubleSeconds(last_commit_time - now), SecondsText(last_commit_time));
}

Quotas::CountRows RowCounter(sql::Database* database) {
  return [database](const std::string& project) -> absl::StatusOr<int64_t> {
    return database->Read(
        [&](sql::Connection& connection) { return FeedStore(connection).StoredRows(project); });
  };
}

}  // namespace

struct IngestServer::Opened {
  rpc::ServerBase base;
  std::unique_ptr<sql::Database> database;
  Pseudonymiser pseudonymiser;
  std::optional<redaction::PiiDetector> detector;
  std::unique_ptr<RecogniserQueue> recogniser;
  QuotaTable quotas;
  TraceLimits trace_limits;
  Retention retention;
  // Of the feed.
  int64_t last_sequence = 0;
  absl::Time last_commit_time;
};

absl::StatusOr<IngestServer::Opened> IngestServer::Open(const IngestConfig& config,
                                                        const Clock* clock) {
  if (config.redaction.mode == "off" && !config.recogniser.address.empty()) {
    return errors::InvalidConfiguration("--recogniser-address", "one with --redaction off",
                                        "--redaction on, or no recogniser");
  }
  ASSIGN_OR_RETURN(std::optional<redaction::PiiDetector> detector,
                   MakePiiDetector(config.redaction));
  ASSIGN_OR_RETURN(std::unique_ptr<sql::Database> database,
                   sql::Database::Open({config.server.database_url, config.server.max_queued_bytes},
                                       Migrations()));
  ASSIGN_OR_RETURN(const TraceLimits trace_limits, ReadTraceLimits(config));
  ASSIGN_OR_RETURN(Retention retention, OpenRetention(config.retention));
  QuotaTable quotas;
  if (!config.quotas_file.empty()) {
    ASSIGN_OR_RETURN(quotas, ReadQuotas(config.quotas_file));
  }
  RETURN_IF_ERROR(FillSignalColumns(*database, ParseSignalColumns));
  const std::string key_file = config.pseudonym_key_file.empty()
                                   ? config.server.data_dir + "/pseudonym.key"
                                   : config.pseudonym_key_file;
  ASSIGN_OR_RETURN(Pseudonymiser pseudonymiser, LoadPseudonymKey(key_file, *database));
  ASSIGN_OR_RETURN(const int64_t last_sequence, database->Read([&](sql::Connection& connection) {
    return FeedStore(connection).LastSequence();
  }));
  ASSIGN_OR_RETURN(const absl::Time last_commit_time,
                   database->Read([](sql::Connection& connection) {
                     return FeedStore(connection).LastCommitTime();
                   }));
  WarnOfClock(clock->Now(), last_commit_time);
  ASSIGN_OR_RETURN(rpc::ServerBase base, rpc::MakeServerBase(config.server, clock));
  ASSIGN_OR_RETURN(std::unique_ptr<RecogniserQueue> recogniser,
                   OpenRecogniser(config.recogniser, config.server, base.metrics.get()));
  return Opened{std::move(base),     std::move(database),   std::move(pseudonymiser),
                std::move(detector), std::move(recogniser), std::move(quotas),
                trace_limits,        std::move(retention),  last_sequence,
                last_commit_time};
}

absl::StatusOr<std::unique_ptr<IngestServer>> IngestServer::Start(const IngestConfig& config,
                                                                  const Clock* clock) {
  ASSIGN_OR_RETURN(Opened opened, Open(config, clock));
  std::unique_ptr<IngestServer> server(new IngestServer(std::move(opened), config, clock));
  // The doors, which use everything below them.
  ASSIGN_OR_RETURN(server->http_server_,
                   StartHttp(config, server->base_.endpoint.get(), &server->otlp_receiver_));
  ASSIGN_OR_RETURN(server->server_, rpc::Server::Start(config.server, server->base_,
                                                       {&server->rpc_, &server->privacy_rpc_,
                                                        &server->store_scan_rpc_,
                                                        &server->trace_rpc_, &server->logs_rpc_,
                                                        &server->metrics_rpc_, &server->audit_}));
  // What works by itself; Stop() ends it the other way round.
  server->eraser_.Start();
  server->assembler_.Start();
  server->retention_worker_.Start();
  server->audit_.Start();
  server->WatchRecogniser();
  server->ShowMetrics();
  return server;
}

void IngestServer::WatchRecogniser() {
  if (recogniser_ == nullptr) return;
  // Reads go on without it, so that the service itself stays SERVING.
  recogniser_->Start([this](bool is_up) { server_->SetPartHealth(kRecogniserHealth, is_up); });
  base_.metrics->ObserveGauge("flywheel_recogniser_up",
                              "1 where the recogniser beside ingest answered the last call",
                              [this] { return recogniser_->client().is_up() ? 1.0 : 0.0; });
}

void IngestServer::ShowMetrics() {
  retention_worker_.Observe(*base_.metrics);
  rpc::ObserveStore(database_.get(), *base_.metrics);
  base_.metrics->ObserveGauge("flywheel_otlp_waiting_spans",
                              "Spans that wait for their trace to be complete",
                              [this] { return static_cast<double>(span_intake_.WaitingSpans()); });
  ShowHttp(http_server_.get(), *base_.metrics);
}

IngestServer::IngestServer(Opened opened, const IngestConfig& config, const Clock* clock)
    : base_(std::move(opened.base)),
      database_(std::move(opened.database)),
      pseudonymiser_(std::move(opened.pseudonymiser)),
      recogniser_(std::move(opened.recogniser)),
      filter_(&pseudonymiser_, std::move(opened.detector), base_.metrics.get(), recogniser_.get()),
      paced_writer_(database_.get(), config.server.max_queued_bytes),
      archive_(database_.get(), &paced_writer_, std::move(opened.retention.archive), clock),
      payloads_(database_.get(), &archive_),
      quotas_(std::move(opened.quotas), RowCounter(database_.get()), clock),
      feed_(database_.get(), &payloads_, opened.last_sequence),
      reader_(database_.get(), &payloads_),
      write_guard_(&pseudonymiser_),
      commit_clock_(clock, opened.last_commit_time),
      ingestor_(database_.get(), &feed_, &write_guard_, &commit_clock_),
      consents_(database_.get(), &feed_, &write_guard_, &commit_clock_),
      eraser_(database_.get(), &feed_, &write_guard_, &commit_clock_, base_.metrics.get(),
              [this](const std::string& project, absl::Span<const int64_t> sequences) {
                return archive_.EraseFromArchives(project, sequences);
              }),
      rpc_(base_.endpoint.get(), &quotas_, &filter_, &ingestor_, &reader_, &feed_,
           [this](const std::string& project) { return assembler_.TextlessTraces(project); }),
      exporter_(database_.get(), &payloads_),
      privacy_rpc_(base_.endpoint.get(), &eraser_, &exporter_, &feed_, &consents_, &pseudonymiser_,
                   &filter_, config.erasure_readers),
      scanner_({database_.get(), &feed_, &filter_, &archive_, &paced_writer_, &eraser_,
                &commit_clock_, ParseSignal}),
      store_scan_rpc_(base_.endpoint.get(), &scanner_),
      assembler_(
          database_.get(), &ingestor_, clock, base_.metrics.get(), opened.trace_limits,
          [this, clock](const WaitingTrace& trace) {
            return AssembleTrace(trace, filter_, *clock);
          },
          [this](const std::string& outcome, int64_t count) {
            base_.metrics->CountItems("AssembleTraces", outcome, static_cast<double>(count));
          }),
      span_intake_(database_.get(), clock, opened.trace_limits,
                   [this](absl::Time due) { assembler_.NotifyDue(due); }),
      otlp_receiver_(&span_intake_, &quotas_, &filter_, base_.metrics.get()),
      trace_rpc_(base_.endpoint.get(), &otlp_receiver_),
      logs_rpc_(base_.endpoint.get(), &otlp_receiver_),
      metrics_rpc_(base_.endpoint.get(), &otlp_receiver_),
      audit_(base_.endpoint.get(), database_.get(), absl::Hours(24) * config.server.audit_days),
      retention_worker_(opened.retention.rules, opened.retention.interval, database_.get(),
                        &paced_writer_, &payloads_, &archive_, &pseudonymiser_, base_.metrics.get(),
                        clock) {}

void IngestServer::Stop(absl::Duration drain) {
  if (std::exchange(stopped_, true)) return;
  const absl::Time end = absl::Now() + drain;
  if (recogniser_ != nullptr) recogniser_->StopProbes();
  // 1. The doors. HTTP lives on for answers of calls that came before the server stopped.
  if (http_server_ != nullptr) http_server_->Drain();
  if (server_ != nullptr) server_->Stop(drain);
  if (http_server_ != nullptr) http_server_->Stop(std::max(end - absl::Now(), absl::Duration()));
  if (recogniser_ != nullptr) recogniser_->Stop();
  // 2. What works by itself, in the reverse of the order in which it began. Retention before the
  // eraser, which may wait for the archive that it holds; what was under way goes on at the next
  // start.
  audit_.Stop();
  retention_worker_.Stop();
  assembler_.Stop();
  eraser_.Stop();
  // 3. Writes of streams that broke may still be queued. Their answers use the members above the
  // store, so they end now, while all members live; the destructor then takes the members apart in
  // the reverse of their order, and the store after all who point to it.
  database_->Close();
}

}  // namespace flywheel::ingest
