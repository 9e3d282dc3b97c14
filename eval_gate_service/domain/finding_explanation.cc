#include "eval_gate_service/domain/finding_explanation.h"

#include <fmt/format.h>

#include <cmath>

#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/tipping_point.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "shared/status/status_macros.h"
#include "statistics/proportion.h"

namespace flywheel::evalgate {
namespace {

// The rule of a finding, and what it is about.
std::string RuleName(const Finding& finding, const Verdict& verdict) {
  if (IsFloorFinding(finding.kind)) {
    return fmt::format("floor of {:.4g} for {}", finding.bar, CohortName(finding.cohort));
  }
  if (IsComparison(finding.kind)) {
    const std::string& version = finding.baseline_model_version;
    return fmt::format(
        "comparison with {} '{}' in {}",
        version == verdict.reference_model_version ? "the reference" : "the baseline", version,
        CohortName(finding.cohort));
  }
  switch (finding.kind) {
    case FindingKind::kConstantOutput:
      return "rule against constant answers";
    case FindingKind::kCriticalCasesFailed:
      return "rule that critical cases pass";
    case FindingKind::kBelowPointFloor:
    case FindingKind::kAtPointFloor:
      return fmt::format("point floor of {:.4g}", finding.bar);
    case FindingKind::kContaminatedCases:
      return "rule against cases that were trained on";
    default:
      return "completeness of the answers";
  }
}

// No bound and no count would have made it another one: its own words say all.
bool IsTold(FindingKind kind) {
  return kind == FindingKind::kBelowPointFloor || kind == FindingKind::kAtPointFloor ||
         kind == FindingKind::kContaminatedCases;
}

std::string EffectOf(FindingKind kind) {
  switch (SeverityOf(kind)) {
    case Severity::kBlocks:
      return "blocks";
    case Severity::kUndecided:
      return "decides nothing";
    case Severity::kFine:
      return "holds";
  }
  return "";
}

// Explains the findings of one verdict.
class Explainer {
 public:
  Explainer(const Verdict& verdict, const std::optional<VerdictFigures>& figures)
      : verdict_(verdict), figures_(figures) {}

  absl::StatusOr<FindingExplanation> Explain(const Finding& finding) const {
    FindingExplanation explained{finding, RuleName(finding, verdict_) + ": "};
    if (IsTold(finding.kind)) {
      explained.message += EffectOf(finding.kind) + ("; " + finding.message) + '.';
      return explained;
    }
    switch (SeverityOf(finding.kind)) {
      case Severity::kBlocks:
        RETURN_IF_ERROR(ExplainBlock(explained));
        break;
      case Severity::kUndecided:
        RETURN_IF_ERROR(ExplainUndecided(explained));
        break;
      case Severity::kFine:
        explained.message +=
            IsComparison(finding.kind)
                ? fmt::format(
                      "holds, because the lower bound of the difference, {:+.4f}, lies above "
                      "{:+.4g}",
                      finding.lower, finding.bar)
                : fmt::format("holds, because the lower bound of the rate, {:.4f}, reaches it",
                              finding.lower);
        break;
    }
    explained.message += '.';
    return explained;
  }

 private:
  absl::Status ExplainBlock(FindingExplanation& explained) const {
    const Finding& finding = explained.finding;
    std::string& text = explained.message;
    if (finding.kind == FindingKind::kConstantOutput) {
      ExplainConstant(explained);
      return absl::OkStatus();
    }
    if (finding.kind == FindingKind::kCriticalCasesFailed) {
      text += fmt::format("blocks, because of {} that failed, and none may",
                          Counted(finding.cases, "critical"));
      return absl::OkStatus();
    }
    if (!IsFloorFinding(finding.kind) && !IsComparison(finding.kind)) {
      text += fmt::format("blocks, because of {}", Counted(finding.cases, "incomplete"));
      return absl::OkStatus();
    }
    text += fmt::format("blocks, because the p-value of being {} is {:.3g}",
                        IsComparison(finding.kind) ? "worse" : "below it", finding.p_value);
    if (!figures_) return absl::OkStatus();
    text += fmt::format(", and {:.3g} or less blocks", figures_->block_alpha());
    ASSIGN_OR_RETURN(const std::optional<int64_t> cases, FewestToUnblock(*figures_, finding));
    if (!cases) return absl::OkStatus();
    const bool compared = IsComparison(finding.kind);
    explained.change = {compared ? ChangeKind::kFewerRegressed : ChangeKind::kMorePassed, *cases,
                        finding.cohort};
    text += fmt::format("; with {}{} it would not have blocked", About(*figures_),
                        Counted(*cases, compared ? "fewer regressed" : "more passed"));
    return absl::OkStatus();
  }

