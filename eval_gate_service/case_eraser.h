// Background erasure of cases: whoever curation has erased leaves the suites too.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "eval_gate_service/outcome_cache.h"
#include "eval_gate_service/store/erasure_store.h"
#include "eval_gate_service/upstream/erasure_client.h"
#include "shared/rpc/background_loop.h"
#include "shared/rpc/metrics.h"
#include "shared/sql/database.h"

namespace flywheel::evalgate {

// Asks curation every second, on a thread of its own, what was erased, and keeps that in the
// transaction that moves the cursor. A suite that is being made then begins anew (SuiteCatalog), so
// only suites that are there can hold who was erased. Then, project by project, it compares the
// suites with what is left of their dataset versions and erases the other cases, then all outputs
// for them, in memory too; at last it empties the write-ahead log and reports. Each write takes 200
// cases or outputs, so that nobody waits long for the writer however many runs there are; where it
// is killed, it goes on with what it left. Verdicts stay: they hold figures, and no text of a case
// but names of cohorts. So do hashes of what left, by which what is left is verified.
//
// After any error it tries again, for ever, with pauses of up to 30 s; so it does where curation
// does not know a dataset version any more, whose suites cannot be compared. The erasures of that
// project wait then, and those of no other.
class CaseEraser {
 public:
  // All pointers outlive this object.
  CaseEraser(sql::Database* database, ErasureClient* client, OutcomeCache* outcomes,
             rpc::Metrics* metrics);
  CaseEraser(const CaseEraser&) = delete;
  CaseEraser& operator=(const CaseEraser&) = delete;
  ~CaseEraser() { Stop(); }

  // Begins with what an earlier run left to do.
  void Start() { loop_.Start(); }

  // Returns when the thread has ended, which is prompt. May be called again.
  void Stop();

 private:
  // The loop's step: one look at curation, and at what is to be reported.
  absl::StatusOr<absl::Duration> Look();
  // Keeps the next page of erasures. False where there was none.
  absl::StatusOr<bool> TakePage();
  // Both: the first error, after all were tried.
  absl::Status CompareProjects();
  absl::Status CompareProject(const std::string& project);
  // Removes what is left of suites that began before the last erasures and will not be completed.
  absl::Status RemoveOutdated(const std::string& project);
  // Both: the first error, after all were tried. Suites of one project; of one dataset version.
  absl::Status CompareSuites(std::vector<ComparedSuite> suites);
  absl::Status CompareVersion(std::vector<ComparedSuite> suites);
  absl::Status EraseMissing(const ComparedSuite& suite,
                            const absl::flat_hash_set<std::string>& remaining);
  // Erases the outputs of cases that have left the suite.
  absl::Status EraseOutputs(const ComparedSuite& suite);
  absl::Status ReportAll();

  sql::Database* const database_;
  ErasureClient* const client_;
  OutcomeCache* const outcomes_;
  // Last, so that its thread ends before what it uses.
  rpc::BackgroundLoop loop_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_ERASER_H_
