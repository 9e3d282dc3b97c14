#include "shared/privacy/pseudonymiser.h"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

#include "shared/files/files.h"
#include "shared/hashing/sha256.h"
#include "shared/status/errors.h"

namespace flywheel {
namespace {

constexpr size_t kPseudonymDigits = 32;
constexpr size_t kMinKeyCharacters = 32;

bool IsPseudonym(std::string_view id) {
  return id.size() == 2 + kPseudonymDigits && id.substr(0, 2) == "u_" &&
         id.find_first_not_of("0123456789abcdef", 2) == std::string_view::npos;
}

// Only ever creates: two services that start at once must end with one key.
void CreateKeyFile(const std::string& path) {
  unsigned char random[32];
  if (RAND_bytes(random, sizeof(random)) != 1) return;
  const std::string line = ToHex({reinterpret_cast<const char*>(random), sizeof(random)}) + "\n";
  // Half a key would be refused for ever, also once the disk has space again: all of it or nothing.
  WriteNewFile(path, line).IgnoreError();
}

}  // namespace

absl::StatusOr<Pseudonymiser> Pseudonymiser::FromFile(const std::string& path) {
  if (access(path.c_str(), F_OK) != 0) CreateKeyFile(path);
  std::ifstream file(path);
  std::vector<HmacSha256> keys;
  bool all_long = true;
  for (std::string key; std::getline(file, key) && keys.size() <= kMaxKeys;) {
    if (key.empty()) continue;
    all_long &= key.size() >= kMinKeyCharacters;
    keys.emplace_back(key);
  }
  if (keys.empty() || keys.size() > kMaxKeys || !all_long) {
    return errors::InvalidConfiguration(
        "--pseudonym-key-file",
        fmt::format("'{}', which cannot be read, or has a key that is too short or too many", path),
        fmt::format("a file of 1 to {} lines of at least {} characters, the newest key first",
                    kMaxKeys, kMinKeyCharacters));
  }
  return Pseudonymiser(std::move(keys));
}

std::string Pseudonymiser::Pseudonym(std::string_view project, std::string_view id,
                                     size_t generation) const {
  if (id.empty() || IsPseudonym(id)) return std::string(id);
  const std::string digest = keys_[generation].Mac(fmt::format("{}{}{}", project, '\0', id));
  return "u_" + ToHex(std::string_view(digest).substr(0, kPseudonymDigits / 2));
}

std::vector<std::string> Pseudonymiser::Pseudonyms(std::string_view project,
                                                   std::string_view id) const {
  if (id.empty() || IsPseudonym(id)) return {std::string(id)};
  std::vector<std::string> pseudonyms;
  for (size_t i = 0; i < keys_.size(); ++i) pseudonyms.push_back(Pseudonym(project, id, i));
  return pseudonyms;
}

std::string Pseudonymiser::ContentMac(std::string_view content, size_t generation) const {
  return keys_[generation].Mac(content);
}

}  // namespace flywheel
