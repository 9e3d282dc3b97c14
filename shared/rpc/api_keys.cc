#include "shared/rpc/api_keys.h"

#include <fmt/format.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <sstream>

#include "shared/files/files.h"
#include "shared/hashing/sha256.h"
#include "shared/ids/id.h"
#include "shared/rpc/secret_file.h"
#include "shared/status/errors.h"
#include "shared/status/status_macros.h"

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
  RETURN_IF_ERROR(CheckSecretFile("--api-keys-file", path));
  const auto text = ReadFile(path);
  if (!text.ok()) {
    return errors::InvalidConfiguration("--api-keys-file",
                                        fmt::format("'{}', which cannot be read", path),
                                        "a readable file with one 'KEY PROJECT ROLE' a line");
  }
  // Line by line; what follows '#' is a comment. No error repeats a key: logs keep errors.
  ApiKeys keys;
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    std::string key, role_name, more;
    Identity identity;
    if (!(words >> key)) continue;
    if (!(words >> identity.project >> role_name) || (words >> more) ||
        !ParseRole(role_name, identity.role) || key.size() < 16 || !IsValidProject(identity)) {
      return errors::InvalidConfiguration(
          "--api-keys-file", fmt::format("line {} of '{}', which is malformed", number, path),
          "KEY PROJECT ROLE: a key of at least 16 characters, a project of A-Z a-z 0-9 . _ : - "
          "(or * for all, with the role service only), and a role of reader, trainer, writer, "
          "service");
    }
    // Kept as a hash, so that memory holds no key.
    identity.key_sha256 = Sha256(key);
    for (const Identity& other : keys.identities_) {
      if (other.key_sha256 == identity.key_sha256) {
        return errors::InvalidConfiguration("--api-keys-file",
                                            fmt::format("a key twice, again in line {}", number),
                                            "every key once");
      }
    }
    keys.identities_.push_back(std::move(identity));
  }
  return keys;
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
