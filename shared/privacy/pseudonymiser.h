// Pseudonymiser: names people by keyed hashes of their ids.
#ifndef FLYWHEEL_SHARED_PRIVACY_PSEUDONYMISER_H_
#define FLYWHEEL_SHARED_PRIVACY_PSEUDONYMISER_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "shared/hashing/hmac.h"

namespace flywheel {

// Turns a person's id into a name that says nothing without the key. Immutable, so thread-safe.
//
// Keys can be replaced: the newest names everything that is new, the others still find what was
// named before. A generation counts the keys from 0, the newest.
class Pseudonymiser {
 public:
  static constexpr size_t kMaxKeys = 8;

  explicit Pseudonymiser(std::string_view key) : keys_({HmacSha256(key)}) {}

  // Reads the keys from a file, one a line, the newest first; empty lines do not count. Makes the
  // file (mode 0600, 32 random bytes as hexadecimal) where it does not exist.
  // INVALID_CONFIGURATION where it cannot be read or made, holds more than kMaxKeys keys, or one of
  // fewer than 32 characters.
  static absl::StatusOr<Pseudonymiser> FromFile(const std::string& path);

  size_t generations() const { return keys_.size(); }

  // "u_" and the first 16 bytes of HMAC-SHA-256(key, project, 0, id) in hexadecimal: the same for
  // the same person in a project, different in another. An empty id stays empty, and a value that
  // has the form of a pseudonym stays as it is, so that records can be sent on.
  std::string Pseudonym(std::string_view project, std::string_view id, size_t generation = 0) const;

  // All names that the person has had, the newest first: one a generation, or the id alone where
  // it is empty or a pseudonym.
  std::vector<std::string> Pseudonyms(std::string_view project, std::string_view id) const;

  // HMAC-SHA-256 of content under the same key, 32 bytes: equal for equal content, and of no use to
  // whoever would find out by trying what the content was.
  std::string ContentMac(std::string_view content, size_t generation = 0) const;

 private:
  explicit Pseudonymiser(std::vector<HmacSha256> keys) : keys_(std::move(keys)) {}

  std::vector<HmacSha256> keys_;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_PSEUDONYMISER_H_
