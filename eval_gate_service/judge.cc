#include "eval_gate_service/judge.h"

#include <fmt/format.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/judgement.h"
#include "eval_gate_service/store/output_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr int64_t kAllCases = std::numeric_limits<int64_t>::max();

absl::StatusOr<Answers> ReadAnswers(sql::Connection& connection, const std::string& project,
                                    const std::string& suite_id, const std::string& model_version) {
  ASSIGN_OR_RETURN(Answers answers,
                   OutputStore::All(connection, {project, suite_id, model_version}));
  if (answers.empty()) {
    return errors::NotFound(
        fmt::format("outputs for suite '{}' of model version", suite_id), model_version,
        "Run the version on the cases of ReadSuiteCases and send SubmitOutputs first.");
  }
  return answers;
}

absl::StatusOr<std::optional<Answers>> ReadBaseline(sql::Connection& connection,
                                                    const std::string& project, const Suite& suite,
                                                    const std::string& model_version) {
  if (model_version.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(Answers answers,
                   ReadAnswers(connection, project, suite.suite_id, model_version));
  if (static_cast<int64_t>(answers.size()) < suite.cases) {
    return errors::NotEnoughData(
        fmt::format("outputs of the baseline '{}' for suite '{}'", model_version, suite.suite_id),
        std::to_string(answers.size()), fmt::format("all {}", suite.cases));
  }
  return answers;
}

absl::StatusOr<Verdict> JudgeNow(sql::Connection& connection, const std::string& project,
                                 const VerdictRequest& request, absl::Time now) {
  ASSIGN_OR_RETURN(const std::optional<StoredSuite> stored,
                   SuiteStore::Find(connection, project, request.suite_id));
  if (!stored)
    return errors::NotFound("suite", request.suite_id, "Make it with CreateSuite first.");
  const Suite& suite = stored->suite;
  ASSIGN_OR_RETURN(const Answers candidate,
                   ReadAnswers(connection, project, suite.suite_id, request.model_version));
  ASSIGN_OR_RETURN(const std::optional<Answers> baseline,
                   ReadBaseline(connection, project, suite, request.baseline_model_version));
  ASSIGN_OR_RETURN(
      const std::vector<SuiteCase> cases,
      SuiteStore::Cases(connection, project, suite.suite_id, /*after_case_id=*/"", kAllCases));
  ASSIGN_OR_RETURN(Judgement judgement,
                   JudgeAnswers(suite.policy, cases, candidate, baseline ? &*baseline : nullptr));
  return Verdict{request.verdict_id,
                 suite.suite_id,
                 suite.bar_hash,
                 request.model_version,
                 request.baseline_model_version,
                 judgement.decision,
                 std::move(judgement.findings),
                 now};
}

}  // namespace

absl::StatusOr<GivenVerdict> Judge::Give(const std::string& project,
                                         const VerdictRequest& request) {
  const std::string hash =
      VerdictRequestHash(request.suite_id, request.model_version, request.baseline_model_version);
  const absl::Time now = clock_->Now();
  GivenVerdict given;
  RETURN_IF_ERROR(database_->Write([&](sql::Connection& connection) -> absl::Status {
    ASSIGN_OR_RETURN(std::optional<StoredVerdict> earlier,
                     VerdictStore::Find(connection, project, request.verdict_id));
    if (earlier) {
      if (earlier->request_hash != hash) {
        return errors::AlreadyExistsWithOtherContent("verdict", request.verdict_id);
      }
      given = {std::move(earlier->verdict), /*replayed=*/true};
      return absl::OkStatus();
    }
    ASSIGN_OR_RETURN(given.verdict, JudgeNow(connection, project, request, now));
    return VerdictStore::Insert(connection, project, {given.verdict, /*sequence=*/0, hash});
  }));
  return given;
}

}  // namespace flywheel::evalgate
