#include "ingest_service/otlp/export_key.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"

namespace flywheel::ingest {

std::string BearerOf(std::string_view authorization, std::string_view api_key) {
  const std::string bearer = "Bearer ";
  constexpr std::string_view kBasic = "Basic ";
  if (authorization.empty() && !api_key.empty()) return bearer + std::string(api_key);
  std::string header(authorization);
  if (!absl::StartsWithIgnoreCase(header, {kBasic.data(), kBasic.size()})) return header;
  std::string pair;
  if (!absl::Base64Unescape(header.substr(kBasic.size()), &pair)) return header;
  const size_t colon = std::min(pair.find(':'), pair.size());
  const bool has_password = colon + 1 < pair.size();
  return bearer + (has_password ? pair.substr(colon + 1) : pair.substr(0, colon));
}

}  // namespace flywheel::ingest
