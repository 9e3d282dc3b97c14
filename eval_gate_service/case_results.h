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
#include "shared/sql/database.h"
#include "shared/time/deadline.h"

namespace flywheel::evalgate {

// The numbers are those of the wire.
enum class CaseFilter { kAll = 0, kFailed = 1, kRegressed = 2, kImproved = 3, kUnanswered = 4 };

// Which results to list.
struct CaseResultQuery {
  std::string suite_id;
  std::string model_version;
  // Empty: none.
  std::string baseline_model_version;
  CaseFilter filter = CaseFilter::kAll;
  // Empty: all.
  std::string cohort;
  // What would be right is for who has answered: only where the version was judged.
  bool with_ideal = false;
  // Only cases behind this one; empty: from the first.
  std::string after_case_id;
  int64_t page_size = 50;
};

// A case with what one or two versions answered.
struct CaseResult {
  SuiteCase suite_case;
  CaseOutcome outcome = CaseOutcome::kMissing;
  // Nothing where none came.
  std::optional<CaseOutput> output;
  // What every evaluator says of it; their explanations where the ideal was asked for, which they
  // may quote.
  std::vector<Grade> grades;
  // Nothing where no baseline was asked for.
  std::optional<CaseOutcome> baseline_outcome;
  std::optional<CaseOutput> baseline_output;
  std::vector<Grade> baseline_grades;
};

struct CaseResultPage {
  // By case id.
  std::vector<CaseResult> results;
  // The last case that was looked at, where there may be more behind it; empty at the end.
  std::string next_after_case_id;
};

// Evaluates stored outputs case by case. Thread-safe; the pointer outlives this object.
class CaseResults {
 public:
  explicit CaseResults(sql::Database* database) : database_(database) {}

  // NOT_FOUND for the suite, and where the version or the baseline submitted nothing to it;
  // NOT_ENOUGH_DATA for ideals without a verdict on the version and suite, and for what the policy
  // lets nobody see before the verdict. A page
  // ends when it has page_size results or some hundred kilobytes, or after 10,000 cases that the
  // filter leaves out.
  absl::StatusOr<CaseResultPage> List(const std::string& project, const CaseResultQuery& query,
                                      const Deadline& deadline);

 private:
  sql::Database* const database_;
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_RESULTS_H_
