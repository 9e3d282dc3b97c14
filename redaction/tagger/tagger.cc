#include "redaction/tagger/tagger.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "redaction/surroundings.h"
#include "redaction/tagger/doubts.h"
#include "redaction/tagger/guards.h"

namespace flywheel::redaction {
namespace {

// From here on a line's end closes a window: the next line has words for one of its own.
constexpr size_t kEnoughWords = 40;
constexpr size_t kEnoughPlaceholders = 6;
constexpr float kNever = -1e4F;
// In favour of finding: what is found is measured by its confidence anyway.
constexpr float kOutsideLess = 1;
// Words to both sides of one that may be personal that may belong to it.
constexpr size_t kNear = 3;
// How much surer, in logits, a name of one word must be, and one that is an ordinary word.
constexpr float kAlone = 1.5F;
constexpr float kSurnameAlone = 3;

// "J." or "St.": a sentence does not end here.
bool IsAbbreviated(const Word& word) {
  return word.shape == Shape::kInitial ||
         (word.lexicon & (kTitle | kStreetWord | kUnitWord | kCompanyWord)) != 0;
}

// May the word be of a name, or stand behind the number of a house?
bool MayBePersonal(const Window& window, size_t i) {
  const Word& word = window.words[i];
  if (word.technical || !IsWordShape(word.shape)) return false;
  const bool ordinary = (word.lexicon & kOrdinary) != 0;
  const bool given = (word.lexicon & kGivenName) != 0;
  if (word.shape == Shape::kLower) return given && !ordinary && !IsFunctionWord(word);
  if (word.shape == Shape::kInitial) return false;
  const bool follows_number = i > 0 && (IsDigits(window.words[i - 1].shape) ||
                                        window.words[i - 1].shape == Shape::kNumberWord);
  if (follows_number || given || !(ordinary || IsFunctionWord(word))) return true;
  return !word.starts && !IsFunctionWord(word);
}

// An ordinary word that nobody is called, or a mark.
bool IsNobody(const Word& word) {
  if (!IsWordShape(word.shape)) return true;
  if ((word.lexicon & (kGivenName | kSurname)) != 0) return false;
  return (word.lexicon & (kOrdinary | kTitle)) != 0;
}

// "[den Kosten, ]Maurice", "Gemma[ - book]": cuts what is not of a name off its ends, but for the
// "van" of a surname and the mark behind an initial.
void TrimName(const Window& window, size_t& first, size_t& last) {
  const size_t begin = first, end = last;
  while (first < last && IsNobody(window.words[first])) {
    const Word& word = window.words[first];
    const bool particle = word.shape == Shape::kLower && word.end - word.begin <= 3;
    const size_t next = first + 1;
    if (particle && next < last && !IsNobody(window.words[next])) break;
    ++first;
  }
  while (last > first && IsNobody(window.words[last - 1])) {
    if (window.words[last - 1].shape == Shape::kPeriod) break;
    --last;
  }
  if (first == last) {
    first = begin;
    last = end;
  }
}

// What stands behind a name in no text: "lat, lon = f()", "Ville: Lyon".
bool IsLabel(std::string_view text, const Window& window, size_t first, size_t last) {
  if (last >= window.size) return false;
  const char next = text[window.words[last].begin];
  if (next == '=') return true;
  bool given = false;
  for (size_t i = first; i < last; ++i) {
    given = given || (window.words[i].lexicon & kGivenName) != 0;
  }
  return next == ':' && !given && last - first == 1;
}

// Each round of redaction changes what stands around the names that are left. Where so many are
// gone, the window is done with, so that the rounds come to an end.
bool IsDone(std::string_view text, const Window& window) {
  size_t placeholders = 0;
  for (size_t i = 1; i < window.size; ++i) {
    const Word& word = window.words[i];
    if (!word.technical || text[word.begin - 1] != '[') continue;
    if (PlaceholderAt(text, word.begin - 1) > 0) ++placeholders;
  }
  return placeholders >= kEnoughPlaceholders;
}

size_t TypeOf(uint8_t tag) { return (tag - 1U) / 2; }

// A quotation mark that is the syntax of JSON: it opens behind one of "{[,:", closes before ":,]}".
bool IsJsonQuote(std::string_view text, const Word& word) {
  if (word.shape != Shape::kQuote || text[word.begin] != '"') return false;
  constexpr std::string_view kBefore = "{[,:", kBehind = ":,]}";
  size_t before = word.begin;
  while (before > 0 && word.begin - before < 4 && text[before - 1] == ' ') --before;
  if (before > 0 && kBefore.find(text[before - 1]) != std::string_view::npos) return true;
  return word.end < text.size() && kBehind.find(text[word.end]) != std::string_view::npos;
}

// The window of a JSON key ends with its quotation mark, before a colon.
bool IsJsonKey(std::string_view text, const Window& window) {
  const Word& last = window.words[window.size - 1];
  return last.shape == Shape::kQuote && text[last.begin] == '"' && last.end < text.size() &&
         text[last.end] == ':' && window.size <= 6;
}

}  // namespace

bool Tagger::Ends(std::string_view text, const Window& window) {
  const Word& word = window.words[window.size - 1];
  if (word.shape < Shape::kLineEnd) return false;
  const Shape before = window.size > 1 ? window.words[window.size - 2].shape : Shape::kOther;
  if (word.shape == Shape::kLineEnd) return before == Shape::kLineEnd || window.size > kEnoughWords;
  if (IsJsonQuote(text, word)) return true;
  if (word.shape != Shape::kPeriod) return false;
  // White space and no lower case behind it.
  if (word.end >= text.size() || (text[word.end] != ' ' && text[word.end] != '\n')) return false;
  if (text[word.begin] == '.' && window.size > 1 && IsAbbreviated(window.words[window.size - 2])) {
    return false;
  }
  const size_t behind = text.find_first_not_of(' ', word.end);
  return behind == std::string_view::npos || text[behind] < 'a' || text[behind] > 'z';
}

void Tagger::Complete(Window& window) const {
  for (size_t i = 0; i < window.size; ++i) {
    Word& word = window.words[i];
    if (IsWordShape(word.shape) && !IsReadWhole(word)) {
      word.lexicon |= model_->OrdinaryOf(word.lower);
    }
  }
}

bool Tagger::IsCandidate(const Window& window) {
  for (size_t i = 0; i < window.size; ++i) {
    if (MayBePersonal(window, i)) return true;
  }
  return false;
}

// Adds bytes up two at a time, as if each pair were one number: first all of it, then the upper
// byte alone, and the lower is what is left. A bias keeps both from being negative.
std::array<int16_t, kLanes> Tagger::SumOf(const WordFeatures& features) const {
  using Pairs = uint16_t __attribute__((vector_size(kLanes)));
  constexpr uint16_t kBias = 0x80;
  Pairs all{}, upper{};
  for (const uint64_t feature : features) {
    Pairs row;
    std::memcpy(&row, model_->Row(feature), sizeof(row));
    row ^= static_cast<uint16_t>(kBias << 8 | kBias);
    all += row;
    upper += row >> 8;
  }
  const Pairs lower = all - (upper << 8);
  std::array<int16_t, kLanes> sums{};
  for (size_t pair = 0; pair < kLanes / 2; ++pair) {
    sums[2 * pair] = static_cast<int16_t>(lower[pair] - kBias * kFeatures);
    sums[2 * pair + 1] = static_cast<int16_t>(upper[pair] - kBias * kFeatures);
  }
  return sums;
}

void Tagger::Score(std::string_view text, const Window& window, const WindowKind& kind,
                   size_t begin, size_t end, Lattice& lattice) const {
  const ModelHeader& header = model_->header();
  lattice.size = end - begin;
  WordFeatures features;
  for (size_t i = begin; i < end; ++i) {
    std::array<float, kLanes>& scores = lattice.scores[i - begin];
    if (window.words[i].technical) {
      scores.fill(kNever);
      scores[0] = 0;
      continue;
    }
    FeaturesOf(text, window, kind, i, features);
    const std::array<int16_t, kLanes> sums = SumOf(features);
    for (size_t t = 0; t < kLanes; ++t) scores[t] = header.scale * static_cast<float>(sums[t]);
    scores[0] -= kOutsideLess;
  }
}

void Tagger::Decide(std::string_view text, const Window& window, const WindowKind& kind,
                    Wanted wanted, std::vector<TaggedSpan>& spans) const {
  // Only what stands near a word that may be personal is read; the rest is outside.
  std::array<bool, kMaxWindow> read{};
  for (size_t i = 0; i < window.size; ++i) {
    if (!MayBePersonal(window, i)) continue;
    const size_t end = std::min(window.size, i + kNear + 1);
    for (size_t near = i - std::min(i, kNear); near < end; ++near) read[near] = true;
  }
  const bool capitals = kind.capitals == 3;
  Lattice lattice;
  for (size_t first = 0; first < window.size;) {
    if (!read[first]) {
      ++first;
      continue;
    }
    size_t last = first;
    while (last < window.size && read[last]) ++last;
    if (wanted == Wanted::kAll || MayHoldName(window, capitals, first, last) ||
        MayHoldAddress(window, first, last)) {
      DecideRun(text, window, kind, first, last, lattice, spans);
    }
    first = last;
  }
}

void Tagger::DecideRun(std::string_view text, const Window& window, const WindowKind& kind,
                       size_t begin, size_t end, Lattice& lattice,
                       std::vector<TaggedSpan>& spans) const {
  Score(text, window, kind, begin, end, lattice);
  std::array<uint8_t, kMaxWindow> tags{};
  if (!BestTags(steps_, lattice, tags)) return;
  const size_t size = end - begin;
  // Only now is it worth to know how sure that is.
  Marginals marginals;
  MarginalsOf(steps_, lattice, marginals);
  for (size_t i = 0; i < size;) {
    if (tags[i] == 0) {
      ++i;
      continue;
    }
    const size_t type = TypeOf(tags[i]);
    const size_t first = begin + i;
    // As sure as the least sure of its words.
    float least = 1;
    do {
      least = std::min(least, marginals[i][2 * type + 1] + marginals[i][2 * type + 2]);
      ++i;
    } while (i < size && tags[i] == 2 * type + 2);
    AddSpan(text, window, kind, {first, begin + i, type, least}, spans);
  }
}

// `span` is in words, and as sure as the weights say; it is added in bytes, and calibrated.
void Tagger::AddSpan(std::string_view text, const Window& window, const WindowKind& kind,
                     TaggedSpan span, std::vector<TaggedSpan>& spans) const {
  size_t first = span.begin, last = span.end;
  while (last > first && window.words[last - 1].shape == Shape::kLineEnd) --last;
  if (last == first) return;
  const bool capitals = kind.capitals == 3;
  const DataType type = kTaggedTypes[span.type];
  const float odds =
      std::log(std::max(span.confidence, 1e-6F) / std::max(1 - span.confidence, 1e-6F));
  float logit = model_->header().slope[span.type] * odds + model_->header().offset[span.type];
  if (type == DataType::kName) {
    TrimName(window, first, last);
    if (!MayBeName(text, window, capitals, first, last) || IsLabel(text, window, first, last))
      return;
    const bool alone = StandsAlone(window, first, last);
    logit -= NameDoubt(text, window, first, last, alone);
    if (alone) {
      const bool surname = (window.words[first].lexicon & (kGivenName | kOrdinary)) == kOrdinary;
      logit -= surname ? kSurnameAlone : kAlone;
    }
  }
  if (type == DataType::kAddress && (!MayBeAddress(text, window, capitals, first, last) ||
                                     IsNoAddress(text, window, first, last))) {
    return;
  }
  spans.push_back({window.words[first].begin, window.words[last - 1].end, span.type,
                   1 / (1 + std::exp(-logit))});
}

void Tagger::Find(std::string_view text, std::vector<TaggedSpan>& spans, Wanted wanted) const {
  spans.clear();
  std::array<uint32_t, kLanguages> language_counts{};
  ReadWindows(text, [&](Window& window) {
    const WindowKind kind = KindOf(window, language_counts);
    if (!IsCandidate(window) || IsJsonKey(text, window) || IsDone(text, window)) return;
    Complete(window);
    Decide(text, window, kind, wanted, spans);
  });
}

}  // namespace flywheel::redaction
