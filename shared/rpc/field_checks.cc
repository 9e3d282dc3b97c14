#include "shared/rpc/field_checks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/feed_token.h"
#include "shared/status/status_macros.h"
#include "shared/text/printable.h"
#include "shared/text/shorten.h"
#include "shared/time/time_text.h"

namespace flywheel::rpc {
namespace {

constexpr size_t kShownBytes = 40;
constexpr size_t kScopeDigits = 8;
constexpr int64_t kMaxLabels = 64;
constexpr size_t kMaxLabelNameBytes = 64;
constexpr size_t kMaxLabelValueBytes = 256;

std::string Shown(std::string_view value) {
  if (value.empty()) return "nothing";
  if (value.size() <= kShownBytes) return fmt::format("'{}'", Printable(value));
  return fmt::format("'{}...' ({} bytes)", Printable(Shorten(value, kShownBytes)), value.size());
}

// A token of another list or of other filters would begin somewhere without a word.
std::string ScopeDigits(std::string_view scope) { return Sha256Hex(scope).substr(0, kScopeDigits); }

absl::Status NoTokenOfThisList(std::string_view token) {
  return errors::InvalidArgument(
      "page_token", Shown(token),
      "next_page_token of the page before, with the same filters, or nothing");
}

}  // namespace

void FieldChecks::Add(std::string_view field, std::string_view got, std::string_view want) {
  violations_.push_back(
      {fmt::format("{}{}", prefix_, field), fmt::format("got {}, want {}", got, want)});
}

void FieldChecks::Require(bool ok, std::string_view field, std::string_view got,
                          std::string_view want) {
  if (!ok) Add(field, got, want);
}

void FieldChecks::Id(std::string_view field, std::string_view value) {
  Require(IsValidId(value), field, Shown(value), kIdFormat);
}

void FieldChecks::FeedToken(std::string_view field, std::string_view value) {
  Require(ParseFeedToken(field, value).ok(), field, Shown(value), kFeedTokenFormat);
}

void FieldChecks::Labels(std::string_view field,
                         const google::protobuf::Map<std::string, std::string>& value) {
  Range(field, static_cast<int64_t>(value.size()), 0, kMaxLabels);
  for (const auto& [name, text] : value) {
    Name(field, name, kMaxLabelNameBytes);
    OptionalName(field, text, kMaxLabelValueBytes);
  }
}

void FieldChecks::OptionalId(std::string_view field, std::string_view value) {
  if (!value.empty()) Id(field, value);
}

void FieldChecks::Text(std::string_view field, std::string_view value, size_t max_bytes) {
  if (value.size() > max_bytes)
    Add(field, Shown(value), fmt::format("at most {} bytes", max_bytes));
}

void FieldChecks::RequiredText(std::string_view field, std::string_view value, size_t max_bytes) {
  if (value.empty() || value.size() > max_bytes) {
    Add(field, Shown(value),
        max_bytes == SIZE_MAX ? "some text" : fmt::format("1 to {} bytes", max_bytes));
  }
}

void FieldChecks::Name(std::string_view field, std::string_view value, size_t max_bytes) {
  if (value.empty()) return RequiredText(field, value, max_bytes);
  OptionalName(field, value, max_bytes);
}

void FieldChecks::OptionalName(std::string_view field, std::string_view value, size_t max_bytes) {
  if (value.size() > max_bytes || HasControls(value)) {
    Add(field, Shown(value),
        fmt::format("at most {} bytes, none of them of a control or format character", max_bytes));
  }
}

void FieldChecks::Finite(std::string_view field, double value) {
  if (!std::isfinite(value)) Add(field, fmt::format("{}", value), "a finite number");
}

void FieldChecks::Range(std::string_view field, double value, double low, double high) {
  if (!(value >= low && value <= high)) {
    Add(field, fmt::format("{}", value), fmt::format("{} to {}", low, high));
  }
}

void FieldChecks::Range(std::string_view field, int64_t value, int64_t low, int64_t high) {
  if (value < low || value > high) {
    Add(field, fmt::format("{}", value), fmt::format("{} to {}", low, high));
  }
}

void FieldChecks::AtLeast(std::string_view field, int64_t value, int64_t low) {
  if (value < low) Add(field, fmt::format("{}", value), fmt::format("at least {}", low));
}

void FieldChecks::Enum(std::string_view field, bool is_known, int value) {
  if (!is_known) Add(field, fmt::format("{}", value), "a value of the enumeration");
}

void FieldChecks::EventTime(std::string_view field, bool has_value,
                            const google::protobuf::Timestamp& value) {
  constexpr std::string_view kWant =
      "a time from 2000 to five minutes from now, seconds since 1970 and nanos 0 to 999999999";
  if (!has_value) return Add(field, "nothing", kWant);
  const bool whole = value.nanos() >= 0 && value.nanos() <= 999'999'999;
  const absl::Time time = FromProto(value);
  const absl::Time earliest = absl::FromUnixSeconds(946'684'800);
  if (!whole || time < earliest || time > now_ + absl::Minutes(5)) {
    Add(field, SecondsText(time), kWant);
  }
}

void FieldChecks::NotNegative(std::string_view field, const google::protobuf::Duration& value) {
  // The longest that google.protobuf.Duration may hold: 10,000 years.
  constexpr int64_t kMaxSeconds = 315'576'000'000;
  if (value.seconds() < 0 || value.seconds() > kMaxSeconds || value.nanos() < 0 ||
      value.nanos() > 999'999'999) {
    Add(field, absl::FormatDuration(FromProto(value)), "0 to 10,000 years");
  }
}

void FieldChecks::Duration(std::string_view field, const google::protobuf::Duration& value,
                           absl::Duration low, absl::Duration high) {
  const bool small_nanos = value.nanos() > -1'000'000'000 && value.nanos() < 1'000'000'000;
  const bool one_sign =
      value.seconds() == 0 || value.nanos() == 0 || (value.seconds() > 0) == (value.nanos() > 0);
  const absl::Duration duration = FromProto(value);
  if (!small_nanos || !one_sign || duration < low || duration > high) {
    Add(field, fmt::format("{} s and {} ns", value.seconds(), value.nanos()),
        fmt::format("{} to {}", absl::FormatDuration(low), absl::FormatDuration(high)));
  }
}

absl::Status FieldChecks::status() const {
  return ok() ? absl::OkStatus() : errors::InvalidArgument(violations_);
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) + absl::Nanoseconds(time.nanos());
}

