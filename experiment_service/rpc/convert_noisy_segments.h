// Conversions of what small groups' protection leaves of segments.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_NOISY_SEGMENTS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_NOISY_SEGMENTS_H_

#include <cstddef>
#include <vector>

#include "experiment_service/domain/segments.h"
#include "experiment_service/segment_publisher.h"
#include "flywheel/experiment/v1/segments.pb.h"

namespace flywheel::experiment {

// The values' numbers in the order in which they are shown: the plan's, and "other" last.
std::vector<size_t> ShownOrder(const Segment& segment);

// A value of which nothing is told. P-values of 0 would be alarms.
void SuppressValue(v1::SegmentValue* proto);

void FillPrivacy(const SegmentedExperiment& analysed, v1::SegmentPrivacy* proto);

// The segments of an answer with noise. REQUIRES: analysed.noisy.
void FillNoisySegments(const SegmentedExperiment& analysed, v1::SegmentAnalysis* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_NOISY_SEGMENTS_H_
