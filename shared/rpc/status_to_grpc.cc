#include "shared/rpc/status_to_grpc.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::rpc {
namespace {

// gRPC refuses trailers above 8 kB by default; a message that long helps nobody.
constexpr size_t kMaxMessageBytes = 2'048;

std::string CallerText(const absl::Status& status, const std::string& request_id) {
  if (status.code() == absl::StatusCode::kInternal || status.code() == absl::StatusCode::kUnknown) {
    return fmt::format("a fault of the server, kept in its log under request id {}. Report it.",
                       request_id);
  }
  std::string text = errors::MessageOf(status);
  if (text.size() <= kMaxMessageBytes) return text;
  return std::string(Shorten(text, kMaxMessageBytes)) + "...";
}

}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status, const std::string& domain,
                          const std::string& request_id) {
  if (status.ok()) return grpc::Status::OK;
  google::rpc::Status rich;
  rich.set_code(static_cast<int>(status.code()));
  rich.set_message(CallerText(status, request_id));

  // ErrorInfo is made anew, with what only the server knows: its name and the request's id.
  google::rpc::ErrorInfo info;
  const Reason reason = errors::ReasonOf(status);
  info.set_reason(
      std::string(ReasonName(reason == Reason::kUnspecified ? Reason::kInternal : reason)));
  info.set_domain(domain);
  for (const auto& [key, value] : errors::MetadataOf(status))
    (*info.mutable_metadata())[key] = value;
  (*info.mutable_metadata())["request_id"] = request_id;
  rich.add_details()->PackFrom(info);

  // Everything else goes along as it is.
  status.ForEachPayload([&](auto url, const absl::Cord& payload) {
    const std::string type_url(url);
    if (type_url.size() >= 9 && type_url.substr(type_url.size() - 9) == "ErrorInfo") return;
    auto* detail = rich.add_details();
    detail->set_type_url(type_url);
    detail->set_value(std::string(payload));
  });
  std::string details = rich.SerializeAsString();
  if (details.size() > 2 * kMaxMessageBytes) {
    rich.mutable_details()->DeleteSubrange(1, rich.details_size() - 1);
    details = rich.SerializeAsString();
  }
  return grpc::Status(static_cast<grpc::StatusCode>(status.code()), rich.message(), details);
}

std::optional<int64_t> RetryPushbackMs(const absl::Status& status) {
  if (const std::optional<absl::Duration> delay = errors::RetryDelayOf(status)) {
    const absl::Duration whole = absl::Ceil(*delay, absl::Milliseconds(1));
    return std::max<int64_t>(absl::ToInt64Milliseconds(whole), 1);
  }
  if (status.code() == absl::StatusCode::kResourceExhausted) return -1;
  return std::nullopt;
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::Status result(static_cast<absl::StatusCode>(status.error_code()), status.error_message());
  google::rpc::Status rich;
  if (!rich.ParseFromString(status.error_details())) return result;
  for (const auto& detail : rich.details()) {
    result.SetPayload(detail.type_url(), absl::Cord(detail.value()));
  }
  return result;
}

}  // namespace flywheel::rpc
