// Composition root of the curation service: builds its parts in order, starts and stops them.
#ifndef FLYWHEEL_CURATION_SERVICE_CURATION_SERVER_H_
#define FLYWHEEL_CURATION_SERVICE_CURATION_SERVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "curation_service/candidate_reader.h"
#include "curation_service/dataset_builder.h"
#include "curation_service/dataset_builds.h"
#include "curation_service/dataset_reader.h"
#include "curation_service/erasure_relay.h"
#include "curation_service/feed_follower.h"
#include "curation_service/lineage_reader.h"
#include "curation_service/model_registry.h"
#include "curation_service/rpc/curation_rpc.h"
#include "curation_service/score_reader.h"
#include "curation_service/taught_questions.h"
#include "curation_service/training_runs.h"
#include "redaction/pii_detector.h"
#include "shared/audit/audit_rpc.h"
#include "shared/feed/erasure_reporter.h"
#include "shared/feed/feed_client.h"
#include "shared/feed/feed_position.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::curation {

// What curation is told at start.
struct CurationConfig {
  rpc::ServerConfig server;
  // Where ingest is, HOST:PORT.
  std::string ingest_address = "127.0.0.1:4317";
  // No dataset version is built from more scored interactions of an agent: a build holds them in
  // memory.
  int64_t max_dataset_interactions = 1'000'000;
  // What is replaced in texts before anything is stored.
  RedactionFlags redaction;
};

// Builds the store, the use cases and the gRPC service in order, and owns them. Serves whether
// ingest is there or not, and follows its feed as soon as it is.
class CurationServer {
 public:
  // `clock` outlives the server. Errors: those of the store and of the configuration.
  static absl::StatusOr<std::unique_ptr<CurationServer>> Start(const CurationConfig& config,
                                                               const Clock* clock);

  CurationServer(const CurationServer&) = delete;
  CurationServer& operator=(const CurationServer&) = delete;
  ~CurationServer() { Stop(absl::ZeroDuration()); }

  int port() const { return server_->port(); }
  void ReloadKeys() { base_.endpoint->ReloadKeys(); }

  // Drains the calls, then stops building and following: a start takes up what was being built. May
  // be called again.
  void Stop(absl::Duration drain);

 private:
  CurationServer(rpc::ServerBase base, std::unique_ptr<sql::Database> database,
                 std::unique_ptr<feed::FeedClient> ingest,
                 std::optional<redaction::PiiDetector> detector, const CurationConfig& config,
                 const Clock* clock);

  const rpc::ServerBase base_;
  const std::unique_ptr<sql::Database> database_;
  const std::unique_ptr<feed::FeedClient> ingest_;
  const TextFilter texts_;
  feed::FeedPosition position_;
  ScoreReader scores_;
  DatasetBuilder builder_;
  CandidateReader candidates_;
  DatasetReader datasets_;
  TrainingRuns training_runs_;
  ModelRegistry versions_;
  LineageReader lineage_;
  TaughtQuestions taught_;
  RemovedRowReader removed_rows_;
  PreferenceReader preferences_;
  ErasureRelay erasures_;
  feed::ErasureReporter reporter_;
  FeedFollower follower_;
  DatasetBuilds builds_;
  CurationRpc rpc_;
  audit::AuditRpc audit_;
  std::unique_ptr<rpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_CURATION_SERVER_H_
