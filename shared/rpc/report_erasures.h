// Reports erasures upstream, once nothing of them is left in the write-ahead log.
#ifndef FLYWHEEL_SHARED_RPC_REPORT_ERASURES_H_
#define FLYWHEEL_SHARED_RPC_REPORT_ERASURES_H_

#include <spdlog/spdlog.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "shared/rpc/background_loop.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::rpc {

// A part of a step of `loop`, for a keeper of copies. Until nothing is to be reported:
//   1. `unreported()` reads the next erasures from the store, a StatusOr of a vector of Erasure
//      (project, erasure_id, erased_rows): what they erased is committed;
//   2. the log of `database`, a sql::Database, is emptied, and what they erased leaves it;
//   3. `report(erasure)` tells of each. NOT_FOUND means that nobody waits for it any more;
//   4. `set_reported(erasure)` keeps that in the store.
// Returns the first error; CANCELLED where the loop stops while a reader stands in the log's way.
// What was not reported is found again by the next call.
template <typename Database, typename Unreported, typename Report, typename SetReported>
absl::Status ReportErasures(Database& database, BackgroundLoop& loop, const Unreported& unreported,
                            const Report& report, const SetReported& set_reported) {
  // For a reader that still looks at an older snapshot; a build or a judgement does for seconds.
  constexpr absl::Duration kReaderPause = absl::Milliseconds(20);
  while (true) {
    ASSIGN_OR_RETURN(const auto erasures, unreported());
    if (erasures.empty()) return absl::OkStatus();
    for (bool empty = false; !empty;) {
      ASSIGN_OR_RETURN(empty, database.TruncateWal());
      if (!empty && !loop.Pause(kReaderPause)) return errors::Cancelled();
    }
    for (const auto& erasure : erasures) {
      absl::Status told = report(erasure);
      if (!told.ok() && errors::ReasonOf(told) != Reason::kNotFound) return told;
      spdlog::info("event=erased project={} erasure_id={} rows={} known={}", erasure.project,
                   erasure.erasure_id, erasure.erased_rows, told.ok());
      RETURN_IF_ERROR(set_reported(erasure));
    }
  }
}

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_REPORT_ERASURES_H_
