#include "experiment_service/promotion_reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/time/clock.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::experiment {
namespace {

constexpr char kLoopName[] = "promotion_reports";
// After the gate did not take a project's promotion; twice as long after each further time.
constexpr absl::Duration kFirstReportPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestReportPause = absl::Seconds(10);

}  // namespace

PromotionReporter::PromotionReporter(sql::Database* database, ApprovalClient* client,
                                     rpc::Metrics* metrics)
    : database_(database),
      client_(client),
      metrics_(*metrics),
      loop_(
          {.name = kLoopName}, [this] { return ReportAll(); }, metrics) {}

void PromotionReporter::Stop() {
  // A call to the gate that is under way would hold up the loop's end.
  client_->Cancel();
  loop_.Stop();
}

void PromotionReporter::Observe() {
  metrics_.ObserveGauge(
      "flywheel_untold_promotions", "Promotions that the evaluation gate has not been told of",
      [database = database_] {
        const absl::StatusOr<int64_t> count = database->Read(
            [](sql::Connection& connection) { return UntoldPromotionStore(connection).Count(); });
        return count.ok() ? static_cast<double>(*count) : std::numeric_limits<double>::quiet_NaN();
      });
}

absl::StatusOr<absl::Duration> PromotionReporter::ReportAll() {
  // One of each project a round: nobody waits for another one's long list.
  while (true) {
    ASSIGN_OR_RETURN(const bool took_any, ReportRound());
    if (!took_any) return UntilNextAttempt();
  }
}

absl::StatusOr<bool> PromotionReporter::ReportRound() {
  bool took_any = false;
  std::string project;
  while (true) {
    if (loop_.stopping()) return errors::Cancelled();
    ASSIGN_OR_RETURN(const std::optional<StoredPromotion> promotion,
                     database_->Read([&](sql::Connection& connection) {
                       return UntoldPromotionStore(connection).NextAfter(project);
                     }));
    if (!promotion) return took_any;
    project = promotion->project;
    if (IsPaused(project)) continue;
    ASSIGN_OR_RETURN(const bool taken, Report(*promotion));
    took_any |= taken;
  }
}

absl::StatusOr<bool> PromotionReporter::Report(const StoredPromotion& promotion) {
  const absl::Status status = client_->Approve(promotion.project, promotion.active_version);
  const Reason reason = errors::ReasonOf(status);
  if (reason == Reason::kCancelled) return status;
  const bool is_conflict = reason == Reason::kAlreadyExistsWithOtherContent;
  if (!status.ok() && !is_conflict) {
    NoteRefusal(promotion, status);
    return false;
  }
  // Where this fails the gate is told once more, and knows it by its id.
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return UntoldPromotionStore(connection).Remove(promotion);
  }));
  refusals_.erase(promotion.project);
  metrics_.CountItems("ReportPromotions", is_conflict ? "conflict" : "told", 1);
  const std::string& id = promotion.active_version.promotion_id;
  if (is_conflict) {
    // What somebody else said under this id stays, and so does the baseline, until the next one.
    spdlog::warn("event=promotion_id_used_at_gate project={} promotion_id={} message={}",
                 promotion.project, id, Quoted(errors::MessageOf(status)));
  } else {
    spdlog::info("event=promotion_told project={} promotion_id={}", promotion.project, id);
  }
  return true;
}

void PromotionReporter::NoteRefusal(const StoredPromotion& promotion, const absl::Status& status) {
  metrics_.CountBackgroundFailure(kLoopName);
  Refusal& refusal = refusals_[promotion.project];
  refusal.pause = refusal.pause == absl::ZeroDuration()
                      ? kFirstReportPause
                      : std::min(2 * refusal.pause, kLongestReportPause);
  refusal.next_attempt = absl::Now() + refusal.pause;
  // The same line for every attempt would bury all else.
  const std::string message = errors::MessageOf(status);
  if (message == std::exchange(refusal.message, message)) return;
  spdlog::warn("event=promotion_not_told project={} promotion_id={} reason={} message={}",
               promotion.project, promotion.active_version.promotion_id,
               ReasonName(errors::ReasonOf(status)), Quoted(message));
}

bool PromotionReporter::IsPaused(const std::string& project) const {
  const auto refusal = refusals_.find(project);
  return refusal != refusals_.end() && absl::Now() < refusal->second.next_attempt;
}

absl::Duration PromotionReporter::UntilNextAttempt() const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [project, refusal] : refusals_) next = std::min(next, refusal.next_attempt);
  return std::max(next - absl::Now(), absl::ZeroDuration());
}

}  // namespace flywheel::experiment
