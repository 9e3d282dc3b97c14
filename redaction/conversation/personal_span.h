// Span of a text that is personal data, and how far what it says is known in other texts.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_PERSONAL_SPAN_H_
#define FLYWHEEL_REDACTION_CONVERSATION_PERSONAL_SPAN_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// Where else a value is replaced, once it is known.
enum class Spread {
  kNone,   // Here only: a town, a date without a year.
  kWhole,  // Wherever all of it stands.
  kParts,  // A name: its first and its last word, too.
};

// Has the type a form that says what it is wherever it stands? What is the same is found there,
// too.
bool SpreadsByItself(DataType type);

// Bytes [begin, end) of a text. `label` is the placeholder's and lives as long as the detector.
struct PersonalSpan {
  size_t begin = 0;
  size_t end = 0;
  DataType type = DataType::kName;
  std::string_view label;
  Spread spread = Spread::kNone;
  // A number of JSON: what replaces it needs quotes.
  bool is_bare = false;
  // For people who ask (explanation.h): the recogniser's name. Lives as long as the detector.
  std::string_view why = {};
};

// Sorts, and makes spans that overlap one: the one that holds the other names both, and else the
// earlier. Of two of the same bytes the one that was added first names it.
void MergeSpans(std::vector<PersonalSpan>& spans);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_PERSONAL_SPAN_H_
