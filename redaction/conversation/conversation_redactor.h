// Conversation redactor: redacts all texts of one interaction together, as one conversation.
#ifndef FLYWHEEL_REDACTION_CONVERSATION_CONVERSATION_REDACTOR_H_
#define FLYWHEEL_REDACTION_CONVERSATION_CONVERSATION_REDACTOR_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "redaction/conversation/explanation.h"
#include "redaction/conversation/foreign_findings.h"
#include "redaction/conversation/json_text.h"
#include "redaction/conversation/keyed_values.h"
#include "redaction/conversation/known_values.h"
#include "redaction/conversation/personal_span.h"
#include "redaction/conversation/questions.h"
#include "redaction/conversation/speaker.h"
#include "redaction/pii_detector.h"

namespace flywheel::redaction {

// What a Redactor (redactor.h) finds in a text by itself, and what only the conversation says:
//
//   - what the agent asked for: "What is your date of birth?" makes a date of the "3 April 1987" of
//     the next turn, also in one text with "Agent: " and "User: " before its lines;
//   - what a key says: {"zip": "92125"}, {"passengers": [{"first_name": "Ann"}]}, an attribute
//     "customer_name" (keyed_values.h);
//   - what is known: a value that is personal anywhere is replaced everywhere, before it, too, and
//     a first or last name by itself has the placeholder of the full name (known_values.h).
//
// Add all texts in the order of the conversation, then Finish() once. Texts that start like JSON
// and are JSON stay JSON. Linear; a text without personal data is neither copied nor changed, and
// twice is once. Remembers values in memory, until it ends. Not thread-safe; the detector and the
// texts outlive it.
//
//   ConversationRedactor redactor(detector);
//   redactor.Know(DataType::kUserId, "ann_lee_42");
//   for (Turn& turn : turns) redactor.Add(turn.is_agent ? Speaker::kAgent : Speaker::kUser,
//                                         &turn.text);
//   redactor.Add(Speaker::kOther, &call.arguments_json);
//   ASSIGN_OR_RETURN(const bool changed, redactor.Finish());
class ConversationRedactor {
 public:
  // With `found`, what it holds is replaced as well, and a text that it does not hold is refused.
  // It outlives this object.
  explicit ConversationRedactor(const PiiDetector& detector, const ForeignFindings* found = nullptr)
      : detector_(detector), found_(found) {}

  // A text, or JSON.
  void Add(Speaker speaker, std::string* text);
  // Texts with names, as attributes are: each name is the key of its text, and all of them are one
  // object.
  void AddNamed(const std::vector<std::pair<std::string_view, std::string*>>& texts);
  // A value that is personal though no text says so, such as the user's id in clear. Nothing where
  // it could be any other thing, too ("42", "admin").
  void Know(DataType type, std::string_view value);

  // Replaces in all texts; true where that changed anything. INVALID_ARGUMENT where replacing does
  // not come to an end (texts made for that), RECOGNISER_UNAVAILABLE where a text is not among what
  // was looked at: no text may be stored then.
  absl::StatusOr<bool> Finish();

  // Before Finish(): keep what is replaced and why, which holds nothing that the texts do not.
  void Explain() { explains_ = true; }
  // What was replaced in the text that was added as the `text`th that is not empty, in its order.
  // Where a span only showed after others were replaced, it is where its bytes stand first outside
  // of them.
  const std::vector<Explanation>& explanations(size_t text) const {
    return texts_[text].explanations;
  }

  // How many values were replaced, by DataType.
  const std::array<int64_t, kDataTypes>& counts() const { return counts_; }

 private:
  struct Text {
    Speaker speaker = Speaker::kOther;
    std::string* text = nullptr;
    std::optional<KeyedObject> object;  // Of its attributes.
    KeyKind key = KeyKind::kNone;
    bool is_new = true;            // Not looked at since it changed.
    bool is_unseen = true;         // Not looked at at all.
    std::optional<JsonText> json;  // While its spans are of the JSON's plain text.
    std::vector<PersonalSpan> spans;
    // As it came, and what was replaced in it; where somebody asked.
    std::string original;
    bool is_original = true;
    std::vector<Explanation> explanations;
  };

  // Finds what one text says by itself.
  void Look(Text& text);
  // Finds what users answer.
  void LookForAnswers();
  // Replaces the spans, and what is known, in one text; true where it changed.
  bool Replace(Text& text);
  std::string Placeholder(const PersonalSpan& span, std::string_view value);
  // Notes why [begin, end) of the text as it is now, which means `value`, is replaced.
  void Note(Text& text, const PersonalSpan& span, std::string_view value, size_t begin, size_t end,
            const std::string& placeholder) const;
  Spread SpreadOf(const Finding& finding, std::string_view value) const;

  const PiiDetector& detector_;
  const ForeignFindings* const found_;
  bool missed_ = false;  // A text is not in found_.
  bool explains_ = false;
  std::vector<Text> texts_;
  KnownValues known_;
  std::array<int64_t, kDataTypes> counts_{};
  std::vector<Finding> findings_;
  std::vector<std::string> full_names_;
};

}  // namespace flywheel::redaction

#endif  // FLYWHEEL_REDACTION_CONVERSATION_CONVERSATION_REDACTOR_H_
