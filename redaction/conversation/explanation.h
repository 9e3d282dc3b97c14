// Explanation: what was replaced where, by what, and why; for people who ask, never for a store.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_EXPLANATION_H_
#define FLYWHEEL_REDACTION_CONVERSATION_EXPLANATION_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "redaction/recogniser.h"

namespace flywheel::redaction {

// Why a span was replaced where no row of the table says so.
inline constexpr std::string_view kBecauseOfKey = "key";          // {"zip": "92125"}
inline constexpr std::string_view kBecauseOfQuestion = "answer";  // It was asked for.
inline constexpr std::string_view kBecauseKnown = "known";        // It is personal elsewhere.
inline constexpr std::string_view kBecauseOfRecogniser = "own";   // The operator's found it.

// Bytes [begin, end) of a text, as it was given, and what stands in their place.
struct Explanation {
  size_t begin = 0;
  size_t end = 0;
  DataType type = DataType::kCustom;
  // The recogniser's name, such as "email", or one of the words above.
  std::string why;
  // "[EMAIL_1]".
  std::string placeholder;
};

// Where `value`, which only showed after other things were replaced, stands in `text` outside of
// `known`: its begin, or npos.
size_t PlaceOutside(std::string_view text, std::string_view value,
                    const std::vector<Explanation>& known);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_EXPLANATION_H_
