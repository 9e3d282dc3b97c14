// Segment publisher: analyses an experiment by segments for whoever asks, as far as they may see
// it.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PUBLISHER_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PUBLISHER_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "experiment_service/domain/noisy_segments.h"
#include "experiment_service/domain/segment_analysis.h"
#include "experiment_service/live_experiment.h"
#include "experiment_service/segment_analyst.h"
#include "experiment_service/segment_privacy.h"

namespace flywheel::experiment {

// What stands in the place of an analysis where there is noise.
struct NoisyAnswer {
  NoisySegments segments;
  NoiseScale scale;
  PaidAnswer paid;
};

// An experiment by segments, as somebody may see it.
struct SegmentedExperiment {
  LiveExperimentPtr live;
  absl::Time as_of;
  // Of the values that are shown; without segments where there is `noisy`.
  SegmentAnalysis analysis;
  // By segment and value; empty where everything is shown.
  std::vector<std::vector<bool>> suppressed;
  std::optional<NoisyAnswer> noisy;
  // What held; off where everything is shown as it is.
  SegmentPrivacy privacy;

  bool IsSuppressed(size_t segment, size_t value) const {
    return !suppressed.empty() && suppressed[segment][value];
  }
};

// Who asks.
enum class Sight {
  kReader,   // Sees what SegmentPrivacy leaves.
  kDecider,  // Answers for the experiment, and sees everything.
};

// Thread-safe.
class SegmentPublisher {
 public:
  // All pointers outlive this object.
  SegmentPublisher(const SegmentAnalyst* analyst, sql::Database* database, const Clock* clock,
                   const SegmentPrivacy& privacy)
      : analyst_(analyst), budget_(database, clock, privacy), privacy_(privacy) {}

  // At this moment: all that was acknowledged counts. NOT_FOUND; PRIVACY_BUDGET_SPENT.
  absl::StatusOr<SegmentedExperiment> Analyze(const std::string& project,
                                              const std::string& experiment_id, Sight sight);

 private:
  absl::StatusOr<NoisyAnswer> AnswerWithNoise(const std::string& project,
                                              const SegmentMoment& moment);

  const SegmentAnalyst* const analyst_;
  EpsilonBudget budget_;
  const SegmentPrivacy privacy_;
};

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_SEGMENT_PUBLISHER_H_
