#include "eval_gate_service/outputs_of_before.h"

#include <spdlog/spdlog.h>

#include <cstddef>
#include <cstdint>
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

// Judges the outputs of one run after another, each by the evaluators of its suite, which are made
// once a run.
class RunJudge {
 public:
  absl::StatusOr<OutputJudgement> Judge(sql::Connection& connection, const UnjudgedOutput& one) {
    RETURN_IF_ERROR(TurnTo(connection, one.set));
    // Of an evaluator that this program does not have any more nobody can say.
    if (!grader_) return OutputJudgement{CaseOutcome::kMissing};
    ASSIGN_OR_RETURN(
        const std::optional<SuiteCase> asked,
        SuiteStore(connection)
            .FindCase(one.set.project, suite_id_, one.output.case_id, grader_->needs_question()));
    // A case of which nothing is left leaves its outputs behind in no store; if one did, it counts
    // nowhere.
    if (!asked) return OutputJudgement{CaseOutcome::kMissing};
    return grader_->Judge(*asked, one.output);
  }

 private:
  absl::Status TurnTo(sql::Connection& connection, const OutputSet& set) {
    if (set.project == set_.project && set.run_id == set_.run_id) return absl::OkStatus();
    ASSIGN_OR_RETURN(const Run run, RunStore(connection).Get(set.project, set.run_id));
    ASSIGN_OR_RETURN(const StoredSuite stored,
                     SuiteStore(connection).Get(set.project, run.suite_id));
    set_ = set;
    suite_id_ = run.suite_id;
    grader_.reset();
    auto made = Grader::Make(stored.suite.evaluators);
    if (made.ok()) {
      grader_ = *std::move(made);
    } else {
      spdlog::warn("event=outputs_not_judged suite={} run={} {}", run.suite_id, set.run_id,
                   errors::MessageOf(made.status()));
    }
    return absl::OkStatus();
  }

  OutputSet set_;
  std::string suite_id_;
  std::optional<Grader> grader_;
};

}  // namespace

absl::Status JudgeOutputsOfBefore(sql::Database& database) {
  RunJudge judge;
  int64_t judged = 0;
  while (true) {
    std::vector<UnjudgedOutput> some;
    std::vector<OutputJudgement> judgements;
    // Nobody is served yet: what is read here is what is written to.
    RETURN_IF_ERROR(database.Read([&](sql::Connection& connection) -> absl::Status {
      ASSIGN_OR_RETURN(some, OutputStore(connection).FindUnjudged(kOutputsPerWrite));
      for (const UnjudgedOutput& one : some) {
        ASSIGN_OR_RETURN(const OutputJudgement judgement, judge.Judge(connection, one));
        judgements.push_back(judgement);
      }
      return absl::OkStatus();
    }));
    if (some.empty()) break;
    RETURN_IF_ERROR(database.Write([&](sql::Connection& connection) -> absl::Status {
      for (size_t i = 0; i < some.size(); ++i) {
        const CaseOutput& output = some[i].output;
        RETURN_IF_ERROR(
            OutputStore(connection)
                .SetJudgement(some[i].set, {output.case_id, output.attempt}, judgements[i]));
      }
      return absl::OkStatus();
    }));
    judged += static_cast<int64_t>(some.size());
  }
  if (judged > 0) spdlog::info("event=outputs_of_before_judged outputs={}", judged);
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
