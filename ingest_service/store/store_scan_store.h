// The SQL of scans of the store, the table store_scans.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_STORE_SCAN_STORE_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_STORE_SCAN_STORE_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "ingest_service/domain/store_scan.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// In the caller's transaction.
class StoreScanStore {
 public:
  explicit StoreScanStore(sql::Connection& connection) : connection_(connection) {}

  // Begins one that does not exist yet.
  absl::Status Add(const StoreScan& scan);
  absl::StatusOr<std::optional<StoreScan>> Find(const std::string& project,
                                                const std::string& scan_id);
  // Keeps the cursor, the counts and whether it is complete.
  absl::Status Update(const StoreScan& scan);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_STORE_SCAN_STORE_H_
