#include "shared/text/clean.h"

#include <utf8proc.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

#include "shared/text/characters.h"
#include "shared/text/json_strings.h"
#include "shared/text/unicode_form.h"

namespace flywheel {
namespace {

// What a text has that may have to change.
struct Blemishes {
  bool controls = false;
  // Characters that NFC may change, join to others or put in another order.
  bool unstable = false;

  bool any() const { return controls || unstable; }
};

// [begin, end) of code points that are in NFC in any surroundings, whatever stands before them: the
// usual letters of Latin, Greek, Cyrillic, Hebrew, Arabic, Thai, Vietnamese, Chinese, Japanese and
// Korean, and symbols and emoji. Other characters are looked at by the library.
struct CodeRange {
  int32_t begin;
  int32_t end;
};
constexpr CodeRange kStable[] = {
    {0xA0, 0x300},      {0x388, 0x483},     {0x48A, 0x530},   {0x5D0, 0x5EB},   {0x620, 0x64B},
    {0xE01, 0xE38},     {0x1E00, 0x1F00},   {0x2002, 0x20D0}, {0x2190, 0x2329}, {0x3000, 0x302A},
    {0x3041, 0x3099},   {0x309B, 0xA000},   {0xAC00, 0xD7A4}, {0xFE00, 0xFE20}, {0xFF00, 0xFFFE},
    {0x1F300, 0x1FB00}, {0x20000, 0x2F800},
};

bool IsStable(int32_t code) {
  const auto* const range =
      std::upper_bound(std::begin(kStable), std::end(kStable), code,
                       [](int32_t value, const CodeRange& after) { return value < after.begin; });
  return range != std::begin(kStable) && code < std::prev(range)->end;
}

bool IsPlain(char c) { return (c >= 0x20 && c < 0x7F) || c == '\n' || c == '\t' || c == '\r'; }

bool IsControl(int32_t code) {
  return (code >= 0 && code < 0x20 && code != '\n' && code != '\t' && code != '\r') ||
         (code >= 0x7F && code < 0xA0);
}

// The first byte from `place` on that is not plain: printable ASCII, tab, newline, carriage return.
size_t SkipPlain(std::string_view text, size_t place) {
#ifdef __SSE2__
  // Sixteen bytes at a time; SSE2 is a part of every x86-64.
  for (; place + 16 <= text.size(); place += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + place));
    const auto equals = [chunk](char c) { return _mm_cmpeq_epi8(chunk, _mm_set1_epi8(c)); };
    // Signed: bytes of 0x80 and more are below as well.
    const __m128i low = _mm_cmplt_epi8(chunk, _mm_set1_epi8(0x20));
    const __m128i allowed = _mm_or_si128(equals('\n'), _mm_or_si128(equals('\t'), equals('\r')));
    const __m128i found = _mm_or_si128(_mm_andnot_si128(allowed, low), equals(0x7F));
    const auto mask = static_cast<unsigned>(_mm_movemask_epi8(found));
    if (mask != 0) return place + static_cast<size_t>(__builtin_ctz(mask));
  }
#endif
  while (place < text.size() && IsPlain(text[place])) ++place;
  return place;
}

Blemishes Inspect(std::string_view text) {
  Blemishes found;
  size_t place = SkipPlain(text, 0);
  while (place < text.size()) {
    const Character character = CharacterAt(text, place);
    if (IsControl(character.code)) {
      found.controls = true;
    } else if (!IsStable(character.code)) {
      found.unstable = true;
    }
    place += character.size_bytes;
    // In other scripts few bytes are plain, and looking for a run of them costs more than it saves.
    if (place < text.size() && IsPlain(text[place])) place = SkipPlain(text, place);
  }
  return found;
}

std::string WithoutControls(std::string_view text) {
  std::string kept;
  kept.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const Character character = CharacterAt(text, i);
    if (!IsControl(character.code)) {
      kept.append(text, i, character.size_bytes);
    } else if (character.code == '\v' || character.code == '\f' || character.code == 0x85) {
      kept += '\n';
    }
    i += character.size_bytes;
  }
  return kept;
}

// True where NFC is another text.
bool Compose(std::string& text) {
  std::optional<std::string> composed = UnicodeForm(text, UTF8PROC_STABLE | UTF8PROC_COMPOSE);
  if (!composed || *composed == text) return false;
  text = *std::move(composed);
  return true;
}

// Whether a JSON text has an escape that may stand for what has to change: \u, \b or \f.
bool HasSpecialEscape(std::string_view json) {
  for (size_t place = json.find('\\'); place != std::string_view::npos && place + 1 < json.size();
       place = json.find('\\', place + 2)) {
    if (json[place + 1] == 'u' || json[place + 1] == 'b' || json[place + 1] == 'f') return true;
  }
  return false;
}

}  // namespace

bool CleanText(std::string& text) {
  const Blemishes found = Inspect(text);
  if (found.controls) text = WithoutControls(text);
  const bool composed = found.unstable && Compose(text);
  return found.controls || composed;
}

bool CleanJson(std::string& json) {
  if (!Inspect(json).any() && !HasSpecialEscape(json)) return false;
  const auto tokens = JsonTokens(json);
  if (!tokens) return CleanText(json);
  std::string cleaned;
  size_t done = 0;
  for (const JsonToken& token : *tokens) {
    if (!token.is_string) continue;
    const std::string_view raw =
        std::string_view(json).substr(token.begin, token.end - token.begin);
    std::string text = UnescapeJson(raw);
    if (!CleanText(text)) continue;
    cleaned.append(json, done, token.begin - done);
    cleaned += EscapeJson(text);
    done = token.end;
  }
  if (done == 0) return false;
  cleaned.append(json, done);
  json = std::move(cleaned);
  return true;
}

}  // namespace flywheel
