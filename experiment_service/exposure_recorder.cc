#include "experiment_service/exposure_recorder.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <iterator>
#include <utility>

#include "experiment_service/domain/unit_state.h"
#include "experiment_service/evidence_writer.h"
#include "experiment_service/ordered_commit.h"
#include "experiment_service/store/experiment_store.h"
#include "experiment_service/store/unit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/time/stored_time.h"

namespace flywheel::experiment {

ExposureRecorder::ExposureRecorder(sql::Database* database, EvidenceCache* evidence,
                                   const Clock* clock, rpc::Metrics* metrics, Options options)
    : database_(database),
      evidence_(evidence),
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

void ExposureRecorder::Remember(std::vector<Exposure> exposures) {
  size_t dropped = 0;
  bool is_first = false;
  {
    absl::MutexLock lock(&mutex_);
    const bool was_empty = pending_.empty();
    for (Exposure& exposure : exposures) {
      std::pair<int64_t, std::string> key(exposure.live->ordinal, exposure.proof.unit_hash);
      if (remembered_.contains(key)) continue;
      if (pending_.size() + in_flight_ >= options_.max_pending) {
        // Not remembered either: the unit's next assignment tries again.
        ++dropped;
        continue;
      }
      if (remembered_.size() >= options_.max_remembered) remembered_.clear();
      remembered_.insert(std::move(key));
      pending_.push_back(std::move(exposure));
    }
    is_first = was_empty && !pending_.empty();
  }
  // Those behind it are written with it.
  if (is_first) loop_.Wake();
  for (; dropped > 0; --dropped) options_.on_dropped();
}

void ExposureRecorder::Forget(const std::vector<std::pair<int64_t, std::string>>& units) {
  absl::MutexLock lock(&mutex_);
  for (const auto& unit : units) remembered_.erase(unit);
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
  absl::MutexLock write_lock(&write_mutex_);
  std::vector<Exposure> exposures;
  {
    absl::MutexLock lock(&mutex_);
    exposures.swap(pending_);
    in_flight_ += exposures.size();
  }
  absl::Status written = exposures.empty() ? absl::OkStatus() : Write(exposures);
  absl::MutexLock lock(&mutex_);
  in_flight_ -= exposures.size();
  if (written.ok()) return written;
  // The store is busy or full: they go to the head of the queue, within its bound.
  exposures.insert(exposures.end(), std::make_move_iterator(pending_.begin()),
                   std::make_move_iterator(pending_.end()));
  pending_ = std::move(exposures);
  return written;
}

// Waits for a write that the loop began; what that could not write is tried once more.
absl::Status ExposureRecorder::Flush() {
  {
    absl::MutexLock lock(&mutex_);
    if (pending_.empty() && in_flight_ == 0) return absl::OkStatus();
  }
  return WritePending();
}

absl::Status ExposureRecorder::Write(const std::vector<Exposure>& exposures) {
  std::vector<Evidence> evidence;
  return CommitThenPublish(
      *database_, sql::Database::kSmallWriteBytes,
      [&](sql::Connection& connection) -> absl::Status {
        EvidenceWriter writer(connection, StoredTime(clock_->Now()));
        for (const Exposure& exposure : exposures) {
          const LiveExperiment& live = *exposure.live;
          const ExposureProof& proof = exposure.proof;
          // The stop froze the evidence, of which the arms' sizes are a part.
          ASSIGN_OR_RETURN(const ExperimentProgress progress, writer.Progress(live));
          if (progress.stop_time) continue;
          const UnitKey key{live.ordinal, proof.unit_hash, proof.arm};
          ASSIGN_OR_RETURN(const UnitState before, writer.Find(live, key));
          UnitState after = before;
          RETURN_IF_ERROR(writer.Expose(live, {proof.expose_time, proof.segments}, after));
          RETURN_IF_ERROR(writer.Put(exposure.live, key, before, after));
        }
        ASSIGN_OR_RETURN(evidence, writer.Finish());
        return absl::OkStatus();
      },
      [&] { evidence_->Put(std::move(evidence)); });
}

}  // namespace flywheel::experiment
