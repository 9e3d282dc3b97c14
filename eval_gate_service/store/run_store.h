// SQL store of runs.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_STORE_RUN_STORE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_STORE_RUN_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/domain/run.h"
#include "shared/sql/connection.h"

namespace flywheel::evalgate {

// A run with the hash of the request that started it.
struct StoredRun {
  Run run;
  std::string request_hash;
  // Its place among the project's, from 1; not looked at where it is stored.
  int64_t ordinal = 0;
};

// Whose runs, on what.
struct RunsOf {
  std::string project;
  std::string suite_id;
  // Compared by its VersionKey: another spelling is the same version.
  std::string model_version;
};

// The SQL of runs. In the caller's transaction.
class RunStore {
 public:
  explicit RunStore(sql::Connection& connection) : connection_(connection) {}

  // Appends it as the newest of the project.
  absl::Status Insert(const std::string& project, const StoredRun& stored);

  // Nothing where the project has no such run.
  absl::StatusOr<std::optional<StoredRun>> Find(const std::string& project,
                                                const std::string& run_id);
  // NOT_FOUND.
  absl::StatusOr<Run> Get(const std::string& project, const std::string& run_id);

  // The finished run. Nothing where there is none.
  absl::StatusOr<std::optional<Run>> FindFinished(const RunsOf& runs_of);
  // The finished run, else the newest that goes on. Nothing where there is none.
  absl::StatusOr<std::optional<Run>> FindBest(const RunsOf& runs_of);
  // The same; NOT_FOUND.
  absl::StatusOr<Run> GetBest(const RunsOf& runs_of);
  absl::StatusOr<UnfinishedRuns> CountUnfinished(const RunsOf& runs_of);

  // Its progress, and how many errors of the infrastructure came.
  absl::Status SetProgress(const std::string& project, const Run& run);
  // Whatever became of the run.
  absl::Status Subtract(const std::string& project, const std::string& run_id,
                        const RunProgress& erased);
  // Of a run that goes on.
  absl::Status End(const std::string& project, const Run& ended);

  // Up to `limit` runs beyond an ordinal, in the order of the filter: those of its version where it
  // names one, else those on its suite, else those of its agent. The rest of the filter is not
  // looked at.
  absl::StatusOr<std::vector<StoredRun>> List(const std::string& project, const RunFilter& filter,
                                              int64_t beyond, int64_t limit);

 private:
  sql::Connection& connection_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_STORE_RUN_STORE_H_
