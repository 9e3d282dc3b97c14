#include "cli/owner_hints.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <utility>

#include "cli/gate_run/gate_client.h"
#include "cli/gate_run/run_lookup.h"
#include "cli/gate_run/suite_lookup.h"
#include "cli/known_names.h"
#include "shared/text/name_key.h"
#include "shared/text/printable.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::EvaluatorSpec;
using evalgate::v1::Suite;
using EvaluatorSpecs = google::protobuf::RepeatedPtrField<EvaluatorSpec>;

void Warn(const std::string& what) {
  std::fprintf(stderr, "warning: %s\n", Printable(what).c_str());
}

// What is known of an agent.
struct KnownAgent {
  std::string agent;
  // The newest version of each, by name.
  std::map<std::string, Suite> suites;
  // That answered one of them.
  std::vector<std::string> versions;
};

// Says it where the agent has no suites: then the agent itself may be the typing error.
absl::StatusOr<KnownAgent> Know(const GateClient& client, const std::string& agent) {
  KnownAgent known;
  known.agent = agent;
  RETURN_IF_ERROR(ForEachSuite(client, agent, [&known](const Suite& one) {
    known.suites.try_emplace(one.suite_name(), one);
    return true;
  }));
  if (known.suites.empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> agents, AgentsWithSuites(client));
    Warn(fmt::format("agent '{}' has no suite yet. {}", agent,
                     WhatThereIs("agents with suites", agent, agents)));
    return known;
  }
  evalgate::v1::ListRunsRequest runs;
  runs.set_agent(agent);
  ASSIGN_OR_RETURN(known.versions, VersionsWithRuns(client, runs));
  return known;
}

void WarnOfRuns(const KnownAgent& known, const std::string& version) {
  if (version.empty() || known.suites.empty()) return;
  const bool ran =
      std::any_of(known.versions.begin(), known.versions.end(),
                  [&](const std::string& one) { return NameKey(one) == NameKey(version); });
  if (ran) return;
  Warn(fmt::format(
      "version '{}' answered no suite of agent '{}' yet, so nothing is known of it and "
      "nothing can be compared with it. {}",
      version, known.agent, WhatThereIs("versions with answers", version, known.versions)));
}

absl::Status WarnOfCohorts(const GateClient& client, const Suite& suite,
                           const evalgate::v1::Bar& bar) {
  if (bar.cohort_floors().empty() && bar.cohort_labels().empty()) return absl::OkStatus();
  std::set<std::string> cohorts, labels;
  RETURN_IF_ERROR(client.ReadCases(suite.suite_id(), [&](const evalgate::v1::SuiteCase& one) {
    if (!one.cohort().empty()) cohorts.insert(one.cohort());
    for (const auto& [name, value] : one.labels()) labels.insert(name);
    for (const std::string& name : bar.cohort_labels()) {
      const auto label = one.labels().find(name);
      if (label != one.labels().end()) cohorts.insert(name + "=" + label->second);
    }
  }));
  for (const std::string& name : bar.cohort_labels()) {
    if (labels.contains(name)) continue;
    Warn(fmt::format("no case of version {} of suite '{}' has the label '{}'. {}",
                     suite.suite_version(), suite.suite_name(), name,
                     WhatThereIs("labels", name, {labels.begin(), labels.end()})));
  }
  for (const auto& [cohort, floor] : bar.cohort_floors()) {
    if (cohorts.contains(cohort)) continue;
    Warn(
        fmt::format("version {} of suite '{}' has no cohort '{}', and nothing is a PASS while "
                    "the policy wants a floor of it. {}",
                    suite.suite_version(), suite.suite_name(), cohort,
                    WhatThereIs("cohorts", cohort, {cohorts.begin(), cohorts.end()})));
  }
  return absl::OkStatus();
}

