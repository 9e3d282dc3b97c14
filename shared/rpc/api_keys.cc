#include "shared/rpc/api_keys.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "shared/files/files.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/secret_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"
#include "shared/time/time_text.h"

namespace flywheel::rpc {
namespace {

constexpr std::array<std::string_view, 6> kRoleNames = {"reader",   "trainer", "writer",
                                                        "operator", "service", "owner"};
constexpr std::array<std::string_view, 4> kServices = {"ingest", "curation", "eval-gate",
                                                       "experiment"};
constexpr std::string_view kHashPrefix = "sha256:";
constexpr std::string_view kExpires = "expires=";
constexpr size_t kLeastKeyBytes = 16;
constexpr std::string_view kLineFormat =
    "ID KEY PROJECT ROLES [expires=TIME] ('flywheel new-key' prints one): ID and PROJECT of A-Z "
    "a-z 0-9 . _ : - (PROJECT * for all, where every role is service); KEY of at least 16 "
    "characters, or sha256: and its 64 hexadecimal digits; ROLES of reader, trainer, writer, "
    "operator, service, owner, for one service as in ingest=writer, with commas between; TIME of "
    "RFC 3339";

bool ParseRole(std::string_view name, Role& role) {
  const auto found = std::find(kRoleNames.begin(), kRoleNames.end(), name);
  if (found == kRoleNames.end()) return false;
  role = static_cast<Role>(found - kRoleNames.begin());
  return true;
}

// The hash of the key that a line holds as either; empty where it is neither.
std::string HashOf(const std::string& key) {
  if (!key.starts_with(kHashPrefix)) return key.size() < kLeastKeyBytes ? "" : Sha256(key);
  const std::string digits = key.substr(kHashPrefix.size());
  const bool hexadecimal = digits.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  return digits.size() == 64 && hexadecimal ? absl::HexStringToBytes(digits) : "";
}

// The role that a line gives in `service`, if any. False where it is malformed, or gives all
// projects to another role than that of services, who alone have a reason to see several tenants.
bool ParseRoles(const std::string& text, std::string_view service, bool all_projects,
                std::optional<Role>& role) {
  std::vector<std::string> named;
  bool of_this_service = false;
  std::istringstream items(text);
  for (std::string item; std::getline(items, item, ',');) {
    const size_t equals = item.find('=');
    const std::string name = equals == std::string::npos ? "" : item.substr(0, equals);
    Role given = Role::kReader;
    if (!ParseRole(std::string_view(item).substr(name.empty() ? 0 : equals + 1), given) ||
        (all_projects && given != Role::kService) ||
        (!name.empty() && std::find(kServices.begin(), kServices.end(), name) == kServices.end()) ||
        std::find(named.begin(), named.end(), name) != named.end()) {
      return false;
    }
    named.push_back(name);
    if (name == service || (name.empty() && !of_this_service)) role = given;
    of_this_service = of_this_service || name == service;
  }
  return !named.empty() && text.back() != ',';
}

}  // namespace

std::string_view RoleName(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

bool MayDo(Role has, Role wants) {
  if (wants == Role::kReader) return true;
  // Of the last three each does what the ones before it do.
  return has >= Role::kOperator ? has >= wants : has == wants;
}

std::string RolesThatMay(Role wants) {
  std::vector<std::string_view> names;
  for (const Role has : {Role::kReader, Role::kTrainer, Role::kWriter, Role::kOperator,
                         Role::kService, Role::kOwner}) {
    if (MayDo(has, wants)) names.push_back(RoleName(has));
  }
  if (names.size() == 1) return std::string(names.front());
  const std::string_view last = names.back();
  names.pop_back();
  return fmt::format("{} or {}", fmt::join(names, ", "), last);
}

absl::StatusOr<ApiKeys> ApiKeys::Load(const std::string& path, std::string_view service) {
  RETURN_IF_ERROR(CheckSecretFile("--api-keys-file", path));
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return errors::InvalidConfiguration("--api-keys-file",
                                        fmt::format("'{}', which cannot be read", path),
                                        "a readable file with one key a line");
  }
  ApiKeys keys;
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string wrong = keys.Add(line.substr(0, line.find('#')), service);
    if (wrong.empty()) continue;
    return errors::InvalidConfiguration(
        "--api-keys-file", fmt::format("line {} of '{}', {}", number, path, wrong), kLineFormat);
  }
  return keys;
}

absl::Status ApiKeys::CheckLine(const std::string& line) {
  const std::string wrong = ApiKeys().Add(line, "");
  if (wrong.empty()) return absl::OkStatus();
  return errors::InvalidConfiguration("key", fmt::format("a line {}", wrong), kLineFormat);
}

std::string ApiKeys::Add(const std::string& line, std::string_view service) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(std::move(word));
  if (words.empty()) return "";
  if (words.size() < 4 || words.size() > 5) {
    return fmt::format("which has {} words in the place of 4 or 5", words.size());
  }
  Identity identity{.id = words[0], .project = words[2], .key_sha256 = HashOf(words[1])};
  if (!IsValidId(identity.id)) return "whose ID is malformed";
  // Kept as a hash, so that memory holds no key.
  if (identity.key_sha256.empty()) return "whose KEY is too short or no SHA-256";
  const bool all_projects = identity.project == "*";
  if (!all_projects && !IsValidId(identity.project)) return "whose PROJECT is malformed";
  if (!ParseRoles(words[3], service, all_projects, identity.role)) {
    return "whose ROLES are malformed, or not allowed for PROJECT *";
  }
  if (words.size() == 5) {
    if (!words[4].starts_with(kExpires)) return "whose fifth word is not expires=TIME";
    const std::optional<absl::Time> time = ParseTimeText(words[4].substr(kExpires.size()));
    if (!time) return "whose expires= is no time such as 2027-01-01T00:00:00Z";
    identity.expire_time = *time;
  }
  for (const Identity& other : identities_) {
    if (other.id == identity.id) return "whose ID stands in another line as well";
    if (other.key_sha256 == identity.key_sha256) return "whose KEY stands in another line as well";
  }
  identities_.push_back(std::move(identity));
  return "";
}

absl::StatusOr<Identity> ApiKeys::Find(std::string_view key) const {
  const std::string key_sha256 = Sha256(key);
  // All of them, each in constant time: how long it takes says nothing of how near a guess is.
  const Identity* found = nullptr;
  for (const Identity& identity : identities_) {
    if (CRYPTO_memcmp(identity.key_sha256.data(), key_sha256.data(), key_sha256.size()) == 0) {
      found = &identity;
    }
  }
  if (found == nullptr) return errors::Unauthenticated("a key that this server does not know");
  return *found;
}

bool ApiKeys::Has(const Identity& identity) const {
  return std::find(identities_.begin(), identities_.end(), identity) != identities_.end();
}

}  // namespace flywheel::rpc
