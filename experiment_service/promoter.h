// Promoter: makes a model version active, by an experiment's evidence or a waiver.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_PROMOTER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_PROMOTER_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/evidence_cache.h"
#include "experiment_service/promotion_reporter.h"
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

// OK where a promotion is still wanted; else the error that it ends with. Asked in its transaction.
using PromotionCheck = std::function<absl::Status(sql::Connection&)>;

// Makes versions active: by evidence, or by a named person's word. Keeps every promotion.
// Thread-safe.
class Promoter {
 public:
  // All pointers outlive this object.
  Promoter(sql::Database* database, ServingCache* serving, EvidenceCache* evidence,
           const GateClient* gate, PromotionReporter* reporter, const Clock* clock)
      : database_(database),
        serving_(serving),
        evidence_(evidence),
        gate_(gate),
        reporter_(reporter),
        clock_(clock) {}

  // Makes `wanted.model_version` the agent's active one; its time and key are ours. REQUIRES:
  // either experiment_id or waiver is set, not both.
  //
  // With an experiment, running or stopped: it must be the agent's, its control must serve the
  // version that is active now (evidence against another version is none), SHIP must stand for an
  // arm with the wanted version and nothing worse for another one, and the gate must let that ship
  // in the place of the control's version unless the experiment's waiver covers the wanted version.
  // INVALID_ARGUMENT, VERSION_NOT_ACTIVE, NOT_RECOMMENDED, GATE_NOT_PASSED, UPSTREAM_UNAVAILABLE,
  // UPSTREAM_REFUSED or NOT_FOUND otherwise.
  //
  // Whatever experiment of the agent runs is stopped in the same commit: its control is the active
  // version no longer; the gate is told of it afterwards, in the background. A replay answers with
  // what the first call made, and asks nobody.
  //
  // The gate is waited for until `deadline`, whose error it is where that comes first.
  absl::StatusOr<Created<ActiveVersion>> Promote(const rpc::Actor& actor, ActiveVersion wanted,
                                                 const Deadline& deadline,
                                                 const PromotionCheck& still_wanted = nullptr);

  // Promotes the version that was the agent's active one before the current one, which is ours to
  // find; `wanted` has the id, the agent and the waiver. A replay answers with what the first call
  // made, whatever was promoted since. VERSION_NOT_ACTIVE where another one than `from_version` is
  // active; NOT_FOUND; CHANGED_MEANWHILE where other promotions kept coming between.
  absl::StatusOr<Created<ActiveVersion>> Rollback(const rpc::Actor& actor, ActiveVersion wanted,
                                                  const std::string& from_version);

  // NOT_FOUND.
  absl::StatusOr<ActiveVersion> GetActive(const std::string& project, const std::string& agent);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<ActiveVersion>> List(const std::string& project,
                                               const PromotionFilter& filter, int64_t beyond,
                                               int64_t page_size);

 private:
  absl::StatusOr<std::optional<ActiveVersion>> FindReplay(sql::Connection& connection,
                                                          const std::string& project,
                                                          const ActiveVersion& wanted);
  absl::Status CheckEvidence(const std::string& project, const ActiveVersion& wanted,
                             const Deadline& deadline) const;
  // Evidence promotes a version once.
  absl::Status CheckEvidenceIsNew(sql::Connection& connection, const std::string& project,
                                  const ActiveVersion& wanted) const;
  absl::Status CheckControlIsActive(sql::Connection& connection, const std::string& project,
                                    const ActiveVersion& wanted) const;
  // Writes the promotion, and that the gate is to be told; returns the experiment that it stopped,
  // if one ran.
  // Of that one it is the last look, whose evidence is added.
  absl::StatusOr<std::optional<StoredExperiment>> Write(sql::Connection& connection,
                                                        const rpc::Actor& actor,
                                                        const ActiveVersion& wanted,
                                                        std::vector<Evidence>& evidence);

  sql::Database* const database_;
  ServingCache* const serving_;
  EvidenceCache* const evidence_;
  const GateClient* const gate_;
  PromotionReporter* const reporter_;
  const Clock* const clock_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_PROMOTER_H_
