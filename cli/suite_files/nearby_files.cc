#include "cli/suite_files/nearby_files.h"

#include <fmt/format.h>
#include <glob.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "cli/json_view.h"
#include "shared/files/files.h"
#include "shared/status/status_macros.h"

namespace flywheel::cli {
namespace {

constexpr std::string_view kReference = "file://";

}  // namespace

NearbyFiles::NearbyFiles(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) folder_ = path.substr(0, slash + 1);
}

bool NearbyFiles::IsReference(std::string_view text) {
  return text.substr(0, kReference.size()) == kReference;
}

std::string NearbyFiles::Path(std::string_view reference) const {
  if (IsReference(reference)) reference.remove_prefix(kReference.size());
  if (reference.substr(0, 2) == "./") reference.remove_prefix(2);
  const bool absolute = reference.substr(0, 1) == "/";
  return absolute ? std::string(reference) : folder_ + std::string(reference);
}

std::vector<std::string> NearbyFiles::Matches(std::string_view reference) const {
  const std::string path = Path(reference);
  if (path.find('*') == std::string::npos) return {path};
  glob_t found = {};
  std::vector<std::string> paths;
  // It sorts by itself, by the locale; what is imported must not depend on that.
  if (glob(path.c_str(), GLOB_NOSORT, nullptr, &found) == 0) {
    paths.assign(found.gl_pathv, found.gl_pathv + found.gl_pathc);
  }
  globfree(&found);
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::StatusOr<std::string> NearbyFiles::Text(const std::string& path) {
  absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return WrongInFile(path, "a file that cannot be read", "a readable file");
  return text;
}

absl::StatusOr<YamlDocument> NearbyFiles::Document(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, Text(path));
  YamlDocument document;
  if (EndsIn(path, ".json")) {
    ASSIGN_OR_RETURN(document.value, ParseJson(text, path));
    return document;
  }
  if (!EndsIn(path, ".jsonl")) return ReadYaml(text, path);
  document.value = nlohmann::json::array();
  std::string_view rest = text;
  for (int line = 1; !rest.empty(); ++line) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    const std::string_view current = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (current.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    document.lines[fmt::format("/{}", document.value.size())] = line;
    ASSIGN_OR_RETURN(nlohmann::json row, ParseJson(current, path, line));
    document.value.push_back(std::move(row));
  }
  return document;
}

bool NearbyFiles::EndsIn(std::string_view path, std::string_view ending) {
  return path.size() > ending.size() && path.substr(path.size() - ending.size()) == ending;
}

bool NearbyFiles::IsProgram(std::string_view reference) {
  constexpr std::array<std::string_view, 9> kEndings = {".js",  ".cjs", ".mjs", ".ts", ".cts",
                                                        ".mts", ".py",  ".rb",  ".sh"};
  // "prompts.py:basic_prompt" names a function of it.
  const size_t colon = reference.rfind(':');
  const size_t slash = reference.rfind('/');
  const bool function =
      colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
  const std::string_view path = function ? reference.substr(0, colon) : reference;
  return path.find('\n') == std::string_view::npos &&
         std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return EndsIn(path, ending); });
}

}  // namespace flywheel::cli
