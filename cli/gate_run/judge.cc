#include "cli/gate_run/judge.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "cli/gate_run/run_ids.h"
#include "cli/gate_run/run_lookup.h"
#include "flywheel/evalgate/v1/release_policy_service.grpc.pb.h"
#include "shared/status/errors.h"
#include "shared/text/name_key.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::Verdict;
using Gate = GateClient::Gate;

// A large suite takes seconds, and waits for whoever is judged before it.
constexpr absl::Duration kJudgeTimeout = absl::Minutes(5);

absl::StatusOr<Verdict> GetVerdict(const GateClient& client, const std::string& verdict_id) {
  evalgate::v1::GetVerdictRequest request;
  request.set_verdict_id(verdict_id);
  ASSIGN_OR_RETURN(auto response, client.Call(&Gate::GetVerdict, request));
  return std::move(*response.mutable_verdict());
}

// How the agent's policy stands to the suite.
absl::StatusOr<evalgate::v1::GetShipDecisionResponse> AskPolicy(const GateClient& client,
                                                                const JudgeWish& wish) {
  evalgate::v1::GetShipDecisionRequest request;
  request.set_model_version(wish.model_version);
  request.set_agent(wish.suite.agent());
  return client.Call(&Gate::GetShipDecision, request);
}

const evalgate::v1::SuiteStanding* StandingOf(const evalgate::v1::GetShipDecisionResponse& response,
                                              const std::string& suite_name) {
  for (const evalgate::v1::SuiteStanding& one : response.suites()) {
    if (one.suite_name() == suite_name) return &one;
  }
  return nullptr;
}

// What has to be judged anew is unspecified; a verdict on an older version of the suite says
// nothing about this one.
bool Counts(const evalgate::v1::SuiteStanding& standing, const evalgate::v1::Suite& suite) {
  return standing.has_verdict() && standing.verdict().suite_id() == suite.suite_id() &&
         standing.decision() != evalgate::v1::DECISION_UNSPECIFIED;
}

// A policy asks another question than an exploration, and a later one another than an earlier.
std::string QuestionId(const JudgeWish& wish, const evalgate::v1::GetShipDecisionResponse& asked,
                       bool by_policy) {
  std::vector<std::string> parts = {wish.suite.suite_id(), wish.model_version};
  if (by_policy) {
    parts.insert(parts.end(), {fmt::format("policy {}", asked.policy_version()),
                               asked.baseline_model_version(), asked.reference_model_version()});
  } else {
    parts.insert(parts.end(), {wish.baseline, wish.bar ? wish.bar->SerializeAsString() : ""});
  }
  return StableId("verdict", wish.model_version, parts);
}

// The verdict that was given to the question, else the id that it is to get.
struct Answered {
  std::optional<Verdict> verdict;
  std::string verdict_id;
};

absl::StatusOr<Answered> FindAnswered(const GateClient& client, const JudgeWish& wish) {
  ASSIGN_OR_RETURN(const auto asked, AskPolicy(client, wish));
  const auto* const standing = StandingOf(asked, wish.suite.suite_name());
  Answered answered;
  const bool counts = standing != nullptr && Counts(*standing, wish.suite);
  answered.verdict_id = counts ? standing->verdict().verdict_id()
                               : QuestionId(wish, asked, /*by_policy=*/standing != nullptr);
  auto verdict = GetVerdict(client, answered.verdict_id);
  if (verdict.ok()) {
    answered.verdict = *std::move(verdict);
  } else if (errors::ReasonOf(verdict.status()) != Reason::kNotFound) {
    return verdict.status();
  }
  return answered;
}

}  // namespace

