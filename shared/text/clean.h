// Text cleaning: removes control characters and normalises to NFC.
#ifndef FLYWHEEL_SHARED_TEXT_CLEAN_H_
#define FLYWHEEL_SHARED_TEXT_CLEAN_H_

#include <string>

namespace flywheel {

// Cleaning takes out of a text what nobody wrote, and spells the rest in one way:
//
// - Control characters (Unicode category Cc) leave, but tab, newline and carriage return; a
//   vertical tab, a form feed and NEXT LINE (U+0085) become a newline, because they part words.
// - What is left is in the normal form NFC: "e" and a combining accent become "é", so that equal
//   texts are equal bytes.
//
// Twice is once, and valid UTF-8 stays valid. Printable ASCII and the usual letters of most scripts
// are known at a glance; such a text is neither copied nor allocated for.

// True where cleaning changed `text`, which is UTF-8.
bool CleanText(std::string& text);

// The same for the strings of a JSON text (RFC 8259), keys among them, which stays JSON: what an
// escape such as "\u0007" means is cleaned as well. All else keeps its bytes. What is no JSON is
// cleaned as a text.
bool CleanJson(std::string& json);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_CLEAN_H_
