#include "ingest_service/otlp/placeholder_numbers.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "ingest_service/otlp/span_preparer.h"
#include "redaction/surroundings.h"

namespace flywheel::ingest {
namespace {

// A placeholder in a text.
struct Place {
  size_t begin = 0;
  size_t size = 0;
  std::string_view label;
  // -1 where it has more digits than any of ours.
  int64_t number = -1;

  bool waited() const {
    return number >= kFirstWaitingNumber && number < kFirstWaitingNumber + kWaitingNumbers;
  }
};

// The next one from `from` on; its size is 0 where there is none.
Place Next(std::string_view text, size_t from) {
  for (size_t begin = text.find('[', from); begin != std::string_view::npos;
       begin = text.find('[', begin + 1)) {
    const size_t size = redaction::PlaceholderAt(text, begin);
    if (size == 0) continue;
    const std::string_view inside = text.substr(begin + 1, size - 2);
    const size_t split = inside.rfind('_');
    const std::string_view digits = inside.substr(split + 1);
    Place place{begin, size, inside.substr(0, split), -1};
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), place.number);
    if (parsed.ec != std::errc()) place.number = -1;
    return place;
  }
  return {};
}

}  // namespace

void PlaceholderNumbers::Show(std::string_view text) {
  for (Place place = Next(text, 0); place.size > 0; place = Next(text, place.begin + place.size)) {
    if (place.waited() || place.number < 0 || place.number >= kFirstWaitingNumber) continue;
    int64_t& last = last_numbers_[std::string(place.label)];
    last = std::max(last, place.number);
  }
}

void PlaceholderNumbers::Number(std::string& text) {
  std::string numbered;
  size_t done = 0;
  for (Place place = Next(text, 0); place.size > 0; place = Next(text, place.begin + place.size)) {
    if (!place.waited()) continue;
    std::string& known = numbered_[text.substr(place.begin, place.size)];
    if (known.empty()) {
      known = fmt::format("[{}_{}]", place.label, ++last_numbers_[std::string(place.label)]);
    }
    numbered.append(text, done, place.begin - done).append(known);
    done = place.begin + place.size;
  }
  if (done == 0) return;
  numbered.append(text, done);
  text = std::move(numbered);
}

}  // namespace flywheel::ingest
