// Composition root of the experiment service: builds its parts in order, starts and stops them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_SERVER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_SERVER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/agent_directory.h"
#include "experiment_service/analysis_watch.h"
#include "experiment_service/analyst.h"
#include "experiment_service/assigner.h"
#include "experiment_service/assignment_salt.h"
#include "experiment_service/decision_reader.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/experiment_catalog.h"
#include "experiment_service/experiment_clock.h"
#include "experiment_service/exposure_intake.h"
#include "experiment_service/exposure_recorder.h"
#include "experiment_service/feed_follower.h"
#include "experiment_service/outcome_keeper.h"
#include "experiment_service/outcome_recorder.h"
#include "experiment_service/promoter.h"
#include "experiment_service/promotion_reporter.h"
#include "experiment_service/ramp_control.h"
#include "experiment_service/ramp_runner.h"
#include "experiment_service/rpc/experiment_rpc.h"
#include "experiment_service/rpc/ramp_rpc.h"
#include "experiment_service/segment_analyst.h"
#include "experiment_service/segment_publisher.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/unit_hasher.h"
#include "experiment_service/upstream/approval_client.h"
#include "experiment_service/upstream/gate_client.h"
#include "shared/audit/audit_rpc.h"
#include "shared/feed/erasure_reporter.h"
#include "shared/feed/feed_client.h"
#include "shared/privacy/redaction_flags.h"
#include "shared/privacy/text_filter.h"
#include "shared/rpc/server.h"
#include "shared/rpc/server_config.h"
#include "shared/sql/database.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

struct ExperimentConfig {
  rpc::ServerConfig server;
  // Where the evaluation gate is, HOST:PORT. It need not be up.
  std::string eval_gate_address = "127.0.0.1:7403";
  // The key of the units' hashes; empty: unit.key in the data directory. Made where it does not
  // exist, unless the store already knows units.
  std::string unit_key_file;
  // Where ingest is, HOST:PORT, whose feed brings outcomes and erasures; empty: none is followed.
  // It need not be up.
  std::string ingest_address;
  // How long after its stop the outcomes of an experiment are kept, in days; 0: for ever.
  int64_t outcome_days = 0;
  // What is replaced in texts before anything is stored.
  RedactionFlags redaction;
  // What readers are told of small segments (segment_privacy.h), in whole epsilons and days. Off.
  int64_t least_group_size = 0;
  double segment_epsilon = 0;
  double segment_epsilon_budget = 10;
  int64_t segment_epsilon_days = 30;
  // Not a flag: only a test names salts.
  SaltSource new_salt = RandomSalt;
};

// Owns everything that the service consists of. Serves between Start and Stop.
class ExperimentServer {
 public:
  // Opens the store, loads what assignment and analysis need into memory, and serves. `clock`
  // outlives the server. INVALID_CONFIGURATION, STORAGE_UNAVAILABLE or STORE_TOO_NEW.
  static absl::StatusOr<std::unique_ptr<ExperimentServer>> Start(const ExperimentConfig& config,
                                                                 const Clock* clock);
  ExperimentServer(const ExperimentServer&) = delete;
  ExperimentServer& operator=(const ExperimentServer&) = delete;
  // Stops too, without a drain.
  ~ExperimentServer();

  int port() const { return server_->port(); }
  void ReloadKeys() { base_.endpoint->ReloadKeys(); }

  // Ends calls as rpc::Server::Stop does, then writes the exposures that wait. Does nothing the
  // second time.
  void Stop(absl::Duration drain);

 private:
  ExperimentServer() = default;

  // What reads the feed, where it is followed.
  absl::Status MakeFollower(const ExperimentConfig& config, absl::Duration keep,
                            const Clock* clock);
  // Begins to follow it, or says for what it is missed.
  void StartFollower();

  // In the order of their making: each uses only those before it.
  rpc::ServerBase base_;
  std::unique_ptr<sql::Database> database_;
  std::optional<TextFilter> texts_;
  std::optional<UnitHasher> units_;
  ServingCache serving_;
  EvidenceCache evidence_;
  std::unique_ptr<GateClient> gate_;
  std::unique_ptr<ApprovalClient> approvals_;
  std::unique_ptr<ExposureRecorder> exposures_;
  std::unique_ptr<ExperimentClock> experiment_clock_;
  std::unique_ptr<OutcomeKeeper> keeper_;
  // Null where no feed is followed.
  std::unique_ptr<feed::FeedClient> ingest_;
  std::unique_ptr<feed::ErasureReporter> erasures_;
  std::unique_ptr<FeedFollower> follower_;
  std::unique_ptr<ExperimentCatalog> catalog_;
  std::unique_ptr<Assigner> assigner_;
  std::unique_ptr<OutcomeRecorder> outcomes_;
  std::unique_ptr<ExposureIntake> exposure_intake_;
  std::unique_ptr<Analyst> analyst_;
  std::unique_ptr<SegmentAnalyst> segments_;
  std::unique_ptr<SegmentPublisher> publisher_;
  std::unique_ptr<AnalysisWatch> watch_;
  std::unique_ptr<AgentDirectory> agents_;
  std::unique_ptr<DecisionReader> decisions_;
  std::unique_ptr<PromotionReporter> reporter_;
  std::unique_ptr<Promoter> promoter_;
  std::unique_ptr<RampRunner> ramp_runner_;
  std::unique_ptr<RampControl> ramps_;
  std::unique_ptr<ExperimentRpc> service_;
  std::unique_ptr<RampRpc> ramp_service_;
  std::unique_ptr<audit::AuditRpc> audit_;
  std::unique_ptr<rpc::Server> server_;
  bool stopped_ = false;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_SERVER_H_
