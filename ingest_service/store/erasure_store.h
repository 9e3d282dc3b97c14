// The SQL of erasures: their receipts, and what may not come back.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "ingest_service/domain/privacy.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// An erasure with what the store knows besides.
struct StoredErasure {
  // Without names once nothing of it is left.
  Subject subject;
  ErasureReceipt receipt;
  // Tells a replay from an erasure of something else.
  std::string subject_mac;
  // Up to where; 0 before the first piece.
  int64_t last_sequence = 0;
};

class ErasureStore {
 public:
  explicit ErasureStore(sql::Connection& connection) : connection_(connection) {}

  // Begins one that does not exist yet.
  absl::Status Add(const StoredErasure& erasure);
  absl::StatusOr<std::optional<StoredErasure>> Find(const std::string& project,
                                                    const std::string& erasure_id);
  // The oldest that is not clean.
  absl::StatusOr<std::optional<StoredErasure>> NextUnderWay(int64_t skip);

  // Keeps the counts, the names and the sequences of an erasure that goes on.
  absl::Status Update(const StoredErasure& erasure);
  absl::Status SetClean(const StoredErasure& erasure, absl::Time clean_time);

  // The first report of a store counts; of no more than kMaxErasureReports stores, as the caller
  // sees to.
  absl::Status AddReport(const std::string& project, const std::string& erasure_id,
                         const StoreReport& report);

 private:
  sql::Connection& connection_;
};

// What may not come back, and the names of people. In the caller's transaction.
class ErasedRecords {
 public:
  explicit ErasedRecords(sql::Connection& connection) : connection_(connection) {}

  // Keyed hashes of what may not come back.
  absl::Status AddErased(const std::string& project, const std::string& record_mac);
  absl::StatusOr<bool> IsErased(const std::string& project, const std::string& record_mac);
  // Whether there is one at all, of any project.
  absl::StatusOr<bool> HasErased();

  // Whether anything in the store, of any project, was named or hashed for a person: without the
  // key that made these names nobody can be found again. Reads whole tables where nothing was.
  absl::StatusOr<bool> HasPseudonyms();

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_ERASURE_STORE_H_
