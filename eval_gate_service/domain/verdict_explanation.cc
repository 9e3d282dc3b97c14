#include "eval_gate_service/domain/verdict_explanation.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "eval_gate_service/domain/tipping_point.h"
#include "eval_gate_service/domain/verdict_decision.h"
#include "eval_gate_service/domain/verdict_figures.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr size_t kMostExplained = 10;

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
  text += fmt::format(", on {} cases of suite '{}', version {}", verdict.cases_left(),
                      verdict.suite_name, verdict.suite_version);
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
  for (size_t i = 0; i < std::min(deciding.size(), kMostExplained); ++i) {
    ASSIGN_OR_RETURN(FindingExplanation explained, ExplainFinding(deciding[i], verdict, figures));
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
