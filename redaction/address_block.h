// Address block: the lines of an address around a part of it that is known.
#ifndef FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_
#define FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_

#include <cstddef>
#include <string_view>

namespace flywheel::redaction {

struct TextSpan {
  size_t begin = 0;
  size_t end = 0;
};

// `known` with the house number, unit, "c/o" and street before it, and the unit, town, region,
// postcode and country behind it, over commas and lines. Begins at `first` at the earliest. Looks
// at some hundred bytes to either side, so it is constant in the text.
//
//   "at 5521 Elm Grove Lane\n Suite 787\nLake Joyceview, TX 75534\nUnited States, thanks"
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
TextSpan AddressBlock(std::string_view text, TextSpan known, size_t first);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_
