#include "eval_gate_service/judged_question.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/domain/version_key.h"
#include "eval_gate_service/policy_lookup.h"
#include "eval_gate_service/store/policy_store.h"
#include "eval_gate_service/store/suite_store.h"
#include "eval_gate_service/store/verdict_store.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

std::string TimeText(absl::Time time) {
  return absl::FormatTime(absl::RFC3339_sec, time, absl::UTCTimeZone());
}

// The policy says all of it: nobody who is judged chooses.
absl::Status CheckRequest(const VerdictRequest& request, const ReleasePolicy& policy,
                          const ReleaseQuestion& asked) {
  if (request.bar) {
    return errors::InvalidArgument(
        "bar", "a bar", "nothing: the bar of this suite stands in " + PolicyName(policy));
  }
  const std::string& wanted = request.baseline_model_version;
  if (wanted.empty() || IsSameVersion(wanted, asked.baseline_model_version)) {
    return absl::OkStatus();
  }
  return errors::InvalidArgument(
      "baseline_model_version", fmt::format("'{}'", wanted),
      asked.baseline_model_version.empty()
          ? "nothing: no version of the agent was approved yet (ApproveBaseline)"
          : fmt::format("'{}', which {} compares with, or nothing", asked.baseline_model_version,
                        PolicyName(policy)));
}

// Which look at the version it is: how many versions of the suite it was judged on for this bar,
// whatever it was compared with, because the floors were asked about on each. To ask against a new
// baseline on the same cases is no further look: the floors say what they said, and the comparison
// is another question.
absl::StatusOr<int> NextLook(const std::vector<Verdict>& verdicts, const ReleasePolicy& policy,
                             const ReleaseQuestion& asked, const VerdictRequest& request,
                             const Suite& suite) {
  int look = 1;
  int same_question = 0;
  bool same_cases = false;
  for (const Verdict& earlier : verdicts) {
    if (earlier.suite_name != suite.suite_name || earlier.bar != asked.bar) continue;
    if (earlier.suite_id == suite.suite_id) {
      look = earlier.look;
      same_cases = true;
    } else if (!same_cases) {
      look = std::max(look, earlier.look + 1);
    }
    // What a key found that is no judge any more was a look, and stops nobody.
    if (!policy.Trusts(earlier.created_by) || !Answers(earlier, asked)) continue;
    ++same_question;
    const int64_t cases = earlier.cases_left();
    if (suite.cases_left() > cases) continue;
    return errors::FailedPrecondition(
        Reason::kAlreadyEnded, "model version", request.model_version,
        fmt::format("verdict '{}' on {} cases of suite '{}'", earlier.verdict_id, cases,
                    suite.suite_name),
        fmt::format("a version of the suite with more cases than that; this one has {}",
                    suite.cases_left()));
  }
  if (same_question < kMostLooks) return look;
  return errors::FailedPrecondition(
      Reason::kAlreadyEnded, "model version", request.model_version,
      fmt::format("{} verdicts on suite '{}'", same_question, suite.suite_name),
      fmt::format("at most {}: what they did not decide takes another version", kMostLooks));
}

// What others than the judges could have touched counts for nothing: its cases, and the outputs
// that came first, which stay.
absl::Status CheckUntouched(sql::Connection& connection, const rpc::Actor& actor,
                            const Suite& suite, const ReleasePolicy& policy) {
  if (policy.judges.empty() || actor.key_id.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::Time since,
                   PolicyStore(connection).GuardedSince(actor.project, policy, suite.suite_name));
  if (policy.IsJudge(suite.created_by) && suite.create_time >= since) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kOutdated, "suite", suite.suite_id,
      fmt::format("version {} of '{}', made by '{}' at {}", suite.suite_version, suite.suite_name,
                  suite.created_by, TimeText(suite.create_time)),
      fmt::format("one that was made by a key that {} names, after {}, when it began to: make the "
                  "suite again under another suite_id, with the same name",
                  PolicyName(policy), TimeText(since)));
}

