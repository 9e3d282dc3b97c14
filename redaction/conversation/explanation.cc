#include "redaction/conversation/explanation.h"

#include <algorithm>

namespace flywheel::redaction {

size_t PlaceOutside(std::string_view text, std::string_view value,
                    const std::vector<Explanation>& known) {
  // Places that were taken are few here: what shows late is rare.
  constexpr int kMostPlaces = 100;
  size_t place = text.find(value);
  for (int i = 0; i < kMostPlaces && place != std::string_view::npos; ++i) {
    const auto taken = std::find_if(known.begin(), known.end(), [&](const Explanation& one) {
      return one.begin < place + value.size() && place < one.end;
    });
    if (taken == known.end()) return place;
    place = text.find(value, taken->end);
  }
  return std::string_view::npos;
}

}  // namespace flywheel::redaction
