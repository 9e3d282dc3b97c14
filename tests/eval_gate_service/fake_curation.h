// Curation for tests of the gate: rows from a vector, over a real socket.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_FAKE_CURATION_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_FAKE_CURATION_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"

namespace flywheel::evalgate {

// Serves the eval rows that it was given, by project and dataset version. Runs until Stop.
class FakeCuration final : public curation::v1::CurationService::Service {
 public:
  using Rows = std::vector<curation::v1::DatasetRow>;

  FakeCuration() {
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
  }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  void Put(const std::string& project, const std::string& dataset_version_id, Rows rows) {
    absl::MutexLock lock(&mutex_);
    rows_[{project, dataset_version_id}] = std::move(rows);
  }

  // The agent of a dataset version; "helper" where nothing else was said.
  void SetAgent(const std::string& dataset_version_id, const std::string& agent) {
    absl::MutexLock lock(&mutex_);
    agents_[dataset_version_id] = agent;
  }

  // What a dataset version says of its eval side, whatever rows it has.
  void ClaimEvalRows(int64_t rows) {
    absl::MutexLock lock(&mutex_);
    claimed_rows_ = rows;
  }

  // Every call fails with this from now on.
  void Refuse(grpc::StatusCode code) {
    absl::MutexLock lock(&mutex_);
    refusal_ = grpc::Status(code, "the key is unknown");
  }

  int64_t calls() const {
    absl::MutexLock lock(&mutex_);
    return calls_;
  }

  void Stop() { server_->Shutdown(std::chrono::system_clock::now()); }

  grpc::Status GetDatasetVersion(grpc::ServerContext* context,
                                 const curation::v1::GetDatasetVersionRequest* request,
                                 curation::v1::GetDatasetVersionResponse* response) override {
    Rows rows;
    {
      absl::MutexLock lock(&mutex_);
      if (!refusal_.ok()) return refusal_;
    }
    if (!Find(*context, request->dataset_version_id(), rows)) return NotFound(*request);
    response->mutable_dataset_version()->set_dataset_version_id(request->dataset_version_id());
    response->mutable_dataset_version()->set_eval_rows(static_cast<int64_t>(rows.size()));
    absl::MutexLock lock(&mutex_);
    if (claimed_rows_ > 0) response->mutable_dataset_version()->set_eval_rows(claimed_rows_);
    const auto agent = agents_.find(request->dataset_version_id());
    response->mutable_dataset_version()->mutable_options()->set_agent(
        agent == agents_.end() ? "helper" : agent->second);
    return grpc::Status::OK;
  }

  grpc::Status ReadDatasetRows(
      grpc::ServerContext* context, const curation::v1::ReadDatasetRowsRequest* request,
      grpc::ServerWriter<curation::v1::ReadDatasetRowsResponse>* writer) override {
    Rows rows;
    if (!Find(*context, request->dataset_version_id(), rows)) return NotFound(*request);
    curation::v1::ReadDatasetRowsResponse response;
    for (const auto& row : rows) {
      if (request->split() != curation::v1::SPLIT_UNSPECIFIED && request->split() != row.split()) {
        continue;
      }
      *response.add_rows() = row;
      if (response.rows_size() < 500) continue;
      writer->Write(response);
      response.Clear();
    }
    if (response.rows_size() > 0) writer->Write(response);
    return grpc::Status::OK;
  }

 private:
  bool Find(const grpc::ServerContext& context, const std::string& dataset_version_id, Rows& rows) {
    const auto named = context.client_metadata().find("x-flywheel-project");
    const std::string project = named == context.client_metadata().end()
                                    ? "default"
                                    : std::string(named->second.data(), named->second.size());
    absl::MutexLock lock(&mutex_);
    ++calls_;
    const auto found = rows_.find({project, dataset_version_id});
    if (found == rows_.end()) return false;
    rows = found->second;
    return true;
  }

  template <typename Request>
  static grpc::Status NotFound(const Request& request) {
    return rpc::ToGrpcStatus(
        errors::NotFound("dataset version", request.dataset_version_id(), "Build it."),
        "curation.flywheel", "r");
  }

  int port_ = 0;
  std::unique_ptr<grpc::Server> server_;
  mutable absl::Mutex mutex_;
  std::map<std::pair<std::string, std::string>, Rows> rows_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> agents_ ABSL_GUARDED_BY(mutex_);
  int64_t claimed_rows_ ABSL_GUARDED_BY(mutex_) = 0;
  grpc::Status refusal_ ABSL_GUARDED_BY(mutex_);
  int64_t calls_ ABSL_GUARDED_BY(mutex_) = 0;
};

// A row of the eval side: "question ID" with the answer "answer ID".
inline curation::v1::DatasetRow MakeRow(const std::string& id, const std::string& cohort = "") {
  curation::v1::DatasetRow row;
  row.set_interaction_id(id);
  row.set_split(curation::v1::SPLIT_EVAL);
  row.set_input("question " + id);
  row.set_ideal_output("answer " + id);
  row.set_source(curation::v1::ROW_SOURCE_STAFF_APPROVED);
  row.set_cohort(cohort);
  return row;
}

}  // namespace flywheel::evalgate

#endif  // FLYWHEEL_TESTS_EVAL_GATE_SERVICE_FAKE_CURATION_H_