absl::Status CheckNewest(sql::Connection& connection, const std::string& project,
                         const Suite& suite) {
  ASSIGN_OR_RETURN(const int64_t newest,
                   SuiteStore(connection).NewestVersion(project, suite.agent, suite.suite_name));
  if (suite.suite_version == newest) return absl::OkStatus();
  return errors::FailedPrecondition(
      Reason::kOutdated, "suite", suite.suite_id,
      fmt::format("version {} of '{}'", suite.suite_version, suite.suite_name),
      fmt::format("version {}, the newest: submit the outputs to that one", newest));
}

absl::StatusOr<JudgedQuestion> FindPolicyQuestion(sql::Connection& connection,
                                                  const rpc::Actor& actor,
                                                  const VerdictRequest& request, const Suite& suite,
                                                  const ReleasePolicy& policy, const Bar& bar) {
  RETURN_IF_ERROR(CheckJudge(actor, policy, suite.suite_name));
  ASSIGN_OR_RETURN(const Baselines baselines, FindBaselines(connection, actor.project, policy));
  JudgedQuestion question;
  question.policy_version = policy.policy_version;
  question.asked = QuestionTo(request.model_version, bar, baselines);
  RETURN_IF_ERROR(CheckRequest(request, policy, question.asked));
  RETURN_IF_ERROR(CheckNewest(connection, actor.project, suite));
  RETURN_IF_ERROR(CheckUntouched(connection, actor, suite, policy));
  ASSIGN_OR_RETURN(
      const std::vector<Verdict> verdicts,
      VerdictStore(connection).OfPolicies(actor.project, suite.agent, request.model_version));
  ASSIGN_OR_RETURN(question.look, NextLook(verdicts, policy, question.asked, request, suite));
  return question;
}

std::string NamesOf(const std::vector<EvaluatorSpec>& evaluators) {
  std::string names;
  for (const EvaluatorSpec& one : evaluators) {
    names += fmt::format("{}'{}'", names.empty() ? "" : ", ", one.evaluator_id);
  }
  return names;
}

absl::Status CheckDecidable(const JudgedQuestion& question, const Suite& suite) {
  const Bar& bar = question.asked.bar;
  if (suite.cases_left() < bar.least_cases) {
    return errors::NotEnoughData(fmt::format("cases of suite '{}'", suite.suite_id),
                                 fmt::format("{}", suite.cases_left()),
                                 fmt::format("at least {}, which the bar wants", bar.least_cases));
  }
  if (!bar.evaluators.empty() && bar.evaluators != suite.evaluators) {
    return errors::FailedPrecondition(
        Reason::kOutdated, "suite", suite.suite_id,
        fmt::format("evaluators {}", NamesOf(suite.evaluators)),
        fmt::format("{}, as the release policy says, with the same parameters and thresholds: make "
                    "a new version of the suite with them",
                    NamesOf(bar.evaluators)));
  }
  if (!question.Versions().empty() || bar.has_floors() || bar.point_floor > 0) {
    return absl::OkStatus();
  }
  return errors::InvalidArgument(
      "baseline_model_version", "nothing",
      question.policy_version > 0
          ? "an approved version to compare with (ApproveBaseline): the policy's bar has no floor, "
            "so nothing else decides"
          : "a version to compare with: the bar has no floor, so nothing else decides");
}

}  // namespace

std::vector<std::string> JudgedQuestion::Versions() const {
  std::vector<std::string> versions;
  for (const std::string& one : {asked.baseline_model_version, asked.reference_model_version}) {
    if (!one.empty()) versions.push_back(one);
  }
  return versions;
}

absl::StatusOr<JudgedQuestion> FindQuestion(sql::Connection& connection, const rpc::Actor& actor,
                                            const VerdictRequest& request, const Suite& suite) {
  ASSIGN_OR_RETURN(const std::optional<StoredPolicy> stored,
                   PolicyStore(connection).FindCurrent(actor.project, suite.agent));
  const SuiteRequirement* const required = stored ? stored->policy.Find(suite.suite_name) : nullptr;
  JudgedQuestion question;
  if (required != nullptr) {
    ASSIGN_OR_RETURN(question, FindPolicyQuestion(connection, actor, request, suite, stored->policy,
                                                  required->bar));
  } else {
    question.asked.bar = request.bar.value_or(Bar());
    question.asked.baseline_model_version = request.baseline_model_version;
  }
  RETURN_IF_ERROR(CheckDecidable(question, suite));
  return question;
}

}  // namespace flywheel::evalgate
