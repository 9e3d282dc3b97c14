// Escapes for characters that act on whoever shows a text: terminals, tables, log lines.
#ifndef FLYWHEEL_SHARED_TEXT_PRINTABLE_H_
#define FLYWHEEL_SHARED_TEXT_PRINTABLE_H_

#include <string>
#include <string_view>

namespace flywheel {

// `text` for somebody's eyes, on one line: control characters (C0, DEL and C1, which begin the
// sequences that terminals obey), marks of direction (bidi), the separators of lines and paragraphs
// and bytes that are no UTF-8 are shown as "\n", "\t", "\x1b" or "\u202e". Everything else stays,
// the backslash too.
std::string Printable(std::string_view text);

// Whether `text`, which is UTF-8, has a character that no name needs: a control character
// (Unicode's Cc), one that formats and shows nothing (Cf, marks of direction among them), or a
// separator of lines or paragraphs (Zl, Zp).
bool HasControls(std::string_view text);

// `text` with "_" in the place of each of those.
std::string WithoutControls(std::string_view text);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_PRINTABLE_H_
