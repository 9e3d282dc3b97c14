#include "shared/status/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace flywheel::errors {
namespace {

constexpr char kErrorInfoUrl[] = "type.googleapis.com/google.rpc.ErrorInfo";
constexpr char kRetryInfoUrl[] = "type.googleapis.com/google.rpc.RetryInfo";
constexpr char kBadRequestUrl[] = "type.googleapis.com/google.rpc.BadRequest";
constexpr size_t kMaxViolations = 10;

using Metadata = std::vector<std::pair<std::string_view, std::string>>;

absl::Status Make(absl::StatusCode code, Reason reason, const std::string& message,
                  const Metadata& metadata) {
  absl::Status status(code, message);
  google::rpc::ErrorInfo info;
  info.set_reason(std::string(ReasonName(reason)));
  for (const auto& [key, value] : metadata) (*info.mutable_metadata())[std::string(key)] = value;
  status.SetPayload(kErrorInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

absl::Status WithRetry(absl::Status status, absl::Duration delay) {
  google::rpc::RetryInfo info;
  const int64_t nanos = absl::ToInt64Nanoseconds(delay);
  info.mutable_retry_delay()->set_seconds(nanos / 1'000'000'000);
  info.mutable_retry_delay()->set_nanos(static_cast<int32_t>(nanos % 1'000'000'000));
  status.SetPayload(kRetryInfoUrl, absl::Cord(info.SerializeAsString()));
  return status;
}

template <typename Message>
std::optional<Message> Payload(const absl::Status& status, const char* url) {
  const auto payload = status.GetPayload(url);
  if (!payload.has_value()) return std::nullopt;
  Message message;
  if (!message.ParseFromString(std::string(*payload))) return std::nullopt;
  return message;
}

}  // namespace

absl::Status InvalidArgument(const std::vector<FieldViolation>& violations) {
  google::rpc::BadRequest bad_request;
  std::string text;
  // Beyond these, an answer would only grow: gRPC carries no status above 8 KiB.
  const size_t shown = std::min(violations.size(), kMaxViolations);
  for (size_t i = 0; i < shown; ++i) {
    auto* added = bad_request.add_field_violations();
    added->set_field(violations[i].field);
    added->set_description(violations[i].description);
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ", violations[i].field,
                        violations[i].description);
  }
  if (violations.size() > shown) text += fmt::format("; and {} more", violations.size() - shown);
  absl::Status status =
      Make(absl::StatusCode::kInvalidArgument, Reason::kInvalidArgument,
           text + ". Mend the request and send it again.", {{"field", violations.front().field}});
  status.SetPayload(kBadRequestUrl, absl::Cord(bad_request.SerializeAsString()));
  return status;
}

absl::Status InvalidArgument(std::string_view field, std::string_view got, std::string_view want) {
  return InvalidArgument({{std::string(field), fmt::format("got {}, want {}", got, want)}});
}

absl::Status EmptyBatch(std::string_view field) {
  return Make(
      absl::StatusCode::kInvalidArgument, Reason::kEmptyBatch,
      fmt::format("{}: got no item, want at least 1. Send what you have, or nothing.", field),
      {{"field", std::string(field)}});
}

absl::Status TooLarge(std::string_view field, int64_t got, int64_t limit, std::string_view unit) {
  return Make(absl::StatusCode::kInvalidArgument, Reason::kTooLarge,
              fmt::format("{}: got {} {}, want at most {}. Make it smaller, or split the request.",
                          field, got, unit, limit),
              {{"field", std::string(field)},
               {"got", std::to_string(got)},
               {"want", std::to_string(limit)}});
}

absl::Status NotFound(std::string_view what, std::string_view id, std::string_view next_step) {
  return Make(absl::StatusCode::kNotFound, Reason::kNotFound,
              fmt::format("{} '{}' does not exist in this project. {}", what, id, next_step),
              {{"what", std::string(what)}, {"id", std::string(id)}});
}

absl::Status AlreadyExistsWithOtherContent(std::string_view what, std::string_view id,
                                           std::string_view next_step) {
  return Make(
      absl::StatusCode::kAlreadyExists, Reason::kAlreadyExistsWithOtherContent,
      fmt::format("{} '{}' is known with other content, which stays. {}", what, id, next_step),
      {{"what", std::string(what)}, {"id", std::string(id)}});
}

absl::Status FailedPrecondition(Reason reason, std::string_view what, std::string_view id,
                                std::string_view got, std::string_view want) {
  return Make(absl::StatusCode::kFailedPrecondition, reason,
              fmt::format("{} '{}': got {}, want {}.", what, id, got, want),
              {{"what", std::string(what)},
               {"id", std::string(id)},
               {"got", std::string(got)},
               {"want", std::string(want)}});
}

absl::Status LeaseLost(std::string_view what, std::string_view id, std::string_view holder) {
  return Make(absl::StatusCode::kFailedPrecondition, Reason::kLeaseLost,
              fmt::format("the lease of {} '{}' is with {} now. Lease again, and report only what "
                          "you hold.",
                          what, id, holder),
              {{"what", std::string(what)}, {"id", std::string(id)}});
}

absl::Status GateNotPassed(std::string_view model_version, std::string_view got) {
  return Make(
      absl::StatusCode::kFailedPrecondition, Reason::kGateNotPassed,
      fmt::format(
          "model version '{}': the evaluation gate does not let it ship: {}. Do what it says, "
          "or waive the gate with an owner and a reason.",
          model_version, got),
      {{"model_version", std::string(model_version)}, {"got", std::string(got)}});
}

absl::Status NotEnoughData(std::string_view what, std::string_view got, std::string_view want) {
  return Make(
      absl::StatusCode::kFailedPrecondition, Reason::kNotEnoughData,
      fmt::format("{}: got {}, want {}. Collect more first.", what, got, want),
      {{"what", std::string(what)}, {"got", std::string(got)}, {"want", std::string(want)}});
}

absl::Status NotCaughtUp(std::string_view what, std::string_view got, std::string_view want,
                         absl::Duration retry) {
  return WithRetry(
      Make(
          absl::StatusCode::kUnavailable, Reason::kNotCaughtUp,
          fmt::format("{}: got {}, want {}. It is on its way: try again shortly.", what, got, want),
          {{"what", std::string(what)}, {"got", std::string(got)}, {"want", std::string(want)}}),
      retry);
}

absl::Status ChangedMeanwhile(std::string_view what, std::string_view id, std::string_view got) {
  return WithRetry(
      Make(absl::StatusCode::kAborted, Reason::kChangedMeanwhile,
           fmt::format("{} '{}': {}. Nothing was done: try again shortly.", what, id, got),
           {{"what", std::string(what)}, {"id", std::string(id)}, {"got", std::string(got)}}),
      absl::Seconds(1));
}

absl::Status Unauthenticated(std::string_view got) {
  return Make(
      absl::StatusCode::kUnauthenticated, Reason::kUnauthenticated,
      fmt::format("got {}, want the metadata 'authorization: Bearer KEY' with a key of this "
                  "server's key file.",
                  got),
      {});
}

absl::Status KeyExpired(std::string_view key_id, std::string_view expire_time) {
  return Make(absl::StatusCode::kUnauthenticated, Reason::kKeyExpired,
              fmt::format("the key '{}' expired at {}. Ask the operator for another one.", key_id,
                          expire_time),
              {{"key_id", std::string(key_id)}, {"expire_time", std::string(expire_time)}});
}

absl::Status PermissionDenied(std::string_view role, std::string_view want) {
  return Make(absl::StatusCode::kPermissionDenied, Reason::kPermissionDenied,
              fmt::format("the key has the role {}, want {}. Use another key.", role, want),
              {{"role", std::string(role)}, {"want", std::string(want)}});
}

absl::Status KeyNotNamed(std::string_view key_id, std::string_view what, std::string_view id,
                         std::string_view named_by) {
  return Make(
      absl::StatusCode::kPermissionDenied, Reason::kPermissionDenied,
      fmt::format("{} names the keys that may do this to {} '{}', and '{}' is none of them. "
                  "Use one of those, or have it named.",
                  named_by, what, id, key_id),
      {{"what", std::string(what)}, {"id", std::string(id)}, {"got", std::string(key_id)}});
}

absl::Status DeadlineExceeded() {
  return Make(
      absl::StatusCode::kDeadlineExceeded, Reason::kDeadlineExceeded,
      "the deadline passed before the work was done; nothing was changed. Send again with a "
      "later deadline.",
      {});
}

absl::Status Cancelled() {
  return Make(absl::StatusCode::kCancelled, Reason::kCancelled, "the caller cancelled the call.",
              {});
}

absl::Status BackPressure(int64_t queued_bytes, int64_t limit_bytes) {
  return WithRetry(
      Make(absl::StatusCode::kResourceExhausted, Reason::kBackPressure,
           fmt::format("{} bytes wait for the disk, the limit is {}. Nothing of this call was "
                       "stored: wait as RetryInfo says, then send it again.",
                       queued_bytes, limit_bytes),
           {{"queued_bytes", std::to_string(queued_bytes)},
            {"limit_bytes", std::to_string(limit_bytes)}}),
      absl::Milliseconds(100));
}

absl::Status StorageFull(std::string_view detail) {
  return WithRetry(
      Make(absl::StatusCode::kResourceExhausted, Reason::kStorageFull,
           fmt::format("the store is full ({}). Nothing of this call was stored; reads "
                       "go on. Make space, then send it again.",
                       detail),
           {{"detail", std::string(detail)}}),
      absl::Seconds(5));
}

absl::Status StorageUnavailable(std::string_view detail) {
  return WithRetry(Make(absl::StatusCode::kUnavailable, Reason::kStorageUnavailable,
                        fmt::format("the store does not answer ({}). Nothing of this call was "
                                    "acknowledged: send it again.",
                                    detail),
                        {{"detail", std::string(detail)}}),
                   absl::Seconds(1));
}

absl::Status UpstreamUnavailable(std::string_view service, std::string_view address,
                                 std::string_view detail) {
  return WithRetry(Make(absl::StatusCode::kUnavailable, Reason::kUpstreamUnavailable,
                        fmt::format("this call needs {} at {}, which does not answer ({}). Start "
                                    "it, then send the call again.",
                                    service, address, detail),
                        {{"service", std::string(service)}, {"address", std::string(address)}}),
                   absl::Seconds(1));
}

absl::Status RecogniserUnavailable(std::string_view detail) {
  return WithRetry(
      Make(absl::StatusCode::kUnavailable, Reason::kRecogniserUnavailable,
           fmt::format("texts have to be seen by the recogniser before they are stored, and were "
                       "not: {}. What it has not seen is not stored: send it again.",
                       detail),
           {{"detail", std::string(detail)}}),
      absl::Seconds(1));
}

absl::Status UpstreamRefused(std::string_view service, std::string_view address,
                             std::string_view detail) {
  return Make(absl::StatusCode::kFailedPrecondition, Reason::kUpstreamRefused,
              fmt::format("the {} service at {} refuses this service ({}). Give it a key of role "
                          "'service' that the upstream knows (--upstream-key-file), or mend the "
                          "certificates (--upstream-ca-file); sending again does not help.",
                          service, address, detail),
              {{"service", std::string(service)}, {"address", std::string(address)}});
}

absl::Status Busy(std::string_view what, int64_t limit) {
  return WithRetry(
      Make(absl::StatusCode::kResourceExhausted, Reason::kBusy,
           fmt::format("{}: {} run already, which is the limit. Send again later.", what, limit),
           {{"what", std::string(what)}, {"limit", fmt::format("{}", limit)}}),
      absl::Seconds(1));
}

absl::Status BusyWithBytes(std::string_view what, int64_t held, int64_t limit) {
  return WithRetry(
      Make(absl::StatusCode::kResourceExhausted, Reason::kBusy,
           fmt::format("{}: {} of {} bytes are held by calls that run, too many for this one. Send "
                       "again later.",
                       what, held, limit),
           {{"what", std::string(what)}, {"limit", fmt::format("{}", limit)}}),
      absl::Seconds(1));
}

absl::Status ShuttingDown() {
  return WithRetry(
      Make(absl::StatusCode::kUnavailable, Reason::kShuttingDown,
           "the server stops and takes no new work. Send again after its restart.", {}),
      absl::Seconds(1));
}

absl::Status QuotaExceeded(std::string_view project, std::string_view what, int64_t limit,
                           std::optional<absl::Duration> retry) {
  absl::Status status = Make(
      absl::StatusCode::kResourceExhausted, Reason::kQuotaExceeded,
      fmt::format("project {} may have {} {}, and this would be more. {}", project, limit, what,
                  retry ? "Send it again later." : "Ask the operator for a larger quota."),
      {{"project", std::string(project)},
       {"what", std::string(what)},
       {"limit", fmt::format("{}", limit)}});
  return retry ? WithRetry(std::move(status), *retry) : status;
}

absl::Status PrivacyBudgetSpent(std::string_view project, std::string_view spent,
                                std::string_view budget, std::string_view reset_time) {
  return Make(
      absl::StatusCode::kResourceExhausted, Reason::kPrivacyBudgetSpent,
      fmt::format(
          "project {} has spent an epsilon of {} of {}, and this answer would be more. What "
          "was answered before is answered again; ask for more after {}, or with a key of "
          "an operator.",
          project, spent, budget, reset_time),
      {{"project", std::string(project)},
       {"spent", std::string(spent)},
       {"budget", std::string(budget)},
       {"reset_time", std::string(reset_time)}});
}

absl::Status LegalHold(std::string_view reason, std::string_view held_by) {
  return Make(
      absl::StatusCode::kFailedPrecondition, Reason::kLegalHold,
      fmt::format("records that would be erased are held{} ({}). Lift the hold by SetLegalHold "
                  "first; nothing was erased.",
                  held_by.empty() ? "" : fmt::format(" by the key '{}'", held_by), reason),
      {{"reason", std::string(reason)}, {"held_by", std::string(held_by)}});
}

absl::Status Erased(std::string_view what, std::string_view id) {
  return Make(absl::StatusCode::kFailedPrecondition, Reason::kErased,
              fmt::format("{} {} was erased. Do not send this again; what is new needs a new id.",
                          what, id),
              {{"what", std::string(what)}, {"id", std::string(id)}});
}

absl::Status NoConsent(std::string_view purpose) {
  return Make(
      absl::StatusCode::kPermissionDenied, Reason::kNoConsent,
      fmt::format("the person does not want to be part of this ({}). Nothing was stored; do "
                  "not send it again.",
                  purpose),
      {{"purpose", std::string(purpose)}});
}

absl::Status StoreTooNew(std::string_view path, int64_t got, int64_t want) {
  return Make(absl::StatusCode::kFailedPrecondition, Reason::kStoreTooNew,
              fmt::format("{} has schema version {}, this program knows versions up to {}. Start a "
                          "newer program, or restore an older copy; nothing was changed.",
                          path, got, want),
              {{"got", std::to_string(got)}, {"want", std::to_string(want)}});
}

absl::Status StoreCorrupt(std::string_view path, std::string_view detail) {
  return Make(
      absl::StatusCode::kDataLoss, Reason::kStoreCorrupt,
      fmt::format("{} is damaged ({}). Nothing was changed. Keep the file, then restore the "
                  "store: flywheel restore --help.",
                  path, detail),
      {{"path", std::string(path)}, {"detail", std::string(detail)}});
}

absl::Status InvalidConfiguration(std::string_view flag, std::string_view got,
                                  std::string_view want) {
  return Make(
      absl::StatusCode::kInvalidArgument, Reason::kInvalidConfiguration,
      fmt::format("{}: got {}, want {}.", flag, got, want),
      {{"flag", std::string(flag)}, {"got", std::string(got)}, {"want", std::string(want)}});
}

absl::Status Internal(std::string_view detail) {
  return Make(absl::StatusCode::kInternal, Reason::kInternal, std::string(detail), {});
}

Reason ReasonOf(const absl::Status& status) {
  const auto info = Payload<google::rpc::ErrorInfo>(status, kErrorInfoUrl);
  return info ? ReasonFromName(info->reason()) : Reason::kUnspecified;
}

std::map<std::string, std::string> MetadataOf(const absl::Status& status) {
  const auto info = Payload<google::rpc::ErrorInfo>(status, kErrorInfoUrl);
  if (!info) return {};
  return {info->metadata().begin(), info->metadata().end()};
}

std::optional<absl::Duration> RetryDelayOf(const absl::Status& status) {
  const auto info = Payload<google::rpc::RetryInfo>(status, kRetryInfoUrl);
  if (!info) return std::nullopt;
  return absl::Seconds(info->retry_delay().seconds()) +
         absl::Nanoseconds(info->retry_delay().nanos());
}

std::string MessageOf(const absl::Status& status) { return std::string(status.message()); }

}  // namespace flywheel::errors
