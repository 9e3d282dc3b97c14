// Filter of case results: which ones are asked for.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_CASE_FILTER_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_CASE_FILTER_H_

#include <cstdint>
#include <string>

#include "eval_gate_service/case_result.h"
#include "shared/lists/list_filter.h"

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

// Whether it is of the query's cohort and labels, and what its filter lets through.
bool Matches(const CaseResult& result, const CaseResultQuery& query);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_CASE_FILTER_H_
