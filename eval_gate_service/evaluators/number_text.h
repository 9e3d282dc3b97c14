// Numbers in running text: with thousands separators, currency marks, per cent and units.
#ifndef FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMBER_TEXT_H_
#define FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMBER_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flywheel::evalgate::evaluators {

enum class DecimalMark { kPoint, kComma };

struct TextNumber {
  double value = 0;
  // A per cent sign stands behind it.
  bool percent = false;
  // The bytes of its digits in the text that was read, marks around them left out.
  size_t begin = 0;
  size_t end = 0;
};

// The text that ReadNumbers reads: full-width forms as ASCII, Unicode's minus as '-', spaces that
// do not break as one mark.
std::string ForNumbers(std::string_view text);

// The numbers of `text`, which ForNumbers made, in their order. A number is digits, with groups of
// three behind the first by one separator (a comma, where that is not the decimal mark, else a
// point; an apostrophe, an underscore, or a space that does not break), perhaps a fraction and an
// exponent. A sign is one only where no letter, digit or bracket stands before it, so "3-5" is 3
// and 5; currency marks may stand between it and the digits. Digits behind a letter are part of a
// name ("CO2", "m2"). Fractions ("3/4") are two numbers; words ("two", "3 million", "5k") are not
// read.
std::vector<TextNumber> ReadNumbers(std::string_view text, DecimalMark mark);

}  // namespace flywheel::evalgate::evaluators

#endif  // FLYWHEEL_EVAL_GATE_SERVICE_EVALUATORS_NUMBER_TEXT_H_
