// Normalising and cleaning UTF-8 twice is doing it once, and no text is a page token but one that
// we made.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "shared/rpc/field_checks.h"
#include "shared/text/characters.h"
#include "shared/text/clean.h"
#include "shared/text/normalise.h"

namespace {

bool IsUtf8(const std::string& text) {
  for (size_t i = 0; i < text.size();) {
    const flywheel::Character character = flywheel::CharacterAt(text, i);
    if (character.code < 0) return false;
    i += character.size_bytes;
  }
  return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::string normal = flywheel::NormaliseText(text);
  if (flywheel::NormaliseText(normal) != normal) std::abort();
  // A letter of two bytes may have a small form of three.
  if (2 * normal.size() > 3 * text.size()) std::abort();
  std::string clean = text;
  flywheel::CleanText(clean);
  // The halves of a character between which a control stood become one.
  const bool promised = IsUtf8(text);
  if (flywheel::CleanText(clean) && promised) std::abort();
  flywheel::CleanJson(clean);
  if (flywheel::CleanJson(clean) && promised) std::abort();
  const auto token = flywheel::rpc::ParsePageToken("list", text);
  if (token.ok() && *token < 0) std::abort();
  return 0;
}
