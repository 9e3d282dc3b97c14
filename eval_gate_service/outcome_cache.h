// Outcome cache: what became of cases in finished runs, in memory, for the verdicts that come next.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_OUTCOME_CACHE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_OUTCOME_CACHE_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/domain/run.h"
#include "eval_gate_service/domain/suite.h"
#include "shared/sql/connection.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// To read a hundred thousand cases from the store takes twenty times as long as to decide on them,
// and the same baseline is read for every candidate. A finished run changes by erasure alone, which
// the suite counts in the same transaction: what is held is given for a suite with this count, so
// it is never staler than the snapshot that asks. No other process changes the store. Holds at most
// so many bytes, the least recently used leave first, and no text but the names of cohorts and
// groups. Thread-safe.
class OutcomeCache {
 public:
  // Some 130 bytes and its names a case of a suite, and 100 a case of a run: of 100,000 cases with
  // groups of their own, their suite and three runs.
  static constexpr size_t kMostBytes = size_t{64} << 20;

  explicit OutcomeCache(size_t most_bytes = kMostBytes) : most_bytes_(most_bytes) {}

  // Taken before the snapshot in which Find reads: what was erased meanwhile is not kept.
  int64_t erasures() const;

  // What became of the cases of `suite` in `run`, which is finished; both are of the snapshot that
  // `connection` sees. Read where it is not held, and then kept. The errors of ReadOutline and
  // ReadOutcomes.
  absl::StatusOr<std::shared_ptr<const RunOutcomes>> Find(sql::Connection& connection,
                                                          const std::string& project,
                                                          const Suite& suite, const Run& run,
                                                          int64_t erasures,
                                                          const Deadline& deadline);

  // After cases of a suite were erased: what is held of them leaves.
  void Forget(const std::string& project, const std::string& suite_id);

 private:
  // A suite has its outline, and a run of it its outcomes too.
  struct Entry {
    std::string key;
    std::shared_ptr<const SuiteOutline> outline;
    std::shared_ptr<const RunOutcomes> outcomes;
    size_t bytes = 0;
  };
  using Entries = std::list<Entry>;

  // Null where nothing is held, or of another count of erased cases.
  const Entry* Use(const std::string& key, int64_t erased_cases)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Put(Entry entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Remove(Entries::iterator entry) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t most_bytes_;
  mutable absl::Mutex mutex_;
  int64_t erasures_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // The last used first. A suite is used whenever one of its runs is, and after it, so that runs
  // leave before the suite that they point into.
  Entries entries_ ABSL_GUARDED_BY(mutex_);
  // Keys are views of the entries'.
  absl::flat_hash_map<std::string_view, Entries::iterator> places_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_OUTCOME_CACHE_H_
