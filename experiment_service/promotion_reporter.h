// Background reports of promotions: the gate learns which version serves each agent.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_PROMOTION_REPORTER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_PROMOTION_REPORTER_H_

#include <map>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/store/untold_promotion_store.h"
#include "experiment_service/upstream/approval_client.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"

namespace flywheel::experiment {

// Tells the gate of every promotion, because the gate compares candidates with what serves. Nobody
// who promotes waits for that: the store keeps, in the promotion's own transaction, that it is to
// be told, and one thread tells it within milliseconds where the gate is up. What it does not take
// is told again, with pauses of 0.1 to 10 s, for as long as it takes, over restarts of either side.
//
// Each project's promotions are told in their order. One that the gate does not take holds up those
// behind it of its own project; another project's wait for its call at most, and for none of its
// pauses. Thread-safe.
class PromotionReporter {
 public:
  // All pointers outlive this object. `client` is this object's alone.
  PromotionReporter(sql::Database* database, ApprovalClient* client, rpc::Metrics* metrics);
  PromotionReporter(const PromotionReporter&) = delete;
  PromotionReporter& operator=(const PromotionReporter&) = delete;
  ~PromotionReporter() { Stop(); }

  // Begins with what an earlier run left to tell.
  void Start() { loop_.Start(); }

  // There is a promotion to tell, and it is committed.
  void Wake() { loop_.Wake(); }

  // Returns when the thread has ended, which is prompt. May be called again.
  void Stop();

  // Shows flywheel_untold_promotions, for as long as this object's database is there.
  void Observe();

 private:
  // Of a project whose next promotion the gate did not take.
  struct Refusal {
    absl::Time next_attempt;  // Of the machine's clock.
    absl::Duration pause;
    std::string message;
  };

  // The loop's step: all that can be told now. Errors are the store's, or CANCELLED.
  absl::StatusOr<absl::Duration> ReportAll();
  // One promotion of each project that is not paused. Whether the gate took any.
  absl::StatusOr<bool> ReportRound();
  // Whether the gate took it.
  absl::StatusOr<bool> Report(const StoredPromotion& promotion);
  void NoteRefusal(const StoredPromotion& promotion, const absl::Status& status);
  bool IsPaused(const std::string& project) const;
  // Until the first pause ends; for ever where nothing was refused.
  absl::Duration UntilNextAttempt() const;

  sql::Database* const database_;
  ApprovalClient* const client_;
  rpc::Metrics& metrics_;
  // By project. Of the thread.
  std::map<std::string, Refusal> refusals_;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_PROMOTION_REPORTER_H_
