// Hashes of content, and pseudonyms of people.
#ifndef FLYWHEEL_SHARED_PRIVACY_DIGEST_H_
#define FLYWHEEL_SHARED_PRIVACY_DIGEST_H_

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace flywheel {

// SHA-256 as 32 bytes.
std::string Sha256(std::string_view data);

// SHA-256 as 64 lower-case hexadecimal digits.
std::string Sha256Hex(std::string_view data);

// Lower-case hexadecimal digits of bytes.
std::string ToHex(std::string_view bytes);

// Turns a person's id into a name that says nothing without the key. Immutable, so thread-safe.
class Pseudonymiser {
 public:
  explicit Pseudonymiser(std::string key) : key_(std::move(key)) {}

  // Reads the key from a file; makes the file (mode 0600, 32 random bytes as hexadecimal) where it
  // does not exist. INVALID_CONFIGURATION where it cannot be read or made, or holds fewer than 32
  // characters.
  static absl::StatusOr<Pseudonymiser> FromFile(const std::string& path);

  // "u_" and the first 16 bytes of HMAC-SHA-256(key, project, 0, id) in hexadecimal: the same for
  // the same person in a project, different in another. An empty id stays empty, and a value that
  // has the form of a pseudonym stays as it is, so that records can be sent on.
  std::string Pseudonym(std::string_view project, std::string_view id) const;

  // HMAC-SHA-256 of content under the same key, 32 bytes: equal for equal content, and of no use to
  // whoever would find out by trying what the content was.
  std::string ContentMac(std::string_view content) const;

 private:
  std::string key_;
};

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_PRIVACY_DIGEST_H_
