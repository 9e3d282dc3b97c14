#include "eval_gate_service/rpc/upload_reader.h"

#include <fmt/format.h>

#include <utility>

#include "eval_gate_service/rpc/stall_guard.h"
#include "eval_gate_service/rpc/upload_convert.h"
#include "eval_gate_service/rpc/upload_validate.h"
#include "shared/ids/id.h"
#include "shared/rpc/field_checks.h"
#include "shared/status/status_macros.h"

namespace flywheel::evalgate {
namespace {

constexpr StallGuard::Limits kPatience = {.silence = absl::Seconds(60), .whole = absl::Minutes(10)};
constexpr size_t kToldFaults = 10;

// How errors name a case: by its id where it has one, else by its place in the upload.
std::string PrefixOf(const v1::UploadedCase& one, int64_t place) {
  return IsValidId(one.case_id()) ? fmt::format("case '{}': ", one.case_id())
                                  : fmt::format("cases[{}].", place);
}

}  // namespace

absl::Status UploadReader::Read(absl::FunctionRef<absl::Status(const v1::SuiteHeader&)> on_header) {
  StallGuard guard(*context_, kPatience);
  v1::UploadSuiteRequest message;
  if (!stream_->Read(&message)) return errors::Cancelled();
  if (!message.has_header() || !message.cases().empty() || message.last()) {
    return errors::InvalidArgument("header", message.has_header() ? "it beside cases" : "nothing",
                                   "the first message with the header and nothing else");
  }
  RETURN_IF_ERROR(on_header(message.header()));
  bool last = false;
  while (!last) {
    guard.Heard();
    RETURN_IF_ERROR(endpoint_->MayGoOn(*caller_));
    // A stream that breaks looks like one that ends: the last message says that it is the last.
    if (!stream_->Read(&message)) {
      if (context_->IsCancelled()) return errors::Cancelled();
      return errors::InvalidArgument("last", "the end of the stream",
                                     "a message with last = true before it: nothing was stored");
    }
    last = message.last();
    RETURN_IF_ERROR(TakeCases(message));
  }
  if (!faults_.empty()) return errors::InvalidArgument(faults_);
  return absl::OkStatus();
}

absl::Status UploadReader::CheckSizes(const v1::UploadSuiteRequest& message) {
  const auto bytes = static_cast<int64_t>(message.ByteSizeLong());
  RETURN_IF_ERROR(endpoint_->CheckSize(bytes));
  bytes_ += bytes;
  if (bytes_ > kMostUploadBytes) {
    return errors::TooLarge("the upload", bytes_, kMostUploadBytes, "bytes");
  }
  if (came_ + message.cases_size() > kMostCases) {
    return errors::TooLarge("cases", came_ + message.cases_size(), kMostCases, "cases");
  }
  return memory_->Hold(bytes + message.cases_size() * kBytesOfCase);
}

absl::Status UploadReader::TakeCases(v1::UploadSuiteRequest& message) {
  RETURN_IF_ERROR(CheckSizes(message));
  if (message.has_header()) {
    return errors::InvalidArgument("header", "a second one", "it in the first message alone");
  }
  for (v1::UploadedCase& one : *message.mutable_cases()) {
    rpc::FieldChecks checks(absl::InfiniteFuture(), PrefixOf(one, came_));
    CheckUploadedCase(one, checks);
    checks.Require(one.case_id().empty() || ids_.insert(one.case_id()).second, "case_id",
                   "the id of a case before it", "an id of its own for each");
    ++came_;
    faults_.insert(faults_.end(), checks.violations().begin(), checks.violations().end());
    if (faults_.size() >= kToldFaults) return errors::InvalidArgument(faults_);
    // With a fault among them nothing is kept: the rest is read for its own faults.
    if (faults_.empty()) {
      cases_.push_back(TakeCase(one));
    } else {
      std::exchange(cases_, {});
    }
  }
  return absl::OkStatus();
}

}  // namespace flywheel::evalgate
