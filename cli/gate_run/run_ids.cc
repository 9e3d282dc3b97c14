#include "cli/gate_run/run_ids.h"

#include <fmt/format.h>

#include "absl/strings/ascii.h"
#include "shared/hashing/sha256.h"

namespace flywheel::cli {
namespace {

constexpr size_t kMostOfAVersion = 60;
constexpr size_t kHashCharacters = 16;

}  // namespace

std::string StableId(std::string_view kind, std::string_view version,
                     const std::vector<std::string>& parts) {
  std::string readable;
  for (const char c : version.substr(0, kMostOfAVersion)) {
    const bool may_stand = absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
                           c == '_' || c == ':' || c == '-';
    readable += may_stand ? c : '_';
  }
  std::string hashed;
  // With their lengths, so that no two lists are one text.
  for (const std::string& part : parts) hashed += fmt::format("{}:{}", part.size(), part);
  return fmt::format("{}-{}-{}", kind, readable, Sha256Hex(hashed).substr(0, kHashCharacters));
}

}  // namespace flywheel::cli
