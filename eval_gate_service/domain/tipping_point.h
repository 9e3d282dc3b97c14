// Tipping points: by how few cases a finding, or a verdict, would have been another one.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TIPPING_POINT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TIPPING_POINT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "eval_gate_service/domain/verdict.h"
#include "eval_gate_service/domain/verdict_figures.h"

namespace flywheel::evalgate {

// All are found by the rules themselves, by bisection: more passed cases never make a finding
// worse. Nothing where no number of cases would do.

// The fewest cases of the finding's cohort that would have had to pass so that it does not block;
// of a comparison, of those that regressed.
absl::StatusOr<std::optional<int64_t>> FewestToUnblock(const VerdictFigures& figures,
                                                       const Finding& finding);

// The fewest that would have had to pass so that it shows what it was asked for.
absl::StatusOr<std::optional<int64_t>> FewestToShow(const VerdictFigures& figures,
                                                    const Finding& finding);

// By how few more failures a PASS would have been none.
struct TippingPoint {
  // Empty: of the whole suite, whatever their cohort.
  std::string cohort;
  int64_t failures = 0;
  Decision becomes = Decision::kInconclusive;
};

// Of the whole suite or of the cohort where it takes the fewest, of cases that every compared
// version passed. `figures` are those of a PASS.
absl::StatusOr<std::optional<TippingPoint>> FewestToTip(const VerdictFigures& figures);

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_DOMAIN_TIPPING_POINT_H_
