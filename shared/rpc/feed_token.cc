#include "shared/rpc/feed_token.h"

#include <fmt/format.h>

#include <charconv>

#include "shared/status/errors.h"
#include "shared/text/shorten.h"

namespace flywheel::rpc {
namespace {

// The form, and its version.
constexpr std::string_view kPrefix = "f1_";
constexpr size_t kDigits = 16;

}  // namespace

std::string FeedToken(int64_t sequence) {
  return sequence == 0 ? "" : fmt::format("{}{:016x}", kPrefix, sequence);
}

absl::StatusOr<int64_t> ParseFeedToken(std::string_view field, std::string_view token) {
  if (token.empty()) return 0;
  int64_t sequence = 0;
  if (token.size() == kPrefix.size() + kDigits && token.substr(0, kPrefix.size()) == kPrefix) {
    const char* const end = token.data() + token.size();
    const auto [parsed, error] = std::from_chars(token.data() + kPrefix.size(), end, sequence, 16);
    if (error == std::errc() && parsed == end && sequence > 0) return sequence;
  }
  return errors::InvalidArgument(field, fmt::format("'{}'", Shorten(token, 40)), kFeedTokenFormat);
}

}  // namespace flywheel::rpc
