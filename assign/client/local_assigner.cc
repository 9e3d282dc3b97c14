#include "assign/client/local_assigner.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/support/channel_arguments.h>

#include <algorithm>
#include <utility>

#include "absl/status/status.h"

namespace flywheel::assign {
namespace {

constexpr absl::Duration kShortestMaxAge = absl::Seconds(15);
// Of a snapshot's message: ten arms of 500 agents, with the longest names.
constexpr int kMaxMessageBytes = 16 << 20;

// gRPC ends the process, and prints it, where a header holds anything else.
bool IsPrintable(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

const Clock* MachineClock() {
  static const SystemClock& clock = *new SystemClock();
  return &clock;
}

}  // namespace

std::shared_ptr<grpc::Channel> LocalAssigner::OpenChannel(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments;
  // By itself gRPC waits up to two minutes between attempts.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1'000);
  arguments.SetMaxReceiveMessageSize(kMaxMessageBytes);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

absl::StatusOr<std::unique_ptr<LocalAssigner>> LocalAssigner::Start(
    const std::shared_ptr<grpc::Channel>& channel, const Options& options) {
  if (!IsPrintable(options.api_key) || !IsPrintable(options.project)) {
    return absl::InvalidArgumentError("the key or the project is not printable ASCII");
  }
  if (options.max_age < kShortestMaxAge) {
    return absl::InvalidArgumentError("max_age, want at least 15 seconds");
  }
  const Connection connection{experiment::v1::ExperimentService::NewStub(channel), options.api_key,
                              options.project};
  const Clock* clock = options.clock == nullptr ? MachineClock() : options.clock;
  return std::unique_ptr<LocalAssigner>(new LocalAssigner(connection, options, clock));
}

LocalAssigner::LocalAssigner(const Connection& connection, const Options& options,
                             const Clock* clock)
    : max_age_(options.max_age),
      flush_timeout_(options.flush_timeout),
      watch_(std::make_unique<ExperimentWatch>(connection, options.agents, clock)),
      sender_(std::make_unique<ExposureSender>(
          connection,
          ExposureSender::Options{.max_waiting = options.max_waiting_exposures,
                                  .on_tick = [watch = watch_.get()] { watch->BreakIfSilent(); }},
          clock)) {}

LocalAssigner::~LocalAssigner() { sender_->Flush(flush_timeout_); }

std::optional<Assigned> LocalAssigner::Assign(std::string_view agent, const Visitor& visitor) {
  const bool is_stale = watch_->Age() > max_age_;
  return watch_->knowledge().With([&](const Knowledge* knowledge) -> std::optional<Assigned> {
    const KnownAgent* known = knowledge == nullptr ? nullptr : knowledge->Find(agent);
    if (known == nullptr) return std::nullopt;
    Assigned assigned;
    assigned.fallback = is_stale;
    const KnownExperiment* experiment = known->experiment.get();
    if (experiment != nullptr && !is_stale) {
      const std::string_view unit_id = experiment->by_user ? visitor.user_id : visitor.session_id;
      if (!unit_id.empty()) {
        const uint64_t hash = experiment->assignment.HashOf(unit_id);
        const Place place = experiment->assignment.PlaceAt(hash);
        if (place.covered) {
          const KnownArm& arm = experiment->arms[place.arm];
          assigned.model_version = arm.model_version;
          assigned.experiment_id = experiment->experiment_id;
          assigned.arm_id = arm.arm_id;
          assigned.unit_hash = hash;
          sender_->Add(known->experiment, place.arm, unit_id, hash, visitor.attributes);
          return assigned;
        }
        assigned.not_covered = true;
      }
    }
    assigned.model_version = known->active_version;
    return assigned;
  });
}

}  // namespace flywheel::assign
