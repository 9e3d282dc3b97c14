#include "curation_service/store/eval_inputs.h"

#include "shared/status/status_macros.h"

namespace flywheel::curation {
namespace {

constexpr int kInputsPerCheck = 10'000;

}  // namespace

absl::StatusOr<std::vector<EvalInput>> ReadEvalInputs(sql::Connection& connection,
                                                      const std::string& project,
                                                      const Deadline& deadline) {
  // The rows of an interaction have one input, in whatever version. 2 is Split::kEval, as the index
  // has it.
  sql::Statement select = connection.Prepare(R"sql(
      SELECT interaction_id, input FROM dataset_rows
      WHERE project = ? AND split = 2 AND erased = 0 GROUP BY interaction_id)sql");
  select.Bind(project);
  PeriodicCheck check(deadline, kInputsPerCheck);
  std::vector<EvalInput> inputs;
  while (select.Next()) {
    RETURN_IF_ERROR(check.Step());
    inputs.push_back({select.Text(0), select.Text(1)});
  }
  RETURN_IF_ERROR(select.status());
  return inputs;
}

}  // namespace flywheel::curation