absl::Status CheckWish(const GateClient& client, const JudgeWish& wish) {
  if (wish.baseline.empty() && !wish.bar) return absl::OkStatus();
  ASSIGN_OR_RETURN(const auto asked, AskPolicy(client, wish));
  if (StandingOf(asked, wish.suite.suite_name()) == nullptr) return absl::OkStatus();
  if (wish.bar) {
    return absl::InvalidArgumentError(
        fmt::format("The release policy of agent '{}' names suite '{}' and says its bar: leave out "
                    "--floor and the other flags of the bar.",
                    wish.suite.agent(), wish.suite.suite_name()));
  }
  if (wish.baseline == asked.baseline_model_version()) return absl::OkStatus();
  return absl::InvalidArgumentError(fmt::format(
      "The release policy of agent '{}' compares with '{}', got --baseline '{}': leave it "
      "out.",
      wish.suite.agent(), asked.baseline_model_version(), wish.baseline));
}

absl::StatusOr<std::string> WhyNotJudged(const GateClient& client, const JudgeWish& wish) {
  ASSIGN_OR_RETURN(const auto asked, AskPolicy(client, wish));
  const bool by_policy = StandingOf(asked, wish.suite.suite_name()) != nullptr;
  const std::string& baseline = by_policy ? asked.baseline_model_version() : wish.baseline;
  const std::string& reference = by_policy ? asked.reference_model_version() : baseline;
  for (const std::string* const version : {&baseline, &reference}) {
    // What serves is compared with nothing where it is judged itself.
    const bool same = NameKey(*version) == NameKey(wish.model_version);
    if (version->empty() || same) continue;
    ASSIGN_OR_RETURN(std::string why, WhyNotCompared(client, wish.suite, *version));
    if (!why.empty()) return why;
  }
  return std::string();
}

absl::StatusOr<int> LeastAttempts(const GateClient& client, const JudgeWish& wish) {
  evalgate::v1::GetReleasePolicyRequest request;
  request.set_agent(wish.suite.agent());
  const auto response =
      client.Call(&evalgate::v1::ReleasePolicyService::Stub::GetReleasePolicy, request);
  const bool no_policy = errors::ReasonOf(response.status()) == Reason::kNotFound;
  if (!response.ok() && !no_policy) return response.status();
  int least = wish.bar ? wish.bar->least_attempts() : 0;
  if (response.ok()) {
    for (const evalgate::v1::SuiteRequirement& one : response->policy().suites()) {
      if (one.suite_name() == wish.suite.suite_name()) least = one.bar().least_attempts();
    }
  }
  return std::max(least, 1);
}

absl::StatusOr<Verdict> Judge(const GateClient& client, const JudgeWish& wish) {
  std::string verdict_id = wish.verdict_id;
  if (verdict_id.empty()) {
    ASSIGN_OR_RETURN(Answered answered, FindAnswered(client, wish));
    if (answered.verdict) return *std::move(answered.verdict);
    verdict_id = std::move(answered.verdict_id);
  }
  evalgate::v1::JudgeVersionRequest request;
  request.set_verdict_id(verdict_id);
  request.set_suite_id(wish.suite.suite_id());
  request.set_model_version(wish.model_version);
  request.set_baseline_model_version(wish.baseline);
  *request.mutable_labels() = wish.labels;
  if (wish.bar) *request.mutable_bar() = *wish.bar;
  auto response = client.Call(&Gate::JudgeVersion, request, kJudgeTimeout);
  if (response.ok()) return std::move(*response->mutable_verdict());
  if (wish.verdict_id.empty() && errors::ReasonOf(response.status()) != Reason::kNotFound) {
    // Another job may have asked the same meanwhile.
    ASSIGN_OR_RETURN(Answered answered, FindAnswered(client, wish));
    if (answered.verdict) return *std::move(answered.verdict);
  }
  return response.status();
}

bool SaysNotJudged(const absl::Status& status) {
  switch (errors::ReasonOf(status)) {
    case Reason::kNotFound:
    case Reason::kNotEnoughData:
    case Reason::kOutdated:
    case Reason::kAlreadyEnded:
      return true;
    default:
      return false;
  }
}

}  // namespace flywheel::cli
