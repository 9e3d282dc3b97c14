// Conversions between the messages of flywheel.curation.v1 and curation's values. No decision lives
// here but the defaults that the contract names.
#ifndef FLYWHEEL_CURATION_SERVICE_RPC_CONVERT_H_
#define FLYWHEEL_CURATION_SERVICE_RPC_CONVERT_H_

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "curation_service/dataset_builds.h"
#include "curation_service/dataset_reader.h"
#include "curation_service/domain/dataset.h"
#include "curation_service/domain/model_version.h"
#include "curation_service/domain/training_run.h"
#include "curation_service/feed_follower.h"
#include "curation_service/lineage_reader.h"
#include "curation_service/score_reader.h"
#include "curation_service/training_runs.h"
#include "flywheel/curation/v1/curation_service.pb.h"

namespace flywheel::curation {

// From requests that were validated.
DatasetOptions FromProto(const v1::DatasetOptions& proto);
DatasetRequest FromProto(const rpc::Actor& actor, const v1::BuildDatasetVersionRequest& proto);
std::optional<Split> FromProto(v1::Split proto);
DatasetVersionFilter FromProto(const v1::ListDatasetVersionsRequest& proto);
TrainingRunFilter FromProto(const v1::ListTrainingRunsRequest& proto);
TrainingPolicy FromProto(const v1::TrainingPolicy& proto);
TrainingRequest FromProto(const rpc::Actor& actor, const v1::OpenTrainingRunRequest& proto);
LeaseRequest FromProto(const rpc::Actor& actor, const v1::LeaseTrainingRunRequest& proto);
TrainingReport FromProto(const rpc::Actor& actor, const v1::CompleteTrainingRunRequest& proto);
ModelVersion FromProto(const v1::RegisterVersionRequest& proto);
LineageRequest FromProto(const std::string& project, bool with_eval_side,
                         const v1::GetLineageRequest& proto);

// To answers.
void ToProto(const Progress& progress, const FeedFollower& follower,
             v1::GetProgressResponse* proto);
void ToProto(const std::string& interaction_id, const std::optional<Assessment>& assessment,
             v1::GetScoreResponse* proto);
void ToProto(const DatasetVersion& version, v1::DatasetVersion* proto);
void ToProto(const DatasetRow& row, v1::DatasetRow* proto);
void ToProto(const TriggerDecision& decision, v1::TriggerDecision* proto);
void ToProto(const ColdStart& cold_start, v1::ColdStart* proto);
// As it stands at `now`: a lease that has ended is no lease.
void ToProto(const TrainingRun& run, absl::Time now, v1::TrainingRun* proto);
void ToProto(const ModelVersion& version, v1::ModelVersion* proto);
void ToProto(const LineageEdge& edge, common::v1::LineageEdge* proto);

}  // namespace flywheel::curation

#endif  // FLYWHEEL_CURATION_SERVICE_RPC_CONVERT_H_
