// Scans: recognisers that are code and no pattern, because what they find has no word before it.
// Each goes over the whole text once, in linear time, and tells of [begin, end) whatever it finds,
// from left to right.
#ifndef FLYWHEEL_REDACTION_SCANS_H_
#define FLYWHEEL_REDACTION_SCANS_H_

#include <cstddef>
#include <string_view>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// "Ann Lee", "Carlos García López", "Jan van der Berg": a given name of the lists, then a word with
// a capital. No headline, place, firm or month.
void ScanFullNames(std::string_view text, Found found);

// Names in Chinese, Japanese, Korean, Cyrillic, Arabic, Hebrew, Greek and Devanagari behind words
// that announce them.
void ScanNamesInOtherScripts(std::string_view text, Found found);

// Addresses in Chinese and Japanese.
void ScanAddressesInOtherScripts(std::string_view text, Found found);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_SCANS_H_
