// Lists of given names and surnames, for words that are written like names.
#ifndef FLYWHEEL_REDACTION_NAME_LISTS_H_
#define FLYWHEEL_REDACTION_NAME_LISTS_H_

#include <string_view>

namespace flywheel::redaction {

// What the lists know of a word.
struct NameWord {
  bool given = false;     // A given name, and hardly anything else.
  bool doubtful = false;  // A given name that is a place, a month or another word too: "Paris".
  bool surname = false;   // A common surname, or one with an ending that only surnames have.

  bool known() const { return given || doubtful || surname; }
};

// `word` in any case, in letters of Latin; "Anna-Maria" is looked up by its first part.
// Thread-safe.
NameWord LookUpName(std::string_view word);

// The lists: in lower case, a space behind each name. Each in a file of its own.
extern const std::string_view kGivenNamesAToK;
extern const std::string_view kGivenNamesLToZ;
extern const std::string_view kDoubtfulGivenNames;
extern const std::string_view kSurnames;

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_NAME_LISTS_H_
