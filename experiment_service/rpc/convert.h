// Conversions between the messages of flywheel.experiment.v1 and the service's values.
#ifndef FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_H_
#define FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "experiment_service/assigner.h"
#include "experiment_service/domain/experiment.h"
#include "experiment_service/outcome.h"
#include "flywheel/experiment/v1/experiment_service.pb.h"

namespace flywheel::experiment {

// Of valid messages (see validate.h); defaults are filled in.
Experiment FromProto(const v1::CreateExperimentRequest& request);
Metric FromProto(const v1::Metric& proto, Goal default_goal);
AnalysisPlan FromProto(const v1::AnalysisPlan& proto, Unit unit);
ActiveVersion FromProto(const v1::PromoteVersionRequest& request);
// Whose version is still to be found.
ActiveVersion FromProto(const v1::RollbackVersionRequest& request);
ExperimentFilter FromProto(const v1::ListExperimentsRequest& request);
PromotionFilter FromProto(const v1::ListPromotionsRequest& request);

// Of a valid batch; each item is checked here, and says what is wrong with it.
std::vector<Outcome> FromProto(const v1::RecordOutcomesRequest& request, absl::Time now);

void ToProto(const Experiment& experiment, v1::Experiment* proto);
void ToProto(const ActiveVersion& active, v1::ActiveVersion* proto);
void ToProto(const AssignedVersion& assigned, v1::AssignResponse* proto);
void ToProto(const OutcomeResult& result, common::v1::ItemResult* proto);

// The label `outcome` of flywheel_items_total, the same in every service: "stored", "replayed",
// "conflict" or "rejected".
std::string MetricLabel(common::v1::ItemStatus status);

}  // namespace flywheel::experiment

#endif  // FLYWHEEL_EXPERIMENT_SERVICE_RPC_CONVERT_H_
