#include "experiment_service/assignment_salt.h"

#include <openssl/rand.h>

#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

constexpr int kSaltBytes = 16;

}  // namespace

absl::StatusOr<std::string> RandomSalt() {
  unsigned char bytes[kSaltBytes];
  if (RAND_bytes(bytes, kSaltBytes) != 1) return errors::Internal("no random bytes");
  return std::string(reinterpret_cast<const char*>(bytes), kSaltBytes);
}

}  // namespace flywheel::experiment
