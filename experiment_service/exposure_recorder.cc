#include "experiment_service/exposure_recorder.h"

#include <spdlog/spdlog.h>

#include <iterator>

#include "experiment_service/ordered_commit.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::experiment {

ExposureRecorder::ExposureRecorder(sql::Database* database, TallyBook* tallies, const Clock* clock,
                                   Options options)
    : database_(database),
      tallies_(tallies),
      clock_(clock),
      options_(std::move(options)),
      thread_([this] { Run(); }) {}

ExposureRecorder::~ExposureRecorder() { Stop(); }

void ExposureRecorder::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void ExposureRecorder::Remember(const UnitKey& unit) {
  std::pair<int64_t, std::string> key(unit.experiment, unit.unit_hash);
  {
    absl::MutexLock lock(&mutex_);
    if (remembered_.contains(key)) return;
    if (pending_.size() + in_flight_ < options_.max_pending) {
      if (remembered_.size() >= options_.max_remembered) remembered_.clear();
      remembered_.insert(std::move(key));
      pending_.push_back({unit, clock_->Now()});
      return;
    }
  }
  // Not remembered either: the unit's next assignment tries again.
  options_.on_dropped();
}

void ExposureRecorder::Run() {
  bool stopping = false;
  while (!stopping) {
    std::vector<Exposure> exposures;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ExposureRecorder::HasWork));
      mutex_.AwaitWithTimeout(absl::Condition(&stopping_), options_.flush_interval);
      stopping = stopping_;
      exposures.swap(pending_);
      in_flight_ = exposures.size();
    }
    const absl::Status written = exposures.empty() ? absl::OkStatus() : Flush(exposures);
    if (!written.ok()) {
      spdlog::warn("event=exposures_wait count={} message={}", exposures.size(),
                   Quoted(errors::MessageOf(written)));
    }
    absl::MutexLock lock(&mutex_);
    in_flight_ = 0;
    if (written.ok()) continue;
    // The store is busy or full: they go to the head of the queue, within its bound.
    exposures.insert(exposures.end(), std::make_move_iterator(pending_.begin()),
                     std::make_move_iterator(pending_.end()));
    pending_ = std::move(exposures);
  }
}

absl::Status ExposureRecorder::Flush(const std::vector<Exposure>& exposures) {
  std::vector<StoredTally> tallies;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        std::vector<ExperimentChange> changes;
        for (const Exposure& exposure : exposures) {
          ASSIGN_OR_RETURN(
              const UnitChange change,
              UnitStore(connection).Record(exposure.unit, /*value=*/std::nullopt, exposure.time));
          if (change.newly_exposed) changes.push_back({exposure.unit.experiment, change});
        }
        ASSIGN_OR_RETURN(tallies, TallyStore(connection).Apply(changes));
        return absl::OkStatus();
      },
      [&] { tallies_->Put(tallies); });
}

}  // namespace flywheel::experiment
