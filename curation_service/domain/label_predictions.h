// Labels as they were given, and what a classifier predicts beside them.
#ifndef FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_PREDICTIONS_H_
#define FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_PREDICTIONS_H_

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

namespace flywheel::curation {

// A table of class probabilities, one row per example.
struct ClassProbabilities {
  std::size_t num_classes = 0;
  std::vector<float> values;  // Row by row.

  std::span<float> Row(std::size_t i) {
    return std::span(values).subspan(i * num_classes, num_classes);
  }
  std::span<const float> Row(std::size_t i) const {
    return std::span(values).subspan(i * num_classes, num_classes);
  }
};

// Stands for everybody who has no name: their labels are judged by the population's reliability,
// and say nothing about anybody in particular.
inline constexpr std::size_t kUnknownAnnotator = std::numeric_limits<std::size_t>::max();

// A label as an annotator gave it; both are numbers from 0.
struct GivenLabel {
  std::size_t label = 0;
  std::size_t annotator = 0;  // Or kUnknownAnnotator.
  bool trusted = false;  // Known to be right: teaches the calibration, says nothing of annotators.
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_DOMAIN_LABEL_PREDICTIONS_H_
