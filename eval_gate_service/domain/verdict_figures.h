// Figures of a stored verdict: the counts that its findings tell, as the rules take them.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_FIGURES_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_FIGURES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/bar.h"
#include "eval_gate_service/domain/cohort_tally.h"
#include "eval_gate_service/domain/verdict.h"

namespace flywheel::evalgate {

// What a verdict was decided by, read back from what is stored of it, without any case.
struct VerdictFigures {
  // At its look.
  Bar bar;
  // The whole suite first, then the cohorts by name.
  std::vector<CohortTally> tallies;
  // With the baseline, and with the reference.
  std::vector<Comparison> comparisons;
  // What no count decides, such as constant answers.
  std::vector<Finding> others;

  // See BlockAlpha.
  double block_alpha() const;
  // Cases share groups, or were tried several times.
  bool clustered() const;
};

bool IsFloorFinding(FindingKind kind);
bool IsComparison(FindingKind kind);

// The figures of a verdict; nothing where the rules do not find in them what the verdict says, or
// refuse them: it was given by other ones, on more than counts, or was changed.
std::optional<VerdictFigures> FiguresOf(const Verdict& verdict);

// The same of the cases that it was decided on, where they are still there: counts alone do not say
// how cases share groups.
std::optional<VerdictFigures> FiguresOf(const Verdict& verdict, std::vector<CohortTally> tallies,
                                        std::vector<Comparison> comparisons);

// What the rules decide in these figures.
absl::StatusOr<Decision> DecideFigures(const VerdictFigures& figures);

// What the rule of a finding finds in these figures in its place: of the same cohort, beside the
// same version. Nothing where it finds none.
absl::StatusOr<std::optional<Finding>> FindAgain(const VerdictFigures& figures,
                                                 const Finding& finding);

// The same figures with so many failed cases of a cohort passed, those first that regressed; empty:
// of the whole suite, whatever their cohort. At most as many as failed. Of groups one case after
// the other in turn, so that none changes much more than the others.
VerdictFigures WithPassed(VerdictFigures figures, const std::string& cohort, int64_t cases);

// With so many passed cases of it failed, those first that the compared versions passed too.
VerdictFigures WithFailed(VerdictFigures figures, const std::string& cohort, int64_t cases);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_VERDICT_FIGURES_H_
