#include "curation_service/rpc/violations.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <cstdlib>

#include "shared/ids/id.h"
#include "shared/text/shorten.h"

namespace flywheel::curation {
namespace {

// A wrong value, shortened to what an error can carry.
std::string Quoted(const std::string& value) {
  constexpr size_t kShownBytes = 160;
  if (value.size() <= kShownBytes) return fmt::format("'{}'", value);
  return fmt::format("'{}...' of {} bytes", Shorten(value, kShownBytes), value.size());
}

}  // namespace

void Violations::Add(std::string_view field, std::string_view got, std::string_view want) {
  found_.push_back({std::string(field), fmt::format("got {}, want {}", got, want)});
}

void Violations::CheckId(std::string_view field, const std::string& value) {
  if (!IsValidId(value)) Add(field, Quoted(value), kIdFormat);
}

void Violations::CheckText(std::string_view field, const std::string& value, size_t max_bytes) {
  if (value.empty() || value.size() > max_bytes) {
    Add(field, Quoted(value), fmt::format("1 to {} bytes", max_bytes));
  }
}

void Violations::CheckNumber(std::string_view field, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    Add(field, fmt::format("{}", value), fmt::format("{} to {}", low, high));
  }
}

void Violations::CheckFinite(std::string_view field, double value) {
  if (!std::isfinite(value)) Add(field, fmt::format("{}", value), "a finite number");
}

void Violations::CheckAtLeast(std::string_view field, int64_t value, int64_t low) {
  if (value < low) Add(field, std::to_string(value), fmt::format("at least {}", low));
}

void Violations::CheckDuration(std::string_view field, const google::protobuf::Duration& value,
                               absl::Duration low, absl::Duration high) {
  const bool well_formed =
      std::abs(static_cast<int64_t>(value.nanos())) < 1'000'000'000 &&
      (value.seconds() == 0 || value.nanos() == 0 || (value.seconds() > 0) == (value.nanos() > 0));
  const absl::Duration duration = absl::Seconds(value.seconds()) + absl::Nanoseconds(value.nanos());
  if (!well_formed || duration < low || duration > high) {
    Add(field, fmt::format("{} s and {} ns", value.seconds(), value.nanos()),
        fmt::format("{} to {}", absl::FormatDuration(low), absl::FormatDuration(high)));
  }
}

void Violations::CheckEnum(std::string_view field, bool is_known, int value) {
  if (!is_known) Add(field, std::to_string(value), "a value of the enumeration");
}

absl::Status Violations::ToStatus() const {
  return found_.empty() ? absl::OkStatus() : errors::InvalidArgument(found_);
}

}  // namespace flywheel::curation
