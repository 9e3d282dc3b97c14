#include "ingest_service/record/signal_columns.h"

#include <fmt/format.h>

#include <vector>

#include "ingest_service/store/signal_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::ingest {
namespace {

constexpr int64_t kSignalsPerCommit = 1'000;

}  // namespace

absl::Status FillSignalColumns(
    sql::Database& database,
    absl::FunctionRef<absl::StatusOr<SignalColumns>(const std::string& payload)> parse) {
  // A commit at a time, so that a large store does not grow its log by all of it.
  bool more = true;
  while (more) {
    RETURN_IF_ERROR(database.Write([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<StoredSignal> signals,
                       SignalStore(connection).WithoutKind(kSignalsPerCommit));
      for (const StoredSignal& signal : signals) {
        ASSIGN_OR_RETURN(const SignalColumns columns, parse(signal.payload));
        // Without a kind it would be found again and again.
        if (columns.kind == SignalKind::kUnknown) {
          return errors::Internal(fmt::format("signal {} has no kind", signal.sequence));
        }
        RETURN_IF_ERROR(SignalStore(connection)
                            .SetColumns(signal.sequence, columns.kind, columns.actor_pseudonym));
      }
      more = !signals.empty();
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace flywheel::ingest
