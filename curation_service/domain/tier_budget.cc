#include "curation_service/domain/tier_budget.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace flywheel::curation {

TierBudget TierBudgetOf(int64_t rows) {
  TierBudget budget = {{Tier::kPlatinum, std::max<int64_t>(50, rows / 25)},
                       {Tier::kGold, std::max<int64_t>(200, rows / 5)},
                       {Tier::kSilver, std::max<int64_t>(500, rows / 2)},
                       {Tier::kBronze, std::max<int64_t>(100, rows / 10)}};
  int64_t sum = 0;
  for (const auto& [tier, share] : budget) sum += share;
  if (sum <= rows) return budget;
  int64_t left = rows;
  std::vector<std::pair<int64_t, Tier>> remainders;
  for (auto& [tier, share] : budget) {
    remainders.emplace_back(share * rows % sum, tier);
    share = share * rows / sum;
    left -= share;
  }
  std::stable_sort(remainders.begin(), remainders.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (int64_t i = 0; i < left; ++i) ++budget[remainders[static_cast<size_t>(i)].second];
  return budget;
}

}  // namespace flywheel::curation
