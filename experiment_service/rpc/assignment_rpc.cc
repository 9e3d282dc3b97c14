// The handlers of ExperimentRpc by which many are assigned, and clients assign by themselves.
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "experiment_service/rpc/convert.h"
#include "experiment_service/rpc/convert_assignment.h"
#include "experiment_service/rpc/experiment_rpc.h"
#include "experiment_service/rpc/validate_assignment.h"
#include "experiment_service/serving_watch.h"
#include "shared/rpc/call_deadline.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {

using rpc::Caller;
using rpc::Role;

namespace {

// The longest that a watcher hears nothing.
constexpr absl::Duration kHeartbeat = absl::Seconds(10);
// How often a watch looks whether anybody still wants it.
constexpr absl::Duration kLook = absl::Milliseconds(500);
// Of a message of a watch: ten arms each, of the longest names, make 2 MB.
constexpr int kAgentsPerMessage = 500;

// Writes agents in as few messages as may be, one at least; false where the caller is gone.
bool Tell(const std::vector<AgentServing>& agents, bool snapshot, absl::Time now,
          grpc::ServerWriter<v1::WatchExperimentsResponse>& writer) {
  size_t told = 0;
  do {
    v1::WatchExperimentsResponse response;
    response.set_snapshot(snapshot);
    *response.mutable_as_of() = rpc::ToProto(now);
    while (told < agents.size() && response.agents_size() < kAgentsPerMessage) {
      ToProto(agents[told++], response.add_agents());
    }
    response.set_continues(told < agents.size());
    if (!writer.Write(response)) return false;
  } while (told < agents.size());
  return true;
}

}  // namespace

grpc::Status ExperimentRpc::AssignBatch(grpc::ServerContext* context,
                                        const v1::AssignBatchRequest* request,
                                        v1::AssignBatchResponse* response) {
  return endpoint_->Serve(
      *context, "AssignBatch", Role::kReader, *request,
      [&](const Caller& caller) { return DoAssignBatch(caller, *request, response); });
}

absl::Status ExperimentRpc::DoAssignBatch(const Caller& caller,
                                          const v1::AssignBatchRequest& request,
                                          v1::AssignBatchResponse* response) {
  RETURN_IF_ERROR(rpc::RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const std::vector<AssignedVersion> assigned,
                   use_cases_.assigner->AssignAll(caller.project, FromProto(request)));
  response->mutable_responses()->Reserve(request.requests_size());
  for (const AssignedVersion& one : assigned) ToProto(one, response->add_responses());
  return absl::OkStatus();
}

grpc::Status ExperimentRpc::WatchExperiments(
    grpc::ServerContext* context, const v1::WatchExperimentsRequest* request,
    grpc::ServerWriter<v1::WatchExperimentsResponse>* writer) {
  return endpoint_->Serve(*context, "WatchExperiments", Role::kReader, *request,
                          [&](const Caller& caller) {
                            return DoWatchExperiments(
                                caller, rpc::CallDeadline(*context, *endpoint_), *request, *writer);
                          });
}

absl::Status ExperimentRpc::DoWatchExperiments(
    const Caller& caller, const Deadline& deadline, const v1::WatchExperimentsRequest& request,
    grpc::ServerWriter<v1::WatchExperimentsResponse>& writer) {
  RETURN_IF_ERROR(rpc::RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(const rpc::CallPlaces::Place place, experiment_watchers_.Take(caller));
  ServingWatch watch(use_cases_.serving, caller.project,
                     {request.agents().begin(), request.agents().end()});
  bool snapshot = true;
  absl::Time told_time;
  while (true) {
    RETURN_IF_ERROR(deadline.Check());
    RETURN_IF_ERROR(endpoint_->MayGoOn(caller));
    const std::vector<AgentServing> changed = watch.TakeChanges();
    const absl::Time now = endpoint_->clock().Now();
    // A clock that was set back must not silence it.
    const bool due = now >= told_time + kHeartbeat || now < told_time;
    if (snapshot || due || !changed.empty()) {
      if (!Tell(changed, snapshot, now, writer)) return errors::Cancelled();
      snapshot = false;
      told_time = now;
    }
    watch.AwaitChange(kLook);
  }
}

grpc::Status ExperimentRpc::RecordExposures(grpc::ServerContext* context,
                                            const v1::RecordExposuresRequest* request,
                                            v1::RecordExposuresResponse* response) {
  return endpoint_->Serve(
      *context, "RecordExposures", Role::kReader, *request,
      [&](const Caller& caller) { return DoRecordExposures(caller, *request, response); });
}

absl::Status ExperimentRpc::DoRecordExposures(const Caller& caller,
                                              const v1::RecordExposuresRequest& request,
                                              v1::RecordExposuresResponse* response) {
  RETURN_IF_ERROR(rpc::RefuseTrainer(caller));
  RETURN_IF_ERROR(Validate(request));
  ASSIGN_OR_RETURN(
      std::vector<ExposureResult> results,
      use_cases_.exposures->Record(caller.project, FromProto(request, endpoint_->clock().Now()),
                                   static_cast<int64_t>(request.ByteSizeLong())));
  // Counted by status, so that a metric costs one call a status.
  std::map<common::v1::ItemStatus, int> counts;
  for (ExposureResult& one : results) {
    common::v1::ItemResult* item = response->add_results();
    ToProto(one.result, item);
    response->add_assignment_tokens(std::move(one.token));
    ++counts[item->status()];
  }
  for (const auto& [status, count] : counts) {
    endpoint_->metrics().CountItems("RecordExposures", MetricLabel(status), count);
  }
  return absl::OkStatus();
}

}  // namespace flywheel::experiment
