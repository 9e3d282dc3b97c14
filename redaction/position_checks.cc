#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <string>
#include <vector>

#include "redaction/checks.h"

namespace flywheel::redaction {
namespace {

struct Degrees {
  double value = 0;
  size_t decimals = 0;
  size_t begin = 0;
  size_t end = 0;
};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The numbers of a match, in their order.
std::vector<Degrees> ReadDegrees(std::string_view match) {
  std::vector<Degrees> numbers;
  for (size_t i = 0; i < match.size();) {
    if (!IsDigit(match[i])) {
      ++i;
      continue;
    }
    // A sign, digits, and decimals where digits follow the point.
    Degrees number;
    number.begin = i > 0 && (match[i - 1] == '-' || match[i - 1] == '+') ? i - 1 : i;
    while (i < match.size() && IsDigit(match[i])) ++i;
    if (i + 1 < match.size() && match[i] == '.' && IsDigit(match[i + 1])) {
      const size_t point = i++;
      while (i < match.size() && IsDigit(match[i])) ++i;
      number.decimals = i - point - 1;
    }
    number.end = i;
    number.value =
        std::strtod(std::string(match.substr(number.begin, i - number.begin)).c_str(), nullptr);
    numbers.push_back(number);
  }
  return numbers;
}

// Latitude and longitude, or as GeoJSON has them, longitude and latitude.
bool IsPosition(const Degrees& first, const Degrees& second) {
  const double a = std::abs(first.value), b = std::abs(second.value);
  const bool in_range = (a <= 90 && b <= 180) || (a <= 180 && b <= 90);
  return in_range && (a >= 1 || b >= 1);
}

// So precise that it is worth hiding: four decimals are ten metres, three a hundred.
bool HasDecimals(const Degrees& first, const Degrees& second, size_t most, size_t least) {
  return std::max(first.decimals, second.decimals) >= most &&
         std::min(first.decimals, second.decimals) >= least;
}

// What separates numbers i and i + 1.
std::string_view Between(std::string_view match, const std::vector<Degrees>& numbers, size_t i) {
  return match.substr(numbers[i].end, numbers[i + 1].begin - numbers[i].end);
}

// How many numbers from `first` on stand in the same brackets, or list.
size_t ListSize(std::string_view match, const std::vector<Degrees>& numbers, size_t first) {
  size_t last = first;
  while (last + 1 < numbers.size()) {
    const std::string_view between = Between(match, numbers, last);
    if (between.find_first_of("[]()") != std::string_view::npos) break;
    // "52.5200, 13.4050 12 minutes": what is separated in another way is another thing.
    const std::string_view pattern = Between(match, numbers, first);
    if (last > first && (between.find(',') == std::string_view::npos) !=
                            (pattern.find(',') == std::string_view::npos)) {
      break;
    }
    ++last;
  }
  return last - first + 1;
}

}  // namespace

size_t PositionCheck(std::string_view match) {
  const auto numbers = ReadDegrees(match);
  return numbers.size() >= 2 && IsPosition(numbers[0], numbers[1]) ? match.size() : 0;
}

size_t ExactPositionCheck(std::string_view match) {
  const auto numbers = ReadDegrees(match);
  if (numbers.size() < 2 || ListSize(match, numbers, 0) != 2) return 0;
  const bool precise = HasDecimals(numbers[0], numbers[1], 4, 3);
  return precise && IsPosition(numbers[0], numbers[1]) ? numbers[1].end : 0;
}

size_t PositionsCheck(std::string_view match) {
  // Pair by pair, each in brackets of its own, to the first that is none.
  const auto numbers = ReadDegrees(match);
  size_t end = 0;
  for (size_t first = 0; first + 1 < numbers.size();) {
    const size_t size = ListSize(match, numbers, first);
    const Degrees &a = numbers[first], &b = numbers[first + 1];
    // Later ones stand in brackets of their own.
    const bool listed =
        first == 0 || match.substr(end, a.begin - end).find('[') != std::string::npos;
    if (size < 2 || size > 3 || !listed || !IsPosition(a, b)) break;
    if (first == 0 && !HasDecimals(a, b, 3, 1)) break;
    end = b.end;
    first += size;
  }
  return end;
}

}  // namespace flywheel::redaction
