// Unicode normalisation in a time that grows with the text, whatever stands in it.
#ifndef FLYWHEEL_SHARED_TEXT_UNICODE_FORM_H_
#define FLYWHEEL_SHARED_TEXT_UNICODE_FORM_H_

#include <optional>
#include <string>
#include <string_view>

namespace flywheel {

// What utf8proc_map makes of `text`, to the byte; `options` are of utf8proc_option_t, and have
// UTF8PROC_STABLE and UTF8PROC_COMPOSE. Nothing where it is no UTF-8.
//
// The library puts a run of combining marks in order in the square of its length: a core for a
// minute for 256 KiB of them, which everybody may send. Looking for such a run beforehand does not
// help, because characters that are no marks become some, and what stands between marks is left
// out. So the marks are put in order here; all else is the library's.
std::optional<std::string> UnicodeForm(std::string_view text, int options);

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_TEXT_UNICODE_FORM_H_
