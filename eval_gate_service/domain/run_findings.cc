#include "eval_gate_service/domain/run_findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

void AddUnfinishedRuns(int64_t answering, VerdictDecision& decided) {
  if (answering == 0) return;
  Finding finding;
  finding.kind = FindingKind::kUnfinishedRuns;
  finding.cases = answering;
  finding.message = fmt::format(
      "{} other {} of this version on the suite answered cases and did not finish: what they "
      "answered does not count",
      answering, answering == 1 ? "run" : "runs");
  AddFinding(std::move(finding), decided);
}

void AddContamination(const Contamination& contamination, VerdictDecision& decided) {
  if (contamination.cases == 0) return;
  Finding finding;
  finding.kind = FindingKind::kContaminatedCases;
  finding.cases = contamination.cases;
  const auto named = static_cast<int64_t>(contamination.case_ids.size());
  finding.message = fmt::format(
      "the version may have been trained on {} cases of the suite ({}{}), by its lineage in "
      "curation; one that was not registered there before its run finished may have been trained "
      "on all. Make a version of the suite without them",
      contamination.cases, fmt::join(contamination.case_ids, ", "),
      contamination.cases > named ? ", ..." : "");
  AddFinding(std::move(finding), decided);
}

}  // namespace flywheel::evalgate
