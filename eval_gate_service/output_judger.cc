#include "eval_gate_service/output_judger.h"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "eval_gate_service/grader.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kOutputsPerWrite = 200;

absl::StatusOr<OutputJudgement> JudgeOne(sql::Connection& connection, const UnjudgedOutput& one) {
  const std::string& project = one.set.project;
  ASSIGN_OR_RETURN(const Run run, RunStore(connection).Get(project, one.set.run_id));
  ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, run.suite_id));
  const auto made = Grader::Make(stored.suite.evaluators);
  if (!made.ok()) {
    // Of an evaluator that this program does not have any more: nobody can say.
    spdlog::warn("event=output_not_judged suite={} {}", run.suite_id,
                 errors::MessageOf(made.status()));
    return OutputJudgement{CaseOutcome::kMissing};
  }
  const Grader& grader = *made;
  ASSIGN_OR_RETURN(
      const std::optional<SuiteCase> asked,
      SuiteStore(connection)
          .FindCase(project, run.suite_id, one.output.case_id, grader.needs_question()));
  // A case of which nothing is left leaves its outputs behind in no store; if one did, it counts
  // nowhere.
  if (!asked) return OutputJudgement{CaseOutcome::kMissing};
  return grader.Judge(*asked, one.output);
}

}  // namespace

absl::Status JudgeOutputsOfBefore(sql::Database& database) {
  int64_t judged = 0;
  while (true) {
    bool more = false;
    RETURN_IF_ERROR(database.Write([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(const std::vector<UnjudgedOutput> some,
                       OutputStore(connection).FindUnjudged(kOutputsPerWrite));
      more = !some.empty();
      for (const UnjudgedOutput& one : some) {
        ASSIGN_OR_RETURN(const OutputJudgement judgement, JudgeOne(connection, one));
        RETURN_IF_ERROR(
            OutputStore(connection)
                .SetJudgement(one.set, {one.output.case_id, one.output.attempt}, judgement));
      }
      judged += static_cast<int64_t>(some.size());
      return absl::OkStatus();
    }));
    if (!more) break;
  }
  if (judged > 0) spdlog::info("event=outputs_of_before_judged outputs={}", judged);
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
