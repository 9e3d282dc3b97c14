#include "ingest_service/retention/aged_pages.h"

#include "absl/synchronization/mutex.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

// `read` returns the page behind a sequence.
template <typename Row, typename Read, typename Apply>
absl::Status ForEachPage(sql::Database& database, PacedWriter& writer,
                         const AgedPagesOptions& options, Read read, Apply apply) {
  while (true) {
    if (writer.stopped()) return errors::ShuttingDown();
    const absl::MutexLock lock(&writer.payload_changes());
    // For each page: a scan of the store may have lowered it.
    ASSIGN_OR_RETURN(RetentionProgress progress, database.Read([&](sql::Connection& connection) {
      return RetentionStore(connection).FindProgress(options.project, options.rule);
    }));
    if (progress.terms != options.terms) progress = {0, options.terms};
    ASSIGN_OR_RETURN(std::vector<Row> page, database.Read([&](sql::Connection& connection) {
      return read(connection, progress.sequence);
    }));
    if (page.empty()) return absl::OkStatus();
    // Applied first, then noted: a crash in between applies the page again.
    progress.sequence = page.back().sequence;
    ASSIGN_OR_RETURN(const PageResult result, apply(page));
    if (result == PageResult::kLater) return absl::OkStatus();
    RETURN_IF_ERROR(writer.Write(1, [&](sql::Connection& connection, size_t) {
      return RetentionStore(connection).SetProgress(options.project, options.rule, progress);
    }));
  }
}

}  // namespace

absl::Status ForEachAgedPage(
    sql::Database& database, PacedWriter& writer, const AgedPagesOptions& options,
    absl::FunctionRef<absl::StatusOr<PageResult>(std::vector<AgedInteraction>& page)> apply) {
  return ForEachPage<AgedInteraction>(
      database, writer, options,
      [&](sql::Connection& connection, int64_t after) {
        return RetentionStore(connection)
            .AgedInteractions(options.project, after, options.before, options.page_records,
                              options.page_bytes);
      },
      apply);
}

absl::Status ForEachAgedSignalPage(
    sql::Database& database, PacedWriter& writer, const AgedPagesOptions& options,
    absl::FunctionRef<absl::Status(const std::vector<AgedSignal>& page)> apply) {
  return ForEachPage<AgedSignal>(
      database, writer, options,
      [&](sql::Connection& connection, int64_t after) {
        return RetentionStore(connection)
            .AgedSignals(options.project, after, options.before, options.page_records);
      },
      [&](const std::vector<AgedSignal>& page) -> absl::StatusOr<PageResult> {
        RETURN_IF_ERROR(apply(page));
        return PageResult::kDone;
      });
}

}  // namespace flywheel::ingest
