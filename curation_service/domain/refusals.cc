#include "curation_service/domain/refusals.h"

#include <algorithm>

namespace flywheel::curation {

int64_t RemoveRefused(const Refusals& refusals, std::vector<Candidate>& candidates) {
  if (refusals.empty()) return 0;
  return static_cast<int64_t>(std::erase_if(candidates, [&](const Candidate& candidate) {
    return refusals.contains(candidate.interaction.user_id) ||
           (candidate.correction && refusals.contains(candidate.correction->actor_id));
  }));
}

void CountRefused(int64_t refused, DatasetVersion& version) {
  if (refused == 0) return;
  version.candidate_rows += refused;
  auto& removed = version.removed_by_reason;  // In the order of the reasons' numbers.
  const auto place = std::find_if(removed.begin(), removed.end(), [](const auto& count) {
    return count.first > RemovalReason::kNoConsent;
  });
  removed.emplace(place, RemovalReason::kNoConsent, refused);
}

}  // namespace flywheel::curation
