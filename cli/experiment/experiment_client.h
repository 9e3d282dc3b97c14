// Calls the experiment service, for the commands that speak to it.
#ifndef FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_CLIENT_H_
#define FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_CLIENT_H_

#include <google/protobuf/repeated_field.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "flywheel/experiment/v1/experiment_service.grpc.pb.h"
#include "shared/rpc/channel.h"
#include "shared/rpc/retry.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {

// Things of a list, and whether there are more.
template <typename Thing>
struct ListedThings {
  std::vector<Thing> things;
  bool more = false;
};

// A connection to the experiment service that speaks for one project. Thread-safe.
class ExperimentClient {
 public:
  using Stub = experiment::v1::ExperimentService::Stub;

  // UNAVAILABLE where no service serves there: of one that was never started the user hears at
  // once, though calls wait for one that restarts.
  static absl::StatusOr<ExperimentClient> Open(const rpc::Target& target, std::string project);

  // One call, sent again as long as that may help:
  //   client.Call(&ExperimentClient::Stub::GetExperiment, request)
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             Response*),
                                const Request& request) const {
    Stub stub(channel_.get());
    Response response;
    RETURN_IF_ERROR(rpc::CallWithRetry(
        channel_, {.attempt_timeout = kCallTimeout, .total_timeout = kCallTimeout},
        [&](grpc::ClientContext& context) { return (stub.*method)(&context, request, &response); },
        project_));
    return response;
  }

  // Up to `limit` of a list's things, page by page.
  template <typename Request, typename Response, typename Thing>
  absl::StatusOr<ListedThings<Thing>> List(
      grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
      const google::protobuf::RepeatedPtrField<Thing>& (Response::*things)() const, Request request,
      int limit) const {
    ListedThings<Thing> listed;
    do {
      const int missing = limit - static_cast<int>(listed.things.size());
      request.set_page_size(std::min(missing, kMostPerPage));
      ASSIGN_OR_RETURN(const Response response, Call(method, request));
      const auto& page = (response.*things)();
      listed.things.insert(listed.things.end(), page.begin(), page.end());
      request.set_page_token(response.next_page_token());
    } while (!request.page_token().empty() && static_cast<int>(listed.things.size()) < limit);
    listed.more = !request.page_token().empty();
    return listed;
  }

  // Hands each analysis of WatchAnalysis to `show`, until the experiment is stopped or StopSignal
  // comes, which must be installed. A stream that breaks is begun anew as long as a minute of tries
  // may help. An error of `show` ends it.
  absl::Status WatchAnalysis(
      const std::string& experiment_id,
      absl::FunctionRef<absl::Status(const experiment::v1::Analysis& analysis)> show) const;

 private:
  static constexpr absl::Duration kCallTimeout = absl::Seconds(30);
  static constexpr int kMostPerPage = 1'000;

  ExperimentClient(rpc::Channel channel, std::string project)
      : channel_(std::move(channel)), project_(std::move(project)) {}

  rpc::Channel channel_;
  std::string project_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_EXPERIMENT_EXPERIMENT_CLIENT_H_
