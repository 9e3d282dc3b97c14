// Address block: the lines of an address around a part of it that is known, or around a postcode.
#ifndef FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_
#define FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_

#include <cstddef>
#include <string_view>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// `known` with the house number, unit, "c/o" and street before it, and the unit, town, region,
// postcode and country behind it, over commas and lines. Begins at `first` at the earliest. Looks
// at 160 bytes to either side, so it is constant in the text.
//
//   "at 5521 Elm Grove Lane\n Suite 787\nLake Joyceview, TX 75534\nUnited States, thanks"
//       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
ValueSpan AddressBlock(std::string_view text, ValueSpan known, size_t first);

// The address whose postcode begins at `place`: a street that no word says to be one counts where a
// town and the postcode are with it. A Finder.
//
//   "6450 Elm Knolls, Lake Joyceview, TX 75534"
//                                        ^ here
ValueSpan FindAddressAtPostcode(std::string_view text, size_t place);

// The street whose house number begins at `place`: "7555 Hannah Trace", "aleja Rajska 28/67",
// "Fabiënnesteeg 39". A Finder.
ValueSpan FindStreetAtNumber(std::string_view text, size_t place);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_BLOCK_H_
