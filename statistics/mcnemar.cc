#include "statistics/mcnemar.h"

#include <algorithm>

#include "statistics/distributions.h"
#include "statistics/refusal.h"

namespace flywheel::statistics {

absl::StatusOr<McNemarResult> McNemarTest(const DiscordantCases& cases) {
  if (cases.only_baseline < 0 || cases.only_candidate < 0) {
    return Refuse(Refusal::kArgumentOutOfRange, "a count of discordant cases is negative");
  }
  const std::int64_t discordant = cases.only_baseline + cases.only_candidate;
  const std::int64_t fewer = std::min(cases.only_baseline, cases.only_candidate);
  McNemarResult result;
  result.p_value = std::min(1.0, 2.0 * BinomialCdf(fewer, discordant, 0.5));
  result.p_value_worse = BinomialUpperTail(cases.only_baseline, discordant, 0.5);
  return result;
}

}  // namespace flywheel::statistics
