// Feed writer: what a message of ingest's feed changes of units and outcomes, within one write.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_FEED_WRITER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_FEED_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/assignment_tokens.h"
#include "experiment_service/domain/feed_record.h"
#include "experiment_service/domain/outcome_source.h"
#include "experiment_service/outcome.h"
#include "experiment_service/outcome_batch.h"
#include "experiment_service/serving_cache.h"
#include "experiment_service/store/feed_signal_store.h"
#include "experiment_service/store/feed_store.h"
#include "experiment_service/unit_hasher.h"
#include "shared/sql/connection.h"

namespace flywheel::experiment {

// What the feed did, beside what is in the store.
struct FeedEffects {
  // Evidence that may have changed.
  std::vector<Evidence> evidence;
  // Units that were forgotten: StoredExperiment::ordinal and hash.
  std::vector<std::pair<int64_t, std::string>> forgotten;
  // How many outcomes, by what became of them: "stored", "retracted", or why they were refused,
  // such as "window_over". "unknown_token": interactions.
  std::map<std::string, int64_t> counts;
};

// Turns records of the feed into outcomes. An interaction that carries an assignment token exposes
// its unit, and has at most one outcome of each metric with a source; a signal gives, changes or
// takes away those of the interaction that it counts for. A tombstone takes interactions and
// signals out again, and a unit with its last interaction. What is refused is counted, and stops
// nothing. The result depends only on the records and their order. Lives within a transaction.
class FeedWriter {
 public:
  // Of what is taken at most: signals of an interaction or a session, the newest ones.
  static constexpr int64_t kMaxSignals = 1'000;

  // Interactions of experiments that were stopped before `keep_since` are passed over: what they
  // are for was deleted. All outlive this object.
  FeedWriter(sql::Connection& connection, const ServingCache& serving, const UnitHasher& units,
             absl::Time now, absl::Time keep_since)
      : connection_(connection),
        interactions_(connection),
        signals_(connection),
        serving_(serving),
        units_(units),
        tokens_(&units),
        now_(now),
        keep_since_(keep_since) {}

  // An error is one of the store.
  absl::Status Apply(const FeedRecord& record);

  // Writes the counts and what they decide. The last call.
  absl::StatusOr<FeedEffects> Finish();

 private:
  // What lost something by a tombstone, and is looked at once, after all of it.
  struct Bereft {
    std::set<std::string> interactions;    // By id: signals.
    std::set<std::string> session_hashes;  // Interactions.
  };

  absl::Status Apply(const FeedRecord& record, const ServedInteraction& interaction);
  absl::Status Apply(const FeedRecord& record, const FeedSignal& signal);
  absl::Status Apply(const FeedRecord& record, const FeedTombstone& tombstone);
  static absl::Status Apply(const FeedRecord& /*record*/, std::monostate /*nothing*/) {
    return absl::OkStatus();
  }

  // The batch of a project.
  OutcomeBatch& BatchOf(const std::string& project);
  // Null where its experiment is not known.
  std::optional<FedUnit> UnitOf(const FedInteraction& interaction) const;
  // Whether a metric of a running experiment of the project asks for such a signal.
  bool IsWanted(const std::string& project, const FeedSignal& signal) const;
  std::string SessionHash(const std::string& project, const std::string& session_id) const;

  // Has waiting signals count for an interaction that came, and those about its session that were
  // given from then until the next one: as many statements however long the session is.
  absl::Status TakeSignals(const std::string& project, const FedInteraction& interaction);
  // Finds anew what a session's signals count for; returns the interactions whose signals changed.
  absl::StatusOr<std::vector<std::string>> Redirect(const std::string& project,
                                                    const std::string& session_hash);
  // Sets what a signal about a session counts for.
  absl::Status Direct(const std::string& project, FedSignal& signal);

  // Makes the outcomes of an interaction what its signals say; of metrics that do not come of
  // signals, what `fresh` says, where it is there.
  absl::Status Settle(const std::string& project, const std::string& interaction_id,
                      const ServedInteraction* fresh = nullptr);
  absl::Status SettleMetric(const std::string& project, const FedInteraction& interaction,
                            const FedUnit& unit, size_t metric,
                            const std::vector<FedOutcome>& candidates);
  // What may be the outcome, the newest first.
  static std::vector<FedOutcome> Candidates(const FedInteraction& interaction,
                                            const OutcomeSource& source, size_t metric,
                                            const std::vector<FedSignal>& signals,
                                            const ServedInteraction* fresh);

  // How many rows left with what stood at a place of the feed.
  absl::StatusOr<int64_t> EraseAt(const std::string& project, int64_t sequence, Bereft& bereft);
  absl::StatusOr<int64_t> EraseInteraction(const std::string& project,
                                           const FedInteraction& interaction, Bereft& bereft);

  sql::Connection& connection_;
  FeedStore interactions_;
  FeedSignalStore signals_;
  const ServingCache& serving_;
  const UnitHasher& units_;
  const AssignmentTokens tokens_;
  const absl::Time now_;
  const absl::Time keep_since_;
  // By project, whose name each looks at.
  std::map<std::string, std::unique_ptr<OutcomeBatch>> batches_;
  FeedEffects effects_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_FEED_WRITER_H_
