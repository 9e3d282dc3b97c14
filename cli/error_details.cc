#include "cli/error_details.h"

#include <optional>

#include "google/rpc/error_details.pb.h"

namespace flywheel::cli {
namespace {

template <typename Detail>
std::optional<Detail> DetailOf(const absl::Status& status) {
  const std::string url = "type.googleapis.com/" + Detail::descriptor()->full_name();
  const auto payload = status.GetPayload(url);
  Detail detail;
  if (!payload.has_value() || !detail.ParseFromString(std::string(*payload))) return std::nullopt;
  return detail;
}

}  // namespace

std::string DomainOf(const absl::Status& status) {
  const auto info = DetailOf<google::rpc::ErrorInfo>(status);
  return info ? info->domain() : std::string();
}

std::vector<errors::FieldViolation> ViolationsOf(const absl::Status& status) {
  std::vector<errors::FieldViolation> violations;
  const auto bad_request = DetailOf<google::rpc::BadRequest>(status);
  if (!bad_request) return violations;
  for (const auto& one : bad_request->field_violations()) {
    violations.push_back({one.field(), one.description()});
  }
  return violations;
}

}  // namespace flywheel::cli
