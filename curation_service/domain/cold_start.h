// Cold start: how far an agent has come from having no data of its own.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_COLD_START_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_COLD_START_H_

#include <cstdint>
#include <string>

namespace flywheel::curation {

// The numbers of flywheel.curation.v1.ColdStartPhase.
enum class ColdStartPhase { kNoData = 1, kAccumulating = 2, kMature = 3 };

// "Phase 1: Collect 500-2000 real user trajectories", section 75.2 of "Data Flywheel: The
// Continuous Improvement Feedback Loop": what is below is Phase 0, what is above Phase 2. Its weeks
// are those of a plan; what an agent has decides here.
inline constexpr int64_t kAccumulatingInteractions = 500;
inline constexpr int64_t kMatureInteractions = 2'000;

struct ColdStart {
  ColdStartPhase phase = ColdStartPhase::kNoData;
  // Up to kMatureInteractions.
  int64_t real_interactions = 0;
  // For people, with the figures and what to do.
  std::string message;
};

// `real_interactions`: scored interactions of users, without noise and examples; counted up to
// kMatureInteractions.
ColdStart ColdStartOf(int64_t real_interactions);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_COLD_START_H_
