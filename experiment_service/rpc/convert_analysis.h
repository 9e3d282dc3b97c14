// Conversions of analyses and decisions to the messages of flywheel.experiment.v1.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ANALYSIS_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ANALYSIS_H_

#include "experiment_service/analyst.h"
#include "experiment_service/decision_reader.h"
#include "experiment_service/domain/analysis.h"
#include "experiment_service/domain/experiment.h"
#include "flywheel/experiment/v1/decision.pb.h"
#include "flywheel/experiment/v1/experiment.pb.h"

namespace flywheel::experiment {

void ToProto(const AnalysedExperiment& analysed, v1::Analysis* proto);
// Of a look that stands by itself.
void ToProto(const Analysis& analysis, v1::Analysis* proto);
// REQUIRES: it is a decision of the experiment.
void ToProto(const ReadDecision& decision, const Experiment& experiment, v1::Decision* proto);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_ANALYSIS_H_
