// Values of an evaluation suite: its cases, and the bar that they set.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

// How a case's output is judged. The numbers are stored.
enum class Evaluator { kExactMatch = 1, kToolSelection = 2 };

// A call of a tool, expected or made.
struct ToolCall {
  std::string name;
  // A JSON object; empty means one without members.
  std::string arguments_json;
};

// One case with what a right answer is.
struct SuiteCase {
  std::string case_id;
  std::string input;
  std::string ideal_output;
  std::vector<ToolCall> expected_tool_calls;
  // Empty: the case belongs to the whole suite only.
  std::string cohort;
  // Prompt, tools and contexts as rpc/ reads them; empty where the input is all. No evaluator looks
  // into it.
  std::string question = {};
};

// A row of a dataset's eval side, before an evaluator has said whether it can use it.
struct EvalRow {
  SuiteCase suite_case;
  // A person or the label review replaced the output: nobody said which tool calls would be right.
  bool corrected = false;
};

// A dataset version's eval side with the agent that it is about.
struct EvalSide {
  std::string agent;
  std::vector<EvalRow> rows;
  // How many rows of the version had been erased before.
  int64_t erased_rows = 0;
};

// The bar, with every default filled in.
struct SuitePolicy {
  Evaluator evaluator = Evaluator::kExactMatch;
  // The pass rate that every cohort must reach, at most 1; 0: none, the comparison with a baseline
  // decides. A floor of 1 blocks at the first failure and is never proven: no sample shows that
  // nothing can fail.
  double pass_rate_floor = 0.92;
  // Other floors for single cohorts.
  std::map<std::string, double> cohort_floors;
  // How much worse than the baseline a candidate may be as a whole, 0 to 1 in pass rate.
  double non_inferiority_margin = 0.03;
  // And in a cohort of at least so many cases.
  double cohort_margin = 0.10;
  int64_t cohort_margin_cases = 150;
  // The chance of a wrong PASS and of a wrong BLOCK of a version, above 0, at most 0.2.
  double alpha = 0.05;
  // A cohort with fewer cases has no finding of its own; at least 1.
  int64_t min_cohort_cases = 1;

  bool has_floors() const { return pass_rate_floor > 0 || !cohort_floors.empty(); }
};

// The lowest bar that the operator of the gate lets a suite set; the defaults let in all.
struct LeastBar {
  // No floor, of a cohort neither, may be below; 0 to 1.
  double pass_rate_floor = 0;
  // No suite may have fewer.
  int64_t cases = 1;
  // No margin may be above; 0 to 1.
  double non_inferiority_margin = 1;
  // Nor that of cohorts.
  double cohort_margin = 1;
};

// A suite without its cases.
struct Suite {
  std::string suite_id;
  std::string dataset_version_id;
  // Whose interactions the cases are.
  std::string agent;
  SuitePolicy policy;
  // Of which it was made.
  int64_t cases = 0;
  // See BarHash.
  std::string bar_hash;
  absl::Time create_time;
  // Of `cases`, those that left since, with the people that they came from.
  int64_t erased_cases = 0;
  // The id of a key; empty where the server had none.
  std::string created_by = {};
  // Words of whoever made it.
  Labels labels = {};
};

// Which suites to list.
struct SuiteFilter {
  ListFilter list;
  // Empty: of whatever dataset version.
  std::string dataset_version_id;

  bool Matches(const Suite& suite) const {
    return list.Matches(suite.create_time, suite.labels) &&
           (list.agent.empty() || suite.agent == list.agent) &&
           (dataset_version_id.empty() || suite.dataset_version_id == dataset_version_id);
  }
};

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_H_
