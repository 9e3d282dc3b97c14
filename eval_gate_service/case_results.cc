#include "eval_gate_service/case_results.h"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "eval_gate_service/case_grading.h"
#include "eval_gate_service/case_outcomes.h"
#include "eval_gate_service/grader.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/seen_results.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/run_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/sql/read_bytes.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Some milliseconds of work.
constexpr int64_t kCasesPerRead = 200;
constexpr int64_t kOutputsPerRead = 400;
constexpr int64_t kMostCasesPerPage = 10'000;

// The outputs of a run, asked for by ascending case ids.
class OutputsInOrder {
 public:
  OutputsInOrder(sql::Connection& connection, const std::string& project, Run run,
                 std::string after_case_id)
      : connection_(connection),
        set_{project, run.run_id},
        run_(std::move(run)),
        // Behind all attempts at that case.
        last_{std::move(after_case_id), kMostAttemptsPerCase} {}

  absl::StatusOr<VersionResult> Take(const std::string& case_id) {
    VersionResult result;
    JudgedCase judged{.attempts = 0};
    for (int attempt = 1; attempt <= run_.attempts_per_case; ++attempt) {
      ASSIGN_OR_RETURN(std::optional<JudgedOutput> found, Find(case_id, attempt));
      AttemptResult& next = result.attempts.emplace_back();
      next.attempt = attempt;
      const OutputJudgement judgement = found ? found->judgement : OutputJudgement{};
      next.outcome = judgement.outcome;
      if (found) next.output = std::move(found->output);
      AddAttempt(judgement, /*failed_by=*/{}, judged);
    }
    result.outcome = judged.outcome;
    return result;
  }

 private:
  absl::StatusOr<std::optional<JudgedOutput>> Find(const std::string& case_id, int attempt) {
    while (true) {
      if (next_ == page_.size()) {
        if (at_end_) return std::nullopt;
        ASSIGN_OR_RETURN(page_, OutputStore(connection_).Page(set_, last_, kOutputsPerRead));
        next_ = 0;
        at_end_ = page_.empty();
        if (at_end_) return std::nullopt;
        last_ = {page_.back().output.case_id, page_.back().output.attempt};
      }
      const CaseOutput& next = page_[next_].output;
      const int order = next.case_id.compare(case_id);
      if (order > 0 || (order == 0 && next.attempt > attempt)) return std::nullopt;
      JudgedOutput taken = std::move(page_[next_++]);
      if (order == 0 && taken.output.attempt == attempt) return taken;
    }
  }

  sql::Connection& connection_;
  const OutputSet set_;
  const Run run_;
  OutputPlace last_;
  std::vector<JudgedOutput> page_;
  size_t next_ = 0;
  bool at_end_ = false;
};

// Where an answer to a query stands.
struct Page {
  CaseResultPage page;
  Grader grader;
};

absl::StatusOr<Run> FindAskedRun(sql::Connection& connection, const std::string& project,
                                 const CaseResultQuery& query) {
  if (!query.run_id.empty()) return RunStore(connection).Get(project, query.run_id);
  RETURN_IF_ERROR(SuiteStore(connection).Get(project, query.suite_id).status());
  return RunStore(connection).GetBest({project, query.suite_id, query.model_version});
}

absl::Status CheckMaySee(sql::Connection& connection, const rpc::Actor& actor,
                         const CaseResultQuery& query, const Suite& suite) {
  const std::string& project = actor.project;
  // Under another name the cases of a dataset version are those of the suite that counts: to see
  // what passes there is to know how to pass here.
  ASSIGN_OR_RETURN(const bool named, IsNamed(connection, project, IdentityOf(suite)));
  if (!named) RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(suite)));
  // What is missing of the version itself has to be known before it can be judged.
  if (query.filter != CaseFilter::kUnanswered) {
    RETURN_IF_ERROR(RequireSeen(connection, project, suite, query.model_version));
  }
  if (!query.baseline_model_version.empty()) {
    RETURN_IF_ERROR(RequireSeen(connection, project, suite, query.baseline_model_version));
  }
  if (!query.with_ideal) return absl::OkStatus();
  RETURN_IF_ERROR(RequireJudge(connection, actor, IdentityOf(suite)));
  ASSIGN_OR_RETURN(
      const bool judged,
      VerdictStore(connection).WasJudged(project, query.suite_id, query.model_version));
  if (judged) return absl::OkStatus();
  return errors::NotEnoughData(
      fmt::format("verdicts on model version '{}' and suite '{}'", query.model_version,
                  query.suite_id),
      "0", "at least 1: what would be right is shown of a version that was judged");
}

absl::Status ReadPage(sql::Connection& connection, const rpc::Actor& actor,
                      const CaseResultQuery& asked, const Deadline& deadline, Page& answer) {
  const std::string& project = actor.project;
  ASSIGN_OR_RETURN(Run run, FindAskedRun(connection, project, asked));
  CaseResultQuery query = asked;
  query.suite_id = run.suite_id;
  query.model_version = run.model_version;
  ASSIGN_OR_RETURN(const StoredSuite stored, SuiteStore(connection).Get(project, query.suite_id));
  ASSIGN_OR_RETURN(answer.grader, Grader::Make(stored.suite.evaluators));
  OutputsInOrder version(connection, project, std::move(run), query.after_case_id);
  std::optional<OutputsInOrder> baseline;
  if (!query.baseline_model_version.empty()) {
    ASSIGN_OR_RETURN(
        Run other,
        RunStore(connection).GetBest({project, query.suite_id, query.baseline_model_version}));
    baseline.emplace(connection, project, std::move(other), query.after_case_id);
  }
  RETURN_IF_ERROR(CheckMaySee(connection, actor, query, stored.suite));

  CaseResultPage& page = answer.page;
  std::string after = query.after_case_id;
  int64_t looked_at = 0;
  size_t bytes = 0;
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    ASSIGN_OR_RETURN(
        std::vector<SuiteCase> cases,
        SuiteStore(connection)
            .Cases(project, query.suite_id, after, kCasesPerRead, answer.grader.needs_question()));
    if (cases.empty()) return absl::OkStatus();
    for (SuiteCase& one : cases) {
      // Full with something behind it, rather than full: so the last page has no token.
      if (static_cast<int64_t>(page.results.size()) == query.page_size ||
          looked_at == kMostCasesPerPage || bytes > sql::kMaxReadBytes) {
        page.next_after_case_id = after;
        return absl::OkStatus();
      }
      ++looked_at;
      CaseResult result;
      after = one.case_id;
      result.suite_case = std::move(one);
      ASSIGN_OR_RETURN(result.version, version.Take(after));
      if (baseline) {
        ASSIGN_OR_RETURN(result.baseline, baseline->Take(after));
      }
      if (!Matches(result, query)) continue;
      bytes += BytesOf(result);
      page.results.push_back(std::move(result));
    }
  }
}

}  // namespace

absl::StatusOr<CaseResultPage> CaseResults::List(const rpc::Actor& actor,
                                                 const CaseResultQuery& query,
                                                 const Deadline& deadline) {
  Page answer;
  RETURN_IF_ERROR(database_->Read([&](sql::Connection& connection) {
    answer = {};
    return ReadPage(connection, actor, query, deadline, answer);
  }));
  RETURN_IF_ERROR(GradePage(query, answer.grader, deadline, answer.page));
  return std::move(answer.page);
}

}  // namespace flywheel::evalgate
