#include "ingest_service/privacy/eraser.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "ingest_service/privacy/erasure_piece.h"
#include "ingest_service/store/consent_store.h"
#include "ingest_service/store/feed_store.h"
#include "ingest_service/store/store_scan_store.h"
#include "shared/audit/audit_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kMaxWaiting = 16;
constexpr absl::Duration kMaxWait = absl::Minutes(10);
// Whoever waits looks this often whether their caller is still there.
constexpr absl::Duration kLookInterval = absl::Milliseconds(200);
// For a reader that stands in the way: most do for milliseconds, a backup for minutes, and each try
// holds up new readers. Twice as long after each further try, up to the second.
constexpr absl::Duration kMinReaderPause = absl::Milliseconds(20);
constexpr absl::Duration kMaxReaderPause = absl::Seconds(5);
// After an error.
constexpr absl::Duration kMinBackoff = absl::Seconds(1);
constexpr absl::Duration kMaxBackoff = absl::Seconds(30);

// Of WriteGuard::RecordMacs.
std::string_view MacKindOf(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kUser:
      return "person";
    case SubjectKind::kSession:
      return "closed-session";
    case SubjectKind::kInteraction:
      return "interaction";
    case SubjectKind::kRewrite:
      break;  // Of nobody; not asked for.
  }
  return "";
}

absl::Status UnknownErasure(const std::string& erasure_id) {
  return errors::NotFound("erasure", erasure_id, "Check the id, and the project of the key.");
}

absl::Status TooManyStores(const std::string& erasure_id, const std::string& store) {
  return errors::FailedPrecondition(
      Reason::kLimitExceeded, "erasure", erasure_id,
      fmt::format("a report of '{}' beside those of {} stores", store, kMaxErasureReports),
      fmt::format("at most {} stores, each under one name that stays the same",
                  kMaxErasureReports));
}

}  // namespace

Eraser::Eraser(sql::Database* database, FeedReader* feed, WriteGuard* write_guard,
               const Clock* clock, rpc::Metrics* metrics, EraseFromArchives erase_from_archives)
    : database_(database),
      feed_(feed),
      write_guard_(write_guard),
      clock_(clock),
      erase_from_archives_(std::move(erase_from_archives)),
      reader_pause_(kMinReaderPause),
      loop_(
          {.name = "erasure", .min_backoff = kMinBackoff, .max_backoff = kMaxBackoff},
          [this] { return RunAll(); }, metrics) {}

absl::StatusOr<std::optional<StoredErasure>> Eraser::Find(const std::string& project,
                                                          const std::string& erasure_id) {
  return database_->Read([&](sql::Connection& connection) {
    return ErasureStore(connection).Find(project, erasure_id);
  });
}

absl::StatusOr<std::optional<StoredErasure>> Eraser::NextUnderWay(int64_t skip) {
  return database_->Read(
      [&](sql::Connection& connection) { return ErasureStore(connection).NextUnderWay(skip); });
}

absl::StatusOr<ErasureReceipt> Eraser::Get(const std::string& project,
                                           const std::string& erasure_id) {
  ASSIGN_OR_RETURN(std::optional<StoredErasure> erasure, Find(project, erasure_id));
  if (!erasure) return UnknownErasure(erasure_id);
  return std::move(erasure->receipt);
}

absl::Status Eraser::Report(const std::string& project, const std::string& erasure_id,
                            const std::string& store, int64_t rows) {
  return database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const std::optional<StoredErasure> erasure,
                     ErasureStore(connection).Find(project, erasure_id));
    if (!erasure) return UnknownErasure(erasure_id);
    if (erasure->receipt.is_full_for(store)) return TooManyStores(erasure_id, store);
    return ErasureStore(connection).AddReport(project, erasure_id, {store, rows, clock_->Now()});
  });
}

absl::StatusOr<ErasureReceipt> Eraser::Erase(const ErasureRequest& request,
                                             const Deadline& deadline) {
  {
    absl::MutexLock lock(&mutex_);
    if (waiting_ == kMaxWaiting) return errors::Busy("Erase", kMaxWaiting);
    ++waiting_;
  }
  absl::StatusOr<ErasureReceipt> receipt = Begin(request);
  if (receipt.ok()) receipt = AwaitClean(request.subject.project, request.erasure_id, deadline);
  absl::MutexLock lock(&mutex_);
  --waiting_;
  return receipt;
}

