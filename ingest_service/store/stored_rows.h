// How much a project has in the store.
#ifndef FLYWHEEL_INGEST_SERVICE_STORE_STORED_ROWS_H_
#define FLYWHEEL_INGEST_SERVICE_STORE_STORED_ROWS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "shared/sql/connection.h"

namespace flywheel::ingest {

// Interactions and signals, every revision counted. From the totals: costs the same however many
// there are.
absl::StatusOr<int64_t> StoredRows(sql::Connection& connection, const std::string& project);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_STORE_STORED_ROWS_H_
