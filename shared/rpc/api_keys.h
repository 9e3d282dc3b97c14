// API keys: authentication of callers, with their id, project, role and expiry.
#ifndef FLYWHEEL_SHARED_RPC_API_KEYS_H_
#define FLYWHEEL_SHARED_RPC_API_KEYS_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace flywheel::rpc {

// What a key may do. Every role reads. A trainer takes training runs, a writer records, an operator
// does all of that and decides: what is built, judged, served and erased. A service does all of it
// and what only services say to each other. An owner does all of it too, and says what a version
// has to show before it may ship, so that whoever is judged does not.
enum class Role { kReader, kTrainer, kWriter, kOperator, kService, kOwner };

std::string_view RoleName(Role role);

// Whether a key of role `has` may do what takes `wants`. Reading is for every role. A trainer and a
// writer have their own besides: the key with which an agent logs decides nothing.
bool MayDo(Role has, Role wants);

// The roles that may, for people: "operator, service or owner".
std::string RolesThatMay(Role wants);

// Who calls, and the rights that their key gives in one service.
struct Identity {
  // The key's name: what resources, logs and audit events say in its place.
  std::string id;
  // "*" for a service's key: all projects, and x-flywheel-project names the one that a call is for.
  std::string project;
  // Empty where the key is good for other services only.
  std::optional<Role> role = {};
  // From then on it does nothing.
  absl::Time expire_time = absl::InfiniteFuture();
  // SHA-256 of the key.
  std::string key_sha256;

  friend bool operator==(const Identity&, const Identity&) = default;
};

// The keys of a server. Immutable, so thread-safe. Only hashes of the keys stay in memory. A file
// has one key a line; '#' begins a comment:
//   ID  KEY  PROJECT  ROLES  [expires=TIME]
//   agent-prod  sha256:9f86...0a08  acme  ingest=writer,experiment=writer
//   expires=2027-01-01T00:00:00Z
// KEY is "sha256:" and 64 hexadecimal digits, or the key itself; ROLES a role, or SERVICE=ROLE for
// some services, or both: the bare role is then that of the services that are not named.
class ApiKeys {
 public:
  // The rights that the file gives in `service`, such as "eval-gate". INVALID_CONFIGURATION where
  // it cannot be read, a line is malformed, a key has less than 16 characters, or an id or a key
  // stands twice. The message names the line, and repeats nothing of it: it may be a key.
  static absl::StatusOr<ApiKeys> Load(const std::string& path, std::string_view service);

  // The same for one line, beside its place in a file.
  static absl::Status CheckLine(const std::string& line);

  // UNAUTHENTICATED for a key that is not in the file. Takes the same time for every wrong key.
  absl::StatusOr<Identity> Find(std::string_view key) const;
  // Whether `identity`, which another version of the file gave, still holds.
  bool Has(const Identity& identity) const;

  const std::vector<Identity>& identities() const { return identities_; }

 private:
  // What is wrong with a line; empty where it was taken.
  std::string Add(const std::string& line, std::string_view service);

  std::vector<Identity> identities_;
};

}  // namespace flywheel::rpc

#endif  // FLYWHEEL_SHARED_RPC_API_KEYS_H_
