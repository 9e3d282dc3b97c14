#include "ingest_service/retention/retention_worker.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "ingest_service/store/payload_store.h"
#include "ingest_service/store/retention_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// A file of the archive holds so much at most, and is written when at least the smaller numbers
// wait or the oldest of them has waited a day: else a quiet project would have a file a minute.
constexpr int64_t kMaxFileRecords = 2'000;
constexpr int64_t kMaxFileBytes = 16 << 20;
constexpr size_t kMinFileRecords = 1'000;
constexpr int64_t kMinFileBytes = 8 << 20;
constexpr absl::Duration kMaxFileWait = absl::Hours(24);
// Taking records out of an archive file writes it anew, so they leave in large pieces.
constexpr int64_t kRecordsPerRemoval = 1'000;
constexpr int kNiceness = 10;

}  // namespace

RetentionWorker::RetentionWorker(const RetentionRules& rules, absl::Duration interval,
                                 sql::Database* database, PacedWriter* writer,
                                 PayloadReader* payloads, Archive* archive,
                                 const Pseudonymiser* key, rpc::Metrics* metrics,
                                 const Clock* clock)
    : rules_(rules),
      interval_(interval),
      database_(database),
      writer_(writer),
      payloads_(payloads),
      archive_(archive),
      clock_(clock),
      compressor_(database, writer, payloads, clock),
      thinner_(database, writer, payloads, archive, key),
      loop_(
          {.name = "retention",
           .first_delay = interval,
           .min_backoff = interval,
           .max_backoff = interval,
           .niceness = kNiceness},
          [this] { return RunAndTell(); }, metrics) {}

void RetentionWorker::Start() {
  if (rules_.any()) loop_.Start();
}

void RetentionWorker::Stop() {
  // A run that is under way ends at its next write or request.
  writer_->Stop();
  archive_->Stop();
  loop_.Stop();
}

void RetentionWorker::Observe(rpc::Metrics& metrics) {
  static_cast<void>(ReadTotals());
  const auto show = [&metrics](const char* name, const char* help,
                               const std::atomic<int64_t>& value) {
    metrics.ObserveGauge(name, help, [&value] { return static_cast<double>(value.load()); });
  };
  show("flywheel_compressed_interactions", "Interactions whose payload is compressed in its row",
       compressed_);
  show("flywheel_archived_interactions", "Interactions whose payload is in the archive", archived_);
  show("flywheel_thinned_interactions", "Empty places of interactions that were thinned out",
       thinned_);
  show("flywheel_payload_bytes_saved", "Payload bytes that compression and archive do not take",
       bytes_saved_);
  show("flywheel_retention_last_run_seconds",
       "When the rules of age were last applied without an error, in seconds since 1970",
       last_run_seconds_);
}

absl::StatusOr<absl::Duration> RetentionWorker::RunAndTell() {
  const absl::Time begin = absl::Now();
  const absl::StatusOr<RetentionReport> report = Run();
  if (!report.ok()) return writer_->stopped() ? errors::ShuttingDown() : report.status();
  if (!report->empty()) {
    spdlog::info(
        "event=retention compressed={} archived={} thinned={} deleted_interactions={} "
        "deleted_signals={} milliseconds={}",
        report->compressed, report->archived, report->thinned, report->deleted_interactions,
        report->deleted_signals, absl::ToInt64Milliseconds(absl::Now() - begin));
  }
  return interval_;
}

absl::StatusOr<RetentionReport> RetentionWorker::Run() {
  absl::MutexLock lock(&run_mutex_);
  RetentionReport report;
  absl::Status first = archive_->RemoveLeftovers();
  // An error of one project does not hold up the others.
  for (std::optional<std::string> project = ""; project;) {
    absl::StatusOr<std::optional<std::string>> next =
        database_->Read([&](sql::Connection& connection) {
          return RetentionStore(connection).NextProject(*project);
        });
    first.Update(next.status());
    project = next.ok() ? *std::move(next) : std::nullopt;
    if (project) first.Update(RunProject(*project, report));
  }
  first.Update(ReadTotals());
  RETURN_IF_ERROR(first);
  last_run_seconds_ = absl::ToUnixSeconds(clock_->Now());
  return report;
}

