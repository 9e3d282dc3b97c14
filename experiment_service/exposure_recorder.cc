#include "experiment_service/exposure_recorder.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/experiment_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::experiment {

ExposureRecorder::ExposureRecorder(sql::Database* database, OutcomeCountsCache* counts,
                                   const Clock* clock, rpc::Metrics* metrics, Options options)
    : database_(database),
      counts_(counts),
      clock_(clock),
      options_(std::move(options)),
      loop_(
          {.name = "exposures"}, [this] { return GatherAndWrite(); }, metrics) {}

ExposureRecorder::~ExposureRecorder() { Stop(); }

void ExposureRecorder::Stop() {
  loop_.Stop();
  if (std::exchange(stopped_, true)) return;
  // What came while the loop was stopped, or waits for a store that was busy.
  if (const absl::Status written = WritePending(); !written.ok()) {
    spdlog::warn("event=exposures_lost message={}", Quoted(errors::MessageOf(written)));
  }
}

void ExposureRecorder::Remember(const UnitKey& unit) {
  std::pair<int64_t, std::string> key(unit.experiment, unit.unit_hash);
  bool is_taken = false;
  bool is_first = false;
  {
    absl::MutexLock lock(&mutex_);
    if (remembered_.contains(key)) return;
    is_taken = pending_.size() + in_flight_ < options_.max_pending;
    is_first = is_taken && pending_.empty();
    if (is_taken) {
      if (remembered_.size() >= options_.max_remembered) remembered_.clear();
      remembered_.insert(std::move(key));
      pending_.push_back({unit, clock_->Now()});
    }
  }
  // Those behind it are written with it.
  if (is_first) loop_.Wake();
  // Not remembered either: the unit's next assignment tries again.
  if (!is_taken) options_.on_dropped();
}

absl::StatusOr<absl::Duration> ExposureRecorder::GatherAndWrite() {
  {
    absl::MutexLock lock(&mutex_);
    if (pending_.empty()) return absl::InfiniteDuration();
  }
  // Many exposures share a commit. Where the loop stops, what is here is written at once.
  static_cast<void>(loop_.Pause(options_.flush_interval));
  RETURN_IF_ERROR(WritePending());
  return absl::InfiniteDuration();
}

absl::Status ExposureRecorder::WritePending() {
  std::vector<Exposure> exposures;
  {
    absl::MutexLock lock(&mutex_);
    exposures.swap(pending_);
    in_flight_ = exposures.size();
  }
  absl::Status written = exposures.empty() ? absl::OkStatus() : Write(exposures);
  absl::MutexLock lock(&mutex_);
  in_flight_ = 0;
  if (written.ok()) return written;
  // The store is busy or full: they go to the head of the queue, within its bound.
  exposures.insert(exposures.end(), std::make_move_iterator(pending_.begin()),
                   std::make_move_iterator(pending_.end()));
  pending_ = std::move(exposures);
  return written;
}

absl::Status ExposureRecorder::Write(const std::vector<Exposure>& exposures) {
  std::vector<StoredCounts> counts;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        std::vector<ExperimentChange> changes;
        // The stop froze the evidence, of which the arms' sizes are a part.
        std::map<int64_t, bool> running;
        for (const Exposure& exposure : exposures) {
          const auto [known, is_new] = running.try_emplace(exposure.unit.experiment);
          if (is_new) {
            ASSIGN_OR_RETURN(const std::optional<absl::Time> stop_time,
                             ExperimentStore(connection).StopTime(exposure.unit.experiment));
            known->second = !stop_time;
          }
          if (!known->second) continue;
          ASSIGN_OR_RETURN(
              const UnitChange change,
              UnitStore(connection).Record(exposure.unit, /*value=*/std::nullopt, exposure.time));
          if (change.newly_exposed) changes.push_back({exposure.unit.experiment, change});
        }
        ASSIGN_OR_RETURN(counts, OutcomeCountsStore(connection).Update(changes));
        return absl::OkStatus();
      },
      [&] { counts_->Put(counts); });
}

}  // namespace flywheel::experiment
