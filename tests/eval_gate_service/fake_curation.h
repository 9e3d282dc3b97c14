// Fake curation server: serves dataset rows from a vector, over a real socket.
#ifndef FLYWHEEL_TESTS_EVAL_GATE_SERVICE_FAKE_CURATION_H_
#define FLYWHEEL_TESTS_EVAL_GATE_SERVICE_FAKE_CURATION_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "flywheel/curation/v1/curation_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/testing/feed_sequence.h"

namespace flywheel::evalgate {

// Serves the eval rows that it was given, by project and dataset version. Runs until Stop.
class FakeCuration final : public curation::v1::CurationService::Service {
 public:
  using Rows = std::vector<curation::v1::DatasetRow>;

  // Listens at HOST:PORT; at a free port where that is 0.
  explicit FakeCuration(const std::string& listen = "127.0.0.1:0") {
    grpc::ServerBuilder builder;
    builder.AddListeningPort(listen, grpc::InsecureServerCredentials(), &port_);
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

  // Every call fails with this from now on; OK: none.
  void Refuse(grpc::StatusCode code) {
    absl::MutexLock lock(&mutex_);
    refusal_ = grpc::Status(code, "the key is unknown");
  }

  // It knows the dataset version no more.
  void Forget(const std::string& project, const std::string& dataset_version_id) {
    absl::MutexLock lock(&mutex_);
    rows_.erase({project, dataset_version_id});
  }

  // Models of the project were trained on this input.
  void Teach(const std::string& project, const std::string& input,
             const std::string& model_version = "") {
    absl::MutexLock lock(&mutex_);
    taught_[{project, input}] = model_version;
  }

  // How many questions each call of FindTaughtQuestions asked.
  std::vector<int> question_counts() const {
    absl::MutexLock lock(&mutex_);
    return question_counts_;
  }

  // Takes rows out of all dataset versions of a project; then the erasure is finished.
  void Erase(const std::string& project, const std::string& erasure_id,
             const std::set<std::string>& interaction_ids) {
    absl::MutexLock lock(&mutex_);
    for (auto& [key, rows] : rows_) {
      if (key.first != project) continue;
      erased_rows_[key] += static_cast<int64_t>(std::erase_if(
          rows, [&](const auto& row) { return interaction_ids.contains(row.interaction_id()); }));
    }
    erasures_.emplace_back(project, erasure_id);
  }

  // The feed begins anew, and with it the places of the erasures: the first `count` of them are
  // finished again.
  void StartAnew(size_t count) {
    absl::MutexLock lock(&mutex_);
    erasures_.resize(count);
  }

  // Is called once, when the rows of a dataset version were read and before they are sent.
  void OnRead(std::function<void()> hook) {
    absl::MutexLock lock(&mutex_);
    on_read_ = std::move(hook);
  }

  struct Report {
    std::string project;
    curation::v1::ReportErasureRequest request;
  };

  // All reports, as soon as there are so many; fewer after half a minute.
  std::vector<Report> AwaitReports(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return reports_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30));
    return reports_;
  }

  bool HasReport() const {
    absl::MutexLock lock(&mutex_);
    return !reports_.empty();
  }

