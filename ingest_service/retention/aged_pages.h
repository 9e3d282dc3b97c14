// Pages through records above an age, with stored progress.
#ifndef FLYWHEEL_INGEST_SERVICE_RETENTION_AGED_PAGES_H_
#define FLYWHEEL_INGEST_SERVICE_RETENTION_AGED_PAGES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/payloads/paced_writer.h"
#include "ingest_service/store/retention_store.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// What a rule looks at.
struct AgedPagesOptions {
  std::string project;
  // The rule's name, under which its progress is kept.
  std::string rule;
  // Where they differ from those of the last time, the rule begins anew at the oldest record.
  std::string terms;
  // What was committed before this.
  absl::Time before;
  // A page ends with whichever comes first.
  int64_t page_records = 500;
  int64_t page_bytes = 4 << 20;
};

// What became of a page.
enum class PageResult {
  kDone,
  // Not yet: the rule comes back to this page another time.
  kLater,
};

// Calls `apply` with each page behind the rule's progress, and moves the progress on. Ends early
// with SHUTTING_DOWN when `writer` is stopped. A crash repeats a page, so `apply` must pass over
// what it has done.
absl::Status ForEachAgedPage(
    sql::Database& database, PacedWriter& writer, const AgedPagesOptions& options,
    absl::FunctionRef<absl::StatusOr<PageResult>(std::vector<AgedInteraction>& page)> apply);

// The same for signals.
absl::Status ForEachAgedSignalPage(
    sql::Database& database, PacedWriter& writer, const AgedPagesOptions& options,
    absl::FunctionRef<absl::Status(const std::vector<AgedSignal>& page)> apply);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RETENTION_AGED_PAGES_H_
