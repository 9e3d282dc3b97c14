// Forgets people.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_

#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "eval_gate_service/neighbour/erasure_client.h"
#include "eval_gate_service/store/erasure_store.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Asks curation every second, on a thread of its own, what was erased. Where something was, it
// compares the suites with what is left of their dataset versions and erases the other cases, with
// all outputs for them; then it empties the write-ahead log and reports. The cursor moves in a
// transaction that makes sure that no suite came in between, so a suite that is stored meanwhile is
// compared too; one that is being stored begins anew (SuiteCatalog). What is to be reported stands
// in the store. Verdicts stay: they hold figures, and no text of a case but names of cohorts.
//
// After any error it tries again, for ever, with pauses of up to 30 s; so it does where curation
// does not know a dataset version any more, whose suites cannot be compared.
class CaseEraser {
 public:
  // Starts. Both pointers outlive this object.
  CaseEraser(sql::Database* database, ErasureClient* client);
  CaseEraser(const CaseEraser&) = delete;
  CaseEraser& operator=(const CaseEraser&) = delete;
  ~CaseEraser() { Stop(); }

  // Returns when the thread has ended, which is prompt. May be called again.
  void Stop();

 private:
  // Project and id of suites.
  using Compared = std::set<std::pair<std::string, std::string>>;

  void Run();
  // One look at curation, and at what is to be reported.
  absl::Status Look();
  // Works through the next page of erasures. False where there was none.
  absl::StatusOr<bool> WorkThroughPage();
  // Compares the suites that are not in `compared`; the first error, after all were tried.
  absl::Status CompareSuites(Compared& compared);
  // Suites of one dataset version.
  absl::Status CompareVersion(std::vector<ComparedSuite> suites, Compared& compared);
  absl::Status EraseMissing(const ComparedSuite& suite,
                            const absl::flat_hash_set<std::string>& remaining);
  // Moves the cursor behind the page, unless a suite is there that is not in `compared`: false
  // then.
  absl::StatusOr<bool> Advance(const ErasurePage& page, const Compared& compared);
  absl::Status ReportAll();

  // False where the thread is to end.
  bool Pause(absl::Duration pause);
  // Logs how it goes where that has changed.
  void Note(const absl::Status& status);

  sql::Database* const database_;
  ErasureClient* const client_;
  // Of the last look; empty where that went well.
  std::string last_error_;
  absl::Mutex mutex_;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_
