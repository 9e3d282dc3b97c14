#include "curation_service/domain/cold_start.h"

#include <fmt/format.h>

namespace flywheel::curation {

ColdStart ColdStartOf(int64_t real_interactions) {
  if (real_interactions < kAccumulatingInteractions) {
    return {ColdStartPhase::kNoData, real_interactions,
            fmt::format("{} of {} real interactions with a reaction: train on examples by experts "
                        "and on synthetic ones",
                        real_interactions, kAccumulatingInteractions)};
  }
  if (real_interactions < kMatureInteractions) {
    return {
        ColdStartPhase::kAccumulating, real_interactions,
        fmt::format("{} of {} real interactions with a reaction: train in small batches, often, "
                    "on what users accepted",
                    real_interactions, kMatureInteractions)};
  }
  return {ColdStartPhase::kMature, real_interactions,
          fmt::format("{} real interactions with a reaction, or more: train when the trigger says",
                      real_interactions)};
}

}  // namespace flywheel::curation