absl::Status RetentionWorker::RunProject(const std::string& project, RetentionReport& report) {
  ASSIGN_OR_RETURN(const std::string holds, database_->Read([&](sql::Connection& connection) {
    return RetentionStore(connection).HoldsFingerprint(project);
  }));
  // What leaves anyway is not thinned, compressed or archived before.
  RETURN_IF_ERROR(Delete(project, holds, report));
  RETURN_IF_ERROR(DeleteSignals(project, holds, report));
  RETURN_IF_ERROR(Thin(project, holds, report));
  RETURN_IF_ERROR(Compress(project, report));
  return MoveToArchive(project, report);
}

absl::Status RetentionWorker::Delete(const std::string& project, const std::string& holds,
                                     RetentionReport& report) {
  if (rules_.delete_after == absl::InfiniteDuration()) return absl::OkStatus();
  const AgedPagesOptions options = {project, "delete", holds, clock_->Now() - rules_.delete_after,
                                    kRecordsPerRemoval};
  return ForEachAgedPage(
      *database_, *writer_, options,
      [&](std::vector<AgedInteraction>& page) -> absl::StatusOr<PageResult> {
        std::vector<int64_t> leaving;
        RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) -> absl::Status {
          // Held records stay. When a hold ends, the fingerprint of the holds differs and the rule
          // begins anew.
          for (const AgedInteraction& row : page) {
            ASSIGN_OR_RETURN(const bool held,
                             RetentionStore(connection).IsHeld(project, row.user_pseudonym));
            if (!held) leaving.push_back(row.sequence);
          }
          return absl::OkStatus();
        }));
        RETURN_IF_ERROR(archive_->RemoveByAge(project, leaving, PayloadForm::kErased));
        RETURN_IF_ERROR(writer_->Write(leaving.size(), [&](sql::Connection& connection, size_t i) {
          return RetentionStore(connection).DeleteEmptyRow(project, leaving[i]);
        }));
        report.deleted_interactions += static_cast<int64_t>(leaving.size());
        return PageResult::kDone;
      });
}

absl::Status RetentionWorker::DeleteSignals(const std::string& project, const std::string& holds,
                                            RetentionReport& report) {
  if (rules_.delete_after == absl::InfiniteDuration()) return absl::OkStatus();
  const AgedPagesOptions options = {project, "delete signals", holds,
                                    clock_->Now() - rules_.delete_after, kRecordsPerRemoval};
  return ForEachAgedSignalPage(
      *database_, *writer_, options, [&](const std::vector<AgedSignal>& page) -> absl::Status {
        RETURN_IF_ERROR(
            writer_->Write(page.size(), [&](sql::Connection& connection, size_t i) -> absl::Status {
              if (page[i].held) return absl::OkStatus();
              return RetentionStore(connection).DeleteSignal(project, page[i].sequence);
            }));
        report.deleted_signals += std::count_if(
            page.begin(), page.end(), [](const AgedSignal& signal) { return !signal.held; });
        return absl::OkStatus();
      });
}

absl::Status RetentionWorker::Thin(const std::string& project, const std::string& holds,
                                   RetentionReport& report) {
  const bool nothing = rules_.thin_after == absl::InfiniteDuration() || rules_.thin_share >= 1;
  if (nothing) return absl::OkStatus();
  const AgedPagesOptions options = {project, "thin", fmt::format("{} {}", rules_.thin_share, holds),
                                    clock_->Now() - rules_.thin_after, kRecordsPerRemoval};
  return ForEachAgedPage(*database_, *writer_, options,
                         [&](std::vector<AgedInteraction>& page) -> absl::StatusOr<PageResult> {
                           run_mutex_.AssertHeld();
                           ASSIGN_OR_RETURN(const int64_t thinned,
                                            thinner_.Thin(project, page, rules_.thin_share));
                           report.thinned += thinned;
                           return PageResult::kDone;
                         });
}

