#include "cli/experiment/experiment_client.h"

#include <grpcpp/client_context.h>

#include <atomic>
#include <thread>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/gate_run/stop_signal.h"
#include "cli/health.h"
#include "shared/rpc/status_to_grpc.h"

namespace flywheel::cli {
namespace {

namespace experiment_v1 = experiment::v1;

constexpr absl::Duration kHealthTimeout = absl::Seconds(5);
// A stream has no end of its own; one that reaches this is begun anew.
constexpr absl::Duration kStreamTimeout = absl::Hours(24);
constexpr absl::Duration kPatience = absl::Minutes(1);
constexpr absl::Duration kRetryDelay = absl::Seconds(1);

// Cancels a call once StopSignal comes.
class CancelOnSignal {
 public:
  explicit CancelOnSignal(grpc::ClientContext* context)
      : thread_([this, context] {
          while (!done_) {
            if (StopSignal::Wait(absl::Milliseconds(50))) continue;
            context->TryCancel();
            return;
          }
        }) {}
  CancelOnSignal(const CancelOnSignal&) = delete;
  CancelOnSignal& operator=(const CancelOnSignal&) = delete;
  ~CancelOnSignal() {
    done_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> done_ = false;
  // The last one: it uses the others.
  std::thread thread_;
};

}  // namespace

absl::StatusOr<ExperimentClient> ExperimentClient::Open(const rpc::Target& target,
                                                        std::string project) {
  ASSIGN_OR_RETURN(rpc::Channel channel, rpc::Channel::Open(target));
  RETURN_IF_ERROR(CheckHealth(channel, kHealthTimeout));
  return ExperimentClient(std::move(channel), std::move(project));
}

absl::Status ExperimentClient::WatchAnalysis(
    const std::string& experiment_id,
    absl::FunctionRef<absl::Status(const experiment_v1::Analysis& analysis)> show) const {
  experiment_v1::WatchAnalysisRequest request;
  request.set_experiment_id(experiment_id);
  Stub stub(channel_.get());
  absl::Time give_up = absl::Now() + kPatience;
  while (true) {
    grpc::ClientContext context;
    channel_.Prepare(context, kStreamTimeout, project_);
    const CancelOnSignal cancel(&context);
    const auto reader = stub.WatchAnalysis(&context, request);
    experiment_v1::WatchAnalysisResponse response;
    while (reader->Read(&response)) {
      give_up = absl::Now() + kPatience;
      if (absl::Status shown = show(response.analysis()); !shown.ok()) {
        context.TryCancel();
        static_cast<void>(reader->Finish());
        return shown;
      }
    }
    absl::Status status = rpc::FromGrpcStatus(reader->Finish());
    if (status.ok() || StopSignal::Stopped()) return absl::OkStatus();
    if (!rpc::IsRetryable(status) || absl::Now() > give_up) return status;
    if (!StopSignal::Wait(kRetryDelay)) return absl::OkStatus();
  }
}

}  // namespace flywheel::cli
