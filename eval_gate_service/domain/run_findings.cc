#include "eval_gate_service/domain/run_findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

void AddUnfinishedRuns(const UnfinishedRuns& unfinished, VerdictDecision& decided) {
  if (unfinished.with_outputs == 0) return;
  Finding finding;
  finding.kind = FindingKind::kUnfinishedRuns;
  finding.cases = unfinished.with_outputs;
  finding.message = fmt::format(
      "{} other {} of this version on the suite took outputs and did not finish: what they "
      "answered does not count",
      unfinished.with_outputs, unfinished.with_outputs == 1 ? "run" : "runs");
  if (unfinished.infrastructure_errors > 0) {
    finding.message += fmt::format(". {} {} of the infrastructure came in all of its runs",
                                   unfinished.infrastructure_errors,
                                   unfinished.infrastructure_errors == 1 ? "error" : "errors");
  }
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
