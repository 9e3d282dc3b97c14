#include "bench/noop_server.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/server_callback.h>

#include <climits>
#include <cstddef>
#include <string>

#include "bench/load.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "shared/rpc/server.h"

namespace flywheel::bench {
namespace {

// Of an assignment token.
constexpr size_t kTokenBytes = 62;

class NoopIngest final : public ingest::v1::IngestService::WithCallbackMethod_LogInteractions<
                             ingest::v1::IngestService::Service> {
  grpc::ServerUnaryReactor* LogInteractions(
      grpc::CallbackServerContext* context, const ingest::v1::LogInteractionsRequest* request,
      ingest::v1::LogInteractionsResponse* response) override {
    for (const auto& interaction : request->interactions()) {
      auto* result = response->add_results();
      result->set_id(interaction.interaction_id());
      result->set_status(common::v1::ITEM_STATUS_STORED);
      result->set_sequence(1);
    }
    grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
};

// The synchronous API, as the service itself uses for calls that answer from memory.
class NoopExperiment final : public experiment::v1::ExperimentService::Service {
  grpc::Status Assign(grpc::ServerContext*, const experiment::v1::AssignRequest* request,
                      experiment::v1::AssignResponse* response) override {
    Answer(*request, *response);
    return grpc::Status::OK;
  }

  grpc::Status AssignBatch(grpc::ServerContext*, const experiment::v1::AssignBatchRequest* request,
                           experiment::v1::AssignBatchResponse* response) override {
    for (const auto& one : request->requests()) Answer(one, *response->add_responses());
    return grpc::Status::OK;
  }

  grpc::Status RecordOutcomes(grpc::ServerContext*,
                              const experiment::v1::RecordOutcomesRequest* request,
                              experiment::v1::RecordOutcomesResponse* response) override {
    for (const auto& outcome : request->outcomes()) {
      auto* result = response->add_results();
      result->set_id(outcome.outcome_id());
      result->set_status(common::v1::ITEM_STATUS_STORED);
    }
    return grpc::Status::OK;
  }

 private:
  // As many bytes as the service answers where an experiment runs, which the benchmark names as
  // its agent.
  static void Answer(const experiment::v1::AssignRequest& request,
                     experiment::v1::AssignResponse& response) {
    response.set_model_version("v1");
    response.set_experiment_id(request.agent());
    response.set_arm_id("v1");
    response.set_unit(experiment::v1::RANDOMISATION_UNIT_USER);
    response.set_assignment_token(std::string(kTokenBytes, 'A'));
  }
};

}  // namespace

int RunNoopServer(const std::string& listen) {
  rpc::BlockSignals();
  NoopIngest ingest;
  NoopExperiment experiment;
  grpc::ServerBuilder builder;
  builder.AddListeningPort(listen, grpc::InsecureServerCredentials());
  builder.SetMaxReceiveMessageSize(INT_MAX);
  builder.RegisterService(&ingest);
  builder.RegisterService(&experiment);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) Die("the no-op server cannot listen at " + listen);
  rpc::WaitForSignal();
  server->Shutdown(std::chrono::system_clock::now());
  return 0;
}

}  // namespace flywheel::bench
