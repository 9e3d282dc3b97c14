// Per-project quotas: a rate of items and a number of stored rows.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_QUOTAS_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_QUOTAS_H_

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "ingest_service/domain/token_bucket.h"
#include "shared/time/clock.h"

namespace flywheel::ingest {

// What one project may have.
struct Quota {
  static constexpr int64_t kUnlimited = std::numeric_limits<int64_t>::max();

  // Items of batches, whatever becomes of them: interactions, signals and spans.
  int64_t items_per_second = kUnlimited;
  // Interactions, and signals with every revision.
  int64_t stored_rows = kUnlimited;
};

// Quotas by project. The project "*" is for all that are not named; without it they have none.
using QuotaTable = std::map<std::string, Quota>;

// Reads a file of lines 'PROJECT ITEMS_PER_SECOND STORED_ROWS', where '-' means no limit, a project
// of '*' means all others, and '#' begins a comment. INVALID_CONFIGURATION says the line.
absl::StatusOr<QuotaTable> ReadQuotas(const std::string& path);

// Counts what comes against the quotas, before anything is written. A rate is kept over the
// seconds: one second's worth may come at once, and a larger batch passes and is waited for
// afterwards. Rows are counted at most once a second, so a project may overshoot its rows by what
// arrives in that time. Thread-safe.
class Quotas {
 public:
  // Rows that a project has in the store.
  using CountRows = std::function<absl::StatusOr<int64_t>(const std::string& project)>;

  // `clock` outlives this object.
  Quotas(QuotaTable table, CountRows count_rows, const Clock* clock)
      : table_(std::move(table)), count_rows_(std::move(count_rows)), clock_(clock) {}

  // Takes `items` out of the project's quota, or says QUOTA_EXCEEDED where they are too many, with
  // RetryInfo where waiting helps. What CountRows says where it fails.
  absl::Status Consume(const std::string& project, int64_t items);

 private:
  struct Usage {
    std::optional<TokenBucket> bucket;
    int64_t rows = 0;
    absl::Time count_time = absl::InfinitePast();
  };

  const Quota* Find(const std::string& project) const;
  absl::Status CheckRows(const std::string& project, int64_t limit, int64_t items, absl::Time now);

  const QuotaTable table_;
  const CountRows count_rows_;
  const Clock* const clock_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Usage> usage_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_QUOTAS_H_
