#include "eval_gate_service/rpc/release_log_validate.h"

#include <fmt/format.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "eval_gate_service/rpc/request_bounds.h"
#include "shared/rpc/list_request.h"

namespace flywheel::evalgate {
namespace {

constexpr size_t kHashDigits = 64;

}  // namespace

absl::Status Validate(const v1::VerifyReleaseLogRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  const std::string& head = request.expected_head();
  const bool is_hash = head.size() == kHashDigits &&
                       std::all_of(head.begin(), head.end(),
                                   [](unsigned char c) { return absl::ascii_isxdigit(c); });
  checks.Require(head.empty() || is_hash, "expected_head", fmt::format("{} bytes", head.size()),
                 "the entry_hash of an entry, 64 hexadecimal digits, or nothing");
  return checks.status();
}

absl::Status Validate(const v1::ListReleaseLogRequest& request) {
  rpc::FieldChecks checks = NewChecks();
  rpc::CheckListFilter(request, checks);
  checks.Enum("kind", v1::ReleaseKind_IsValid(request.kind()), request.kind());
  return checks.status();
}

}  // namespace flywheel::evalgate
