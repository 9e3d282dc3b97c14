// Use case ListCaseResults: says which cases a version failed, beside another one where asked.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/case_outcome.h"
#include "eval_gate_service/domain/case_output.h"
#include "eval_gate_service/domain/suite.h"
#include "eval_gate_service/grader.h"
#include "shared/rpc/actor.h"
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// The numbers are those of the wire.
enum class CaseFilter {
  kAll = 0,
  kFailed = 1,
  kRegressed = 2,
  kImproved = 3,
  kUnanswered = 4,
  kFlaky = 5,
  kErrored = 6,
};

// Which results to list.
struct CaseResultQuery {
  // Of this run, which says suite and version; empty: of the one that counts.
  std::string run_id;
  std::string suite_id;
  std::string model_version;
  // Empty: none.
  std::string baseline_model_version;
  CaseFilter filter = CaseFilter::kAll;
  // Empty: all. Of the case, or by one of its labels (LabelCohortName).
  std::string cohort;
  // All of which a case must have.
  Labels labels;
  // What would be right is for who has answered: only where the version was judged.
  bool with_ideal = false;
  // Only cases behind this one; empty: from the first.
  std::string after_case_id;
  int64_t page_size = 50;
};

// What one version answered in one attempt.
struct AttemptResult {
  int attempt = 1;
  CaseOutcome outcome = CaseOutcome::kMissing;
  // Nothing where none came, or all of a result's outputs would not fit in a message.
  std::optional<CaseOutput> output;
  // What every evaluator says of it; their explanations where the ideal was asked for, which they
  // may quote.
  std::vector<Grade> grades;
};

// What one version answered to a case.
struct VersionResult {
  // kPassed where every attempt passed, else that of the first that did not.
  CaseOutcome outcome = CaseOutcome::kMissing;
  std::vector<AttemptResult> attempts;

  int64_t passed() const;
};

// A case with what one or two versions answered.
struct CaseResult {
  SuiteCase suite_case;
  VersionResult version;
  // Nothing where no baseline was asked for.
  std::optional<VersionResult> baseline;
};

struct CaseResultPage {
  // By case id.
  std::vector<CaseResult> results;
  // The last case that was looked at, where there may be more behind it; empty at the end.
  std::string next_after_case_id;
};

// Reads what became of outputs case by case, and says why. Thread-safe; the pointer outlives this
// object.
class CaseResults {
 public:
  explicit CaseResults(sql::Database* database) : database_(database) {}

  // Of the run that is asked for, else of the finished run of each version, else of its newest that
  // goes on. NOT_FOUND for the run or the suite,
  // and where the version or the baseline has no run on it; NOT_ENOUGH_DATA for ideals without a
  // verdict on the version and suite, and for what the policy lets nobody see before the verdict;
  // PERMISSION_DENIED for ideals where the policy names other keys. A
  // page ends when it has page_size results or 1 MiB, or after 10,000 cases that the filter leaves
  // out.
  absl::StatusOr<CaseResultPage> List(const rpc::Actor& actor, const CaseResultQuery& query,
                                      const Deadline& deadline);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_
