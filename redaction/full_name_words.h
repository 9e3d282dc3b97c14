// Words around names that nothing announces, in lower case.
#ifndef FLYWHEEL_REDACTION_FULL_NAME_WORDS_H_
#define FLYWHEEL_REDACTION_FULL_NAME_WORDS_H_

#include <string_view>

namespace flywheel::redaction {

// Each is thread-safe, and asks for `word` in lower case.

// Is `word`, before a name, an institution, a street or a ship that is called by it: "lycée"?
bool IsInstitution(std::string_view word);

// Is `word`, behind a name, a thing that is called by it: "jeans", "theorem", "disease"?
bool IsProduct(std::string_view word);

// Does `rest`, what stands behind a name, make a firm of it: " & Sons", " GmbH"?
bool IsFirmBehind(std::string_view rest);

// Is a brand, a hero of a book or a dish called so, or by its first two words?
bool CalledLikePerson(std::string_view name);

// What stands behind a given name and makes a place, a firm, a product or a sentence of the two.
bool MakesNoName(std::string_view word);
// What stands before a given name and makes a place, a ship or a product of it.
bool IsNoNameBefore(std::string_view word);
bool IsPersonBehind(std::string_view word);
// What stands before, or behind, a given name that is alone: people are called, told and talked to.
bool IsPersonBefore(std::string_view word);
// Firms and their goods that are called like a person. By both words.
bool IsBrand(std::string_view word);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_FULL_NAME_WORDS_H_