  static void ExplainConstant(FindingExplanation& explained) {
    const Finding& finding = explained.finding;
    // As ConstantOutputFinding counts: the share of one and the same answer among all.
    const double answered = std::round(static_cast<double>(finding.cases) / finding.estimate);
    const auto cases = static_cast<int64_t>(
        std::ceil(static_cast<double>(finding.cases) - finding.bar * answered - 1e-9));
    explained.change = {ChangeKind::kOtherAnswers, cases, ""};
    explained.message += fmt::format(
        "blocks, because {:.3g} of the answers are one and the same, more than {:.3g}; with {} it "
        "would not have blocked",
        finding.estimate, finding.bar, Counted(cases, "other", "answer"));
  }

  absl::Status ExplainUndecided(FindingExplanation& explained) const {
    const Finding& finding = explained.finding;
    std::string& text = explained.message;
    text += "decides nothing, because ";
    if (finding.cases == 0) {
      text += "there is no case of it";
      const auto needed = statistics::CasesNeededToReachFloor(
          finding.bar, AtLook(verdict_.bar, verdict_.look).alpha);
      if (!needed.ok()) return absl::OkStatus();
      explained.change = {ChangeKind::kMoreCases, *needed, finding.cohort};
      text += fmt::format("; {}, all passed, would show it", Counted(*needed, "more"));
      return absl::OkStatus();
    }
    // No other number of cases leaves both bounds where they began.
    if (finding.upper == 1 && finding.lower == (IsComparison(finding.kind) ? -1 : 0)) {
      text += "all its cases are of one group, which does not show how groups vary";
      return absl::OkStatus();
    }
    // Of the whole suite alone: see BaselineFindings.
    if (IsComparison(finding.kind) && finding.cohort.empty() &&
        finding.passed + finding.regressed == finding.improved) {
      text += "that version passes nothing, and to be no worse than that proves nothing";
      return absl::OkStatus();
    }
    text += IsComparison(finding.kind)
                ? fmt::format(
                      "the difference, {:+.3f}, is neither shown to lie above {:+.4g} nor "
                      "shown to be a loss",
                      finding.estimate, finding.bar)
                : fmt::format(
                      "the rate, {:.3f}, is neither shown to reach it nor shown to be "
                      "below it",
                      finding.estimate);
    if (finding.cases_needed > finding.cases) {
      const int64_t more = finding.cases_needed - finding.cases;
      explained.change = {ChangeKind::kMoreCases, more, finding.cohort};
      text += fmt::format("; at this rate about {} would decide it", Counted(more, "more"));
    } else {
      text += "; at this rate no number of cases would decide it";
    }
    if (!figures_) return absl::OkStatus();
    RETURN_IF_ERROR(AddNextLook(finding, text));
    ASSIGN_OR_RETURN(const std::optional<int64_t> cases, FewestToShow(*figures_, finding));
    if (cases) {
      text += fmt::format("; with {}{} among them it would have held", About(*figures_),
                          Counted(*cases, "more passed"));
    }
    return absl::OkStatus();
  }

  // A later look has less of alpha, and so wants more.
  absl::Status AddNextLook(const Finding& finding, std::string& text) const {
    if (verdict_.look < 1 || verdict_.look >= kMostLooks) return absl::OkStatus();
    VerdictFigures next = *figures_;
    next.bar = AtLook(verdict_.bar, verdict_.look + 1);
    ASSIGN_OR_RETURN(const std::optional<Finding> then, FindAgain(next, finding));
    if (!then || then->cases_needed <= finding.cases) return absl::OkStatus();
    if (then->kind == FindingKind::kCohortTooSmall) {
      text += fmt::format(
          "; at the alpha of the next look, {:.3g}, fewer than {} cases of it are not asked",
          next.bar.alpha, then->cases_needed);
      return absl::OkStatus();
    }
    // A decision, or another doubt.
    if (then->kind != finding.kind) return absl::OkStatus();
    text += fmt::format(", and {} at the alpha of the next look, {:.3g}",
                        Counted(then->cases_needed - finding.cases, "more"), next.bar.alpha);
    return absl::OkStatus();
  }

  const Verdict& verdict_;
  const std::optional<VerdictFigures>& figures_;
};

}  // namespace

std::string CohortName(const std::string& cohort) {
  return cohort.empty() ? "the whole suite" : fmt::format("cohort '{}'", cohort);
}

std::string Counted(int64_t count, const char* what, const char* noun) {
  return fmt::format("{} {} {}{}", count, what, noun, count == 1 ? "" : "s");
}

const char* About(const VerdictFigures& figures) { return figures.clustered() ? "about " : ""; }

absl::StatusOr<FindingExplanation> ExplainFinding(const Finding& finding, const Verdict& verdict,
                                                  const std::optional<VerdictFigures>& figures) {
  return Explainer(verdict, figures).Explain(finding);
}

}  // namespace flywheel::evalgate
