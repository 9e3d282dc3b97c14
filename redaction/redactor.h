// Redactor: replaces personal data in texts and JSON by placeholders, stable in one interaction.
#ifndef FLYWHEEL_REDACTION_REDACTOR_H_
#define FLYWHEEL_REDACTION_REDACTOR_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "redaction/conversation/foreign_findings.h"
#include "redaction/conversation/json_text.h"
#include "redaction/conversation/personal_span.h"
#include "redaction/pii_detector.h"
#include "redaction/text_edit.h"

namespace flywheel::redaction {

// A replacement can put two things side by side that are personal data only together, so that
// rounds follow until nothing is found. Two are the rule.
inline constexpr int kMaxRounds = 16;

// The number of the placeholder of a value, at least 1: the same for the same label and value.
using PlaceholderNumber =
    std::function<int64_t(std::string_view label, std::string_view normalised_value)>;

// What Redact answers where replacing does not come to an end.
absl::Status RefusesToSettle();
// The detail of what it answers where a text is not among what others looked at.
inline constexpr char kMissed[] = "its answer about a text cannot be used";

// Redacts texts one by one, in the order in which they come, as pieces of something that nobody has
// as a whole yet. A whole conversation goes through a ConversationRedactor, which also knows what
// was asked, and what other texts say (conversation/conversation_redactor.h). The same value
// becomes the same placeholder, another value another one: "write to a@example.com, not
// b@example.com" becomes "write to [EMAIL_1], not [EMAIL_2]". It remembers the values that it
// replaced until it ends, and only in memory. Not thread-safe; the detector must outlive it.
//
//   Redactor redactor(detector);
//   ASSIGN_OR_RETURN(const bool text_changed, redactor.Redact(text));
//   ASSIGN_OR_RETURN(const bool changed, redactor.RedactJson(json));
class Redactor {
 public:
  // With `number`, it says the numbers, which are counted otherwise: for texts that come in pieces,
  // between which nobody may remember the values.
  // With `found`, what it holds of Speaker::kOther is replaced as well, and RECOGNISER_UNAVAILABLE
  // said of a text that it does not hold. It outlives this object.
  explicit Redactor(const PiiDetector& detector, PlaceholderNumber number = nullptr,
                    const ForeignFindings* found = nullptr)
      : detector_(detector), number_(std::move(number)), found_(found) {}

  // Replaces what is found in `text`; true where that changed anything. What was redacted before
  // stays as it is, so twice is once; valid UTF-8 stays valid. A text without personal data is
  // neither copied nor allocated for. INVALID_ARGUMENT where replacing does not come to an end (a
  // text made for that): `text` is then as it was, and must not be stored.
  absl::StatusOr<bool> Redact(std::string& text);

  // The same for JSON (RFC 8259), which stays JSON: replaces in strings, keys among them, and makes
  // a number that is personal data (a card, a phone) a string. All else keeps its bytes. Keys give
  // context, {"passport": "X1234567"}, and decide: {"zip": "92125"}. What is no JSON is redacted
  // as a text.
  absl::StatusOr<bool> RedactJson(std::string& json);

  // How many values were replaced so far, by DataType.
  const std::array<int64_t, kDataTypes>& counts() const { return counts_; }
  int64_t count(DataType type) const { return counts_[static_cast<size_t>(type)]; }

 private:
  // The placeholder of a value, the same as before where it was there before; counts it.
  std::string Placeholder(DataType type, std::string_view label, std::string_view value);
  // What replaces these spans of `text`.
  std::vector<TextEdit> Edits(std::string_view text, const std::vector<PersonalSpan>& spans);
  // findings_ as spans.
  std::vector<PersonalSpan> FoundSpans() const;
  // Raises the numbers of placeholders beyond those that a text brought with it.
  void SkipKnownNumbers(std::string_view text);
  // One round over JSON, with what others found in its first; true where it changed.
  bool RedactJsonOnce(std::string& json, const JsonText& meaning,
                      const std::vector<PersonalSpan>& foreign);

  const PiiDetector& detector_;
  const PlaceholderNumber number_;
  const ForeignFindings* const found_;
  std::array<int64_t, kDataTypes> counts_{};
  absl::flat_hash_map<std::string, std::string> placeholders_;  // By label and normalised value.
  absl::flat_hash_map<std::string, int64_t> last_numbers_;      // By label.
  std::vector<Finding> findings_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_REDACTOR_H_
