// Files that a file names: relative to its own folder.
#ifndef FLYWHEEL_CLI_SUITE_FILES_NEARBY_FILES_H_
#define FLYWHEEL_CLI_SUITE_FILES_NEARBY_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "cli/suite_files/yaml_json.h"

namespace flywheel::cli {

class NearbyFiles {
 public:
  // Of the file at this path.
  explicit NearbyFiles(std::string_view path);

  // Whether the text names a file as promptfoo has it: "file://...".
  static bool IsReference(std::string_view text);
  // The reference or relative path as a path that can be opened.
  std::string Path(std::string_view reference) const;
  // The paths that match, sorted, where it has a '*'; else itself.
  std::vector<std::string> Matches(std::string_view reference) const;

  // NOT_FOUND's words where it cannot be read.
  static absl::StatusOr<std::string> Text(const std::string& path);
  // A document of YAML or JSON; an array of its lines where it ends in .jsonl.
  static absl::StatusOr<YamlDocument> Document(const std::string& path);

  // Whether it is to be run, and not read: .js, .py, .ts, .rb, or "x.py:function".
  static bool IsProgram(std::string_view reference);
  static bool EndsIn(std::string_view path, std::string_view ending);

 private:
  // With '/' at its end; empty for the working directory.
  std::string folder_;
};

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_NEARBY_FILES_H_
