// Use cases GetRun, WatchRun and ListRuns: read how runs stand.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_RUN_READER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_RUN_READER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "eval_gate_service/domain/run.h"
#include "shared/lists/list_page.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Reads runs; Runs begins them. Thread-safe; the database outlives this object.
class RunReader {
 public:
  explicit RunReader(sql::Database* database) : database_(database) {}

  // NOT_FOUND.
  absl::StatusOr<Run> Get(const std::string& project, const std::string& run_id);

  // How many attempts of the run passed. Nothing where it is not finished, or nobody may see it
  // before a verdict (RequireSeen).
  absl::StatusOr<std::optional<int64_t>> CountPassed(const std::string& project, const Run& run);

  // The run once it ended, or its progress is not `seen`, which is looked for every half second for
  // as long as `may_go_on`. NOT_FOUND; the error of `may_go_on`.
  absl::StatusOr<Run> AwaitChange(const std::string& project, const std::string& run_id,
                                  const std::optional<RunProgress>& seen,
                                  absl::FunctionRef<absl::Status()> may_go_on);

  // What the filter lets through, beyond an ordinal; 0: from the beginning. A page ends early where
  // it reaches 1 MiB.
  absl::StatusOr<ListPage<Run>> List(const std::string& project, const RunFilter& filter,
                                     int64_t beyond, int64_t page_size);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_RUN_READER_H_
