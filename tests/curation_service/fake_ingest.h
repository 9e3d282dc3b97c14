// Fake ingest server that serves its feed from memory.
#ifndef FLYWHEEL_TESTS_CURATION_SERVICE_FAKE_INGEST_H_
#define FLYWHEEL_TESTS_CURATION_SERVICE_FAKE_INGEST_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "flywheel/ingest/v1/ingest_service.grpc.pb.h"
#include "flywheel/ingest/v1/privacy_service.grpc.pb.h"
#include "shared/rpc/feed_token.h"
#include "shared/testing/feed_sequence.h"

namespace flywheel::curation {

// Takes the reports of what was erased. Thread-safe.
class FakePrivacy final : public ingest::v1::PrivacyService::Service {
 public:
  grpc::Status ReportErasure(grpc::ServerContext* context,
                             const ingest::v1::ReportErasureRequest* request,
                             ingest::v1::ReportErasureResponse*) override {
    const auto project = context->client_metadata().find("x-flywheel-project");
    absl::MutexLock lock(&mutex_);
    if (unknown_) return grpc::Status(grpc::StatusCode::NOT_FOUND, "no such erasure");
    reports_.push_back({std::string(project->second.data(), project->second.size()), *request});
    return grpc::Status::OK;
  }

  struct Report {
    std::string project;
    ingest::v1::ReportErasureRequest request;
  };

  // The first `count` reports, as soon as there are so many; fewer after half a minute.
  std::vector<Report> AwaitReports(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return reports_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(30));
    return reports_;
  }

  // From now on it knows no erasure.
  void ForgetErasures() {
    absl::MutexLock lock(&mutex_);
    unknown_ = true;
  }

 private:
  absl::Mutex mutex_;
  std::vector<Report> reports_ ABSL_GUARDED_BY(mutex_);
  bool unknown_ ABSL_GUARDED_BY(mutex_) = false;
};

// Serves ReadFeed over a real socket. Thread-safe. The feed survives Stop and Start.
class FakeIngest final : public ingest::v1::IngestService::Service {
 public:
  FakeIngest() { Start(); }
  ~FakeIngest() override { Stop(); }

  void Start() {
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = false;
    }
    grpc::ServerBuilder builder;
    builder.AddListeningPort("127.0.0.1:" + std::to_string(port_),
                             grpc::InsecureServerCredentials(), &port_);
    builder.RegisterService(this);
    builder.RegisterService(&privacy_);
    server_ = builder.BuildAndStart();
  }

  void Stop() {
    if (server_ == nullptr) return;
    {
      absl::MutexLock lock(&mutex_);
      stopping_ = true;
    }
    server_->Shutdown();
    server_->Wait();
    server_.reset();
  }

  FakePrivacy& privacy() { return privacy_; }

  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

  // Adds a record at the end of the feed and returns its sequence. Sequences have gaps.
  int64_t Add(ingest::v1::FeedEntry entry) {
    absl::MutexLock lock(&mutex_);
    last_sequence_ += 3;
    entry.set_sequence(last_sequence_);
    if (entry.project().empty()) entry.set_project("default");
    feed_.push_back(std::move(entry));
    return last_sequence_;
  }

  // Adds every record again, under the sequence that it had, as a feed that repeats itself would.
  int64_t RepeatAll() {
    absl::MutexLock lock(&mutex_);
    repeated_.insert(repeated_.end(), feed_.begin(), feed_.end());
    return ++last_sequence_;
  }

  // Ends every stream from now on with this status; OK: serves them.
  void Refuse(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    refusal_ = status;
  }

  // Streams that were opened so far.
  int streams() const {
    absl::MutexLock lock(&mutex_);
    return streams_;
  }

  grpc::Status ReadFeed(grpc::ServerContext* context, const ingest::v1::ReadFeedRequest* request,
                        grpc::ServerWriter<ingest::v1::ReadFeedResponse>* writer) override {
    int64_t cursor = testing::FeedSequence(request->cursor());
    bool told = false;
    {
      absl::MutexLock lock(&mutex_);
      ++streams_;
      if (!refusal_.ok()) return refusal_;
    }
    while (!context->IsCancelled()) {
      ingest::v1::ReadFeedResponse response;
      {
        absl::MutexLock lock(&mutex_);
        const auto ready = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
          return stopping_ || !told || last_sequence_ > cursor;
        };
        // Wakes now and then to see whether the reader is still there.
        mutex_.AwaitWithTimeout(absl::Condition(&ready), absl::Milliseconds(20));
        if (stopping_) return grpc::Status(grpc::StatusCode::UNAVAILABLE, "stopping");
        // Ingest says at once that there is nothing, too.
        if (told && last_sequence_ <= cursor) continue;
        told = true;
        for (ingest::v1::FeedEntry& entry : repeated_) *response.add_entries() = entry;
        repeated_.clear();
        for (const ingest::v1::FeedEntry& entry : feed_) {
          if (entry.sequence() > cursor && response.entries_size() < request->max_entries()) {
            *response.add_entries() = entry;
          }
        }
        const bool full = response.entries_size() == request->max_entries();
        cursor = full ? response.entries().rbegin()->sequence() : std::max(cursor, last_sequence_);
      }
      response.set_next_cursor(rpc::FeedToken(cursor));
      response.set_caught_up(true);
      if (!writer->Write(response)) break;
    }
    return grpc::Status::OK;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<ingest::v1::FeedEntry> feed_ ABSL_GUARDED_BY(mutex_);
  std::vector<ingest::v1::FeedEntry> repeated_ ABSL_GUARDED_BY(mutex_);
  int64_t last_sequence_ ABSL_GUARDED_BY(mutex_) = 0;
  int streams_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  grpc::Status refusal_ ABSL_GUARDED_BY(mutex_);
  int port_ = 0;
  FakePrivacy privacy_;
  std::unique_ptr<grpc::Server> server_;
};

}  // namespace flywheel::curation

#endif  // FLYWHEEL_TESTS_CURATION_SERVICE_FAKE_INGEST_H_
