#include "cli/gate_run/cohort_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "cli/table.h"

namespace flywheel::cli {
namespace {

using evalgate::v1::Finding;
using evalgate::v1::Verdict;

bool IsOfAFloor(const Finding& finding) {
  switch (finding.kind()) {
    case evalgate::v1::FINDING_KIND_COHORT_AT_FLOOR:
    case evalgate::v1::FINDING_KIND_COHORT_BELOW_FLOOR:
    case evalgate::v1::FINDING_KIND_COHORT_UNDECIDED:
    case evalgate::v1::FINDING_KIND_COHORT_TOO_SMALL:
      return true;
    default:
      return false;
  }
}

bool IsComparison(const Finding& finding) {
  switch (finding.kind()) {
    case evalgate::v1::FINDING_KIND_WORSE_THAN_BASELINE:
    case evalgate::v1::FINDING_KIND_NOT_WORSE_THAN_BASELINE:
    case evalgate::v1::FINDING_KIND_BASELINE_UNDECIDED:
    case evalgate::v1::FINDING_KIND_BASELINE_COHORT_TOO_SMALL:
      return true;
    default:
      return false;
  }
}

bool IsOfAPointFloor(const Finding& finding) {
  return finding.kind() == evalgate::v1::FINDING_KIND_BELOW_POINT_FLOOR ||
         finding.kind() == evalgate::v1::FINDING_KIND_AT_POINT_FLOOR;
}

bool HasARow(const Finding& finding) {
  return IsOfAFloor(finding) || IsOfAPointFloor(finding) || IsComparison(finding);
}

void AddFinding(const Finding& finding, const Verdict& verdict, CohortRow& row) {
  row.says = std::min(row.says, SaysOf(finding));
  if (finding.cases() > row.cases) {
    row.cases = finding.cases();
    row.passed = finding.passed();
  }
  // It has no bounds.
  if (IsOfAPointFloor(finding)) return;
  if (IsOfAFloor(finding)) {
    row.floor = &finding;
  } else if (finding.baseline_model_version() == verdict.baseline_model_version() ||
             verdict.reference_model_version().empty()) {
    row.baseline = &finding;
  } else {
    row.reference = &finding;
  }
}

// Behind a bar that so few cases cannot show.
const char* TooSmallText(const Finding& finding) {
  return SaysOf(finding) == CohortSays::kTooSmall ? " too small" : "";
}

std::string ComparedCell(const Finding* finding) {
  if (finding == nullptr) return "-";
  return fmt::format("{:+.3f} ({:+.3f} to {:+.3f}, bar {:+.3f}){}", finding->estimate(),
                     finding->lower(), finding->upper(), finding->bar(), TooSmallText(*finding));
}

}  // namespace

CohortSays SaysOf(const Finding& finding) {
  switch (finding.kind()) {
    case evalgate::v1::FINDING_KIND_COHORT_BELOW_FLOOR:
    case evalgate::v1::FINDING_KIND_WORSE_THAN_BASELINE:
    case evalgate::v1::FINDING_KIND_BELOW_POINT_FLOOR:
    case evalgate::v1::FINDING_KIND_CRITICAL_CASES_FAILED:
    case evalgate::v1::FINDING_KIND_CONSTANT_OUTPUT:
    case evalgate::v1::FINDING_KIND_MISSING_CASES:
    case evalgate::v1::FINDING_KIND_DUPLICATE_CASES:
      return CohortSays::kBlocks;
    case evalgate::v1::FINDING_KIND_COHORT_UNDECIDED:
    case evalgate::v1::FINDING_KIND_BASELINE_UNDECIDED:
    case evalgate::v1::FINDING_KIND_CONTAMINATED_CASES:
      return CohortSays::kUndecided;
    case evalgate::v1::FINDING_KIND_COHORT_TOO_SMALL:
    case evalgate::v1::FINDING_KIND_BASELINE_COHORT_TOO_SMALL:
      return CohortSays::kTooSmall;
    case evalgate::v1::FINDING_KIND_COHORT_AT_FLOOR:
    case evalgate::v1::FINDING_KIND_NOT_WORSE_THAN_BASELINE:
    case evalgate::v1::FINDING_KIND_AT_POINT_FLOOR:
    case evalgate::v1::FINDING_KIND_ERRORED_CASES:
    case evalgate::v1::FINDING_KIND_UNFINISHED_RUNS:
      return CohortSays::kPasses;
    default:
      return CohortSays::kUndecided;
  }
}

const char* CohortSaysText(CohortSays says) {
  switch (says) {
    case CohortSays::kBlocks:
      return "blocks";
    case CohortSays::kUndecided:
      return "undecided";
    case CohortSays::kPasses:
      return "passes";
    case CohortSays::kTooSmall:
      return "too small to say";
  }
  return "";
}

std::vector<CohortRow> CohortRows(const Verdict& verdict, size_t most) {
  std::vector<CohortRow> rows;
  std::unordered_map<std::string, size_t> places;
  for (const Finding& finding : verdict.findings()) {
    if (!HasARow(finding)) continue;
    const auto [place, added] = places.try_emplace(finding.cohort(), rows.size());
    if (added) {
      CohortRow row;
      row.cohort = finding.cohort();
      // Until a finding says less.
      row.says = CohortSays::kTooSmall;
      rows.push_back(std::move(row));
    }
    AddFinding(finding, verdict, rows[place->second]);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const CohortRow& a, const CohortRow& b) {
    if (a.cohort.empty() != b.cohort.empty()) return a.cohort.empty();
    if (a.says != b.says) return a.says < b.says;
    return a.cases > b.cases;
  });
  if (rows.size() > most) rows.resize(most);
  return rows;
}

