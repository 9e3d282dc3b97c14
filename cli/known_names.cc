#include "cli/known_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

namespace flywheel::cli {
namespace {

constexpr size_t kTold = 10;
// Longer ones are ids that nobody types.
constexpr size_t kMostNameBytes = 128;

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// Optimal string alignment: the edit distance in which neighbours may swap places as one step, row
// by row.
size_t TypingDistance(std::string_view a, std::string_view b) {
  std::vector<size_t> before(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t change = Lower(a[i - 1]) == Lower(b[j - 1]) ? 0 : 1;
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && Lower(a[i - 1]) == Lower(b[j - 2]) &&
                           Lower(a[i - 2]) == Lower(b[j - 1]);
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::string NearestName(std::string_view typed, const std::vector<std::string>& known) {
  std::string nearest;
  size_t least = std::max<size_t>(typed.size() / 3, 1) + 1;
  if (typed.size() > kMostNameBytes) return nearest;
  for (const std::string& name : known) {
    if (name.size() > kMostNameBytes) continue;
    const size_t distance = TypingDistance(typed, name);
    if (distance >= least) continue;
    least = distance;
    nearest = name;
  }
  return nearest;
}

std::string WhatThereIs(std::string_view things, std::string_view typed,
                        std::vector<std::string> known) {
  if (known.empty()) return fmt::format("There are no {}.", things);
  std::sort(known.begin(), known.end());
  const std::string nearest = NearestName(typed, known);
  std::string text = nearest.empty() ? "" : fmt::format("Did you mean '{}'? ", nearest);
  text += fmt::format("Known {}: ", things);
  const size_t told = std::min(known.size(), kTold);
  for (size_t i = 0; i < told; ++i) text += fmt::format("{}'{}'", i == 0 ? "" : ", ", known[i]);
  if (told < known.size()) text += fmt::format(" and {} more", known.size() - told);
  return text + ".";
}

}  // namespace flywheel::cli
