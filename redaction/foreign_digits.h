// Digits of other scripts (Arabic-Indic, Persian, Devanagari, full width) as those of ASCII.
#ifndef FLYWHEEL_REDACTION_FOREIGN_DIGITS_H_
#define FLYWHEEL_REDACTION_FOREIGN_DIGITS_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flywheel::redaction {

// Is there a digit in `text`, or an '@' of full width, that is none of ASCII? Linear, and fast
// where all is ASCII.
bool HasForeignDigits(std::string_view text);

// A copy of a text in which these, and letters and marks of full width, are ASCII, so that tables
// and checks need to know one script alone. It is shorter than the original. Immutable.
//
//   AsciiDigits("هاتف ٠٥٠١٢٣٤٥٦٧").text()   // "هاتف 0501234567"
class AsciiDigits {
 public:
  AsciiDigits() = default;
  explicit AsciiDigits(std::string_view original);

  const std::string& text() const { return text_; }

  // Where in the original the byte at `place` of text() stands; its size for the end.
  size_t PlaceInOriginal(size_t place) const;

 private:
  std::string text_;
  // Behind each byte that replaces more of them: where it ends in text(), and where in the
  // original. Ascending.
  std::vector<std::pair<size_t, size_t>> ends_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_FOREIGN_DIGITS_H_
