#include "experiment_service/unit_hasher.h"

#include <fmt/format.h>

#include "shared/status/errors.h"

namespace flywheel::experiment {
namespace {

constexpr size_t kHashBytes = 16;
// What ends the project, and keeps units apart from people.
constexpr std::string_view kUnitWord("\0unit:", 6);

}  // namespace

absl::StatusOr<UnitHasher> UnitHasher::FromFile(const std::string& path) {
  absl::StatusOr<Pseudonymiser> pseudonymiser = Pseudonymiser::FromFile(path);
  if (pseudonymiser.ok()) return UnitHasher(*std::move(pseudonymiser));
  return errors::InvalidConfiguration(
      "--unit-key-file", fmt::format("'{}', which cannot be read or is too short", path),
      "a file whose first line has at least 32 characters");
}

std::string UnitHasher::Hash(std::string_view project, std::string_view unit_id) const {
  // As Pseudonymiser makes a pseudonym, without its digits; with a word before it no id looks like
  // a pseudonym, which would stay as it is, so that two ids would share one hash.
  std::string content;
  content.reserve(project.size() + kUnitWord.size() + unit_id.size());
  content.append(project).append(kUnitWord).append(unit_id);
  std::string hash = pseudonymiser_.ContentMac(content);
  hash.resize(kHashBytes);
  return hash;
}

}  // namespace flywheel::experiment
