// Values of an evaluation suite: its cases, and how outputs are judged.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_SUITE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "shared/lists/list_filter.h"

namespace flywheel::evalgate {

// How a case's output is judged: a kind of the evaluators' library with its parameters.
struct EvaluatorSpec {
  // Unique in its suite.
  std::string evaluator_id;
  std::string kind;
  // Of the kind's definition, when the suite was made.
  int version = 0;
  // A JSON object; empty: every default.
  std::string parameters_json = {};
  // The score that it must reach.
  double threshold = 1;
  // It informs, and fails nothing.
  bool informative = false;

  friend bool operator==(const EvaluatorSpec&, const EvaluatorSpec&) = default;
};

// A call of a tool, expected or made.
struct ToolCall {
  std::string name;
  // A JSON object; empty means one without members.
  std::string arguments_json;
  // Of a call that is expected: each member is the list of the values that are right for it.
  bool any_of = false;
};

// What they take on the wire and in memory, about: an empty call is not free.
inline size_t BytesOf(const std::vector<ToolCall>& calls) {
  constexpr size_t kBytesOfACall = 32;
  size_t bytes = 0;
  for (const ToolCall& call : calls) {
    bytes += kBytesOfACall + call.name.size() + call.arguments_json.size();
  }
  return bytes;
}

// Of a name that cases share.
inline constexpr size_t kMostGroupBytes = 128;

// The cohort of the cases that have this label with this value.
inline std::string LabelCohortName(const std::string& name, const std::string& value) {
  return name + "=" + value;
}

// One case with what a right answer is.
struct SuiteCase {
  std::string case_id;
  std::string input;
  std::string ideal_output;
  // Not set: nobody said which calls would be right. Empty: none is.
  std::optional<std::vector<ToolCall>> expected_tool_calls;
  // Empty: the case belongs to the whole suite only.
  std::string cohort;
  // Prompt, tools and contexts as the contract encodes them; empty where the input is all.
  std::string question = {};
  // Each is as right as `ideal_output`, which is not empty where there are any.
  std::vector<std::string> other_ideals = {};
  // Cases of one group are not independent of one another. Empty: it stands alone.
  std::string group = {};
  // It must not fail.
  bool critical = false;
  Labels labels = {};
  // What its output in particular must show: see the evaluator "checks".
  std::vector<EvaluatorSpec> checks = {};
};

// What it takes on the wire and in memory, about: all of it, because one long text that is not
// counted makes a page that no message carries.
inline size_t BytesOf(const SuiteCase& one) {
  // Of the names and numbers around each.
  constexpr size_t kBytesOfAnIdeal = 8;
  constexpr size_t kBytesOfACheck = 32;
  size_t bytes = one.case_id.size() + one.input.size() + one.ideal_output.size() +
                 one.cohort.size() + one.question.size() + one.group.size() +
                 LabelBytes(one.labels);
  for (const std::string& ideal : one.other_ideals) bytes += kBytesOfAnIdeal + ideal.size();
  for (const EvaluatorSpec& check : one.checks) {
    bytes += kBytesOfACheck + check.evaluator_id.size() + check.kind.size() +
             check.parameters_json.size();
  }
  if (one.expected_tool_calls) bytes += BytesOf(*one.expected_tool_calls);
  return bytes;
}

// A dataset version's eval side with the agent that it is about.
struct EvalSide {
  std::string agent;
  std::vector<SuiteCase> rows;
  // How many rows of the version had been erased before.
  int64_t erased_rows = 0;
};

// A suite without its cases.
struct Suite {
  std::string suite_id;
  // Empty: its cases were uploaded.
  std::string dataset_version_id;
  // Whose versions it judges.
  std::string agent;
  // 1 to 10; a case passes that passes all but the informative ones.
  std::vector<EvaluatorSpec> evaluators;
  // Of which it was made.
  int64_t cases = 0;
  // See SuiteHash.
  std::string content_hash;
  absl::Time create_time;
  // Of `cases`, those that left since, with the people that they came from.
  int64_t erased_cases = 0;
  // The id of a key; empty where the server had none.
  std::string created_by = {};
  // Words of whoever made it.
  Labels labels = {};
  // Suites of an agent with one name are versions of one suite, numbered from 1.
  std::string suite_name = {};
  int64_t suite_version = 0;

  int64_t cases_left() const { return cases - erased_cases; }
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