  // Returns when curation was asked for erasures so many times more.
  void AwaitLooks(int64_t count) {
    absl::MutexLock lock(&mutex_);
    const int64_t until = looks_ + count;
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return looks_ >= until; };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30));
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
    response->mutable_dataset_version()->set_state(curation::v1::DATASET_VERSION_STATE_READY);
    response->mutable_dataset_version()->set_eval_rows(static_cast<int64_t>(rows.size()));
    absl::MutexLock lock(&mutex_);
    if (claimed_rows_ > 0) response->mutable_dataset_version()->set_eval_rows(claimed_rows_);
    response->mutable_dataset_version()->set_erased_rows(
        erased_rows_[{ProjectOf(*context), request->dataset_version_id()}]);
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
    std::function<void()> hook;
    if (!request->ids_only()) {
      absl::MutexLock lock(&mutex_);
      hook = std::exchange(on_read_, nullptr);
    }
    if (hook) hook();
    curation::v1::ReadDatasetRowsResponse response;
    for (const auto& row : rows) {
      if (request->split() != curation::v1::SPLIT_UNSPECIFIED && request->split() != row.split()) {
        continue;
      }
      if (request->ids_only()) {
        response.add_rows()->set_interaction_id(row.interaction_id());
      } else {
        *response.add_rows() = row;
      }
      if (response.rows_size() < 500) continue;
      writer->Write(response);
      response.Clear();
    }
    if (response.rows_size() > 0) writer->Write(response);
    return grpc::Status::OK;
  }

  grpc::Status FindTaughtQuestions(grpc::ServerContext* context,
                                   const curation::v1::FindTaughtQuestionsRequest* request,
                                   curation::v1::FindTaughtQuestionsResponse* response) override {
    absl::MutexLock lock(&mutex_);
    if (!refusal_.ok()) return refusal_;
    question_counts_.push_back(request->questions_size());
    for (int i = 0; i < request->questions_size(); ++i) {
      const curation::v1::Question& question = request->questions(i);
      const auto taught = taught_.find({ProjectOf(*context), question.input()});
      if (taught == taught_.end() || question.has_history()) continue;
      const std::string& version = taught->second;
      if (version.empty() || request->model_version().empty() ||
          request->model_version() == version) {
        response->add_taught(i);
      }
    }
    return grpc::Status::OK;
  }

  grpc::Status ListErasures(grpc::ServerContext* context,
                            const curation::v1::ListErasuresRequest* request,
                            curation::v1::ListErasuresResponse* response) override {
    absl::MutexLock lock(&mutex_);
    ++looks_;
    if (!refusal_.ok()) return refusal_;
    EXPECT_TRUE(request->all_projects());
    EXPECT_FALSE(context->client_metadata().contains("x-flywheel-project"));
    size_t place = static_cast<size_t>(testing::FeedSequence(request->cursor()));
    if (place > erasures_.size()) place = 0;
    for (; place < erasures_.size() && response->erasures_size() < request->page_size(); ++place) {
      response->add_erasures()->set_project(erasures_[place].first);
      response->mutable_erasures()->rbegin()->set_erasure_id(erasures_[place].second);
    }
    response->set_next_cursor(rpc::FeedToken(static_cast<int64_t>(place)));
    return grpc::Status::OK;
  }

  grpc::Status ReportErasure(grpc::ServerContext* context,
                             const curation::v1::ReportErasureRequest* request,
                             curation::v1::ReportErasureResponse*) override {
    absl::MutexLock lock(&mutex_);
    if (!refusal_.ok()) return refusal_;
    reports_.push_back({ProjectOf(*context), *request});
    return grpc::Status::OK;
  }

 private:
  static std::string ProjectOf(const grpc::ServerContext& context) {
    const auto named = context.client_metadata().find("x-flywheel-project");
    return named == context.client_metadata().end()
               ? "default"
               : std::string(named->second.data(), named->second.size());
  }

  bool Find(const grpc::ServerContext& context, const std::string& dataset_version_id, Rows& rows) {
    absl::MutexLock lock(&mutex_);
    ++calls_;
    const auto found = rows_.find({ProjectOf(context), dataset_version_id});
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
  // By project and dataset version.
  std::map<std::pair<std::string, std::string>, int64_t> erased_rows_ ABSL_GUARDED_BY(mutex_);
  // Project and id; a cursor is a place in here.
  std::vector<std::pair<std::string, std::string>> erasures_ ABSL_GUARDED_BY(mutex_);
  std::vector<Report> reports_ ABSL_GUARDED_BY(mutex_);
  // By project and input, which version alone was taught it; empty: each.
  std::map<std::pair<std::string, std::string>, std::string> taught_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> question_counts_ ABSL_GUARDED_BY(mutex_);
  std::function<void()> on_read_ ABSL_GUARDED_BY(mutex_);
  int64_t looks_ ABSL_GUARDED_BY(mutex_) = 0;
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
