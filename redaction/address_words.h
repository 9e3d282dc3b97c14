// Words of addresses: what they are called, in lower case.
#ifndef FLYWHEEL_REDACTION_ADDRESS_WORDS_H_
#define FLYWHEEL_REDACTION_ADDRESS_WORDS_H_

#include <string_view>

namespace flywheel::redaction {

// Each is thread-safe, and asks for `word` in lower case.
bool IsUnitWord(std::string_view word);      // "apt", "suite", "piso"
bool IsRegionName(std::string_view name);    // "new york", "new south wales"
bool IsStateCode(std::string_view code);     // "TX", in capitals
bool IsCountryName(std::string_view name);   // "united states of america"
bool IsTownParticle(std::string_view word);  // "am", "de la"
bool IsNoTownWord(std::string_view word);    // What begins a sentence or a field: "thanks", "phone"
bool IsNumberedWord(std::string_view word);  // What numbers stand behind: "order", "section"
bool IsStreetWord(std::string_view word);    // What begins a street in small letters: "via", "ul"

bool IsStreetSuffix(std::string_view word);   // What ends a street in English: "knolls", "trace"
bool HasStreetEnding(std::string_view word);  // "mosestræde", "fabiënnesteeg"

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_ADDRESS_WORDS_H_
