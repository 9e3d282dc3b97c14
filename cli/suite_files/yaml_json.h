// YAML as JSON values.
#ifndef FLYWHEEL_CLI_SUITE_FILES_YAML_JSON_H_
#define FLYWHEEL_CLI_SUITE_FILES_YAML_JSON_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/status/statusor.h"

namespace flywheel::cli {

// A document, and where in its file things stand.
struct YamlDocument {
  nlohmann::json value;
  // The line of each object of a list, by its JSON pointer, such as "/tests/3".
  std::map<std::string, int> lines;
};

// Scalars without quotes are null, truth values and numbers as YAML 1.2's core schema has them;
// aliases and merge keys ("<<") are resolved. JSON is YAML too. INVALID_ARGUMENT with the line
// where it is malformed, of several documents, nested deeper than 64, or would have more than a
// million values.
absl::StatusOr<YamlDocument> ReadYaml(const std::string& text, const std::string& name);

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_YAML_JSON_H_
