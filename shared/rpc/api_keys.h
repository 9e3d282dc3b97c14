// API keys: authentication of callers, with their project and role.
#ifndef FLYWHEEL_SHARED_RPC_API_KEYS_H_
#define FLYWHEEL_SHARED_RPC_API_KEYS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace flywheel::rpc {

// What a key may do; each role may do what those before it may, but kTrainer only reads besides its
// own.
enum class Role { kReader, kTrainer, kWriter, kService };

std::string_view RoleName(Role role);

// The tenant and the rights that a key stands for.
struct Identity {
  // "*" for a service's key: all projects, and x-flywheel-project names the one that a call is for.
  std::string project;
  Role role = Role::kReader;
  // SHA-256 of the key.
  std::string key_sha256;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// The keys of a server. Immutable, so thread-safe. The file has a line "KEY PROJECT ROLE" each,
// ROLE one of reader, trainer, writer, service; '#' begins a comment. Only hashes of the keys stay
// in memory.
class ApiKeys {
 public:
  // INVALID_CONFIGURATION where the file cannot be read, a line is malformed, a key is shorter than
  // 16 characters or stands twice. The message names the line, never the key.
  static absl::StatusOr<ApiKeys> Load(const std::string& path);

  // UNAUTHENTICATED for a key that is not in the file. Takes the same time for every wrong key.
  absl::StatusOr<Identity> Find(std::string_view key) const;
  // Whether `identity`, which another version of the file gave, still holds.
  bool Has(const Identity& identity) const;

  size_t size() const { return identities_.size(); }

 private:
  std::vector<Identity> identities_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_API_KEYS_H_
