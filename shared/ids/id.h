// Validation of the ids that clients choose: their alphabet and length.
#ifndef FLYWHEEL_SHARED_IDS_ID_H_
#define FLYWHEEL_SHARED_IDS_ID_H_

#include <string_view>

namespace flywheel {

// What an error says that it wants.
inline constexpr std::string_view kIdFormat = "1 to 128 characters of A-Z a-z 0-9 . _ : -";

// Whether `id` has that format.
constexpr bool IsValidId(std::string_view id) {
  if (id.empty() || id.size() > 128) return false;
  for (const char c : id) {
    const bool letter_or_digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (!letter_or_digit && c != '.' && c != '_' && c != ':' && c != '-') return false;
  }
  return true;
}

}  // namespace flywheel

#endif  // FLYWHEEL_SHARED_IDS_ID_H_
