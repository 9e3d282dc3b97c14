// Backfill of signal columns that older versions did not keep.
#ifndef FLYWHEEL_INGEST_SERVICE_RECORD_SIGNAL_COLUMNS_H_
#define FLYWHEEL_INGEST_SERVICE_RECORD_SIGNAL_COLUMNS_H_

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "ingest_service/domain/record.h"
#include "shared/sql/database.h"

namespace flywheel::ingest {

// What the columns hold.
struct SignalColumns {
  SignalKind kind = SignalKind::kUnknown;
  std::string actor_pseudonym;
};

// Gives every signal that was stored before these columns were its own, a thousand a commit. Only
// the contract's encoding says them, so that no migration can: `parse` reads a payload. Runs at the
// start, and finds nothing to do but once; a crash half-way goes on at the next start.
absl::Status FillSignalColumns(
    sql::Database& database,
    absl::FunctionRef<absl::StatusOr<SignalColumns>(const std::string& payload)> parse);

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_RECORD_SIGNAL_COLUMNS_H_
