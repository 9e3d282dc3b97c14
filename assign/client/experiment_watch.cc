#include "assign/client/experiment_watch.h"

#include <algorithm>
#include <utility>

namespace flywheel::assign {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(50);
constexpr absl::Duration kLongestPause = absl::Seconds(2);
// The service speaks every 10 seconds.
constexpr absl::Duration kSilence = absl::Seconds(30);

}  // namespace

ExperimentWatch::ExperimentWatch(Connection connection, std::vector<std::string> agents,
                                 const Clock* clock)
    : connection_(std::move(connection)), agents_(std::move(agents)), clock_(clock) {
  thread_ = std::thread([this] { Run(); });
}

ExperimentWatch::~ExperimentWatch() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    if (context_ != nullptr) context_->TryCancel();
  }
  thread_.join();
}

void ExperimentWatch::Run() {
  absl::Duration pause = kFirstPause;
  while (true) {
    if (ReadStream()) pause = kFirstPause;
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&stopping_), pause);
    if (stopping_) return;
    pause = std::min(2 * pause, kLongestPause);
  }
}

bool ExperimentWatch::ReadStream() {
  grpc::ClientContext context;
  connection_.Prepare(context);
  {
    absl::MutexLock lock(&mutex_);
    if (stopping_) return false;
    context_ = &context;
    spoke_time_ = clock_->Now();
  }
  experiment::v1::WatchExperimentsRequest request;
  request.mutable_agents()->Assign(agents_.begin(), agents_.end());
  const auto reader = connection_.stub->WatchExperiments(&context, request);
  Knowledge draft;
  bool has_spoken = false;
  for (experiment::v1::WatchExperimentsResponse response; reader->Read(&response);) {
    has_spoken = true;
    Take(response, draft);
  }
  const grpc::Status end = reader->Finish();
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  last_error_ = end.error_message();
  return has_spoken;
}

void ExperimentWatch::Take(const experiment::v1::WatchExperimentsResponse& response,
                           Knowledge& draft) {
  const absl::Time now = clock_->Now();
  // A stream begins with a snapshot, so the draft that it begins with is empty.
  for (const experiment::v1::AgentAssignment& agent : response.agents()) draft.Put(agent);
  if (!response.continues()) {
    if (response.snapshot() || response.agents_size() > 0) {
      knowledge_.Publish(std::make_shared<const Knowledge>(draft));
    }
    heard_micros_.store(ToMicros(now), std::memory_order_relaxed);
  }
  absl::MutexLock lock(&mutex_);
  spoke_time_ = now;
  if (!response.continues()) is_ready_ = true;
}

bool ExperimentWatch::AwaitFirst(absl::Duration timeout) const {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&is_ready_), timeout);
}

std::string ExperimentWatch::LastError() const {
  absl::MutexLock lock(&mutex_);
  return last_error_;
}

void ExperimentWatch::BreakIfSilent() {
  absl::MutexLock lock(&mutex_);
  if (context_ != nullptr && clock_->Now() - spoke_time_ > kSilence) context_->TryCancel();
}

}  // namespace flywheel::assign
