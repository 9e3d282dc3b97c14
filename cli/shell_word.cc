#include "cli/shell_word.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace flywheel::cli {
namespace {

constexpr std::string_view kPlainMarks = "._:/@%+=,-";

bool IsPlain(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         kPlainMarks.find(c) != std::string_view::npos;
}

}  // namespace

std::string ShellWord(std::string_view text) {
  if (!text.empty() && std::all_of(text.begin(), text.end(), IsPlain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) {
    // A quote ends the quotes, stands for itself behind a backslash, and begins others.
    if (c == '\'') {
      word += R"('\'')";
    } else {
      word += c;
    }
  }
  return word + "'";
}

}  // namespace flywheel::cli
