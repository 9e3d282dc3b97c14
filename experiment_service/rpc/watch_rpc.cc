// The calls that stream what changes.
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/slice.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "experiment_service/analysis_watch.h"
#include "experiment_service/rpc/convert.h"
#include "experiment_service/rpc/convert_analysis.h"
#include "experiment_service/rpc/experiment_rpc.h"
#include "experiment_service/rpc/validate.h"
#include "experiment_service/rpc/watch_stream.h"
#include "experiment_service/serving_cache.h"
#include "flywheel/experiment/v1/watch.pb.h"
#include "shared/rpc/byte_buffer.h"
#include "shared/rpc/call_places.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

namespace flywheel::experiment {
namespace {

template <typename Request>
absl::StatusOr<Request> ParseRequest(const grpc::ByteBuffer& bytes) {
  Request request;
  grpc::Slice slice;
  const bool is_there = bytes.Valid() && bytes.Length() > 0;
  if (is_there && (!bytes.DumpToSingleSlice(&slice).ok() ||
                   !request.ParseFromArray(slice.begin(), static_cast<int>(slice.size())))) {
    return errors::InvalidArgument("request", "bytes that are no message of the contract",
                                   "the request that this method takes, in protobuf's encoding");
  }
  RETURN_IF_ERROR(Validate(request));
  return request;
}

int64_t SizeOf(const grpc::ByteBuffer& bytes) {
  return bytes.Valid() ? static_cast<int64_t>(bytes.Length()) : 0;
}

// An experiment's analysis.
class AnalysisSource final : public WatchSource {
 public:
  AnalysisSource(rpc::CallPlaces::Place place, std::shared_ptr<AnalysisTopic> topic)
      : place_(std::move(place)), topic_(std::move(topic)) {}

  absl::StatusOr<News> Look() override {
    const WatchedAnalysisPtr newest = topic_->Newest(/*unseen=*/seen_ == 0);
    News news;
    news.is_last = newest->is_last;
    if (newest->change == seen_) return news;
    seen_ = newest->change;
    v1::WatchAnalysisResponse response;
    ToProto(newest->analysed, response.mutable_analysis());
    news.messages.push_back(rpc::ToByteBuffer(response));
    return news;
  }

 private:
  const rpc::CallPlaces::Place place_;
  const std::shared_ptr<AnalysisTopic> topic_;
  int64_t seen_ = 0;
};

// As many wait for a reader at most: of up to 20 kB each.
constexpr size_t kVersionsPerLook = 32;

// The active versions of a project's agents, or of one of them.
class ActiveVersionSource final : public WatchSource {
 public:
  ActiveVersionSource(rpc::CallPlaces::Place place, const ServingCache* serving,
                      std::string project, std::string agent)
      : place_(std::move(place)),
        serving_(serving),
        project_(std::move(project)),
        agent_(std::move(agent)) {}

  absl::StatusOr<News> Look() override {
    News news;
    const auto versions = serving_->ActiveVersionsSince(project_, agent_, kVersionsPerLook, seen_);
    news.has_more = versions.size() == kVersionsPerLook;
    for (const ActiveVersionPtr& active : versions) {
      v1::WatchActiveVersionsResponse response;
      ToProto(*active, response.mutable_active_version());
      news.messages.push_back(rpc::ToByteBuffer(response));
    }
    return news;
  }

 private:
  const rpc::CallPlaces::Place place_;
  const ServingCache* const serving_;
  const std::string project_;
  const std::string agent_;
  int64_t seen_ = 0;
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* ExperimentRpc::WatchAnalysis(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes) {
  using Source = std::unique_ptr<WatchSource>;
  const std::shared_ptr<WatchStream> stream = WatchStream::Start(
      *context, endpoint_, "WatchAnalysis", SizeOf(*bytes),
      [&](const rpc::Caller& caller) -> absl::StatusOr<Source> {
        ASSIGN_OR_RETURN(const auto request, ParseRequest<v1::WatchAnalysisRequest>(*bytes));
        ASSIGN_OR_RETURN(rpc::CallPlaces::Place place, analysis_watchers_.Take(caller));
        ASSIGN_OR_RETURN(std::shared_ptr<AnalysisTopic> topic,
                         use_cases_.watch->Watch(caller.project, request.experiment_id()));
        return Source(new AnalysisSource(std::move(place), std::move(topic)));
      });
  loop_.Add(stream);
  return stream.get();
}

grpc::ServerWriteReactor<grpc::ByteBuffer>* ExperimentRpc::WatchActiveVersions(
    grpc::CallbackServerContext* context, const grpc::ByteBuffer* bytes) {
  using Source = std::unique_ptr<WatchSource>;
  const std::shared_ptr<WatchStream> stream = WatchStream::Start(
      *context, endpoint_, "WatchActiveVersions", SizeOf(*bytes),
      [&](const rpc::Caller& caller) -> absl::StatusOr<Source> {
        ASSIGN_OR_RETURN(const auto request, ParseRequest<v1::WatchActiveVersionsRequest>(*bytes));
        ASSIGN_OR_RETURN(rpc::CallPlaces::Place place, version_watchers_.Take(caller));
        return Source(new ActiveVersionSource(std::move(place), use_cases_.serving, caller.project,
                                              request.agent()));
      });
  loop_.Add(stream);
  return stream.get();
}

}  // namespace flywheel::experiment
