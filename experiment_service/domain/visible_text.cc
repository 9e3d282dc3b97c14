#include "experiment_service/domain/visible_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace flywheel::experiment {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

// Unicode 15: White_Space, the categories Cc and Cf where they have no glyph, and the letters and
// symbols that are blank.
constexpr Range kInvisible[] = {
    {0x0000, 0x0020}, {0x007F, 0x00A0}, {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},
    {0x115F, 0x1160}, {0x1680, 0x1680}, {0x17B4, 0x17B5}, {0x180B, 0x180F},   {0x2000, 0x200F},
    {0x2028, 0x202F}, {0x205F, 0x206F}, {0x2800, 0x2800}, {0x3000, 0x3000},   {0x3164, 0x3164},
    {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}, {0xFFA0, 0xFFA0}, {0xE0000, 0xE0FFF},
};

bool IsInvisible(uint32_t code_point) {
  return std::any_of(std::begin(kInvisible), std::end(kInvisible), [&](const Range& range) {
    return range.first <= code_point && code_point <= range.last;
  });
}

// How many bytes the character that begins with `lead` has; 0 where none begins so.
size_t LengthAfter(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xF0) return 4;
  if (lead >= 0xE0) return 3;
  return lead >= 0xC0 ? 2 : 0;
}

}  // namespace

bool HasVisibleText(std::string_view text) {
  constexpr uint32_t kLeadMasks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const size_t length = LengthAfter(lead);
    if (length == 0 || length > text.size() - i) return true;
    uint32_t code_point = lead & kLeadMasks[length];
    for (size_t k = 1; k < length; ++k) {
      code_point = code_point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
    }
    if (!IsInvisible(code_point)) return true;
    i += length;
  }
  return false;
}

}  // namespace flywheel::experiment
