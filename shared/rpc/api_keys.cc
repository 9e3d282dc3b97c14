#include "shared/rpc/api_keys.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <sstream>

#include "shared/files/files.h"
#include "shared/ids/id.h"
#include "shared/privacy/digest.h"
#include "shared/status/errors.h"

namespace flywheel::rpc {
namespace {

constexpr std::string_view kRoleNames[] = {"reader", "trainer", "writer", "service"};

bool ParseRole(const std::string& name, Role& role) {
  for (size_t i = 0; i < std::size(kRoleNames); ++i) {
    if (kRoleNames[i] == name) {
      role = static_cast<Role>(i);
      return true;
    }
  }
  return false;
}

// Only services have a reason to see more than one tenant.
bool IsValidProject(const Identity& identity) {
  if (identity.project == "*") return identity.role == Role::kService;
  return IsValidId(identity.project);
}

}  // namespace

std::string_view RoleName(Role role) { return kRoleNames[static_cast<size_t>(role)]; }

absl::StatusOr<ApiKeys> ApiKeys::Load(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return errors::InvalidConfiguration("--api-keys-file",
                                        fmt::format("'{}', which cannot be read", path),
                                        "a readable file with one 'KEY PROJECT ROLE' a line");
  }
  ApiKeys keys;
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string key, role_name, more;
    Entry entry;
    if (!(words >> key)) continue;
    if (!(words >> entry.identity.project >> role_name) || (words >> more) ||
        !ParseRole(role_name, entry.identity.role) || key.size() < 16 ||
        !IsValidProject(entry.identity)) {
      return errors::InvalidConfiguration(
          "--api-keys-file", fmt::format("line {} of '{}', which is malformed", number, path),
          "KEY PROJECT ROLE: a key of at least 16 characters, a project of A-Z a-z 0-9 . _ : - "
          "(or * for all, with the role service only), and a role of reader, trainer, writer, "
          "service");
    }
    entry.key_sha256 = Sha256(key);
    for (const Entry& other : keys.entries_) {
      if (other.key_sha256 == entry.key_sha256) {
        return errors::InvalidConfiguration("--api-keys-file",
                                            fmt::format("a key twice, again in line {}", number),
                                            "every key once");
      }
    }
    keys.entries_.push_back(std::move(entry));
  }
  return keys;
}

absl::StatusOr<Identity> ApiKeys::Find(std::string_view key) const {
  const std::string key_sha256 = Sha256(key);
  const Entry* found = nullptr;
  for (const Entry& entry : entries_) {
    if (CRYPTO_memcmp(entry.key_sha256.data(), key_sha256.data(), key_sha256.size()) == 0) {
      found = &entry;
    }
  }
  if (found == nullptr) return errors::Unauthenticated("a key that this server does not know");
  return found->identity;
}

}  // namespace flywheel::rpc
