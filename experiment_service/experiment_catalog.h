// Lifecycle of experiments: creates, shows and stops them.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CATALOG_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CATALOG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/assignment_salt.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/upstream/gate_client.h"
#include "shared/lists/list_page.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/status/created.h"
#include "shared/time/clock.h"
#include "shared/time/deadline.h"

namespace flywheel::experiment {

// Makes, shows and stops experiments. Thread-safe.
class ExperimentCatalog {
 public:
  // All pointers outlive this object.
  // `follows_feed` is whether outcomes come from ingest's feed.
  ExperimentCatalog(sql::Database* database, ServingCache* serving, EvidenceCache* evidence,
                    const GateClient* gate, bool follows_feed, const Clock* clock,
                    SaltSource new_salt)
      : database_(database),
        serving_(serving),
        evidence_(evidence),
        gate_(gate),
        follows_feed_(follows_feed),
        clock_(clock),
        new_salt_(std::move(new_salt)) {}

  // Starts `wanted`, whose defaults are filled in and whose state, times and key are ours. A replay
  // answers with the experiment as it is now and asks nobody. ALREADY_EXISTS_WITH_OTHER_CONTENT;
  // VERSION_NOT_ACTIVE where the control does not serve the agent's active version;
  // NO_FEED where a metric wants outcomes from a feed that nobody follows;
  // ALREADY_UNDER_WAY where another experiment of the agent runs; GATE_NOT_PASSED,
  // UPSTREAM_UNAVAILABLE or UPSTREAM_REFUSED where the gate does not let a treatment that is not
  // waived ship in the place of the control's version. It is not asked about waived ones.
  // NOT_ENOUGH_DATA where a cap by a quantile finds too few units (cap_by_quantile.h).
  //
  // The gate is waited for until `deadline`, whose error it is where that comes first.
  absl::StatusOr<Created<Experiment>> Create(const rpc::Actor& actor, Experiment wanted,
                                             const Deadline& deadline);

  // NOT_FOUND.
  absl::StatusOr<Experiment> Get(const std::string& project, const std::string& experiment_id);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Experiment>> List(const std::string& project,
                                            const ExperimentFilter& filter, int64_t beyond,
                                            int64_t page_size);

  // NOT_FOUND; ALREADY_EXISTS_WITH_OTHER_CONTENT where it was stopped for another reason, which it
  // keeps.
  absl::StatusOr<Created<Experiment>> Stop(const rpc::Actor& actor,
                                           const std::string& experiment_id,
                                           const std::string& reason);

 private:
  // The known experiment of this id; nothing where it is new; a conflict where its content differs.
  absl::StatusOr<std::optional<Experiment>> FindReplay(sql::Connection& connection,
                                                       const std::string& project,
                                                       const Experiment& wanted,
                                                       const std::string& request_hash);
  absl::Status CheckState(sql::Connection& connection, const std::string& project,
                          const Experiment& wanted);
  absl::Status CheckSources(const Experiment& wanted) const;
  absl::Status CheckGate(const std::string& project, const Experiment& wanted,
                         const Deadline& deadline) const;

  sql::Database* const database_;
  ServingCache* const serving_;
  EvidenceCache* const evidence_;
  const GateClient* const gate_;
  const bool follows_feed_;
  const Clock* const clock_;
  const SaltSource new_salt_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_EXPERIMENT_CATALOG_H_