absl::StatusOr<ErasureReceipt> Eraser::Begin(const ErasureRequest& request) {
  // 1. Under which hashes this subject may be known: one a key, for keys may have been replaced.
  const Subject& subject = request.subject;
  std::vector<std::string> macs;
  for (const std::string& name : subject.names) {
    const auto some = write_guard_->RecordMacs(MacKindOf(subject.kind), subject.project, name);
    macs.insert(macs.end(), some.begin(), some.end());
  }
  StoredErasure erasure{subject, {}, macs.front()};
  erasure.receipt.erasure_id = request.erasure_id;
  erasure.receipt.subject_kind = subject.kind;
  erasure.receipt.requested_by = request.actor.key_id;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    // 2. A replay waits for the erasure that is there; the id of another subject's is refused.
    ASSIGN_OR_RETURN(const std::optional<StoredErasure> known,
                     ErasureStore(connection).Find(subject.project, request.erasure_id));
    if (known) {
      if (std::find(macs.begin(), macs.end(), known->subject_mac) != macs.end()) {
        return absl::OkStatus();
      }
      return errors::AlreadyExistsWithOtherContent("erasure", request.erasure_id);
    }
    // A scan's id is its receipt's.
    ASSIGN_OR_RETURN(const std::optional<StoreScan> scan,
                     StoreScanStore(connection).Find(subject.project, request.erasure_id));
    if (scan) return errors::AlreadyExistsWithOtherContent("store scan", request.erasure_id);
    // 3. What is held cannot be erased, and that is said before anything is.
    ASSIGN_OR_RETURN(const std::optional<LegalHold> hold,
                     ConsentStore(connection).FindLegalHold(subject));
    if (hold) return errors::LegalHold(hold->reason, hold->held_by);
    erasure.receipt.request_time = clock_->Now();
    RETURN_IF_ERROR(ErasureStore(connection).Add(erasure));
    return audit::Record(connection, request.actor, {"erasure", request.erasure_id},
                         erasure.receipt.request_time);
  }));
  loop_.Wake();
  return erasure.receipt;
}

absl::StatusOr<ErasureReceipt> Eraser::AwaitReceipt(const std::string& project,
                                                    const std::string& erasure_id,
                                                    const Deadline& deadline) {
  loop_.Wake();
  return AwaitClean(project, erasure_id, deadline);
}

absl::StatusOr<ErasureReceipt> Eraser::AwaitClean(const std::string& project,
                                                  const std::string& erasure_id,
                                                  const Deadline& deadline) {
  const absl::Time give_up = absl::Now() + kMaxWait;
  while (absl::Now() < give_up) {
    int64_t finished = 0;
    {
      absl::MutexLock lock(&mutex_);
      finished = finished_;
    }
    ASSIGN_OR_RETURN(ErasureReceipt receipt, Get(project, erasure_id));
    if (receipt.is_clean()) return receipt;
    RETURN_IF_ERROR(deadline.Check());
    const auto changed = [this, finished]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return finished_ != finished;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&changed), kLookInterval);
    if (loop_.stopping()) return errors::ShuttingDown();
  }
  return errors::NotCaughtUp("erasure", "not complete yet", "complete", absl::Seconds(10));
}

absl::StatusOr<absl::Duration> Eraser::RunAll() {
  // One that cannot go on, such as for an archive that does not answer, holds up no other.
  absl::Status first_failure;
  int64_t failed = 0;
  while (!loop_.stopping()) {
    ASSIGN_OR_RETURN(const std::optional<StoredErasure> erasure, NextUnderWay(failed));
    if (!erasure) break;
    const absl::Status status =
        erasure->subject.names.empty() ? Finish(*erasure) : RunPiece(*erasure);
    if (status.ok()) continue;
    ++failed;
    first_failure.Update(status);
  }
  RETURN_IF_ERROR(first_failure);
  return absl::InfiniteDuration();
}

absl::Status Eraser::RunPiece(const StoredErasure& erasure) {
  // Archives first, outside of the write: their files are written anew, which takes long.
  if (erase_from_archives_ != nullptr && erasure.last_sequence > 0) {
    ASSIGN_OR_RETURN(const std::vector<int64_t> sequences,
                     database_->Read([&](sql::Connection& connection) {
                       return ErasurePiece::NextInteractions(connection, erasure);
                     }));
    if (!sequences.empty())
      RETURN_IF_ERROR(erase_from_archives_(erasure.subject.project, sequences));
  }
  int64_t sequence = 0;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    write_guard_->NoteErased();
    StoredErasure next = erasure;
    RETURN_IF_ERROR(ErasurePiece(&connection, write_guard_).Run(next, clock_->Now()));
    sequence = next.receipt.commit_sequence;
    return absl::OkStatus();
  }));
  feed_->NotifyCommit(sequence);
  return absl::OkStatus();
}

absl::Status Eraser::Finish(const StoredErasure& erasure) {
  // Erased bytes stand in the log until it is emptied, which a reader of an older state prevents.
  ASSIGN_OR_RETURN(const bool empty, database_->TruncateWal());
  if (!empty) {
    loop_.Pause(reader_pause_);
    reader_pause_ = std::min(2 * reader_pause_, kMaxReaderPause);
    return absl::OkStatus();
  }
  reader_pause_ = kMinReaderPause;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) {
    return ErasureStore(connection).SetClean(erasure, clock_->Now());
  }));
  const ErasureReceipt& receipt = erasure.receipt;
  if (receipt.subject_kind == SubjectKind::kRewrite) {
    spdlog::info("event=rewritten project={} scan_id={} interactions={} signals={}",
                 erasure.subject.project, receipt.erasure_id, receipt.interactions,
                 receipt.signals);
  } else {
    spdlog::info(
        "event=erased project={} erasure_id={} interactions={} signals={} waiting_spans={}",
        erasure.subject.project, receipt.erasure_id, receipt.interactions, receipt.signals,
        receipt.waiting_spans);
  }
  absl::MutexLock lock(&mutex_);
  ++finished_;
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