google::protobuf::Timestamp ToProto(absl::Time time) {
  google::protobuf::Timestamp proto;
  const int64_t micros = absl::ToUnixMicros(time);
  int64_t seconds = micros / 1'000'000;
  if (micros % 1'000'000 < 0) --seconds;
  proto.set_seconds(seconds);
  proto.set_nanos(static_cast<int32_t>((micros - seconds * 1'000'000) * 1'000));
  return proto;
}

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) + absl::Nanoseconds(duration.nanos());
}

google::protobuf::Duration ToProto(absl::Duration duration) {
  google::protobuf::Duration proto;
  proto.set_seconds(absl::ToInt64Seconds(duration));
  proto.set_nanos(
      static_cast<int32_t>(absl::ToInt64Nanoseconds(duration - absl::Seconds(proto.seconds()))));
  return proto;
}

absl::StatusOr<int64_t> PageSize(int32_t page_size) {
  if (page_size < 0) {
    return errors::InvalidArgument("page_size", std::to_string(page_size), "0 (means 50) to 1000");
  }
  return page_size == 0 ? 50 : std::min(page_size, 1'000);
}

std::string PageToken(std::string_view scope, int64_t number) {
  return number == 0 ? "" : IdPageToken(scope, std::to_string(number));
}

absl::StatusOr<int64_t> ParsePageToken(std::string_view scope, std::string_view token) {
  if (token.empty()) return 0;
  ASSIGN_OR_RETURN(const std::string digits, ParseIdPageToken(scope, token));
  int64_t number = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, number);
  if (parsed.ec == std::errc() && parsed.ptr == end && number > 0) return number;
  return NoTokenOfThisList(token);
}

std::string IdPageToken(std::string_view scope, std::string_view id) {
  return id.empty() ? "" : fmt::format("{}-{}", ScopeDigits(scope), id);
}

absl::StatusOr<std::string> ParseIdPageToken(std::string_view scope, std::string_view token) {
  if (token.empty()) return std::string();
  const std::string prefix = ScopeDigits(scope) + "-";
  if (token.size() > prefix.size() && token.substr(0, prefix.size()) == prefix) {
    return std::string(token.substr(prefix.size()));
  }
  return NoTokenOfThisList(token);
}

}  // namespace flywheel::rpc
