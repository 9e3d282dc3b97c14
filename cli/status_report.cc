#include "cli/status_report.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cli/health.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "flywheel/evalgate/v1/eval_gate_service.grpc.pb.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

constexpr int kVerdictsShown = 5;
constexpr int kExperimentsAsked = 1'000;

// One call with the query's deadline, whose answer goes into `response` where it succeeds.
template <typename Response, typename Call>
absl::Status Ask(const rpc::Channel& channel, const StatusQuery& query,
                 std::optional<Response>& response, const Call& call) {
  grpc::ClientContext context;
  channel.Prepare(context, query.timeout, query.project);
  Response answer;
  RETURN_IF_ERROR(rpc::FromGrpcStatus(call(context, answer)));
  response = std::move(answer);
  return absl::OkStatus();
}

absl::Status AskIngest(const rpc::Channel& channel, const StatusQuery& query,
                       StatusReport& report) {
  const auto stub = ingest::v1::IngestService::NewStub(channel.get());
  ingest::v1::GetStatsRequest request;
  request.set_group_by_attribute(query.group_by_attribute);
  return Ask(channel, query, report.ingest, [&](grpc::ClientContext& context, auto& response) {
    return stub->GetStats(&context, request, &response);
  });
}

absl::Status AskCuration(const rpc::Channel& channel, const StatusQuery& query,
                         StatusReport& report) {
  const auto stub = curation::v1::CurationService::NewStub(channel.get());
  return Ask(channel, query, report.curation, [&](grpc::ClientContext& context, auto& response) {
    return stub->GetProgress(&context, curation::v1::GetProgressRequest(), &response);
  });
}

absl::Status AskEvalGate(const rpc::Channel& channel, const StatusQuery& query,
                         StatusReport& report) {
  const auto stub = evalgate::v1::EvalGateService::NewStub(channel.get());
  evalgate::v1::ListVerdictsRequest request;
  request.set_page_size(kVerdictsShown);
  return Ask(channel, query, report.verdicts, [&](grpc::ClientContext& context, auto& response) {
    return stub->ListVerdicts(&context, request, &response);
  });
}

// What stands for the treatments of the running experiments.
absl::Status AskAnalyses(const rpc::Channel& channel, const StatusQuery& query,
                         experiment::v1::ExperimentService::Stub& stub, StatusReport& report) {
  namespace v1 = experiment::v1;
  for (const v1::Experiment& experiment : report.experiments->experiments()) {
    v1::AnalyzeRequest request;
    request.set_experiment_id(experiment.experiment_id());
    std::optional<v1::AnalyzeResponse> response;
    RETURN_IF_ERROR(Ask(channel, query, response, [&](grpc::ClientContext& context, auto& answer) {
      return stub.Analyze(&context, request, &answer);
    }));
    report.analyses[experiment.experiment_id()] = response->analysis();
  }
  return absl::OkStatus();
}

// The contract lists experiments, not active versions: those are asked for agent by agent, for
// every agent that ever had an experiment.
absl::Status AskExperiment(const rpc::Channel& channel, const StatusQuery& query,
                           StatusReport& report) {
  namespace v1 = experiment::v1;
  const auto stub = v1::ExperimentService::NewStub(channel.get());
  v1::ListExperimentsRequest request;
  request.set_page_size(kExperimentsAsked);
  std::optional<v1::ListExperimentsResponse> all;
  RETURN_IF_ERROR(Ask(channel, query, all, [&](grpc::ClientContext& context, auto& response) {
    return stub->ListExperiments(&context, request, &response);
  }));
  std::set<std::string> agents(query.agents.begin(), query.agents.end());
  report.experiments.emplace();
  for (const v1::Experiment& experiment : all->experiments()) {
    agents.insert(experiment.agent());
    if (experiment.state() == v1::EXPERIMENT_STATE_RUNNING) {
      *report.experiments->add_experiments() = experiment;
    }
  }
  for (const std::string& agent : agents) {
    v1::GetActiveVersionRequest active_request;
    active_request.set_agent(agent);
    std::optional<v1::GetActiveVersionResponse> active;
    absl::Status status =
        Ask(channel, query, active, [&](grpc::ClientContext& context, auto& response) {
          return stub->GetActiveVersion(&context, active_request, &response);
        });
    if (active) report.active_versions.push_back(active->active_version());
    if (!status.ok() && !absl::IsNotFound(status)) return status;
  }
  return AskAnalyses(channel, query, *stub, report);
}

absl::Status AskFigures(Service service, const rpc::Channel& channel, const StatusQuery& query,
                        StatusReport& report) {
  switch (service) {
    case Service::kIngest:
      return AskIngest(channel, query, report);
    case Service::kCuration:
      return AskCuration(channel, query, report);
    case Service::kEvalGate:
      return AskEvalGate(channel, query, report);
    case Service::kExperiment:
      return AskExperiment(channel, query, report);
  }
  return absl::OkStatus();
}

ServiceState AskService(Service service, const StatusQuery& query, StatusReport& report) {
  ServiceState state;
  state.address = query.addresses.at(service);
  rpc::Target target = query.credentials;
  target.address = state.address;
  const auto channel = rpc::Channel::Open(target);
  absl::Status status = channel.status();
  if (status.ok()) status = CheckHealth(*channel, query.timeout);
  state.serving = status.ok();
  if (state.serving) status = AskFigures(service, *channel, query, report);
  if (!status.ok()) state.problem = errors::MessageOf(status);
  return state;
}

}  // namespace

bool StatusReport::all_serving() const {
  return std::all_of(services.begin(), services.end(),
                     [](const auto& entry) { return entry.second.serving; });
}

bool StatusReport::none_serving() const {
  return std::none_of(services.begin(), services.end(),
                      [](const auto& entry) { return entry.second.serving; });
}

bool StatusReport::complete() const {
  return std::all_of(services.begin(), services.end(), [](const auto& entry) {
    return !entry.second.serving || entry.second.problem.empty();
  });
}

StatusReport GatherStatus(const StatusQuery& query) {
  StatusReport report;
  for (const Service service : kAllServices) {
    ServiceState state = AskService(service, query, report);
    report.services.emplace(service, std::move(state));
  }
  return report;
}

}  // namespace flywheel::cli
