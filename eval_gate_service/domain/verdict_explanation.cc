#include "eval_gate_service/domain/verdict_explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "eval_gate_service/domain/tipping_point.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/domain/verdict_figures.h"
#include "shared/status/status_macros.h"
#include "statistics/proportion.h"

namespace flywheel::evalgate {
namespace {

constexpr size_t kMostExplained = 10;

std::string CohortName(const std::string& cohort) {
  return cohort.empty() ? "the whole suite" : fmt::format("cohort '{}'", cohort);
}

// "1 more case", "3 more cases".
std::string Counted(int64_t count, const char* what, const char* noun = "case") {
  return fmt::format("{} {} {}{}", count, what, noun, count == 1 ? "" : "s");
}

// Of groups nobody knows in which the cases would have been: they are taken of one after the other.
const char* About(const VerdictFigures& figures) { return figures.clustered() ? "about " : ""; }

const char* DecisionName(Decision decision) {
  switch (decision) {
    case Decision::kPass:
      return "PASS";
    case Decision::kBlock:
      return "BLOCK";
    default:
      return "INCONCLUSIVE";
  }
}

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

std::string QuestionOf(const Verdict& verdict) {
  const double alpha = AtLook(verdict.bar, verdict.look).alpha;
  std::string text =
      verdict.policy_version > 0
          ? fmt::format(
                "Asked by release policy {} of agent '{}', at look {} with {:.4g} of its "
                "alpha of {:.4g}",
                verdict.policy_version, verdict.agent, verdict.look, alpha, verdict.bar.alpha)
          : fmt::format(
                "Asked by no release policy: an exploration, with an alpha of {:.4g}, which "
                "lets nothing ship and stops nothing",
                alpha);
  text += fmt::format(", on {} cases of suite '{}', version {}",
                      verdict.suite_cases - verdict.erased_cases, verdict.suite_name,
                      verdict.suite_version);
  if (verdict.erased_cases > 0) text += fmt::format(" ({} erased before)", verdict.erased_cases);
  if (verdict.baseline_model_version.empty() && verdict.reference_model_version.empty()) {
    return text + ", against floors alone.";
  }
  if (!verdict.baseline_model_version.empty()) {
    text += fmt::format(", against the baseline '{}'", verdict.baseline_model_version);
  }
  if (!verdict.reference_model_version.empty()) {
    text += fmt::format("{} the reference '{}'",
                        verdict.baseline_model_version.empty() ? ", against" : " and",
                        verdict.reference_model_version);
  }
  return text + ".";
}

// Of the gravest severity that decides; what shows something where nothing is graver.
std::vector<Finding> Deciding(const Verdict& verdict) {
  const Severity severity = verdict.decision == Decision::kBlock          ? Severity::kBlocks
                            : verdict.decision == Decision::kInconclusive ? Severity::kUndecided
                                                                          : Severity::kFine;
  std::vector<Finding> deciding;
  for (const Finding& finding : verdict.findings) {
    if (SeverityOf(finding.kind) != severity) continue;
    if (severity != Severity::kFine || ShowsSomething(finding.kind)) deciding.push_back(finding);
  }
  return deciding;
}

constexpr char kUnknown[] =
    " What would have changed it cannot be told: the rules of this program do not find in its "
    "counts alone what it says.";

absl::Status SummariseBlock(const std::optional<VerdictFigures>& figures, int64_t deciding,
                            VerdictExplanation& explanation) {
  std::string& text = explanation.summary;
  if (deciding != 1) {
    text = fmt::format(
        "BLOCK, because {} findings block, each by itself: all of them would have had to be "
        "others.",
        deciding);
    return absl::OkStatus();
  }
  const FindingExplanation& only = explanation.findings.front();
  text = "BLOCK, because one finding blocks.";
  if (!only.change) return absl::OkStatus();
  VerdictChange change = *only.change;
  if (figures && change.kind != ChangeKind::kOtherAnswers) {
    ASSIGN_OR_RETURN(change.decision,
                     DecideFigures(WithPassed(*figures, change.cohort, change.cases)));
    text += fmt::format(
        " With {}{} in {} it would have been {}.", About(*figures),
        Counted(change.cases,
                change.kind == ChangeKind::kFewerRegressed ? "fewer regressed" : "more passed"),
        CohortName(change.cohort), DecisionName(change.decision));
  }
  explanation.change = std::move(change);
  return absl::OkStatus();
}

void SummariseInconclusive(const Verdict& verdict, int64_t deciding,
                           VerdictExplanation& explanation) {
  std::string& text = explanation.summary;
  if (deciding == 0) {
    text = "INCONCLUSIVE, because no finding shows anything: nothing was large enough to be asked.";
  } else {
    text = fmt::format(
        "INCONCLUSIVE, because nothing blocks and {} nothing.",
        deciding == 1 ? "one finding decides" : fmt::format("{} findings decide", deciding));
  }
  if (deciding == 1) explanation.change = explanation.findings.front().change;
  if (verdict.policy_version == 0) return;
  text += verdict.look < kMostLooks
              ? " A version of the suite with more cases may decide it at the next look."
              : " It was the last look: only another version can be judged.";
}

absl::Status SummarisePass(const std::optional<VerdictFigures>& figures, int64_t deciding,
                           VerdictExplanation& explanation) {
  std::string& text = explanation.summary;
  text = deciding == 1
             ? "PASS, because the one finding that was asked for holds."
             : fmt::format("PASS, because all {} findings that were asked for hold.", deciding);
  if (!figures) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::optional<TippingPoint> tip, FewestToTip(*figures));
  if (!tip) return absl::OkStatus();
  explanation.change = {ChangeKind::kMoreFailed, tip->failures, tip->cohort, tip->becomes};
  text += fmt::format(
      " With {}{} in {}{} it would have been {}.", About(*figures),
      Counted(tip->failures, "more", "failure"), CohortName(tip->cohort),
      figures->comparisons.empty() ? "" : ", of cases that the compared version passed,",
      DecisionName(tip->becomes));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VerdictExplanation> ExplainVerdict(const Verdict& verdict,
                                                  const std::optional<VerdictFigures>& figures) {
  VerdictExplanation explanation{QuestionOf(verdict), ""};
  const std::vector<Finding> deciding = Deciding(verdict);
  const Explainer explainer(verdict, figures);
  for (size_t i = 0; i < std::min(deciding.size(), kMostExplained); ++i) {
    ASSIGN_OR_RETURN(FindingExplanation explained, explainer.Explain(deciding[i]));
    explanation.findings.push_back(std::move(explained));
  }
  explanation.left_out = static_cast<int64_t>(deciding.size() - explanation.findings.size());
  const auto count = static_cast<int64_t>(deciding.size());
  if (verdict.decision == Decision::kBlock) {
    RETURN_IF_ERROR(SummariseBlock(figures, count, explanation));
  } else if (verdict.decision == Decision::kPass) {
    RETURN_IF_ERROR(SummarisePass(figures, count, explanation));
  } else {
    SummariseInconclusive(verdict, count, explanation);
  }
  if (!figures) explanation.summary += kUnknown;
  return explanation;
}

}  // namespace flywheel::evalgate
