#include "ingest_service/privacy/store_scanner.h"

#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/time/clock.h"
#include "ingest_service/store/erasure_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/retention_store.h"
#include "ingest_service/store/store_scan_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr absl::Duration kTellInterval = absl::Seconds(1);

}  // namespace

absl::Status StoreScanner::Scan(const ScanRequest& request, Progress progress,
                                const Deadline& deadline) {
  if (!parts_.filter->redacts()) {
    return errors::InvalidConfiguration("--redaction", "off", "on: nothing is recognised without");
  }
  {
    absl::MutexLock lock(&mutex_);
    if (runs_) return errors::Busy("ScanStore", 1);
    runs_ = true;
  }
  const absl::Cleanup ended = [this] {
    absl::MutexLock lock(&mutex_);
    runs_ = false;
  };
  if (request.all_projects) return ScanAll(request, progress, deadline);
  return ScanProject(request, request.actor.project, progress, deadline);
}

absl::Status StoreScanner::ScanAll(const ScanRequest& request, Progress progress,
                                   const Deadline& deadline) {
  std::string project;
  while (true) {
    ASSIGN_OR_RETURN(const std::optional<std::string> next,
                     parts_.database->Read([&](sql::Connection& connection) {
                       return RetentionStore(connection).NextProject(project);
                     }));
    if (!next) return absl::OkStatus();
    project = *next;
    RETURN_IF_ERROR(ScanProject(request, project, progress, deadline));
  }
}

absl::Status StoreScanner::ScanProject(const ScanRequest& request, const std::string& project,
                                       Progress progress, const Deadline& deadline) {
  rpc::Actor actor = request.actor;
  actor.project = project;
  ASSIGN_OR_RETURN(StoreScan scan,
                   Begin({actor, request.scan_id, request.rewrite, false}, project));
  absl::Time tell_time = absl::Now();
  while (!scan.complete) {
    RETURN_IF_ERROR(deadline.Check());
    RETURN_IF_ERROR(ScanPage(actor, scan));
    if (absl::Now() < tell_time) continue;
    tell_time = absl::Now() + kTellInterval;
    RETURN_IF_ERROR(Tell(scan, /*complete=*/false, progress));
  }
  // The old texts stand in the log until it is emptied. Of a replay that is long done.
  // Where readers were told of nothing there is no receipt.
  if (scan.rewrite) {
    const absl::Status clean =
        parts_.eraser->AwaitReceipt(project, scan.scan_id, deadline).status();
    if (!absl::IsNotFound(clean)) RETURN_IF_ERROR(clean);
  }
  return Tell(scan, /*complete=*/true, progress);
}

absl::Status StoreScanner::Tell(StoreScan scan, bool complete, Progress progress) {
  ASSIGN_OR_RETURN(const int64_t stored, parts_.database->Read([&](sql::Connection& connection) {
    return FeedStore(connection).StoredRows(scan.project);
  }));
  scan.complete = complete;
  return progress(scan, stored);
}

absl::StatusOr<StoreScan> StoreScanner::Begin(const ScanRequest& request,
                                              const std::string& project) {
  const absl::Time now = parts_.clock->Now();
  StoreScan scan{project, request.scan_id, request.rewrite, now, request.actor.key_id};
  std::optional<StoreScan> known;
  RETURN_IF_ERROR(parts_.writer->Write(1, [&](sql::Connection& connection, size_t) -> absl::Status {
    ASSIGN_OR_RETURN(known, StoreScanStore(connection).Find(project, request.scan_id));
    if (known) return absl::OkStatus();
    ASSIGN_OR_RETURN(const std::optional<StoredErasure> erasure,
                     ErasureStore(connection).Find(project, request.scan_id));
    if (erasure) return errors::AlreadyExistsWithOtherContent("erasure", request.scan_id);
    ASSIGN_OR_RETURN(scan.last_sequence, FeedStore(connection).LastSequence());
    RETURN_IF_ERROR(StoreScanStore(connection).Add(scan));
    return audit::Record(connection, request.actor,
                         {"store scan", request.scan_id, request.rewrite ? "replaces" : "counts"},
                         now);
  }));
  if (!known) return scan;
  if (known->rewrite == request.rewrite) return *std::move(known);
  return errors::AlreadyExistsWithOtherContent("store scan", request.scan_id);
}

}  // namespace flywheel::ingest
