// What redaction makes of the texts of a conversation, and which bytes it replaced.
#ifndef FLYWHEEL_TESTS_REDACTION_QUALITY_REDACTED_H_
#define FLYWHEEL_TESTS_REDACTION_QUALITY_REDACTED_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/pii_detector.h"
#include "tests/redaction/quality/labelled_set.h"

namespace flywheel::redaction {

// The texts of these turns as ingest stores them. The one place that knows how a conversation is
// redacted: a document is a conversation of one turn.
absl::StatusOr<std::vector<std::string>> RedactedTurns(const PiiDetector& detector,
                                                       const std::vector<LabelledTurn>& turns);

// Where placeholders stand in `redacted` for bytes of `original`, in ascending order. Between two
// placeholders the text that stands there says where the first value ends: its next place that is
// not in the middle of a word. Nothing where the one is not made of the other.
std::optional<std::vector<TypedSpan>> ReplacedSpans(std::string_view original,
                                                    std::string_view redacted);

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_TESTS_REDACTION_QUALITY_REDACTED_H_
