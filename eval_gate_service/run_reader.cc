#include "eval_gate_service/run_reader.h"

#include <utility>

#include "eval_gate_service/seen_results.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/poll.h"

namespace flywheel::evalgate {
namespace {

// Of the columns of a run but its labels.
constexpr size_t kBytesOfARun = 512;
constexpr absl::Duration kLookAgain = absl::Milliseconds(500);

}  // namespace

absl::StatusOr<Run> RunReader::Get(const std::string& project, const std::string& run_id) {
  return database_->Read(
      [&](sql::Connection& connection) { return RunStore(connection).Get(project, run_id); });
}

absl::StatusOr<std::optional<int64_t>> RunReader::CountPassed(const std::string& project,
                                                              const Run& run) {
  using Count = std::optional<int64_t>;
  if (run.state != RunState::kFinished) return Count();
  return database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Count> {
    ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
    const absl::Status seen = RequireSeen(connection, project, stored.suite, run.model_version);
    if (errors::ReasonOf(seen) == Reason::kNotEnoughData) return Count();
    RETURN_IF_ERROR(seen);
    return OutputStore(connection).CountPassed({project, run.run_id});
  });
}

absl::StatusOr<Run> RunReader::AwaitChange(const std::string& project, const std::string& run_id,
                                           const std::optional<RunProgress>& seen,
                                           absl::FunctionRef<absl::Status()> may_go_on) {
  absl::StatusOr<Run> run;
  // Whoever has seen something is told of the next thing no sooner than after an interval.
  bool wait = seen.has_value();
  const auto changed = [&] {
    if (std::exchange(wait, false)) return false;
    run = Get(project, run_id);
    if (!run.ok() || run->state != RunState::kRunning || run->progress != seen) return true;
    if (const absl::Status status = may_go_on(); !status.ok()) run = status;
    return !run.ok();
  };
  PollUntil(changed, absl::InfiniteDuration(), kLookAgain);
  return run;
}

absl::StatusOr<ListPage<Run>> RunReader::List(const std::string& project, const RunFilter& filter,
                                              int64_t beyond, int64_t page_size) {
  using Page = ListPage<StoredRun>;
  ASSIGN_OR_RETURN(
      Page page, database_->Read([&](sql::Connection& connection) -> absl::StatusOr<Page> {
        RunStore runs(connection);
        ASSIGN_OR_RETURN(Page found,
                         ReadListPage<StoredRun>(
                             beyond, page_size,
                             [&](int64_t from, int64_t limit) {
                               return runs.List(project, filter, from, limit);
                             },
                             [&](const StoredRun& stored) { return filter.Matches(stored.run); }));
        RETURN_IF_ERROR(FillListPage<StoredRun>(
            sql::kMaxReadBytes,
            [&](StoredRun& stored) -> absl::StatusOr<size_t> {
              return kBytesOfARun + stored.run.abort_reason.size() + LabelBytes(stored.run.labels);
            },
            found));
        return found;
      }));
  return ValuesOf(std::move(page), &StoredRun::run);
}

}  // namespace flywheel::evalgate