std::vector<const Finding*> DecidingFindings(const Verdict& verdict, size_t most) {
  const bool blocks = verdict.decision() == evalgate::v1::DECISION_BLOCK;
  const CohortSays says = blocks ? CohortSays::kBlocks : CohortSays::kUndecided;
  std::vector<const Finding*> deciding;
  for (const Finding& finding : verdict.findings()) {
    if (HasARow(finding) && SaysOf(finding) == says && deciding.size() < most) {
      deciding.push_back(&finding);
    }
  }
  return deciding;
}

std::vector<const Finding*> OtherFindings(const Verdict& verdict) {
  std::vector<const Finding*> others;
  for (const Finding& finding : verdict.findings()) {
    if (!HasARow(finding)) others.push_back(&finding);
  }
  return others;
}

std::vector<std::string> CohortHeadings(const Verdict& verdict) {
  std::vector<std::string> headings = {"COHORT", "SAYS",          "CASES",
                                       "PASSED", "RATE (BOUNDS)", "FLOOR"};
  if (!verdict.baseline_model_version().empty()) {
    headings.insert(headings.end(),
                    {"AGAINST " + verdict.baseline_model_version(), "REGRESSED", "IMPROVED"});
  }
  if (!verdict.reference_model_version().empty()) {
    headings.push_back("AGAINST " + verdict.reference_model_version());
  }
  return headings;
}

std::vector<std::string> CohortCells(const CohortRow& row, const Verdict& verdict) {
  // Where cases are tried several times, the share of attempts, as the bounds are of.
  const double rate = row.floor != nullptr ? row.floor->estimate()
                      : row.cases > 0
                          ? static_cast<double>(row.passed) / static_cast<double>(row.cases)
                          : 0;
  std::string bounds = fmt::format("{:.3f}", rate);
  if (row.floor != nullptr) {
    bounds += fmt::format(" ({:.3f} to {:.3f})", row.floor->lower(), row.floor->upper());
  }
  std::vector<std::string> cells = {
      row.cohort.empty() ? "all" : row.cohort,
      CohortSaysText(row.says),
      WithThousands(row.cases),
      WithThousands(row.passed),
      bounds,
      row.floor == nullptr ? "-"
                           : fmt::format("{:.3f}{}", row.floor->bar(), TooSmallText(*row.floor))};
  if (!verdict.baseline_model_version().empty()) {
    const Finding* const compared = row.baseline;
    cells.insert(cells.end(), {ComparedCell(compared),
                               compared == nullptr ? "-" : WithThousands(compared->regressed()),
                               compared == nullptr ? "-" : WithThousands(compared->improved())});
  }
  if (!verdict.reference_model_version().empty()) cells.push_back(ComparedCell(row.reference));
  return cells;
}

}  // namespace flywheel::cli
