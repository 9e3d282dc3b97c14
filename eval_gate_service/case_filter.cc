#include "eval_gate_service/case_filter.h"

#include <algorithm>
#include <cstdint>

namespace flywheel::evalgate {
namespace {

bool HasUnanswered(const VersionResult& result) {
  return std::any_of(result.attempts.begin(), result.attempts.end(),
                     [](const AttemptResult& one) { return IsUnanswered(one.outcome); });
}

// Compares the shares of attempts that passed, without a division: below 0, 0 or above 0.
int64_t ComparePassed(const VersionResult& a, const VersionResult& b) {
  return a.passed() * static_cast<int64_t>(b.attempts.size()) -
         b.passed() * static_cast<int64_t>(a.attempts.size());
}

bool IsInCohort(const SuiteCase& one, const std::string& cohort) {
  return one.cohort == cohort ||
         std::any_of(one.labels.begin(), one.labels.end(), [&](const auto& label) {
           return LabelCohortName(label.first, label.second) == cohort;
         });
}

bool HasLabels(const SuiteCase& one, const Labels& labels) {
  return std::all_of(labels.begin(), labels.end(), [&](const auto& wanted) {
    const auto label = one.labels.find(wanted.first);
    return label != one.labels.end() && label->second == wanted.second;
  });
}

bool HasErrored(const VersionResult& result) {
  return std::any_of(result.attempts.begin(), result.attempts.end(),
                     [](const AttemptResult& one) { return one.outcome == CaseOutcome::kErrored; });
}

}  // namespace

bool Matches(const CaseResult& result, const CaseResultQuery& query) {
  if (!query.cohort.empty() && !IsInCohort(result.suite_case, query.cohort)) return false;
  if (!HasLabels(result.suite_case, query.labels)) return false;
  const VersionResult& version = result.version;
  switch (query.filter) {
    case CaseFilter::kAll:
      return true;
    case CaseFilter::kFailed:
      return version.outcome != CaseOutcome::kPassed;
    case CaseFilter::kRegressed:
      return result.baseline && ComparePassed(version, *result.baseline) < 0;
    case CaseFilter::kImproved:
      return result.baseline && ComparePassed(version, *result.baseline) > 0;
    case CaseFilter::kUnanswered:
      return HasUnanswered(version);
    case CaseFilter::kErrored:
      return HasErrored(version);
    case CaseFilter::kFlaky:
      return version.passed() > 0 &&
             version.passed() < static_cast<int64_t>(version.attempts.size());
  }
  return false;
}

}  // namespace flywheel::evalgate
