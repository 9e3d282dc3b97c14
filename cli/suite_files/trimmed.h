// A text without the white space around it.
#ifndef FLYWHEEL_CLI_SUITE_FILES_TRIMMED_H_
#define FLYWHEEL_CLI_SUITE_FILES_TRIMMED_H_

#include <string_view>

namespace flywheel::cli {

// Blanks, tabs and line ends; a part of `text`.
inline std::string_view Trimmed(std::string_view text) {
  constexpr char kWhite[] = " \t\r\n";
  const size_t first = text.find_first_not_of(kWhite);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kWhite) - first + 1);
}

}  // namespace flywheel::cli

#endif  // FLYWHEEL_CLI_SUITE_FILES_TRIMMED_H_
