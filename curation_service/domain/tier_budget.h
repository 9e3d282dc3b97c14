// Tier budget: how a number of rows is shared out between the tiers.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_BUDGET_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_BUDGET_H_

#include <cstdint>
#include <map>

#include "curation_service/domain/tier.h"

namespace flywheel::curation {

// Rows by tier, all four.
using TierBudget = std::map<Tier, int64_t>;

// The budget of select_training_data in "Data Flywheel: The Continuous Improvement Feedback Loop",
// section 75.3: platinum max(50, rows/25), gold max(200, rows/5), silver max(500, rows/2), bronze
// max(100, rows/10), in whole numbers. That is 84 % of `rows`, and from 850 rows down more than
// all: then each has its share of them, rounded by the largest remainders (of equal ones the
// better tier's), so that together they are `rows`. `rows` is 0 or more.
TierBudget TierBudgetOf(int64_t rows);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_TIER_BUDGET_H_