absl::Status RetentionWorker::Compress(const std::string& project, RetentionReport& report) {
  if (rules_.compress_after == absl::InfiniteDuration()) return absl::OkStatus();
  const AgedPagesOptions options = {project, kCompressRule, "",
                                    clock_->Now() - rules_.compress_after};
  return ForEachAgedPage(*database_, *writer_, options,
                         [&](std::vector<AgedInteraction>& page) -> absl::StatusOr<PageResult> {
                           run_mutex_.AssertHeld();
                           ASSIGN_OR_RETURN(const int64_t compressed,
                                            compressor_.Compress(project, page));
                           report.compressed += compressed;
                           return PageResult::kDone;
                         });
}

absl::Status RetentionWorker::MoveToArchive(const std::string& project, RetentionReport& report) {
  if (rules_.archive_after == absl::InfiniteDuration()) return absl::OkStatus();
  const AgedPagesOptions options = {
      project, "archive", "", clock_->Now() - rules_.archive_after, kMaxFileRecords, kMaxFileBytes};
  return ForEachAgedPage(*database_, *writer_, options, [&](std::vector<AgedInteraction>& page) {
    return ArchivePage(project, page, report);
  });
}

absl::StatusOr<PageResult> RetentionWorker::ArchivePage(const std::string& project,
                                                        std::vector<AgedInteraction>& page,
                                                        RetentionReport& report) {
  // 1. What is still in the store.
  std::vector<ArchiveCandidate> candidates;
  int64_t bytes = 0;
  for (AgedInteraction& row : page) {
    if (!IsShown(row.place.form) || row.place.form == PayloadForm::kArchived) continue;
    const RowBefore before = {row.place, static_cast<int64_t>(row.payload.size())};
    bytes += PayloadBytes(row.place.form, row.payload);
    candidates.push_back({{row.sequence, row.commit_time, std::move(row.payload)}, before});
  }
  // 2. Enough for a file of its own, or waiting for long enough.
  const bool full = candidates.size() >= kMinFileRecords || bytes >= kMinFileBytes ||
                    page.size() == static_cast<size_t>(kMaxFileRecords);
  const absl::Time waiting_since = page.front().commit_time + rules_.archive_after;
  if (!full && clock_->Now() < waiting_since + kMaxFileWait) return PageResult::kLater;
  // 3. Plain again, because a file is read without the store.
  std::vector<ArchiveCandidate> decoded;
  for (ArchiveCandidate& candidate : candidates) {
    PayloadPlace place = candidate.row.place;
    const absl::Status status =
        payloads_->Decode(candidate.record.sequence, place, candidate.record.payload);
    // What left meanwhile, or is damaged, stays as it is and holds up nothing.
    const bool passed_over =
        absl::IsNotFound(status) || errors::ReasonOf(status) == Reason::kStoreCorrupt;
    if (passed_over) continue;
    RETURN_IF_ERROR(status);
    decoded.push_back(std::move(candidate));
  }
  RETURN_IF_ERROR(archive_->Move(project, decoded));
  report.archived += static_cast<int64_t>(decoded.size());
  return PageResult::kDone;
}

absl::Status RetentionWorker::ReadTotals() {
  return database_->Read([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(const PayloadTotals compressed,
                     PayloadStore(connection).ReadTotals(PayloadForm::kCompressed));
    ASSIGN_OR_RETURN(const PayloadTotals archived,
                     PayloadStore(connection).ReadTotals(PayloadForm::kArchived));
    ASSIGN_OR_RETURN(const PayloadTotals thinned,
                     PayloadStore(connection).ReadTotals(PayloadForm::kThinned));
    compressed_ = compressed.records;
    archived_ = archived.records;
    thinned_ = thinned.records;
    bytes_saved_ = compressed.payload_bytes - compressed.stored_bytes + archived.payload_bytes -
                   archived.stored_bytes;
    return absl::OkStatus();
  });
}

}  // namespace flywheel::ingest
