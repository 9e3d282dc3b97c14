// flywheel::assign: assignment in the agent's own process.
#ifndef FLYWHEEL_ASSIGN_CLIENT_LOCAL_ASSIGNER_H_
#define FLYWHEEL_ASSIGN_CLIENT_LOCAL_ASSIGNER_H_

#include <grpcpp/channel.h>
#include <grpcpp/security/credentials.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "assign/client/experiment_watch.h"
#include "assign/client/exposure_sender.h"
#include "shared/time/clock.h"

namespace flywheel::assign {

// Who is to be served. One of the two ids at least, of at most 256 bytes of UTF-8.
struct Visitor {
  std::string_view user_id = {};
  std::string_view session_id = {};
  // For the plan's segments. Only those of the first exposure are looked at, and the arm does not
  // depend on them.
  UnitAttributes attributes = {};
};

// What serves a visitor, and what decided it.
struct Assigned {
  std::string model_version;
  // These two are empty where the active version serves.
  std::string experiment_id;
  std::string arm_id;
  // True where an experiment runs and its coverage leaves this visitor out.
  bool not_covered = false;
  // True where the service was away for longer than Options::max_age: this is the version that was
  // known last. Say so with the outcomes (UnitOutcome.fallback and served_version).
  bool fallback = false;
  // For LocalAssigner::Token; 0 where the active version serves.
  uint64_t unit_hash = 0;
};

// Deals users and sessions to versions as the service's Assign does, in nanoseconds and without
// asking it: it is told of every change within a second, and computes arms by the same code
// (assign/core). First exposures are gathered and sent to the service in the background; an outcome
// by a unit's id counts from then on (Flush, Token). Thread-safe; keeps two threads.
//
//   auto channel = LocalAssigner::OpenChannel("127.0.0.1:7404",
//   grpc::InsecureChannelCredentials()); auto assigner = LocalAssigner::Start(channel, {.api_key =
//   key}); if (!assigner.ok()) ...
//   (*assigner)->AwaitKnowledge(absl::Seconds(5));
//   ...
//   const auto assigned = (*assigner)->Assign("helper", {.user_id = user});
//   const std::string version = assigned ? assigned->model_version : kBuiltInVersion;
//
// While the service is away it goes on with what it knows, and exposures wait. From max_age on
// whatever runs may have been stopped for harm: then everybody gets the active version that was
// known last, as a fallback, until the service is back.
class LocalAssigner {
 public:
  struct Options {
    // Empty: all agents of the project.
    std::vector<std::string> agents = {};
    // Of role reader at least, and no trainer's; empty: none.
    std::string api_key = {};
    // Empty: the key's own.
    std::string project = {};
    // Up to this age what is known is good enough to go on with experiments. At least 15 seconds,
    // because the service says only every 10 that nothing changed.
    absl::Duration max_age = absl::Minutes(1);
    // Exposures that may wait for the service, in memory.
    size_t max_waiting_exposures = 65'536;
    // How long the destructor waits for the last of them.
    absl::Duration flush_timeout = absl::Seconds(2);
    // Null: the machine's.
    const Clock* clock = nullptr;
  };

  // A channel that finds a service that restarts within a second.
  static std::shared_ptr<grpc::Channel> OpenChannel(
      const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials);

  // Begins to listen; never waits for the service. INVALID_ARGUMENT where the key or the project
  // cannot be sent, or max_age is too short.
  static absl::StatusOr<std::unique_ptr<LocalAssigner>> Start(
      const std::shared_ptr<grpc::Channel>& channel, const Options& options);
  // Sends what waits, then ends.
  ~LocalAssigner();

  // Waits until something is known; whether it is. Until then Assign knows nobody.
  bool AwaitKnowledge(absl::Duration timeout) const { return watch_->AwaitFirst(timeout); }

  // Which version serves, and that this visitor is exposed to it from now on. Nothing for an agent
  // that has neither an experiment nor an active version, and before anything is known: serve what
  // you were built with. Never waits; about 100 ns.
  std::optional<Assigned> Assign(std::string_view agent, const Visitor& visitor);

  // For UnitOutcome.assignment_token; empty until the service has taken the exposure, and again
  // after 65,536 others: then name the experiment and the unit.
  std::string Token(const Assigned& assigned) const {
    return assigned.unit_hash == 0 ? "" : sender_->Token(assigned.unit_hash);
  }

  // Waits until the exposures of before are with the service; false where they are not in time.
  bool Flush(absl::Duration timeout) { return sender_->Flush(timeout); }

  // How old the knowledge is: up to 10 seconds while all is well; infinite before the first.
  absl::Duration Age() const { return watch_->Age(); }
  // Why the service last ended the stream of news; empty where it never did.
  std::string LastError() const { return watch_->LastError(); }
  ExposureCounts exposures() const { return sender_->counts(); }

 private:
  LocalAssigner(const Connection& connection, const Options& options, const Clock* clock);

  const absl::Duration max_age_;
  const absl::Duration flush_timeout_;
  const std::unique_ptr<ExperimentWatch> watch_;
  // Uses the watch.
  const std::unique_ptr<ExposureSender> sender_;
};

}  // namespace flywheel::assign

#endif  // FLYWHEEL_ASSIGN_CLIENT_LOCAL_ASSIGNER_H_
