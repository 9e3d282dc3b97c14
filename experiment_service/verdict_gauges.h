// Verdict gauges: how many running experiments want somebody to look, for alarms.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_VERDICT_GAUGES_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_VERDICT_GAUGES_H_

#include "experiment_service/evidence_cache.h"
#include "experiment_service/segment_analyst.h"
#include "experiment_service/serving_cache.h"
#include "shared/rpc/metrics.h"
#include "shared/time/clock.h"

namespace flywheel::experiment {

// Shows how many experiments run, in how many of them each recommendation stands for a treatment,
// and in how many the arms' sizes or the reports are conspicuous. Without a label for each: an
// alarm needs the number, and `flywheel status` has the names. All but `metrics` outlive what it
// shows.
void ObserveVerdicts(const ServingCache* serving, const EvidenceCache* evidence, const Clock* clock,
                     rpc::Metrics& metrics);

// Shows in how many running experiments the data of some segment's value cannot be trusted (see
// SegmentAlert); NaN where the store cannot be read. `segments` outlives what it shows.
void ObserveSegments(const SegmentAnalyst* segments, rpc::Metrics& metrics);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_VERDICT_GAUGES_H_
