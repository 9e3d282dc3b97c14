#include "curation_service/erasure_reporter.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <vector>

#include "curation_service/store/erasure_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"

namespace flywheel::curation {
namespace {

constexpr absl::Duration kShortestPause = absl::Milliseconds(100);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
// For a reader that still looks at an older snapshot; a build does for seconds.
constexpr absl::Duration kReaderPause = absl::Milliseconds(20);
constexpr int64_t kReportsAtOnce = 1'000;
constexpr char kStore[] = "curation";

}  // namespace

ErasureReporter::ErasureReporter(sql::Database* database, IngestClient* client)
    : database_(database), client_(client), thread_([this] { Run(); }) {}

void ErasureReporter::Wake() {
  absl::MutexLock lock(&mutex_);
  has_work_ = true;
}

void ErasureReporter::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

bool ErasureReporter::Pause(absl::Duration pause) {
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
  return !stopping_;
}

void ErasureReporter::Run() {
  absl::Duration pause = kShortestPause;
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &ErasureReporter::HasWork));
      if (stopping_) return;
      has_work_ = false;
    }
    const absl::Status status = ReportAll();
    if (status.ok()) {
      pause = kShortestPause;
      continue;
    }
    if (errors::ReasonOf(status) != Reason::kCancelled && pause == kShortestPause) {
      spdlog::warn("event=erasure_not_reported message={}", Quoted(errors::MessageOf(status)));
    }
    if (!Pause(pause)) return;
    pause = std::min(2 * pause, kLongestPause);
    Wake();
  }
}

absl::Status ErasureReporter::ReportAll() {
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<UnreportedErasure> erasures,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasureStore(connection).Unreported(kReportsAtOnce);
                     }));
    if (erasures.empty()) return absl::OkStatus();
    // After they were read: what they erased is committed, and leaves the log now.
    for (bool empty = false; !empty;) {
      ASSIGN_OR_RETURN(empty, database_->TruncateWal());
      if (!empty && !Pause(kReaderPause)) return errors::Cancelled();
    }
    for (const UnreportedErasure& erasure : erasures) {
      absl::Status told =
          client_->ReportErasure(erasure.project, erasure.erasure_id, kStore, erasure.erased_rows);
      if (!told.ok() && errors::ReasonOf(told) != Reason::kNotFound) return told;
      spdlog::info("event=erased project={} erasure_id={} rows={} known={}", erasure.project,
                   erasure.erasure_id, erasure.erased_rows, told.ok());
      RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
        return ErasureStore(connection).SetReported(erasure);
      }));
    }
  }
}

}  // namespace flywheel::curation
