#include "experiment_service/unit_hasher.h"

#include <fmt/format.h>

#include "absl/strings/escaping.h"
#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

// Before the digits of a pseudonym.
constexpr size_t kPrefixBytes = 2;

}  // namespace

absl::StatusOr<UnitHasher> UnitHasher::FromFile(const std::string& path) {
  absl::StatusOr<Pseudonymiser> pseudonymiser = Pseudonymiser::FromFile(path);
  if (pseudonymiser.ok()) return UnitHasher(*std::move(pseudonymiser));
  return errors::InvalidConfiguration(
      "--unit-key-file", fmt::format("'{}', which cannot be read or is too short", path),
      "a file whose first line has at least 32 characters");
}

std::string UnitHasher::Hash(std::string_view project, std::string_view unit_id) const {
  // A pseudonym would stay as it is, and two ids would share one hash; with a word before it no id
  // looks like one.
  return absl::HexStringToBytes(
      pseudonymiser_.Pseudonym(project, fmt::format("unit:{}", unit_id)).substr(kPrefixBytes));
}

}  // namespace flywheel::experiment
