#include "shared/rpc/endpoint.h"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "absl/strings/match.h"
#include "shared/ids/id.h"
#include "shared/ids/uuid.h"
#include "shared/rpc/status_to_grpc.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/text/quote.h"
#include "shared/text/shorten.h"

namespace flywheel::rpc {
namespace {

constexpr size_t kMaxShownBytes = 40;

std::string_view Value(const grpc::ServerContextBase& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end()) return {};
  return {found->second.data(), found->second.size()};
}

CallMetadata MetadataOf(const grpc::ServerContextBase& context) {
  CallMetadata metadata{Value(context, "authorization"), Value(context, "x-flywheel-project"),
                        Value(context, "x-request-id")};
  // Which of two would count, and who wrote the other: a proxy that appends, perhaps.
  for (const char* key : {"authorization", "x-flywheel-project"}) {
    if (context.client_metadata().count(key) > 1) metadata.repeated = key;
  }
  return metadata;
}

// Whether a rule said no to a known key: its role, or what a call that decides may not do now.
bool IsRefusal(const Endpoint::Call& call, const absl::Status& status) {
  if (!call.caller.identity) return false;
  if (status.code() == absl::StatusCode::kPermissionDenied) return true;
  return call.wants >= Role::kOperator && status.code() == absl::StatusCode::kFailedPrecondition &&
         !errors::RetryDelayOf(status);
}

}  // namespace

absl::Status RefuseTrainer(const Caller& caller) {
  if (caller.role != Role::kTrainer) return absl::OkStatus();
  return errors::PermissionDenied("trainer",
                                  "another role than trainer, which reads the train side of "
                                  "datasets, from curation");
}

Endpoint::Endpoint(Options options, std::unique_ptr<KeyRing> keys, Metrics* metrics,
                   const Clock* clock)
    : options_(std::move(options)), keys_(std::move(keys)), metrics_(metrics), clock_(clock) {}

void Endpoint::ReloadKeys() {
  if (keys_ != nullptr) keys_->Reload();
}

absl::Status Endpoint::MayGoOn(const Caller& caller) const {
  if (draining()) return errors::ShuttingDown();
  return caller.identity ? keys_->Check(*caller.identity) : absl::OkStatus();
}

Endpoint::Call Endpoint::Begin(grpc::ServerContextBase& context, std::string_view method) const {
  Call call = Begin(CallMetadata{.request_id = Value(context, "x-request-id")}, method);
  call.context = &context;
  return call;
}

Endpoint::Call Endpoint::Begin(const CallMetadata& metadata, std::string_view method) const {
  Call call;
  call.start_time = clock_->Now();
  call.caller.method = method;
  call.caller.request_id = IsValidId(metadata.request_id) ? std::string(metadata.request_id)
                                                          : NewUuidV7(call.start_time);
  return call;
}

absl::Status Endpoint::Authenticate(const CallMetadata& metadata, Role role, Caller& caller) const {
  if (!metadata.repeated.empty()) {
    return errors::InvalidArgument(metadata.repeated, "more than one", "one header of this name");
  }
  if (keys_ == nullptr) {
    caller.role = Role::kOwner;
    caller.all_projects = true;
  } else {
    constexpr std::string_view kScheme = "Bearer ";
    const std::string_view header = metadata.authorization;
    if (!absl::StartsWithIgnoreCase({header.data(), header.size()},
                                    {kScheme.data(), kScheme.size()})) {
      return errors::Unauthenticated("no key");
    }
    ASSIGN_OR_RETURN(const Identity identity, keys_->Find(header.substr(kScheme.size())));
    caller.identity = identity;
    caller.key_id = identity.id;
    caller.project = identity.project;
    caller.all_projects = identity.project == "*";
    if (!identity.role) {
      return errors::PermissionDenied(fmt::format("none in {}", options_.service), RoleName(role));
    }
    caller.role = *identity.role;
  }
  const std::string named(metadata.project);
  if (!named.empty() && !IsValidId(named)) {
    return errors::InvalidArgument("x-flywheel-project",
                                   fmt::format("'{}'", Shorten(named, kMaxShownBytes)), kIdFormat);
  }
  if (caller.all_projects) {
    caller.project = named.empty() ? "default" : named;
    caller.all_projects = named.empty();
  } else if (!named.empty() && named != caller.project) {
    return errors::PermissionDenied(
        fmt::format("{} of project {}", RoleName(caller.role), caller.project),
        fmt::format("a role in project {}", named));
  }
  if (!MayDo(caller.role, role))
    return errors::PermissionDenied(RoleName(caller.role), RolesThatMay(role));
  return absl::OkStatus();
}

absl::Status Endpoint::Admit(const grpc::ServerContextBase& context, Role role,
                             int64_t request_bytes, Call& call) const {
  RETURN_IF_ERROR(Admit(MetadataOf(context), role, request_bytes, call));
  // gRPC's deadlines are of the machine's own clock.
  if (context.deadline() <= std::chrono::system_clock::now()) return errors::DeadlineExceeded();
  return absl::OkStatus();
}

absl::Status Endpoint::Admit(const CallMetadata& metadata, Role role, int64_t request_bytes,
                             Call& call) const {
  call.wants = role;
  RETURN_IF_ERROR(Authenticate(metadata, role, call.caller));
  if (draining()) return errors::ShuttingDown();
  return CheckSize(request_bytes);
}

absl::Status Endpoint::CheckSize(int64_t message_bytes) const {
  if (message_bytes <= options_.max_message_bytes) return absl::OkStatus();
  return errors::TooLarge("request", message_bytes, options_.max_message_bytes, "bytes");
}

void Endpoint::StartDraining() {
  draining_.store(true, std::memory_order_relaxed);
  if (listener_) listener_();
}

grpc::Status Endpoint::Conclude(const Call& call, const absl::Status& status) const {
  const absl::Duration duration = clock_->Now() - call.start_time;
  metrics_->CountCall(call.caller.method, status, duration);
  const auto level = status.ok()                                    ? spdlog::level::debug
                     : status.code() == absl::StatusCode::kInternal ? spdlog::level::err
                                                                    : spdlog::level::warn;
  if (spdlog::should_log(level)) {
    // What a client asked for or got wrong is repeated in the message, and may be anybody's data:
    // that is for the client alone.
    const bool repeats_input = status.code() == absl::StatusCode::kInvalidArgument ||
                               status.code() == absl::StatusCode::kNotFound ||
                               status.code() == absl::StatusCode::kUnimplemented;
    spdlog::log(
        level, "method={} project={} key={} request_id={} code={} reason={} ms={:.1f}{}",
        call.caller.method, call.caller.project, call.caller.key_id, call.caller.request_id,
        static_cast<int>(status.code()), ReasonName(errors::ReasonOf(status)),
        absl::ToDoubleMilliseconds(duration),
        status.ok() || repeats_input ? "" : " message=" + Quoted(errors::MessageOf(status)));
  }
  if (refusal_listener_ && IsRefusal(call, status)) refusal_listener_(call.caller, status);
  if (call.context != nullptr) {
    if (const std::optional<int64_t> pushback_ms = RetryPushbackMs(status)) {
      call.context->AddTrailingMetadata(std::string(kRetryPushbackHeader),
                                        std::to_string(*pushback_ms));
    }
  }
  return ToGrpcStatus(status, options_.service + ".flywheel", call.caller.request_id);
}

}  // namespace flywheel::rpc
