#include "redaction/tagger/features.h"

#include <algorithm>
#include <array>

namespace flywheel::redaction {
namespace {

constexpr uint64_t kFactor = 0x9ddfea08eb382d69;

uint64_t Mix(uint64_t a, uint64_t b) {
  const uint64_t mixed = (a ^ (b * kFactor)) * kFactor;
  return mixed ^ (mixed >> 29);
}

// The first (last) 2, 3, ... bytes of a word, or all of it; letters of ASCII in lower case.
using Ends = std::array<uint64_t, 6>;

uint64_t Lower(char byte) {
  const auto c = static_cast<unsigned char>(byte);
  return c < 0x80 ? c | 0x20U : c;
}

// Whole words are told from the ends of longer ones by the byte above.
Ends PrefixesOf(std::string_view word) {
  Ends ends{};
  uint64_t read = 0;
  for (size_t n = 1; n < ends.size(); ++n) {
    const size_t size = std::min(n, word.size());
    if (n == size) read = read << 8 | Lower(word[n - 1]);
    ends[n] = read | uint64_t{word.size() < n ? 1U : 2U} << (8 * size);
  }
  return ends;
}

Ends SuffixesOf(std::string_view word) {
  Ends ends{};
  uint64_t read = 0;
  for (size_t n = 1; n < ends.size(); ++n) {
    const size_t size = std::min(n, word.size());
    if (n == size) read |= Lower(word[word.size() - n]) << (8 * (n - 1));
    ends[n] = read | uint64_t{word.size() < n ? 1U : 2U} << (8 * size);
  }
  return ends;
}

// Outside of the window.
const Word& Nothing() {
  static const Word word;
  return word;
}

// Numbers of one length are one word but for their shape.
uint64_t Identity(const Word& word) {
  return IsDigits(word.shape) ? static_cast<uint64_t>(word.shape) : word.lower;
}

// Words of the open classes differ by what the lexicon says of them, not by language.
uint64_t Kind(const Word& word) { return word.lexicon & ~kFunctionWord; }

}  // namespace

WindowKind KindOf(const Window& window, std::array<uint32_t, kLanguages>& language_counts) {
  size_t lower = 0, capital = 0, capitals = 0;
  for (uint32_t& count : language_counts) count /= 2;
  for (size_t i = 0; i < window.size; ++i) {
    const Word& word = window.words[i];
    if (!IsWordShape(word.shape)) continue;
    if (word.shape == Shape::kLower) ++lower;
    if (word.shape == Shape::kCapital || word.shape == Shape::kMixed) ++capital;
    if (word.shape == Shape::kCapitals) ++capitals;
    if ((word.lexicon & kFunctionWord) == 0) continue;
    for (uint32_t l = 0; l < kLanguages; ++l) {
      if ((word.lexicon & kFirstLanguage << l) != 0) language_counts[l] += 4;
    }
  }
  WindowKind kind;
  const auto most = std::max_element(language_counts.begin(), language_counts.end());
  if (*most > 0) kind.language = 1 + static_cast<uint32_t>(most - language_counts.begin());
  const size_t all = lower + capital + capitals;
  if (capital + capitals > 0) kind.capitals = 1;
  if (all >= 3 && (capital + capitals) * 10 >= all * 6) kind.capitals = 2;
  if (all >= 3 && capitals * 10 >= all * 6) kind.capitals = 3;
  return kind;
}

void FeaturesOf(std::string_view text, const Window& window, const WindowKind& kind, size_t i,
                WordFeatures& features) {
  const auto at = [&](size_t place) -> const Word& {
    return place < window.size ? window.words[place] : Nothing();
  };
  // Underflow makes an index beyond every window.
  const Word& word = window.words[i];
  const Word& last = at(i - 1);
  const Word& before_last = at(i - 2);
  const Word& next = at(i + 1);
  const Word& after_next = at(i + 2);
  const std::string_view letters = text.substr(word.begin, word.end - word.begin);
  const Ends prefixes = PrefixesOf(letters), suffixes = SuffixesOf(letters);
  const auto shape = [](const Word& w) { return static_cast<uint64_t>(w.shape); };
  const uint64_t own = shape(word) | uint64_t{word.starts} << 6;
  const uint64_t looks = Kind(word) << 8 | own;
  const uint64_t id = Identity(word), id_last = Identity(last), id_next = Identity(next);
  const uint64_t shapes = shape(last) << 8 | shape(next) << 16;
  const uint64_t window_kind = uint64_t{kind.language} << 4 | kind.capitals;

  size_t n = 0;
  const auto add = [&](uint64_t a, uint64_t b) {
    features[n] = Mix(Mix(n + 1, a), b);
    ++n;
  };
  // The word itself: kIdentityFeatures.
  add(id, 0);
  add(id, own);
  add(id, id_last);
  add(id, id_next);
  add(prefixes[4], own);
  add(suffixes[4], own);
  add(id, shapes);
  add(suffixes[5], kind.language);
  // What it looks like.
  add(prefixes[2], own);
  add(prefixes[3], shape(word));
  add(suffixes[2], own);
  add(suffixes[3], own);
  add(suffixes[3], uint64_t{kind.language} << 32 | own);
  add(looks, window_kind);
  add(looks, 0);
  add(own, window_kind);
  add(looks, shapes);
  add(own, shapes | shape(before_last) << 24 | shape(after_next) << 32);
  add(std::min<uint64_t>(letters.size(), 12), own);
  // Its neighbours.
  add(id_last, 0);
  add(id_last, own);
  add(id_next, 0);
  add(id_next, own);
  add(id_last, looks);
  add(id_next, looks);
  add(Identity(before_last), own);
  add(Identity(after_next), own);
  add(Mix(Identity(before_last), id_last), own);
  add(Mix(id_next, Identity(after_next)), own);
  add(Mix(id_last, id_next), own);
  add(Kind(last) << 8 | shape(last), looks);
  add(Kind(next) << 8 | shape(next), looks);
  add(Mix(Kind(last) << 8 | shape(last), Kind(next) << 8 | shape(next)), looks);
  add(Kind(before_last) << 8 | shape(before_last), Mix(Kind(last) << 8 | shape(last), looks));
  add(Kind(after_next) << 8 | shape(after_next), Mix(Kind(next) << 8 | shape(next), looks));
  add(Identity(at(i - 3)), own);
  add(Identity(at(i + 3)), own);
  add(Mix(id_last, Kind(next) << 8 | shape(next)), own);
  add(Mix(id_next, Kind(last) << 8 | shape(last)), own);
  // Where it stands: the beginning, the line, the kind of the text.
  add(std::min<size_t>(i, 3) << 8 | std::min<size_t>(window.size - 1 - i, 3), own);
  add(uint64_t{word.spaced} | uint64_t{next.spaced} << 1, Mix(own, shapes));
  add(shape(before_last) | shapes, window_kind);
  add(Mix(shape(before_last), id_last), shape(word));
  add(Mix(id_last, id_next), window_kind);
}

}  // namespace flywheel::redaction
