#include "eval_gate_service/verdict_evidence.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "eval_gate_service/domain/content_hash.h"
#include "eval_gate_service/domain/evidence_hash.h"
#include "eval_gate_service/domain/run_findings.h"
#include "eval_gate_service/domain/suite_cases.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

// Each cohort has findings of its own, and a verdict is one message.
absl::Status CheckCohorts(const Bar& bar, const Suite& suite,
                          const std::vector<JudgedCase>& cases) {
  if (bar.cohort_labels.empty()) return absl::OkStatus();
  absl::flat_hash_set<std::string_view> cohorts;
  for (const JudgedCase& one : cases) {
    if (!one.cohort.empty()) cohorts.insert(one.cohort);
    for (const std::string_view cohort : one.label_cohorts) {
      if (IsByLabel(bar, cohort)) cohorts.insert(cohort);
    }
    if (cohorts.size() <= kMostCohorts) continue;
    return errors::FailedPrecondition(
        Reason::kLimitExceeded, "suite", suite.suite_id,
        fmt::format("more than {} cohorts, with those of the labels {}", kMostCohorts,
                    fmt::join(bar.cohort_labels, ", ")),
        fmt::format("at most {}: name labels of fewer values (cohort_labels)", kMostCohorts));
  }
  return absl::OkStatus();
}

std::string HashOf(const Evidence& evidence) {
  std::vector<std::string> hashes;
  hashes.reserve(evidence.versions.size());
  for (const VersionOutcomes& one : evidence.versions) hashes.push_back(one.outcomes->hash);
  return EvidenceHash(hashes, evidence.versions.front().run.contamination);
}

}  // namespace

std::vector<JudgedVersion> ComparedVersions(const Evidence& evidence) {
  const std::vector<std::string> names = evidence.question.Versions();
  std::vector<JudgedVersion> compared;
  for (size_t i = 0; i < names.size(); ++i) {
    compared.push_back({names[i], evidence.versions[i + 1].outcomes->cases});
  }
  return compared;
}

absl::StatusOr<Verdict> DecideEvidence(const Evidence& evidence) {
  const Suite& suite = evidence.suite;
  const ReleaseQuestion& asked = evidence.question.asked;
  const Run& run = evidence.versions.front().run;
  Verdict verdict;
  verdict.evidence_hash = HashOf(evidence);
  RETURN_IF_ERROR(CheckCohorts(asked.bar, suite, evidence.versions.front().outcomes->cases));
  ASSIGN_OR_RETURN(VerdictDecision decided, DecideVerdict(AtLook(asked.bar, evidence.question.look),
                                                          evidence.versions.front().outcomes->cases,
                                                          ComparedVersions(evidence)));
  AddContamination(run.contamination, decided);
  AddUnfinishedRuns(evidence.unfinished, decided);
  verdict.suite_id = suite.suite_id;
  verdict.suite_name = suite.suite_name;
  verdict.suite_version = suite.suite_version;
  verdict.suite_cases = suite.cases;
  verdict.erased_cases = suite.erased_cases;
  verdict.agent = suite.agent;
  verdict.bar = asked.bar;
  verdict.bar_hash = BarHash(asked.bar, suite.content_hash);
  verdict.policy_version = evidence.question.policy_version;
  verdict.look = evidence.question.look;
  verdict.model_version = run.model_version;
  verdict.baseline_model_version = asked.baseline_model_version;
  verdict.reference_model_version = asked.reference_model_version;
  verdict.decision = decided.decision;
  verdict.findings = std::move(decided.findings);
  verdict.run_id = run.run_id;
  verdict.attempts_per_case = run.attempts_per_case;
  verdict.pass_all_of = std::move(decided.pass_all_of);
  verdict.pass_any_of = std::move(decided.pass_any_of);
  return verdict;
}

}  // namespace flywheel::evalgate