std::string KindsText(const EvaluatorSpecs& specs) {
  std::set<std::string> kinds;
  for (const EvaluatorSpec& one : specs) kinds.insert(one.kind());
  return fmt::format("{}", fmt::join(kinds, ", "));
}

void WarnOfEvaluators(const Suite& suite, const evalgate::v1::Bar& bar) {
  if (bar.evaluators().empty()) return;
  const std::string wanted = KindsText(bar.evaluators()), got = KindsText(suite.evaluators());
  if (wanted == got) return;
  Warn(
      fmt::format("version {} of suite '{}' is judged by {}, and the policy wants {}: a version of "
                  "it that is judged by these has to be made before any counts",
                  suite.suite_version(), suite.suite_name(), got, wanted));
}

absl::Status TellOfPolicy(const GatePolicyTarget& place,
                          const evalgate::v1::ReleasePolicy& policy) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(place.target, place.project));
  ASSIGN_OR_RETURN(const KnownAgent known, Know(client, policy.agent()));
  if (known.suites.empty()) return absl::OkStatus();
  std::vector<std::string> names;
  for (const auto& [name, suite] : known.suites) names.push_back(name);
  for (const evalgate::v1::SuiteRequirement& one : policy.suites()) {
    const auto suite = known.suites.find(one.suite_name());
    if (suite == known.suites.end()) {
      Warn(fmt::format(
          "agent '{}' has no suite '{}' yet, and no version ships before one is made "
          "and judged. {}",
          policy.agent(), one.suite_name(), WhatThereIs("suites", one.suite_name(), names)));
      continue;
    }
    WarnOfEvaluators(suite->second, one.bar());
    RETURN_IF_ERROR(WarnOfCohorts(client, suite->second, one.bar()));
  }
  WarnOfRuns(known, policy.baseline_model_version());
  WarnOfRuns(known, policy.reference_model_version());
  return absl::OkStatus();
}

absl::Status TellOfVersion(const GatePolicyTarget& place, const std::string& agent,
                           const std::string& model_version) {
  ASSIGN_OR_RETURN(const GateClient client, GateClient::Open(place.target, place.project));
  ASSIGN_OR_RETURN(const KnownAgent known, Know(client, agent));
  WarnOfRuns(known, model_version);
  return absl::OkStatus();
}

absl::Status TellOfWaivedSuites(const GatePolicyTarget& place,
                                const evalgate::v1::VerdictWaiver& waiver) {
  evalgate::v1::GetReleasePolicyRequest request;
  request.set_agent(waiver.agent());
  ASSIGN_OR_RETURN(
      const auto response,
      CallGatePolicy(place, &evalgate::v1::ReleasePolicyService::Stub::GetReleasePolicy, request));
  std::vector<std::string> names;
  for (const evalgate::v1::SuiteRequirement& one : response.policy().suites()) {
    names.push_back(one.suite_name());
  }
  for (const std::string& name : waiver.suite_names()) {
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    Warn(
        fmt::format("release policy {} of agent '{}' names no suite '{}', so the waiver covers "
                    "nothing there. {}",
                    response.policy().policy_version(), waiver.agent(), name,
                    WhatThereIs("suites of the policy", name, names)));
  }
  return absl::OkStatus();
}

}  // namespace

// What was said is done: where the gate does not tell what it knows, there is nothing to add.

void WarnOfPolicy(const GatePolicyTarget& place, const evalgate::v1::ReleasePolicy& policy) {
  TellOfPolicy(place, policy).IgnoreError();
}

void WarnOfVersion(const GatePolicyTarget& place, const std::string& agent,
                   const std::string& model_version) {
  TellOfVersion(place, agent, model_version).IgnoreError();
}

void WarnOfWaiver(const GatePolicyTarget& place, const evalgate::v1::VerdictWaiver& waiver) {
  TellOfVersion(place, waiver.agent(), waiver.model_version()).IgnoreError();
  TellOfWaivedSuites(place, waiver).IgnoreError();
}

}  // namespace flywheel::cli
