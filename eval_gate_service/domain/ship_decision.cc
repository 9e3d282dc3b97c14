#include "eval_gate_service/domain/ship_decision.h"

#include <algorithm>

namespace flywheel::evalgate {
namespace {

// The lower decides first. What is no PASS and not undecided blocks.
int RankOf(Decision decision) {
  if (decision == Decision::kPass) return 2;
  return decision == Decision::kInconclusive ? 1 : 0;
}

// A PASS with the asked baseline, or with none where none was asked, answers the question; else one
// without any says least.
int BaselineRank(const std::string& baseline, const std::string& asked) {
  if (baseline == asked) return 0;
  return baseline.empty() ? 2 : 1;
}

}  // namespace

void ShipDecision::Add(const Verdict& verdict) {
  if (verdict.model_version != question_.model_version) return;
  // A verdict of before agents were kept has none, and counts for none.
  if (verdict.agent != question_.agent) return;
  if (!strictest_ || Stricter(verdict, *strictest_)) strictest_ = verdict;
}

Decision ShipDecision::decision() const {
  if (!strictest_) return Decision::kNone;
  const bool other_baseline =
      !question_.baseline_model_version.empty() &&
      strictest_->baseline_model_version != question_.baseline_model_version;
  if (strictest_->decision == Decision::kPass && other_baseline) return Decision::kInconclusive;
  return strictest_->decision;
}

bool ShipDecision::Stricter(const Verdict& verdict, const Verdict& other) const {
  const int rank = RankOf(verdict.decision);
  const int other_rank = RankOf(other.decision);
  if (rank != other_rank) return rank < other_rank;
  return BaselineRank(verdict.baseline_model_version, question_.baseline_model_version) <
         BaselineRank(other.baseline_model_version, question_.baseline_model_version);
}

bool AnswersAlone(const ShipQuestion& question, const std::vector<Finding>& findings) {
  if (!question.baseline_model_version.empty()) return true;
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& one) { return one.kind == FindingKind::kCohortAtFloor; });
}

}  // namespace flywheel::evalgate
