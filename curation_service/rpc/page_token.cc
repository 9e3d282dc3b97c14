#include "curation_service/rpc/page_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>

#include "shared/status/errors.h"

namespace flywheel::curation {
namespace {

constexpr int64_t kDefaultPageSize = 50;
constexpr int64_t kLargestPageSize = 1'000;

}  // namespace

std::string EncodePageToken(const std::string& scope, int64_t before_ordinal) {
  return before_ordinal == 0 ? "" : fmt::format("{}.{}", scope, before_ordinal);
}

absl::StatusOr<int64_t> DecodePageToken(const std::string& scope, const std::string& token) {
  if (token.empty()) return std::numeric_limits<int64_t>::max();
  const std::string prefix = scope + ".";
  if (token.rfind(prefix, 0) == 0) {
    int64_t ordinal = 0;
    const char* const end = token.data() + token.size();
    const auto [parsed_to, error] = std::from_chars(token.data() + prefix.size(), end, ordinal);
    if (error == std::errc() && parsed_to == end && ordinal > 0) return ordinal;
  }
  return errors::InvalidArgument("page_token", fmt::format("'{}'", token),
                                 "next_page_token of the page before, with the same filter");
}

absl::StatusOr<int64_t> PageSize(int32_t requested) {
  if (requested < 0) {
    return errors::InvalidArgument("page_size", std::to_string(requested), "0 to 1000");
  }
  return requested == 0 ? kDefaultPageSize : std::min<int64_t>(requested, kLargestPageSize);
}

}  // namespace flywheel::curation
