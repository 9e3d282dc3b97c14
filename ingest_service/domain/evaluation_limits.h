// Limits of evaluation scores. Scores that come over the contract are refused beyond them; those in
// spans are cut, or left out.
#ifndef FLYWHEEL_INGEST_SERVICE_DOMAIN_EVALUATION_LIMITS_H_
#define FLYWHEEL_INGEST_SERVICE_DOMAIN_EVALUATION_LIMITS_H_

#include <cstddef>

namespace flywheel::ingest {

inline constexpr size_t kMaxEvaluationNameBytes = 128;
inline constexpr size_t kMaxLabelBytes = 256;
inline constexpr size_t kMaxExplanationBytes = 16'384;
// Either side of 0: sums and squares of such scores are finite, however many there are.
inline constexpr double kMaxScore = 1e12;

}  // namespace flywheel::ingest

#endif  // FLYWHEEL_INGEST_SERVICE_DOMAIN_EVALUATION_LIMITS_H_
