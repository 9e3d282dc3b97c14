#include <algorithm>
#include <cctype>

#include "redaction/checks.h"

namespace flywheel::redaction {

size_t PostcodeCheck(std::string_view match) {
  // "ZIP 2024" is a year or a file more often than four digits of a town.
  return match.find_first_not_of('0') == std::string_view::npos ? 0 : match.size();
}

size_t LicenceCheck(std::string_view match) {
  // Half of it and more are digits: no word, and no number of pieces.
  const size_t digits = Digits(match).size();
  const auto letters = static_cast<size_t>(std::count_if(match.begin(), match.end(), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0;
  }));
  const bool year_span = match.size() == 9 && match[4] == '-' && match.substr(0, 2) == "20";
  return (digits >= 4 || (digits == 3 && letters >= 6)) && digits + letters >= 6 &&
                 digits + 2 >= letters / 2 && !year_span
             ? match.size()
             : 0;
}

}  // namespace flywheel::redaction
